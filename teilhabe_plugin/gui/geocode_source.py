"""The list of offers in the dialog: a file with its sheet, or a layer or table of the project."""
from __future__ import annotations

from pathlib import Path

from qgis.core import QgsProject, QgsSettings, QgsVectorLayer
from qgis.PyQt.QtCore import QObject, pyqtSignal
from qgis.PyQt.QtWidgets import QFileDialog, QMenu

from ..translation import tr
from .background_work import Worker
from .errors import expected

FOLDER = "teilhabe/geocode/folder"


class ListSource(QObject):
    """Reads the chosen list whenever another one is chosen.

    Attributes
    ----------
    path, layer_id : str
        One of them, both "" at first.
    table : bridge.offer_lists.OfferList, optional
        The list, None when there is none or it cannot be read.
    fault : str
        Why it cannot be read, in the user's language.

    Signals
    -------
    changed()
    """

    changed = pyqtSignal()

    def __init__(self, form, parent=None):
        super().__init__(parent)
        self.form, self.table, self.fault = form, None, ""
        self.path = self.layer_id = ""
        self.worker = Worker()
        self.menu = QMenu(form)
        self.menu.aboutToShow.connect(self._fill_menu)
        form.choose_layer.setMenu(self.menu)
        form.choose_file.clicked.connect(lambda _checked=False: self.choose_file())
        form.sheet.activated.connect(lambda _row: self.read(form.sheet.currentText()))
        self._show_sheets(())
        QgsProject.instance().layersRemoved.connect(self._layers_removed)
        self.listening = True

    def name(self) -> str:
        """Return the name of the file or layer, "" when none is chosen."""
        if self.path:
            return Path(self.path).name
        layer = QgsProject.instance().mapLayer(self.layer_id) if self.layer_id else None
        return layer.name() if layer is not None else ""

    def folder(self) -> str:
        """Return the folder of the file, also when it is shown as a layer; "" when there is none."""
        if self.path:
            return str(Path(self.path).parent)
        layer = QgsProject.instance().mapLayer(self.layer_id) if self.layer_id else None
        if isinstance(layer, QgsVectorLayer):
            from ..bridge.provenance import layer_file

            file = layer_file(layer)
            return str(Path(file).parent) if file else ""
        return ""

    def sheet(self) -> str:
        """Return the chosen sheet, "" where there is no choice."""
        return self.form.sheet.currentText() if self.form.sheet.count() > 1 else ""

    def value(self) -> str:
        """Return the list as an algorithm takes it: path, with the table where there is a choice, or layer id."""
        if not self.path:
            return self.layer_id
        return f"{self.path}|layername={self.sheet()}" if self.sheet() else self.path

    def choose_file(self) -> None:
        """Let the user choose a file."""
        folder = QgsSettings().value(FOLDER, "", type=str) or QgsSettings().value("teilhabe/join/folder", "", type=str)
        path, _filter = QFileDialog.getOpenFileName(
            self.form, tr("Choose the list of offers"), folder,
            tr("Tables (*.csv *.tsv *.txt *.xlsx *.xlsm *.ods *.gpkg *.dbf *.parquet);;All files (*)"))
        if path:
            self.set_file(path)

    def set_file(self, path: str) -> None:
        """Take a file."""
        self.path, self.layer_id = str(path), ""
        QgsSettings().setValue(FOLDER, str(Path(path).parent))
        self._show_sheets(())
        self.read()

    def set_layer(self, layer_id: str) -> None:
        """Take a layer or table of the project."""
        self.path, self.layer_id = "", layer_id
        self._show_sheets(())
        self.read()

    def clear(self) -> None:
        """Take no list."""
        self.path = self.layer_id = ""
        self._show_sheets(())
        self._take(None, "")

    def read(self, sheet: str = "") -> None:
        """Read the list in the background, as the run does; a layer as it is now."""
        from ..bridge.offer_lists import read_list
        from ..bridge.snapshot import snapshot

        path, layer = self.path, QgsProject.instance().mapLayer(self.layer_id) if self.layer_id else None
        if not path and layer is None:
            self.clear()
            return
        copy = snapshot(layer) if layer is not None else None
        self.table, self.fault = None, ""
        self.form.source.setText(self.name())
        self.form.source.setToolTip(path or self.name())

        def work(_cancelled):
            found = read_list(copy, path, sheet)
            return found, sheets_or_none(path)

        self.worker.start(tr("Reading {table} …", table=self.name()), work, self._arrived)
        self.changed.emit()

    def is_busy(self) -> bool:
        """Say whether the list is being read."""
        return self.worker.is_busy()

    def stop(self) -> None:
        """Give up reading and stop listening to the project."""
        self.worker.stop()
        if self.listening:
            QgsProject.instance().layersRemoved.disconnect(self._layers_removed)
            self.listening = False

    def _arrived(self, result, fault: str) -> None:
        if fault:
            self._show_sheets(sheets_or_none(self.path), self.form.sheet.currentText())
            self._take(None, fault)
            return
        table, sheets = result
        self._show_sheets(sheets, str(table.input.get("source", {}).get("sheet") or ""))
        self._take(table, "")

    def _take(self, table, fault: str) -> None:
        self.table, self.fault = table, fault
        self.form.source.setText(self.name())
        self.form.source.setCursorPosition(0)
        self.changed.emit()

    def _show_sheets(self, sheets, chosen: str = "") -> None:
        box = self.form.sheet
        box.clear()
        box.addItems(list(sheets))
        box.setCurrentIndex(max(box.findText(chosen), 0) if sheets else -1)
        for widget in (box, self.form.sheet_label):
            widget.setVisible(len(sheets) > 1)

    def _fill_menu(self) -> None:
        self.menu.clear()
        layers = [layer for layer in QgsProject.instance().mapLayers().values() if isinstance(layer, QgsVectorLayer)]
        for layer in sorted(layers, key=lambda layer: (layer.isSpatial(), layer.name().casefold())):
            self._add_to_menu(layer.name(), layer.id())
        if not layers:
            self.menu.addAction(tr("(no layer in the project)")).setEnabled(False)

    def _add_to_menu(self, name: str, layer_id: str) -> None:
        self.menu.addAction(name).triggered.connect(lambda _checked=False: self.set_layer(layer_id))

    def _layers_removed(self, ids) -> None:
        if self.layer_id in ids:
            self.clear()


def sheets_or_none(path: str) -> tuple:
    """Return the sheets of a workbook or tables of a file, () where there is no choice or no reading them."""
    from ..bridge.table_sources import sheets_of

    try:
        return tuple(sheets_of(path)) if path else ()
    except expected():
        return ()
