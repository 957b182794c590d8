"""The histogram of the scores in their classes' colours; bounds, counts and marks are redrawn without the rest."""
from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from matplotlib.collections import LineCollection, PolyCollection
from qgis.PyQt.QtGui import QPalette

from ....bridge.class_colours import ink_on
from ....bridge.legend_text import count_text, number_text
from ....core.class_fit import round_number
from ....core.classes import assign
from ....translation import tr
from ..chart import ACCENT, NEUTRAL, SELECTED, Chart, emptied

#: below the bars: where each area is marked, as parts of the highest bar
RUG = (-0.105, -0.035)
#: width of a count or a bound's value in characters, and room between two of them
_PAD = 8


@dataclass(frozen=True, eq=False)
class Bars:
    """What the histogram shows.

    Attributes
    ----------
    scores : ndarray, shape (areas,)
    bounds : tuple of float
        Inner bounds that there are, ascending.
    names, colours : tuple of str
        Of the classes, from the lowest score to the highest.
    title, unit : str
        What is on the axis.
    is_movable : bool
        The bounds can be moved.
    """

    scores: np.ndarray
    bounds: tuple[float, ...]
    names: tuple[str, ...]
    colours: tuple[str, ...]
    title: str = ""
    unit: str = ""
    is_movable: bool = True

    @property
    def positions(self) -> np.ndarray:
        """Return the place of each area's class, −1 for none."""
        return assign(self.scores, np.array(self.bounds))

    def counts(self) -> list[int]:
        """Return the number of areas in each class."""
        positions = self.positions
        return np.bincount(positions[positions >= 0], minlength=len(self.names)).tolist()


def edges_of(scores: np.ndarray) -> np.ndarray:
    """Return round edges of the bars; a score on an edge belongs to the bar below it, as with classes."""
    there = scores[~np.isnan(scores)]
    low, high = float(there.min()), float(there.max())
    if high - low <= 1e-12 * max(abs(low), abs(high), 1e-300):
        width = round_number(abs(low) / 10) if low else 0.1
        return np.array([low - 1.5 * width, low - 0.5 * width, low + 0.5 * width, low + 1.5 * width])
    wanted = min(max(2.5 * len(there) ** (1 / 3), 8), 36)
    width = round_number((high - low) / wanted)
    first, last = math.ceil(low / width) - 1, math.ceil(high / width)
    return np.arange(first, last + 1) * width


class ClassHistogram(Chart):
    """The histogram; `ClassHandles` lets its bounds be moved."""

    def __init__(self, parent=None):
        super().__init__(parent)
        self.bars: Bars | None = None
        self.edges, self.heights = np.array([0.0, 1]), np.array([0])
        self.marked: np.ndarray = np.empty(0, int)
        self.active = -1
        self.axes = None
        self._background = None
        self._light: list = []
        self._lines = 1
        self.canvas.setMinimumSize(220, 170)
        self.canvas.mpl_connect("draw_event", self._drawn)
        self.canvas.mpl_connect("resize_event", self._resized)

    # drawing ---------------------------------------------------------------------------------------------------

    def show_bars(self, bars: Bars) -> None:
        """Draw scores and classes; where only the classes differ, only they are drawn anew."""
        before, self.bars = self.bars, bars
        self.table = self._table()
        if before is not None and self.axes is not None and before.title == bars.title and before.unit == bars.unit \
                and np.array_equal(before.scores, bars.scores, equal_nan=True):
            self.draw_light()
            return
        self.edges = edges_of(bars.scores)
        there = bars.scores[~np.isnan(bars.scores)]
        self.heights = np.bincount(np.searchsorted(self.edges, there, side="left") - 1,
                                   minlength=len(self.edges) - 1)
        self._lines = 1
        if not self.canvas.hasFocus():
            self.active = -1
        self._draw_axes()
        self.draw()

    def show_bounds(self, bounds) -> None:
        """Draw other bounds."""
        self.bars = replace(self.bars, bounds=tuple(float(each) for each in bounds))
        self.draw_light()

    def mark(self, rows) -> None:
        """Mark the selected areas."""
        self.marked = np.array(sorted(rows), int)
        self.draw_light()

    def set_active(self, place: int) -> None:
        """Point out the bound that the keys move, −1 for none."""
        self.active = place
        self.draw_light()

    def forget(self) -> None:
        """Take everything out."""
        self.clear()
        self.bars = self.axes = self._background = None
        self._light = []

    def _draw_axes(self) -> None:
        emptied(self.figure)
        self._background, self._light = None, []
        there = self.bars.scores[~np.isnan(self.bars.scores)]
        top = max(int(self.heights.max(initial=0)), 1)
        with self.style():
            self.axes = axes = self.figure.add_subplot()
            axes.set_title("\n".join(" " * self._lines), linespacing=1.95)  # room for the values of the bounds
            unit = f" ({self.bars.unit})" if self.bars.unit else ""
            axes.set_xlabel(f"{self.bars.title}{unit}")
            axes.set_ylabel(tr("areas"))
            axes.set_xlim(*self._limits())
            axes.set_ylim(RUG[0] * top * 1.2, top * 1.2)
            steps = round_number(max(top / 4, 1))
            axes.set_yticks(np.arange(0, top + 1, max(int(steps), 1)))
            axes.yaxis.set_major_formatter(lambda value, _place: count_text(round(value)))
            axes.xaxis.set_major_formatter(lambda value, _place: number_text(value))
            axes.spines["left"].set_bounds(0, top)
            axes.axhline(0, color=NEUTRAL, linewidth=0.8, zorder=3)
            axes.spines["bottom"].set_visible(False)
            axes.tick_params(length=3, color=NEUTRAL)
            places = np.unique(there)
            axes.add_collection(LineCollection(
                [[(x, RUG[0] * top), (x, RUG[1] * top)] for x in places], colors=NEUTRAL,
                linewidths=0.8, alpha=1 if len(places) < 200 else 0.35))

    def _limits(self) -> tuple[float, float]:
        """Return the ends of the axis: all bars, and bounds that lie a little beside them."""
        low, high = self.edges[0], self.edges[-1]
        room = 0.35 * (high - low)
        near = [bound for bound in self.bars.bounds if low - room <= bound <= high + room]
        margin = 0.02 * (high - low)
        return min([low, *near]) - margin, max([high, *near]) + margin

    def _drawn(self, _event) -> None:
        if self.axes is not None and not self.figure.canvas.is_saving():
            self._background = self.canvas.copy_from_bbox(self.figure.bbox)
            if max(self._levels(), default=0) >= self._lines:
                self.draw_light()  # once more, with room for a second row of values
            else:
                self._paint_light()

    def _resized(self, _event) -> None:
        self._background = None

    def draw_light(self) -> None:
        """Draw bars, bounds and marks on the axes as they are."""
        if self.axes is None:
            return
        if self._background is None:
            self.draw()
            return
        if max(self._levels(), default=0) >= self._lines:
            self._lines += 1
            self._draw_axes()
            self.draw()
            return
        self.canvas.restore_region(self._background)
        self._paint_light()
        self.canvas.blit(self.figure.bbox)

    def _paint_light(self) -> None:
        for artist in self._light:
            artist.remove()
        self._light = []
        with self.style():
            self._light = [*self._bars(), *self._marks(), *self._bounds(), *self._counts()]
        for artist in self._light:
            artist.set_animated(True)
            artist.set_in_layout(False)
            self.axes.draw_artist(artist)

    # parts -----------------------------------------------------------------------------------------------------

    def segments(self) -> list[tuple[float, float, int, int]]:
        """Return the parts of the bars from left to right: from, to, place of the bar, place of the class."""
        found = []
        last = len(self.bars.names) - 1
        for bar, (low, high) in enumerate(zip(self.edges[:-1].tolist(), self.edges[1:].tolist())):
            cuts = [low, *(each for each in self.bars.bounds if low < each < high), high]
            for left, right in zip(cuts, cuts[1:]):
                place = int(np.searchsorted(np.array(self.bars.bounds), (left + right) / 2, side="left"))
                found.append((left, right, bar, min(place, last)))
        return found

    def _bars(self) -> list:
        parts = [each for each in self.segments() if self.heights[each[2]]]
        shapes = [[(left, 0), (left, self.heights[bar]), (right, self.heights[bar]), (right, 0)]
                  for left, right, bar, _place in parts]
        colours = [self.bars.colours[place] for *_rest, place in parts]
        outline = PolyCollection(
            [[(low, 0), (low, height), (high, height), (high, 0)]
             for low, high, height in zip(self.edges, self.edges[1:], self.heights) if height],
            facecolors="none", edgecolors="#5f6a70", linewidths=0.6)
        return [self.axes.add_collection(each, autolim=False) for each in (
            PolyCollection(shapes, facecolors=colours, edgecolors="none", antialiaseds=False), outline)]

    def _marks(self) -> list:
        values = self.bars.scores[self.marked] if len(self.marked) else np.empty(0)
        values = values[~np.isnan(values)]
        if not len(values):
            return []
        counts = np.bincount(np.searchsorted(self.edges, values, side="left") - 1, minlength=len(self.heights))
        inner = [[(low, 0), (low, count), (high, count), (high, 0)]
                 for low, high, count in zip(self.edges, self.edges[1:], counts) if count]
        top = self.heights.max()
        dots, = self.axes.plot(values, np.full(len(values), (RUG[0] + RUG[1]) / 2 * top), "o", color=SELECTED,
                               markersize=5, markeredgecolor="white", markeredgewidth=0.6, zorder=6)
        return [self.axes.add_collection(PolyCollection(inner, facecolors=SELECTED, edgecolors="none", alpha=0.85,
                                                        zorder=5), autolim=False), dots]

    def _bounds(self) -> list:
        ink = self.palette().color(QPalette.ColorRole.Text).name()
        paper = self.palette().color(QPalette.ColorRole.Base).name()
        top = self.heights.max() * 1.2
        artists = []
        for place, (bound, level) in enumerate(zip(self.bars.bounds, self._levels())):
            if not self.axes.get_xlim()[0] <= bound <= self.axes.get_xlim()[1]:
                continue
            is_active = place == self.active
            colour = ACCENT if is_active else ink
            line, = self.axes.plot([bound, bound], [RUG[0] * self.heights.max(), top], color=colour,
                                   linewidth=2.4 if is_active else 1.2, clip_on=False, zorder=7,
                                   linestyle="-" if self.bars.is_movable else "--")
            artists.append(line)
            artists.append(self.axes.annotate(
                number_text(bound, self._decimals()), (bound, top), xytext=(0, 2 + level * 1.45 * self._line_height()),
                textcoords="offset points", ha="center", va="bottom", color=paper if is_active else ink,
                annotation_clip=False, zorder=8 - level,
                arrowprops={"arrowstyle": "-", "color": colour, "linewidth": line.get_linewidth(), "shrinkA": 0,
                            "shrinkB": 0} if level else None,
                bbox={"boxstyle": "round,pad=0.25", "facecolor": colour if is_active else paper,
                      "edgecolor": colour if self.bars.is_movable else "none", "linewidth": 0.8}))
        return artists

    def _counts(self) -> list:
        """Return the number of areas above each class, with the class's name where there is room."""
        bounds, counts = self.bars.bounds, self.bars.counts()
        ends = [self.axes.get_xlim()[0], *bounds, self.axes.get_xlim()[1]]
        top, artists = self.heights.max(), []
        for place in range(min(len(ends) - 1, len(self.bars.names))):
            low, high = (min(max(each, ends[0]), ends[-1]) for each in ends[place:place + 2])
            width = (self.axes.transData.transform((high, 0)) - self.axes.transData.transform((low, 0)))[0]
            name, count = self.bars.names[place], count_text(counts[place])
            room = width / self._pixels_per_letter()
            if room < len(count) + 0.5:
                continue
            text = f"{name}: {count}" if room >= len(name) + len(count) + 3 else count
            colour = self.bars.colours[place]
            artists.append(self.axes.text(
                (low + high) / 2, top * 1.1, text, ha="center", va="center", color=ink_on(colour), zorder=6,
                bbox={"boxstyle": "round,pad=0.2", "facecolor": colour, "edgecolor": "#5f6a70", "linewidth": 0.6}))
        return artists

    def _levels(self) -> list[int]:
        """Return for each bound whether its value stands in the lower (0) or upper (1) row, so that none overlap."""
        ends, levels = [-math.inf, -math.inf], []
        for bound in self.bars.bounds:
            middle = self.axes.transData.transform((bound, 0))[0]
            half = (len(number_text(bound, self._decimals())) * self._pixels_per_letter() + _PAD) / 2
            level = 0 if middle - half >= ends[0] or ends[1] > ends[0] else 1
            ends[level] = middle + half
            levels.append(level)
        return levels

    def _decimals(self) -> int | None:
        """Return digits that tell bounds apart that need many; None where each can be written in full."""
        if all(abs(round(each, 3) - each) <= 1e-9 * max(1, abs(each)) for each in self.bars.bounds):
            return None
        spread = float(self.edges[-1] - self.edges[0])
        return max(2 - math.floor(math.log10(spread)), 0)

    def _line_height(self) -> float:
        """Return the height of a line in matplotlib's points."""
        return self.fontMetrics().height() * 72 / self.figure.get_dpi() * self.devicePixelRatioF()

    def _pixels_per_letter(self) -> float:
        return self.fontMetrics().averageCharWidth() * 1.1 * self.devicePixelRatioF()

    def _table(self) -> pd.DataFrame:
        edges = edges_of(self.bars.scores)
        there = self.bars.scores[~np.isnan(self.bars.scores)]
        heights = np.bincount(np.searchsorted(edges, there, side="left") - 1, minlength=len(edges) - 1)
        return pd.DataFrame({tr("above"): edges[:-1], tr("up to"): edges[1:], tr("areas"): heights})

    # places ----------------------------------------------------------------------------------------------------

    def x_of(self, bound: float) -> float:
        """Return where a score is, in the canvas's own pixels from the left."""
        return float(self.axes.transData.transform((bound, 0))[0])

    def value_at(self, x: float) -> float:
        """Return the score at pixels from the left."""
        return float(self.axes.transData.inverted().transform((x, 0))[0])

    def bound_at(self, x: float, reach: float = 6.0) -> int:
        """Return the place of the bound within reach of pixels from the left, −1 for none."""
        if self.axes is None or not self.bars.is_movable:
            return -1
        gaps = [abs(self.x_of(each) - x) for each in self.bars.bounds]
        nearest = min(range(len(gaps)), key=gaps.__getitem__, default=-1)
        return nearest if nearest >= 0 and gaps[nearest] <= reach * self.devicePixelRatioF() else -1

    def rows_at(self, x: float, y: float) -> tuple[np.ndarray, str]:
        """Return the areas at a point of the canvas, and what is there: "area", "bar", or "" for nothing."""
        if self.axes is None:
            return np.empty(0, int), ""
        value, height = self.axes.transData.inverted().transform((x, y))
        scores, positions = self.bars.scores, self.bars.positions
        if height < 0:
            distances = np.abs(scores - value)
            if np.isnan(distances).all():
                return np.empty(0, int), ""
            nearest = scores[np.nanargmin(distances)]
            is_near = abs(self.x_of(nearest) - x) <= 5 * self.devicePixelRatioF() and height >= RUG[0] * \
                self.heights.max() * 1.2
            return (np.flatnonzero(scores == nearest), "area") if is_near else (np.empty(0, int), "")
        for left, right, bar, place in self.segments():
            if left <= value < right and height <= self.heights[bar]:
                own = (scores > self.edges[bar]) & (scores <= self.edges[bar + 1]) & (positions == place)
                return np.flatnonzero(own), "bar"
        return np.empty(0, int), ""
