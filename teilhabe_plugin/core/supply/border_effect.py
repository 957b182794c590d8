"""Where the plain places-per-100 figure of an area and the one that looks over its borders tell different things."""

from __future__ import annotations

import numpy as np

from ..messages import Message, mark

SAME, BETTER, WORSE = 0, 1, -1
#: the two figures must also lie apart by this share of the level they are judged by
LEAST_GAP = 0.2

_WORDS = {
    BETTER: mark("inside too few places, but enough in reach over the border"),
    WORSE: mark("inside enough places, but people from outside ask for them, too"),
}


def border_effect(plain: np.ndarray, floating: np.ndarray, level: float, least_gap: float = LEAST_GAP) -> np.ndarray:
    """Return where the two figures fall on different sides of a level.

    Parameters
    ----------
    plain, floating : ndarray, shape (a,)
        Places per 100 people inside the area, and by a floating catchment; NaN: not known.
    level : float
        What counts as enough: the quota, or the figure of all areas together.
    least_gap : float
        Differences below this share of the level are no matter.

    Returns
    -------
    ndarray of int8, shape (a,)
        `BETTER`: too little inside, enough with what lies around; `WORSE`: the other way round; `SAME`.
    """
    plain, floating = np.asarray(plain, float), np.asarray(floating, float)
    apart = np.abs(floating - plain) >= least_gap * level
    effect = np.where(apart & (plain < level) & (floating >= level), BETTER, SAME)
    return np.where(apart & (plain >= level) & (floating < level), WORSE, effect).astype(np.int8)


def in_words(effect: int) -> Message | None:
    """Return what an effect means, None for `SAME`."""
    return Message(_WORDS[int(effect)]) if int(effect) in _WORDS else None
