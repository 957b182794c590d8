"""What indicators are made from which columns, and how small counts are protected; as JSON where it is more than one.

::

    {"format": "teilhabe-counts/1",
     "indicators": [{"id": "uebergewicht", "title": "Übergewichtsquote", "unit": "%", "kind": "share", "factor": 100,
                     "numerator": "uebergewichtig_{year}", "denominator": "untersucht_{year}", "pool_years": 3}],
     "protection": {"threshold": 5, "zeros": false, "complement": false,
                    "rounding": "none", "base": 3, "seed": ""}}
"""
from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields

from .counts import CHANGES, INTERVALS, KINDS, POOLING, SHRINKAGE, CountRule
from .json_reading import Place, parse
from .messages import TeilhabeError, mark
from .rounding import METHODS

FORMAT = "teilhabe-counts/1"
#: what a count stands for when its kind has no factor of its own
FACTORS = {"share": 100, "rate": 1000, "mean": 1, "ratio": 1}
_YEAR = "{year}"


@dataclass(frozen=True)
class CountIndicator:
    """An indicator and the columns with its counts; ``{year}`` in a column stands for each year."""

    id: str
    numerator: str
    denominator: str
    rule: CountRule
    title: str = ""
    unit: str = ""
    numerator_2: str = ""
    denominator_2: str = ""

    def __post_init__(self):
        if not re.fullmatch(r"[^\W\d]\w*", self.id):
            raise TeilhabeError(mark("“{id}” cannot be part of a field name: use letters, digits and _ and begin with "
                                     "a letter."), id=self.id)
        if self.rule.kind == "ratio" and not (self.numerator_2 and self.denominator_2):
            raise TeilhabeError(mark("A ratio of two groups needs numerator and denominator of the second group."))

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it is made from: numerator, denominator, and those of the second group of a ratio."""
        second = (self.numerator_2, self.denominator_2) if self.rule.kind == "ratio" else ()
        return (self.numerator, self.denominator, *second)


@dataclass(frozen=True)
class Protection:
    """How small counts are protected.

    Attributes
    ----------
    threshold : float
        Counts below it are suppressed; 0 for none.
    zeros : bool
        Suppress zeros as well.
    complement : bool
        Shares: protect the others (denominator − numerator) as well where they are few.
    rounding : {"none", "nearest", "random", "controlled"}
    base : int
    seed : str
        Keep it as secret as the counts.
    """

    threshold: float = 0
    zeros: bool = False
    complement: bool = False
    rounding: str = "none"
    base: int = 3
    seed: str = ""


def read_spec(text: str, name: str) -> tuple[list[CountIndicator], Protection | None]:
    """Return the indicators and the protection (None where the text says nothing of it) of a JSON text."""
    place = parse(text, name).only("format", "indicators", "protection")
    place.choice("format", (FORMAT,))
    indicators = [_indicator(each) for each in place.items("indicators", 1)]
    names = [each.id for each in indicators]
    for each in names:
        if names.count(each) > 1:
            place.fail(mark("the id “{id}” stands twice."), id=each)
    return indicators, _protection(place.at("protection")) if place.has("protection") else None


_NUMBERS = ("minimum_denominator", "level", "few_cases", "few_people", "few_cv")
_WHOLE = ("pool_years", "minimum_years", "change_years")
_CHOICES = {"kind": KINDS, "pool": POOLING, "interval": INTERVALS, "shrink": SHRINKAGE, "change": CHANGES}


def _indicator(place: Place) -> CountIndicator:
    texts = ("id", "numerator", "denominator", "title", "unit", "numerator_2", "denominator_2")
    place.only(*texts, *(each.name for each in fields(CountRule)))
    settings = {name: place.choice(name, _CHOICES[name]) for name in _CHOICES if place.has(name)}
    settings |= {name: place.whole(name) for name in _WHOLE if place.has(name)}
    settings |= {name: place.number(name) for name in _NUMBERS if place.has(name)}
    settings["factor"] = place.number("factor", FACTORS[settings.get("kind", "share")])
    found = {name: place.text(name) for name in texts[:3]} | {name: place.text(name, "") for name in texts[3:]}
    try:
        return CountIndicator(rule=CountRule(**settings), **found)
    except TeilhabeError as error:
        return place.fail("{problem}", problem=error.message)


def _protection(place: Place) -> Protection:
    place.only(*(each.name for each in fields(Protection)))
    yes_no = {name: _truth(place, name) for name in ("zeros", "complement")}
    return Protection(threshold=place.number("threshold", 0), rounding=place.choice("rounding", METHODS, "none"),
                      base=place.whole("base", 3), seed=place.text("seed", ""), **yes_no)


def _truth(place: Place, name: str) -> bool:
    value = place.value.get(name, False)
    if not isinstance(value, bool):
        place.at(name).fail(mark("true or false is expected."))
    return value


def default_id(numerator: str, kind: str) -> str:
    """Return a field name for an indicator that has none: that of its numerator, and what it is."""
    ending = {"share": "anteil", "rate": "rate", "mean": "mittel", "ratio": "verhaeltnis"}[kind]
    base = re.sub(r"\W+", "_", numerator.replace(_YEAR, "")).strip("_")
    return f"{base if re.match(r'[^0-9]', base) else f'i{base}'}_{ending}".replace("__", "_")


def template(column: str, columns: Iterable[str]) -> str:
    """Return the column with ``{year}`` in place of its year where there are columns of other years; else itself."""
    for found in re.finditer(r"(?<!\d)(19|20)\d\d(?!\d)", column):
        wanted = column[:found.start()] + _YEAR + column[found.end():]
        if len(years_of(wanted, columns)) > 1:
            return wanted
    return column


def years_of(wanted: str, columns: Iterable[str]) -> list[int]:
    """Return the years for which a column of this template is there, ascending."""
    before, _, after = wanted.partition(_YEAR)
    pattern = re.compile(re.escape(before) + r"((?:19|20)\d\d)" + re.escape(after))
    return sorted(int(found[1]) for found in map(pattern.fullmatch, columns) if found)
