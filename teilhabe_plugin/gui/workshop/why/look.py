"""Drawing in pixels with matplotlib: the window's colours and font, texts that fit, and a chart made of rows."""
from __future__ import annotations

from dataclasses import dataclass

from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from qgis.PyQt.QtCore import QEvent, Qt, QTimer, pyqtSignal
from qgis.PyQt.QtGui import QFont, QFontMetricsF, QImage, QPalette

from ....bridge.class_colours import lightness
from ..chart import ACCENT, Chart, emptied

#: a colour lighter than this is lost on white; the next darker class stands in for it
LIGHTEST = 84
#: pixels above the first row; the frame of a chart that has the keyboard lies there
TOP = 5
#: dots per inch of the figures that are drawn without a window
_DPI = 100


@dataclass(frozen=True)
class Look:
    """Colours and font of a drawing.

    ``bad`` and ``good`` are the map's colours for what is unfavourable and favourable.
    """

    ink: str
    quiet: str
    line: str
    paper: str
    bad: str
    good: str
    font: QFont
    accent: str = ACCENT

    def width(self, text: str, is_bold: bool = False) -> float:
        """Return the width of a text in pixels."""
        return QFontMetricsF(self._font(is_bold)).horizontalAdvance(text)

    def fitted(self, text: str, width: float, is_bold: bool = False) -> str:
        """Return the text, cut short with an ellipsis where it is wider."""
        return QFontMetricsF(self._font(is_bold)).elidedText(text, Qt.TextElideMode.ElideRight, max(width, 8))

    @property
    def height(self) -> float:
        """Height of a line of text in pixels."""
        return QFontMetricsF(self.font).height()

    def _font(self, is_bold: bool) -> QFont:
        font = QFont(self.font)
        font.setBold(is_bold)
        return font


def look_of(widget, bad: str, good: str, is_print: bool = False) -> Look:
    """Return the look of a widget; in print everything stands on white."""
    palette = widget.palette()
    if is_print:
        return Look("#1c1c1c", "#5a5a5a", "#c9cfd3", "#ffffff", bad, good, widget.font())
    ink, paper = (palette.color(role).name() for role in (QPalette.ColorRole.Text, QPalette.ColorRole.Base))
    dark = lightness(paper) < 50
    return Look(ink, "#b0b8bd" if dark else "#5a5a5a", "#4c5459" if dark else "#c9cfd3", paper, bad, good,
                widget.font(), "#6cb4d0" if dark else ACCENT)


def ends(view) -> tuple[str, str]:
    """Return the map's colours for what is unfavourable and what is favourable.

    The favourable end is often nearly white; the next darker class takes its place then.
    """
    colours = [view.colours[each.value] for each in view.class_set.classes]
    worst_last = view.class_set.unfavourable == "last"
    from_good = colours if worst_last else colours[::-1]
    bad, rest = from_good[-1], from_good[:-1]
    good = next((each for each in rest if lightness(each) < LIGHTEST), rest[-1] if rest else bad)
    return bad, good


def text(axes, x: float, y: float, words: str, look: Look, **style) -> None:
    """Write words at a place given in pixels; they are never taken for mathematics."""
    axes.text(x, y, words.replace("$", r"\$"), **{"va": "center", "color": look.ink, **style})


class RowChart(Chart):
    """A chart of rows that are drawn in pixels; as high as its rows need.

    Subclasses give `wanted_height` and `paint`.

    Attributes
    ----------
    view : View or None
        Classes and colours; nothing is drawn before they are there.

    Signals
    -------
    stepped(int)
        Arrow up (−1) or down (1) was pressed.
    """

    stepped = pyqtSignal(int)

    def __init__(self, parent=None):
        super().__init__(parent)
        self.view = None
        if hasattr(self.figure, "set_layout_engine"):
            self.figure.set_layout_engine("none")
        else:  # matplotlib before 3.6
            self.figure.set_constrained_layout(False)
        self.canvas.installEventFilter(self)
        self.canvas.mpl_connect("button_press_event", self._pressed)
        self.again = QTimer(self)
        self.again.setSingleShot(True)
        self.again.timeout.connect(self.redraw)

    def wanted_height(self, width: float, look: Look) -> float:
        """Return the height of all rows in pixels."""
        raise TypeError(f"{type(self).__name__} has no wanted_height()")

    def paint(self, axes, width: float, look: Look) -> None:
        """Draw into axes whose units are pixels from the upper left corner."""
        raise TypeError(f"{type(self).__name__} has no paint()")

    def look(self, is_print: bool = False) -> Look:
        """Return colours and font."""
        raise TypeError(f"{type(self).__name__} has no look()")

    def at(self, y: float) -> None:
        """Take note of a click at a height in pixels."""

    def redraw(self) -> None:
        """Draw all rows at the width there is."""
        if self.view is None:
            return
        width, look = max(self.width(), 120), self.look()
        height = round(self.wanted_height(width, look))
        if self.height() != height or self.minimumHeight() != height:
            self.setFixedHeight(height)
        emptied(self.figure)
        with self.style():
            self.figure.set_facecolor(look.paper)
            self._frame(self.canvas.hasFocus())
            self.paint(_pixels(self.figure, width, height), width, look)
        self.draw()

    def image(self, width: int, factor: float = 2) -> QImage:
        """Return the rows as a picture on white, so many logical pixels wide."""
        look = self.look(is_print=True)
        height = round(self.wanted_height(width, look))
        figure = Figure((width / _DPI, height / _DPI), _DPI)
        canvas = FigureCanvasAgg(figure)
        size = QFontMetricsF(look.font)
        pixels = look.font.pixelSize() if look.font.pixelSize() > 0 else (
            look.font.pointSizeF() * self.logicalDpiX() / 72 if look.font.pointSizeF() > 0 else size.height() * 0.8)
        with rc_context({"font.family": [look.font.family(), "DejaVu Sans"], "font.size": pixels * 72 / _DPI}):
            figure.set_facecolor("white")
            self.paint(_pixels(figure, width, height), width, look)
            figure.set_dpi(_DPI * factor)
            canvas.draw()
        rows, columns = canvas.get_width_height()[::-1]
        image = QImage(bytes(canvas.buffer_rgba()), columns, rows, QImage.Format.Format_RGBA8888).copy()
        image.setDevicePixelRatio(factor)
        return image

    def _frame(self, has_focus: bool) -> None:
        """Draw a frame around the chart that has the keyboard."""
        self.figure.patch.set_edgecolor(self.look().accent)
        self.figure.patch.set_linewidth(3 if has_focus else 0)

    def _pressed(self, event) -> None:
        if event.button == 1:
            self.at(self.height() - event.y / self.devicePixelRatioF())

    def resizeEvent(self, event):
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.again.start(0)

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Wheel:  # the page scrolls, not the chart
            event.ignore()
            return True
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut) and self.view is not None:
            self._frame(event.type() == QEvent.Type.FocusIn)
            self.draw()
        if event.type() == QEvent.Type.KeyPress and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.stepped.emit(-1 if event.key() == Qt.Key.Key_Up else 1)
            return True
        return super().eventFilter(watched, event)


def _pixels(figure: Figure, width: float, height: float):
    axes = figure.add_axes([0, 0, 1, 1])
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)
    axes.axis("off")
    return axes
