"""Correlations of indicators as a triangle of numbered, coloured cells."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.collections import PolyCollection
from qgis.PyQt.QtCore import QRectF, Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QFontMetricsF, QPen

from ....bridge.class_colours import ink_on
from ....bridge.legend_text import number_text
from ....translation import tr
from ..why.look import Look, text
from .canvas import PixelChart

#: ends of the colours: together, against each other; the latter is lighter and hatched, so that grey print tells them
TOGETHER, AGAINST, NONE = "#0b4f6c", "#c2660a", "#ffffff"
#: largest side of a cell in pixels; space between dimensions; margin
_MOST, _GAP, _EDGE = 58, 6, 6
#: with more indicators the cells are colours only and the pointer says the numbers: drawing 45,000 took half a minute
_WRITTEN = 80
#: a step of the zoom
_STEP = 1.25
PEARSON, SPEARMAN = "pearson", "spearman"


@dataclass(frozen=True)
class Item:
    """An indicator in the matrix; ``short`` stands in the diagonal, ``block`` counts its dimension."""

    id: str
    short: str
    title: str
    dimension: str
    block: int

    @property
    def rest(self) -> str:
        """The title without the number in front that `short` shows."""
        left = self.title[len(self.short):] if self.title.startswith(self.short) else self.title
        return left.strip() or self.title


def items_of(recipe, node, names: list[str]) -> list[Item]:
    """Return the indicators with short labels: numbers of the catalogue, else what their titles begin with."""
    homes: dict[str, tuple[str, str]] = {}
    for each in node.nodes():
        for child in each.children:
            homes.setdefault(getattr(child, "indicator", ""), (each.id, each.title))
    blocks = {home: place for place, home in enumerate(dict.fromkeys(homes[name] for name in names))}
    titles = [recipe.indicators[name].title for name in names]
    return [Item(name, short, title, homes[name][1], blocks[homes[name]])
            for name, short, title in zip(names, _shorts(recipe, names, titles), titles)]


def _shorts(recipe, names: list[str], titles: list[str]) -> list[str]:
    first = [title.split(" ", 1)[0].rstrip(".:,") for title in titles]
    for labels in ([recipe.indicators[name].catalogue for name in names], first):
        if all(labels) and len(set(labels)) == len(labels) and max(map(len, labels)) <= 5 \
                and all(any(sign.isdigit() for sign in label) for label in labels):
            return labels
    return [str(place + 1) for place in range(len(names))]


def cell_colour(value: float) -> str:
    """Return the fill of a cell: white for 0, darker the closer the two run together or against each other."""
    if np.isnan(value):
        return NONE
    end = np.array(QColor(TOGETHER if value > 0 else AGAINST).getRgb()[:3], float)
    mixed = 255 + (end - 255) * min(abs(value), 1) ** 1.25
    return "#" + "".join(f"{round(part):02x}" for part in mixed)


class MatrixChart(PixelChart):
    """The lower triangle of the correlations; the labels stand in the diagonal, the titles to the right of it.

    ``picked`` gives the ids of the two indicators of a cell that was clicked.

    Signals
    -------
    zoom_wanted(int)
        Steps by the wheel.
    """

    zoom_wanted = pyqtSignal(int)

    def __init__(self, parent=None):
        super().__init__(parent)
        self.items: list[Item] = []
        self.found, self.kind = None, PEARSON
        self.chosen_cell = 0.0
        self.cell, self.cursor = 20.0, None
        self.is_short, self.widest = False, "−0,88"

    def show_found(self, items: list[Item], found, kind: str) -> None:
        """Draw the correlations of diagnostics.

        Parameters
        ----------
        items : list of Item
        found : Diagnostics
        kind : {"pearson", "spearman"}
        """
        self.items, self.found, self.kind = items, found, kind
        self.is_empty = False
        if self.cursor is not None and max(self.cursor) >= len(items):
            self.cursor = None
        titles = [each.title for each in items]
        lowest = np.nanmin(self.values, initial=0)
        self.widest = "−0,88" if lowest <= -0.005 else "0,88"
        self.table = pd.DataFrame({tr("Indicator"): titles, **dict(zip(titles, self.values.T))})
        self.redraw()

    @property
    def values(self) -> np.ndarray:
        """The correlations that are shown."""
        return self.found.pearson if self.kind == PEARSON else self.found.spearman

    # size ------------------------------------------------------------------------------------------------------

    def readable_cell(self) -> float:
        """Return the smallest side of a cell in which hundredths can be read."""
        return 10 if len(self.items) > _WRITTEN else self._width("−88", 0.74) + 2

    def _width(self, words: str, share: float) -> float:
        font = self.font()
        if font.pointSizeF() > 0:
            font.setPointSizeF(font.pointSizeF() * share)
        return QFontMetricsF(font).horizontalAdvance(words)

    def _gaps(self) -> float:
        return _GAP * (self.items[-1].block if self.items else 0)

    def extent(self, cell: float) -> float:
        """Return the side of the triangle."""
        return len(self.items) * cell + self._gaps()

    def fit(self, width: float, height: float) -> None:
        """Choose the size for a space; the chart becomes larger than that where it could not be read otherwise."""
        count = max(len(self.items), 1)
        least = self.readable_cell()
        down = (height - 2 * _EDGE - self._gaps()) / count
        across = (width - 2 * _EDGE - self._gaps()) / count
        roomy = (width * 0.8 - 2 * _EDGE - self._gaps()) / count if width > 600 else across  # leaves space for titles
        best = min(max(min(roomy, down), min(self._width(self.widest, 0.8) + 5, across, down), least), _MOST)
        before, self.cell = self.cell, self.chosen_cell or best
        side = self.extent(self.cell) + 2 * _EDGE
        wanted = round(side), round(side)
        if (self.minimumWidth(), self.minimumHeight()) != wanted:
            self.setMinimumSize(*wanted)
        if self.cell != before:
            self.again.start()

    def zoom(self, steps: int) -> None:
        """Make the cells larger or smaller."""
        self.chosen_cell = min(max(self.cell * _STEP**steps, 10), 90)

    # drawing ---------------------------------------------------------------------------------------------------

    def _offset(self, place: int) -> float:
        return _EDGE + place * self.cell + _GAP * self.items[place].block

    def redraw(self) -> None:
        super().redraw()
        self.told.emit("")  # whether numbers are hundredths may have changed

    def paint(self, width, height, look) -> None:
        axes, cell, values = self.plane(), self.cell, self.values
        inset = 0.5 if cell < 24 else 1
        squares, colours, against = [], [], []
        for i in range(len(self.items)):
            for j in range(i):
                left, top = self._offset(j), self._offset(i)
                square = [(left + inset, top + inset), (left + cell - inset, top + inset),
                          (left + cell - inset, top + cell - inset), (left + inset, top + cell - inset)]
                squares.append(square)
                colours.append(cell_colour(values[i, j]))
                if values[i, j] <= -0.1:
                    against.append(square)
        axes.add_collection(PolyCollection(squares, facecolors=colours, edgecolors="#e3e7e9", linewidths=0.5))
        if against:
            axes.add_collection(PolyCollection(against, facecolors="none", edgecolors="#ffffff70", linewidths=0,
                                               hatch="///"))
        self._numbers(axes, values, look)
        self._labels(axes, width, look)
        self._blocks(axes, look)

    def _numbers(self, axes, values, look: Look) -> None:
        """Write two decimals where there is room for them, hundredths where there is less."""
        if len(self.items) > _WRITTEN:
            self.is_short = False
            return
        size, share = self.cell - 4, 1.0
        while share > 0.8 and self._width(self.widest, share) > size:
            share -= 0.05
        self.is_short = self._width(self.widest, share) > size
        if self.is_short:
            share = min(max(0.74, size / max(self._width("−88", 1), 1)), 0.92)
            if self._width("−88", share) > self.cell:
                return
        for i in range(len(self.items)):
            for j in range(i):
                value = values[i, j]
                if np.isnan(value):
                    words = "–"
                else:
                    words = number_text(100 * value, 0) if self.is_short else number_text(value, 2)
                text(axes, self._offset(j) + self.cell / 2, self._offset(i) + self.cell / 2, words, look, ha="center",
                     fontsize=self.font_size(share), color=ink_on(cell_colour(value)) if value == value else "#5a5a5a")

    def _labels(self, axes, width: float, look: Look) -> None:
        share = min(1.0, max(0.7, (self.cell - 3) / max(max(self._width(each.short, 1) for each in self.items), 1)))
        for place, each in enumerate(self.items):
            start = self._offset(place)
            text(axes, start + self.cell / 2, start + self.cell / 2, each.short, look, ha="center", weight="bold",
                 fontsize=self.font_size(share))
            left = start + self.cell + 4
            room = width - left - 4
            if room > 34:
                text(axes, left, start + self.cell / 2, look.fitted(each.rest, room), look, ha="left",
                     color=look.quiet)

    def _blocks(self, axes, look: Look) -> None:
        """Draw an angle around the cells of each dimension."""
        for block in range(self.items[-1].block + 1 if self.items else 0):
            places = [place for place, each in enumerate(self.items) if each.block == block]
            if len(places) < 2:
                continue
            first, last = self._offset(places[0]), self._offset(places[-1]) + self.cell
            axes.plot([first - 1.5, first - 1.5, last], [first + self.cell, last + 1.5, last + 1.5], color=look.ink,
                      linewidth=1.2, solid_capstyle="butt")

    # pointer and keys ------------------------------------------------------------------------------------------

    def _index(self, along: float) -> int:
        for place in range(len(self.items)):
            start = self._offset(place)
            if start <= along < start + self.cell:
                return place
        return -1

    def cell_at(self, x: float, y: float):
        """Return (row, column) at a place; equal for a label; None outside."""
        row, column = self._index(y), self._index(x)
        if row < 0 or (column < 0 and x < self._offset(row)):
            return None
        return (row, row) if column < 0 or column > row else (row, column)

    def hover(self, x, y) -> None:
        if not self.items:
            return
        self.point_at(self.cell_at(x, y))

    def point_at(self, cell) -> None:
        """Mark a cell and say in words what it tells."""
        self.cursor = cell
        self.overlay.show_content(self._mark if cell is not None else None)
        words = self.words() if cell is not None else ""
        self.canvas.setToolTip(words)
        self.told.emit(words)
        if words:
            self.canvas.setAccessibleDescription(words)

    def words(self) -> str:
        """Return what the marked cell tells."""
        row, column = self.cursor
        one, two = self.items[column], self.items[row]
        if row == column:
            return tr("{title} – dimension “{dimension}”", title=one.title, dimension=one.dimension)
        return pair_words(one, two, self.found, column, row)

    def _mark(self, painter) -> None:
        row, column = self.cursor
        ink, cell = QColor(self.look().ink), self.cell
        band = QColor(ink)
        band.setAlpha(26)
        left, top = self._offset(column), self._offset(row)
        painter.fillRect(QRectF(_EDGE, top, self._offset(row) - _EDGE + cell, cell), band)
        painter.fillRect(QRectF(left, left, cell, top - left), band)
        painter.setPen(QPen(ink, 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(left, top, cell, cell))

    def press(self, x, y, more) -> None:
        cell = self.cell_at(x, y) if self.items else None
        if cell is not None and cell[0] != cell[1]:
            self.point_at(cell)
            self.pick()

    def pick(self) -> None:
        """Open the marked cell."""
        if self.cursor is not None and self.cursor[0] != self.cursor[1]:
            row, column = self.cursor
            self.picked.emit((self.items[column].id, self.items[row].id))

    def wheel(self, steps) -> bool:
        self.zoom_wanted.emit(steps)
        return True

    def key(self, name) -> bool:
        if len(self.items) < 2:
            return False
        if name == "enter":
            self.pick()
            return True
        if name == "escape":
            return False
        row, column = self.cursor or (1, 0)
        if self.cursor is not None:
            row += {"up": -1, "down": 1}.get(name, 0)
            column += {"left": -1, "right": 1}.get(name, 0)
        row = min(max(row, 1), len(self.items) - 1)
        self.point_at((row, min(max(column, 0), row - 1)))
        return True


def pair_words(one: Item, two: Item, found, first: int, second: int) -> str:
    """Return in words how two indicators run together."""
    pearson, spearman = found.pearson[first, second], found.spearman[first, second]
    if np.isnan(pearson):
        return tr("“{first}” and “{second}”: no correlation, too few areas have both or one does not vary.",
                  first=one.title, second=two.title)
    place = next(pair for pair in found.pairs if {pair.first, pair.second} == {one.id, two.id})
    return tr("“{first}” and “{second}”: {judgement}. Pearson {pearson}, Spearman {spearman}, {areas} areas.",
              first=one.title, second=two.title, judgement=judgement(pearson), pearson=number_text(pearson, 2),
              spearman=number_text(spearman, 2), areas=number_text(place.areas, 0))


def judgement(value: float) -> str:
    """Return in words how close a correlation is."""
    if value >= 0.9:
        return tr("they say nearly the same")
    if value >= 0.7:
        return tr("they run closely together")
    if value >= 0.3:
        return tr("they run together")
    if value > -0.3:
        return tr("they have little to do with each other")
    return tr("they run against each other")
