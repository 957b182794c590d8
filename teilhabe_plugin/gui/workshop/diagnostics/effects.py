"""Weight beside influence: a pair of bars for each dimension and indicator."""
from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.collections import PolyCollection
from qgis.PyQt.QtCore import QRectF
from qgis.PyQt.QtGui import QColor

from ....bridge.legend_text import number_text
from ....core.effects import Effect
from ....translation import tr
from ..why.look import Look, text
from .canvas import PixelChart

#: bar of the influence; of the influence where it differs strongly from the weight; of the weight
DONE, STRONG, MEANT = "#0b4f6c", "#c2660a", "#b9c2c7"
#: thickness of a bar in pixels, space around a row
_BAR, _SPACE = 7, 8


class EffectsChart(PixelChart):
    """Rows with two bars: what a part is meant to count, and what it does.

    ``picked`` gives the id of the row that was clicked.
    """

    def __init__(self, parent=None):
        super().__init__(parent)
        self.rows: list[Effect] = []
        self.cursor = -1
        self.tops: list[tuple[float, float]] = []
        self.bars: list[tuple[list, str]] = []

    def show_rows(self, rows: list[Effect]) -> None:
        """Draw the parts of an index."""
        self.rows, self.is_empty = rows, False
        self.cursor = min(self.cursor, len(rows) - 1)
        self.table = pd.DataFrame({
            tr("Indicator or dimension"): [each.title for each in rows],
            tr("Weight in the index, %"): [100 * each.stated for each in rows],
            tr("Influence on the index, %"): [100 * each.influence for each in rows],
            tr("Weight within its dimension, %"): [100 * each.weight for each in rows],
            tr("Effective weight within its dimension, %"): [100 * each.effective for each in rows],
        })
        look = self.look()
        height = round(sum(self._height(each, look) for each in rows) + look.height + 14)
        if self.minimumHeight() != height:
            self.setMinimumHeight(height)
        self.redraw()

    def _height(self, row: Effect, look: Look) -> float:
        return 2 * _BAR + look.height + _SPACE + (5 if not row.is_indicator else 0)

    # drawing ---------------------------------------------------------------------------------------------------

    def paint(self, width, height, look) -> None:
        axes = self.plane()
        numbers = [self._numbers(row) for row in self.rows]
        pairs = np.nan_to_num([row.meant_and_done for row in self.rows] or [(0, 0)])
        low, high = min(pairs.min(), 0), max(pairs.max(), 0.01)
        left, right = 4, 8
        scale = (width - left - right - 4) / (high - low)
        zero = left - low * scale
        top = look.height + 10
        self._key(axes, width, look)
        self.tops, self.bars = [], []
        for row, number in zip(self.rows, numbers):
            tall = self._height(row, look)
            self.tops.append((top, top + tall))
            self._row(axes, row, number, top, tall, zero, scale, width, look)
            top += tall
        axes.add_collection(PolyCollection([corners for corners, _colour in self.bars], linewidths=0, zorder=2,
                                           facecolors=[colour for _corners, colour in self.bars]))
        axes.plot([zero, zero], [look.height + 8, top], color=look.quiet, linewidth=0.8, zorder=3)

    def _key(self, axes, width: float, look: Look) -> None:
        across, line = 4.0, look.height / 2 + 2
        for colour, words in ((MEANT, tr("Weight")), (DONE, tr("Influence")), (STRONG, tr("differs strongly"))):
            axes.plot([across, across + 12], [line, line], color=colour, linewidth=self.font_size(0.8),
                      solid_capstyle="butt")
            text(axes, across + 17, line, words, look, ha="left", color=look.quiet)
            across += 17 + look.width(words) + 16

    def _row(self, axes, row: Effect, number: str, top, tall, zero, scale, width, look: Look) -> None:
        if not row.is_indicator:
            self._bar(0, width, top, tall, mixed(look.line, look.paper, 0.28))
        indent = 9 + 12 * row.level
        line = top + look.height / 2 + 3
        bold = "bold" if not row.is_indicator or row.verdict else "normal"
        room = width - indent - look.width(number, True) - 16
        text(axes, indent, line, look.fitted(row.title, room, bold == "bold"), look, ha="left", weight=bold)
        text(axes, width - 6, line, number, look, ha="right", weight="bold" if row.verdict else "normal")
        meant, done = row.meant_and_done
        start = top + look.height + 3
        self._bar(zero, meant * scale, start, _BAR, MEANT)
        if done == done:
            self._bar(zero, done * scale, start + _BAR, _BAR, STRONG if row.verdict else DONE)

    def _bar(self, left, length, top, thickness, colour: str) -> None:
        right, bottom = left + length, top + thickness
        self.bars.append(([(left, top), (right, top), (right, bottom), (left, bottom)], colour))

    def _numbers(self, row: Effect) -> str:
        meant, done = row.meant_and_done
        if np.isnan(done):
            return _percent(meant)
        return f"{_percent(meant)} → {_percent(done)}"

    # pointer and keys ------------------------------------------------------------------------------------------

    def row_at(self, y: float) -> int:
        """Return the row at a height, −1 for none."""
        return next((place for place, (top, bottom) in enumerate(self.tops) if top <= y < bottom), -1)

    def hover(self, x, y) -> None:
        self.point_at(self.row_at(y))

    def point_at(self, place: int) -> None:
        """Mark a row and say its numbers in words."""
        self.cursor = place
        if place < 0:
            self.leave()
            return
        words = self.words(self.rows[place])
        self.told.emit(words)
        self.canvas.setAccessibleDescription(words)
        top, bottom = self.tops[place]
        colour = QColor(self.look().ink)
        colour.setAlpha(24)
        self.overlay.show_content(
            lambda painter: painter.fillRect(QRectF(0, top, self.canvas.width(), bottom - top), colour))

    def words(self, row: Effect) -> str:
        """Return the numbers of a row in words."""
        parts = [tr("weight {share} of the index", share=_percent(row.stated))]
        if row.influence == row.influence:
            parts.append(tr("influence on the index {share}", share=_percent(row.influence)))
        if row.effective == row.effective and abs(row.weight - row.stated) > 1e-9:
            parts.append(tr("within its dimension: weight {weight}, effective weight {share}",
                            weight=_percent(row.weight), share=_percent(row.effective)))
        return f"{row.title}: {', '.join(parts)}"

    def press(self, x, y, more) -> None:
        place = self.row_at(y)
        if place >= 0:
            self.point_at(place)
            self.picked.emit(self.rows[place].id)

    def key(self, name) -> bool:
        if name == "enter" and self.cursor >= 0:
            self.picked.emit(self.rows[self.cursor].id)
            return True
        if name not in ("up", "down") or not self.tops:
            return False
        self.point_at(min(max(self.cursor + (1 if name == "down" else -1), 0), len(self.rows) - 1))
        return True


def mixed(colour: str, ground: str, share: float) -> str:
    """Return a colour with only a share of it on a ground."""
    one, two = (np.array(QColor(each).getRgb()[:3], float) for each in (colour, ground))
    return "#" + "".join(f"{round(part):02x}" for part in one * share + two * (1 - share))


def _percent(share: float) -> str:
    return f"{number_text(100 * share, 1 if abs(share) < 0.1 else 0)}\u202f%"
