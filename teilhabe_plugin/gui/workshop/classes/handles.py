"""Moving the bounds of the histogram by mouse and keys, clicking its bars, and words about what is under the mouse."""
from __future__ import annotations

from qgis.PyQt.QtCore import QEvent, QObject, Qt, pyqtSignal
from qgis.PyQt.QtGui import QCursor
from qgis.PyQt.QtWidgets import QToolTip

from ....bridge.legend_text import number_text
from ....translation import tr
from .chart import ClassHistogram

#: how many areas a tooltip names
MOST_NAMES = 8


class ClassHandles(QObject):
    """Listens to a histogram's canvas.

    Signals
    -------
    began(place)
        A bound is taken, by mouse or keys.
    moved(place, value)
        It is drawn to a value, as the mouse says.
    stepped(place, direction, size)
        The keys move it: −1 or 1, in steps of size 1 or 5.
    ended(is_kept)
        It is let go, or everything is to be as it was.
    clicked(rows, is_added)
        Areas are to be selected; with Ctrl those selected stay.
    """

    began = pyqtSignal(int)
    moved = pyqtSignal(int, float)
    stepped = pyqtSignal(int, int, int)
    ended = pyqtSignal(bool)
    clicked = pyqtSignal(object, bool)

    def __init__(self, chart: ClassHistogram):
        super().__init__(chart)
        self.chart = chart
        self.names: list[str] = []
        self.dragged = -1
        self.is_stepping = False
        for event, slot in (("button_press_event", self._pressed), ("motion_notify_event", self._over),
                            ("button_release_event", self._released)):
            chart.canvas.mpl_connect(event, slot)
        chart.canvas.installEventFilter(self)

    # mouse -----------------------------------------------------------------------------------------------------

    def _pressed(self, event) -> None:
        if event.button != 1 or self.chart.axes is None:
            return
        self.end()
        place = self.chart.bound_at(event.x)
        if place >= 0:
            self.dragged = place
            self.chart.set_active(place)
            self.began.emit(place)
            return
        rows, kind = self.chart.rows_at(event.x, event.y)
        modifiers = event.guiEvent.modifiers()
        self.clicked.emit(rows.tolist() if kind else [],
                          bool(modifiers & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)))

    def _over(self, event) -> None:
        if self.chart.axes is None:
            return
        if self.dragged >= 0:
            self.moved.emit(self.dragged, self.chart.value_at(event.x))
            return
        is_bound = self.chart.bound_at(event.x) >= 0
        rows, kind = self.chart.rows_at(event.x, event.y)
        shape = Qt.CursorShape.SplitHCursor if is_bound else (
            Qt.CursorShape.PointingHandCursor if kind and len(rows) else Qt.CursorShape.ArrowCursor)
        self.chart.canvas.setCursor(QCursor(shape))
        text = tr("Draw the bound, or move it with the arrow keys; Esc takes it back") if is_bound else \
            self.words(rows, kind)
        if text:
            QToolTip.showText(QCursor.pos(), text, self.chart.canvas)
        else:
            QToolTip.hideText()

    def _released(self, event) -> None:
        if event.button == 1 and self.dragged >= 0:
            self.dragged = -1
            self.ended.emit(True)

    def words(self, rows, kind: str) -> str:
        """Name the areas that are under the mouse."""
        if not kind or not len(rows):
            return ""
        bars = self.chart.bars
        place = int(bars.positions[rows[0]])
        class_name = bars.names[place] if place >= 0 else tr("no class")
        ordered = sorted(rows.tolist(), key=lambda row: bars.scores[row])
        named = [f"{self.names[row]}: {number_text(bars.scores[row], 2)}" for row in ordered[:MOST_NAMES]]
        if len(ordered) > MOST_NAMES:
            named.append(tr("… and {n} more", n=len(ordered) - MOST_NAMES))
        head = class_name if kind == "area" else tr("{class_name}: {n} areas", class_name=class_name, n=len(rows))
        return "\n".join([head, *named])

    # keys ------------------------------------------------------------------------------------------------------

    def eventFilter(self, _canvas, event):
        """Take the keys that choose and move bounds; all others go their way."""
        if event.type() in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride):
            return self._key(event)
        if event.type() == QEvent.Type.FocusOut:
            self.end()
            self.chart.set_active(-1)
        elif event.type() == QEvent.Type.FocusIn and event.reason() in (Qt.FocusReason.TabFocusReason,
                                                                       Qt.FocusReason.BacktabFocusReason):
            forward = event.reason() == Qt.FocusReason.TabFocusReason
            self.choose(0 if forward else self._count() - 1)
        return False

    def _key(self, event) -> bool:
        key, is_press = event.key(), event.type() == QEvent.Type.KeyPress
        if key == Qt.Key.Key_Escape and (self.dragged >= 0 or self.is_stepping):
            # a shortcut of the window must not take it
            event.accept()
            if is_press:
                self.cancel()
            return True
        if not is_press:
            return False
        if key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Down, Qt.Key.Key_Up):
            step = 1 if key in (Qt.Key.Key_Tab, Qt.Key.Key_Down) else -1
            place = self.chart.active + step if self.chart.active >= 0 else (0 if step > 0 else self._count() - 1)
            if not 0 <= place < self._count():
                return key in (Qt.Key.Key_Down, Qt.Key.Key_Up)  # the last one: Tab leaves the chart
            self.choose(place)
            return True
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and self._count():
            if self.chart.active < 0:
                self.choose(0)
            if not self.is_stepping:
                self.is_stepping = True
                self.began.emit(self.chart.active)
            size = 5 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
            self.stepped.emit(self.chart.active, 1 if key == Qt.Key.Key_Right else -1, size)
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.is_stepping:
            self.end()
            return True
        return False

    def _count(self) -> int:
        bars = self.chart.bars
        return len(bars.bounds) if bars is not None and bars.is_movable and self.chart.axes is not None else 0

    def choose(self, place: int) -> None:
        """Let the keys move another bound."""
        if place != self.chart.active:
            self.end()
        if 0 <= place < self._count():
            self.chart.set_active(place)
            self.tell()

    def tell(self) -> None:
        """Let a screen reader say which bound is chosen, and where it is."""
        place, bars = self.chart.active, self.chart.bars
        if bars is not None and 0 <= place < len(bars.bounds):
            self.chart.canvas.setAccessibleDescription(tr(
                "Bound {place} of {count}: {value}, between “{lower}” and “{upper}”", place=place + 1,
                count=len(bars.bounds), value=number_text(bars.bounds[place], self.chart._decimals()),
                lower=bars.names[place], upper=bars.names[place + 1]))

    def end(self) -> None:
        """Let go what the keys moved."""
        if self.is_stepping:
            self.is_stepping = False
            self.ended.emit(True)

    def cancel(self) -> None:
        """Put the bound back to where it was taken."""
        self.dragged, self.is_stepping = -1, False
        self.ended.emit(False)
