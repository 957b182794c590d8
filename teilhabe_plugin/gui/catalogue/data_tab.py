"""Tab: for which indicators and years a layer has values, as a matrix of counts."""
from __future__ import annotations

from qgis.core import QgsMapLayerProxyModel, QgsProject
from qgis.gui import QgsMapLayerComboBox
from qgis.PyQt.QtCore import QAbstractTableModel, QModelIndex, Qt, QTimer, pyqtSignal
from qgis.PyQt.QtGui import QBrush, QColor, QKeySequence
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QShortcut,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ...translation import render, tr
from ..errors import expected, in_words
from ..join_numbers import count
from ..layer_guess import choose_layer
from . import words

#: milliseconds between the last change and the new matrix
PAUSE = 250
ROLES = ("indicators",)
LONGEST_NAME = 44
NO_PARENT = QModelIndex()


class StatusModel(QAbstractTableModel):
    """Rows are indicators; columns what the catalogue says, a remark where there are some, the latest year first.

    ``before`` is the number of columns before the years.
    """

    def __init__(self, parent=None):
        super().__init__(parent)
        self.status, self.years, self.before = None, (), 1

    def show(self, status) -> None:
        """Show a `core.catalogue_editing_data.DataStatus`, None for nothing."""
        self.beginResetModel()
        self.status = status
        self.years = tuple(sorted(range(len(status.years)), key=lambda i: -status.years[i])) if status else ()
        self.before = 2 if self.years and any(map(self.remark, status.rows)) else 1
        self.endResetModel()

    def rowCount(self, parent=NO_PARENT):
        return 0 if parent.isValid() or self.status is None else len(self.status.rows)

    def columnCount(self, parent=NO_PARENT):
        return 0 if parent.isValid() or self.status is None else len(self.years) + self.before

    def headerData(self, section, orientation, role=Qt.ItemDataRole.DisplayRole):
        if self.status is None or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        if orientation == Qt.Orientation.Vertical:
            row = self.status.rows[section]
            text = f"{row.number} {row.name}"
            is_long = role == Qt.ItemDataRole.DisplayRole and len(text) > LONGEST_NAME
            return f"{text[:LONGEST_NAME - 1]}…" if is_long else text
        if section == 0:
            return tr("Catalogue says")
        if section < self.before:
            return tr("Remark")
        return str(self.status.years[self.years[section - self.before]] or tr("without year"))

    def data(self, index, role=Qt.ItemDataRole.DisplayRole):
        if self.status is None or not index.isValid():
            return None
        row, column = self.status.rows[index.row()], index.column()
        if column == 0:
            return words.choices("data")[row.claim] if role == Qt.ItemDataRole.DisplayRole else None
        if column < self.before:
            return self.remark(row) if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole) else None
        cell = row.cells[self.years[column - self.before]]
        if role == Qt.ItemDataRole.DisplayRole:
            return self.shown(cell)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return self.explained(cell)
        if role == Qt.ItemDataRole.BackgroundRole:
            return self.tint(cell)
        return None

    def shown(self, cell) -> str:
        """Return a cell's text: number of areas with a value, and their share."""
        from ...core.catalogue_editing_data import share_shown

        if cell is None:
            return "–"
        if not cell.filled:
            return tr("empty")
        if cell.filled >= self.status.areas:
            return tr("all {n}", n=count(cell.filled))
        return tr("{n} ({percent} %)", n=count(cell.filled), percent=share_shown(cell.filled, self.status.areas))

    def explained(self, cell) -> str:
        """Return a cell in a sentence."""
        if cell is None:
            return tr("The layer has no column for this year.")
        return tr("Column “{column}”: {filled} of {areas} areas have a value.", column=cell.column,
                  filled=count(cell.filled), areas=count(self.status.areas))

    def tint(self, cell):
        """Return a background that supports the words: all, some, none."""
        if cell is None:
            return None
        if not cell.filled:
            return QBrush(QColor(240, 140, 0, 60))
        return QBrush(QColor(17, 124, 144, 80 if cell.filled >= self.status.areas else 38))

    @staticmethod
    def remark(row) -> str:
        """Return where layer and catalogue do not agree."""
        from ...core.catalogue_editing_data import contradiction

        found = contradiction(row)
        return "" if found is None else f"⚠ {render(found)}"


class DataTab(QWidget):
    """The matrix for a layer of the project; nothing is read before the tab is looked at.

    Signals
    -------
    asked : an indicator was double-clicked; its position
    """

    asked = pyqtSignal(int)

    def __init__(self, session, recipes, iface, parent=None):
        super().__init__(parent)
        self.session, self.recipes, self.iface = session, recipes, iface
        self.read: dict = {}
        column = QVBoxLayout(self)
        line = QHBoxLayout()
        label = QLabel(tr("Layer with the indicators"))
        self.layer = QgsMapLayerComboBox()
        self.layer.setObjectName("data_layer")
        self.layer.setAccessibleName(tr("Layer with the indicators"))
        self.layer.setFilters(QgsMapLayerProxyModel.Filter.VectorLayer)
        self.layer.setAllowEmptyLayer(True)
        label.setBuddy(self.layer)
        line.addWidget(label)
        line.addWidget(self.layer, 1)
        for text, name, do in ((tr("Read anew"), "read_anew", self.read_anew), (tr("Copy list"), "copy", self.copy)):
            button = QPushButton(text)
            button.setObjectName(name)
            button.clicked.connect(lambda _checked=False, do=do: do())
            line.addWidget(button)
        column.addLayout(line)
        self.about = QLabel()
        self.about.setObjectName("about_data")
        self.about.setWordWrap(True)
        column.addWidget(self.about)
        self.model = StatusModel(self)
        self.view = QTableView()
        self.view.setObjectName("data_status")
        self.view.setAccessibleName(tr("Data status by indicator and year"))
        self.view.setModel(self.model)
        self.view.setTabKeyNavigation(False)
        self.view.setWordWrap(False)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.view.verticalHeader().setDefaultSectionSize(self.view.fontMetrics().height() + 8)
        self.view.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.view.horizontalHeader().setHighlightSections(False)
        column.addWidget(self.view, 1)
        column.addWidget(QLabel(tr("Number of areas with a value and their share. “–”: no column, “empty”: a column "
                                   "without values. Double click: to the indicator.")))
        column.itemAt(column.count() - 1).widget().setWordWrap(True)
        self.later = QTimer(self)
        self.later.setSingleShot(True)
        self.later.setInterval(PAUSE)
        self.later.timeout.connect(self.refresh)
        choose_layer(self.layer, iface, ROLES)
        self.layer.layerChanged.connect(lambda _layer: self.later.start())
        self.view.doubleClicked.connect(lambda index: self.asked.emit(index.row()))
        shortcut = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self.view)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(self.copy)

    def showEvent(self, event):
        super().showEvent(event)
        self.later.start(0)

    def later_if_shown(self) -> None:
        """Draw the matrix anew soon, where it is in sight."""
        if self.isVisible():
            self.later.start(PAUSE)

    def layers_changed(self) -> None:
        """React to layers that came or went: counts may be old, and a layer with the indicators is chosen."""
        self.read.clear()
        if self.layer.currentLayer() is None:
            choose_layer(self.layer, self.iface, ROLES)
        self.later_if_shown()

    def read_anew(self) -> None:
        """Count the values again."""
        self.read.clear()
        self.refresh()

    def refresh(self) -> None:
        """Show the matrix of the chosen layer."""
        if not self.isVisible() or not self.session.is_open:
            return
        from ...core.catalogue_editing_data import columns_of, data_status

        layer = self.layer.currentLayer()
        if layer is None or layer.id() not in QgsProject.instance().mapLayers():
            self.model.show(None)
            self.about.setText(tr("No layer is chosen. Join the tables of the departments to the areas first, or "
                                  "choose a layer with indicators. The catalogue can be edited without."))
            return
        catalogue = self.session.catalogue
        titles = {field.name(): field.alias() for field in layer.fields()}
        found = columns_of(catalogue, self.recipes.uses(), titles)
        try:
            filled, areas = self._counts(layer, sorted(set(found.values())))
        except expected() as error:
            self.model.show(None)
            self.about.setText(in_words(error))
            return
        status = data_status(catalogue, found, filled, areas)
        place = self.view.horizontalScrollBar().value(), self.view.verticalScrollBar().value()
        self.model.show(status)
        self.view.horizontalScrollBar().setValue(place[0])
        self.view.verticalScrollBar().setValue(place[1])
        self.about.setText(_about(status))

    def _counts(self, layer, columns: list[str]) -> tuple[dict, int]:
        """Return the counts; columns that were counted before are not read again."""
        from ...bridge.frames import read_frame
        from ...core.catalogue_editing_data import filled_counts

        key = layer.id()
        if key not in self.read:
            self.read = {key: {}}
        missing = [each for each in columns if each not in self.read[key]]
        if missing:
            QApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
            try:
                self.read[key].update(filled_counts(read_frame(layer, missing)))
            finally:
                QApplication.restoreOverrideCursor()
        return self.read[key], int(layer.featureCount())

    def copy(self) -> None:
        """Put the matrix on the clipboard, parted by tabs."""
        model = self.model
        if model.status is None:
            return
        columns, across = range(model.columnCount()), Qt.Orientation.Horizontal
        lines = [[words.heading("number"), words.heading("name"), *(model.headerData(j, across) for j in columns)]]
        for i, row in enumerate(model.status.rows):
            lines.append([row.number, row.name, *(str(model.index(i, j).data() or "") for j in columns)])
        QApplication.clipboard().setText("\n".join("\t".join(line) for line in lines))


def _about(status) -> str:
    from ...core.catalogue_editing_data import contradiction

    total, known = len(status.rows), sum(row.has_values for row in status.rows)
    if not any(cell is not None for row in status.rows for cell in row.cells):
        return tr("None of the layer’s columns belongs to an indicator of this catalogue. Columns are found by the "
                  "recipes that refer to the catalogue, or by titles such as “3.3 Name”.")
    years = [year for year in status.years if year]
    latest = years[-1] if years else 0
    i = status.years.index(latest)
    now = sum(row.cells[i] is not None and row.cells[i].filled > 0 for row in status.rows)
    parts = [tr("{known} of {total} indicators have values in this layer ({areas} areas).", known=known, total=total,
                areas=count(status.areas))]
    if latest:
        parts.append(tr("{year}: {now} of {total}.", year=latest, now=now, total=total))
    odd = sum(contradiction(row) is not None for row in status.rows)
    if odd:
        parts.append(tr("⚠ Layer and catalogue do not agree for {n} (see “Remark”).", n=odd))
    return " ".join(parts)
