"""Sums over several years that overlap: what of a single year, or of a hidden sum, follows from those that are shown.

Sums of neighbouring years differ by the year that comes in and the one that goes out, and a sum over three years
beside the single years is a total. With S₀, S₁, … the running sum over the years every shown sum says what S_b − S_a
is, and every year that S_t − S_{t−1} is not negative. The range of any other difference is then a shortest path (Floyd
and Warshall), for all areas at once.
"""
from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field

import numpy as np

_SMALL = 1e-6


@dataclass
class Window:
    """Sums over the years after ``start`` up to ``end`` (positions of running sums), one for each area."""

    name: tuple[int, int]
    start: int
    end: int
    values: np.ndarray
    hidden: np.ndarray


@dataclass
class Series:
    """All sums of one column of counts.

    Attributes
    ----------
    years : list of int, ascending
    used : ndarray of bool, shape (areas, years)
        Years that go into a sum; in others nothing is counted.
    small : ndarray of bool, shape (areas, years)
        Single years that nobody may work out.
    windows : dict
        (span, year) → the sums shown for this year.
    """

    years: list[int]
    used: np.ndarray
    small: np.ndarray
    windows: dict[tuple[int, int], Window] = field(default_factory=dict)

    @property
    def overlaps(self) -> bool:
        """Whether there is more than single years."""
        return any(span > 1 for span, _ in self.windows)

    def add(self, span: int, year: int, values: np.ndarray) -> None:
        """Add the sums over ``span`` years up to ``year``; where they stand already, gaps are filled."""
        if (span, year) in self.windows:
            known = self.windows[span, year]
            known.values = np.where(np.isnan(known.values), values, known.values)
            return
        self.windows[span, year] = Window((span, year), bisect_right(self.years, year - span),
                                          bisect_right(self.years, year), values, np.zeros(len(values), bool))

    def to_hide(self, width: float, lowest: float) -> dict[tuple[int, int], np.ndarray]:
        """Return which further sums must be hidden so that each protected range is ``width`` wide.

        Parameters
        ----------
        width : float
        lowest : float
            What a hidden sum holds at least.
        """
        windows = list(self.windows.values())
        there = np.array([~np.isnan(window.values) for window in windows])
        values = np.array([np.nan_to_num(window.values) for window in windows])
        hidden = np.array([window.hidden for window in windows]) & there
        found = {window.name: np.zeros(len(self.used), bool) for window in windows}
        for area in np.flatnonzero(~self._safe(windows, there, values, hidden, width, lowest, slice(None))).tolist():
            own = hidden[:, area].copy()
            while not self._safe(windows, there[:, [area]], values[:, [area]], own[:, None], width, lowest,
                                 [area]).all():
                chosen = _next(windows, there[:, area] & ~own & (values[:, area] >= max(lowest, _SMALL)),
                               values[:, area])
                if chosen is None:
                    break
                own[chosen] = True
                found[windows[chosen].name][area] = True
        return {name: mask for name, mask in found.items() if mask.any()}

    def _safe(self, windows, there, values, hidden, width: float, lowest: float, areas) -> np.ndarray:
        """Say for each area whether no protected range is too narrow."""
        used, small = self.used[areas], self.small[areas]
        size = len(self.years) + 1
        most = np.full((len(used), size, size), np.inf)  # most[:, a, b]: S_b − S_a at most
        step = np.arange(size - 1)
        most[:, np.arange(size), np.arange(size)] = 0
        most[:, step + 1, step] = 0
        most[:, step, step + 1] = np.where(used, np.inf, 0)
        for k, window in enumerate(windows):
            a, b, shown = window.start, window.end, there[k] & ~hidden[k]
            most[:, a, b] = np.where(shown, np.minimum(most[:, a, b], values[k]), most[:, a, b])
            least = np.where(shown, values[k], np.where(hidden[k], lowest, 0))
            most[:, b, a] = np.minimum(most[:, b, a], -least)
        for k in range(size):
            most = np.minimum(most, most[:, :, [k]] + most[:, [k], :])
        safe = np.ones(len(used), bool)
        for k, window in enumerate(windows):
            wide = most[:, window.start, window.end] + most[:, window.end, window.start] >= width - _SMALL
            safe &= wide | ~hidden[k]
        wide = most[:, step, step + 1] + most[:, step + 1, step] >= width - _SMALL
        return safe & (wide | ~small).all(axis=1)


def _next(windows, candidates, values) -> int | None:
    """Return the sum to hide next: the smallest, of equal ones the earliest; the last year goes last."""
    numbers = np.flatnonzero(candidates)
    if not len(numbers):
        return None
    last = max(window.end for window in windows)
    return int(min(numbers, key=lambda k: (windows[k].end == last, values[k], windows[k].name)))
