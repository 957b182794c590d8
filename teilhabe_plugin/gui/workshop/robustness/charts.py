"""Charts of the certainty: intervals of the ranks, shares of the classes, and what moves the ranks."""
from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.collections import LineCollection
from qgis.PyQt.QtCore import QEvent, Qt
from qgis.PyQt.QtGui import QFontMetrics, QPalette
from qgis.PyQt.QtWidgets import QApplication

from ....bridge.class_colours import ink_on, lightness
from ....bridge.legend_text import number_text
from ....core.robustness_notes import SOURCE_TITLES
from ....translation import tr, translate
from ..chart import ACCENT, NEUTRAL, SELECTED, Chart
from .layers import LayerResult
from .words import of_area, percent

#: up to so many areas each has a line with its name
NAMED = 150
_LONGEST_NAME = 24
#: lightness of colours that white paper swallows
_PALE = 85


class PageChart(Chart):
    """A chart of fixed height on a page that scrolls: the wheel moves the page."""

    def __init__(self, parent=None):
        super().__init__(parent)
        self.canvas.installEventFilter(self)

    def eventFilter(self, watched, event):
        if watched is self.canvas and event.type() == QEvent.Type.Wheel:
            QApplication.sendEvent(self, event)
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def wheelEvent(self, event):
        event.ignore()

    def line_height(self) -> int:
        """Return the height of a line of text in pixels."""
        return QFontMetrics(self.font()).height()


class IntervalChart(PageChart):
    """The interval of each area's rank, areas sorted by rank; `picked` gives (row, with Ctrl)."""

    def __init__(self, parent=None):
        super().__init__(parent)
        self.result: LayerResult | None = None
        self.order = np.empty(0, int)
        self.rank = self.low = self.high = np.empty(0)
        self.names: list[str] = []
        self.marks: list = []
        self.selection: tuple[int, ...] = ()
        self.canvas.mpl_connect("button_press_event", self._pressed)
        self.canvas.mpl_connect("motion_notify_event", self._moved)
        self.canvas.mpl_connect("key_press_event", self._key)

    @property
    def is_named(self) -> bool:
        """Say whether each area has a line of its own."""
        return len(self.order) <= NAMED

    def show_result(self, result: LayerResult, names: list[str], keys: list[str]) -> None:
        """Draw a result."""
        self.result, self.names = result, names
        self.rank, self.low, self.high = (result.numbers(each) for each in ("rang", "rang_von", "rang_bis"))
        median = result.numbers("rang_median")
        there = np.flatnonzero(~np.isnan(self.rank) & ~np.isnan(self.low))
        self.order = there[np.lexsort((median[there], self.rank[there]))]
        self.clear()
        self.marks = []
        colours = np.array([*result.colours, NEUTRAL], object)[result.positions[self.order]]
        height = self.line_height()
        self.setFixedHeight(len(self.order) * (height + 1) + 4 * height if self.is_named else 22 * height)
        with self.style():
            axes = self.figure.add_subplot()
            (self._draw_named if self.is_named else self._draw_dense)(axes, colours, median)
        self.table = pd.DataFrame({
            tr("Key"): [keys[row] for row in self.order], tr("Area"): [names[row] for row in self.order],
            tr("Rank"): self.rank[self.order], tr("Rank from"): self.low[self.order],
            tr("Rank to"): self.high[self.order]})
        self.set_words(tr("Intervals of the ranks"), tr("One bar for each of {n} areas, from the 5th to the 95th "
                                                        "percentile of its rank", n=len(self.order)))
        self.select(self.selection)

    def _draw_named(self, axes, colours, median) -> None:
        places = np.arange(len(self.order))
        lines = [[(self.low[row] - 0.35, place), (self.high[row] + 0.35, place)]
                 for place, row in zip(places, self.order)]
        axes.add_collection(LineCollection(lines, colors=NEUTRAL, linewidths=8.2, capstyle="butt"))
        axes.add_collection(LineCollection(lines, colors=list(colours), linewidths=7, capstyle="butt"))
        axes.plot(median[self.order], places, "o", markersize=5, markerfacecolor="white", markeredgecolor="#1c1c1c",
                  markeredgewidth=1)
        axes.set_yticks(places, [_short(self.names[row]) for row in self.order])
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.set_ylim(len(places) - 0.4, -0.6)
        self._rank_axis(axes, "x")
        axes.xaxis.tick_top()
        axes.xaxis.set_label_position("top")
        axes.spines["bottom"].set_visible(False)
        axes.spines["top"].set_visible(True)

    def _draw_dense(self, axes, colours, median) -> None:
        places = np.arange(1, len(self.order) + 1)
        lines = [[(place, self.low[row] - 0.5), (place, self.high[row] + 0.5)]
                 for place, row in zip(places, self.order)]
        wide = max(0.9, 330 / len(places))
        pale = [line for line, colour in zip(lines, colours) if lightness(colour) > _PALE]
        axes.add_collection(LineCollection(pale, colors=NEUTRAL, linewidths=wide + 0.7, capstyle="butt", alpha=0.6))
        axes.add_collection(LineCollection(lines, colors=list(colours), linewidths=wide, capstyle="butt"))
        axes.plot(places, median[self.order], ".", markersize=2.2, color="#1c1c1c", markeredgewidth=0)
        axes.set_xlim(0, len(places) + 1)
        axes.set_xlabel(tr("Areas by rank"))
        axes.set_xticks(_steps(len(places)))
        self._rank_axis(axes, "y")
        axes.invert_yaxis()

    def _rank_axis(self, axes, which: str) -> None:
        most = max(float(np.max(self.high[self.order])) if len(self.order) else 1, 2)
        steps = _steps(int(most))
        axis = getattr(axes, f"{which}axis")
        axis.set_ticks(steps, [number_text(step, 0) for step in steps])
        axes.grid(axis=which, color=NEUTRAL, alpha=0.25, linewidth=0.7)
        axes.set_axisbelow(True)
        getattr(axes, f"set_{which}lim")(0, most + 1)
        getattr(axes, f"set_{which}label")(tr("Rank; 1 = most unfavourable"))

    def select(self, rows) -> None:
        """Mark the selected areas."""
        self.selection = tuple(rows)
        for mark in self.marks:
            mark.remove()
        self.marks = []
        if self.result is None or not self.figure.axes:
            return
        axes = self.figure.axes[0]
        places = np.flatnonzero(np.isin(self.order, list(self.selection)))
        with self.style():
            for place in places.tolist():
                if self.is_named:
                    self.marks.append(axes.axhspan(place - 0.5, place + 0.5, color=SELECTED, alpha=0.16, linewidth=0,
                                                   zorder=0))
                else:
                    self.marks += self._mark_dense(axes, place, len(places) == 1)
        self.draw()

    def _mark_dense(self, axes, place: int, with_name: bool) -> list:
        row = self.order[place]
        marks = axes.plot([place + 1] * 2, [self.low[row] - 0.5, self.high[row] + 0.5], color=SELECTED, linewidth=2.6,
                          solid_capstyle="butt")
        if with_name:
            is_left = place < len(self.order) / 2
            marks.append(axes.annotate(
                _short(self.names[row]), (place + 1, self.low[row]), xytext=(5 if is_left else -5, 6),
                textcoords="offset points", ha="left" if is_left else "right", color=SELECTED, weight="bold",
                annotation_clip=True))
        return marks

    def y_of(self, row: int) -> int:
        """Return where an area's line stands in the widget, −1 for areas without one."""
        places = np.flatnonzero(self.order == row)
        if not len(places) or not self.is_named or not self.figure.axes:
            return -1
        y = self.figure.axes[0].transData.transform((0, places[0]))[1] / self.canvas.devicePixelRatioF()
        return int(self.height() - y)

    # mouse and keyboard ----------------------------------------------------------------------------------------

    def _row_at(self, event) -> int:
        if event.inaxes is None or not len(self.order):
            return -1
        place = round(event.ydata) if self.is_named else round(event.xdata) - 1
        return int(self.order[place]) if 0 <= place < len(self.order) else -1

    def _pressed(self, event) -> None:
        self.canvas.setFocus()
        row = self._row_at(event)
        if event.button == 1 and row >= 0:
            more = bool(QApplication.keyboardModifiers() & Qt.KeyboardModifier.ControlModifier)
            self.picked.emit((row, more))

    def _moved(self, event) -> None:
        row = self._row_at(event)
        self.canvas.setToolTip(of_area(self.result, row, self.names[row]) if row >= 0 else "")

    def _key(self, event) -> None:
        step = {"up": -1, "left": -1, "down": 1, "right": 1}.get(event.key)
        if step is None or not len(self.order):
            return
        places = np.flatnonzero(np.isin(self.order, list(self.selection)))
        place = int(places[0] if step < 0 else places[-1]) + step if len(places) else 0
        self.picked.emit((int(self.order[min(max(place, 0), len(self.order) - 1)]), False))


class ShareChart(PageChart):
    """For selected areas: which share of the runs gave each class, one stacked bar for each area."""

    MOST = 8

    def show_areas(self, result: LayerResult, rows, names: list[str]) -> None:
        """Draw the first of these areas."""
        self.clear()
        rows, shares, classes = list(rows)[:self.MOST], result.shares, result.class_set.classes
        height = self.line_height()
        self.setFixedHeight(int(len(rows) * height * 2.1 + 3.6 * height))
        with self.style():
            axes = self.figure.add_subplot()
            left = np.zeros(len(rows))
            for k, (each, colour) in enumerate(zip(classes, result.colours)):
                width = np.nan_to_num(shares[rows, k])
                axes.barh(range(len(rows)), width, left=left, height=0.72, color=colour, edgecolor=NEUTRAL,
                          linewidth=0.6, label=each.name if width.any() else "_")
                for place, (start, part) in enumerate(zip(left, width)):
                    if part >= 0.09:
                        axes.text(start + part / 2, place, percent(part), ha="center", va="center",
                                  color=ink_on(colour))
                left += width
            axes.set_yticks(range(len(rows)), [_short(names[row]) for row in rows])
            axes.set_ylim(len(rows) - 0.4, -0.6)
            axes.set_xlim(0, 1)
            axes.set_xticks([])
            axes.tick_params(axis="y", length=0)
            for spine in axes.spines.values():
                spine.set_visible(False)
            axes.legend(loc="upper left", bbox_to_anchor=(0, 0), frameon=False, ncol=3,
                        handlelength=0.9, handletextpad=0.4, columnspacing=1.1, borderaxespad=0.2)
        self.table = pd.DataFrame({tr("Area"): [names[row] for row in rows]} | {
            each.name: shares[rows, k] for k, each in enumerate(classes)})
        self.set_words(tr("Shares of the classes"), " ".join(of_area(result, row, names[row]) for row in rows))
        self.draw()


class SourceChart(PageChart):
    """What moves the ranks most."""

    def show_sources(self, found: dict) -> None:
        """Draw the total order of each source, the part that it has by itself darker."""
        self.clear()
        total, first = np.array(found["total"], float), np.array(found["first"], float)
        order = np.argsort(-total, kind="stable")
        titles = [translate(SOURCE_TITLES.get(found["sources"][k], found["sources"][k])) for k in order]
        total, first = np.clip(total[order], 0, 1), np.clip(first[order], 0, 1)  # estimates may lie beyond
        height = self.line_height()
        self.setFixedHeight(int(len(order) * height * 1.6 + height))
        ink = self.palette().color(QPalette.ColorRole.Text).name()
        with self.style():
            axes = self.figure.add_subplot()
            axes.barh(range(len(order)), total, height=0.66, color="#a9c7d6")
            axes.barh(range(len(order)), np.minimum(first, total), height=0.66, color=ACCENT)
            most = max(float(total.max()), 0.01)
            for place, part in enumerate(total):
                axes.text(part + most * 0.02, place, percent(part), va="center", color=ink)
            axes.set_yticks(range(len(order)), titles)
            axes.tick_params(axis="y", length=0)
            axes.set_ylim(len(order) - 0.4, -0.6)
            axes.set_xlim(0, most * 1.2)
            axes.set_xticks([])
            for spine in axes.spines.values():
                spine.set_visible(False)
        self.table = pd.DataFrame({tr("Source"): titles, tr("By itself"): first, tr("Together with others"): total})
        self.set_words(tr("What moves the ranks most"), "; ".join(
            f"{title} {percent(part)}" for title, part in zip(titles, total)))
        self.draw()


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME - 1]}…"


def _steps(most: int) -> list[int]:
    """Return 1 and round ranks up to the last one, not more than seven."""
    step = next(each for each in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 100_000)
                if most / each <= 6)
    return [1, *(each for each in range(step, most + 1, step) if each > 1)]
