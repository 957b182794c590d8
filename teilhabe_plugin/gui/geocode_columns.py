"""Which column of the list holds which part of the address: guessed, shown, changeable."""
from __future__ import annotations

from qgis.PyQt.QtCore import QObject, Qt, pyqtSignal

PARTS = ("address", "name", "street", "number", "postcode", "suffix", "place", "district")

#: most width of the list of headings
MOST_WIDTH = 480


class ColumnChoice(QObject):
    """The combo boxes ``column_<part>`` of the form.

    Signals
    -------
    changed()
        The user has chosen another column.
    """

    changed = pyqtSignal()

    def __init__(self, form, parent=None):
        super().__init__(parent)
        self.boxes = {part: getattr(form, f"column_{part}") for part in PARTS}
        self.headings: tuple[str, ...] = ()
        for box in self.boxes.values():
            box.activated.connect(lambda _row: self.changed.emit())
            box.currentTextChanged.connect(box.setToolTip)

    def fill(self, table) -> None:
        """Offer the columns of a table (None: none) and choose those that look right.

        What the user chose for a list with the same columns stays.
        """
        headings = tuple(table.frame.columns) if table is not None else ()
        if headings == self.headings:
            return
        self.headings = headings
        guess = guess_columns(table)
        for part, box in self.boxes.items():
            box.clear()
            box.addItem("–", "")
            for heading in headings:
                box.addItem(heading, heading)
                box.setItemData(box.count() - 1, heading, Qt.ItemDataRole.ToolTipRole)
            box.setCurrentIndex(max(box.findData(getattr(guess, part)), 0))
            box.setEnabled(bool(headings))
            # the list is as wide as the longest heading, however narrow the box
            box.view().setMinimumWidth(min(box.view().sizeHintForColumn(0) + box.iconSize().width(), MOST_WIDTH))

    def columns(self):
        """Return the choice as `core.addresses.address_columns.AddressColumns`."""
        from ..core.addresses.address_columns import AddressColumns

        return AddressColumns(**{part: box.currentData() or "" for part, box in self.boxes.items()})

    def is_enough(self) -> bool:
        """Say whether any column can hold an address."""
        columns = self.columns()
        return bool(columns.address or columns.street)


def guess_columns(table):
    """Return the columns of a list that look like parts of an address."""
    from ..core.addresses.address_columns import AddressColumns, guess_address_columns

    return guess_address_columns(table.frame) if table is not None else AddressColumns()
