"""Lines over the years: all areas thin, selected ones strong with their names, city and districts beside them."""
from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.collections import LineCollection
from qgis.PyQt.QtCore import QPointF, Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QPen, QPolygonF

from ....bridge.class_colours import lightness
from ....bridge.legend_text import number_text
from ....translation import tr
from ..chart import NEUTRAL, SELECTED
from ..diagnostics.canvas import label_box
from ..why.look import text
from .chart import TOP, YearChart, apart
from .series import Series

#: pixels around a line within which it is met
NEAR = 8
#: names beside lines
_NAMED = 14
_DASHES = ("-", (0, (5, 2)), (0, (1.5, 1.5)), (0, (6, 2, 1.5, 2)))


class LinesChart(YearChart):
    """Areas over the years; ``picked`` gives the rows that are to be selected.

    Signals
    -------
    year_wanted(int)
        A year was chosen: double click, click on a year, arrow keys.
    """

    year_wanted = pyqtSignal(int)

    def __init__(self, session, parent=None):
        super().__init__(parent)
        self.session = session
        self.series: Series | None = None
        self.cursor = -1
        self.order, self.marked = np.empty(0, int), ()

    def show_series(self, series: Series) -> None:
        """Draw an item over the years."""
        self.series, self.years, self.year = series, series.years, self.session.year
        self.is_empty, self.cursor = False, -1
        values = series.values
        known = np.flatnonzero(~np.isnan(values).all(axis=1))
        filled = pd.DataFrame(values[known]).ffill(axis=1).iloc[:, -1].to_numpy()
        self.order = known[np.argsort(filled, kind="stable")]
        shown = values if not series.classes else np.where(np.isnan(values), np.nan, values + 1)
        self.table = pd.DataFrame({tr("Area key"): self.session.keys, tr("Area"): self.session.names,
                                   **{str(year): shown[:, place] for place, year in enumerate(series.years)}})
        for name, line in self._means():
            self.table.loc[len(self.table)] = ["", name, *line]
        self.redraw()

    def _means(self) -> list[tuple[str, np.ndarray]]:
        series = self.series
        city = [] if series.city is None else [(tr("City"), series.city)]
        return [*series.districts.items(), *city]

    # drawing ---------------------------------------------------------------------------------------------------

    def paint(self, width, height, look) -> None:
        series = self.series
        self.marked = self.session.selection
        selected = [row for row in self.marked if not np.isnan(series.values[row]).all()]
        means = self._means()
        labels = [self.session.names[row] for row in selected[:_NAMED]] + [name for name, _line in means]
        right = min(max((look.width(each, True) for each in labels), default=0) + 14, width * 0.32) if labels else 14
        everything = np.concatenate([series.values.ravel(), *(line for _name, line in means)])
        axes = self.frame_axes(width, height, look, everything, right, series.classes)
        years = np.array(series.years, float)
        values = self._spread(series)
        root = max(len(self.order), 1) ** 0.5
        self._bundle(axes, years, values[self.order], color=NEUTRAL, linewidth=min(max(18 / root, 0.5), 1.1),
                     alpha=min(max(14 / root, 0.25), 0.85), zorder=2)
        self._lone_points(axes, years, values[self.order], NEUTRAL, 2)
        is_dark = lightness(look.paper) < 50
        for _name, line in means:
            is_city = series.city is not None and line is series.city
            axes.plot(years, line, color=look.ink if is_city else look.accent, linewidth=2.2 if is_city else 1.5,
                      zorder=4 if is_city else 3, alpha=1 if is_city or is_dark else 0.9)
            self._lone_points(axes, years, line[None, :], look.ink if is_city else look.accent, 4)
        if len(selected) <= len(_DASHES):
            for row, dashes in zip(selected, _DASHES):
                axes.plot(years, values[row], color=SELECTED, linewidth=2.4, zorder=6, linestyle=dashes)
        else:
            self._bundle(axes, years, values[selected], color=SELECTED, zorder=6,
                         linewidth=2.4 if len(selected) <= _NAMED else 1)
        self._lone_points(axes, years, values[selected], SELECTED, 6)
        self._labels(width, look, selected, means, values, right)
        self._direction(look)

    def _spread(self, series: Series) -> np.ndarray:
        """Return the values; places of classes a little apart, so that lines on one level can be told."""
        if not series.classes:
            return series.values
        rows = np.arange(len(series.values))
        return series.values + (((rows * 0.618034) % 1) - 0.5)[:, None] * 0.5

    def _bundle(self, axes, years, values, **style) -> None:
        """Draw many lines as one collection."""
        segments = np.stack([np.broadcast_to(years, values.shape), values], axis=-1)
        if len(segments):
            axes.add_collection(LineCollection(list(segments), colors=style.pop("color"),
                                               linewidths=style.pop("linewidth"), **style))

    def _lone_points(self, axes, years, values, colour: str, order: int) -> None:
        """Draw values without a value beside them as points; no line shows them."""
        there = ~np.isnan(values)
        beside = np.zeros_like(there)
        beside[:, 1:] |= there[:, :-1]
        beside[:, :-1] |= there[:, 1:]
        rows, columns = np.nonzero(there & ~beside)
        if len(rows):
            axes.plot(years[columns], values[rows, columns], "o", color=colour, markersize=3.5, zorder=order)

    def _labels(self, width, look, selected, means, values, right) -> None:
        ends = []
        for name, line in means:
            is_city = self.series.city is not None and line is self.series.city
            ends.append((name, line, look.ink if is_city else look.accent, is_city))
        ends += [(self.session.names[row], values[row], SELECTED, True) for row in selected[:_NAMED]]
        ends = [(name, line[~np.isnan(line)][-1], colour, bold) for name, line, colour, bold in ends
                if not np.isnan(line).all()]
        room = int((self.floor - TOP) / look.height)
        ends = ends[-room:] if room > 0 else []
        places = apart([self.place_of(self.axes, self.years[-1], value)[1] for _name, value, _colour, _bold in ends],
                       look.height, TOP, self.floor)
        plane = self.plane()
        for (name, _value, colour, bold), y in zip(ends, places):
            text(plane, width - right + 7, y, look.fitted(name, right - 9, bold), look, ha="left", color=colour,
                 weight="bold" if bold else "normal")

    def _direction(self, look) -> None:
        words = tr("↑ less favourable") if self.series.high_is_bad else tr("↑ more favourable")
        unit = f"{self.series.unit}   " if self.series.unit else ""
        text(self.plane(), 6, TOP / 2, unit + words, look, ha="left", color=look.quiet, fontsize=self.font_size(0.92))

    # pointer and keys ------------------------------------------------------------------------------------------

    def row_at(self, x: float, y: float) -> int:
        """Return the area whose line passes a place, −1 for none."""
        if self.axes is None or self.series is None or not len(self.order) or y > self.floor:
            return -1
        values, years = self._spread(self.series)[self.order], np.array(self.years, float)
        data = self.axes.transData.inverted()
        ratio = self.canvas.devicePixelRatioF()
        year, _value = data.transform((x * ratio, 0))
        place = int(np.clip(np.searchsorted(years, year) - 1, 0, len(years) - 2))
        share = np.clip((year - years[place]) / (years[place + 1] - years[place]), 0, 1)
        before, after = values[:, place], values[:, place + 1]
        here = before * (1 - share) + after * share
        here = np.where(np.isnan(here), before if share < 0.5 else after, here)
        low, high = self.axes.get_ylim()
        pixels = self.floor - (here - low) / (high - low) * (self.floor - TOP)
        distance = np.where(np.isnan(pixels), np.inf, np.abs(pixels - y))
        nearest = int(distance.argmin())
        return int(self.order[nearest]) if distance[nearest] <= NEAR else -1

    def hover(self, x, y) -> None:
        if self.series is not None:
            on_years = y > self.floor
            self.canvas.setCursor(Qt.CursorShape.PointingHandCursor if on_years else Qt.CursorShape.ArrowCursor)
            self.point_at(self.row_at(x, y), x)

    def point_at(self, row: int, x: float | None = None) -> None:
        """Mark the line of an area and say in words how it runs."""
        self.cursor = row
        if row < 0 or self.axes is None:
            self.leave()
            return
        words = self.words(row)
        self.told.emit(words)
        self.canvas.setAccessibleDescription(words)
        line = self._spread(self.series)[row]
        points = [QPointF(*self.place_of(self.axes, year, value)) if value == value else None
                  for year, value in zip(self.years, line)]
        known = [point for point in points if point is not None]
        at = known[-1] if x is None else min(known, key=lambda point: abs(point.x() - x))
        look, name = self.look(), self.session.names[row]

        def mark(painter):
            painter.setPen(QPen(QColor(look.ink), 2.4))
            for part in _unbroken(points):
                painter.drawPolyline(QPolygonF(part))
            for point in known:
                painter.drawEllipse(point, 2, 2)
            label_box(painter, at.x(), at.y(), name, look, self.canvas.width(), self.canvas.height())

        self.overlay.show_content(mark)

    def words(self, row: int) -> str:
        """Return in words where an area began and where it stands."""
        ends = self.series.first_and_last(row)
        if ends is None:
            return self.session.names[row]
        first, last = (self._value(self.series.values[row, place]) for place in ends)
        return tr("{area}: {first} in {start}, {last} in {end}", area=self.session.names[row], first=first, last=last,
                  start=self.years[ends[0]], end=self.years[ends[1]])

    def _value(self, value: float) -> str:
        if self.series.classes:
            return self.series.classes[int(value)]
        return f"{number_text(round(float(value), 2))} {self.series.unit}".strip()

    def press(self, x, y, more) -> None:
        if self.series is None:
            return
        if y > self.floor:
            self.press_twice(x, y)
            return
        self._choose(self.row_at(x, y), more)

    def press_twice(self, x, y) -> None:
        year = self.year_at(x)
        if year is not None:
            self.year_wanted.emit(year)

    def _choose(self, row: int, more: bool) -> None:
        if row < 0:  # a double click for a year leaves the selection as it is
            return
        chosen = set(self.session.selection) if more else set()
        self.picked.emit(sorted(chosen ^ {row}))

    def key(self, name) -> bool:
        if self.series is None or not len(self.order):
            return False
        if name in ("left", "right"):
            place = self.years.index(self.year) if self.year in self.years else len(self.years) - 1
            self.year_wanted.emit(self.years[min(max(place + (1 if name == "right" else -1), 0), len(self.years) - 1)])
            return True
        if name == "enter":
            self._choose(self.cursor, True)
            return True
        if name == "escape" and self.session.selection:
            self.picked.emit([])
            return True
        if name not in ("up", "down"):
            return False
        here = np.flatnonzero(self.order == self.cursor)
        step = 1 if name == "up" else -1
        place = int(here[0]) + step if len(here) else (0 if step > 0 else len(self.order) - 1)
        self.point_at(int(self.order[min(max(place, 0), len(self.order) - 1)]))
        return True


def _unbroken(points: list) -> list[list[QPointF]]:
    parts: list[list[QPointF]] = [[]]
    for point in points:
        if point is None:
            parts.append([])
        else:
            parts[-1].append(point)
    return [part for part in parts if len(part) > 1]
