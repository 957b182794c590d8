"""What the join would do with one table: the same core functions as the run, called for the preview."""
from __future__ import annotations

import traceback
from dataclasses import dataclass, field
from typing import Callable

from qgis.core import Qgis, QgsMessageLog, QgsTask

from ..translation import tr
from .errors import expected, in_words
from .garbage import resume
from .join_choice import TableChoice

#: rows read for the first look; what is longer is read as a whole in the background
PREVIEW_ROWS_TEXT, PREVIEW_ROWS_BOOK = 5000, 500
#: tables up to this length are matched at once
ROWS_AT_ONCE = 20_000
#: spreadsheets above this size (in bytes) are not even looked at in the window's own time: opening one reads all of it
LARGE_BOOK = 1_000_000


@dataclass(frozen=True, eq=False)
class Analysis:
    """A table as it was read, understood and matched.

    Attributes
    ----------
    table : RawTable, optional
        None when it cannot be read.
    layout : TableLayout, optional
        The guess with the user's changes.
    report : TableReport, optional
        What the join does with every row, None when it does nothing.
    matching : TableReport or KeyMatching, optional
        What is known of the rows (repairs, offered, unmatched, summary …), even when none matches.
    fields : tuple of FieldInfo
    fault : str
        Why the table cannot be joined, in the user's language.
    unread : dict of str to int
        Texts in number columns that are no sign, with their number.
    """

    table: object = None
    layout: object = None
    report: object = None
    matching: object = None
    fields: tuple = ()
    fault: str = ""
    unread: dict = field(default_factory=dict)


def analyse(read: Callable, areas, choice: TableChoice, duplicates: str, table=None,
            cancelled: Callable[[], bool] | None = None) -> Analysis:
    """Read, guess and match; every fault the user can mend is caught and told in the result.

    Parameters
    ----------
    read : callable
        ``read(cancelled) -> RawTable``; not called when `table` is given.
    areas : Areas
    choice : TableChoice
    duplicates : str
    table : RawTable, optional
        The table, when it is already in memory.
    cancelled : callable, optional
    """
    from ..core.join_settings import JoinRules, make_request
    from ..core.joining import TAKE_AS_MISSING

    request = None
    try:
        table = table if table is not None else read(cancelled)
        # text in numbers is listed here, not refused: the user is to see all of it
        rules = JoinRules(duplicates=duplicates, text_in_numbers=TAKE_AS_MISSING)
        request = make_request(table, areas, choice.settings(table.columns), rules)
        return _match(request, areas)
    except expected() as error:
        return _without_result(table, request, areas, in_words(error))


def _match(request, areas) -> Analysis:
    from ..core.joining import join_tables

    result = join_tables(areas, [request])
    report = result.report.tables[0]
    unread = {}
    for cell in report.bad_cells:
        unread[cell.value] = unread.get(cell.value, 0) + 1
    return Analysis(request.table, request.layout, report, report, result.fields, "", unread)


def _without_result(table, request, areas, fault) -> Analysis:
    """The analysis of a table that cannot be joined, with the key matching where there is one."""
    from ..core.key_matching import match_keys

    if request is None:
        return Analysis(table, fault=fault)
    layout, matching = request.layout, None
    if layout.key_column in table.columns:
        matching = match_keys(table, layout, areas, request.repairs, request.matches)
    return Analysis(table, layout, matching=matching, fault=fault)


class AnalysisTask(QgsTask):
    """An analysis in the background; `finished` hands it to the listener on the main thread."""

    def __init__(self, title: str, work: Callable, listener: Callable):
        super().__init__(tr("Reading {table} …", table=title), QgsTask.Flag.CanCancel)
        self.work, self.listener, self.result = work, listener, None

    def run(self):
        try:
            self.result = self.work(self.isCanceled)
        except Exception as error:  # a fault of the program is told at the table, not lost in a thread
            QgsMessageLog.logMessage(traceback.format_exc(), "Teilhabe", Qgis.MessageLevel.Critical)
            self.result = Analysis(fault=tr("an error in the program ({reason}); the QGIS log has the details",
                                            reason=f"{type(error).__name__}: {error}"))
        return not self.isCanceled()

    def finished(self, ok):
        resume(self)
        if ok and self.listener is not None:
            self.listener(self.result)
