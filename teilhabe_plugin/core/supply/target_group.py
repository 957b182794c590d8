"""Which fields of a table of people are the target group of a type of offer: ages read from headings and texts."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..addresses.street_names import fold_place
from ..messages import Message, mark

NO_END = float("inf")
_OLDEST = 120
_TO = r"\s*(?:bis|to|until|-|–|—|_)\s*"
_UNDER = r"(?:unter|under|u|<)"
#: how a span of ages is written → whether its upper end is stated as the first age that is no longer in
_SPANS = (
    (re.compile(rf"(?<!\d)(?P<low>\d{{1,3}}){_TO}{_UNDER}\s*(?P<high>\d{{1,3}})(?!\d)"), True),
    (re.compile(rf"(?<!\d)(?P<low>\d{{1,3}}){_TO}(?P<high>\d{{1,3}})(?!\d)"), False),
    (re.compile(r"(?:\bab|über|ueber|over|from|>=?)\s*(?P<low>\d{1,3})(?!\d)"), True),
    (re.compile(r"(?<!\d)(?P<low>\d{1,3})\s*(?:jahre|years)?\s*(?:und|u\.|and|&)?\s*"
                r"(?:älter|aelter|mehr|older|more|over|plus|\+)"), True),
    (re.compile(rf"(?<![a-zäöü]){_UNDER}[\s_]*(?P<high>\d{{1,3}})(?!\d)"), True),
    (re.compile(r"(?:\bbis|until|<=)\s*(?P<high>\d{1,3})(?!\d)"), False),
)
#: an indicator’s code, with or without a year, is no span of ages: k1_3_2025
_CODE = re.compile(r"(?:[a-z]_)?[a-z]{1,3}\d+_\d+(?:_\d{4})?(?:_[a-zäöüß]+)?")
_ALL = ("insgesamt", "gesamt", "einwohner", "bevoelkerung", "total", "population", "ew", "people", "personen",
        "alleeinwohner", "einwohnerinsgesamt", "bevoelkerunginsgesamt", "einw")
#: words in a type of offer → ages it is for
_KINDS = (
    (("krippe", "kindertagespflege"), (0, 3)),
    (("kita", "kindertag", "kindergart", "kinderladen", "kinderhaus", "tageseinrichtung"), (0, 6)),
    (("grundschul", "primarschul", "hort", "hausaufgaben"), (6, 10)),
    (("schul",), (6, 18)),
    (("kinderarzt", "kinderaerzt", "paediat", "spielplatz"), (0, 15)),
    (("jugend",), (10, 18)),
    (("senior", "pflege", "alten", "altersheim"), (65, NO_END)),
)


@dataclass(frozen=True)
class Ages:
    """Ages from `low` up to, not including, `high`."""

    low: float
    high: float


def ages_in(text: str) -> Ages | None:
    """Return the span of ages that a text names, None where it names none.

    Examples
    --------
    >>> ages_in("3 bis 5"), ages_in("unter 3"), ages_in("65undmehr"), ages_in("Einwohner 2025")
    (Ages(low=3, high=6), Ages(low=0, high=3), Ages(low=65, high=inf), None)
    """
    folded = text.casefold()
    if _CODE.fullmatch(folded):
        return None
    for pattern, outside in _SPANS:
        found = pattern.search(folded)
        if found:
            given = found.groupdict()
            low = int(given.get("low") or 0)
            high = NO_END if given.get("high") is None else int(given["high"]) + (not outside)
            if low <= _OLDEST and low < high and (high == NO_END or high <= _OLDEST + 1):
                return Ages(low, high)
    return None


def ages_of_fields(names) -> dict[str, Ages]:
    """Return the ages that the headings of a table name; headings without any are left out.

    Where one span begins at the number with which another ends (6-15, 15-18), the ends are not in.
    """
    found = {name: ages for name in names for ages in [ages_in(name)] if ages is not None}
    lows = {ages.low for ages in found.values()}
    touching = {name for name, ages in found.items()
                if ages.low > 0 and ages.high != NO_END and ages.high - 1 in lows and ages.high - 1 > ages.low}
    if touching:
        found = {name: Ages(ages.low, ages.high - 1) if name in touching else ages for name, ages in found.items()}
    return found


def total_field(names) -> str:
    """Return the heading of the number of all people, "" where there is none."""
    folded = {fold_place(name): name for name in reversed(list(names))}
    return next((folded[word] for word in _ALL if word in folded), "")


def ages_for(kind: str, target: str = "") -> Ages | None:
    """Return the ages that a type of offer is for, None for everybody.

    Parameters
    ----------
    kind : str
        Type of offer.
    target : str
        Target group as the list states it; it tells before the type does.
    """
    stated = ages_in(target)
    if stated is not None:
        return stated
    folded = fold_place(kind)
    return next((Ages(*ages) for words, ages in _KINDS if any(word in folded for word in words)), None)


def fields_for(ages: Ages | None, names) -> tuple[str, ...]:
    """Return the fields that together hold the people of these ages, each age at most once.

    Without ages, or where no field lies inside them, this is the field with all people; without that, all ages.
    """
    names = list(names)
    spans = ages_of_fields(names)
    if ages is not None:
        chosen = _cover(spans, ages)
        if chosen:
            return chosen
    everybody = total_field(names)
    return (everybody,) if everybody else _cover(spans, Ages(0, NO_END))


def group_name(fields, names) -> Message:
    """Return what the people in these fields are called, e.g. children under 6."""
    spans = ages_of_fields(names)
    own = sorted((spans[name].low, spans[name].high) for name in fields if name in spans)
    if len(own) < len(fields) or not own:
        return Message(mark("inhabitants"))
    low, high = own[0][0], max(end for _start, end in own)
    if low == 0 and high == NO_END:
        return Message(mark("inhabitants"))
    if high == NO_END:
        return Message(mark("people from {age}"), age=low)
    if low == 0:
        return Message(mark("children under {age}") if high <= 15 else mark("people under {age}"), age=high)
    words = (mark("children from {low} to {high}") if high <= 15 else
             mark("young people from {low} to {high}") if high <= 18 and low >= 10 else
             mark("children and young people from {low} to {high}") if high <= 18 else
             mark("people from {low} to {high}"))
    return Message(words, low=low, high=high - 1)


def _cover(spans: dict[str, Ages], ages: Ages) -> tuple[str, ...]:
    """Return fields inside the ages that do not overlap, the widest first; in ascending order of age."""
    chosen, reached = [], ages.low
    while True:
        inside = [(each.low, -each.high, name) for name, each in spans.items()
                  if each.low >= reached and each.high <= ages.high]
        if not inside:
            return tuple(chosen)
        _low, high, name = min(inside)
        chosen.append(name)
        reached = -high
