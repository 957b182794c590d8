"""What the charts over the years have in common: a frame with years below and numbers at the left."""
from __future__ import annotations

import numpy as np
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator

from ....bridge.legend_text import number_text
from ..diagnostics.canvas import PixelChart
from ..why.look import Look, text

#: pixels above the frame
TOP = 20


class YearChart(PixelChart):
    """A chart with the years along its lower edge; the year that is looked at stands out.

    Attributes
    ----------
    years : tuple of int
    year : int or None
    """

    def __init__(self, parent=None):
        super().__init__(parent)
        self.years, self.year, self.axes = (), None, None
        self.floor = 0.0

    def frame_axes(self, width: float, height: float, look: Look, values, right: float = 14, names=(),
                   low: float | None = None):
        """Return axes that hold the values, with their grid and the years.

        Parameters
        ----------
        values : array
            Everything that is to be seen.
        right : float
            Pixels right of the frame.
        names : sequence of str
            What the values 0, 1 … are called.
        low : float, optional
            The scale begins here.
        """
        known = np.asarray(values, float)
        known = known[np.isfinite(known)]
        least, most = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
        least = least if low is None else min(low, least)
        space = (most - least) * 0.05 or 0.5
        least, most = (least - space if low is None else least), most + space
        if names:
            least, most = -0.4, len(names) - 0.6
            ticks, labels = list(range(len(names))), [look.fitted(name, width * 0.24) for name in names]
        else:
            steps = MaxNLocator(max(3, min(7, int(height / 45))), steps=[1, 2, 2.5, 5, 10]).tick_values(least, most)
            ticks = [round(float(step), 10) for step in steps if least <= step <= most]
            digits = max((_digits(step) for step in ticks), default=0)
            labels = [number_text(step, digits) for step in ticks]
        left = max((look.width(label) for label in labels), default=20) + 14
        bottom = look.height + 14
        self.floor = height - bottom
        axes = self.axes = self.box(left, TOP, width - left - right, height - TOP - bottom)
        axes.set_ylim(least, most)
        first, last = self.years[0], self.years[-1]
        axes.set_xlim(first - 0.15, last + 0.15)
        axes.yaxis.set_major_locator(FixedLocator(ticks))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda _value, place: labels[place] if place is not None else ""))
        axes.tick_params(length=0)
        axes.grid(axis="y", color=look.line, linewidth=0.6)
        axes.set_axisbelow(True)
        axes.spines["left"].set_visible(False)
        axes.xaxis.set_major_locator(FixedLocator([]))
        self._years(width, height, look)
        return axes

    def _years(self, width, height, look: Look) -> None:
        plane = self.plane()
        room = look.width("2000") + 8
        if self.year in self.years:
            self.axes.axvline(self.year, color=look.ink, linewidth=0.9, linestyle=(0, (2, 3)), zorder=1)
        shown: list[float] = []
        order = [year for year in (self.year,) if year in self.years]
        order += [year for year in (self.years[-1], self.years[0], *self.years[::-1]) if year not in order]
        for year in order:
            x, _y = self.place_of(self.axes, year, self.axes.get_ylim()[0])
            if any(abs(x - other) < room for other in shown):
                continue
            shown.append(x)
            is_now = year == self.year
            text(plane, min(x, width - room / 2), height - look.height / 2 - 5, str(year), look, ha="center",
                 weight="bold" if is_now else "normal", color=look.ink if is_now else look.quiet)

    def year_at(self, x: float) -> int | None:
        """Return the year nearest to a place."""
        if self.axes is None or not self.years:
            return None
        places = [self.place_of(self.axes, year, 0)[0] for year in self.years]
        return self.years[int(np.argmin(np.abs(np.array(places) - x)))]


def apart(heights: list[float], least: float, low: float, high: float) -> list[float]:
    """Return heights moved apart so that labels of this height do not overlap, within two limits where they fit."""
    if not heights:
        return []
    order = np.argsort(heights, kind="stable")
    placed = np.array(heights, float)[order]
    for k in range(1, len(placed)):
        placed[k] = max(placed[k], placed[k - 1] + least)
    placed[-1] = min(placed[-1], high)
    for k in range(len(placed) - 2, -1, -1):
        placed[k] = min(placed[k], placed[k + 1] - least)
    placed += max(low - placed[0], 0)
    found = np.empty(len(placed))
    found[order] = placed
    return found.tolist()


def _digits(value: float) -> int:
    return len(f"{value:.6f}".rstrip("0").partition(".")[2])
