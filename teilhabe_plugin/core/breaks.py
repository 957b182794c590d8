"""Class bounds from the scores themselves: quantiles, equal steps, natural breaks, head/tail, equal counts by rank."""
from __future__ import annotations

import numpy as np

#: type of quantile as R numbers them (Hyndman & Fan 1996) → where it lies: for 1–3 the shift of the rank n·p, for 4–9
#: the constants a and b of the rank a + p·(n + 1 − a − b)
_POSITIONS = {
    1: (0, 0), 2: (0, 0), 3: (-0.5, 0), 4: (0, 1), 5: (0.5, 0.5), 6: (0, 0), 7: (1, 1), 8: (1 / 3, 1 / 3),
    9: (3 / 8, 3 / 8),
}
QUANTILE_TYPES = tuple(_POSITIONS)
#: ranks nearer than this to a whole number are whole: 0.3 · 10 is not quite 3 in floating point
_FUZZ = 1e-9


def sd_bounds(scores: np.ndarray, multiples, ddof: int = 0) -> np.ndarray:
    """Return mean + k · standard deviation for each multiple k.

    Parameters
    ----------
    scores : ndarray, shape (n,)
        NaN is left out.
    multiples : sequence of float
        Ascending multiples of the standard deviation.
    ddof : {0, 1}
        0 for the population's standard deviation, 1 for the sample's.

    Returns
    -------
    ndarray
        NaN for equal scores, and for a single score and ddof 1.
    """
    there = _there(scores)
    with np.errstate(over="ignore"):
        spread = np.std(there, ddof=ddof) if len(there) > ddof else np.nan
    if np.ptp(there) <= 1e-12 * np.abs(there).max():
        spread = np.nan
    return there.mean() + np.asarray(multiples, float) * spread


def quantile_bounds(scores: np.ndarray, count: int, kind: int = 7) -> np.ndarray:
    """Return the inner bounds of ``count`` classes of about equal size; equal scores always share a class.

    ``kind`` is the type of quantile, 1–9 (Hyndman & Fan 1996, The American Statistician 50).
    """
    ordered = np.sort(_there(scores))
    shares, size = np.arange(1, count) / count, len(ordered)
    a, b = _POSITIONS[kind]
    position = a + shares * (size + 1 - a - b) if kind > 3 else size * shares + a
    below = np.floor(position + _FUZZ)
    rest = position - below
    rest[np.abs(rest) < _FUZZ] = 0
    if kind == 1:
        rest = (rest > 0).astype(float)
    elif kind == 2:
        rest = np.where(rest > 0, 1, 0.5)
    elif kind == 3:
        rest = ((rest != 0) | (below % 2 == 1)).astype(float)
    lower, upper = (ordered[np.clip(each, 1, size).astype(int) - 1] for each in (below, below + 1))
    # a quantile that is a score must be exactly that score, or the score would change class
    return np.where(rest == 1, upper, np.minimum(lower + rest * (upper - lower), upper))


def rank_bounds(scores: np.ndarray, count: int) -> np.ndarray:
    """Return bounds so that class k ends with rank ⌈k·n/count⌉; ties across a bound stay together below it."""
    ordered = np.sort(_there(scores))
    ends = np.ceil(np.arange(1, count) * len(ordered) / count).astype(int)
    return ordered[np.maximum(ends, 1) - 1]


def equal_bounds(scores: np.ndarray, count: int) -> np.ndarray:
    """Return the inner bounds of ``count`` classes of equal width between the lowest and the highest score."""
    return np.linspace(np.nanmin(scores), np.nanmax(scores), count + 1)[1:-1]


def head_tail_bounds(scores: np.ndarray, count: int, share: float = 0.4) -> np.ndarray:
    """Return the head/tail breaks: again and again the mean of what lies above the last mean.

    Stops where the head is more than ``share`` of its part or after ``count`` classes; there may be fewer bounds
    (Jiang 2013, The Professional Geographer 65).
    """
    part, bounds = _there(scores), []
    while len(bounds) < count - 1 and len(part) > 1:
        mean = part.mean()
        head = part[part > mean]
        if not len(head):
            break
        bounds.append(mean)
        if len(head) / len(part) > share:
            break
        part = head
    return np.array(bounds)


def natural_breaks(scores: np.ndarray, count: int) -> np.ndarray:
    """Return the exact natural breaks (Fisher 1958; Jenks): the least sum of squares within the classes.

    A bound is the highest score of the class below it. Of equally good solutions the one with the lowest bounds is
    taken, so the result does not depend on the order of the areas.

    Notes
    -----
    Dynamic programme over the distinct scores, solved by divide and conquer on the monotone positions of the optimum:
    O(k · n · log n) for n distinct scores and k classes.
    """
    values, weights = np.unique(_there(scores), return_counts=True)
    count = min(count, len(values))
    centred = values - values.mean()  # keeps the sums of squares small where the scores are far from 0
    centred = centred / (np.abs(centred).max() or 1)
    ones = np.concatenate([[0], np.cumsum(weights)]).astype(float)
    sums = np.concatenate([[0], np.cumsum(weights * centred)])
    squares = np.concatenate([[0], np.cumsum(weights * centred**2)])

    def cost(start, end):
        """Return the sum of squares of the distinct scores start … end − 1."""
        size = ones[end] - ones[start]
        return np.maximum(squares[end] - squares[start] - (sums[end] - sums[start]) ** 2 / size, 0)

    ends = np.arange(1, len(values) + 1)
    best = cost(np.zeros_like(ends), ends)
    starts = []
    for part in range(2, count + 1):
        best, start = _next_layer(best, cost, part, len(values))
        starts.append(start)
    bounds, end = [], len(values)
    for start in reversed(starts):
        end = start[end - 1]
        bounds.append(values[end - 1])
    return np.array(bounds[::-1])


def _next_layer(before: np.ndarray, cost, part: int, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the least cost of ``part`` classes over the first 1 … n scores, and where the last class starts.

    All middles of one level of the recursion are solved in one vector operation.
    """
    best, start = np.full(size, np.inf), np.zeros(size, int)
    # an interval: ends first … last (positions of the last score), starts low … high
    first, last, low, high = (np.array([edge]) for edge in (part - 1, size - 1, part - 1, size - 1))
    while len(first):
        middle = (first + last) // 2
        top = np.minimum(high, middle)
        lengths = top - low + 1
        offsets = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        owner = np.repeat(np.arange(len(middle)), lengths)
        candidates = np.arange(lengths.sum()) - offsets[owner] + low[owner]
        costs = before[candidates - 1] + cost(candidates, middle[owner] + 1)
        least = np.minimum.reduceat(costs, offsets)
        is_least = np.flatnonzero(costs <= least[owner] + 1e-12 * np.abs(least[owner]))
        _, firsts = np.unique(owner[is_least], return_index=True)
        chosen = candidates[is_least[firsts]]
        best[middle], start[middle] = least, chosen
        left, right = first < middle, middle < last
        first, last, low, high = (
            np.concatenate([first[left], middle[right] + 1]), np.concatenate([middle[left] - 1, last[right]]),
            np.concatenate([low[left], chosen[right]]), np.concatenate([chosen[left], high[right]]),
        )
    return best, start


def _there(scores: np.ndarray) -> np.ndarray:
    return scores[~np.isnan(scores)]
