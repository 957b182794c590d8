"""What all dialogs share: a form, a message bar, progress and cancel, a log, and one way to run an algorithm."""
from __future__ import annotations

from pathlib import Path

from qgis.core import Qgis, QgsApplication, QgsProject
from qgis.gui import QgsGui
from qgis.PyQt import uic
from qgis.PyQt.QtCore import QSize, Qt, QTimer, QUrl
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import QAction, QDialog, QDialogButtonBox, QPushButton, QTextBrowser, QVBoxLayout

from ..translation import tr
from . import memory
from .layer_guess import choose_layer
from .tab_order import order_tabs
from .task_runner import ERROR, WARNING, Job, Outcome, Run

UI = Path(__file__).resolve().parent / "ui"
LARGEST = (1000, 580)
HIGHEST_MESSAGE = 90
#: dots per inch that windows are laid out for, and from which on letters count as large
USUAL_DPI, LARGE_DPI = 96, 108


class BaseDialog(QDialog):
    """A non-modal dialog around one registered algorithm.

    Subclasses set the class attributes, fill the form in ``__init__`` (ending with ``self.ready()``), and implement
    `settings`, `problem` and, where something is to be remembered, `remembered`.

    Attributes
    ----------
    NAME : str
        Name of the settings group; the form is ``ui/<NAME>_dialog.ui``, the window ``teilhabe<Name>Dialog``.
    ALGORITHM : str
        Id of the algorithm.
    NEXT : str
        Name of the plugin action that is the next step, "" for none.
    ROLES : tuple of str
        Roles (`bridge.project`) of the layer that the form's box ``layer`` offers first, the best first; a new layer
        with one of them is chosen when it comes into the project. () for forms without such a box.
    SIZE : tuple of int
        Width and height at the first opening.
    """

    NAME = ""
    ALGORITHM = ""
    NEXT = ""
    ROLES = ()
    SIZE = (760, 540)

    def __init__(self, iface):
        super().__init__(iface.mainWindow())
        self.iface = iface
        self.run: Run | None = None
        self.arrived: set[str] = set()
        self.arrivals = QTimer(self)
        self.arrivals.setSingleShot(True)
        self.arrivals.setInterval(100)
        self.setObjectName(f"teilhabe{self.NAME.title().replace('_', '')}Dialog")
        self.setWindowTitle(self.title())
        self.frame = uic.loadUi(str(UI / "base_dialog.ui"))
        self.form = uic.loadUi(str(self.form_file()))
        self.frame.scroll.setWidget(self.form)
        column = QVBoxLayout(self)
        column.addWidget(self.frame)
        self.resize(first_size(self.SIZE, self.logicalDpiX(), self.screen().availableSize()))
        self.setSizeGripEnabled(True)
        self._add_buttons()
        self.frame.log_button.toggled.connect(self.show_log)
        self.frame.cancel.clicked.connect(self.cancel)

    # what a subclass gives -------------------------------------------------------------------------------------

    def form_file(self) -> Path:
        """Return the .ui file of the form."""
        return UI / f"{self.NAME}_dialog.ui"

    def title(self) -> str:
        """Return the text of the title bar."""
        raise TypeError(f"{type(self).__name__} has no title()")

    def settings(self):
        """Return what the widgets say as a frozen dataclass with a method ``parameters() -> dict``."""
        raise TypeError(f"{type(self).__name__} has no settings()")

    def problem(self) -> str:
        """Return in words what is still missing before the run, "" when nothing is."""
        return ""

    def remembered(self) -> dict:
        """Return the widgets whose input is kept until the next time, by name."""
        return {}

    def success(self, outcome: Outcome) -> str:
        """Return the message after a run that went well."""
        return tr("Finished.")

    def after_run(self, outcome: Outcome) -> None:
        """Do what follows a run that went well, e.g. open what was made."""

    # shared ----------------------------------------------------------------------------------------------------

    def parameters(self) -> dict:
        """Return the parameters of the algorithm."""
        return self.settings().parameters()

    def jobs(self) -> list[Job]:
        """Return what a click on “Run” starts: one job, unless a subclass wants several."""
        return [Job(self.ALGORITHM, self.parameters())]

    def replaces(self) -> bool:
        """Say whether earlier results of the same kind give way to the new one: the check box ``replace``."""
        box = getattr(self.form, "replace", None)
        return box is not None and box.isChecked()

    def ready(self) -> None:
        """Fill in what was remembered; a subclass calls this when its form stands."""
        memory.restore(self.NAME, self.remembered())
        if self.ROLES:
            self.arrivals.timeout.connect(self._choose_arrived)
            QgsProject.instance().layersAdded.connect(self._layers_added)
        QgsGui.enableAutoGeometryRestore(self)
        order_tabs(self.form, self.frame.scroll)  # before the box of buttons, which draws the focus to “Run”
        self.frame.scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.refresh()

    def refresh(self) -> None:
        """Say what is still missing and let “Run” be clicked when nothing is."""
        problem = "" if self.is_running() else self.problem()
        self.frame.problem.setText(problem)
        self.run_button.setEnabled(not problem and not self.is_running())
        self.run_button.setToolTip(problem)

    def is_running(self) -> bool:
        """Say whether a run is under way."""
        return self.run is not None

    def accept(self) -> None:
        """Start the run; the dialog stays open."""
        if self.is_running() or self.problem():
            self.refresh()
            return
        self.frame.bar.clearWidgets()
        self.frame.log.clear()
        memory.store(self.NAME, self.remembered())
        self.run = Run(self.jobs(), self.replaces())
        self.run.line.connect(self._line)
        self.run.progress.connect(self._progress)
        self.run.done.connect(self._done)
        self._show_running(True)
        self.run.start()

    def cancel(self) -> None:
        """Stop the run; the earlier results stay."""
        if self.run is not None:
            self.frame.cancel.setEnabled(False)
            self.run.cancel()

    def done(self, result: int) -> None:
        """Close; a run that is under way goes on and reports in QGIS's own message bar."""
        if self.run is not None:
            run, self.run = self.run, None
            run.line.disconnect(self._line)
            run.progress.disconnect(self._progress)
            run.done.disconnect(self._done)
            report = WindowReport(self.iface, self.windowTitle())
            run.done.connect(report)
        super().done(result)

    def show_log(self, visible: bool) -> None:
        """Show or hide the log."""
        self.frame.log.setVisible(visible)
        self.frame.log_button.setArrowType(Qt.ArrowType.DownArrow if visible else Qt.ArrowType.RightArrow)
        if self.frame.log_button.isChecked() != visible:
            self.frame.log_button.setChecked(visible)

    def show_help(self) -> None:
        """Open the help page of the algorithm."""
        algorithm = QgsApplication.processingRegistry().algorithmById(self.ALGORITHM)
        if algorithm is not None:
            QDesktopServices.openUrl(QUrl(algorithm.helpUrl()))

    def tell(self, text: str, level, button: QPushButton | None = None) -> None:
        """Show one message in the dialog's bar in place of any other."""
        self.frame.bar.clearWidgets()
        item = self.frame.bar.createMessage(text)
        if button is not None:
            item.layout().addWidget(button)
        self.frame.bar.pushWidget(item, level)
        QTimer.singleShot(0, self._fit_message)

    def _fit_message(self) -> None:
        fit_message(self.frame.bar)

    def plugin_action(self, name: str) -> QAction | None:
        """Return the action of the plugin with this name."""
        return self.iface.mainWindow().findChild(QAction, f"teilhabe_{name}")

    def _layers_added(self, layers) -> None:
        # results get their role just after they were added
        self.arrived |= {layer.id() for layer in layers}
        self.arrivals.start()

    def _choose_arrived(self) -> None:
        from ..bridge.project import role_of

        arrived, self.arrived = self.arrived, set()
        layers = filter(None, map(QgsProject.instance().mapLayer, arrived))
        if not self.is_running() and any(role_of(layer) in self.ROLES for layer in layers):
            choose_layer(self.form.layer, self.iface, self.ROLES)

    def _add_buttons(self) -> None:
        # own buttons: the texts of standard ones depend on which of Qt's translations are installed
        box, role = self.frame.buttons, QDialogButtonBox.ButtonRole
        self.run_button = box.addButton(tr("Run"), role.AcceptRole)
        self.run_button.setDefault(True)
        close, help_button = box.addButton(tr("Close"), role.RejectRole), box.addButton(tr("Help"), role.HelpRole)
        for name, button in (("run", self.run_button), ("close", close), ("help", help_button)):
            button.setObjectName(name)
            button.setAutoDefault(button is self.run_button)  # Enter shall never close the window
        box.accepted.connect(self.accept)
        box.rejected.connect(self.reject)
        box.helpRequested.connect(self.show_help)

    def _show_running(self, running: bool) -> None:
        if running:
            self.frame.progress.setValue(0)
        self.frame.progress.setVisible(running)
        self.frame.cancel.setVisible(running)
        self.frame.cancel.setEnabled(running)
        self.frame.problem.setVisible(not running)
        self.form.setEnabled(not running)
        self.refresh()

    def _line(self, kind: str, text: str) -> None:
        sign = {ERROR: "✖ ", WARNING: "⚠ "}.get(kind, "")
        self.frame.log.appendPlainText(sign + text)

    def _progress(self, percent: float) -> None:
        self.frame.progress.setValue(int(percent))

    def _done(self, outcome: Outcome) -> None:
        self.run = None
        self._show_running(False)
        if outcome.cancelled:
            self.tell(tr("Cancelled. Earlier results are unchanged."), Qgis.MessageLevel.Info)
        elif not outcome.ok:
            self.tell(outcome.error, Qgis.MessageLevel.Critical, self._button(tr("Details"), self._show_details))
        else:
            following = self._next_button()
            self.tell(self._success_text(outcome), Qgis.MessageLevel.Success, following)
            if following is not None:
                following.setAutoDefault(True)  # Enter goes on; it would run once more otherwise
                following.setFocus()
            self.after_run(outcome)

    def _success_text(self, outcome: Outcome) -> str:
        text = self.success(outcome)
        if outcome.warnings == 1:
            text += " " + tr("One warning is in the log.")
        elif outcome.warnings:
            text += " " + tr("{count} warnings are in the log.", count=outcome.warnings)
        return text

    def _next_button(self) -> QPushButton | None:
        action = self.plugin_action(self.NEXT) if self.NEXT else None
        if action is None:
            return None
        return self._button(tr("Next: {step}", step=action.text()), action.trigger)

    def _button(self, text: str, do) -> QPushButton:
        button = QPushButton(text)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _checked=False: do())
        return button

    def _show_details(self) -> None:
        self.show_log(True)


def first_size(size: tuple[int, int], dpi: int, screen: QSize) -> QSize:
    """Return the size of a window at its first opening: larger for larger letters, as far as the screen has room.

    Parameters
    ----------
    size : tuple of int
        Width and height where letters have their usual size, i.e. at 96 dots per inch.
    dpi : int
        Dots per inch that letters are drawn with.
    screen : QSize
        The screen without panels.
    """
    factor = dpi / USUAL_DPI if dpi >= LARGE_DPI else 1.0
    usual = [min(side, largest) for side, largest in zip(size, LARGEST)]
    room = (0.97 * screen.width(), 0.9 * screen.height())
    return QSize(*(int(max(side, min(side * factor, most))) for side, most in zip(usual, room)))


def fit_message(bar) -> None:
    """Make a message bar as high as its message needs: QGIS shows two lines as one with arrows to turn."""
    item = bar.currentItem()
    browser = item.findChild(QTextBrowser) if item is not None else None
    if browser is not None:
        document = browser.document().clone()
        document.setTextWidth(browser.viewport().width())
        height = min(int(document.size().height()) + 2, HIGHEST_MESSAGE)
        browser.setFixedHeight(height)
        if height < HIGHEST_MESSAGE:
            browser.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        item.setMinimumHeight(height)


class WindowReport:
    """Says in QGIS's own message bar how a run ended whose dialog was closed."""

    def __init__(self, iface, title: str):
        self.iface, self.title = iface, title

    def __call__(self, outcome: Outcome) -> None:
        bar = self.iface.messageBar()
        if outcome.cancelled:
            return
        if outcome.ok:
            bar.pushMessage(self.title, tr("Finished."), Qgis.MessageLevel.Success)
        else:
            bar.pushMessage(self.title, outcome.error, Qgis.MessageLevel.Critical)
