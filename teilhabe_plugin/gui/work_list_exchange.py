"""The work list for a clerk without QGIS: written as a workbook, and its decisions read back."""
from __future__ import annotations

from pathlib import Path

from qgis.core import Qgis
from qgis.PyQt.QtCore import QObject, pyqtSignal
from qgis.PyQt.QtWidgets import QFileDialog, QMenu

from ..translation import render, tr
from .errors import expected, in_words


class ClerkMenu(QObject):
    """The menu “For a clerk without QGIS” of the window.

    Signals
    -------
    taken()
        Decisions were read from a file.
    """

    taken = pyqtSignal()

    def __init__(self, window):
        super().__init__(window)
        self.window = window
        self.menu = QMenu(window)
        window.form.more.setMenu(self.menu)
        self.write = self.menu.addAction(tr("Write the open rows to Excel …"))
        self.read = self.menu.addAction(tr("Read a filled-in work list or decisions …"))
        self.write.triggered.connect(lambda _checked=False: self.choose_target())
        self.read.triggered.connect(lambda _checked=False: self.choose_source())

    def choose_target(self) -> None:
        """Let the user choose a file and write the open rows to it."""
        session = self.window.session
        beside = Path(session.decisions_path).parent if session.decisions_path else Path()
        path, _filter = QFileDialog.getSaveFileName(
            self.window, tr("Write work list"), str(beside / (tr("worklist") + ".xlsx")),
            tr("Excel workbook (*.xlsx);;Text table (*.csv)"))
        if path:
            self.write_to(path if Path(path).suffix else f"{path}.xlsx")

    def write_to(self, path: str) -> None:
        """Write the open rows with their candidates to a workbook."""
        from ..bridge.work_list_file import check_work_list, write_work_list

        session = self.window.session
        positions = [i for i, row in enumerate(session.rows) if row.is_open]
        if not positions:
            self.window.say(tr("No row is open; there is nothing to write."), Qgis.MessageLevel.Info)
            return
        try:
            check_work_list(path)
            write_work_list(path, open_rows_table(session, positions))
        except expected() as error:
            self.window.say(in_words(error), Qgis.MessageLevel.Critical)
            return
        text = (tr("One row was written to {file}.", file=Path(path).name) if len(positions) == 1 else
                tr("{n} rows were written to {file}.", n=len(positions), file=Path(path).name))
        self.window.say(text, Qgis.MessageLevel.Success)

    def choose_source(self) -> None:
        """Let the user choose a filled-in work list and take its decisions over."""
        path, _filter = QFileDialog.getOpenFileName(
            self.window, tr("Read work list"), str(Path(self.window.session.decisions_path).parent),
            tr("Work lists and decisions (*.xlsx *.csv *.json);;All files (*)"))
        if path:
            self.read_from(path)

    def read_from(self, path: str) -> None:
        """Take over the decisions of a file; each can be undone."""
        from ..bridge.work_list_file import read_decision_file

        session = self.window.session
        if not session.decisions_path and not self.window.choose_decisions_file():
            return
        try:
            count = session.merge(read_decision_file(path))
        except expected() as error:
            self.window.say(in_words(error), Qgis.MessageLevel.Critical)
            return
        finally:
            self.taken.emit()
        self.window.say(tr("{file}: decisions on {n} addresses of this list were taken over.", file=Path(path).name,
                           n=count), Qgis.MessageLevel.Success)


def open_rows_table(session, positions):
    """Return the work list of some rows, as the algorithm writes it."""
    import numpy as np

    from ..core.addresses.geocoding import geocode
    from ..core.addresses.work_list import work_list

    frame = session.offers.list_part(positions)
    found = geocode(frame, session.columns, session.sources.registers, session.sources.synonyms,
                    settings=session.settings)
    candidates = {i: session.candidates(position) for i, position in enumerate(positions)}
    numbers = np.array([session.rows[position].number for position in positions])
    return work_list(found, frame, session.columns, np.arange(len(frame)), numbers, candidates, render)
