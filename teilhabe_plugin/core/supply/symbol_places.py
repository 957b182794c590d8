"""Symbols of a printed map moved apart until none hides another, and a free place for the number of each.

Everything is in millimetres on the page; y grows upward. The same input gives the same places.
"""
from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

#: rounds of pushing, and how much of its way home a symbol goes in each of the first ones
ROUNDS, PULL = 400, 0.04
_GOLDEN = 2.399963
#: where a number is tried, in this order: right above, right, right below, above, below, left …
_DIRECTIONS = np.array([(1, 0), (.7, .7), (.7, -.7), (0, 1), (0, -1), (-.7, .7), (-.7, -.7), (-1, 0)], dtype=float)
_DISTANCES = (0.25, 1.0, 1.9)


def move_apart(x, y, radius, gap: float = 0.3, farthest: float = 15.0,
               rounds: int = ROUNDS) -> tuple[np.ndarray, np.ndarray]:
    """Return how far each symbol moves to the right and upward so that no two of them overlap.

    Parameters
    ----------
    x, y : ndarray, shape (n,)
        Where the symbols belong.
    radius : ndarray, shape (n,)
        Half their size.
    gap : float
        Free space between two symbols.
    farthest : float
        No symbol goes farther; where that is too little for all, some still overlap.
    rounds : int
        Fewer of them give a rough idea soon.
    """
    home = np.column_stack([x, y]).astype(float)
    radius = np.asarray(radius, dtype=float)
    at = home.copy()
    if len(home) < 2:
        return np.zeros(len(home)), np.zeros(len(home))
    reach = 2 * radius.max() + gap
    for turn in range(rounds):
        pairs = cKDTree(at).query_pairs(reach, output_type="ndarray")
        first, second = pairs[:, 0], pairs[:, 1]
        between = at[second] - at[first]
        distance = np.hypot(*between.T)
        short = radius[first] + radius[second] + gap - distance
        close = short > 1e-3
        if not close.any() and turn > rounds // 2:
            break
        first, second, between, distance, short = (each[close] for each in (first, second, between, distance, short))
        same = distance < 1e-9
        turned = (first + second * 7.0) * _GOLDEN
        direction = np.where(same[:, None], np.column_stack([np.cos(turned), np.sin(turned)]),
                             between / np.maximum(distance, 1e-9)[:, None])
        push = direction * (short * 0.5 * 0.9)[:, None]
        if turn < rounds // 2:
            at += (home - at) * PULL
        for axis in range(2):
            np.add.at(at[:, axis], second, push[:, axis])
            np.subtract.at(at[:, axis], first, push[:, axis])
        way = at - home
        length = np.hypot(*way.T)
        at = np.where((length > farthest)[:, None], home + way * (farthest / np.maximum(length, 1e-9))[:, None], at)
    moved = at - home
    still = np.hypot(*moved.T) < 0.05
    moved[still] = 0.0
    return moved[:, 0], moved[:, 1]


def overlaps(x, y, radius) -> int:
    """Return how many pairs of symbols overlap."""
    at, radius = np.column_stack([x, y]), np.asarray(radius, dtype=float)
    if len(at) < 2:
        return 0
    pairs = cKDTree(at).query_pairs(2 * radius.max(), output_type="ndarray")
    distance = np.hypot(*(at[pairs[:, 0]] - at[pairs[:, 1]]).T)
    return int((distance < radius[pairs[:, 0]] + radius[pairs[:, 1]] - 0.05).sum())


def place_numbers(x, y, radius, width, height: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the middle of each symbol's number, seen from the symbol's own middle; NaN where there is no room.

    Parameters
    ----------
    x, y, radius : ndarray, shape (n,)
        Symbols as they are drawn.
    width : ndarray, shape (n,)
        Width of each number.
    height : float
    """
    x, y, radius = (np.asarray(each, dtype=float) for each in (x, y, radius))
    width = np.asarray(width, dtype=float)
    n = len(x)
    found_x, found_y = np.full(n, np.nan), np.full(n, np.nan)
    if not n:
        return found_x, found_y
    tree = cKDTree(np.column_stack([x, y]))
    reach = 2 * radius.max() + 2 * max(_DISTANCES) + 2 * width.max() + height
    near = tree.query_ball_point(np.column_stack([x, y]), reach)
    crowded = sorted(range(n), key=lambda i: (-len(near[i]), i))
    boxes = np.full((n, 4), np.nan)
    for i in crowded:
        others = np.array([j for j in near[i] if j != i], dtype=int)
        for distance in _DISTANCES:
            place = _first_free(i, distance, others, x, y, radius, width, height, boxes)
            if place is not None:
                found_x[i], found_y[i] = place
                cx, cy = x[i] + place[0], y[i] + place[1]
                boxes[i] = cx - width[i] / 2, cy - height / 2, cx + width[i] / 2, cy + height / 2
                break
    return found_x, found_y


def _first_free(i, distance, others, x, y, radius, width, height, boxes):
    for ux, uy in _DIRECTIONS:
        dx = ux * (radius[i] + distance) + np.sign(round(ux, 1)) * width[i] / 2
        dy = uy * (radius[i] + distance) + np.sign(round(uy, 1)) * height / 2
        left, right = x[i] + dx - width[i] / 2, x[i] + dx + width[i] / 2
        low, high = y[i] + dy - height / 2, y[i] + dy + height / 2
        if len(others):
            away_x = np.maximum(np.maximum(left - x[others], x[others] - right), 0)
            away_y = np.maximum(np.maximum(low - y[others], y[others] - high), 0)
            if (np.hypot(away_x, away_y) < radius[others]).any():
                continue
            theirs = boxes[others]
            hit = (theirs[:, 0] < right) & (theirs[:, 2] > left) & (theirs[:, 1] < high) & (theirs[:, 3] > low)
            if hit.any():
                continue
        return dx, dy
    return None
