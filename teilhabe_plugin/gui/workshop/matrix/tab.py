"""The matrix: two classifications crossed; its cells select their areas everywhere."""
from __future__ import annotations

from qgis.PyQt.QtCore import QMimeData, QSize, Qt
from qgis.PyQt.QtGui import QPainter
from qgis.PyQt.QtWidgets import (
    QApplication,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ....core.cross_editing import new_cross, with_cross, without_cross
from ....core.messages import TeilhabeError
from ....translation import language, render, tr
from ..tab import Tab
from .cells import NAMED, Cells
from .choice import Choice
from .view import MatrixView


class MatrixTab(Tab):
    """Two classifications crossed; see `Tab`."""

    NAME = "matrix"

    def __init__(self, session, parent=None):
        super().__init__(session, parent)
        self.choice = Choice(session)
        self.cells: Cells | None = None
        self._followed = ""
        self._told: tuple[int, int] | None = None
        self._picked: tuple[int, ...] = ()
        self._build()
        self.rows.activated.connect(lambda _row: self.choose(rows=self.rows.currentData()))
        self.columns.activated.connect(lambda _row: self.choose(columns=self.columns.currentData()))
        self.swap.clicked.connect(lambda _checked=False: self.choose(self.choice.columns, self.choice.rows))
        self.view.picked.connect(self.pick)
        self.view.went.connect(self._went)
        for button, what in ((self.look, self.look_at), (self.add, self.add_cross), (self.remove, self.remove_cross),
                             (self.give, self.give_classes)):
            button.clicked.connect(lambda _checked=False, what=what: what())

    def title(self) -> str:
        return tr("Matrix")

    # widgets ---------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self.rows, self.columns = QComboBox(), QComboBox()
        self.swap = QToolButton()
        self.swap.setText("⇄")
        self.swap.setToolTip(tr("Swap rows and columns"))
        self.swap.setAccessibleName(tr("Swap rows and columns"))
        sides = QGridLayout()
        sides.setHorizontalSpacing(6)
        sides.setVerticalSpacing(3)
        for place, (text, box) in enumerate(((tr("&Rows"), self.rows), (tr("&Columns"), self.columns))):
            label = QLabel(text)
            label.setBuddy(box)
            box.setAccessibleName(text.replace("&", ""))
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(8)
            sides.addWidget(label, place, 0)
            sides.addWidget(box, place, 1)
        sides.addWidget(self.swap, 0, 2, 2, 1)
        sides.setColumnStretch(1, 1)
        self.view = MatrixView()
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(
            lambda at: self._copy_menu().popup(self.view.viewport().mapToGlobal(at)))
        self.column_title, self.row_title = QLabel(), _Sideways()
        self.column_title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.column_title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.picture = QWidget()
        grid = QGridLayout(self.picture)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(2)
        grid.addWidget(self.column_title, 0, 1)
        grid.addWidget(self.row_title, 1, 0)
        grid.addWidget(self.view, 1, 1)
        grid.setRowStretch(1, 1)
        self.sentence, self.note = _note(), _note()
        self.look, self.add, self.remove = (QPushButton(text) for text in (
            tr("Show on the map"), tr("Add to the recipe"), tr("Remove from the recipe")))
        self.look.setToolTip(tr("Look at this cross: on the map and in all evaluations"))
        self.add.setToolTip(tr("Give the recipe this cross as a list of classes of its own"))
        for each in (self.look, self.add, self.remove):
            each.hide()  # the widest sum of all must not widen the panel
        self.copy = QToolButton()
        self.copy.setText(tr("Copy"))
        self.copy.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.copy.setMenu(self._copy_menu())
        buttons = QHBoxLayout()
        for each in (self.look, self.add, self.remove):
            buttons.addWidget(each)
        buttons.addStretch(1)
        buttons.addWidget(self.copy)
        matrix = QWidget()
        column = QVBoxLayout(matrix)
        column.setContentsMargins(8, 6, 8, 6)
        column.setSpacing(6)
        column.addLayout(sides)
        column.addWidget(self.picture, 1)
        column.addWidget(self.sentence)
        column.addWidget(self.note)
        column.addLayout(buttons)
        offer = QWidget()
        middle = QVBoxLayout(offer)
        self.lacking = _note()
        self.lacking.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.give = QPushButton(tr("Give classes to all that have none"))
        middle.addStretch(1)
        middle.addWidget(self.lacking)
        middle.addWidget(self.give, 0, Qt.AlignmentFlag.AlignCenter)
        middle.addStretch(1)
        self.pages = QStackedWidget()
        self.pages.addWidget(matrix)
        self.pages.addWidget(offer)
        body = QVBoxLayout(self.body)
        body.setContentsMargins(0, 0, 0, 0)
        body.addWidget(self.pages)

    def _copy_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.addAction(tr("Copy picture"), self.copy_picture)
        menu.addAction(tr("Copy values"), self.copy_values)
        return menu

    # showing ---------------------------------------------------------------------------------------------------

    def show_result(self) -> None:
        session, choice = self.session, self.choice
        if session.node != self._followed:
            self._followed = session.node
            choice.follow(session.node)
        choice.settle()
        if not choice.rows or not choice.columns:
            self._show_lacking()
            return
        self._fill(self.rows, choice.possible_rows(), choice.rows)
        self._fill(self.columns, choice.possible_columns(), choice.columns)
        try:
            self.cells = choice.cells()
        except TeilhabeError as error:
            self._show_lacking(render(error.message))
            return
        self.pages.setCurrentIndex(0)
        self.swap.setEnabled(not choice.is_over_time)
        self.view.model().show(self.cells, session.names, session.selection)
        self.column_title.setText(f"{self.cells.columns.title} →")
        self.row_title.show_text(f"← {self.cells.rows.title}")
        self.view.setAccessibleName(tr("{rows} by {columns}", rows=self.cells.rows.title,
                                       columns=self.cells.columns.title))
        self.view.setAccessibleDescription(tr("Arrow keys move, Space selects the areas of a cell, Ctrl adds them."))
        is_cross = bool(self.cells.cross_id)
        self.look.setVisible(is_cross)
        self.look.setEnabled(session.node != self.cells.cross_id)
        self.add.setVisible(not is_cross and not choice.is_over_time)
        self.remove.setVisible(is_cross)
        self._say()

    def _show_lacking(self, reason: str = "") -> None:
        self.cells = None
        self.lacking.setText(reason or tr("A matrix needs two indices or sub-indices with classes; this recipe has "
                                          "fewer."))
        self.give.setVisible(not reason and self.choice.can_give())
        self.pages.setCurrentIndex(1)

    def _fill(self, box: QComboBox, items, current: str) -> None:
        if items != [(box.itemData(i), box.itemText(i)) for i in range(box.count())]:
            box.clear()
            for name, title in items:
                box.addItem(title, name)
        box.setCurrentIndex(box.findData(current))

    def _say(self) -> None:
        """Say in words who is in the cell that was gone to last or has the selection, else in the least favourable."""
        if self.cells is None:
            return
        rows, columns = self.cells.shape
        place = self._told
        if place is None or place[0] > rows or place[1] > columns:
            place = rows - 1, columns - 1
        self.sentence.setText(self.cells.sentence(*place, self.session.names))
        chosen = [row for row in self.session.selection if row in set(self.cells.members(*place).tolist())]
        parts = [self._chosen_words(place, chosen)] if chosen else []
        parts += [self.choice.moves(self.cells)] if self.choice.is_over_time else []
        without = len(self.session.frame) - int(self.cells.known.sum())
        if without:
            parts.append(tr("1 area lacks one of the two classes.") if without == 1 else
                         tr("{n} areas lack one of the two classes.", n=without))
        self.note.setText(" ".join(parts))
        self.note.setVisible(bool(parts))

    def _chosen_words(self, place: tuple[int, int], chosen: list[int]) -> str:
        marked = self.view.model().marked(*place)
        if len(chosen) > NAMED:
            return tr("Outlined: {marked}.", marked=marked)
        return tr("Outlined: {marked} ({areas}).", marked=marked,
                  areas=", ".join(self.session.names[row] for row in chosen))

    def _went(self, row: int, column: int) -> None:
        self._told = row, column
        self._say()

    def show_selection(self) -> None:
        if self.cells is None:
            return
        chosen = self.session.selection
        self.view.model().mark(chosen)
        counts = self.cells.counts(chosen)
        if chosen != self._picked and counts.any():  # selected elsewhere: tell of the cell with most of them
            self._told = divmod(int(counts.argmax()), counts.shape[1])
        self._say()

    # doing -----------------------------------------------------------------------------------------------------

    def choose(self, rows: str | None = None, columns: str | None = None) -> None:
        """Cross other sides."""
        before = self.choice.rows, self.choice.columns
        self.choice.rows = rows or before[0]
        self.choice.columns = columns or (before[0] if rows == before[1] else before[1])
        self._told = None
        self.show_result()

    def pick(self, row: int, column: int, is_added: bool) -> None:
        """Select the areas of a cell, a row, a column; once more with Ctrl takes them out again."""
        members = set(self.cells.members(row, column).tolist())
        chosen = set(self.session.selection)
        if not is_added:
            chosen = members
        elif members <= chosen:
            chosen -= members
        else:
            chosen |= members
        self._told, self._picked = (row, column), tuple(sorted(chosen))
        self.session.select(chosen)
        self._say()

    def look_at(self) -> None:
        """Show the cross on the map."""
        self.session.look_at(self.cells.cross_id)

    def add_cross(self) -> None:
        """Give the recipe this cross as a list of classes."""
        cells = self.cells
        colours = {(row, column): cells.colours[i][j] for i, row in enumerate(cells.rows.values)
                   for j, column in enumerate(cells.columns.values)}
        document = self.session.document
        cross = new_cross(document, cells.rows.id, cells.columns.id, colours)
        self.session.edit(tr("Cross “{title}” added", title=cross["title"]), with_cross(document, cross))

    def remove_cross(self) -> None:
        """Take this cross out of the recipe."""
        document = self.session.document
        title = next(each["title"] for each in document["crosses"] if each["id"] == self.cells.cross_id)
        self.session.edit(tr("Cross “{title}” removed", title=title), without_cross(document, self.cells.cross_id))

    def give_classes(self) -> None:
        """Give classes to all nodes that have none."""
        self.session.edit(tr("Classes for all sub-indices"), self.choice.with_all_classes())

    def copy_picture(self) -> None:
        """Put the matrix into the clipboard as a picture in fine resolution."""
        QApplication.clipboard().setPixmap(self.picture.grab())

    def copy_values(self) -> None:
        """Put the matrix into the clipboard as a table."""
        data = QMimeData()
        data.setText(self.cells.table().to_csv(sep="\t", index=False, decimal="," if language() == "de" else "."))
        QApplication.clipboard().setMimeData(data)

    # state -----------------------------------------------------------------------------------------------------

    def state(self) -> dict:
        return {"rows": self.choice.rows, "columns": self.choice.columns}

    def restore(self, state: dict) -> None:
        self.choice.rows, self.choice.columns = str(state.get("rows", "")), str(state.get("columns", ""))


class _Sideways(QWidget):
    """A text from bottom to top."""

    def __init__(self):
        super().__init__()
        self.text = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def show_text(self, text: str) -> None:
        """Show another text."""
        self.text = text
        self.setToolTip(text)
        self.update()

    def sizeHint(self):
        return QSize(self.fontMetrics().height() + 4, 60)

    def paintEvent(self, _event):
        painter = QPainter(self)
        painter.rotate(-90)
        text = self.fontMetrics().elidedText(self.text, Qt.TextElideMode.ElideRight, self.height())
        painter.drawText(-self.height(), 0, self.height(), self.width(), int(Qt.AlignmentFlag.AlignCenter), text)
        painter.end()


def _note() -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
    return label
