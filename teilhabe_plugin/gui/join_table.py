"""One table in the dialog's list: where it comes from, what was decided about it and what the join would do."""
from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from qgis.core import QgsApplication, QgsProject
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..translation import tr
from .errors import expected, in_words
from .garbage import pause
from .join_analysis import (
    LARGE_BOOK,
    PREVIEW_ROWS_BOOK,
    PREVIEW_ROWS_TEXT,
    ROWS_AT_ONCE,
    Analysis,
    AnalysisTask,
    analyse,
)
from .join_choice import TableChoice, remember, remembered

GOOD, CHECK, BAD, BUSY = "good", "check", "bad", "busy"
_TEXT_ENDINGS = (".csv", ".tsv", ".txt", ".tab")
_BOOK_ENDINGS = (".xlsx", ".xlsm", ".ods")


class JoinTable(QObject):
    """A file, or a layer or table of the project.

    Signals
    -------
    changed()
        A new analysis is there, or one has begun.
    """

    changed = pyqtSignal()

    def __init__(self, path: str = "", layer_id: str = "", parent=None):
        super().__init__(parent)
        self.path, self.layer_id = path, layer_id
        self.choice = remembered(self.name())
        self.taken_over = self.choice != TableChoice()
        self.analysis = Analysis()
        self.whole = None
        self.task: AnalysisTask | None = None

    def name(self) -> str:
        """Return the name of the file or layer."""
        if self.path:
            return Path(self.path).name
        layer = self.layer()
        return layer.name() if layer is not None else tr("(layer removed)")

    def layer(self):
        """Return the layer, None for a file."""
        return QgsProject.instance().mapLayer(self.layer_id) if self.layer_id else None

    # reading and matching --------------------------------------------------------------------------------------

    def read(self, areas, max_rows=None, cancelled=None):
        """Read the table; raises what `expected()` names."""
        from ..bridge.table_sources import read_file, read_layer
        from ..core.messages import TeilhabeError, mark
        from ..core.table_source import TableSource

        texts = areas.texts
        if self.path:
            source = TableSource(self.path, **self.choice.source)
            return read_file(source, texts, max_rows, cancelled)
        layer = self.layer()
        if layer is None:
            raise TeilhabeError(mark("The layer is no longer in the project."))
        return read_layer(layer, texts, max_rows, source=TableSource(layer.name(), **self.choice.source))

    def first_look(self, areas, duplicates: str) -> None:
        """Read the beginning and show it; the rest follows in the background where the table is long."""
        self.stop()
        self.whole = None
        if areas is None:
            self._show(Analysis())
            return
        ending = Path(self.path).suffix.lower()
        if ending in _BOOK_ENDINGS and _size(self.path) > LARGE_BOOK:
            self._show(Analysis(), quiet=True)
            self.match(areas, duplicates)
            return
        rows = PREVIEW_ROWS_TEXT if not self.path or ending in _TEXT_ENDINGS else PREVIEW_ROWS_BOOK
        try:
            table = self.read(areas, rows)
        except expected() as error:
            if not self._forget_source():
                self._show(Analysis(fault=in_words(error)))
                return
            self.first_look(areas, duplicates)
            return
        if table.complete:
            self.whole = table
        self._show(analyse(None, areas, self.choice, duplicates, table), quiet=not table.complete)
        if not table.complete:
            self.match(areas, duplicates)

    def match(self, areas, duplicates: str) -> None:
        """Match again after a change: at once where the table is in memory and short, else in the background."""
        self.stop()
        if areas is None:
            return
        if self.whole is not None and len(self.whole) <= ROWS_AT_ONCE:
            self._show(analyse(None, areas, self.choice, duplicates, self.whole))
            return
        whole, choice = self.whole, self.choice
        if whole is None and self.layer_id:
            try:
                whole = self.read(areas)  # layers are read on the main thread only
            except expected() as error:
                self._show(Analysis(fault=in_words(error)))
                return

        def work(cancelled):
            return analyse(lambda stop: self.read(areas, None, stop), areas, choice, duplicates, whole, cancelled)

        task = self.task = AnalysisTask(self.name(), work, self._arrived)
        pause(task)
        QgsApplication.taskManager().addTask(task)
        self.changed.emit()

    def stop(self) -> None:
        """Give up a reading that is under way."""
        if self.task is not None:
            self.task.listener = None
            self.task.cancel()
            self.task = None

    def is_text_file(self) -> bool:
        """Say whether encoding and separator are of any use."""
        raw = self.analysis.table
        return bool(raw.source.separator) if raw is not None else Path(self.path).suffix.lower() in _TEXT_ENDINGS

    def shown_source(self):
        """Return how the table is read, and its sheets; where it cannot be read, what is known all the same."""
        from ..bridge.table_sources import sheets_of
        from ..core.table_source import TableSource

        raw = self.analysis.table
        if raw is not None:
            return raw.source, raw.sheets
        try:
            sheets = sheets_of(self.path) if self.path else ()
        except expected():
            sheets = ()
        return TableSource(self.name(), **self.choice.source), sheets

    def is_busy(self) -> bool:
        """Say whether the table is still being read."""
        return self.task is not None

    def _arrived(self, analysis: Analysis) -> None:
        self.task = None
        self.whole = analysis.table
        self._show(analysis)

    def _show(self, analysis: Analysis, quiet: bool = False) -> None:
        self.analysis = analysis
        if not quiet:
            self.changed.emit()

    def _forget_source(self) -> bool:
        """Drop what was taken over from an earlier edition and does not fit this one; say whether there was any."""
        if not self.taken_over or not self.choice.source:
            return False
        self.choice = replace(self.choice, source={})
        return True

    # decisions -------------------------------------------------------------------------------------------------

    def decide(self, choice: TableChoice) -> None:
        """Take a decision over; the caller has the table read or matched again."""
        if choice.source != self.choice.source:
            self.taken_over = False
        self.choice = choice

    def is_changed(self) -> bool:
        """Say whether anything is not as it was found."""
        return self.choice != TableChoice()

    def reset(self) -> None:
        """Go back to what is found."""
        self.choice, self.taken_over = TableChoice(), False

    def keep(self) -> None:
        """Remember the decisions for the next edition of this file."""
        remember(self.name(), self.choice)

    # what is told ----------------------------------------------------------------------------------------------

    def refused_cells(self) -> int:
        """Return how many cells in number columns hold text."""
        report = self.analysis.report
        return len(report.bad_cells) if report is not None else 0

    def state(self, refuse_text: bool) -> tuple[str, str]:
        """Return one of `GOOD`, `CHECK`, `BAD`, `BUSY` and what is said about it.

        Parameters
        ----------
        refuse_text : bool
            Text in number columns stops the run.
        """
        if self.is_busy():
            return BUSY, tr("is being read …")
        found = self.analysis
        if found.table is None and not found.fault:
            return BUSY, tr("waits for the area layer")
        if found.table is None:
            return BAD, tr("not readable: {why}", why=self._without_name(found.fault))
        if found.layout is not None and not found.layout.key_column:
            return BAD, tr("no key column found; choose it under “Columns”")
        if found.report is None:
            matching = found.matching
            if matching is not None and matching.offered and not (matching.positions >= 0).any():
                return BAD, tr("rows match only with repairs; accept them under “Check”")
            if matching is not None and not (matching.positions >= 0).any():
                return BAD, tr("no row matches an area; see “Check”")
            return BAD, self._without_name(found.fault)
        return self._joined_state(found.report, refuse_text)

    def _without_name(self, fault: str) -> str:
        """Return a fault without the table's name at its beginning."""
        title = self.analysis.table.title if self.analysis.table is not None else self.name()
        return fault[len(title):].lstrip(": ,") if fault.startswith(title) else fault

    def _joined_state(self, report, refuse_text) -> tuple[str, str]:
        areas = report.areas_joined + len(report.areas_without_row)
        parts = [tr("{n} of {all} areas matched", n=report.areas_joined, all=areas)]
        state = GOOD if not report.areas_without_row else CHECK
        if report.offered:
            state = CHECK
            parts.append(tr("{n} rows wait for your decision", n=len(report.offered)) if len(report.offered) > 1
                         else tr("one row waits for your decision"))
        lost = len(report.unmatched) - len(report.offered)
        if lost > 0:
            state = CHECK
            parts.append(tr("{n} rows without area", n=lost) if lost > 1 else tr("one row without area"))
        if any(row.outcome.template.startswith("the rows differ") for row in report.duplicates):
            state = CHECK
            parts.append(tr("duplicate rows differ"))
        if report.bad_cells:
            state = BAD if refuse_text else CHECK
            parts.append(tr("{n} cells hold text, not numbers", n=len(report.bad_cells)) if len(report.bad_cells) > 1
                         else tr("one cell holds text, not a number"))
        return state, ", ".join(parts)


def _size(path: str) -> int:
    """Return the size of a file, 0 when it is not there: reading it will say so."""
    try:
        return Path(path).stat().st_size
    except OSError:
        return 0
