"""Fields of a form: a widget, what it is called, what belongs into it, and what is wrong with it."""
from __future__ import annotations

from collections.abc import Iterable

from qgis.PyQt.QtCore import QEvent, QStringListModel, Qt, pyqtSignal
from qgis.PyQt.QtGui import QKeySequence
from qgis.PyQt.QtWidgets import (
    QApplication,
    QComboBox,
    QCompleter,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

TAKEN_BACK = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)


def fault_colour() -> str:
    """Return the colour of complaints: a red that can be read on the window's background."""
    return "#b3261e" if QApplication.palette().window().color().lightness() > 128 else "#ff8a80"


class Field(QWidget):
    """A widget with room for a complaint below it.

    Signals
    -------
    edited : the user typed or chose something; the argument is the value
    left : the focus went elsewhere
    entered : the focus came
    """

    edited = pyqtSignal(object)
    left = pyqtSignal()
    entered = pyqtSignal()

    def __init__(self, name: str, heading: str, meaning: str, widget: QWidget):
        super().__init__()
        self.name, self.heading, self.meaning, self.widget = name, heading, meaning, widget
        self.is_filling, self.is_beside_another = False, False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        column.addWidget(widget)
        self.complaint = QLabel()
        self.complaint.setWordWrap(True)
        self.complaint.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.complaint.hide()
        column.addWidget(self.complaint)
        widget.setObjectName(name)
        widget.setAccessibleName(heading)
        widget.setToolTip(meaning)
        widget.setAccessibleDescription(meaning)
        widget.installEventFilter(self)
        self.setFocusProxy(widget)
        self.label = QLabel(heading)
        self.label.setBuddy(widget)
        self.label.setToolTip(meaning)

    def complain_below(self, layout) -> None:
        """Let complaints stand in a layout below this field and the one beside it."""
        self.is_beside_another = True
        layout.addWidget(self.complaint)

    def value(self):
        """Return what the widget holds."""
        raise TypeError(f"{type(self).__name__} has no value()")

    def put(self, value) -> None:
        """Let the widget hold a value."""
        raise TypeError(f"{type(self).__name__} has no put()")

    def show_value(self, value) -> None:
        """Show a value unless the widget means it already: what is being typed stays as it is."""
        if self.value() != value:
            self.is_filling = True
            self.put(value)
            self.is_filling = False

    def show_anew(self, value) -> None:
        """Show a value in its usual form."""
        self.is_filling = True
        self.put(value)
        self.is_filling = False

    def complain(self, fault: str = "", warning: str = "") -> None:
        """Say what has to be mended, or what has to be known, below the widget."""
        of_whom = f"{self.heading}: " if self.is_beside_another else ""
        text = "\n".join([f"✖ {of_whom}{fault}"] * bool(fault) + [f"⚠ {of_whom}{warning}"] * bool(warning))
        if text == self.complaint.text():
            return
        self.complaint.setText(text)
        self.complaint.setVisible(bool(text))
        colour, kind = fault_colour(), type(self.widget).__name__
        self.complaint.setStyleSheet(f"color: {colour}" if fault else "")
        self.widget.setStyleSheet(f"{kind} {{ border: 1px solid {colour}; }}" if fault else "")
        self.widget.setAccessibleDescription(" ".join(filter(None, (fault, warning, self.meaning))))

    def set_read_only(self, read_only: bool) -> None:
        """Let the value be read but not changed."""
        self.widget.setReadOnly(read_only)

    def _edited(self, *_) -> None:
        if not self.is_filling:
            self.edited.emit(self.value())

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.ShortcutOverride and any(event.matches(keys) for keys in TAKEN_BACK):
            return True  # not accepted: the window's own undo gets the keys
        if event.type() == QEvent.Type.FocusOut and event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()
        elif event.type() == QEvent.Type.FocusIn:
            self.entered.emit()
        return super().eventFilter(watched, event)


class LineField(Field):
    """One line of text; values that others have are offered while typing."""

    def __init__(self, name: str, heading: str, meaning: str, read=str, show=str):
        super().__init__(name, heading, meaning, QLineEdit())
        self.read, self.show_text, self.offered = read, show, None
        self.widget.textChanged.connect(self._edited)

    def value(self):
        return self.read(self.widget.text())

    def put(self, value) -> None:
        self.widget.setText(self.show_text(value))

    def offer(self, texts: Iterable[str]) -> None:
        """Offer texts while something is typed."""
        if self.offered is None:
            self.offered = QStringListModel(self)
            completer = QCompleter(self.offered, self)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            self.widget.setCompleter(completer)
        texts = list(texts)
        if texts != self.offered.stringList():
            self.offered.setStringList(texts)


class TextField(Field):
    """Several lines of text; the Tab key leaves the field."""

    def __init__(self, name: str, heading: str, meaning: str, lines: int = 2):
        super().__init__(name, heading, meaning, QPlainTextEdit())
        self.widget.setTabChangesFocus(True)
        self.widget.setUndoRedoEnabled(False)  # the window's undo covers everything
        metrics = self.widget.fontMetrics()
        frame = 2 * (self.widget.frameWidth() + int(self.widget.document().documentMargin()))
        self.widget.setFixedHeight(lines * metrics.lineSpacing() + frame + 2)
        self.widget.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.widget.textChanged.connect(self._edited)

    def value(self):
        return self.widget.toPlainText()

    def put(self, value) -> None:
        self.widget.setPlainText(value)


class ChoiceField(Field):
    """One of a list; a value that is not offered is added, so that nothing is lost by looking at it."""

    def __init__(self, name: str, heading: str, meaning: str, choices: dict):
        super().__init__(name, heading, meaning, QComboBox())
        self.widget.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.widget.setMinimumContentsLength(7)
        self.widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the wheel scrolls the form
        self.choices: dict = {}
        self.offer(choices)
        self.widget.currentIndexChanged.connect(self._edited)

    def offer(self, choices: dict) -> None:
        """Offer value → text."""
        if choices == self.choices:
            return
        self.choices, value = dict(choices), self.value()
        self.is_filling = True
        self.widget.clear()
        for each, text in choices.items():
            self.widget.addItem(text, each)
        if value is not None:
            self.put(value)
        self.is_filling = False

    def value(self):
        return self.widget.currentData()

    def put(self, value) -> None:
        position = self.widget.findData(value)
        if position < 0:
            self.widget.addItem(str(value), value)
            position = self.widget.count() - 1
        self.widget.setCurrentIndex(position)

    def set_read_only(self, read_only: bool) -> None:
        self.widget.setEnabled(not read_only)

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Wheel and not self.widget.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)
