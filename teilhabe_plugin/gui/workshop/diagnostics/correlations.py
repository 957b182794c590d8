"""The page with the correlations: the matrix, and the two indicators of a cell as a scatter."""
from __future__ import annotations

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QEvent, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ....translation import tr
from .matrix import PEARSON, SPEARMAN, MatrixChart, items_of, pair_words
from .scatter import ScatterChart

#: from so many pixels of height on, matrix and scatter stand together
_BOTH = 560


class CorrelationsPage(QWidget):
    """Matrix with its switches, and a scatter below it once a cell was opened.

    Signals
    -------
    chosen(list)
        Areas are to be selected.
    kind_changed()
    """

    chosen = pyqtSignal(list)
    kind_changed = pyqtSignal()

    def __init__(self, session, parent=None):
        super().__init__(parent)
        self.session, self.items, self.found = session, [], None
        self.kind, self.pair = PEARSON, None
        self.matrix = MatrixChart()
        self.matrix.set_words(tr("Correlations"))
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.area.setWidget(self.matrix)
        self.area.viewport().installEventFilter(self)
        self.matrix.zoom_wanted.connect(self.zoom)
        self.scatter = ScatterChart(session)
        self.scatter.set_words(tr("Scatter of two indicators"))
        self.scatter.setMinimumHeight(150)
        self.scatter.hide()
        self.words = words_label()
        self.split = QSplitter(Qt.Orientation.Vertical)
        self.split.addWidget(self.area)
        self.split.addWidget(self.scatter)
        self.split.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(self._tools())
        column.addWidget(self.split, 1)
        column.addWidget(self.words)
        self.matrix.told.connect(self._tell)
        self.matrix.picked.connect(lambda pair: self.open_pair(*pair))
        self.scatter.told.connect(self._tell)
        self.scatter.picked.connect(self.chosen.emit)
        self.scatter.left.connect(self.close_pair)

    def _tools(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(2)
        self.kinds = QButtonGroup(self)
        self.kind_buttons = {}
        tips = {PEARSON: tr("Pearson: how closely the values lie on a straight line"),
                SPEARMAN: tr("Spearman: how far the ranks agree; single outliers count less")}
        for kind, name in ((PEARSON, tr("Pearson")), (SPEARMAN, tr("Spearman"))):
            button = QToolButton()
            button.setText(name)
            button.setToolTip(tips[kind])
            button.setCheckable(True)
            button.setAutoRaise(True)
            button.setChecked(kind == self.kind)
            button.clicked.connect(lambda _checked=False, kind=kind: self.set_kind(kind))
            self.kinds.addButton(button)
            self.kind_buttons[kind] = button
            row.addWidget(button)
        row.addStretch(1)
        self.zooms = []
        for icon, tip, do in (("/mActionZoomOut.svg", tr("Smaller"), lambda: self.zoom(-1)),
                              ("/mActionZoomIn.svg", tr("Larger"), lambda: self.zoom(1)),
                              ("/mActionZoomFullExtent.svg", tr("Fit into the panel"), lambda: self.zoom(0))):
            button = QToolButton()
            button.setAutoRaise(True)
            button.setIcon(QgsApplication.getThemeIcon(icon))
            button.setToolTip(tip)
            button.setAccessibleName(tip)
            button.clicked.connect(lambda _checked=False, do=do: do())
            self.zooms.append(button)
            row.addWidget(button)
        self.back = QToolButton()
        self.back.setAutoRaise(True)
        self.back.setText(tr("Back to the matrix"))
        self.back.setIcon(QgsApplication.getThemeIcon("/mActionArrowLeft.svg"))
        self.back.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.back.clicked.connect(lambda _checked=False: self.close_pair())
        self.back.hide()
        row.addWidget(self.back)
        return row

    # what is shown ---------------------------------------------------------------------------------------------

    def show_found(self, recipe, node, found) -> None:
        """Show the correlations of diagnostics; an open scatter stays open where its indicators are still there."""
        self.found, self.items = found, items_of(recipe, node, found.indicators)
        if self.pair is not None and not set(self.pair) <= set(found.indicators):
            self.close_pair()
        self.matrix.show_found(self.items, found, self.kind)
        self._fit()
        if self.pair is not None:
            self.open_pair(*self.pair)

    def show_selection(self) -> None:
        """Mark the selected areas."""
        if self.pair is not None and self.scatter.marked != self.session.selection:
            self.scatter.redraw()

    def set_kind(self, kind: str) -> None:
        """Show another coefficient."""
        self.kind = kind
        self.kind_buttons[kind].setChecked(True)
        if self.found is not None:
            self.matrix.show_found(self.items, self.found, kind)
            self._fit()
        self.kind_changed.emit()

    def open_pair(self, one: str, two: str) -> None:
        """Show two indicators against each other, below the matrix or, where space is short, in its place."""
        is_new = self.pair is None
        self.pair = (one, two)
        self.scatter.show()
        self._arrange()
        if is_new:
            self.split.setSizes([round(self.split.height() * share) for share in (0.55, 0.45)])
        self.scatter.show_pair(one, two)
        self._tell("")

    def close_pair(self) -> None:
        """Show the matrix alone."""
        had_focus = self.scatter.canvas.hasFocus()
        self.pair = None
        self.scatter.hide()
        self._arrange()
        if had_focus:
            self.matrix.canvas.setFocus()
        self._tell("")

    def _arrange(self) -> None:
        has_room = self.height() >= _BOTH
        self.area.setVisible(self.pair is None or has_room)
        for button in self.zooms:
            button.setVisible(not self.area.isHidden())
        self.back.setVisible(self.pair is not None)
        self.back.setText(tr("Close the scatter") if has_room else tr("Back to the matrix"))

    def zoom(self, steps: int) -> None:
        """Make the cells larger or smaller, or fit them for 0."""
        if steps:
            self.matrix.zoom(steps)
        else:
            self.matrix.chosen_cell = 0.0
        self._fit()

    def _fit(self) -> None:
        if self.items:
            self.matrix.fit(self.area.viewport().width(), self.area.viewport().height())

    def _tell(self, words: str) -> None:
        self.words.setText(words or self._rest())

    def _rest(self) -> str:
        if not self.items:
            return ""
        if self.pair is not None:
            places = [self.found.indicators.index(name) for name in self.pair]
            return pair_words(*(self.items[place] for place in places), self.found, *places)
        text = tr("All indicators turned so that they point where the index points. A click on a cell shows the areas.")
        return f"{tr('In hundredths: 85 stands for 0.85.')} {text}" if self.matrix.is_short else text

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Resize:
            self._fit()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event):
        super().resizeEvent(event)
        self._arrange()


def words_label() -> QLabel:
    """Return a label for words that change; it keeps room for three lines."""
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
    label.setMinimumHeight(3 * label.fontMetrics().lineSpacing() + 2)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
    return label
