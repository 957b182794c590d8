"""Window: the indicator catalogue, to read and to edit."""
from __future__ import annotations

from pathlib import Path

from qgis.core import Qgis, QgsProject, QgsSettings
from qgis.gui import QgsApplicationExitBlockerInterface, QgsGui, QgsMessageBar
from qgis.PyQt.QtCore import QEvent, QSize, Qt, QTimer
from qgis.PyQt.QtGui import QIcon, QKeySequence
from qgis.PyQt.QtWidgets import (
    QLabel,
    QMainWindow,
    QPushButton,
    QShortcut,
    QSizePolicy,
    QSplitter,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ... import paths
from ...translation import tr
from ..base_dialog import LARGE_DPI, USUAL_DPI, fit_message
from .actions import Actions
from .data_tab import DataTab
from .exchange import Exchange
from .files import CatalogueFiles
from .history_tab import HistoryTab
from .indicator_edits import IndicatorEdits
from .indicator_form import IndicatorForm
from .indicator_list import IndicatorList
from .master_tab import MasterTab
from .place import DATA, HISTORY, INDICATORS, MASTER, Where, place_of
from .recipes import KnownRecipes
from .session import CatalogueSession

SETTINGS = "teilhabe/catalogue/"
SIZE = (1200, 700)
#: that good news stay
SECONDS = 8
TABS = (INDICATORS, MASTER, DATA, HISTORY)


class CatalogueWindow(QMainWindow):
    """List and form of the indicators, master data, data status and history of one catalogue.

    Parameters
    ----------
    iface : QgisInterface
    """

    def __init__(self, iface):
        super().__init__(iface.mainWindow())
        self.iface, self.listening = iface, False
        self.setObjectName("teilhabeCatalogue")
        self.setWindowIcon(QIcon(str(paths.resource("icons", "catalogue.svg"))))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.session = CatalogueSession(self)
        self.recipes = KnownRecipes(self.session)
        self.files, self.exchange, self.edits = CatalogueFiles(self), Exchange(self), IndicatorEdits(self)
        self._build()
        self.actions_ = Actions(self)
        self._connect()
        self.resize(first_size(self.logicalDpiX(), self.screen().availableSize()))
        QgsGui.enableAutoGeometryRestore(self)
        self.files.begin()
        self._restore()
        self.list.view.setFocus()

    # parts -----------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(6, 4, 6, 2)
        self.bar = QgsMessageBar()
        self.bar.setObjectName("bar")
        column.addWidget(self.bar)
        self.tabs = QTabWidget()
        self.tabs.setObjectName("tabs")
        column.addWidget(self.tabs, 1)
        self.setCentralWidget(middle)
        self.list, self.form = IndicatorList(self.session), IndicatorForm(self.session, self.recipes)
        self.halves = QSplitter(Qt.Orientation.Horizontal)
        self.halves.setChildrenCollapsible(False)
        self.halves.addWidget(self.list)
        self.halves.addWidget(self.form)
        self.halves.setStretchFactor(0, 2)
        self.halves.setStretchFactor(1, 3)
        self.halves.setSizes([430, 720])
        self.master, self.history = MasterTab(self.session), HistoryTab(self.session, self.files.propose)
        self.data = DataTab(self.session, self.recipes, self.iface)
        first = QWidget()
        QVBoxLayout(first).addWidget(self.halves)
        parts = {INDICATORS: first, MASTER: self.master, DATA: self.data, HISTORY: self.history}
        for name in TABS:
            self.tabs.addTab(parts[name], self._tab_title(name))
        self.state, self.faults = QLabel(), QToolButton()
        self.state.setObjectName("file_state")
        self.state.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # paths may be long
        self.faults.setObjectName("faults")
        self.faults.setAutoRaise(True)
        self.faults.clicked.connect(lambda _checked=False: self.next_problem())
        self.statusBar().addWidget(self.state, 1)
        self.statusBar().addPermanentWidget(self.faults)

    def _tab_title(self, name: str) -> str:
        return {INDICATORS: tr("Indicators"), MASTER: tr("Catalogue and dimensions"), DATA: tr("Data status"),
                HISTORY: tr("History")}[name]

    def _connect(self) -> None:
        session = self.session
        session.opened.connect(self.show_catalogue)
        session.changed.connect(self.refresh)
        session.state_changed.connect(self.show_state)
        self.list.chosen.connect(self._chosen)
        self.list.filtered.connect(self.show_state)
        self.list.view.selectionModel().selectionChanged.connect(lambda *_: self.actions_.refresh())
        self.form.number_asked.connect(self.show_indicator)
        self.data.asked.connect(lambda position: self.go_to(Where(INDICATORS, position, "data")))
        delete = QShortcut(QKeySequence(Qt.Key.Key_Delete), self.list.view)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(self.edits.remove)
        self.list.view.doubleClicked.connect(lambda _index: self.form.go_to("name"))
        enter = QShortcut(QKeySequence(Qt.Key.Key_Return), self.list.view)
        enter.setContext(Qt.ShortcutContext.WidgetShortcut)
        enter.activated.connect(lambda: self.form.go_to("name"))
        for i in range(len(TABS)):
            QShortcut(QKeySequence(f"Ctrl+{i + 1}"), self).activated.connect(lambda i=i: self.tabs.setCurrentIndex(i))
        self.arriving = QTimer(self)
        self.arriving.setSingleShot(True)
        self.arriving.setInterval(150)
        self.arriving.timeout.connect(self._layers_changed)
        for signal in self._project_signals():
            signal.connect(self.layers_come_or_go)
        self.blocker = _ExitBlocker(self)
        if hasattr(self.iface, "registerApplicationExitBlocker"):
            self.iface.registerApplicationExitBlocker(self.blocker)
        self.listening = True

    def _project_signals(self) -> tuple:
        project = QgsProject.instance()
        return project.layersAdded, project.layersRemoved, project.cleared

    # for others ------------------------------------------------------------------------------------------------

    def open_file(self, path: str) -> None:
        """Open a catalogue file, or a shipped catalogue by its name; asks first when there are unsaved changes."""
        own = paths.resource("catalogues", Path(path).name if str(path).endswith(".json") else f"{path}.json")
        if not Path(path).is_file() and Path(path).name == str(path) and own.is_file():
            path = own
        if self.session.is_open and self.session.path is not None and Path(path) == self.session.path:
            self.files.check_disk()
        else:
            self.files.open_if_may(str(path))

    def show_indicator(self, number: str) -> None:
        """Choose the indicator with a number."""
        numbers = [each.number for each in self.session.catalogue.entries] if self.session.is_open else []
        if number in numbers:
            self.go_to(Where(INDICATORS, numbers.index(number), "number"))
        else:
            self.tell(tr("This catalogue has no indicator {number}.", number=number), Qgis.MessageLevel.Warning)

    # what is shown ---------------------------------------------------------------------------------------------

    def show_catalogue(self) -> None:
        """Show another catalogue."""
        self.recipes.forget()
        self.list.current = self.form.position = -1
        self.refresh(anew=True)

    def refresh(self, anew: bool = False) -> None:
        """Show the catalogue as it is now."""
        self.list.refresh()
        if self.form.position != self.list.current:
            self.form.show_position(self.list.current)
        else:
            self.form.refresh(anew)
        self.master.refresh(anew)
        self.history.refresh()
        self.data.later_if_shown()
        self.show_state()

    def show_state(self) -> None:
        """Show file, saved or not, and how much has to be mended."""
        session = self.session
        if not session.is_open:
            return
        title = session.catalogue.title or tr("without title")
        self.setWindowTitle(tr("{title} – Indicator catalogue", title=f"{'*' if session.is_dirty else ''}{title}"))
        if session.is_template:
            text = tr("Template of the plugin, read-only: {file}", file=session.path.name)
        elif session.path is None:
            text = tr("Not saved yet")
        else:
            text = tr("{file}: changes not saved", file=session.path) if session.is_dirty else \
                tr("{file}: saved", file=session.path)
        self.state.setText(text)
        self.state.setToolTip(text)
        count = len(session.problems)
        self.faults.setText(tr("✖ {n} to be mended (F8)", n=count) if count else tr("✔ Nothing to be mended"))
        self.faults.setEnabled(bool(count))
        history = len(session.catalogue.history)
        self.tabs.setTabText(TABS.index(HISTORY), f"{self._tab_title(HISTORY)} ({history})")
        self.actions_.refresh()

    def tell(self, text: str, level, *buttons) -> None:
        """Show one message in place of any other; buttons are (text, what they do)."""
        self.bar.clearWidgets()
        item = self.bar.createMessage(text)
        for label, do in buttons:
            button = QPushButton(label)
            button.clicked.connect(lambda _checked=False, do=do: do())
            item.layout().addWidget(button)
        self.bar.pushWidget(item, level, 0 if buttons or level != Qgis.MessageLevel.Success else SECONDS)
        QTimer.singleShot(0, self._fit_message)

    def _fit_message(self) -> None:
        fit_message(self.bar)

    def go_to(self, where: Where) -> None:
        """Show a place and set the focus to it."""
        if where is None:
            return
        self.tabs.setCurrentIndex(TABS.index(where.tab))
        if where.tab == INDICATORS and where.position >= 0:
            position = min(where.position, len(self.session.catalogue.entries) - 1)
            self.list.choose(position)
            self.form.go_to(where.field) if where.field else self.list.view.setFocus()
        elif where.tab == MASTER:
            self.master.go_to(where)
        elif where.tab == HISTORY and where.position >= 0:
            self.history.go_to(where)

    def next_problem(self) -> None:
        """Go to the next entry that has to be mended, behind the one that is looked at."""
        places = [place_of(each) for each in self.session.problems]
        if not places:
            return
        here = Where(TABS[self.tabs.currentIndex()], self.list.current, self.focused_field())
        i = places.index(here) + 1 if here in places else 0
        self.go_to(places[i % len(places)])

    def focused_field(self) -> str:
        return next((name for name, field in self.form.fields.items() if field.widget.hasFocus()), "")

    def history_place(self) -> Where:
        """Return where a new entry of the history stands."""
        return Where(HISTORY, len(self.session.catalogue.history), "change")

    # editing ---------------------------------------------------------------------------------------------------

    def undo(self) -> None:
        """Take the last step back and show where it was made."""
        self.go_to(self.session.undo())

    def redo(self) -> None:
        """Do again what was taken back."""
        self.go_to(self.session.redo())

    def focus_search(self) -> None:
        """Let a text be searched for."""
        self.tabs.setCurrentIndex(TABS.index(INDICATORS))
        self.list.search.setFocus()
        self.list.search.selectAll()

    def _chosen(self, position: int) -> None:
        self.form.show_position(position)
        self.actions_.refresh()

    # project and window ----------------------------------------------------------------------------------------

    def layers_come_or_go(self, *_) -> None:
        """React soon to other layers in the project."""
        self.arriving.start()

    def _layers_changed(self) -> None:
        self.recipes.forget()
        self.data.layers_changed()
        self.form.complain()

    def changeEvent(self, event):
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow() and self.listening:
            self.files.abandoned = None  # QGIS did not end after all
            QTimer.singleShot(0, self.files.check_disk)

    def _restore(self) -> None:
        settings = QgsSettings()
        for name, splitter in (("halves", self.halves), ("master_halves", self.master.halves)):
            kept = settings.value(SETTINGS + name)
            if kept:
                splitter.restoreState(kept)
        self.tabs.setCurrentIndex(min(settings.value(SETTINGS + "tab", 0, type=int), len(TABS) - 1))
        self.list.restore({name: settings.value(f"{SETTINGS}filter/{name}") for name in self.list.state_kept()})

    def _keep(self) -> None:
        settings = QgsSettings()
        settings.setValue(SETTINGS + "halves", self.halves.saveState())
        settings.setValue(SETTINGS + "master_halves", self.master.halves.saveState())
        settings.setValue(SETTINGS + "tab", self.tabs.currentIndex())
        for name, value in self.list.state_kept().items():
            settings.setValue(f"{SETTINGS}filter/{name}", value)

    def closeEvent(self, event):
        if not self.files.may_leave():
            event.ignore()
            return
        self._keep()
        if self.listening:
            self.listening = False
            for signal in self._project_signals():
                signal.disconnect(self.layers_come_or_go)
            if hasattr(self.iface, "unregisterApplicationExitBlocker"):
                self.iface.unregisterApplicationExitBlocker(self.blocker)
            self.arriving.stop()
            self.data.later.stop()
        super().closeEvent(event)


class _ExitBlocker(QgsApplicationExitBlockerInterface):
    """Asks about unsaved changes when QGIS is closed."""

    def __init__(self, window: CatalogueWindow):
        super().__init__()
        self.window = window

    def allowExit(self) -> bool:  # the name QGIS asks for
        return self.window.files.may_end()


def first_size(dpi: int, screen: QSize) -> QSize:
    """Return the size at the first opening: larger for larger letters, as far as the screen has room."""
    factor = dpi / USUAL_DPI if dpi >= LARGE_DPI else 1.0
    room = 0.97 * screen.width(), 0.9 * screen.height()
    return QSize(*(int(min(side * factor, most)) for side, most in zip(SIZE, room)))
