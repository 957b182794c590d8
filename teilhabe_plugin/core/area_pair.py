"""Two areas side by side: what makes the difference between their scores."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .area_profile import AreaProfile, IndicatorProfile, Part
from .area_sentences import LEADING, NOTHING, NOTICEABLE, WORTH_NAMING, amount, listed
from .messages import Message, TeilhabeError, mark


@dataclass(frozen=True)
class AreaPair:
    """The way from the score of one area to that of another.

    Attributes
    ----------
    first, second : AreaProfile
        With a score each, of the same index.
    steps : tuple of Part
        ``base`` + their contributions = ``score``. A last step without an id stands for the different averages that the
        two are measured against where other data are missing.
    """

    first: AreaProfile
    second: AreaProfile
    steps: tuple[Part, ...]

    @property
    def base(self) -> float:
        """Score of the first area."""
        return self.first.score

    @property
    def score(self) -> float:
        """Score of the second area."""
        return self.second.score

    @property
    def row(self) -> int:
        """Row of the second area."""
        return self.second.row

    @property
    def high_is_bad(self) -> bool:
        return self.first.high_is_bad

    @property
    def is_cross(self) -> bool:
        return self.first.is_cross

    @property
    def indicators(self) -> tuple[IndicatorProfile, ...]:
        return self.second.indicators

    def burden(self, contribution: float) -> float:
        """Return a contribution counted so that what is unfavourable is above 0."""
        return self.first.burden(contribution)


def pair_of(first: AreaProfile, second: AreaProfile) -> AreaPair:
    """Return what leads from one area to the other.

    Raises
    ------
    TeilhabeError
        Where one of them has no score or the scores cannot be split.
    """
    for profile in (first, second):
        if not profile.steps:
            raise TeilhabeError(mark("Area {area} has no contributions that could be compared."), area=profile.label)
    steps = tuple(
        Part(a.id, a.title, _less(b.contribution, a.contribution),
             tuple((name, _less(there, here)) for (name, here), (_, there) in zip(a.parts, b.parts)))
        for a, b in zip(first.steps, second.steps))
    gap = second.base - first.base
    if abs(gap) > NOTHING:
        steps += (Part("", mark("Other data missing"), gap),)
    return AreaPair(first, second, steps)


def _less(after: float, before: float) -> float:
    """Return the difference; what is missing contributes nothing, what is missing in both says nothing."""
    if np.isnan(after) and np.isnan(before):
        return float("nan")
    return float(np.nan_to_num(after) - np.nan_to_num(before))


def pair_sentences(pair: AreaPair) -> tuple[Message, Message]:
    """Return two sentences on the difference: which area is worse off, and through what."""
    ahead, behind = (pair.first, pair.second) if pair.first.rank <= pair.second.rank else (pair.second, pair.first)
    details = {"first": _placed(ahead), "second": _placed(behind)}
    if pair.first.rank == pair.second.rank:
        return (Message(mark("Area {first} and area {second} have the same score."), **details), _because(pair, ahead))
    return (Message(mark("Area {first} is less favourably placed than area {second}."), **details),
            _because(pair, ahead))


def _placed(profile: AreaProfile) -> Message:
    if profile.class_name:
        return Message(mark("{area} (“{name}”, rank {rank} of {of})"), area=profile.label, name=profile.class_name,
                       rank=profile.rank, of=profile.of)
    return Message(mark("{area} (rank {rank} of {of})"), area=profile.label, rank=profile.rank, of=profile.of)


def _because(pair: AreaPair, ahead: AreaProfile) -> Message:
    own = {each.id: each for each in ahead.indicators}
    behind = pair.second if ahead is pair.first else pair.first
    rest = {each.id: each for each in behind.indicators}
    sizes = [(pair.burden(_less(each.contribution, rest[name].contribution)), each, rest[name])
             for name, each in own.items()]
    known = [each for each in sizes if not np.isnan(each[0]) and abs(each[0]) > NOTHING]
    more = sorted((each for each in known if each[0] > 0), key=lambda each: -each[0])
    less = sorted((each for each in known if each[0] < 0), key=lambda each: each[0])
    if not more:
        return Message(mark("No indicator makes a difference between them to speak of."))
    named = listed([_both(a, b) for size, a, b in more[:LEADING] if size >= WORTH_NAMING * more[0][0]])
    if less and -less[0][0] >= NOTICEABLE * more[0][0]:
        return Message(mark("This comes above all through {leading}; {other} works the other way."), leading=named,
                       other=_both(*less[0][1:]))
    return Message(mark("This comes above all through {leading}."), leading=named)


def _both(one: IndicatorProfile, other: IndicatorProfile) -> Message:
    return Message(mark("“{title}” ({first} against {second})"), title=one.title, first=amount(one.value, one),
                   second=amount(other.value, other))
