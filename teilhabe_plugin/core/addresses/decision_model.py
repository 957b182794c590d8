"""What a clerk decided about addresses that no register could place: immutable, mergeable, undone one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from functools import cached_property
from math import isfinite
from typing import Callable

from ..messages import TeilhabeError, mark

#: a register's address was picked; a point was set on the map; another address was typed; it cannot be located
ADDRESS, POINT, TEXT, NONE = "address", "point", "text", "none"
KINDS = (ADDRESS, POINT, TEXT, NONE)
_TIME = "%Y-%m-%dT%H:%M:%S.%fZ"


@dataclass(frozen=True)
class Decision:
    """One decision about one address as it was given.

    Attributes
    ----------
    key : str
        The address as given, folded (`decision_keys`): rows are found by it in every later list.
    kind : str
        One of `KINDS`.
    address, address_id : str
        Of a pick: the register's address in words and its official identifier, "" when the register has none.
    x, y : float or None
        Of a point; of a pick where it lay when it was picked.
    crs : str
        Authority id for `x` and `y`.
    area : str
        Area key that was known with the decision.
    text : str
        The address typed by hand, or the reason why there is none.
    note : str
        Remark of whoever decided.
    created : str
        Moment in UTC, ISO 8601 with microseconds; `Decisions.with_decision` fills it in.
    """

    key: str
    kind: str
    address: str = ""
    address_id: str = ""
    x: float | None = None
    y: float | None = None
    crs: str = ""
    area: str = ""
    text: str = ""
    note: str = ""
    created: str = ""

    def __post_init__(self):
        for name in ("x", "y"):  # a register without coordinates gives NaN
            value = getattr(self, name)
            object.__setattr__(self, name, None if value is None or not isfinite(value) else float(value))

    @property
    def identity(self) -> tuple[str, str]:
        """What tells one decision from every other: whose address, and when."""
        return self.key, self.created

    def says_the_same(self, other: Decision) -> bool:
        """Whether both lead to the same place; remark and moment do not count."""
        return replace(self, note="", created="") == replace(other, note="", created="")


@dataclass(frozen=True)
class Conflict:
    """Two people decided differently about one address; the later decision counts until somebody chooses."""

    key: str
    ours: Decision
    theirs: Decision


@dataclass(frozen=True)
class Decisions:
    """Decisions in the order of their making, and which of them were taken back.

    A decision that is replaced stays in the history, so that undoing brings it back. What was taken back stays known,
    too: two histories can be merged in any order and nothing comes to life again.
    """

    history: tuple[Decision, ...] = ()
    undone: frozenset = frozenset()

    @cached_property
    def current(self) -> dict[str, Decision]:
        """Key → the decision that counts, in the order of their making."""
        found = {}
        for decision in self.history:
            found.pop(decision.key, None)
            found[decision.key] = decision
        return found

    def __len__(self) -> int:
        return len(self.current)

    def __iter__(self) -> Iterator[Decision]:
        return iter(self.current.values())

    def __contains__(self, key: str) -> bool:
        return key in self.current

    def get(self, key: str) -> Decision | None:
        """Return the decision that counts for an address, None without."""
        return self.current.get(key)

    @property
    def last(self) -> Decision | None:
        """The decision made last, None when there is none."""
        return self.history[-1] if self.history else None

    def with_decision(self, decision: Decision) -> Decisions:
        """Return these and one more, which counts from now on for its address."""
        if decision.kind not in KINDS or not decision.key:
            raise ValueError("a decision needs a key and one of the kinds " + ", ".join(KINDS))
        if not decision.created:
            decision = replace(decision, created=self._now())
        if not self.history or decision.created > self.history[-1].created:
            return Decisions((*self.history, decision), self.undone)
        return _ordered([*self.history, decision], self.undone)

    def without(self, key: str) -> Decisions:
        """Return these without whatever was decided about an address; its rows come back to the work list."""
        return _ordered(self.history, self.undone | {each.identity for each in self.history if each.key == key})

    def undo_last(self) -> Decisions:
        """Return these without the decision made last; the one that it replaced counts again."""
        return _ordered(self.history, self.undone | {self.last.identity}) if self.history else self

    def merged_with(self, others: Decisions) -> tuple[Decisions, tuple[Conflict, ...]]:
        """Return what both say together, and where they disagree.

        The later decision counts. It is no disagreement when one side knew the other's decision and replaced it.
        """
        merged = _ordered([*self.history, *others.history], self.undone | others.undone)
        conflicts = []
        for key, ours in self.current.items():
            theirs = others.get(key)
            if theirs is None or ours.says_the_same(theirs) or {ours.identity, theirs.identity} & merged.undone:
                continue
            if ours not in others.history and theirs not in self.history:
                conflicts.append(Conflict(key, ours, theirs))
        return merged, tuple(conflicts)

    def moved_to(self, crs: str, transform: Callable) -> Decisions:
        """Return these with every point that was set on the map in one reference system.

        Parameters
        ----------
        crs : str
            Authority id.
        transform : callable
            ``transform(x, y, from_crs)`` → ``(x, y)`` in `crs`; None where it cannot be done.

        Raises
        ------
        TeilhabeError
            When a point's own reference system is not known.
        """
        return Decisions(tuple(_moved(each, crs, transform) for each in self.history), self.undone)

    def _now(self) -> str:
        now = datetime.now(timezone.utc).strftime(_TIME)
        latest = self.history[-1].created if self.history else ""
        if now > latest:
            return now
        try:  # two in one tick of the clock, or a clock that was set back
            before = datetime.strptime(latest, _TIME)
        except ValueError:
            return latest + "+"
        return datetime.fromtimestamp(before.replace(tzinfo=timezone.utc).timestamp() + 2e-6,
                                      timezone.utc).strftime(_TIME)


def _ordered(history, undone) -> Decisions:
    left = {each.identity: each for each in history if each.identity not in undone}
    return Decisions(tuple(sorted(left.values(), key=lambda each: (each.created, each.key))), frozenset(undone))


def _moved(decision: Decision, crs: str, transform: Callable) -> Decision:
    if decision.kind != POINT or not decision.crs or decision.crs == crs:
        return decision
    moved = transform(decision.x, decision.y, decision.crs)
    if moved is None:
        raise TeilhabeError(mark("The reference system “{crs}” of the point set by hand for “{address}” is not known. "
                                 "Take the decision back and set the point again."),
                            crs=decision.crs, address=decision.key)
    return replace(decision, x=moved[0], y=moved[1], crs=crs)
