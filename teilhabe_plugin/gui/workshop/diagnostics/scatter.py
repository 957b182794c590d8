"""Two indicators against each other, one point per area."""
from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.ticker import FuncFormatter, MaxNLocator
from qgis.PyQt.QtCore import QPointF, pyqtSignal
from qgis.PyQt.QtGui import QColor, QPen

from ....bridge.legend_text import number_text
from ....core.index import EXCLUSION
from ....translation import tr
from ..chart import NEUTRAL, SELECTED
from ..why.look import text
from .canvas import PixelChart, label_box

#: pixels around a point within which it is met
NEAR = 9
#: names are written beside so many selected points at most
_NAMED = 8


class ScatterChart(PixelChart):
    """Areas as points; ``picked`` gives the rows that are to be selected.

    Signals
    -------
    left()
        Escape was pressed.
    """

    left = pyqtSignal()

    def __init__(self, session, parent=None):
        super().__init__(parent)
        self.session = session
        self.pair, self.values, self.turned = None, np.empty((0, 2)), (False, False)
        self.axes, self.order, self.cursor, self.marked = None, np.empty(0, int), -1, ()

    def show_pair(self, one: str, two: str) -> None:
        """Draw two indicators of the session's result, as they stand in the table."""
        result = self.session.result
        recipe = result.recipe
        columns = [np.asarray(result.values[recipe.column(name, result.year)], float) for name in (one, two)]
        used = pd.isna(result.values[EXCLUSION])
        self.pair = (recipe.indicators[one], recipe.indicators[two])
        self.values = np.where(used[:, None], np.column_stack(columns), np.nan)
        self.turned = tuple(each.high_is != self.pair[0].high_is for each in self.pair)
        known = np.flatnonzero(~np.isnan(self.values).any(axis=1))
        self.order = known[np.lexsort((self.values[known, 1], self.values[known, 0]))]
        self.table = pd.DataFrame({tr("Area key"): self.session.keys, tr("Area"): self.session.names,
                                   self.pair[0].title: self.values[:, 0], self.pair[1].title: self.values[:, 1]})
        self.is_empty, self.cursor = False, -1
        self.redraw()

    def paint(self, width, height, look) -> None:
        left, bottom = 46, 2 * look.height + 12
        self.axes = axes = self.box(left, 10, width - left - 14, height - bottom - 10)
        known = self.order
        view = self.session.view()
        self.marked = self.session.selection
        chosen = set(self.marked)
        colours = [view.colour_of(row) or NEUTRAL for row in known.tolist()]
        size = min(max(3000 / max(len(known), 1), 8), 34)
        axes.scatter(self.values[known, 0], self.values[known, 1], s=size, c=colours, edgecolors=look.quiet,
                     linewidths=0.4, zorder=2)
        marked = [row for row in known.tolist() if row in chosen]
        if marked:
            axes.scatter(self.values[marked, 0], self.values[marked, 1], s=size + 40, facecolors="none",
                         edgecolors=SELECTED, linewidths=2, zorder=4)
        for axis, turned in zip((axes.xaxis, axes.yaxis), self.turned):
            axis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
            axis.set_major_formatter(FuncFormatter(lambda value, _place: number_text(value)))
            axis.set_inverted(turned)
        axes.grid(color=look.line, linewidth=0.6, zorder=0)
        axes.set_axisbelow(True)
        axes.set_xlabel(look.fitted(self._axis(0), width - left - 14))
        axes.set_ylabel(look.fitted(self._axis(1), height - bottom - 10))
        if len(marked) <= _NAMED:
            plane = self.plane()
            for row in marked:
                x, y = self.place_of(axes, *self.values[row])
                name = self.session.names[row]
                is_left = x + 9 + look.width(name, True) > width
                text(plane, x - 9 if is_left else x + 9, y, name, look, ha="right" if is_left else "left",
                     weight="bold", color=SELECTED)

    def _axis(self, place: int) -> str:
        each = self.pair[place]
        name = f"{each.title} ({each.unit})" if each.unit else each.title
        return tr("{title} – axis reversed", title=name) if self.turned[place] else name

    # pointer and keys ------------------------------------------------------------------------------------------

    def row_at(self, x: float, y: float) -> int:
        """Return the area at a place, −1 for none."""
        if self.axes is None or not len(self.order):
            return -1
        places = self.axes.transData.transform(self.values[self.order]) / self.canvas.devicePixelRatioF()
        distance = np.hypot(places[:, 0] - x, self.canvas.height() - places[:, 1] - y)
        nearest = int(distance.argmin())
        return int(self.order[nearest]) if distance[nearest] <= NEAR else -1

    def hover(self, x, y) -> None:
        self.point_at(self.row_at(x, y))

    def point_at(self, row: int) -> None:
        """Mark an area and name it with its values."""
        self.cursor = row
        if row < 0 or self.axes is None:
            self.leave()
            return
        self.told.emit(self.words(row))
        self.canvas.setAccessibleDescription(self.words(row))
        x, y = self.place_of(self.axes, *self.values[row])
        look, name = self.look(), self.session.names[row]

        def mark(painter):
            painter.setPen(QPen(QColor(look.ink), 2))
            painter.drawEllipse(QPointF(x, y), 7, 7)
            label_box(painter, x, y, name, look, self.canvas.width(), self.canvas.height())

        self.overlay.show_content(mark)

    def words(self, row: int) -> str:
        """Return name and values of an area."""
        parts = [f"{each.title} {number_text(round(float(value), 2))} {each.unit}".strip()
                 for each, value in zip(self.pair, self.values[row])]
        return f"{self.session.names[row]}: {parts[0]}; {parts[1]}"

    def press(self, x, y, more) -> None:
        self._choose(self.row_at(x, y), more)

    def _choose(self, row: int, more: bool) -> None:
        chosen = set(self.session.selection) if more else set()
        if row >= 0:
            chosen ^= {row}
        self.picked.emit(sorted(chosen))

    def key(self, name) -> bool:
        if name == "escape":
            self.left.emit()
            return True
        if not len(self.order):
            return False
        if name == "enter":
            if self.cursor >= 0:
                self._choose(self.cursor, True)
            return True
        here = np.flatnonzero(self.order == self.cursor)
        place = int(here[0]) if len(here) else -1
        step = 1 if name in ("right", "up") else -1
        self.point_at(int(self.order[min(max(place + step, 0), len(self.order) - 1)]))
        return True
