"""The panel that leads from the areas to the printed map and says how far the project has come."""
from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Callable

from qgis.core import QgsApplication, QgsMapLayerProxyModel, QgsProject
from qgis.gui import QgsDockWidget, QgsMapLayerComboBox
from qgis.PyQt import uic
from qgis.PyQt.QtCore import QSize, QTimer, QUrl
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import QComboBox, QPushButton

from .. import paths
from ..translation import language, tr
from . import steps_state
from .errors import expected, in_words
from .source_files import known_files
from .staleness import InputWatch

UI = Path(__file__).resolve().parent / "ui"
#: the panel takes what its texts need, but not more than this
WIDEST = 420
SIGNS = {steps_state.DONE: "/mIconSuccess.svg", steps_state.STALE: "/mIconWarning.svg"}


def steps() -> tuple[tuple[str, str, str], ...]:
    """Return name, heading and button text of the steps in their order."""
    return (
        ("areas", tr("Choose areas"), ""),
        ("join", tr("Join tables"), tr("Join tables …")),
        ("compute", tr("Compute index"), tr("Compute …")),
        ("style", tr("Show classes"), tr("Style …")),
        ("print", tr("Print map"), tr("Print …")),
    )


def state_word(state: str) -> str:
    """Return a state in words, for the tooltip of its sign."""
    return {steps_state.DONE: tr("done"), steps_state.STALE: tr("out of date"), steps_state.TODO: tr("to do")}[state]


class StepsDock(QgsDockWidget):
    """Five steps, each with its state and a button that opens its dialog.

    Parameters
    ----------
    iface : QgisInterface
    open_dialog : callable
        Opens the dialog of the plugin's action with this name.
    """

    def __init__(self, iface, open_dialog: Callable[[str], object]):
        super().__init__(tr("Teilhabe: steps"), iface.mainWindow())
        self.iface, self.open_dialog = iface, open_dialog
        self.setObjectName("teilhabeSteps")
        self.panel = uic.loadUi(str(UI / "steps_dock.ui"))
        self.setWidget(self.panel)
        self.rows, self.buttons = {}, {}
        self.followed: set[str] = set()
        self.found: dict[str, steps_state.StepState] = {}
        for number, (name, heading, button) in enumerate(steps(), 1):
            self._add_row(number, name, heading, button)
        self.areas = self._add_areas_combo()
        self.panel.sample.clicked.connect(self.load_sample)
        self.panel.help.linkActivated.connect(self.show_help)
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.setInterval(100)
        self.timer.timeout.connect(self.refresh)
        self.watch = InputWatch(QgsProject.instance(), self)
        self.watch.found.connect(self.later)
        self.connect_project()
        self.later()

    def connect_project(self) -> None:
        """Follow the project."""
        for signal in self._signals():
            signal.connect(self.later)

    def disconnect_project(self) -> None:
        """Let go of the project; called before the panel goes."""
        for signal in self._signals():
            signal.disconnect(self.later)
        for layer in filter(None, map(QgsProject.instance().mapLayer, self.followed)):
            layer.styleChanged.disconnect(self.later)
        self.followed.clear()
        self.timer.stop()
        self.watch.stop()
        self.areas.setLayer(None)

    def later(self, *_arguments) -> None:
        """Refresh once everything that is going on has settled."""
        self.timer.start()

    def refresh(self) -> None:
        """Show the state of every step, or why it cannot be told."""
        try:
            self._refresh()
        except expected() as error:
            self.panel.intro.setText(in_words(error))

    def _refresh(self) -> None:
        self.watch.watch_project()
        self._follow_styles()
        self._show_areas_layer()
        self.found = steps_state.states(QgsProject.instance(), frozenset(self.watch.changed))
        following = next((name for name, each in self.found.items() if each.state != steps_state.DONE), "")
        for name, each in self.found.items():
            row = self.rows[name]
            row.state.setText(each.text.replace("_", "_\u200b"))  # long file names may be broken after a line
            row.sign.setToolTip(state_word(each.state))
            row.sign.setAccessibleName(state_word(each.state))
            if each.state in SIGNS:
                row.sign.setPixmap(QgsApplication.getThemeIcon(SIGNS[each.state]).pixmap(QSize(16, 16)))
            else:
                row.sign.setText("○")
            if name in self.buttons:
                font = self.buttons[name].font()
                font.setBold(name == following)
                self.buttons[name].setFont(font)
        bar = self.panel.verticalScrollBar()
        needed = self.panel.widget().minimumSizeHint().width() + (bar.width() if bar.isVisible() else 0)
        self.panel.setMinimumWidth(min(needed, WIDEST))

    def open_step(self, name: str) -> None:
        """Open the dialog of a step; tables that are to be joined again are in its list already."""
        dialog = self.open_dialog(name)
        if name == "join" and dialog is not None and self.is_stale(name):
            dialog.add_files(table.path for table in self.joined_files() if Path(table.path).is_file())

    def is_stale(self, name: str) -> bool:
        """Say whether the result of a step is out of date."""
        return name in self.found and self.found[name].state == steps_state.STALE

    def joined_files(self) -> list:
        """Return the table files of the newest join, as far as it is known where they are."""
        from ..bridge.project import INDICATORS, layers_with_role, provenance_of

        joined = layers_with_role(QgsProject.instance(), INDICATORS)
        return known_files(provenance_of(joined[0])) if joined else []

    def load_sample(self) -> None:
        """Add the sample city to the project."""
        from qgis.core import Qgis

        from .sample_city import load_sample_city

        try:
            load_sample_city(self.iface)
        except expected() as error:
            self.iface.messageBar().pushMessage("Teilhabe", in_words(error), Qgis.MessageLevel.Critical)
        self.later()

    def show_help(self, _link: str = "") -> None:
        """Open the manual."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(paths.resource("help", language(), "index.html"))))

    def areas_chosen(self, layer) -> None:
        """Give the chosen layer, and no other, the role of the areas."""
        from ..bridge.project import AREAS, layers_with_role, set_role

        project = QgsProject.instance()
        for other in layers_with_role(project, AREAS):
            if layer is None or other.id() != layer.id():
                set_role(other, "")
        if layer is not None:
            set_role(layer, AREAS)
        project.setDirty(True)
        self.later()

    def _signals(self) -> list:
        project = QgsProject.instance()
        layouts = project.layoutManager()
        return [project.layersAdded, project.layersRemoved, project.readProject, project.cleared,
                layouts.layoutAdded, layouts.layoutRemoved, layouts.layoutRenamed]

    def _follow_styles(self) -> None:
        """Notice when an index is shown differently."""
        from ..bridge.project import INDEX, layers_with_role

        for layer in layers_with_role(QgsProject.instance(), INDEX):
            if layer.id() not in self.followed:
                self.followed.add(layer.id())
                layer.styleChanged.connect(self.later)

    def _add_row(self, number: int, name: str, heading: str, button: str) -> None:
        row = uic.loadUi(str(UI / "step_row.ui"))
        row.setObjectName(f"step_{name}")
        row.heading.setText(f"<b>{number} {escape(heading)}</b>")
        if button:
            push = QPushButton(button)
            push.setObjectName(f"open_{name}")
            push.clicked.connect(lambda _checked=False: self.open_step(name))
            row.place.addWidget(push)
            self.buttons[name] = push
        if name == "compute":
            row.place.addWidget(self._workshop_button())
        self.panel.rows.addWidget(row)
        self.rows[name] = row

    def _workshop_button(self) -> QPushButton:
        push = QPushButton(tr("Workshop …"))
        push.setObjectName("open_workshop")
        push.setToolTip(tr("Settle recipe, weights and classes on the live map"))
        push.clicked.connect(lambda _checked=False: self.open_dialog("workshop"))
        return push

    def _add_areas_combo(self) -> QgsMapLayerComboBox:
        combo = QgsMapLayerComboBox()
        combo.setObjectName("areas")
        combo.setFilters(QgsMapLayerProxyModel.Filter.PolygonLayer)
        combo.setAllowEmptyLayer(True)
        combo.setLayer(None)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(10)
        combo.setAccessibleName(tr("Layer with the areas"))
        combo.layerChanged.connect(self.areas_chosen)
        self.rows["areas"].place.addWidget(combo)
        return combo

    def _show_areas_layer(self) -> None:
        """Show which layer has the role; when only one could, it gets it."""
        from ..bridge.project import AREAS, layers_with_role

        with_role = layers_with_role(QgsProject.instance(), AREAS)
        self.areas.blockSignals(True)
        self.areas.setLayer(with_role[0] if with_role else None)
        self.areas.blockSignals(False)
