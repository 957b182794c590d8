"""The address registers of the dialog, in the order in which they are searched."""
from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from qgis.core import QgsProject, QgsSettings, QgsVectorLayer
from qgis.PyQt.QtCore import QObject, QSize, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QFileDialog, QLabel, QListWidgetItem, QMenu, QVBoxLayout

from ..translation import tr
from .join_table_list import state_icon

FOLDER = "teilhabe/geocode/register_folder"
GOOD, BUSY, BAD = "good", "busy", "bad"


class RegisterList(QObject):
    """Keeps a `RegisterSource` for every item of the list.

    Signals
    -------
    changed()
        Registers, their order or their settings are different.
    edited(int)
        The settings of the register in this place are wanted.
    """

    changed = pyqtSignal()
    edited = pyqtSignal(int)

    def __init__(self, form, parent=None):
        super().__init__(parent)
        self.form = form
        self.sources: list = []
        self.by_hand = False
        form.registers.setIconSize(QSize(16, 16))
        self.hint = QLabel(tr("Add the address register of your city: a file or a layer."), form.registers)
        self.hint.setWordWrap(True)
        self.hint.setEnabled(False)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        QVBoxLayout(form.registers).addWidget(self.hint)
        self.menu = QMenu(form)
        self.menu.aboutToShow.connect(self._fill_menu)
        form.add_register_layer.setMenu(self.menu)
        form.add_register.clicked.connect(lambda _checked=False: self.choose_files())
        form.register_up.clicked.connect(lambda _checked=False: self.move(-1))
        form.register_down.clicked.connect(lambda _checked=False: self.move(1))
        form.register_remove.clicked.connect(lambda _checked=False: self.remove(form.registers.currentRow()))
        form.register_columns.clicked.connect(lambda _checked=False: self._edit())
        form.registers.itemDoubleClicked.connect(lambda _item: self._edit())
        form.registers.currentRowChanged.connect(lambda _row: self._show_buttons())
        QgsProject.instance().layersRemoved.connect(self._layers_removed)
        self.listening = True
        self._show()

    def set_sources(self, sources) -> None:
        """Take over a guess; nothing is kept as the user's choice."""
        self.sources = list(sources)
        self._show()
        self.changed.emit()

    def add(self, *sources) -> None:
        """Add registers behind the others; one that is there already is not doubled."""
        paths = [source.path for source in self.sources]
        new = [source for source in sources if source.path not in paths]
        if new:
            self.by_hand = True
            self.sources += new
            self._show(len(self.sources) - 1)
            self.changed.emit()

    def choose_files(self) -> None:
        """Let the user choose register files."""
        paths, _filter = QFileDialog.getOpenFileNames(
            self.form, tr("Add address register"), QgsSettings().value(FOLDER, "", type=str),
            tr("Address registers (*.txt *.csv *.tsv *.gz *.zip *.gpkg *.shp *.geojson *.xlsx *.parquet);;"
               "All files (*)"))
        self.add_files(paths)

    def add_files(self, paths) -> None:
        """Add register files."""
        from ..core.addresses.register_source import RegisterSource

        paths = [str(path) for path in paths]
        if paths:
            QgsSettings().setValue(FOLDER, str(Path(paths[-1]).parent))
            self.add(*(RegisterSource(path) for path in paths))

    def add_layer(self, layer_id: str) -> None:
        """Add a layer or table of the project."""
        from ..core.addresses.register_source import RegisterSource

        layer = QgsProject.instance().mapLayer(layer_id)
        if layer is not None:
            self.add(RegisterSource(f"layer:{layer_id}", title=layer.name()))

    def move(self, by: int) -> None:
        """Move the chosen register up (-1) or down (1)."""
        row = self.form.registers.currentRow()
        target = row + by
        if row >= 0 and 0 <= target < len(self.sources):
            self.by_hand = True
            self.sources.insert(target, self.sources.pop(row))
            self._show(target)
            self.changed.emit()

    def remove(self, row: int) -> None:
        """Take a register out of the list."""
        if 0 <= row < len(self.sources):
            self.by_hand = True
            del self.sources[row]
            self._show(min(row, len(self.sources) - 1))
            self.changed.emit()

    def replace(self, row: int, source) -> None:
        """Take over other settings of a register."""
        if 0 <= row < len(self.sources) and self.sources[row] != source:
            self.by_hand = True
            self.sources[row] = source
            self._show(row)
            self.changed.emit()

    def with_place(self, place: str) -> list:
        """Return the registers; those without a place of their own get this one."""
        return [replace(source, place=source.place or place) for source in self.sources]

    def tell(self, texts, state: str) -> None:
        """Write what is known of each register into its item.

        Parameters
        ----------
        texts : sequence of str
        state : str
            `GOOD`, `BUSY` or `BAD`; "" shows no sign.
        """
        for row, text in enumerate(texts):
            item = self.form.registers.item(row)
            if item is not None:
                item.setText(f"{self._title(row)}\n{text}" if text else self._title(row))
                item.setToolTip("\n".join(filter(None, (self._path(row), text))))
                if state:
                    item.setIcon(state_icon(state))

    def disconnect_project(self) -> None:
        """Stop listening to the project."""
        if self.listening:
            QgsProject.instance().layersRemoved.disconnect(self._layers_removed)
            self.listening = False

    def _title(self, row: int) -> str:
        source = self.sources[row]
        if source.is_layer:
            layer = QgsProject.instance().mapLayer(source.layer_id)
            return layer.name() if layer is not None else source.name
        return source.name

    def _path(self, row: int) -> str:
        return "" if self.sources[row].is_layer else self.sources[row].path

    def _edit(self) -> None:
        if self.form.registers.currentRow() >= 0:
            self.edited.emit(self.form.registers.currentRow())

    def _show(self, current: int = 0) -> None:
        box = self.form.registers
        box.blockSignals(True)
        box.clear()
        for row in range(len(self.sources)):
            box.addItem(QListWidgetItem(self._title(row)))
            box.item(row).setToolTip(self._path(row))
        box.setCurrentRow(current if self.sources else -1)
        box.blockSignals(False)
        self.hint.setVisible(not self.sources)
        self._show_buttons()

    def _show_buttons(self) -> None:
        row, form = self.form.registers.currentRow(), self.form
        form.register_up.setEnabled(row > 0)
        form.register_down.setEnabled(0 <= row < len(self.sources) - 1)
        form.register_remove.setEnabled(row >= 0)
        form.register_columns.setEnabled(row >= 0)

    def _fill_menu(self) -> None:
        self.menu.clear()
        listed = {source.layer_id for source in self.sources if source.is_layer}
        layers = [layer for layer in QgsProject.instance().mapLayers().values()
                  if isinstance(layer, QgsVectorLayer) and layer.id() not in listed]
        for layer in sorted(layers, key=lambda layer: (layer.geometryType() != 0, layer.name().casefold())):
            self._add_to_menu(layer.name(), layer.id())
        if not layers:
            self.menu.addAction(tr("(no other layer in the project)")).setEnabled(False)

    def _add_to_menu(self, name: str, layer_id: str) -> None:
        self.menu.addAction(name).triggered.connect(lambda _checked=False: self.add_layer(layer_id))

    def _layers_removed(self, ids) -> None:
        gone = [source for source in self.sources if source.is_layer and source.layer_id in ids]
        if gone:
            self.sources = [source for source in self.sources if source not in gone]
            self._show()
            self.changed.emit()
