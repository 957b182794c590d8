"""How sure ranks and classes are: settings of the full runs, their progress, and what they gave."""
from __future__ import annotations

from pathlib import Path

from qgis.core import Qgis, QgsSettings
from qgis.PyQt.QtCore import Qt, QUrl
from qgis.PyQt.QtGui import QDesktopServices, QPalette
from qgis.PyQt.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ....translation import tr
from ...errors import expected, in_words
from ..certainty import certainty_of
from ..tab import Tab
from .layers import LayerResult, layers_of
from .map import RobustnessMap
from .page import RobustnessPage
from .run import RobustnessRun, level_of
from .settings import RobustnessSettings
from .words import out_of_date

_FOLDER = "teilhabe/workshop/folder"


class RobustnessTab(Tab):
    """The certainty of the working result; see `Tab`."""

    NAME = "robustness"

    def __init__(self, session, parent=None):
        super().__init__(session, parent)
        self.estimator = certainty_of(session)
        self.layers = layers_of(session)
        self.map = session.findChild(RobustnessMap) or RobustnessMap(session, self.layers)
        self.run = RobustnessRun(session, self.layers, self)
        self.result: LayerResult | None = None
        self.report = ""
        self.settings, self.page = RobustnessSettings(), RobustnessPage()
        self._build()
        self._connect()
        self._show_running(False)

    def title(self) -> str:
        """Return the text on the tab."""
        return tr("Certainty")

    def needs(self) -> str:
        """Say that a matrix has no ranks."""
        view = self.session.view()
        if view is not None and not any(node.id == view.node_id for index in self.session.result.recipe.indices
                                        for node in index.root.nodes()):
            return tr("A matrix has no rank. Let the map show one of the two indices.")
        return ""

    # widgets ---------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self.banner = QFrame()
        self.banner.setObjectName("teilhabeWorkshopStale")
        self.banner.setStyleSheet("#teilhabeWorkshopStale {background: #fff4cf; border: 1px solid #d9b74a; "
                                  "border-radius: 3px;} #teilhabeWorkshopStale QLabel {color: #3d3000;}")
        self.banner_text, self.again = QLabel(), QPushButton(tr("Compute again"))
        self.banner_text.setWordWrap(True)
        line = QHBoxLayout(self.banner)
        line.setContentsMargins(8, 5, 6, 5)
        line.addWidget(self.banner_text, 1)
        line.addWidget(self.again)
        self.intro = QLabel(tr("How far do ranks and classes depend on decisions that could have been made otherwise? "
                               "The index is computed many times; what stays the same is certain."))
        self.intro.setWordWrap(True)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(6, 6, 6, 6)
        column.setSpacing(8)
        for widget in (self.intro, self.settings, self.page):
            column.addWidget(widget)
        column.addStretch(1)
        self.scroll = QScrollArea()
        self.scroll.setWidgetResizable(True)
        self.scroll.setFrameShape(QFrame.Shape.NoFrame)
        self.scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scroll.setWidget(inside)
        for widget in (self.scroll.viewport(), inside):  # charts and words on one paper
            widget.setBackgroundRole(QPalette.ColorRole.Base)
        self.start_button, self.cancel_button = QPushButton(tr("Start")), QPushButton(tr("Cancel"))
        self.report_button = QPushButton(tr("Report (HTML) …"))
        self.report_button.setToolTip(tr("Make the runs and write a page with charts and tables; for one selected area "
                                         "it explains that area’s rank"))
        self.progress = QProgressBar()
        self.progress.setRange(0, 100)
        self.progress.setAccessibleName(tr("Progress"))
        self.note = QLabel()
        self.note.setWordWrap(True)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(6, 0, 6, 6)
        for widget, stretch in ((self.start_button, 0), (self.progress, 100), (self.cancel_button, 0)):
            buttons.addWidget(widget, stretch)
        buttons.addStretch(1)
        buttons.addWidget(self.report_button)
        whole = QVBoxLayout(self.body)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(4)
        above = QVBoxLayout()
        above.setContentsMargins(6, 6, 6, 0)
        above.addWidget(self.banner)
        above.addWidget(self.note)
        whole.addLayout(above)
        whole.addWidget(self.scroll, 1)
        whole.addLayout(buttons)
        self.page.hide()
        self.banner.hide()
        self.note.hide()

    def _connect(self) -> None:
        self.start_button.clicked.connect(lambda _on=False: self.start())
        self.again.clicked.connect(lambda _on=False: self.start())
        self.cancel_button.clicked.connect(lambda _on=False: self._cancel())
        self.report_button.clicked.connect(lambda _on=False: self.choose_report())
        self.run.progress.connect(lambda percent: self.progress.setValue(int(percent)))
        self.run.ended.connect(self._ended)
        self.page.chosen.connect(self.session.select)
        self.page.map_wanted.connect(self._show_on_map)
        self.layers.changed.connect(self.outdate)
        self.layers.marked.connect(self._say_map)

    # what there is ---------------------------------------------------------------------------------------------

    def show_result(self) -> None:
        """Show the newest result for what is looked at, out of date or not."""
        session = self.session
        self.settings.set_areas(session.layer(), session.result.recipe, session.frame, session.result.year)
        before, self.result = self.result, self.layers.find()
        self.page.setVisible(self.result is not None)
        self.intro.setVisible(self.result is None)
        if self.result is not None:
            self.page.show_result(self.result, session.names, session.keys)
            self.estimator.take_full()  # the ranking shows the intervals of the full runs, too
        if (before is None) != (self.result is None) or before is None:
            self.settings.setCollapsed(self.result is not None)
        self._say()

    def show_selection(self) -> None:
        """Mark the selected areas."""
        self.page.show_selection(self.session.selection)

    @property
    def is_stale(self) -> bool:
        """Say whether the result that is shown does not hold for what the session shows."""
        return self.result is not None and bool(self.layers.reasons(self.result.record))

    def _say(self) -> None:
        words = ""
        if self.result is not None:
            words = out_of_date(self.result.record, self.layers.reasons(self.result.record), self.session.view().title)
        self.banner_text.setText(words)
        self.banner.setVisible(bool(words) and not self.run.is_running())
        self.again.setEnabled(self.session.fault is None)
        self.start_button.setText(tr("Start") if self.result is None else tr("Compute again"))
        self._enable()
        self._say_map()

    def _say_map(self) -> None:
        if self.result is not None:
            self.page.on_map.setChecked(self.map.is_shown(self.result.layer_id))
            self.page.on_map.setEnabled(not self.is_stale)

    def _show_on_map(self, on: bool) -> None:
        if self.result is not None:
            self.map.show(self.result.layer_id, on)

    # the run ---------------------------------------------------------------------------------------------------

    def start(self, report: str = "") -> None:
        """Start the runs for what is shown now."""
        session = self.session
        problem = session.fault_text or self.settings.fault()
        if problem or self.run.is_running() or session.layer() is None:
            self._tell(problem)
            return
        try:
            recipe = str(session.workshop.writing.recipe_file())
        except expected() as error:
            self._tell(in_words(error))
            return
        self.report = report
        area = session.keys[session.selection[0]] if report and len(session.selection) == 1 else ""
        self.run.start(recipe, self.settings.parameters(), self.settings.destination.value(), report, area)
        self._tell("")
        self._show_running(True)

    def choose_report(self) -> None:
        """Ask for a file, make the runs and write the report."""
        folder = QgsSettings().value(_FOLDER, "", type=str)
        proposal = str(Path(folder) / f"{tr('certainty')}_{self.session.node}.html")
        path, _kind = QFileDialog.getSaveFileName(self, tr("Write the report"), proposal, tr("HTML page (*.html)"))
        if path:
            self.start(path if path.lower().endswith((".html", ".htm")) else f"{path}.html")

    def _cancel(self) -> None:
        self.cancel_button.setEnabled(False)
        self.run.cancel()

    def _show_running(self, running: bool) -> None:
        self.progress.setValue(0)
        self.progress.setVisible(running)
        self.cancel_button.setVisible(running)
        self.cancel_button.setEnabled(running)
        self.start_button.setVisible(not running)
        self.report_button.setVisible(not running)
        self.settings.setEnabled(not running)
        if running:
            self.banner.hide()
        self._enable()

    def _enable(self) -> None:
        can = self.session.is_open and self.session.fault is None
        for button in (self.start_button, self.report_button):
            button.setEnabled(can)

    def _ended(self, outcome) -> None:
        self._show_running(False)
        if outcome.cancelled:
            self._tell(tr("Cancelled. Earlier results are unchanged."))
        elif not outcome.ok:
            self._tell(outcome.error)
        else:
            for layer_id in outcome.layers:
                self.map.show(layer_id, True)
            if self.report:
                self._report_written(outcome)
        self.outdate()
        if outcome.ok and not self.is_shown() and self.session.workshop is not None:
            self.session.workshop.tell(tr("The runs are done; see the tab “Certainty”."), level_of(outcome))

    def _report_written(self, outcome) -> None:
        path = str(outcome.results[0].get("REPORT", self.report))
        QDesktopServices.openUrl(QUrl.fromLocalFile(path))
        if self.session.workshop is not None:
            self.session.workshop.tell(tr("The report was written to {file}.", file=path), Qgis.MessageLevel.Success)

    def _tell(self, text: str) -> None:
        self.note.setText(text)
        self.note.setVisible(bool(text))

    # state -----------------------------------------------------------------------------------------------------

    def state(self) -> dict:
        """Return the settings."""
        return {"settings": self.settings.state()}

    def restore(self, state: dict) -> None:
        """Put the settings back."""
        kept = state.get("settings")
        self.settings.restore(kept if isinstance(kept, dict) else {})
