"""Where a city fits best on a page: the largest scale at which it stays clear of legend and scale bar."""
from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

#: positions tried in each direction, and halvings of the scale
POSITIONS, HALVINGS = 17, 14


@dataclass(frozen=True)
class Box:
    """A rectangle on the page in mm; y grows downward."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Return the right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Return the lower edge."""
        return self.y + self.height


@dataclass(frozen=True)
class Fit:
    """A scale and the place of the shape's upper left corner.

    Attributes
    ----------
    denominator : float
        Scale 1 : denominator.
    x, y : float
        Upper left corner of the shape's bounding box in the frame, in mm.
    """

    denominator: float
    x: float
    y: float


def fit_shape(points: np.ndarray, metres: float, frame: tuple[float, float], blocked: list[Box],
              padding: float = 3.0) -> Fit | None:
    """Find the largest round scale at which a shape fits into a frame without touching what stands there.

    Parameters
    ----------
    points : ndarray, shape (n, 2)
        Outline of the shape in map units, dense enough that nothing passes between two points.
    metres : float
        Metres per map unit.
    frame : (width, height)
        In mm.
    blocked : list of Box
        What stands in the frame, in mm from its upper left corner.
    padding : float
        Clear space around the shape in mm.

    Returns
    -------
    Fit or None
        None when the shape finds no place.
    """
    low = points.min(axis=0)
    size = np.maximum(np.ptp(points, axis=0), 1e-9)
    shape = np.column_stack([points[:, 0] - low[0], low[1] + size[1] - points[:, 1]])
    room = np.asarray(frame, float) - 2 * padding
    if (room <= 0).any():
        return None
    largest = float((room / size).min())  # mm per map unit
    smallest = largest / 8
    if _places(shape * smallest, frame, blocked, padding) is None:
        return None
    best = largest
    if _places(shape * largest, frame, blocked, padding) is None:
        worst = largest
        best = smallest
        for _ in range(HALVINGS):
            middle = (best + worst) / 2
            if _places(shape * middle, frame, blocked, padding) is None:
                worst = middle
            else:
                best = middle
    for denominator in _round_scales(1000 * metres / best):
        place = _places(shape * (1000 * metres / denominator), frame, blocked, padding)
        if place is not None:
            return Fit(denominator, *place)
    return None


def round_scale(denominator: float) -> float:
    """Return the next smaller scale in steps of five in the third digit: 116 234 → 120 000, 152 900 → 155 000."""
    step = 5 * 10 ** (math.floor(math.log10(denominator)) - 2)
    return math.ceil(denominator / step - 1e-9) * step


def round_segment(denominator: float, width: float) -> float:
    """Return the kilometres per scale bar segment: the largest of 1, 2, 5, 10 … that two of fit into a width in mm."""
    kilometres = width / 2 * denominator / 1e6
    power = 10 ** math.floor(math.log10(kilometres))
    return next(digit * power for digit in (5, 2, 1) if digit * power <= kilometres * (1 + 1e-9))


def _round_scales(denominator: float) -> list[float]:
    first = round_scale(denominator)
    return [first, round_scale(first * 1.0001), round_scale(first * 1.1), round_scale(first * 1.25)]


def _places(shape: np.ndarray, frame, blocked: list[Box], padding: float) -> tuple[float, float] | None:
    """Return the place in the middle of all that are free."""
    free = np.asarray(frame, float) - 2 * padding - shape.max(axis=0)
    if (free < -1e-6).any():
        return None
    xs, ys = (padding + np.linspace(0, max(space, 0), POSITIONS) for space in free)
    taken = np.zeros((POSITIONS, POSITIONS), bool)
    for box in blocked:
        across = shape[None, :, 0] + xs[:, None]
        down = shape[None, :, 1] + ys[:, None]
        within_x = ((across > box.x - padding) & (across < box.right + padding)).astype(np.float32)
        within_y = ((down > box.y - padding) & (down < box.bottom + padding)).astype(np.float32)
        taken |= within_x @ within_y.T > 0
    i, j = np.nonzero(~taken)
    if not len(i):
        return None
    nearest = np.argmin((xs[i] - xs[i].mean()) ** 2 + (ys[j] - ys[j].mean()) ** 2)
    return float(xs[i[nearest]]), float(ys[j[nearest]])
