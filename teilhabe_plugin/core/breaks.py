"""Class bounds from the scores themselves: quantiles, equal steps, natural breaks, head/tail, equal counts by rank."""
from __future__ import annotations

import numpy as np

#: quantile type as R numbers them (Hyndman & Fan 1996) → numpy's name
QUANTILE_TYPES = {
    1: "inverted_cdf", 2: "averaged_inverted_cdf", 3: "closest_observation", 4: "interpolated_inverted_cdf",
    5: "hazen", 6: "weibull", 7: "linear", 8: "median_unbiased", 9: "normal_unbiased",
}


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
    """
    return np.nanmean(scores) + np.asarray(multiples, float) * np.nanstd(scores, ddof=ddof)


def quantile_bounds(scores: np.ndarray, count: int, kind: int = 7) -> np.ndarray:
    """Return the inner bounds of ``count`` classes of about equal size; equal scores always share a class.

    ``kind`` is the type of quantile, 1–9 (Hyndman & Fan 1996, The American Statistician 50).
    """
    values, shares = _there(scores), np.arange(1, count) / count
    if kind == 3:
        return _nearest_even(np.sort(values), shares)
    return np.quantile(values, shares, method=QUANTILE_TYPES[kind])


def _nearest_even(ordered: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Return type 3, the value at the nearest rank, of two the even one; numpy before 2.0 takes the odd one."""
    position = len(ordered) * shares
    below = np.floor(position - 0.5 + 1e-9)
    on_rank = np.abs(position - 0.5 - below) < 1e-9
    ranks = np.where(on_rank & (below % 2 == 0), below, below + 1)
    return ordered[np.clip(ranks, 1, len(ordered)).astype(int) - 1]


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
