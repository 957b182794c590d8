"""Rows of the properties: a title with the mark of a deviation and the way back to the default, and the input below."""
from __future__ import annotations

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QPalette
from qgis.PyQt.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from ....core.messages import TeilhabeError
from ....core.recipe_values import DEFAULTS, METHODS, spelled_out
from ....translation import render, tr
from ..tree.delegate import FAULT_COLOUR, FAULT_ON_DARK
from .offers import possible_methods
from .options import Options
from .widgets import Choice
from .words import method_tip, method_title, setting_tip, setting_title


class Titled(QWidget):
    """A title above an input; bold with a dot where it is not as by default, then with a button that takes it back.

    Signals
    -------
    back()
        Back to the default.
    """

    back = pyqtSignal()

    def __init__(self, title: str, tip: str = "", parent=None):
        super().__init__(parent)
        self.words = title
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(2)
        head = QHBoxLayout()
        head.setSpacing(2)
        self.title = note(title)
        self.title.setToolTip(tip)
        self.reset = QToolButton()
        self.reset.setAutoRaise(True)
        self.reset.setIcon(QgsApplication.getThemeIcon("/mActionUndo.svg"))
        self.reset.setToolTip(tr("Back to the default"))
        self.reset.setAccessibleName(tr("{setting}: back to the default", setting=title))
        self.reset.clicked.connect(lambda _checked=False: self.back.emit())
        head.addWidget(self.title, 1)
        head.addWidget(self.reset)
        column.addLayout(head)
        self.column = column
        self.reset.setVisible(False)

    def set_input(self, widget: QWidget) -> None:
        """Put the input below the title."""
        widget.setAccessibleName(self.words)
        self.title.setBuddy(widget)
        self.column.addWidget(widget)

    def show_deviation(self, deviates: bool, default: str = "") -> None:
        """Mark a deviation from the default, which is named in the tooltip of the button."""
        self.title.setText(f"● {self.words}" if deviates else self.words)
        font = self.title.font()
        font.setBold(deviates)
        self.title.setFont(font)
        self.reset.setVisible(deviates)
        if default:
            self.reset.setToolTip(tr("Back to the default: {value}", value=default))


class MethodRow(Titled):
    """A method and its settings.

    Signals
    -------
    edited(object, str)
        The value as the recipe writes it (None: the default), and the setting that was changed, "" for the method.
    """

    edited = pyqtSignal(object, str)

    def __init__(self, setting: str, offers, parent=None):
        super().__init__(setting_title(setting), setting_tip(setting), parent)
        self.setting, self.offers, self.path = setting, offers, ()
        self.methods = possible_methods(setting)
        self.choice = Choice()
        self.default = DEFAULTS[setting]["method"] if DEFAULTS[setting] else None
        entries = [(method, self._entry(method)) for method in self.methods]
        self.choice.fill(entries, {method: method_tip(setting, method) for method in self.methods})
        self.set_input(self.choice)
        self.about = note("", faint=True)
        self.column.addWidget(self.about)
        self.options = Options(setting, offers)
        self.column.addWidget(self.options)
        self.problem = note("")
        self.problem.setStyleSheet(f"color: {fault_ink(self.palette())};")
        self.problem.setVisible(False)
        self.column.addWidget(self.problem)
        self.choice.picked.connect(self._picked)
        self.options.edited.connect(self._option)
        self.back.connect(lambda: self.edited.emit(None, ""))

    def _entry(self, method) -> str:
        title = method_title(self.setting, method)
        return tr("{name} (default)", name=title) if method == self.default else title

    def show_value(self, path: tuple, value) -> None:
        """Show the value that holds at a path, spelled out."""
        self.path = path
        method = value["method"] if value else None
        self.choice.show_value(method)
        deviates = value != spelled_out(self.setting, DEFAULTS[self.setting])
        self.show_deviation(deviates, method_title(self.setting, self.default))
        palette = self.choice.parentWidget().palette()
        shown = palette.color(QPalette.ColorRole.WindowText) if deviates else faint_colour(palette)
        own = self.choice.palette()
        for role in (QPalette.ColorRole.ButtonText, QPalette.ColorRole.Text):
            own.setColor(QPalette.ColorGroup.Active, role, shown)
            own.setColor(QPalette.ColorGroup.Inactive, role, shown)
        self.choice.setPalette(own)
        self.choice.view().setPalette(palette)
        self.about.setText(method_tip(self.setting, method))
        self.about.setVisible(bool(self.about.text()))
        self.options.show_value(path, value)
        self.problem.setVisible(False)

    def look_at_data(self) -> None:
        """Grey out what the data do not allow."""
        if self.path:
            self.choice.forbid({method: self.offers.reason(self.path, self.setting, method)
                                for method in self.methods})

    def _picked(self, method) -> None:
        if method is None or method == self.default:
            self.edited.emit(None, "")
        else:
            self._emit(self.offers.proposal(self.path, self.setting, method), "")

    def _option(self, value: dict, name: str) -> None:
        self._emit(value, name)

    def _emit(self, value: dict, name: str) -> None:
        problem = self.check(value)
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        if not problem:
            self.edited.emit(shortened(self.setting, value), name)

    def check(self, value: dict) -> str:
        """Return what is wrong with a method's settings, "" where nothing is."""
        check = getattr(METHODS[self.setting][value["method"]], "check", None)
        try:
            found = check({**spelled_out(self.setting, value)}) if check else None
        except (TeilhabeError, KeyError, TypeError):
            return tr("A number is missing.")
        return render(found) if found is not None else ""


def shortened(setting: str, value: dict):
    """Return a value as the recipe writes it: what holds its default is left out, None for the default itself."""
    full = spelled_out(setting, value)
    if full == spelled_out(setting, DEFAULTS[setting]):
        return None
    plain = spelled_out(setting, {"method": value["method"]})
    required = METHODS[setting][value["method"]].required
    kept = {name: each for name, each in value.items()
            if name == "method" or (each is not None and (name in required or plain.get(name) != each))}
    return kept["method"] if len(kept) == 1 else kept


def note(text: str, faint: bool = False) -> QLabel:
    """Return a text that wraps."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setMinimumWidth(40)
    policy = label.sizePolicy()  # keeps that its height follows its width
    policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
    label.setSizePolicy(policy)
    if faint:
        palette = label.palette()
        palette.setColor(QPalette.ColorRole.WindowText, faint_colour(palette))
        label.setPalette(palette)
    return label


def fault_ink(palette: QPalette) -> str:
    """Return the colour of words about a fault: a light red where the ground is dark."""
    return FAULT_COLOUR if palette.color(QPalette.ColorRole.Window).lightness() > 127 else FAULT_ON_DARK


def faint_colour(palette: QPalette) -> QColor:
    """Return a colour between text and background that can still be read."""
    text, ground = palette.color(QPalette.ColorRole.WindowText), palette.color(QPalette.ColorRole.Window)
    red, green, blue = (round(0.6 * a + 0.4 * b) for a, b in zip(text.getRgb()[:3], ground.getRgb()[:3]))
    return QColor(red, green, blue)
