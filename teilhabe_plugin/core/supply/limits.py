"""Up to which ways an offer counts as within reach, as people write it: “500; 700; 1000”."""

from __future__ import annotations

import math
import re

from ..messages import TeilhabeError, mark

#: 1.000 or 500,700: a thousand, or one; two limits, or one
_TWO_READINGS = re.compile(r"[1-9]\d{0,2}(?:[.,]\d{3})+")


def read_limits(text: str) -> tuple[float, ...]:
    """Return the limits of a text in ascending order.

    Raises
    ------
    TeilhabeError
        For a text that is no list of numbers above 0, or can be read in two ways.
    """
    found = []
    for part in filter(None, re.split(r"[;\s]+", text)):
        if _TWO_READINGS.fullmatch(part):
            raise TeilhabeError(mark("“{value}” can be read in two ways. Write limits without a sign between the "
                                     "thousands, and separate several of them by semicolons: 500; 700; 1000."),
                                value=part)
        try:
            found.append(float(part.replace(",", ".")))
        except ValueError:
            found.append(math.nan)
        if not 0 < found[-1] < math.inf:
            raise TeilhabeError(mark("“{value}” is not a distance above 0. Separate several limits by semicolons."),
                                value=part)
    if not found:
        raise TeilhabeError(mark("Enter up to which distance an offer counts as within reach."))
    return tuple(sorted(set(found)))
