"""What many runs say about each area: its rank and its class, and how sure they are."""
from __future__ import annotations

import numpy as np
from scipy.stats import rankdata

from .classes import METHODS, assign
from .recipe import Node


def ranks(scores: np.ndarray, highest_first: bool = True) -> np.ndarray:
    """Return ranks per run; equal scores share the best of their ranks, an area without score has rank 0.

    Parameters
    ----------
    scores : ndarray, shape (areas, runs)
    highest_first : bool
        True: rank 1 for the highest score.

    Returns
    -------
    ndarray of int32, shape (areas, runs)
    """
    rows = np.ascontiguousarray(scores.T)
    rows = -rows if highest_first else rows
    order = np.argsort(rows, axis=1)  # NaN last
    in_order = np.take_along_axis(rows, order, axis=1)
    result = np.empty(rows.shape, np.int32)
    np.put_along_axis(result, order, np.arange(1, rows.shape[1] + 1, dtype=np.int32)[None, :], axis=1)
    for r in np.flatnonzero((in_order[:, 1:] == in_order[:, :-1]).any(axis=1)):
        there = ~np.isnan(rows[r])
        result[r, there] = rankdata(rows[r, there], method="min")
    result[np.isnan(rows)] = 0
    return result.T


#: ways to standardise that lead to the same scale whatever they are fed with
_SAME_SCALE = ("z", "robust_z", "standard", "minmax", "rank", "percentile", "exponential")


def has_scale_of_its_own(node: Node) -> bool:
    """Say whether the node's scores are on the same scale whichever methods are used below it."""
    return node.standardise is not None and node.standardise[0] in _SAME_SCALE


class ClassCounter:
    """Counts, run by run, which class each area falls into.

    Parameters
    ----------
    node : Node
        With classes.
    base : ndarray, shape (areas,)
        Scores of the recipe itself; its classes are what the others are compared with.

    Notes
    -----
    Bounds that follow from the scores are found anew in every run. Fixed bounds are numbers on the recipe's own scale:
    where a run has other methods, and the node is not standardised to a scale, they are carried over by mean
    and spread.
    """

    def __init__(self, node: Node, base: np.ndarray):
        self.node, self.spec = node, node.classes
        self.size = len(node.classes["classes"])
        self.counts = np.zeros((len(base), self.size), np.int64)
        self._mean, self._spread = np.nanmean(base), np.nanstd(base)

    def add(self, scores: np.ndarray, own_methods: bool, reference: np.ndarray | None = None) -> None:
        """Count the classes of these runs.

        Parameters
        ----------
        scores : ndarray, shape (areas, runs)
        own_methods : bool
            True when the runs use the recipe's methods.
        reference : ndarray, shape (areas of the reference year, runs), optional
            Scores that the bounds are taken from.
        """
        basis = scores if reference is None else reference
        method = self.spec["method"]
        if method == "sd" and not np.isnan(basis).any():
            middle, spread = basis.mean(axis=0), basis.std(axis=0, ddof=self.spec.get("ddof", 0))
            bounds = middle[None, :] + np.asarray(self.spec["bounds"], float)[:, None] * spread[None, :]
        elif method == "fixed" and (own_methods or has_scale_of_its_own(self.node)):
            bounds = np.repeat(np.asarray(self.spec["bounds"], float)[:, None], scores.shape[1], axis=1)
        elif method == "fixed":
            scaled = (np.asarray(self.spec["bounds"], float) - self._mean) / self._spread
            bounds = np.nanmean(scores, axis=0) + scaled[:, None] * np.nanstd(scores, axis=0)
        else:
            self._add_run_by_run(scores, basis)
            return
        positions = np.zeros(scores.shape, np.int8)
        for bound in bounds:
            positions += scores > bound
        there = ~np.isnan(scores)
        for position in range(self.size):
            self.counts[:, position] += ((positions == position) & there).sum(axis=1)

    def _add_run_by_run(self, scores: np.ndarray, basis: np.ndarray) -> None:
        for r in range(scores.shape[1]):
            if np.isnan(basis[:, r]).all():
                continue
            bounds = METHODS[self.spec["method"]].bounds(basis[:, r], self.size, self.spec)
            positions = assign(scores[:, r], np.asarray(bounds, float))
            there = np.flatnonzero(positions >= 0)
            self.counts[there, positions[there]] += 1

    def shares(self) -> np.ndarray:
        """Return the share of the runs with a score that gave each class, shape (areas, classes)."""
        totals = self.counts.sum(axis=1, keepdims=True)
        with np.errstate(invalid="ignore"):
            return self.counts / totals


def rank_interval(table: np.ndarray, level: float = 0.9) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return median, lower and upper end of each area's rank over the runs; NaN for an area that never had one.

    Parameters
    ----------
    table : ndarray of int, shape (areas, runs)
        From `ranks`; 0 is no rank.
    level : float
        0.9: from the 5th to the 95th percentile. The ends are ranks that occurred, the interval is not narrower.
    """
    median, low, high = (np.full(len(table), np.nan) for _ in range(3))
    ways = ((median, 0.5, "linear"), (low, (1 - level) / 2, "lower"), (high, (1 + level) / 2, "higher"))
    complete = (table > 0).all(axis=1)
    if complete.any():
        inside = table if complete.all() else table[complete]
        for out, share, method in ways:
            out[complete] = np.quantile(inside, share, axis=1, method=method)
    for i in np.flatnonzero(~complete):
        found = table[i][table[i] > 0]
        if len(found):
            for out, share, method in ways:
                out[i] = np.quantile(found, share, method=method)
    return median, low, high
