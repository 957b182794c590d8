"""Dialog: locate a list of offers by the city's address registers."""
from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from qgis.core import Qgis, QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import Qt, QTimer, QUrl
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import QDialog, QHeaderView

from ..translation import tr
from . import geocode_preview as preview
from .background_work import Worker
from .base_dialog import BaseDialog
from .destination_field import DestinationField
from .errors import expected, in_words
from .geocode_areas import AreaKey
from .geocode_columns import ColumnChoice
from .geocode_options import Options, OptionsTab
from .geocode_register_guess import decisions_beside, guess_registers, synonyms_beside
from .geocode_registers import BAD, BUSY, GOOD, RegisterList
from .geocode_source import ListSource
from .join_numbers import count

COLUMNS = {"address": "ADDRESS", "street": "STREET", "number": "NUMBER", "suffix": "SUFFIX", "postcode": "POSTCODE",
           "place": "PLACE", "district": "DISTRICT", "name": "NAME"}
REGISTER_ENDINGS = (".gz", ".zip", ".gpkg", ".shp")


@dataclass(frozen=True)
class GeocodeInput:
    """What the dialog asks for."""

    layer: str
    file: str
    sheet: str
    columns: object
    registers: tuple
    areas: str
    area_key: str
    options: Options
    output: object
    report: str

    def parameters(self) -> dict:
        """Return the parameters of ``teilhabe:geocodeoffers``."""
        found = {
            "INPUT": self.layer or None, "FILE": self.file, "SHEET": self.sheet,
            "REGISTER_SETTINGS": json.dumps([source.to_dict() for source in self.registers], ensure_ascii=False),
            "AREAS": self.areas or None, "AREA_KEY": self.area_key,
            **{name: getattr(self.columns, part) for part, name in COLUMNS.items()},
            **self.options.parameters(), "OUTPUT": self.output,
        }
        if self.report:
            found["REPORT"] = self.report
        return found


class GeocodeDialog(BaseDialog):
    """List and registers in, places out; what will be found is shown before the run."""

    NAME = "geocode"
    ALGORITHM = "teilhabe:geocodeoffers"
    SIZE = (1000, 580)

    def __init__(self, iface):
        super().__init__(iface)
        form = self.form
        self.worker = Worker()
        self.shown = preview.Preview()
        self.fault, self.report_page = "", ""
        self.setAcceptDrops(True)
        self.output = DestinationField(self.ALGORITHM, "OUTPUT", self)
        form.output_place.addWidget(self.output)
        form.output_label.setBuddy(self.output.widget)
        form.halves.setSizes([420, 560])
        self.waiting = QTimer(self)
        self.waiting.setSingleShot(True)
        self.waiting.setInterval(200)
        self.waiting.timeout.connect(self.look_up)
        self.options = OptionsTab(form, self)
        self.source = ListSource(form, self)
        self.columns = ColumnChoice(form, self)
        self.registers = RegisterList(form, self)
        self.areas = AreaKey(form, iface, self)
        self._set_up_grid()
        self.source.changed.connect(self.list_changed)
        self.columns.changed.connect(self.later)
        self.registers.changed.connect(self.later)
        self.registers.edited.connect(self.edit_register)
        self.areas.changed.connect(self.later)
        self.options.changed.connect(self.later)
        self.ready()
        self.registers.set_sources(self._guessed())
        self.list_changed()

    def title(self):
        return tr("Locate offers")

    def remembered(self):
        return {**self.options.remembered(), "replace": self.form.replace, "with_report": self.form.with_report}

    def settings(self) -> GeocodeInput:
        layer = self.areas.layer()
        return GeocodeInput(
            layer="" if self.source.path else self.source.layer_id, file=self.source.path, sheet=self.source.sheet(),
            columns=self.columns.columns(), registers=tuple(self.registers.sources),
            areas=layer.id() if layer is not None else "", area_key=self.areas.key(), options=self.options.options(),
            output=self.output.value(Path(self.source.name()).stem if self.source.path else self.source.name()),
            report="TEMPORARY_OUTPUT" if self.form.with_report.isChecked() else "")

    def problem(self):
        if not self.source.name():
            return tr("Choose the list of offers, or drop its file on this window.")
        if self.source.is_busy():
            return tr("The list is being read …")
        if self.source.table is None:
            return self.source.fault
        if not self.registers.sources:
            return tr("Add the address register of your city: a file (Hauskoordinaten, CSV …) or a layer.")
        if not self.columns.is_enough():
            return tr("Choose the column with the address, or those with street and number.")
        if self.areas.layer() is not None and not self.areas.key():
            return tr("Choose the field with the keys of the areas, or no area layer.")
        return self.options.problem()

    def success(self, outcome):
        result = outcome.results[0]
        left = result.get("WORKLIST_ROWS", 0)
        text = tr("{n} of {all} offers located.", n=result.get("LOCATED", 0), all=result.get("ROWS", 0))
        if left:
            text += " " + (tr("One is on the work list.") if left == 1 else
                           tr("{n} are on the work list.", n=left))
        return text

    def after_run(self, outcome):
        from ..bridge.project_registers import set_project_registers

        set_project_registers(QgsProject.instance(), self.registers.sources)
        self.form.online_group.setChecked(False)  # every run asks anew
        self.report_page = outcome.results[0].get("REPORT", "")
        self.later()  # the preview shows what the decisions have changed
        item = self.frame.bar.currentItem()
        if item is None:
            return
        buttons = []
        if outcome.results[0].get("WORKLIST_ROWS", 0) and outcome.layers:
            button = self._button(tr("Open work list"), partial(self.open_work_list, outcome.layers[0]))
            button.setObjectName("open_work_list")
            buttons.append(button)
        if self.report_page:
            button = self._button(tr("Open report"), self.open_report)
            button.setObjectName("open_report")
            buttons.append(button)
        for button in buttons:
            item.layout().addWidget(button)
            button.show()
        if buttons:
            buttons[0].setAutoDefault(True)
            buttons[0].setFocus()
            QTimer.singleShot(50, self._fit_message)  # the text has less room beside the buttons

    def open_report(self) -> None:
        """Show the report in the browser."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(self.report_page))

    def open_work_list(self, layer_id: str) -> None:
        """Open the window in which the rows left are decided."""
        action = self.plugin_action("worklist")
        if action is not None:
            action.trigger()
        window = self.iface.mainWindow().findChild(QDialog, "teilhabeWorkListDialog")
        if window is not None:
            window.choose(layer_id)

    def done(self, result):
        self.waiting.stop()
        self.worker.stop()
        self.source.stop()
        self.registers.disconnect_project()
        super().done(result)

    # what changes ----------------------------------------------------------------------------------------------

    def list_changed(self) -> None:
        """React to another list: guess columns, registers and the files beside it."""
        self.columns.fill(self.source.table)
        if self.source.fault:
            self._tell_fault(self.source.fault)
        elif self.source.name():
            self._tell_fault("")
        folder = self.source.folder()
        if self.source.table is not None:
            if not self.registers.by_hand:
                self.registers.set_sources(self._guessed())
            if not self.form.synonyms.filePath():
                self.form.synonyms.setFilePath(synonyms_beside(folder))
            if folder:
                self.form.decisions.setFilePath(decisions_beside(folder, self.source.name()))
        self.later()

    def later(self) -> None:
        """Look the first rows up when no more changes come."""
        self.refresh()
        self.waiting.start()

    def is_waiting(self) -> bool:
        """Say whether the list is still being read or its first rows looked up."""
        return self.source.is_busy() or self.waiting.isActive() or self.worker.is_busy()

    def look_up(self) -> None:
        """Look the first rows up in the background; registers are read for it once."""
        from ..bridge.snapshot import snapshot
        from .work_list_reading import read_decisions_or_none, read_synonym_file

        self.refresh()
        table, sources = self.source.table, list(self.registers.sources)
        if not sources and table is None:
            self._show(preview.Preview())
            return
        columns, chosen = self.columns.columns(), self.options.options()
        areas, key = self.areas.layer(), self.areas.key()
        copies = {source.layer_id: snapshot(layer) for source in sources if source.is_layer
                  for layer in [QgsProject.instance().mapLayer(source.layer_id)] if isinstance(layer, QgsVectorLayer)}
        area_copy = snapshot(areas) if areas is not None and key else None
        enough = table is not None and self.columns.is_enough()

        def work(cancelled):
            from ..bridge.registers import open_registers

            registers = open_registers(self._placed(sources, chosen.place), area_copy, key, None, layers=copies)
            told = [_told(register) for register in registers]
            if not enough:
                return preview.Preview(), told
            decisions = read_decisions_or_none(chosen.decisions)
            return preview.look_up(table, columns, registers, read_synonym_file(chosen.synonyms), decisions,
                                   chosen.matching(), cancelled), told

        if not enough:
            self._show(preview.Preview())
        else:  # how the addresses are read is shown at once
            try:
                self._show(preview.look_up(table, columns))
            except expected() as error:
                self._show(preview.Preview(), in_words(error))
        if sources:
            self.registers.tell([tr("is being read …")] * len(sources), BUSY)
            self.worker.start(tr("Looking up the first rows …"), work, self._looked_up)
        else:
            self.worker.stop()

    @staticmethod
    def _placed(sources, place: str) -> list:
        from dataclasses import replace

        return [replace(source, place=place) if place and not source.place else source for source in sources]

    def _looked_up(self, result, fault: str) -> None:
        if fault:
            self.registers.tell([""] * len(self.registers.sources), BAD)
            self._tell_fault(fault)
            return
        found, told = result
        self.registers.tell(told, GOOD)
        if not self.source.fault:
            self._tell_fault("")
        if found.rows:
            self._show(found)

    def _tell_fault(self, fault: str) -> None:
        """Show what cannot be read; take the message away when it can."""
        if fault:
            self.tell(fault, Qgis.MessageLevel.Warning)
        elif self.fault:
            self.frame.bar.clearWidgets()
        self.fault = fault

    def _show(self, found, fault: str = "") -> None:
        form, old = self.form, self.form.grid.model()
        self.shown = found
        form.grid.setModel(preview.PreviewModel(found, form.grid))
        if old is not None:
            old.deleteLater()
        form.summary.setText(fault or preview.summary(found) or self._hint())
        form.legend.setText("<br>".join(found.notes))
        form.legend.setVisible(bool(found.notes))
        if not found.rows:
            return
        header = form.grid.horizontalHeader()
        form.grid.setColumnWidth(preview.ROW, 44)
        columns = header.count()
        grade = min(form.grid.sizeHintForColumn(preview.GRADE) + 6, 120) if columns > preview.GRADE else 0
        room = max(form.grid.viewport().width() - 44 - grade, 240)
        shares = {3: (0, 0.5, 0.5), 5: (0, 0.4, 0.27, 0.33)}[columns]
        for column in range(1, len(shares)):
            form.grid.setColumnWidth(column, int(room * shares[column]))

    def _hint(self) -> str:
        if self.source.table is None:
            return tr("Here the first rows appear: as given, as read, and as found in the register.")
        return "" if self.columns.is_enough() else tr("No column looks like an address. Choose it on the left.")

    # registers -------------------------------------------------------------------------------------------------

    def _guessed(self) -> list:
        not_these = frozenset(filter(None, (self.source.layer_id, self.source.path)))
        return guess_registers(self.source.folder(), not_these)

    def edit_register(self, row: int) -> None:
        """Let the user say how a register is read."""
        from ..bridge.registers import describe
        from .geocode_register_dialog import RegisterDialog

        source = self.registers.sources[row]
        try:
            window = RegisterDialog(source, describe(source, QgsProject.instance()), self)
        except expected() as error:
            self.tell(in_words(error), Qgis.MessageLevel.Warning)
            return
        window.accepted.connect(lambda: self.registers.replace(row, window.source()))
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        window.open()

    # reactions -------------------------------------------------------------------------------------------------

    def add_dropped(self, paths) -> None:
        """Take files dropped on the window: a list first, then registers."""
        for path in map(str, paths):
            if Path(path).suffix.lower() in REGISTER_ENDINGS or self.source.name() and path != self.source.path:
                self.registers.add_files([path])
            else:
                self.source.set_file(path)

    def dragEnterEvent(self, event):
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event):
        event.acceptProposedAction()
        self.add_dropped([url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()])

    def _set_up_grid(self) -> None:
        grid = self.form.grid
        grid.verticalHeader().hide()
        grid.verticalHeader().setDefaultSectionSize(2 * grid.fontMetrics().height() + 4)  # two lines
        grid.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        grid.horizontalHeader().setStretchLastSection(True)
        grid.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        grid.horizontalHeader().setHighlightSections(False)


def _told(register) -> str:
    """Return what is said about a register that was read."""
    text = tr("{n} addresses", n=count(len(register)))
    if not register.has_coordinates:
        text += ", " + tr("without coordinates")
    if register.has_areas:
        text += ", " + tr("with areas")
    return text
