"""A chart in the window: drawn by matplotlib in the window's font and colours, to copy and to save."""
from __future__ import annotations

from functools import lru_cache

import pandas as pd
from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from qgis.PyQt.QtCore import QMimeData, QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QImage, QPalette
from qgis.PyQt.QtWidgets import QApplication, QFileDialog, QMenu, QVBoxLayout, QWidget

from ...translation import tr

try:
    from matplotlib.backends.backend_qtagg import FigureCanvasQTAgg
except ImportError:  # matplotlib before 3.5
    from matplotlib.backends.backend_qt5agg import FigureCanvasQTAgg

#: what has no class, what is pointed out, what is selected
NEUTRAL, ACCENT, SELECTED = "#8a949b", "#0b4f6c", "#e6007e"
#: dots per inch of a picture that is saved or copied
PICTURE_DPI = 200


class Chart(QWidget):
    """A matplotlib figure that can be resized, copied, saved, and read by a screen reader.

    Subclasses, or whoever owns the chart, draw into `figure` within ``with self.style():`` and call `draw`.

    Attributes
    ----------
    figure : matplotlib.figure.Figure
    table : DataFrame or None
        The numbers behind the chart; “Copy values” gives them.

    Signals
    -------
    picked(object)
        What was clicked, as the owner defines it.
    """

    picked = pyqtSignal(object)

    def __init__(self, parent=None):
        super().__init__(parent)
        self.figure = Figure(constrained_layout=True)
        self.canvas = FigureCanvasQTAgg(self.figure)
        self.canvas.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.canvas.setMinimumSize(QSize(120, 90))
        self.setFocusProxy(self.canvas)
        self.table: pd.DataFrame | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.canvas)
        self.canvas.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.canvas.customContextMenuRequested.connect(self._menu)
        self.figure.set_facecolor(self.palette().color(QPalette.ColorRole.Base).name())

    def set_words(self, name: str, description: str = "") -> None:
        """Give a screen reader the chart's name and what it shows."""
        for widget in (self, self.canvas):
            widget.setAccessibleName(name)
            widget.setAccessibleDescription(description)

    def style(self):
        """Return a context in which everything is drawn in the window's font and colours, without chart junk."""
        palette, font = self.palette(), self.font()
        ink = palette.color(QPalette.ColorRole.Text).name()
        paper = palette.color(QPalette.ColorRole.Base).name()
        size = font.pointSizeF() if font.pointSizeF() > 0 else 9.0
        # matplotlib's points are those of its own dpi, Qt's those of the screen
        size *= self.logicalDpiX() / self.figure.get_dpi() * self.devicePixelRatioF()
        return rc_context({
            "font.family": _families(font.family()), "font.size": size, "axes.titlesize": size,
            "axes.labelsize": size, "xtick.labelsize": size * 0.92, "ytick.labelsize": size * 0.92,
            "legend.fontsize": size * 0.92, "text.color": ink, "axes.labelcolor": ink, "xtick.color": ink,
            "ytick.color": ink, "axes.edgecolor": NEUTRAL, "axes.facecolor": paper, "figure.facecolor": paper,
            "axes.spines.top": False, "axes.spines.right": False, "axes.linewidth": 0.8, "axes.unicode_minus": True,
        })

    def clear(self) -> None:
        """Take everything out of the figure."""
        emptied(self.figure)
        self.table = None

    def draw(self) -> None:
        """Show what was drawn into the figure."""
        self.canvas.draw_idle()

    # picture and values ----------------------------------------------------------------------------------------

    def picture(self, dpi: int = PICTURE_DPI) -> QImage:
        """Return the chart as a picture on white, as large as it is seen, in fine resolution."""
        from io import BytesIO

        stream = BytesIO()
        self.figure.savefig(stream, format="png", dpi=dpi, facecolor="white")
        return QImage.fromData(stream.getvalue(), "PNG")

    def copy_picture(self) -> None:
        """Put the chart into the clipboard."""
        QApplication.clipboard().setImage(self.picture())

    def copy_values(self) -> None:
        """Put the numbers behind the chart into the clipboard, as a table that spreadsheets take."""
        if self.table is not None:
            data = QMimeData()
            data.setText(self.table.to_csv(sep="\t", index=False, decimal=_decimal()))
            QApplication.clipboard().setMimeData(data)

    def save_picture(self) -> None:
        """Ask for a file and save the chart: PNG, SVG or PDF."""
        path, _filter = QFileDialog.getSaveFileName(
            self, tr("Save picture"), "", tr("Pictures (*.png);;Drawings (*.svg);;Documents (*.pdf)"))
        if path:
            self.export(path)

    def export(self, path: str) -> None:
        """Write the chart to a file whose ending says the format."""
        self.figure.savefig(path if "." in path.rsplit("/", 1)[-1] else f"{path}.png", dpi=PICTURE_DPI,
                            facecolor="white")

    def _menu(self, position) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(tr("Copy picture"), self.copy_picture)
        values = menu.addAction(tr("Copy values"), self.copy_values)
        values.setEnabled(self.table is not None)
        menu.addAction(tr("Save picture …"), self.save_picture)
        menu.popup(self.canvas.mapToGlobal(position))


def emptied(figure: Figure) -> Figure:
    """Take everything out of a figure; `Figure.clear` alone makes new ticks for each of the axes that it drops."""
    for axes in tuple(figure.axes):
        figure.delaxes(axes)
    figure.clear()
    return figure


@lru_cache
def _families(name: str) -> list[str]:
    """Return the fonts to draw with; matplotlib complains at every text about one that it does not know."""
    known = {each.name for each in fontManager.ttflist}
    return [each for each in (name, "DejaVu Sans") if each in known] or ["sans-serif"]


def _decimal() -> str:
    from ...translation import language

    return "," if language() == "de" else "."
