"""A bound on its way: snapped, kept between its neighbours, shown at once, and written into the recipe as one step."""
from __future__ import annotations

import math
from dataclasses import dataclass
from time import monotonic

import numpy as np
from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from ....core.class_editing import Basis, basis_of, sd_of, with_bound
from ....core.class_fit import gap_middles, round_number
from ....core.messages import TeilhabeError

#: what a moved bound snaps to
ROUND, GAPS, FREE = "round", "gaps", "free"
#: a gap is looked for within this part of the spread
_WINDOW = 0.015


@dataclass(frozen=True, eq=False)
class Scale:
    """Where bounds can stand.

    Attributes
    ----------
    spec : dict
        The classes before the movement.
    basis : Basis
    way : str
        `ROUND`, `GAPS` or `FREE`.
    """

    spec: dict
    basis: Basis
    way: str

    def _grid(self) -> tuple[float, float]:
        """Return origin and width of the grid; by standard deviations their multiples are round."""
        width = round_number(self.basis.spread / (100 if self.way == ROUND else 2000))
        if self.spec["method"] == "sd":
            mean, spread = sd_of(self.basis.scores, self.spec.get("ddof", 0))
            if spread > 0:
                return mean, spread * (0.05 if self.way == ROUND else 0.001)
        return 0.0, width

    def snapped(self, value: float) -> float:
        """Return the place next to a value where a bound can stand."""
        if self.way == GAPS:
            return self._gap(value)
        return self._on_grid(value)

    def _on_grid(self, value: float) -> float:
        origin, width = self._grid()
        return float(f"{origin + round((value - origin) / width) * width:.12g}")

    def _gap(self, value: float) -> float:
        """Return the middle of the widest gap near a value, written as plainly as its width allows."""
        places = np.unique(self.basis.scores[~np.isnan(self.basis.scores)])
        middles = gap_middles(places)
        if not len(middles):
            return self._on_grid(value)
        near = np.abs(middles - value)
        chosen = np.flatnonzero(near <= _WINDOW * self.basis.spread)
        gap = chosen[np.argmax(np.diff(places)[chosen])] if len(chosen) else int(np.argmin(near))
        return _plain_middle(float(places[gap]), float(places[gap + 1]))

    def stepped(self, value: float, direction: int, size: int) -> float:
        """Return the next place in a direction."""
        if self.way == GAPS:
            places = np.unique(self.basis.scores[~np.isnan(self.basis.scores)])
            middles = gap_middles(places)
            own = int(np.searchsorted(places, value, side="right")) - 1
            gap = own + direction * size
            if not len(middles):
                return value
            gap = min(max(gap, 0), len(middles) - 1)
            return _plain_middle(float(places[gap]), float(places[gap + 1]))
        _origin, width = self._grid()
        return self._on_grid(value + direction * size * width)

    def between(self, place: int, value: float) -> float:
        """Return the value, or the place nearest to it that lies between the neighbours of a bound."""
        bounds = self.basis.bounds
        low = bounds[place - 1] if place > 0 else -math.inf
        high = bounds[place + 1] if place + 1 < len(bounds) else math.inf
        _origin, width = self._grid()
        width = min(width, (high - low) / 4) if math.isfinite(high - low) else width
        there = self.basis.scores[~np.isnan(self.basis.scores)]
        ends = (float(there.min()), float(there.max())) if len(there) else (value, value)
        low = max(low + width, min(ends[0] - self.basis.spread * 0.3, bounds[place]))
        high = min(high - width, max(ends[1] + self.basis.spread * 0.3, bounds[place]))
        return min(max(value, low), high)


def _plain_middle(low: float, high: float) -> float:
    """Return a plain number near the middle of a gap."""
    middle = (low + high) / 2
    decimals = max(-math.floor(math.log10((high - low) / 4)), 0)
    plain = round(middle, decimals)
    return plain if low < plain < high else middle


class Movement(QObject):
    """The movement of one bound.

    Signals
    -------
    shown(bounds)
        The bounds as they are now.
    written(spec)
        To be written into the recipe.
    """

    shown = pyqtSignal(object)
    written = pyqtSignal(object)

    def __init__(self, parent=None):
        super().__init__(parent)
        self.scale: Scale | None = None
        self.place, self.value = -1, 0.0
        self.spec: dict | None = None
        self.pause = QTimer(self)
        self.pause.setSingleShot(True)
        self.pause.timeout.connect(self.write)
        self.took = 0.0

    @property
    def is_going(self) -> bool:
        """Say whether a bound is being moved."""
        return self.scale is not None

    def begin(self, place: int, scale: Scale) -> None:
        """Take a bound."""
        self.scale, self.place, self.spec = scale, place, None
        self.value = scale.basis.bounds[place]

    def move(self, value: float) -> None:
        """Draw it to a value."""
        self._go(self.scale.snapped(value))

    def step(self, direction: int, size: int) -> None:
        """Move it by a step."""
        self._go(self.scale.stepped(self.value, direction, size))

    def _go(self, value: float) -> None:
        value = self.scale.between(self.place, value)
        if value == self.value:
            return
        try:
            spec = with_bound(self.scale.spec, self.place, value, self.scale.basis)
        except TeilhabeError:
            return  # where its neighbours leave no room it stays
        self.value, self.spec = value, spec
        self.shown.emit(basis_of(self.scale.basis.scores, spec).bounds)
        if not self.pause.isActive():
            # the next write waits as long as the last one took, so that the bound itself never lags behind the mouse
            self.pause.start(int(1000 * self.took))

    def write(self) -> None:
        """Write what was moved so far."""
        self.pause.stop()
        if self.spec is not None:
            start, spec = monotonic(), self.spec
            self.spec = None
            self.written.emit(spec)
            self.took = min(monotonic() - start, 0.5)

    def end(self, is_kept: bool) -> None:
        """Let it go; unless it is kept, the classes are written as they were."""
        if not self.is_going:
            return
        if is_kept:
            self.write()
        else:
            self.pause.stop()
            self.spec = None
            self.written.emit(self.scale.spec)
        self.scale = None

    def drop(self) -> None:
        """Forget the movement: what it was about is not there any more."""
        self.pause.stop()
        self.scale = self.spec = None
