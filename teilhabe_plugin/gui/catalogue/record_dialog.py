"""Dialog: what the history should say about the changes, proposed from them."""
from __future__ import annotations

import datetime

from qgis.core import QgsSettings
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
)

from ...translation import render, render_in, tr
from . import words
from .fields import LineField
from .master_tab import read_date, shown_date

AUTHOR = "teilhabe/catalogue/author"
ASK = "teilhabe/catalogue/propose_history"
#: answers
CANCELLED, RECORDED, WITHOUT = 0, 1, 2


def kept_author() -> str:
    """Return the author that was typed last."""
    return str(QgsSettings().value(AUTHOR, "") or "")


def asks() -> bool:
    """Say whether entries are proposed at every save."""
    return QgsSettings().value(ASK, True, type=bool)


class RecordDialog(QDialog):
    """Version, date, author, and the entries: each can be left out or reworded.

    Parameters
    ----------
    catalogue : Catalogue
    proposed : list of core.catalogue_editing_history.Proposal
    version : str
        The version proposed.
    saves : bool
        Whether the catalogue is saved afterwards.
    """

    def __init__(self, parent, catalogue, proposed, version: str, saves: bool):
        super().__init__(parent)
        self.catalogue, self.proposed = catalogue, list(proposed)
        self.setObjectName("teilhabeCatalogueRecord")
        self.setWindowTitle(tr("History: what has changed"))
        self.resize(760, 460)
        column = QVBoxLayout(self)
        intro = QLabel(tr("These entries are proposed from the changes since the catalogue was saved last. Untick what "
                          "is not worth an entry; the text can be reworded (F2 or double click)."))
        intro.setWordWrap(True)
        column.addWidget(intro)
        column.addLayout(self._head(version))
        column.addWidget(self._table(), 1)
        self.stamp = QCheckBox(tr("Also enter the version at the changed indicators"))
        self.stamp.setObjectName("stamp")
        column.addWidget(self.stamp)
        self.always = QCheckBox(tr("Propose entries at every save"))
        self.always.setObjectName("always")
        self.always.setChecked(asks())
        self.always.setVisible(saves)
        column.addWidget(self.always)
        column.addWidget(self._buttons(saves))
        self._check()

    def _head(self, version: str) -> QGridLayout:
        grid = QGridLayout()
        history = words.words()["history"]
        self.fields = {}
        for j, (name, read, show) in enumerate((("version", str.strip, str), ("date", read_date, shown_date),
                                                ("author", str.strip, str))):
            field = self.fields[name] = LineField(name, *history[name], read, show)
            grid.addWidget(field.label, 0, 2 * j)
            grid.addWidget(field, 0, 2 * j + 1)
            grid.setColumnStretch(2 * j + 1, 2 if name == "author" else 1)
        self.fields["version"].show_anew(version)
        self.fields["date"].show_anew(datetime.date.today().isoformat())
        self.fields["author"].show_anew(kept_author())
        for field in self.fields.values():
            field.edited.connect(lambda _value: self._check())
        return grid

    def _table(self) -> QTableWidget:
        table = self.table = QTableWidget(len(self.proposed), 2)
        table.setObjectName("proposals")
        table.setAccessibleName(tr("Proposed entries"))
        table.setHorizontalHeaderLabels([words.heading("indicator", "history"), words.heading("change", "history")])
        table.verticalHeader().hide()
        table.setTabKeyNavigation(False)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.horizontalHeader().setHighlightSections(False)
        table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        for i, proposal in enumerate(self.proposed):
            number = QTableWidgetItem(proposal.indicator or tr("Catalogue"))
            number.setFlags(flags | Qt.ItemFlag.ItemIsUserCheckable)
            number.setCheckState(Qt.CheckState.Checked)
            text = QTableWidgetItem(render_in(proposal.change, self.catalogue.language))
            text.setFlags(flags | Qt.ItemFlag.ItemIsEditable)
            table.setItem(i, 0, number)
            table.setItem(i, 1, text)
        table.resizeRowsToContents()
        table.itemChanged.connect(lambda _item: self._check())
        return table

    def _buttons(self, saves: bool) -> QDialogButtonBox:
        box = QDialogButtonBox()
        role = QDialogButtonBox.ButtonRole
        self.take = box.addButton(tr("Save with these entries") if saves else tr("Take over"), role.AcceptRole)
        self.take.setObjectName("take")
        self.take.setDefault(True)
        if saves:
            without = box.addButton(tr("Save without entries"), role.DestructiveRole)
            without.setObjectName("without")
            without.clicked.connect(lambda _checked=False: self._leave(WITHOUT))
        cancel = box.addButton(tr("Cancel"), role.RejectRole)
        cancel.setObjectName("cancel")
        box.accepted.connect(lambda: self._leave(RECORDED))
        box.rejected.connect(self.reject)
        return box

    def entries(self) -> list:
        """Return the ticked entries as `core.catalogue.HistoryEntry`."""
        from ...core.catalogue import HistoryEntry

        version, date, author = (self.fields[name].value() for name in ("version", "date", "author"))
        return [HistoryEntry(version, date, self.table.item(i, 1).text().strip(), proposal.indicator, author)
                for i, proposal in enumerate(self.proposed)
                if self.table.item(i, 0).checkState() == Qt.CheckState.Checked]

    def recorded(self):
        """Return the catalogue with the ticked entries."""
        from ...core.catalogue_editing_history import recorded

        return recorded(self.catalogue, self.entries(), self.stamp.isChecked())

    def _check(self) -> None:
        from dataclasses import replace

        from ...core.catalogue_editing_checks import problems

        entries = self.entries()
        found = {each.field: render(each.message)
                 for each in problems(replace(self.catalogue, history=tuple(entries))) if each.part == "history"}
        for name, field in self.fields.items():
            field.complain(found.get(name, ""))
        self.take.setEnabled(bool(entries) and not found)
        self.take.setToolTip(found.get("change", "") if found else "" if entries else tr("No entry is ticked."))

    def _leave(self, answer: int) -> None:
        QgsSettings().setValue(AUTHOR, self.fields["author"].value())
        QgsSettings().setValue(ASK, self.always.isChecked())
        self.done(answer)
