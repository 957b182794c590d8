"""The field for another address, with suggestions from the registers while it is being typed."""
from __future__ import annotations

from typing import Callable

from qgis.PyQt.QtCore import QModelIndex, QObject, QStringListModel, Qt, QTimer, pyqtSignal
from qgis.PyQt.QtWidgets import QCompleter

#: letters from which on suggestions are shown
SHORTEST = 3


class AddressField(QObject):
    """Suggests addresses below a line edit.

    Parameters
    ----------
    edit : QLineEdit
    suggest : callable
        ``suggest(text) -> list of Candidate``.

    Signals
    -------
    looked(object)
        The candidate that the arrows point at.
    entered()
        The text is meant as it stands.
    """

    looked = pyqtSignal(object)
    entered = pyqtSignal()

    def __init__(self, edit, suggest: Callable, parent=None):
        super().__init__(parent)
        self.edit, self.suggest = edit, suggest
        self.found: dict[str, object] = {}
        self.model = QStringListModel(self)
        self.completer = QCompleter(self.model, self)
        self.completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.completer.setMaxVisibleItems(10)
        self.completer.setWidget(edit)
        self.completer.activated[str].connect(self._chosen)
        self.completer.highlighted[str].connect(lambda text: self.looked.emit(self.found.get(text)))
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.setInterval(80)
        self.timer.timeout.connect(self.refresh)
        edit.textEdited.connect(lambda _text: self.timer.start())
        edit.returnPressed.connect(self._return_pressed)

    def candidate(self):
        """Return the suggestion that the text is, None for any other text."""
        return self.found.get(self.edit.text().strip())

    def refresh(self) -> None:
        """Ask for suggestions and show them."""
        text = self.edit.text().strip()
        found = self.suggest(text) if len(text) >= SHORTEST else []
        self.found = {candidate.text: candidate for candidate in found}
        self.model.setStringList(list(self.found))
        if self.found and self.edit.hasFocus():
            self.completer.complete()
            self.completer.popup().setCurrentIndex(QModelIndex())  # Enter means what was typed until an arrow is used
        else:
            self.completer.popup().hide()

    def clear(self) -> None:
        """Empty the field."""
        self.timer.stop()
        self.edit.clear()
        self.found = {}
        self.completer.popup().hide()

    def _return_pressed(self) -> None:
        """Take the suggestion that the arrows point at into the field; otherwise the text is meant."""
        popup = self.completer.popup()
        if popup.isVisible() and popup.currentIndex().isValid():
            text = str(popup.currentIndex().data())
            popup.hide()
            self._chosen(text)
        else:
            popup.hide()
            if self.timer.isActive():  # typed faster than suggestions come
                self.timer.stop()
                self.found = {candidate.text: candidate for candidate in self.suggest(self.edit.text().strip())}
            self.entered.emit()

    def _chosen(self, text: str) -> None:
        candidate = self.found.get(text)
        if candidate is not None and candidate.address < 0:  # a street: its number is still to be typed
            self.edit.setText(f"{text} ")
            self.timer.start()
        else:
            self.edit.setText(text)
        self.looked.emit(candidate)
