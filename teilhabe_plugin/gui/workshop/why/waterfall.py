"""The contributions of an area as a waterfall: from the average area to its score, in the map's colours."""
from __future__ import annotations

import numpy as np
from matplotlib.patches import Circle, Polygon, Rectangle
from qgis.PyQt.QtCore import QEvent, Qt, pyqtSignal

from ....bridge.class_colours import ink_on
from ....bridge.legend_text import number_text
from ....translation import tr, translate
from .look import TOP, Look, RowChart, ends, look_of, text
from .steps import BASE, INSIDE, SCORE, STEP, Row, rows_of

#: from so many pixels on, labels stand beside the bars instead of above them
WIDE = 620
#: parts of the width that labels get there, at least and at most
_LABELS = (0.25, 0.6)


class Waterfall(RowChart):
    """Rows from base to score; dimensions open to their indicators.

    Signals
    -------
    opened_changed()
    """

    opened_changed = pyqtSignal()

    def __init__(self, parent=None):
        super().__init__(parent)
        self.profile = None
        self.labels = ("", "")
        self.opened: set[str] = set()
        self.places: list[tuple[float, float, Row]] = []

    def show_profile(self, profile, view, base_label: str = "", score_label: str = "") -> None:
        """Draw an area's way from base to score.

        Parameters
        ----------
        profile : AreaProfile
        view : View
            Its class bounds and colours.
        base_label, score_label : str
        """
        self.profile, self.view = profile, view
        self.labels = (base_label or tr("Average area"), score_label or tr("This area"))
        self.redraw()

    def rows(self) -> list[Row]:
        """Return what is drawn, from top to bottom."""
        return rows_of(self.profile, self.opened, *self.labels) if self.profile is not None else []

    def can_open(self) -> list[str]:
        """Return the dimensions that hold indicators."""
        return [step.id for step in self.profile.steps if step.parts] if self.profile is not None else []

    def toggle(self, dimension: str = "") -> None:
        """Open or close a dimension, or all of them."""
        every = set(self.can_open())
        if dimension:
            self.opened ^= {dimension} & every
        else:
            self.opened = set() if every <= self.opened else self.opened | every
        self.redraw()
        self.opened_changed.emit()

    def look(self, is_print: bool = False) -> Look:
        bad, good = ends(self.view)
        return look_of(self, bad, good, is_print)

    # rows ------------------------------------------------------------------------------------------------------

    def wanted_height(self, width: float, look: Look) -> float:
        return sum(self._height(row, width, look) for row in self.rows()) + 2 * look.height + 14 + TOP

    def _height(self, row: Row, width: float, look: Look) -> float:
        if width >= WIDE:
            return look.height + (4 if row.kind == INSIDE else 9)
        return 2 * look.height + (2 if row.kind == INSIDE else 5)

    def paint(self, axes, width: float, look: Look) -> None:
        rows, is_wide = self.rows(), width >= WIDE
        numbers = [_signed(row.amount) if row.kind in (STEP, INSIDE) else number_text(row.amount, 2) for row in rows]
        column = max(look.width(each, True) for each in numbers) + 8
        left = self._label_width(rows, width, look) if is_wide else 9
        scale = _Scale([each for row in rows for each in (row.start, row.end)], left, width - column - 14)
        self.places, top = [], float(TOP)
        for row, number in zip(rows, numbers):
            height = self._height(row, width, look)
            self.places.append((top, top + height, row))
            self._label(axes, row, number, top, height, left, width, column, is_wide, look)
            self._bar(axes, row, top, height, is_wide, scale, look)
            top += height
        self._guides(axes, scale, look)
        self._axis(axes, top + 6, scale, look)

    def _label_width(self, rows, width: float, look: Look) -> float:
        """Return where the bars begin: behind the longest label, within limits."""
        needed = max(look.width(row.label, row.kind in (BASE, SCORE)) for row in rows) + 42
        return min(max(needed, _LABELS[0] * width), _LABELS[1] * width)

    def _label(self, axes, row: Row, number: str, top, height, left, width, column, is_wide, look) -> None:
        bold = row.kind in (BASE, SCORE)
        line = top + height / 2 if is_wide else top + look.height / 2 + 1
        indent = 14 if row.is_open is not None or any(each.is_open is not None for each in self.rows()) else 0
        if row.kind == INSIDE:
            indent += 12
        if row.is_open is not None:
            _arrow(axes, 5, line, row.is_open, look)
        room = (left if is_wide else width - column) - indent - 10
        label = translate(row.label) if row.kind == STEP and not row.id else row.label
        words = look.fitted(label, room, bold)
        quiet = row.kind == INSIDE
        text(axes, indent + 1, line, words, look, ha="left", weight="bold" if bold else "normal",
             color=look.quiet if quiet else look.ink, zorder=4, **_on_paper(look))
        shown = number if not np.isnan(row.amount) else tr("no data")
        text(axes, width - 3, line, shown, look, ha="right", weight="bold" if row.kind != INSIDE else "normal",
             color=look.quiet if quiet or np.isnan(row.amount) else look.ink)

    def _bar(self, axes, row: Row, top, height, is_wide, scale, look) -> None:
        middle = top + height / 2 if is_wide else top + look.height + 2 + (height - look.height - 4) / 2
        if row.kind in (BASE, SCORE):
            if row.kind == SCORE:
                axes.add_patch(Circle((scale(row.end), middle), 6, facecolor=self._own_colour(look), edgecolor=look.ink,
                                      linewidth=1, zorder=5))
            else:
                axes.add_patch(Circle((scale(row.end), middle), 4, facecolor=look.paper, edgecolor=look.ink,
                                      linewidth=1.2, zorder=5))
            return
        size = 7 if row.kind == INSIDE else 11
        colour = look.bad if self.profile.burden(row.end - row.start) > 0 else look.good
        a, b = sorted((scale(row.start), scale(row.end)))
        axes.add_patch(Rectangle((a, middle - size / 2), max(b - a, 1.0), size, facecolor=colour, edgecolor=look.ink,
                                 linewidth=0.4, alpha=0.65 if row.kind == INSIDE else 1, zorder=3))

    def _own_colour(self, look: Look) -> str:
        return self.view.colour_of(self.profile.row) or look.paper

    def _guides(self, axes, scale, look) -> None:
        """Draw what leads the eye: where the average lies, and from each bar's end to the next bar."""
        first, last = self.places[0], self.places[-1]
        axes.plot([scale(first[2].end)] * 2, [(first[0] + first[1]) / 2, last[1]], color=look.line, linewidth=0.8,
                  zorder=1)
        main = [(row, top, end) for (top, end, row) in self.places if row.kind in (STEP, SCORE)]
        for (row, top, _end), (_next, _top, low) in zip(main, main[1:]):
            axes.plot([scale(row.end)] * 2, [top + look.height, low - 6], color=look.quiet, linewidth=0.7,
                      linestyle=(0, (2, 2)), zorder=2)

    def _axis(self, axes, top: float, scale: _Scale, look: Look) -> None:
        """Draw the classes along the scores, and which way is unfavourable."""
        classes = self.view.class_set.classes if not self.profile.is_cross else ()
        low, high = scale.low, scale.high
        for each in classes:
            a = low if each.lower is None else max(each.lower, low)
            b = high if each.upper is None else min(each.upper, high)
            if each.lower is None and each.upper is None or b <= a:
                continue
            colour = self.view.colours[each.value]
            size = look.height + 2
            axes.add_patch(Rectangle((scale(a), top), scale(b) - scale(a), size, facecolor=colour,
                                     edgecolor=look.paper, linewidth=1, zorder=2))
            if look.width(each.name) + 6 < scale(b) - scale(a):
                text(axes, (scale(a) + scale(b)) / 2, top + size / 2, each.name, look, ha="center",
                     color=ink_on(colour))
        line = top + look.height + 4 + look.height / 2 + 2
        bad, good = tr("less favourable"), tr("more favourable")
        words = (f"← {good}", f"{bad} →") if self.profile.high_is_bad else (f"← {bad}", f"{good} →")
        text(axes, scale.left, line, words[0], look, ha="left", color=look.quiet)
        text(axes, scale.right, line, words[1], look, ha="right", color=look.quiet)

    # mouse and keys --------------------------------------------------------------------------------------------

    def at(self, y: float) -> None:
        row = next((row for top, bottom, row in self.places if top <= y < bottom), None)
        if row is None:
            return
        if row.is_open is not None:
            self.toggle(row.id)
        elif row.id:
            self.picked.emit(row.id)

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.KeyPress and event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return):
            self.toggle()
            return True
        return super().eventFilter(watched, event)


class _Scale:
    """From scores to pixels."""

    def __init__(self, values, left: float, right: float):
        low, high = min(values), max(values)
        room = (high - low) * 0.06 or 1.0
        self.low, self.high = low - room, high + room
        self.left, self.right = left, right

    def __call__(self, value: float) -> float:
        return self.left + (value - self.low) / (self.high - self.low) * (self.right - self.left)


def _arrow(axes, x: float, y: float, is_open: bool, look: Look) -> None:
    points = [(x - 4, y - 2), (x + 4, y - 2), (x, y + 3)] if is_open else [(x - 2, y - 4), (x - 2, y + 4), (x + 3, y)]
    axes.add_patch(Polygon(points, closed=True, facecolor=look.quiet, edgecolor="none"))


def _on_paper(look: Look) -> dict:
    """Return what keeps lines behind a text from crossing it."""
    return {"bbox": {"facecolor": look.paper, "edgecolor": "none", "pad": 0.5}}


def _signed(value: float) -> str:
    if np.isnan(value):
        return ""
    written = number_text(value, 2)
    return f"+{written}" if value > 0 and written.strip("0,.") else written
