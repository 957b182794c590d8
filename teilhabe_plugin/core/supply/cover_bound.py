"""Maximal covering: good choices by greedy and interchange, a Lagrangian bound, sites that it decides."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from ..messages import check_cancelled

_STEPS = 600
#: steps at which the sites with most income are improved by interchange, whatever they cover
_TRY_AT = (25, 60, 120, 200, 300)


@dataclass(frozen=True, eq=False)
class Bounded:
    """A choice, its value, what no choice exceeds, and the sites that are still open to question.

    `fixed` are sites of every better choice, `free` may or may not be in one; the others are in none.
    """

    chosen: np.ndarray
    value: float
    bound: float
    fixed: np.ndarray
    free: np.ndarray


def value_of(groups: sparse.csr_matrix, weight: np.ndarray, chosen) -> float:
    """Return the weight that chosen sites cover."""
    return float(weight[_times(groups, chosen) > 0].sum()) if len(chosen) else 0.0


def greedy(groups: sparse.csr_matrix, weight: np.ndarray, p: int) -> np.ndarray:
    """Return the sites that one takes by always adding the one with most weight not yet covered."""
    left, chosen, by_site = weight.astype(float).copy(), [], groups.tocsc()
    for _step in range(min(p, groups.shape[1])):
        gain = by_site.T @ left
        gain[chosen] = -1.0
        site = int(np.argmax(gain))
        if gain[site] <= 0:
            break
        chosen.append(site)
        left[by_site.indices[by_site.indptr[site] : by_site.indptr[site + 1]]] = 0.0
    return np.array(chosen, dtype=np.int64)


def interchange(groups: sparse.csr_matrix, weight: np.ndarray, chosen: np.ndarray, cancelled=None) -> np.ndarray:
    """Swap one chosen site for another as long as that covers more."""
    by_site = groups.tocsc()
    chosen = np.array(chosen, dtype=np.int64)
    while len(chosen):
        check_cancelled(cancelled)
        times = _times(groups, chosen)
        own = by_site[:, chosen]
        alone = sparse.diags(weight * (times == 1))
        gain = by_site.T @ (weight * (times == 0))
        loss = np.asarray((alone @ own).sum(axis=0)).ravel()
        profit = gain[:, None] - loss[None, :] + (by_site.T @ (alone @ own)).toarray()
        profit[chosen] = -np.inf
        best = int(np.argmax(profit))
        if not profit.flat[best] > 1e-9 * max(1.0, weight.sum()):
            break
        chosen[best % len(chosen)] = best // len(chosen)
    return np.sort(chosen)


def bounded(groups: sparse.csr_matrix, weight: np.ndarray, p: int, until: float, cancelled=None) -> Bounded:
    """Return a choice of p sites with a bound by Lagrangian relaxation (Galvão and ReVelle 1996).

    Every group may offer its sites a price up to its weight; what the p best sites collect, together with what the
    groups keep for themselves, is a bound. A site that even then could not lift a choice above the one that is known
    is in none; one without which no choice could is in all.
    """
    p = min(p, groups.shape[1])
    chosen = interchange(groups, weight, greedy(groups, weight, p), cancelled)
    value = value_of(groups, weight, chosen)
    # whole people: a better choice has at least one more
    step_up = 1.0 - 1e-6 if np.array_equal(weight, np.round(weight)) else 1e-9 * max(1.0, value)
    n_sites = groups.shape[1]
    by_site = groups.T.tocsr()
    price = weight / np.maximum(np.diff(groups.indptr), 1)
    bound, pace, since = np.inf, 1.0, 0
    trend = np.zeros(len(weight))
    out, always = np.zeros(n_sites, dtype=bool), np.zeros(n_sites, dtype=bool)
    for turn in range(_STEPS):
        if turn % 20 == 0:
            check_cancelled(cancelled)
        income = by_site @ price
        order = np.argsort(-income, kind="stable")
        now = float((weight - price).sum() + income[order[:p]].sum())
        worst_in = income[order[p - 1]]
        best_out = income[order[p]] if p < n_sites else 0.0
        inside = np.zeros(n_sites, dtype=bool)
        inside[order[:p]] = True
        out |= ~inside & (now - worst_in + income < value + step_up)
        always |= inside & (now - income + best_out < value + step_up)
        bound, since = (now, 0) if now < bound - 1e-9 * abs(bound if np.isfinite(bound) else 1) else (bound, since + 1)
        times = _times(groups, order[:p])
        total = float(weight[times > 0].sum())
        if turn in _TRY_AT or total > value:
            other = interchange(groups, weight, order[:p], cancelled)
            total = value_of(groups, weight, other)
        if total > value:
            chosen, value = other, total
        if bound < value + step_up or time.monotonic() > until:
            break
        direction = np.where(((times > 1) & (price <= 0)) | ((times == 0) & (price >= weight)), 0.0, 1.0 - times)
        trend = direction + 0.6 * trend
        direction = trend
        length = float((direction**2).sum())
        if not length:
            break
        if since >= 12:
            pace, since = pace / 1.6, 0
            if pace < 1e-3:
                break
        price = np.clip(price + pace * max(now - value, step_up) / length * direction, 0.0, weight)
    if bound < value + step_up:
        bound = value
    # the choice itself may use sites that were ruled out while it was not yet known: it is kept beside them
    return Bounded(chosen, value, bound, np.flatnonzero(always & ~out), np.flatnonzero(~always & ~out))


def _times(groups, chosen) -> np.ndarray:
    marked = np.zeros(groups.shape[1])
    marked[chosen] = 1.0
    return groups @ marked
