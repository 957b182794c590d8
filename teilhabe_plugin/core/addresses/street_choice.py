"""Which streets of a register the name of a row may mean."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from .edit_distance import distances, encode
from .name_parts import (
    NO,
    ShortNames,
    all_typed_for,
    as_keys,
    endings_missing,
    numerals,
    with_sharp_s,
    without_dots,
    written_out,
)
from .place_fit import OTHER, Places
from .register_index import RegisterIndex
from .street_names import compact
from .street_search import spread

#: how the name was found, the surest first
WRITTEN, JOINED, FORMER, SHORT, MISTYPED, MISBEGUN, DOUBTFUL, OTHER_ENDING, UNLIKELY = range(9)


@dataclass(frozen=True, eq=False)
class NamesFound:
    """Pairs of name asked for and name of the register.

    Attributes
    ----------
    asked, name : ndarray of int64
        Which of the names asked for; position in the index's `names`.
    how : ndarray of int8
        `WRITTEN` … `UNLIKELY`.
    edits : ndarray of int16
        Typing errors between them.
    """

    asked: np.ndarray
    name: np.ndarray
    how: np.ndarray
    edits: np.ndarray


def same_names(index: RegisterIndex, normals) -> NamesFound:
    """Return the names that are the same when spaces do not count, as `WRITTEN`."""
    name = index.lookup.get_indexer(pd.Index([compact(normal) for normal in normals], dtype=object))
    asked = np.flatnonzero(name >= 0)
    none = np.zeros(len(asked), np.int16)
    return NamesFound(asked, name[asked].astype(np.int64), np.full(len(asked), WRITTEN, np.int8), none)


def written_or_joined(index: RegisterIndex, normals, asked, unit) -> np.ndarray:
    """Return `WRITTEN` for pairs of name asked for and unit that agree in their spaces, `JOINED` for the others."""
    codes = index.normal_codes
    agree = codes.get_indexer(pd.Index(normals, dtype=object))[asked] == index.unit_normal[unit]
    return np.where(agree, WRITTEN, JOINED).astype(np.int8)


def other_names(index: RegisterIndex, normals, synonyms, most_edits: int = 2, unlikely: bool = False) -> NamesFound:
    """Return the names that were meant when the name itself is none: former names, short forms, typing errors.

    Each name once, found in the surest way; lost dots of umlauts are no typing errors (0). Names that are near but not
    near enough to be taken (see `name_parts.typed_for`) are `UNLIKELY`; they are returned with the others because what
    is not taken can still make a choice unsure. `unlikely`: also those that differ in the whole word for the kind of
    street.
    """
    asked, name, how, edits = [], [], [], []
    short_names = index._known("short", lambda: ShortNames(index.normals))
    for at, normal in enumerate(normals):
        now = list(synonyms.new_names(compact(normal))) if len(synonyms) else []
        new = [(each, FORMER) for each in index.lookup.get_indexer(now) if each >= 0] if now else []
        new += [(each, SHORT) for each in short_names.meant(normal)]
        if unlikely:
            words = normal.split()
            alike = endings_missing(compact(normal)) + (endings_missing("".join(words[:-1])) if len(words) > 1 else [])
            likely = index.lookup.get_indexer(alike)
            new += [(each, UNLIKELY) for each in likely if each >= 0]
        for each, way in new:
            asked.append(at)
            name.append(each)
            how.append(way)
            edits.append(3 if way == UNLIKELY else 1)
    compacts = np.array([compact(normal) for normal in normals], dtype=object)
    typed = np.array([written_out(normal) for normal in normals], dtype=object)
    query, near, errors = index.search.near(typed, most_edits)
    names, near = index.spelled[0][near], index.spelled[1][near]
    several = np.flatnonzero(errors > 1)
    errors[several] = np.minimum(errors[several], _keys_apart(typed[query[several]], names[several]))
    errors[[without_dots(one) == without_dots(other) for one, other in zip(typed[query], names)]] = 0
    likely = all_typed_for(typed[query], names, errors)
    own, others = [numerals(normal) for normal in normals], index.numerals
    likely[[own[one] != others[other] for one, other in zip(query.tolist(), near.tolist())]] = NO
    way = np.array([UNLIKELY, OTHER_ENDING, DOUBTFUL, MISTYPED])[likely]
    begins = np.array([one[:1] == other[:1] for one, other in zip(typed[query], names)], dtype=bool)
    way[(way == MISTYPED) & ~begins] = MISBEGUN  # the first letter is the one that people get right
    asked, name = np.r_[np.array(asked, np.int64), query], np.r_[np.array(name, np.int64), near]
    how = np.r_[np.array(how, np.int8), way.astype(np.int8)]
    edits = np.r_[np.array(edits, np.int16), errors].astype(np.int16)
    other = compacts[asked] != index.names[name] if len(asked) else edits > 0  # the name itself is none of the others
    asked, name, how, edits = asked[other], name[other], how[other], edits[other]
    order = np.lexsort((edits, how, name, asked))
    asked, name, how, edits = asked[order], name[order], how[order], edits[order]
    once = np.ones(len(asked), dtype=bool)
    once[1:] = (asked[1:] != asked[:-1]) | (name[1:] != name[:-1])
    return NamesFound(asked[once], name[once], how[once], edits[once])


def _keys_apart(typed, names) -> np.ndarray:
    """Return the typing errors between pairs of names when umlauts and ß count as the one letter that they are."""
    pairs = np.arange(len(typed))
    apart = [distances(*encode([keys(name) for name in typed]), *encode([keys(name) for name in names]), pairs, pairs)
             for keys in (as_keys, with_sharp_s)]
    return np.minimum(*apart)


def pairs_of(index: RegisterIndex, found: NamesFound, asked_by, rows, places: Places):
    """Return pairs of row and unit, and which entry of `found` each is due to, sorted by row.

    Parameters
    ----------
    found : NamesFound
        Sorted by `asked`.
    asked_by : ndarray of int
        Which name each of `rows` asks for.
    rows : ndarray of int
    places : Places
        Of all rows; rows of other places get no pairs.
    """
    here = places.state[rows] != OTHER
    rows, asked_by = rows[here], asked_by[here]
    first = np.searchsorted(found.asked, asked_by)
    counts = np.searchsorted(found.asked, asked_by, side="right") - first
    row, entry = np.repeat(rows, counts), spread(first, counts)
    start, units = index.units_named(found.name[entry], places.code[row])
    row, entry, unit = np.repeat(row, units), np.repeat(entry, units), spread(start, units)
    return row, unit, entry
