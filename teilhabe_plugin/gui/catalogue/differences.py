"""Differences between two catalogues as a table that can be copied, in a dialog that asks whether to take them."""
from __future__ import annotations

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QKeySequence
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QPushButton,
    QShortcut,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ...translation import tr
from . import words


class DifferencesTable(QTableWidget):
    """Number, name, what differs, before, after; Ctrl+C copies the chosen rows."""

    def __init__(self, parent: QWidget | None = None):
        super().__init__(0, 5, parent)
        self.setObjectName("differences")
        self.setAccessibleName(tr("Differences"))
        self.setHorizontalHeaderLabels([words.heading("number"), words.heading("name"), tr("What differs"),
                                        tr("Before"), tr("After")])
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setAlternatingRowColors(True)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        for column, width in ((1, 190), (2, 150)):
            self.setColumnWidth(column, width)
        for column in (3, 4):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        shortcut = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(lambda: self.copy(chosen_only=True))

    def show_changes(self, changes) -> None:
        """Show the differences."""
        rows = [words.difference_row(change) for change in changes]
        self.setRowCount(len(rows))
        for i, row in enumerate(rows):
            for j, text in enumerate(row):
                item = QTableWidgetItem(" ".join(text.split()))
                item.setToolTip(text)
                item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
                self.setItem(i, j, item)

    def text(self, chosen_only: bool = False) -> str:
        """Return heading and rows, parted by tabs, as spreadsheets paste them."""
        rows = range(self.rowCount())
        if chosen_only:
            rows = sorted({index.row() for index in self.selectionModel().selectedRows()}) or rows
        lines = [[self.horizontalHeaderItem(j).text() for j in range(5)]]
        lines += [[self.item(i, j).text() for j in range(5)] for i in rows]
        return "\n".join("\t".join(line) for line in lines)

    def copy(self, chosen_only: bool = False) -> None:
        """Put the rows on the clipboard."""
        QApplication.clipboard().setText(self.text(chosen_only))


class DifferencesDialog(QDialog):
    """Shows differences; with ``take`` it asks whether they are taken."""

    def __init__(self, parent, title: str, intro: str, changes, take: str = ""):
        super().__init__(parent)
        self.setObjectName("teilhabeCatalogueDifferences")
        self.setWindowTitle(title)
        self.resize(980, 460)
        column = QVBoxLayout(self)
        label = QLabel(intro)
        label.setWordWrap(True)
        column.addWidget(label)
        self.table = DifferencesTable()
        self.table.show_changes(changes)
        column.addWidget(self.table, 1)
        box = QDialogButtonBox()
        copy = QPushButton(tr("Copy list"))
        copy.setObjectName("copy")
        copy.setAutoDefault(False)
        copy.clicked.connect(lambda _checked=False: self.table.copy())
        box.addButton(copy, QDialogButtonBox.ButtonRole.ActionRole)
        if take:
            accept = box.addButton(take, QDialogButtonBox.ButtonRole.AcceptRole)
            accept.setObjectName("take")
            accept.setDefault(True)
        cancel = box.addButton(tr("Cancel") if take else tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        cancel.setObjectName("cancel")
        box.accepted.connect(self.accept)
        box.rejected.connect(self.reject)
        column.addWidget(box)


def counted(changes) -> str:
    """Return in words how many indicators came, went and changed."""
    changes = list(changes)
    new, gone = (sum(each.kind == kind for each in changes) for kind in ("added", "removed"))
    altered = len({each.number for each in changes if each.kind == "changed" and each.number})
    others = sum(1 for each in changes if each.kind == "changed" and not each.number)
    return tr("Indicators: {new} new, {gone} removed, {changed} changed; {others} differences in the catalogue itself.",
              new=new, gone=gone, changed=altered, others=others)
