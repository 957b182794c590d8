"""Charts of the diagnostics and of the years: laid out in pixels, with a light layer for what the pointer rests on."""
from __future__ import annotations

from matplotlib import rcParams
from qgis.PyQt.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, pyqtSignal
from qgis.PyQt.QtGui import QPainter
from qgis.PyQt.QtWidgets import QWidget

from ..chart import Chart, emptied
from ..why.look import Look, look_of

#: keys that a chart takes for itself, as matplotlib names them
_KEYS = {Qt.Key.Key_Left: "left", Qt.Key.Key_Right: "right", Qt.Key.Key_Up: "up", Qt.Key.Key_Down: "down",
         Qt.Key.Key_Return: "enter", Qt.Key.Key_Enter: "enter", Qt.Key.Key_Space: "enter",
         Qt.Key.Key_Escape: "escape"}
#: milliseconds that a chart waits while it is resized
_REST = 20


class Overlay(QWidget):
    """A transparent layer over a chart; drawing on it leaves the chart as it is."""

    def __init__(self, canvas):
        super().__init__(canvas)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.content = None
        self.resize(canvas.size())

    def show_content(self, content) -> None:
        """Draw by ``content(painter)``, nothing for None."""
        self.content = content
        self.raise_()
        self.update()

    def paintEvent(self, _event):
        if self.content is not None:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self.content(painter)
            painter.end()


class PixelChart(Chart):
    """A chart that lays itself out in logical pixels and follows pointer and keys.

    Subclasses implement `paint`, and of `hover`, `press`, `key` what they need; places are pixels from the upper left
    corner.

    Signals
    -------
    told(str)
        Words on what the pointer or the keys are at, "" for nothing.
    """

    told = pyqtSignal(str)

    def __init__(self, parent=None):
        super().__init__(parent)
        if hasattr(self.figure, "set_layout_engine"):
            self.figure.set_layout_engine("none")
        else:  # matplotlib before 3.6
            self.figure.set_constrained_layout(False)
        self.overlay = Overlay(self.canvas)
        self.again = QTimer(self)
        self.again.setSingleShot(True)
        self.again.setInterval(_REST)
        self.again.timeout.connect(self.redraw)
        self.canvas.setMouseTracking(True)
        self.canvas.installEventFilter(self)
        self.is_empty = True

    # what a subclass gives -------------------------------------------------------------------------------------

    def paint(self, width: float, height: float, look: Look) -> None:
        """Draw into the figure, which is empty."""
        raise TypeError(f"{type(self).__name__} has no paint()")

    def hover(self, x: float, y: float) -> None:
        """Show what is at a place."""

    def leave(self) -> None:
        """Show nothing in particular any more."""
        self.overlay.show_content(None)
        self.told.emit("")

    def press(self, x: float, y: float, more: bool) -> None:
        """Take a click; ``more``: with Ctrl or Shift."""

    def press_twice(self, x: float, y: float) -> None:
        """Take a double click."""

    def key(self, name: str) -> bool:
        """Take a key: left, right, up, down, enter or escape; return whether it was of use."""
        return False

    def wheel(self, steps: int) -> bool:
        """Take the wheel with Ctrl held; return whether it was of use."""
        return False

    # shared ----------------------------------------------------------------------------------------------------

    def look(self) -> Look:
        """Return colours and font of the window."""
        return look_of(self, "", "")

    def redraw(self) -> None:
        """Draw everything at the size there is."""
        self.again.stop()
        emptied(self.figure)
        self.overlay.show_content(None)
        if not self.is_empty:
            with self.style():
                look = self.look()
                self.figure.set_facecolor(look.paper)
                self.paint(max(self.canvas.width(), 60), max(self.canvas.height(), 60), look)
        self.draw()

    def box(self, left: float, top: float, width: float, height: float, **more):
        """Return axes at a place given in pixels."""
        whole_width, whole_height = max(self.canvas.width(), 60), max(self.canvas.height(), 60)
        return self.figure.add_axes([left / whole_width, 1 - (top + height) / whole_height,
                                     max(width, 4) / whole_width, max(height, 4) / whole_height], **more)

    def plane(self):
        """Return axes over the whole chart whose units are pixels from the upper left corner."""
        width, height = max(self.canvas.width(), 60), max(self.canvas.height(), 60)
        axes = self.figure.add_axes([0, 0, 1, 1])
        axes.set_xlim(0, width)
        axes.set_ylim(height, 0)
        axes.axis("off")
        return axes

    def font_size(self, share: float = 1.0) -> float:
        """Return a part of the window's font size, as matplotlib counts it; within ``with self.style():``."""
        return rcParams["font.size"] * share

    def place_of(self, axes, x: float, y: float) -> tuple[float, float]:
        """Return the pixels of a point given in the units of axes."""
        across, up = axes.transData.transform((x, y))
        ratio = self.canvas.devicePixelRatioF()
        return across / ratio, self.canvas.height() - up / ratio

    def eventFilter(self, watched, event):
        kind = event.type()
        if kind == QEvent.Type.Resize:
            self.overlay.resize(event.size())
            self.again.start()
        elif kind in (QEvent.Type.Leave, QEvent.Type.FocusOut):
            self.leave()
        elif kind == QEvent.Type.Wheel:
            held = event.modifiers() & Qt.KeyboardModifier.ControlModifier
            if held and self.wheel(1 if event.angleDelta().y() > 0 else -1):
                return True
            event.ignore()  # the page scrolls, not the chart
            return True
        elif kind == QEvent.Type.KeyPress and event.key() in _KEYS:
            if self.key(_KEYS[event.key()]):
                return True
        elif kind == QEvent.Type.MouseMove:
            place = _place(event)
            self.hover(place.x(), place.y())
        elif kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick) \
                and event.button() == Qt.MouseButton.LeftButton:
            place = _place(event)
            if kind == QEvent.Type.MouseButtonDblClick:
                self.press_twice(place.x(), place.y())
            else:
                more = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
                self.press(place.x(), place.y(), bool(more))
        return super().eventFilter(watched, event)


def _place(event) -> QPointF:
    return event.position() if hasattr(event, "position") else event.localPos()


def label_box(painter: QPainter, x: float, y: float, text: str, look: Look, width: float, height: float) -> None:
    """Write a short text on a plate beside a place, within a chart of that size."""
    painter.setFont(look.font)
    size = painter.fontMetrics().boundingRect(text)
    plate = QRectF(0, 0, size.width() + 12, look.height + 6)
    plate.moveTo(min(max(x + 10, 2), max(width - plate.width() - 2, 2)),
                 min(max(y - plate.height() - 6, 2), max(height - plate.height() - 2, 2)))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_colour(look.paper, 235))
    painter.drawRoundedRect(plate, 3, 3)
    painter.setPen(_colour(look.quiet, 160))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(plate, 3, 3)
    painter.setPen(_colour(look.ink))
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)


def _colour(name: str, alpha: int = 255):
    from qgis.PyQt.QtGui import QColor

    colour = QColor(name)
    colour.setAlpha(alpha)
    return colour
