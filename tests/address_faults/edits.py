"""Edit distances by brute force, in plain words: what the matching is checked against."""
from __future__ import annotations

import numpy as np

_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


def distance(one: str, other: str) -> int:
    """Return the number of letters to insert, delete, replace or swap with their neighbour, by the full table.

    >>> distance("ackerstrasse", "akcerstrase")
    2
    """
    before, row = [], list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        before_last, before, row = before, row, [i]
        for j, letter_2 in enumerate(other, start=1):
            best = min(row[j - 1] + 1, before[j] + 1, before[j - 1] + (letter != letter_2))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == letter_2:
                best = min(best, before_last[j - 2] + 1)
            row.append(best)
    return row[-1]


class Names:
    """Names to measure against. All are looked at; those whose letters alone differ too much need no full table."""

    def __init__(self, names):
        self.names = list(names)
        self.counts = np.array([_counts(name) for name in self.names], dtype=np.int8)

    def near(self, text: str, most: int) -> list[tuple[int, int]]:
        """Return (position, distance) of all names within `most` edits."""
        apart = np.abs(self.counts - _counts(text)).sum(axis=1)  # an edit changes two counts at most
        found = []
        for place in np.flatnonzero(apart <= 2 * most):
            edits = distance(text, self.names[place])
            if edits <= most:
                found.append((int(place), edits))
        return found


def _counts(text: str) -> np.ndarray:
    return np.array([text.count(letter) for letter in _LETTERS], dtype=np.int8)
