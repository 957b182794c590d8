"""The symbols of a printed supply map on paper: how large, how far moved, and where their numbers stand."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from qgis.core import QgsCoordinateTransform, QgsPointXY

from ..core.supply.symbol_places import ROUNDS, move_apart, overlaps, place_numbers
from .map_labels import POINT, text_width
from .offer_map_rows import MEASURE, MapRows
from .offer_map_style import NUMBER_SIZE
from .offer_symbols import FRAME, RING

#: with more symbols than this numbers stand only where there is room, in smaller letters
MANY, SMALL_NUMBER = 450, 4.5
#: free space in mm that symbols leave for the numbers
ROOM = 0.55
#: part of a symbol's size that it fills from its middle outward
FILLED = 0.47
#: symbols are drawn smaller until nine out of ten stay this near to their place, but not smaller than that (mm)
NEAR, LEAST = 2.0, 0.9
_FACTORS = (1.0, 0.85, 0.72, 0.6, 0.5, 0.42, 0.35, 0.3)


@dataclass(frozen=True)
class Placed:
    """Where symbols and numbers stand, in mm from their places; y grows downward.

    Attributes
    ----------
    moved, numbers : dict
        ``symbol_nr`` → (right, down); only what is moved, and only numbers that have room.
    overlapping : int
        Pairs of symbols that still overlap.
    """

    moved: dict[int, tuple[float, float]]
    numbers: dict[int, tuple[float, float]]
    overlapping: int


@dataclass(frozen=True, eq=False)
class Symbols:
    """The symbols of a map.

    Attributes
    ----------
    keys : ndarray of int
        Their ``symbol_nr``.
    x, y : ndarray
        In the map's coordinates.
    radius : ndarray
        In mm, for symbols as large as their fields say.
    width : ndarray
        Width of each number in mm.
    smallest : float
        Size of the smallest symbol in mm.
    """

    keys: np.ndarray
    x: np.ndarray
    y: np.ndarray
    radius: np.ndarray
    width: np.ndarray
    smallest: float

    @classmethod
    def of(cls, rows: MapRows, to_map: QgsCoordinateTransform) -> Symbols:
        """Return the symbols of all rows that have a place."""
        placed = rows.frame[rows.placed]
        turned = [to_map.transform(QgsPointXY(x, y)) for x, y in zip(placed["x"], placed["y"])]
        size = placed["groesse"].to_numpy(float)
        wider = np.where(placed["kind_of"] == MEASURE, FRAME * 1.12, np.where(placed["rough"], RING, 1.0))
        letters = NUMBER_SIZE if len(placed) <= MANY else SMALL_NUMBER
        width = np.array([text_width(str(number), letters) + 0.45 for number in placed["nr_karte"]])
        return cls(placed["symbol_nr"].to_numpy(int), np.array([point.x() for point in turned]),
                   np.array([point.y() for point in turned]), size * FILLED * wider, width, float(size.min()))

    @property
    def number_size(self) -> float:
        """Return the size of the numbers in points."""
        return NUMBER_SIZE if len(self.keys) <= MANY else SMALL_NUMBER

    def factor(self, unit: float) -> float:
        """Return how much smaller the symbols are drawn where they are many, for so many mm per map unit."""
        usable = [factor for factor in _FACTORS if factor == 1 or self.smallest * factor >= LEAST]
        for factor in usable:
            dx, dy = self._apart(unit, factor, 100)
            if np.quantile(np.hypot(dx, dy), 0.9) <= NEAR:
                return factor
        return usable[-1]

    def placed(self, unit: float, factor: float, apart: bool) -> Placed:
        """Return the places of symbols and numbers; without `apart` the symbols stay where they lie."""
        dx, dy = self._apart(unit, factor) if apart else (np.zeros(len(self.x)), np.zeros(len(self.x)))
        at_x, at_y, radius = self.x * unit + dx, self.y * unit + dy, self.radius * factor
        left = overlaps(at_x, at_y, radius) if apart else 0
        number_x, number_y = place_numbers(at_x, at_y, radius, self.width, self.number_size * POINT * 0.86)
        moved = {int(key): (a, -b) for key, a, b in zip(self.keys, dx, dy) if a or b}
        numbers = {int(key): (a + c, -(b + d)) for key, a, b, c, d in zip(self.keys, dx, dy, number_x, number_y)
                   if np.isfinite(c)}
        return Placed(moved, numbers, left)

    def _apart(self, unit: float, factor: float, rounds: int = ROUNDS):
        room = ROOM if len(self.x) <= MANY else 0.0
        return move_apart(self.x * unit, self.y * unit, self.radius * factor + room, 0.3 if factor == 1 else 0.1,
                          rounds=rounds)
