"""Choosing among the candidates of a row, or leaving it open: what is not clear is not taken.

Candidates stand in tiers, the best tier of a row counts. A street written as in the register comes first: with its
number, with its number and a postcode that can be mended, without its number. Then former names, then short forms and
typing errors. A candidate is taken only without rivals:

- a written street whose number or postcode does not fit has rivals in all near streets that fit number and postcode,
  or have the number, and the postcode somewhere else;
- a mistyped street needs its house number, nothing that contradicts, and no other street in reach that is as near and
  has the number (or could have it, between its neighbours): the next one must be one typing error further. Where the
  first letter is the wrong one, any street in reach that begins as typed speaks against it. Two errors that no postcode
  and no district confirms need a long name and its first letter; an error that makes another kind of street of it
  (-steg, -steig) needs the confirmation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .number_choice import LISTED, NEAR, NO_NUMBER, SUFFIX_LACKS
from .place_fit import CONFIRMED, MENDABLE, OPEN, POSTCODE_IN_STREET
from .rating import Candidates
from .register_index import RegisterIndex
from .street_choice import DOUBTFUL, FORMER, JOINED, MISBEGUN, MISTYPED, OTHER_ENDING, SHORT

#: tiers
FULL, MENDED, PARTIAL, STREET_MENDED, BLOCKED, RENAMED, RENAMED_PARTIAL, TYPED, TYPED_STREET, REST = range(10)
_TAKEN = (FULL, MENDED, PARTIAL, STREET_MENDED, RENAMED, RENAMED_PARTIAL, TYPED, TYPED_STREET)

#: why a row was left open
CHOSEN, NOTHING, TIE, RIVAL, UNFIT, AMBIGUOUS = range(6)


@dataclass(frozen=True, eq=False)
class Choice:
    """The choice for each row of 0…m-1.

    Attributes
    ----------
    best : ndarray of int64
        The best candidate, taken or not; -1: there is none.
    second : ndarray of int64
        The best one of another place, -1: there is none.
    why : ndarray of int8
        `CHOSEN`, or why not: `NOTHING`, `TIE`, `RIVAL` (another street fits as well or better), `UNFIT` (place, number
        or name do not fit well enough), `AMBIGUOUS` (the row itself says two things).
    ties : dict of int to ndarray
        By row: candidates that fit equally well.
    """

    best: np.ndarray
    second: np.ndarray
    why: np.ndarray
    ties: dict


def choose(index: RegisterIndex, candidates: Candidates, m: int) -> Choice:
    """Choose for each of `m` rows among its candidates."""
    tier = tiers(index, candidates)
    best = np.full(m, -1, np.int64)
    why = np.full(m, NOTHING, np.int8)
    street = np.where(candidates.street == MISBEGUN, MISTYPED, candidates.street)
    order = np.lexsort((candidates.unit, candidates.edits, candidates.away, candidates.number, street,
                        -candidates.fit, tier, candidates.row))
    rows = candidates.row[order]
    first = np.ones(len(rows), dtype=bool)
    first[1:] = rows[1:] != rows[:-1]
    best[rows[first]] = order[first]
    there = best >= 0
    why[there] = np.where(np.isin(tier[best[there]], _TAKEN), CHOSEN, UNFIT)
    several = np.zeros(m, dtype=bool)
    several[rows[~first]] = True  # rows with one candidate have neither rival nor tie
    some = np.flatnonzero(several[candidates.row])
    against = best[candidates.row[some]]
    rival = np.zeros(len(candidates), dtype=bool)
    rival[some] = _rivals(index, candidates, tier, some, against)
    opposed = np.unique(candidates.row[rival])
    equal = np.zeros(len(candidates), dtype=bool)
    equal[some] = _equals(index, candidates, tier, some, against)
    tied = np.unique(candidates.row[np.flatnonzero(equal)])
    chosen = why == CHOSEN
    why[tied[chosen[tied]]] = TIE
    why[opposed[chosen[opposed]]] = RIVAL
    second = _seconds(candidates, tier, best, order, some, rival, m)
    open_rows = tied[why[tied] == TIE]
    members = np.flatnonzero(equal)
    starts = np.searchsorted(candidates.row[members], open_rows)
    ends = np.searchsorted(candidates.row[members], open_rows, side="right")
    ties = {row: np.r_[best[row], members[start:end]]
            for row, start, end in zip(open_rows.tolist(), starts.tolist(), ends.tolist())}
    return Choice(best, second, why, ties)


def tiers(index: RegisterIndex, candidates: Candidates) -> np.ndarray:
    """Return the tier of each candidate."""
    own, full = candidates.street <= JOINED, candidates.number <= LISTED
    fits, mends = candidates.fit >= OPEN, candidates.fit == MENDABLE
    without = candidates.number == NO_NUMBER
    tier = np.full(len(candidates), REST, np.int8)
    tier[own] = BLOCKED
    tier[own & mends & without] = STREET_MENDED
    tier[own & fits & ~full] = PARTIAL
    tier[own & full & mends] = MENDED
    tier[own & full & fits] = FULL
    former = candidates.street == FORMER
    tier[former & fits & ~full] = RENAMED_PARTIAL
    tier[former & full & (fits | mends)] = RENAMED
    confirmed = candidates.fit == CONFIRMED
    typed = (candidates.street >= SHORT) & (candidates.street < DOUBTFUL) & fits
    typed |= (candidates.street == DOUBTFUL) & confirmed
    typed |= (candidates.street == OTHER_ENDING) & confirmed & full & (candidates.edits <= 1)
    tier[typed & without & confirmed & (candidates.edits <= 1)] = TYPED_STREET
    tier[typed & full] = TYPED
    return tier


def _rivals(index, candidates, tier, some, against) -> np.ndarray:
    """Return which of some candidates speak against taking the best one of their row."""
    each, best = candidates.take(some), candidates.take(against)
    leading = tier[against]
    other = index.unit_name[each.unit] != index.unit_name[best.unit]
    full, fits = each.number <= LISTED, each.fit >= OPEN
    strange = each.street > JOINED
    confirmed = each.fit == CONFIRMED
    near = full & fits & strange & ((each.street < OTHER_ENDING) | confirmed)
    incomplete = (leading == MENDED) & confirmed | ((leading == PARTIAL) & (best.number != NO_NUMBER) & (
        (best.number != SUFFIX_LACKS) | confirmed))
    against_own = other & near & incomplete
    number_missing = (leading == MENDED) & (tier[some] == PARTIAL) & (each.number != NO_NUMBER)
    typed = np.isin(leading, (TYPED, TYPED_STREET))
    likely = fits & ((each.edits < best.edits) | ((each.edits == best.edits) & (each.number < NEAR)))
    against_typed = typed & other & (likely | (full & (each.edits < best.edits)))
    begins = (best.street == MISBEGUN) & (each.street == MISTYPED) & fits & np.where(
        each.edits <= best.edits, each.number <= NEAR, full & (each.edits <= best.edits + 1))
    elsewhere = (leading == MENDED) & other & full & (each.street < OTHER_ENDING) & strange & (
        each.faults & POSTCODE_IN_STREET > 0)
    return against_own | number_missing | against_typed | (typed & other & begins) | elsewhere


def _equals(index, candidates, tier, some, against) -> np.ndarray:
    """Return which of some candidates are as good as the best one of their row, and another address."""
    each, best = candidates.take(some), candidates.take(against)
    same = (tier[some] == tier[against]) & (some != against)
    leading = tier[against]
    same &= ~np.isin(leading, (TYPED, TYPED_STREET)) | (index.unit_name[each.unit] == index.unit_name[best.unit])
    partial = np.isin(leading, (PARTIAL, RENAMED_PARTIAL, STREET_MENDED, TYPED_STREET))
    alike = (each.fit == best.fit) & (each.street == best.street)
    suffix = (each.number == SUFFIX_LACKS) == (best.number == SUFFIX_LACKS)
    within = np.where(partial, alike & suffix & (each.unit != best.unit), alike & (each.number == best.number))
    return same & np.where(leading == MENDED, True, within)


def _seconds(candidates, tier, best, order, some, rival, m) -> np.ndarray:
    """Return the candidate of each row that comes after the best one: a rival first, then by tier and score."""
    second = np.full(m, -1, np.int64)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    rest = some[best[candidates.row[some]] != some]
    rest = rest[np.lexsort((rank[rest], -candidates.score[rest], tier[rest], ~rival[rest], candidates.row[rest]))]
    rows = candidates.row[rest]
    first = np.ones(len(rows), dtype=bool)
    first[1:] = rows[1:] != rows[:-1]
    second[rows[first]] = rest[first]
    return second

