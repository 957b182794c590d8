"""“Apply”: the registered algorithm writes the index of the working recipe as a layer."""
from __future__ import annotations

import hashlib
from pathlib import Path

from qgis.core import Qgis, QgsProcessingOutputLayerDefinition, QgsProcessingUtils, QgsProject, QgsSettings
from qgis.PyQt.QtCore import QObject, Qt
from qgis.PyQt.QtWidgets import (
    QAction,
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QGroupBox,
    QHBoxLayout,
    QMenu,
    QProgressBar,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ....bridge.catalogue_files import write_beside
from ....bridge.catalogue_texts import find_catalogue
from ....bridge.project import INDEX, role_of
from ....core.recipe_editing import text_of
from ....translation import tr
from ...base_dialog import WindowReport
from ...destination_field import DestinationField
from ...errors import expected, in_words
from ...task_runner import Job, Outcome, Run
from .disk import document_on_disk, same

ALGORITHM = "teilhabe:computeindex"
SCRATCH = "TEMPORARY_OUTPUT"
REPLACE, WITH_VALUES = "teilhabe/workshop/replace", "teilhabe/workshop/with_values"


class Writing(QObject):
    """Writes the working result.

    Parameters
    ----------
    dock : WorkshopDock
    """

    def __init__(self, dock):
        super().__init__(dock)
        self.dock, self.session = dock, dock.session
        self.run: Run | None = None
        self.output = self.values = SCRATCH
        self.progress = self.row = self.cancel_button = None

    # widgets ---------------------------------------------------------------------------------------------------

    def add_to(self, column: QVBoxLayout, buttons: QHBoxLayout) -> None:
        """Put the progress into the panel and the choice of the destination beside the button."""
        self.row = QWidget()
        line = QHBoxLayout(self.row)
        line.setContentsMargins(0, 0, 0, 0)
        self.progress = QProgressBar()
        self.progress.setRange(0, 100)
        self.progress.setAccessibleName(tr("Progress"))
        self.cancel_button = QPushButton(tr("Cancel"))
        self.cancel_button.clicked.connect(lambda _checked=False: self.cancel())
        line.addWidget(self.progress, 1)
        line.addWidget(self.cancel_button)
        self.row.setVisible(False)
        column.addWidget(self.row)
        buttons.addWidget(self._where())

    def _where(self) -> QToolButton:
        button = QToolButton()
        button.setObjectName("teilhabeWorkshopWhere")
        button.setArrowType(Qt.ArrowType.DownArrow)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setToolTip(tr("Where the result is written to"))
        button.setAccessibleName(button.toolTip())
        menu = QMenu(button)
        self.scratch = _entry(menu, tr("As a temporary layer"), self._choose_scratch)
        self.elsewhere = _entry(menu, tr("As a file or database table …"), self.choose_place)
        menu.addSeparator()
        self.with_values = _check(menu, tr("Also all values of all steps (long table)"), WITH_VALUES, False)
        self.replace = _check(menu, tr("Take the earlier result out of the project"), REPLACE, True)
        for action in (self.scratch, self.elsewhere):
            action.setCheckable(True)
        menu.aboutToShow.connect(self._mark_place)
        button.setMenu(menu)
        return button

    def _mark_place(self) -> None:
        self.scratch.setChecked(self.output == SCRATCH)
        self.elsewhere.setChecked(self.output != SCRATCH)
        self.elsewhere.setToolTip("" if self.output == SCRATCH else str(self.output))

    def _choose_scratch(self) -> None:
        self.output = self.values = SCRATCH

    def choose_place(self) -> None:
        """Let the user choose where the result goes, and write it there."""
        dialog = PlaceDialog(self.output, self.values, self.with_values.isChecked(), self.dock)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self.output, self.values = dialog.places()
            self.with_values.setChecked(dialog.values_box.isChecked())
            self.write()
        dialog.deleteLater()

    # the run ---------------------------------------------------------------------------------------------------

    def is_running(self) -> bool:
        """Say whether the algorithm is at work."""
        return self.run is not None

    def write(self) -> None:
        """Start the algorithm with the working recipe."""
        session = self.session
        layer = session.layer()
        if self.is_running() or layer is None or session.fault is not None:
            return
        try:
            job = Job(ALGORITHM, self.parameters(layer))
        except expected() as error:
            self.dock.tell(in_words(error), Qgis.MessageLevel.Critical)
            return
        self.dock.bar.clearWidgets()
        self.run = Run([job], self.replace.isChecked())
        self.run.progress.connect(self._progress)
        self.run.done.connect(self._done)
        self._show_running(True)
        self.run.start()

    def parameters(self, layer) -> dict:
        """Return the parameters of the algorithm for the working recipe."""
        found = {"INPUT": layer.id(), "RECIPE": str(self.recipe_file()),
                 "OUTPUT": _destination(self.output, self.session.document.get("title", ""))}
        if self.session.year is not None:
            found["YEAR"] = self.session.year
        if self.with_values.isChecked():
            found["VALUES"] = _destination(self.values)
        return found

    def recipe_file(self) -> Path:
        """Return the working recipe as a file that algorithms can read, with its catalogue within reach.

        It is the user's own file where that holds the same, else a copy that lasts until QGIS is closed.
        """
        session = self.session
        file = session.path_of_file
        if file is not None and same(document_on_disk(file), session.document):
            return file
        text = text_of(session.document)
        recipe = session.recipe
        catalogue = find_catalogue(recipe, session.origin.folder or Path()) if recipe is not None else None
        said = catalogue.read_text(encoding="utf-8-sig") if catalogue is not None else ""
        name = hashlib.sha256(f"{text}\n{said}".encode()).hexdigest()[:16]
        folder = Path(QgsProcessingUtils.tempFolder()) / "teilhabe_workshop" / name
        target = folder / "working_recipe.json"
        if not target.exists():
            folder.mkdir(parents=True, exist_ok=True)
            if catalogue is not None:
                write_beside(str(folder / catalogue.name), lambda part: part.write_text(said, encoding="utf-8"))
            write_beside(str(target), lambda part: part.write_text(text, encoding="utf-8"))
        return target

    def cancel(self) -> None:
        """Ask the run to stop; earlier results stay."""
        if self.run is not None:
            self.cancel_button.setEnabled(False)
            self.run.cancel()

    def stop(self) -> None:
        """Let go of the run: the panel closes, the run goes on and reports in QGIS's own message bar."""
        if self.run is not None:
            run, self.run = self.run, None
            run.progress.disconnect(self._progress)
            run.done.disconnect(self._done)
            run.done.connect(WindowReport(self.dock.iface, tr("Index workshop")))

    def _progress(self, percent: float) -> None:
        self.progress.setValue(int(percent))

    def _show_running(self, running: bool) -> None:
        self.progress.setValue(0)
        self.row.setVisible(running)
        self.cancel_button.setEnabled(running)
        self.dock.apply.setEnabled(not running and self.session.is_open and self.session.fault is None)

    def _done(self, outcome: Outcome) -> None:
        self.run = None
        self._show_running(False)
        if outcome.cancelled:
            self.dock.tell(tr("Cancelled. Earlier results are unchanged."), Qgis.MessageLevel.Info)
        elif not outcome.ok:
            self.dock.tell(outcome.error, Qgis.MessageLevel.Critical)
        else:
            self._hide_below_preview(outcome.layers)
            self.dock.tell(tr("Written: {n} areas with a class.", n=outcome.results[0].get("AREAS_CLASSED", 0)),
                           Qgis.MessageLevel.Success, self._next_button())

    def _hide_below_preview(self, layers) -> None:
        """Keep the live map in sight: the written layer looks the same and is shown when the workshop is closed."""
        root, preview = QgsProject.instance().layerTreeRoot(), self.dock.preview
        for node in filter(None, map(root.findLayer, layers)):
            if preview.layer() is not None and node.layer() is not None and role_of(node.layer()) == INDEX:
                node.setItemVisibilityChecked(False)
                preview.hidden.append(node.layerId())

    def _next_button(self) -> QPushButton | None:
        action = self.dock.iface.mainWindow().findChild(QAction, "teilhabe_print")
        if action is None:
            return None
        button = QPushButton(tr("Next: {step}", step=action.text()))
        button.clicked.connect(lambda _checked=False: action.trigger())
        return button


class PlaceDialog(QDialog):
    """Where the index and, if wanted, the table of all values are written to."""

    def __init__(self, output, values, with_values: bool, parent):
        super().__init__(parent)
        self.setObjectName("teilhabeWorkshopPlace")
        self.setWindowTitle(tr("Where the result is written to"))
        column = QVBoxLayout(self)
        box = QGroupBox(tr("Index"))
        self.output = DestinationField(ALGORITHM, "OUTPUT", self)
        self.output.set_value(output)
        QVBoxLayout(box).addWidget(self.output)
        self.values_box = QCheckBox(tr("Also all values of all steps (long table)"))
        self.values = DestinationField(ALGORITHM, "VALUES", self)
        self.values.set_value(values)
        self.values.setVisible(with_values)
        self.values_box.toggled.connect(self.values.setVisible)
        self.values_box.setChecked(with_values)
        buttons = QDialogButtonBox()
        write = buttons.addButton(tr("Apply"), QDialogButtonBox.ButtonRole.AcceptRole)
        write.setDefault(True)
        buttons.addButton(tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        for widget in (box, self.values_box, self.values, buttons):
            column.addWidget(widget)
        self.setMinimumWidth(460)

    def places(self) -> tuple[str, str]:
        """Return both destinations as sources."""
        return tuple(field.value().sink.staticValue() for field in (self.output, self.values))


def _destination(place: str, title: str = "") -> QgsProcessingOutputLayerDefinition:
    value = QgsProcessingOutputLayerDefinition(place, QgsProject.instance())
    if title:
        value.destinationName = title
    return value


def _entry(menu: QMenu, text: str, do) -> QAction:
    action = QAction(text, menu)
    action.triggered.connect(lambda _checked=False: do())
    menu.addAction(action)
    return action


def _check(menu: QMenu, text: str, key: str, otherwise: bool) -> QAction:
    """Add a choice that is kept until the next time."""
    action = QAction(text, menu)
    action.setCheckable(True)
    action.setChecked(QgsSettings().value(key, otherwise, type=bool))
    action.toggled.connect(lambda checked: QgsSettings().setValue(key, checked))
    menu.addAction(action)
    return action
