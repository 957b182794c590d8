"""Names that are within one or two typing errors of a given one, among very many names, for very many queries at once.

The idea is that of symmetric deletion (Garbe 2012): two names within two errors have a common remainder after at most
two letters of the first eight have been struck out of each. The remainders of all names are kept, packed into whole
numbers and sorted; those of a query are looked up, and only the names found so are compared letter by letter.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np

from .edit_distance import distances, encode

PREFIX = 8  # letters of which two may be struck out
_BITS = 6  # per letter
_CHUNK = 4_000  # queries looked up together


class StreetSearch:
    """Finds names with typing errors.

    Parameters
    ----------
    normals : sequence of str
        Names in small letters and digits; spaces do not count. A name of more than 64 letters is never found.
    """

    def __init__(self, normals):
        self.names = [name.replace(" ", "") for name in normals]
        self.letters, self.lengths = encode(self.names)
        self.sets = _letter_sets(self.letters)
        remainders, of_name = _remainders(self.letters, self.lengths)
        order = np.argsort(remainders, kind="stable")
        remainders, self.of_name = remainders[order], of_name[order].astype(np.int32)
        first = np.flatnonzero(np.r_[True, remainders[1:] != remainders[:-1]]) if len(remainders) else np.array([], int)
        self.remainders, self.starts = remainders[first], np.r_[first, len(remainders)]

    def near(self, queries, most_edits: int = 2) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return all names within a number of typing errors of each query.

        Parameters
        ----------
        queries : sequence of str
            In small letters and digits; spaces do not count.
        most_edits : int
            0, 1 or 2.

        Returns
        -------
        query, name : ndarray of int64
            Positions of query and name, sorted by query, then name.
        edits : ndarray of int16
            Their optimal string alignment distance.
        """
        texts = [query.replace(" ", "") for query in queries]
        parts = [self._near(texts[at: at + _CHUNK], at, most_edits) for at in range(0, len(texts), _CHUNK)]
        if not parts:
            return np.array([], np.int64), np.array([], np.int64), np.array([], np.int16)
        return tuple(np.concatenate(columns) for columns in zip(*parts))

    def _near(self, texts, at, most_edits):
        letters, lengths = encode(texts)
        query, name = self._sharing(letters, lengths)
        close = np.abs(lengths[query] - self.lengths[name]) <= most_edits
        query, name = query[close], name[close]
        close = _bits(_letter_sets(letters)[query] ^ self.sets[name]) <= 2 * most_edits
        pairs = np.unique(query[close] * np.int64(max(len(self.names), 1)) + name[close])
        query, name = pairs // max(len(self.names), 1), pairs % max(len(self.names), 1)
        edits = distances(letters, lengths, self.letters, self.lengths, query, name)
        kept = edits <= most_edits
        return query[kept] + at, name[kept], edits[kept]

    def _sharing(self, letters, lengths):
        """Return pairs of query and name that have a remainder in common."""
        remainders, of_query = _remainders(letters, lengths)
        if not len(self.remainders) or not len(remainders):
            return np.array([], np.int64), np.array([], np.int64)
        place = np.minimum(np.searchsorted(self.remainders, remainders), len(self.remainders) - 1)
        known = self.remainders[place] == remainders
        place, of_query = place[known], of_query[known]
        counts = self.starts[place + 1] - self.starts[place]
        query = np.repeat(of_query, counts)
        name = self.of_name[spread(self.starts[place], counts)].astype(np.int64)
        return query, name


def spread(starts, counts) -> np.ndarray:
    """Return ``starts[0], starts[0] + 1, …`` (`counts[0]` of them), then those of the next start, and so on."""
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    return np.arange(total, dtype=np.int64) + np.repeat(starts - (ends - counts), counts)


def _remainders(letters, lengths):
    """Return what is left of the beginnings of names when up to two letters are struck out, each remainder once."""
    width = PREFIX
    prefix = np.zeros((len(letters), width), dtype=np.int64)
    given = min(width, letters.shape[1])
    prefix[:, :given] = letters[:, :given]
    found = []
    for struck in range(3):
        for gone in combinations(range(width), struck):
            packed = np.zeros(len(prefix), dtype=np.int64)
            for rank, position in enumerate(place for place in range(width) if place not in gone):
                packed |= prefix[:, position] << (_BITS * (width - 1 - rank))
            found.append(packed)
    table = np.sort(np.stack(found, axis=1), axis=1)
    once = np.ones(table.shape, dtype=bool)
    once[:, 1:] = table[:, 1:] != table[:, :-1]
    once &= (lengths > 0)[:, None]
    return table[once], np.nonzero(once)[0]


def _letter_sets(letters) -> np.ndarray:
    sets = np.zeros(len(letters), dtype=np.uint64)
    for position in range(letters.shape[1]):
        sets |= np.uint64(1) << letters[:, position].astype(np.uint64)
    return sets & ~np.uint64(1)


def _bits(words) -> np.ndarray:
    """Return how many bits of each word are set."""
    words = words - ((words >> np.uint64(1)) & np.uint64(0x5555555555555555))
    words = (words & np.uint64(0x3333333333333333)) + ((words >> np.uint64(2)) & np.uint64(0x3333333333333333))
    words = (words + (words >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return ((words * np.uint64(0x0101010101010101)) >> np.uint64(56)).astype(np.int64)
