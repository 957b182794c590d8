"""Window: the rows of a located list that nobody could place, decided one after the other."""
from __future__ import annotations

from pathlib import Path

from qgis.core import Qgis, QgsApplication
from qgis.gui import QgsGui
from qgis.PyQt import uic
from qgis.PyQt.QtCore import QEvent, Qt, QUrl
from qgis.PyQt.QtGui import QDesktopServices, QKeySequence
from qgis.PyQt.QtWidgets import QDialog, QDialogButtonBox, QFileDialog, QShortcut, QVBoxLayout

from ..translation import tr
from .base_dialog import first_size
from .errors import expected, in_words
from .free_map import FreeMap
from .tab_order import order_tabs
from .work_list_choices import choice_of_candidate, choice_of_nowhere, choice_of_point, choice_of_text, usual_reasons
from .work_list_exchange import ClerkMenu
from .work_list_layers import LayerBox
from .work_list_places import CandidatePlaces
from .work_list_rows import described
from .work_list_session import WorkSession
from .work_list_typing import AddressField
from .work_list_view import RowsView

UI = Path(__file__).resolve().parent / "ui"
SIZE = (1000, 580)
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class WorkListDialog(QDialog):
    """Rows on the left, candidates on the right; every decision is saved at once and can be undone."""

    def __init__(self, iface):
        super().__init__(iface.mainWindow())
        self.iface = iface
        self.session: WorkSession | None = None
        self.setObjectName("teilhabeWorkListDialog")
        self.setWindowTitle(tr("Work list of addresses"))
        self.form = form = uic.loadUi(str(UI / "work_list_dialog.ui"))
        column = QVBoxLayout(self)
        column.addWidget(form)
        self.resize(first_size(SIZE, self.logicalDpiX(), self.screen().availableSize()))
        self.setSizeGripEnabled(True)
        form.halves.setSizes([540, 440])
        self.layers = LayerBox(form.layer, self)
        self.view, self.candidates = RowsView(form, self), CandidatePlaces(form, iface.mapCanvas(), self)
        self.field = AddressField(form.typed, lambda text: self.session.suggestions(text) if self.session else [], self)
        self.free_map = FreeMap(iface)
        self.clerk = ClerkMenu(self)
        self.clerk.taken.connect(self.show_all_again)
        for table in (form.rows, form.candidates):
            table.verticalHeader().hide()
            table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            table.horizontalHeader().setHighlightSections(False)
            table.installEventFilter(self)
        self._add_buttons()
        self._connect()
        form.reason.addItems(usual_reasons())
        form.reason.setCurrentIndex(-1)
        QgsGui.enableAutoGeometryRestore(self)
        order_tabs(form, form.layer)
        self.layers.fill()
        form.rows.setFocus()

    # layers ----------------------------------------------------------------------------------------------------

    def choose(self, layer_id: str) -> None:
        """Open a layer of the list."""
        self.layers.choose(layer_id)

    def layers_removed(self) -> None:
        """Close the work on a layer that is gone."""
        if self.session is not None and self.session.layer() is None:
            self._end_session()

    def open_layer(self) -> None:
        """Begin to work on the chosen layer."""
        self._end_session()
        layer = self.layers.layer()
        if layer is None:
            self.form.given.setText(tr("There is no layer with located offers in the project. Locate a list first."))
            self.show_state()
            return
        session = WorkSession(layer, self)
        self.form.bar.clearWidgets()
        try:
            session.ready.connect(self.sources_ready)
            session.changed.connect(self.rows_changed)
            session.open()
        except expected() as error:
            session.close()
            self.say(in_words(error), Qgis.MessageLevel.Critical)
            self.show_state()
            return
        self.session = session
        self.view.set_rows(session.rows)
        if session.is_loading():
            self.say(tr("The address registers are being read; candidates follow."), Qgis.MessageLevel.Info)
        elif session.fault:
            self.say(session.fault, Qgis.MessageLevel.Critical)

    def sources_ready(self) -> None:
        """Show candidates, or why there are none."""
        if self.session is None:
            return
        self.form.bar.clearWidgets()
        if self.session.fault:
            self.say(self.session.fault, Qgis.MessageLevel.Critical)
        self.show_row()

    def _end_session(self) -> None:
        self.candidates.clear()
        session, self.session = self.session, None
        if session is not None:
            session.close()
            session.deleteLater()
        self.view.set_rows([])
        self.form.given.setText("")
        self.show_state()

    # rows ------------------------------------------------------------------------------------------------------

    def step(self, by: int = 1) -> None:
        """Go to the next open row (-1: the one before)."""
        if self.session is not None:
            self.view.step(by)

    def rows_changed(self, positions) -> None:
        """Show what has become of rows."""
        self.view.model.changed(positions)
        self.show_state()

    def show_all_again(self) -> None:
        """Show everything anew after many decisions."""
        self.view.fill_filter()
        self.view.show_filtered()

    def show_row(self) -> None:
        """Show the chosen row and its candidates."""
        position = self.view.position()
        self.field.clear()
        self.form.reason.setCurrentIndex(-1)
        self.form.reason.setEditText("")
        if self.session is None or position < 0:
            self.candidates.show([])
            self.form.given.setText(self._nothing_chosen())
            self.show_state()
            return
        row = self.session.rows[position]
        self.form.given.setText(described(row))
        found = []
        try:
            found = self.session.candidates(position)
        except expected() as error:
            self.say(in_words(error), Qgis.MessageLevel.Warning)
        if self.session.sources is None:
            self.candidates.show([], (), self.session.fault or tr("The address registers are being read …"))
        else:
            self.candidates.show(found, self.session.sources.registers, tr(
                "The registers have nothing like it. Type another address, or click the place in the map."))
        self.show_state()

    def _nothing_chosen(self) -> str:
        if self.session is None:
            return self.form.given.text()
        done, needed = self.view.model.progress()
        return (tr("Nothing is left to do: every row has its place or a decision.") if done == needed
                else tr("No row is chosen."))

    # deciding --------------------------------------------------------------------------------------------------

    def take(self) -> None:
        """Take the chosen candidate and go on."""
        candidate = self.candidates.candidate()
        if candidate is not None:
            self.take_candidate(candidate)

    def take_candidate(self, candidate) -> None:
        """Take a candidate and go on."""
        self.decide(choice_of_candidate(candidate, self.session.sources.registers))

    def take_typed(self) -> None:
        """Take the typed address: the suggestion, or the text as it stands."""
        text, candidate = self.form.typed.text().strip(), self.field.candidate()
        if candidate is not None:
            self.take_candidate(candidate)
        elif text:
            self.decide(choice_of_text(text))

    def take_reason(self) -> None:
        """Note that the offer cannot be located."""
        self.decide(choice_of_nowhere(self.form.reason.currentText().strip()))

    def waits_for_click(self, on: bool) -> None:
        """Say what to do while a click in the map is waited for."""
        self.form.bar.clearWidgets()
        text = tr("Click the place in QGIS’s map. Esc leaves the map.")
        if not on:
            self.free_map.restore()
        elif not self.free_map.clear(text):
            self.say(text, Qgis.MessageLevel.Info)

    def point_clicked(self, point) -> None:
        """Take a place clicked in the map."""
        self.raise_()
        self.activateWindow()
        self.decide(choice_of_point(point, self.iface.mapCanvas().mapSettings().destinationCrs().authid()))

    def decide(self, choice) -> None:
        """Decide about the chosen row and go to the next open one."""
        position = self.view.position()
        if position < 0 or not self.can_decide():
            return
        if not self.session.decisions_path and not self.choose_decisions_file():
            return
        if self._tried(lambda: self.session.decide(position, choice.kind, choice.done, **choice.details)):
            self._decided(position)

    def _decided(self, position: int) -> None:
        row = self.session.rows[position]
        if row.is_open:  # what was typed is not in the register
            self.show_row()
            self.say(row.reason, Qgis.MessageLevel.Warning)
            return
        if self.session.conflicts:
            self.say(tr("Somebody else has decided differently meanwhile; the later decision counts."),
                     Qgis.MessageLevel.Warning)
        following = self.view.filter.next_open(position)
        if following >= 0:
            self.view.go_to(following)
        else:
            self.show_row()
            done, needed = self.view.model.progress()
            if done == needed:
                self.say(tr("All {n} rows of the work list are done.", n=needed), Qgis.MessageLevel.Success)
        self.form.rows.setFocus()

    def undo(self) -> None:
        """Take the last decision back and show its row."""
        self._go_back(self.session.undo if self.session is not None else None)

    def redo(self) -> None:
        """Decide again what was taken back."""
        self._go_back(self.session.redo if self.session is not None else None)

    def _go_back(self, do) -> None:
        found: list[int] = []
        if do is not None and self._tried(lambda: found.extend(do())) and found:
            if not self.view.go_to(found[0]):
                self.view.show_everything()
                self.view.go_to(found[0])
            self.show_row()

    def remove_decision(self) -> None:
        """Drop the decision on the chosen row, whenever it was made."""
        position = self.view.position()
        decided = position >= 0 and self.can_decide() and self.session.decision(position) is not None
        if decided and self._tried(lambda: self.session.drop(position)):
            self.show_row()

    def can_decide(self) -> bool:
        """Say whether a decision can be made now."""
        return self.session is not None and self.session.sources is not None

    def _tried(self, do) -> bool:
        self.form.bar.clearWidgets()
        try:
            do()
        except expected() as error:
            self.say(in_words(error), Qgis.MessageLevel.Critical)
            self.show_state()
            return False
        return True

    def choose_decisions_file(self) -> bool:
        """Let the user say where decisions are kept; say whether there is a file now."""
        if self.session is None:
            return False
        path, _filter = QFileDialog.getSaveFileName(
            self, tr("File for the decisions"), self.session.decisions_path or tr("decisions") + ".json",
            tr("Decisions (*.json)"), options=QFileDialog.Option.DontConfirmOverwrite)
        if path:
            path = path if path.lower().endswith(".json") else f"{path}.json"
            self._tried(lambda: self.session.use_decisions_file(path))
            self.show_state()
        return bool(path)

    # window ----------------------------------------------------------------------------------------------------

    def show_state(self) -> None:
        """Enable what can be done now, and say how far the work is."""
        form, session, position = self.form, self.session, self.view.position()
        able = self.can_decide() and position >= 0
        for widget in (form.map_click, form.typed, form.take_typed, form.reason, form.no_place):
            widget.setEnabled(able)
        form.take.setEnabled(able and self.candidates.candidate() is not None)
        form.skip.setEnabled(session is not None and position >= 0)
        form.remove.setEnabled(able and session.decision(position) is not None)
        form.undo.setEnabled(session is not None and bool(session.history.done))
        if session is not None and session.history.done:
            form.undo.setToolTip(tr("Take back: {what} (Ctrl+Z)", what=session.history.done[-1].text))
        form.redo.setEnabled(session is not None and bool(session.history.undone))
        form.more.setEnabled(self.can_decide())
        form.choose_decisions.setEnabled(session is not None)
        path = session.decisions_path if session is not None else ""
        form.file.setText(tr("Decisions: {file}", file=Path(path).name) if path else "")
        form.file.setToolTip(path or form.file.toolTip())
        done, needed = self.view.model.progress() if session is not None else (0, 0)
        form.progress_text.setText(tr("{done} of {all} done", done=done, all=needed) if session is not None else "")
        form.progress.setMaximum(max(needed, 1))
        form.progress.setValue(done)

    def say(self, text: str, level) -> None:
        """Show one message in place of any other."""
        self.form.bar.clearWidgets()
        self.form.bar.pushMessage(text, level)

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.KeyPress and watched in (self.form.rows, self.form.candidates):
            return self._key(event)
        return super().eventFilter(watched, event)

    def _key(self, event) -> bool:
        """Handle a key in one of the tables; say whether it meant something."""
        key, plain = event.key(), event.modifiers() in (Qt.KeyboardModifier.NoModifier,
                                                        Qt.KeyboardModifier.KeypadModifier)
        if key in ENTER and plain:
            if not event.isAutoRepeat():  # a key held down decides about one row, not about all that follow
                self.take()
        elif plain and Qt.Key.Key_1 <= key <= Qt.Key.Key_9:
            self.candidates.choose(key - Qt.Key.Key_1)
        elif key == Qt.Key.Key_Delete and plain:
            self.remove_decision()
        else:
            return False
        return True

    def keyPressEvent(self, event):
        if event.key() == Qt.Key.Key_Escape and self.candidates.is_waiting():
            self.candidates.leave_map()
        elif event.key() == Qt.Key.Key_Escape and not self.form.rows.hasFocus():
            self.form.rows.setFocus()
        elif event.key() not in ENTER:  # Enter in a field means what the field says, and never a button
            super().keyPressEvent(event)

    def closeEvent(self, event):
        self.candidates.leave_map()  # a hidden window would close without `done`
        super().closeEvent(event)

    def done(self, result: int) -> None:
        """Close: the map is as it was, nothing listens any more."""
        if self.layers.listening:
            self.layers.stop()
            self._end_session()
            self.candidates.finish()
        super().done(result)

    def show_help(self) -> None:
        """Open the help page."""
        algorithm = QgsApplication.processingRegistry().algorithmById("teilhabe:geocodeoffers")
        if algorithm is not None:
            QDesktopServices.openUrl(QUrl(algorithm.helpUrl()))

    def _add_buttons(self) -> None:
        box, role = self.form.buttons, QDialogButtonBox.ButtonRole
        close, help_button = box.addButton(tr("Close"), role.RejectRole), box.addButton(tr("Help"), role.HelpRole)
        for name, button in (("close", close), ("help", help_button)):
            button.setObjectName(name)
            button.setAutoDefault(False)
        box.rejected.connect(self.reject)
        box.helpRequested.connect(self.show_help)

    def _connect(self) -> None:
        form = self.form
        self.layers.chosen.connect(self.open_layer)
        self.layers.removed.connect(self.layers_removed)
        self.view.chosen.connect(self.show_row)
        self.candidates.chosen.connect(self.show_state)
        self.candidates.clicked.connect(self.point_clicked)
        self.candidates.waiting.connect(self.waits_for_click)
        form.candidates.doubleClicked.connect(lambda _index: self.take())
        for button, do in ((form.take, self.take), (form.take_typed, self.take_typed), (form.undo, self.undo),
                           (form.no_place, self.take_reason), (form.redo, self.redo), (form.skip, self.step),
                           (form.remove, self.remove_decision), (form.choose_decisions, self.choose_decisions_file)):
            button.clicked.connect(lambda _checked=False, do=do: do())
        self.field.entered.connect(self.take_typed)
        form.reason.lineEdit().returnPressed.connect(self.take_reason)
        self.field.looked.connect(lambda candidate: self.candidates.mark(move=True, other=candidate))
        for keys, do in (("F2", form.typed.setFocus), ("F3", form.map_click.toggle), ("F4", form.reason.setFocus),
                         ("Ctrl+F", form.search.setFocus), ("Ctrl+Z", self.undo), ("Ctrl+Y", self.redo),
                         ("Ctrl+Shift+Z", self.redo), ("Ctrl+Down", self.step), ("Ctrl+Up", lambda: self.step(-1))):
            QShortcut(QKeySequence(keys), self).activated.connect(do)
