"""The name that is most like a given one, among many: pairs of letters choose, `difflib` decides."""

from __future__ import annotations

import difflib

import numpy as np

CUTOFF = 0.8
_CANDIDATES = 12
_LEAST_SHARED = 0.4
#: two names that are this close to each other in likeness leave it open which is meant
_TIE = 0.02


class NearNames:
    """Finds near names.

    Parameters
    ----------
    names : sequence of str
        Folded names.
    """

    def __init__(self, names):
        self.names = list(names)
        found = {}
        for position, name in enumerate(self.names):
            for pair in _pairs(name):
                found.setdefault(pair, []).append(position)
        self.postings = {pair: np.array(positions) for pair, positions in found.items()}
        self.sizes = np.array([len(_pairs(name)) for name in self.names])

    def nearest(self, text: str) -> tuple[int, float] | None:
        """Return position and likeness (0…1) of the nearest name, None when none is near or two are equally near."""
        pairs = _pairs(text)
        lists = [self.postings[pair] for pair in pairs if pair in self.postings]
        if not lists:
            return None
        shared = np.bincount(np.concatenate(lists), minlength=len(self.names))
        likeness = 2 * shared / (self.sizes + len(pairs))
        candidates = np.argsort(-likeness, kind="stable")[:_CANDIDATES]
        rated = sorted(
            (
                (difflib.SequenceMatcher(None, text, self.names[i]).ratio(), int(i))
                for i in candidates
                if likeness[i] >= _LEAST_SHARED
            ),
            reverse=True,
        )
        if not rated or rated[0][0] < CUTOFF or (len(rated) > 1 and rated[0][0] - rated[1][0] < _TIE):
            return None
        return rated[0][1], round(rated[0][0], 3)


def _pairs(name):
    text = f" {name} "
    return {text[i : i + 2] for i in range(len(text) - 1)}
