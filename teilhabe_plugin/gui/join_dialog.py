"""Dialog: join indicator tables to the areas."""
from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from qgis.core import Qgis
from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import QTimer, QUrl
from qgis.PyQt.QtGui import QDesktopServices, QIcon

from ..translation import tr
from . import source_files
from .base_dialog import BaseDialog
from .destination_field import DestinationField
from .join_area_file import ENDINGS as AREA_ENDINGS
from .join_area_file import note_areas
from .join_areas import AreaChoice
from .join_check_tab import CheckTab
from .join_columns_tab import ColumnsTab
from .join_preview_tab import PreviewTab
from .join_signs_tab import SignsTab
from .join_table import BAD, CHECK, JoinTable
from .join_table_list import TableList, state_icon

READ, MATCH = "read", "match"


@dataclass(frozen=True)
class JoinInput:
    """What the dialog asks for."""

    layer: str
    key_field: str
    name_field: str
    files: tuple
    tables: tuple
    settings: str
    duplicates: int
    text_in_numbers: int
    output: object
    report: str

    def parameters(self) -> dict:
        """Return the parameters of ``teilhabe:joinindicators``."""
        parameters = {
            "INPUT": self.layer, "KEY_FIELD": self.key_field, "NAME_FIELD": self.name_field, "FILES": list(self.files),
            "TABLES": list(self.tables), "SETTINGS": self.settings, "DUPLICATES": self.duplicates,
            "TEXT_IN_NUMBERS": self.text_in_numbers, "OUTPUT": self.output,
        }
        if self.report:
            parameters["REPORT"] = self.report
        return parameters


class JoinDialog(BaseDialog):
    """Areas and tables in, one layer with all indicators out; everything that was found is shown and changeable."""

    NAME = "join"
    ALGORITHM = "teilhabe:joinindicators"
    NEXT = "compute"
    SIZE = (1000, 580)

    def __init__(self, iface):
        super().__init__(iface)
        form = self.form
        self.pending: dict[JoinTable, str] = {}
        self.told = ""
        self.shown: JoinTable | None = None
        self.report_page = ""
        self.setAcceptDrops(True)
        self.output = DestinationField(self.ALGORITHM, "OUTPUT", self)
        form.output_place.addWidget(self.output)
        form.output_label.setBuddy(self.output.widget)
        form.report.setStorageMode(QgsFileWidget.StorageMode.SaveFile)
        form.report.setFilter(tr("HTML page (*.html)"))
        form.report.lineEdit().setPlaceholderText(tr("[temporary file]"))
        form.with_report.toggled.connect(form.report.setEnabled)
        form.halves.setSizes([240, 740])
        self._fill_rules()
        self.waiting = QTimer(self)
        self.waiting.setSingleShot(True)
        self.waiting.setInterval(150)
        self.waiting.timeout.connect(self.work_off)
        self.preview, self.columns = PreviewTab(form, self), ColumnsTab(form, self)
        self.signs, self.check = SignsTab(form, self), CheckTab(form, self)
        self.list = TableList(form, self)
        self.areas = AreaChoice(form, iface, self)
        self.check.set_areas(self.areas.areas)
        self._connect()
        self.ready()
        self.show_table(None)

    def title(self):
        return tr("Join indicator tables")

    def remembered(self):
        form = self.form
        return {"duplicates": form.duplicates, "text_in_numbers": form.text_in_numbers, "with_report": form.with_report,
                "replace": form.replace}

    def settings(self) -> JoinInput:
        layer = self.areas.layer()
        tables = self.usable()
        names = self.table_names(tables)
        # decisions on columns that this edition of a table lacks stay out
        entries = [table.choice.entry(names[table], _headings(table)) for table in tables]
        entries = [entry for entry in entries if len(entry) > 1]
        report = self.form.report.filePath() or "TEMPORARY_OUTPUT"
        return JoinInput(
            layer=layer.id() if layer is not None else "", key_field=self.form.key_field.currentField(),
            name_field=self.form.name_field.currentField(),
            files=tuple(table.path for table in tables if table.path),
            tables=tuple(table.layer_id for table in tables if table.layer_id),
            settings=json.dumps({"tables": entries}, ensure_ascii=False) if entries else "",
            duplicates=self.form.duplicates.currentIndex(), text_in_numbers=self.form.text_in_numbers.currentIndex(),
            output=self.output.value(tr("Indicators")), report=report if self.form.with_report.isChecked() else "",
        )

    def problem(self):
        if self.areas.layer() is None:
            return tr("Open the layer with the areas first (“…” at the top), or drop its file on this window.")
        if self.areas.areas is None:
            return self.areas.fault
        if not self.list.tables:
            return tr("Add the tables of the departments, or drop their files on this window.")
        for table in self.list.tables:
            if self.refuses_text() and table.refused_cells():
                return tr("{table}: {n} cells in number columns hold text (tab “Check”). Say under “Signs” how it is "
                          "read, take the column as text, or set it missing under “Advanced”.", table=table.name(),
                          n=table.refused_cells())
        if not self.usable():
            return tr("None of the tables can be joined yet. The list says why.")
        return ""

    def refresh(self):
        super().refresh()
        left_out = len(self.list.tables) - len(self.usable())
        if left_out and not self.problem() and not self.is_running():
            self.frame.problem.setText(tr("One table is left out of the run; the list says why.") if left_out == 1 else
                                       tr("{n} tables are left out of the run; the list says why.", n=left_out))
        elif self.list.tables and self.areas.is_result() and not self.problem() and not self.is_running():
            self.frame.problem.setText(tr("“{layer}” is itself the result of a join: fields that it has already get "
                                          "another name. To join tables anew, choose the layer with the areas alone.",
                                          layer=self.areas.layer().name()))

    def accept(self):
        running, files = self.is_running(), self.settings().files
        super().accept()
        if self.is_running() and not running:
            self.told = ""
            self.run.done.connect(partial(source_files.note, paths=files))

    def success(self, outcome):
        result = outcome.results[0]
        joined, without = result.get("AREAS_JOINED", 0), result.get("AREAS_WITHOUT_ROW", 0)
        fields = result.get("FIELDS", 0)
        text = tr("{n} of {all} areas joined, {fields}.", n=joined, all=joined + without,
                  fields=tr("one field") if fields == 1 else tr("{n} fields", n=fields))
        lost = result.get("ROWS_WITHOUT_AREA", 0)
        if lost:
            text += " " + (tr("One row has no area.") if lost == 1 else tr("{n} rows have no area.", n=lost))
        return text

    def after_run(self, outcome):
        for table in self.usable():
            table.keep()
        if self.areas.layer() is not None:
            note_areas(self.areas.layer())
        self.report_page = outcome.results[0].get("REPORT", "")
        item = self.frame.bar.currentItem()
        if self.report_page and item is not None:
            button = self._button(tr("Open report"), self.open_report)
            button.setObjectName("open_report")
            item.layout().insertWidget(max(item.layout().count() - 1, 0), button)

    def open_report(self) -> None:
        """Show the join report in the browser."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(self.report_page))

    def done(self, result):
        self.waiting.stop()
        self.list.disconnect_project()
        super().done(result)

    # tables ----------------------------------------------------------------------------------------------------

    def usable(self) -> list[JoinTable]:
        """Return the tables that can be joined, or that are still being read."""
        return [table for table in self.list.tables if table.state(False)[0] != BAD]

    def table_names(self, tables) -> dict:
        """Return what each table is called in the settings: its file name where that is unique."""
        names = [table.name() for table in tables]
        return {table: table.layer_id or (table.name() if names.count(table.name()) == 1 else table.path)
                for table in tables}

    def add_files(self, paths) -> None:
        """Add table files."""
        for path in paths:
            self.list.add(path=str(path))

    def add_dropped(self, paths) -> None:
        """Add tables, and an area layer among them where one is wanted."""
        paths = [str(path) for path in paths]
        maps = [path for path in paths if Path(path).suffix.lower() in AREA_ENDINGS]
        self.add_files(path for path in paths if path not in maps)
        for path in maps:
            if not self.areas.use_file(path, self.list.tables, self):
                self.add_files([path])

    def refuses_text(self) -> bool:
        """Say whether text in number columns stops the run."""
        return self.form.text_in_numbers.currentIndex() == 0

    def duplicates(self) -> str:
        """Return the rule for areas with several rows."""
        return self.form.duplicates.currentData()

    def work_off(self) -> None:
        """Read or match the tables that wait for it."""
        pending, self.pending = self.pending, {}
        for table, what in pending.items():
            if table in self.list.tables:
                if what == READ:
                    table.first_look(self.areas.areas, self.duplicates())
                else:
                    table.match(self.areas.areas, self.duplicates())

    def is_waiting(self) -> bool:
        """Say whether a table is still to be read or matched."""
        return bool(self.pending) or any(table.is_busy() for table in self.list.tables)

    def show_table(self, table: JoinTable | None) -> None:
        """Show a table in the tabs."""
        self.shown = table
        self.form.tabs.setEnabled(table is not None)
        for tab in (self.preview, self.columns, self.signs, self.check):
            tab.show(table)
        state = table.state(self.refuses_text())[0] if table is not None else ""
        look = state == CHECK or (state == BAD and table.analysis.matching is not None)
        self.form.tabs.setTabIcon(self.form.tabs.indexOf(self.form.match_tab), state_icon(CHECK) if look else QIcon())

    # reactions -------------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event):
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event):
        event.acceptProposedAction()
        self.add_dropped([url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()])

    def _connect(self) -> None:
        form = self.form
        form.add_files.clicked.connect(lambda _checked=False: self.add_files(self.list.choose_files(self)))
        form.open_layer.clicked.connect(lambda _checked=False: self.areas.open_file(self.list.tables, self))
        self.list.added.connect(self._added)
        self.list.removed.connect(self.refresh)
        self.list.chosen.connect(self.show_table)
        self.areas.changed.connect(self._areas_changed)
        self.preview.changed.connect(self._source_changed)
        self.preview.dropped.connect(self._reset_table)
        for tab in (self.columns, self.signs, self.check):
            tab.changed.connect(self._decided)
        form.duplicates.currentIndexChanged.connect(lambda _i: self._wait_for(self.list.tables, MATCH))
        form.text_in_numbers.currentIndexChanged.connect(lambda _i: self._tell_all())

    def _fill_rules(self) -> None:
        from ..processing.join_indicators import DUPLICATES

        titles = {"leave_out": tr("leave differing values missing"), "first": tr("the first row counts"),
                  "last": tr("the last row counts"), "sum": tr("add the rows up"), "mean": tr("take their mean")}
        for rule in DUPLICATES:
            self.form.duplicates.addItem(titles[rule], rule)
        self.form.text_in_numbers.addItem(tr("stop and list the cells"), "error")
        self.form.text_in_numbers.addItem(tr("set missing, with the reason"), "missing")

    def _added(self, table: JoinTable) -> None:
        table.changed.connect(lambda: self._analysed(table))
        table.first_look(self.areas.areas, self.duplicates())

    def _analysed(self, table: JoinTable) -> None:
        if table not in self.list.tables:
            return
        self.list.tell(table, self.refuses_text())
        fault = table.analysis.fault
        if fault and not table.is_busy() and (table.name() + fault) != self.told:
            self.told = table.name() + fault
            self.tell(fault if table.name() in fault else f"{table.name()}: {fault}", Qgis.MessageLevel.Warning)
        elif self.told and not any(each.analysis.fault for each in self.list.tables):
            self.told = ""
            self.frame.bar.clearWidgets()
        if table is self.shown:
            self.show_table(table)
        self.refresh()

    def _areas_changed(self) -> None:
        self.check.set_areas(self.areas.areas)
        for table in self.list.tables:
            table.first_look(self.areas.areas, self.duplicates())
        self.refresh()

    def _source_changed(self, changes: dict) -> None:
        if self.shown is not None:
            self.shown.decide(self.shown.choice.with_source(**changes))
            self._wait_for([self.shown], READ)

    def _reset_table(self) -> None:
        if self.shown is not None:
            self.shown.reset()
            self._wait_for([self.shown], READ)

    def _decided(self, choice) -> None:
        if self.shown is not None:
            self.shown.decide(choice)
            self._wait_for([self.shown], MATCH)

    def _wait_for(self, tables, what: str) -> None:
        for table in tables:
            if self.pending.get(table) != READ:
                self.pending[table] = what
        self.waiting.start()

    def _tell_all(self) -> None:
        for table in self.list.tables:
            self.list.tell(table, self.refuses_text())
        self.refresh()


def _headings(table: JoinTable):
    return table.analysis.table.columns if table.analysis.table is not None else None
