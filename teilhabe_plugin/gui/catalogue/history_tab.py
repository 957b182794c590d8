"""Tab: what was changed when, by whom."""
from __future__ import annotations

import datetime

from qgis.PyQt.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ...translation import tr
from . import words
from .master_tab import read_date, shown_date
from .place import HISTORY, Where
from .rows_table import Column, RowsModel, RowsTable

FIELDS = ("date", "version", "indicator", "change", "author")


class HistoryTab(QWidget):
    """The entries in a table; new ones are typed or proposed from what has changed since the catalogue was saved."""

    def __init__(self, session, propose, parent=None):
        super().__init__(parent)
        self.session = session
        column = QVBoxLayout(self)
        intro = QLabel(tr("The history belongs to the catalogue: it is saved with it, printed in the workbook, and "
                          "tells users why time series break. When saving, entries are proposed from the changes."))
        intro.setWordWrap(True)
        column.addWidget(intro)
        self.table = RowsTable(RowsModel(
            session, "history", [self._column(name) for name in FIELDS], lambda: session.catalogue.history,
            self._edited, self), "history", 3)
        self.table.view.setAccessibleName(tr("History"))
        column.addWidget(self.table, 1)
        self.buttons = QHBoxLayout()
        self.add = self._button(tr("Add"), "add_history", self.add_entry)
        self.remove = self._button(tr("Remove"), "remove_history", self.remove_entries)
        self.propose = self._button(tr("Propose from the changes …"), "propose_history", propose)
        self.buttons.addStretch(1)
        column.addLayout(self.buttons)
        self.table.view.selectionModel().selectionChanged.connect(lambda *_: self._enable())

    def _column(self, name: str) -> Column:
        show, read = (shown_date, read_date) if name == "date" else (str, str.strip)
        return Column(name, words.heading(name, "history"), show, read)

    def _button(self, text: str, name: str, do) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _checked=False: do())
        self.buttons.addWidget(button)
        return button

    def refresh(self) -> None:
        """Show the history as it is now."""
        if self.session.is_open:
            self.table.refresh()
            self._enable()

    def go_to(self, where: Where) -> None:
        """Choose an entry."""
        self.table.choose(where.position, where.field)

    def _enable(self) -> None:
        able = self.session.can_edit
        self.add.setEnabled(able)
        self.propose.setEnabled(able and self.session.catalogue != self.session.saved)
        self.remove.setEnabled(able and bool(self.table.rows()))

    def _edited(self, row: int, field: str, value: str) -> None:
        from ...core.catalogue_editing import with_history_entry

        self.session.edit(tr("history"), with_history_entry(self.session.catalogue, row, **{field: value}),
                          Where(HISTORY, row, field))

    def add_entry(self) -> None:
        """Add an entry of today and let its text be typed."""
        from ...core.catalogue import HistoryEntry
        from ...core.catalogue_editing import history_added
        from .record_dialog import kept_author

        catalogue = self.session.catalogue
        entry = HistoryEntry(catalogue.version or "1.0", datetime.date.today().isoformat(), "", "", kept_author())
        row = len(catalogue.history)
        self.session.edit(tr("new history entry"), history_added(catalogue, [entry]), Where(HISTORY, row, "change"))
        self.table.choose(row, "change", edit=True)

    def remove_entries(self) -> None:
        """Remove the chosen entries."""
        from ...core.catalogue_editing import history_removed

        rows = self.table.rows()
        if self.session.can_edit and rows:
            self.session.edit(tr("history entry removed"), history_removed(self.session.catalogue, rows),
                              Where(HISTORY, rows[0], "change"))
