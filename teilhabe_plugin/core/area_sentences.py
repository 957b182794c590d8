"""An area's profile in words: two sentences that a committee understands, and what is to be known besides."""
from __future__ import annotations

import numpy as np

from .area_cases import grouped
from .area_figures import CAPPED, FILLED_GROUP, FILLED_YEAR, MISSING
from .area_profile import AreaProfile, IndicatorProfile
from .decimals import decimal
from .messages import Message, mark
from .robustness import CERTAIN

#: at most so many indicators are named on the leading side
LEADING = 3
#: they are named when they contribute at least so much of what the strongest one does; the strongest one of the other
#: side, too
WORTH_NAMING, NOTICEABLE = 0.25, 0.1
#: contributions below this count for nothing
NOTHING = 1e-9

_STATES = {
    FILLED_GROUP: mark("filled with the median of its group"),
    FILLED_YEAR: mark("filled with the value of an earlier year"),
    CAPPED: mark("extreme value, pulled in before computing"),
    MISSING: mark("no data"),
}


def sentences(profile: AreaProfile) -> tuple[Message, Message]:
    """Return the two sentences on an area.

    The first says where it stands, the second why; for areas without a score why there is none.
    """
    if profile.excluded:
        return (
            Message(mark("Area {area} is left out of “{index}”: {reason}."), area=profile.label, index=profile.title,
                    reason=profile.excluded.rstrip(".")),
            Message(mark("It therefore has neither score nor class and does not count for the other areas.")),
        )
    if profile.is_cross:
        return _of_cross(profile)
    if np.isnan(profile.score):
        return _without_score(profile)
    return _where(profile), _why(profile)


def _of_cross(profile: AreaProfile) -> tuple[Message, Message]:
    known = [(title, name) for title, name in profile.origin if name]
    if not profile.class_name:
        return (Message(mark("Area {area} has no class of “{index}”."), area=profile.label, index=profile.title),
                _gaps(profile) if profile.missing else
                Message(mark("It lacks a class in one of the two, or their combination has no class.")))
    first = Message(mark("Area {area} belongs to the class “{name}” of “{index}”."), area=profile.label,
                    name=profile.class_name, index=profile.title)
    (title, name), (other, other_name) = known
    return first, Message(mark("The class is made of “{name}” for “{title}” and “{other_name}” for “{other}”."),
                          title=title, name=name, other=other, other_name=other_name)


def _without_score(profile: AreaProfile) -> tuple[Message, Message]:
    first = Message(mark("Area {area} has no score for “{index}”, because data are missing."), area=profile.label,
                    index=profile.title)
    if profile.share < profile.minimum_share - 1e-9:
        return first, Message(mark("{share} of the data are there, the recipe asks for {minimum}; missing: {titles}."),
                              share=_percent(100 * profile.share, 0), minimum=_percent(100 * profile.minimum_share, 0),
                              titles=listed([_quoted(each) for each in profile.missing]))
    return first, _gaps(profile)


def _gaps(profile: AreaProfile) -> Message:
    titles = [_quoted(each) for each in profile.missing]
    if not titles:
        return Message(mark("Too few of its values can be used."))
    return Message(mark("There is no value of {titles}."), titles=listed(titles))


def _where(profile: AreaProfile) -> Message:
    rank = _rank(profile)
    if not profile.class_name:
        return Message(mark("Area {area} has the score {score} for “{index}” ({rank})."), area=profile.label,
                       index=profile.title, score=decimal(profile.score, 2), rank=rank)
    if profile.is_provisional:
        return Message(mark("Area {area} lies in the group “{name}” for “{index}” ({rank})."), area=profile.label,
                       index=profile.title, name=profile.class_name, rank=rank)
    return Message(mark("Area {area} belongs to the class “{name}” for “{index}” ({rank})."), area=profile.label,
                   index=profile.title, name=profile.class_name, rank=rank)


def _rank(profile: AreaProfile) -> Message:
    details = {"rank": profile.rank, "of": profile.of}
    if profile.tied == 1:
        return Message(mark("rank {rank} of {of}, together with one other area; rank 1 is the most unfavourable"),
                       **details)
    if profile.tied:
        return Message(mark("rank {rank} of {of}, together with {tied} other areas; rank 1 is the most unfavourable"),
                       tied=profile.tied, **details)
    if profile.rank == 1:
        return Message(mark("rank 1 of {of}, the most unfavourable"), of=profile.of)
    if profile.rank == profile.of:
        return Message(mark("rank {rank} of {of}, the most favourable"), **details)
    return Message(mark("rank {rank} of {of}; rank 1 is the most unfavourable"), **details)


def _why(profile: AreaProfile) -> Message:
    if not profile.way:
        return _by_position(profile)
    weights = [(profile.burden(each.contribution), each) for each in profile.indicators
               if abs(np.nan_to_num(each.contribution)) > NOTHING]
    if not weights:
        return Message(mark("None of its indicators differs from the average of the areas."))
    bad, good = _strongest(weights, 1), _strongest(weights, -1)
    leans = sum(burden for burden, _ in weights)
    if leans >= 0 and bad or not good:
        (leading, other), texts = (bad, good), (
            mark("It is weighed down most by {leading}; {other} eases it."),
            mark("It is weighed down most by {leading}; no indicator eases it noticeably."))
    else:
        (leading, other), texts = (good, bad), (
            mark("It is eased most by {leading}; {other} weighs on it."),
            mark("It is eased most by {leading}; no indicator weighs on it noticeably."))
    strongest = leading[0][0]
    named = listed([_with_values(each) for size, each in leading[:LEADING] if size >= WORTH_NAMING * strongest])
    if other and other[0][0] >= NOTICEABLE * strongest:
        return Message(texts[0], leading=named, other=_with_values(other[0][1]))
    return Message(texts[1], leading=named)


def _strongest(weights, sign: int) -> list[tuple[float, IndicatorProfile]]:
    """Return burden and indicator of one side, the strongest first; equal ones in the order of the tree."""
    return sorted(((sign * burden, each) for burden, each in weights if sign * burden > 0), key=lambda pair: -pair[0])


def _by_position(profile: AreaProfile) -> Message:
    """Say where the area stands worst, for scores that cannot be split."""
    known = sorted((each for each in profile.indicators if each.rank), key=lambda each: each.rank / each.of)
    if not known:
        return Message(mark("Its score cannot be split into contributions."))
    return Message(mark("Its score cannot be split into contributions; its most unfavourable place is that at "
                        "{indicator}: rank {rank} of {of}."), indicator=_with_values(known[0]), rank=known[0].rank,
                   of=known[0].of)


def _with_values(each: IndicatorProfile) -> Message:
    """Return an indicator's title with its value and the city's."""
    if np.isnan(each.value):
        return _quoted(each)
    own, city = amount(each.value, each), amount(each.city, each)
    details = {"title": each.title, "value": own, "city": city}
    if np.isnan(each.city):
        return Message(mark("“{title}” ({value})"), **details)
    if each.state in (FILLED_GROUP, FILLED_YEAR):
        return Message(mark("“{title}” (filled in: {value}, city {city})"), **details)
    if each.side == 0:
        return Message(mark("“{title}” ({value}, as in the city)"), **details)
    return Message(mark("“{title}” ({value}, city {city})"), **details)


def notes(profile: AreaProfile) -> list[Message]:
    """Return what is to be known besides: people, how sure the class is, gaps, filled and capped values, few cases."""
    found, people = [], profile.people.message()
    if people is not None:
        found.append(Message(mark("People: {number}"), number=people))
    if profile.certainty is not None and not profile.excluded and not np.isnan(profile.score):
        found.append(certainty_in_words(profile))
    if profile.missing and not np.isnan(profile.score):
        found.append(_gaps(profile))
    for each in profile.indicators:
        if each.state in (FILLED_GROUP, FILLED_YEAR, CAPPED):
            found.append(Message(mark("“{title}”: {state}."), title=each.title, state=Message(_STATES[each.state])))
    few = [_quoted(each) for each in profile.indicators
           if each.cases.is_uncertain or each.cases.kind == "small"]
    if few:
        found.append(Message(mark("Few cases, so the value is uncertain: {titles}."), titles=listed(few)))
    return found


def certainty_in_words(profile: AreaProfile) -> Message:
    """Return how sure the class, or where there is none the rank, of an area is."""
    sure = profile.certainty
    ranks = Message(mark("rank {low}"), low=sure.low) if sure.low == sure.high else Message(
        mark("ranks {low} to {high}"), low=sure.low, high=sure.high)
    if np.isnan(sure.share):
        return Message(mark("In nine of ten runs of the robustness it has {ranks}."), ranks=ranks)
    # a share that is rounded up to what would be certain is written with a digit more
    digits = 0 if sure.is_certain or round(100 * sure.share) < 100 * CERTAIN else 1
    share = _percent(100 * sure.share, digits)
    if sure.is_certain:
        return Message(mark("The class is certain: {share} of the runs give it ({ranks})."), share=share, ranks=ranks)
    if not sure.other:
        return Message(mark("The class could flip: {share} of the runs give it ({ranks})."), share=share, ranks=ranks)
    return Message(mark("The class could flip: {share} of the runs give it, {other_share} give “{other}” ({ranks})."),
                   share=share, other_share=_percent(100 * sure.other_share, digits), other=sure.other, ranks=ranks)


def neighbours_in_words(alike: int, known: int) -> Message:
    """Return how many neighbouring areas have the same class."""
    if known == 1:
        return Message(mark("Its only neighbouring area with a class has the same one.")) if alike else Message(
            mark("Its only neighbouring area with a class has another one."))
    if alike == known:
        return Message(mark("All {known} neighbouring areas have the same class."), known=known)
    if not alike:
        return Message(mark("None of the {known} neighbouring areas has the same class."), known=known)
    if alike == 1:
        return Message(mark("One of {known} neighbouring areas has the same class."), known=known)
    return Message(mark("{alike} of {known} neighbouring areas have the same class."), alike=alike, known=known)


def state_in_words(each: IndicatorProfile) -> Message | None:
    """Return what was done to a value, None where it went in as it is."""
    if each.cases.remark and each.state == MISSING:
        return Message(mark("no data: {reason}"), reason=each.cases.remark)
    if each.state in _STATES:
        return Message(_STATES[each.state])
    return Message("{remark}", remark=each.cases.remark) if each.cases.remark else None


def amount(value: float, each: IndicatorProfile) -> Message:
    """Return a value of an indicator with its unit, as it is written."""
    return with_unit(number(value, each.decimals), each.unit)


def number(value: float, decimals: int) -> Message:
    """Return a number; large ones have a thin space for the thousands."""
    if np.isnan(value):
        return Message("–")
    if abs(value) >= 10_000:
        return Message("{number}", number=grouped(value))
    return decimal(value, decimals)


def with_unit(text: Message, unit: str) -> Message:
    """Return a number followed by its unit."""
    if unit.strip() == "%":
        return Message(mark("{number}%"), number=text)
    return Message("{number}\u00a0{unit}", number=text, unit=unit.strip()) if unit.strip() else text


def _percent(value: float, decimals: int) -> Message:
    return with_unit(decimal(value, decimals), "%")


def _quoted(each: IndicatorProfile) -> Message:
    return Message(mark("“{title}”"), title=each.title)


def listed(items: list[Message]) -> Message:
    """Return “A, B and C”."""
    if len(items) == 1:
        return items[0]
    head, *rest = items[:-1]
    for each in rest:
        head = Message(mark("{first}, {next}"), first=head, next=each)
    return Message(mark("{first} and {last}"), first=head, last=items[-1])
