"""The list of tables on the left: adding, removing, and what is said about each."""
from __future__ import annotations

from pathlib import Path

from qgis.core import QgsApplication, QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import QObject, QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QApplication, QFileDialog, QLabel, QListWidgetItem, QMenu, QStyle, QVBoxLayout

from ..translation import tr
from .join_table import BAD, BUSY, CHECK, GOOD, JoinTable

ICONS = {GOOD: "mIconSuccess.svg", CHECK: "mIconWarning.svg", BUSY: "mTaskOnHold.svg"}


class TableList(QObject):
    """Keeps the `JoinTable` of every item.

    Signals
    -------
    added(JoinTable), removed()
    chosen(JoinTable or None)
    """

    added = pyqtSignal(object)
    removed = pyqtSignal()
    chosen = pyqtSignal(object)

    def __init__(self, form, parent=None):
        super().__init__(parent)
        self.form = form
        self.tables: list[JoinTable] = []
        form.tables.setIconSize(QSize(20, 20))
        self.hint = QLabel(tr("Drop files here, or choose them with the buttons below."), form.tables)
        self.hint.setWordWrap(True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.hint.setEnabled(False)
        column = QVBoxLayout(form.tables)
        column.addWidget(self.hint)
        form.tables.currentRowChanged.connect(self._row_changed)
        form.remove.clicked.connect(lambda _checked=False: self.remove(self.current()))
        self.menu = QMenu(form)
        self.menu.aboutToShow.connect(self._fill_menu)
        form.add_layer.setMenu(self.menu)
        self._row_changed(-1)
        QgsProject.instance().layersRemoved.connect(self._layers_removed)
        self.listening = True

    def current(self) -> JoinTable | None:
        """Return the chosen table."""
        row = self.form.tables.currentRow()
        return self.tables[row] if 0 <= row < len(self.tables) else None

    def choose_files(self, window) -> list[str]:
        """Let the user choose files and return them."""
        paths, _filter = QFileDialog.getOpenFileNames(
            window, tr("Add tables"), "",
            tr("Tables (*.csv *.tsv *.txt *.xlsx *.xlsm *.ods *.gpkg *.dbf *.parquet);;All files (*)"))
        return paths

    def add(self, path: str = "", layer_id: str = "") -> JoinTable:
        """Add a file or layer; one that is in the list already is only chosen."""
        for row, table in enumerate(self.tables):
            same_file = path and table.path and Path(table.path).resolve() == Path(path).resolve()
            if same_file or layer_id and table.layer_id == layer_id:
                self.form.tables.setCurrentRow(row)
                return table
        table = JoinTable(path, layer_id, self)
        self.tables.append(table)
        self.form.tables.addItem(QListWidgetItem(table.name()))
        self.added.emit(table)
        if self.form.tables.currentRow() < 0:
            self.form.tables.setCurrentRow(0)
        return table

    def remove(self, table: JoinTable | None) -> None:
        """Take a table out of the list."""
        if table is None:
            return
        table.stop()
        row = self.tables.index(table)
        del self.tables[row]
        self.form.tables.blockSignals(True)
        self.form.tables.takeItem(row)
        self.form.tables.blockSignals(False)
        self._row_changed(self.form.tables.currentRow())
        self.removed.emit()
        table.deleteLater()

    def tell(self, table: JoinTable, refuse_text: bool) -> None:
        """Write what is to be said about a table into its item."""
        item = self.form.tables.item(self.tables.index(table))
        state, text = table.state(refuse_text)
        item.setIcon(state_icon(state))
        item.setText(f"{table.name()}\n{text}")
        item.setToolTip("\n".join(filter(None, (table.path or table.name(), table.analysis.fault or text))))
        item.setData(Qt.ItemDataRole.UserRole, state)

    def disconnect_project(self) -> None:
        """Stop listening to the project and give up all readings."""
        if self.listening:
            QgsProject.instance().layersRemoved.disconnect(self._layers_removed)
            self.listening = False
        for table in self.tables:
            table.stop()

    def _row_changed(self, _row: int) -> None:
        table = self.current()
        self.form.remove.setEnabled(table is not None)
        self.hint.setVisible(not self.tables)
        self.chosen.emit(table)

    def _fill_menu(self) -> None:
        self.menu.clear()
        area = self.form.layer.currentLayer()
        listed = {table.layer_id for table in self.tables}
        layers = [layer for layer in QgsProject.instance().mapLayers().values()
                  if isinstance(layer, QgsVectorLayer) and layer.id() not in listed
                  and (area is None or layer.id() != area.id())]
        for layer in sorted(layers, key=lambda layer: (layer.isSpatial(), layer.name().casefold())):
            self._add_to_menu(layer.name(), layer.id())
        if not layers:
            self.menu.addAction(tr("(no other layer in the project)")).setEnabled(False)

    def _add_to_menu(self, name: str, layer_id: str) -> None:
        self.menu.addAction(name).triggered.connect(lambda _checked=False: self.add(layer_id=layer_id))

    def _layers_removed(self, ids) -> None:
        for table in [table for table in self.tables if table.layer_id in ids]:
            self.remove(table)


def state_icon(state: str) -> QIcon:
    """Return the sign of a state."""
    if state == BAD:
        return QApplication.style().standardIcon(QStyle.StandardPixmap.SP_MessageBoxCritical)
    return QgsApplication.getThemeIcon("/" + ICONS[state])
