"""Dialog: committee maps as layouts, PDF and PNG."""
from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from qgis.core import QgsApplication, QgsMapLayer, QgsMapLayerProxyModel, QgsProject
from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import QStandardPaths, Qt
from qgis.PyQt.QtWidgets import QListWidgetItem

from ..translation import tr
from .base_dialog import BaseDialog
from .layer_guess import choose_layer
from .task_runner import Job

TEXTS = ("title", "subtitle", "source", "reference_date", "method", "city")


@dataclass(frozen=True)
class PrintSettings:
    """What one map needs."""

    layer: str
    class_set: str
    page: int
    labels: int
    title: str
    subtitle: str
    source: str
    reference_date: str
    method: str
    city: str
    logo: str
    background: tuple[str, ...]
    dpi: int
    pdf: str
    png: str

    def parameters(self) -> dict:
        """Return the parameters of ``teilhabe:printmap``."""
        parameters = {
            "INPUT": self.layer, "CLASS_SET": self.class_set, "PAGE": self.page, "LABELS": self.labels,
            "BACKGROUND": list(self.background), "LAYOUT_NAME": self.title, "DPI": self.dpi,
        }
        parameters |= {name.upper(): getattr(self, name) for name in TEXTS if getattr(self, name)}
        files = {"LOGO": self.logo, "OUTPUT_PDF": self.pdf, "OUTPUT_PNG": self.png}
        return parameters | {name: path for name, path in files.items() if path}


class PrintDialog(BaseDialog):
    """One map for each chosen index, with texts filled in from the result's recipe and the project."""

    NAME = "print"
    ALGORITHM = "teilhabe:printmap"
    ROLES = ("index",)
    SIZE = (960, 570)

    def __init__(self, iface):
        super().__init__(iface)
        form = self.form
        form.layer.setFilters(QgsMapLayerProxyModel.Filter.PolygonLayer)
        form.folder.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        form.logo.setFilter(tr("Pictures (*.svg *.png *.jpg)"))
        self.algorithm = QgsApplication.processingRegistry().createAlgorithmById(self.ALGORITHM)
        form.page.addItems(self.algorithm.parameterDefinition("PAGE").options())
        form.labels.addItems(self.algorithm.parameterDefinition("LABELS").options())
        choose_layer(form.layer, iface, self.ROLES)
        form.layer.layerChanged.connect(self.layer_changed)
        form.class_sets.itemChanged.connect(self.class_sets_changed)
        form.png.toggled.connect(form.dpi.setEnabled)
        for box in (form.pdf, form.png):
            box.toggled.connect(self.refresh)
        form.title.textChanged.connect(self.refresh)
        form.folder.fileChanged.connect(self.refresh)
        form.folder.setFilePath(default_folder())
        self.ready()
        self.layer_changed()

    def title(self):
        return tr("Print map")

    def remembered(self):
        form = self.form
        widgets = {"page": form.page, "labels": form.labels, "logo": form.logo, "pdf": form.pdf, "png": form.png,
                   "dpi": form.dpi, "open_layout": form.open_layout}
        return widgets if project_folder() else {**widgets, "folder": form.folder}

    def settings(self) -> PrintSettings:
        """Return what the map of the first chosen index needs."""
        form = self.form
        layer = form.layer.currentLayer()
        chosen = self.chosen_class_sets() or [("", "")]
        texts = {name: getattr(form, name).text().strip() for name in TEXTS}
        if len(chosen) > 1 or not texts["title"]:
            texts["title"] = chosen[0][1]
        pdf, png = (self.file(texts["title"], ending) if box.isChecked() else ""
                    for ending, box in (("pdf", form.pdf), ("png", form.png)))
        return PrintSettings(
            layer=layer.id() if layer is not None else "", class_set=chosen[0][0], page=form.page.currentIndex(),
            labels=form.labels.currentIndex(), logo=form.logo.filePath().strip(), background=self.background(),
            dpi=form.dpi.value(), pdf=pdf, png=png, **texts,
        )

    def each_map(self) -> list[PrintSettings]:
        """Return the settings of every map, one per chosen index."""
        first, chosen = self.settings(), self.chosen_class_sets()
        if len(chosen) < 2:
            return [first]
        return [
            replace(first, class_set=identifier, title=title, pdf=self.file(title, "pdf") if first.pdf else "",
                    png=self.file(title, "png") if first.png else "")
            for identifier, title in chosen
        ]

    def jobs(self):
        return [Job(self.ALGORITHM, each.parameters()) for each in self.each_map()]

    def problem(self):
        form = self.form
        if form.layer.currentLayer() is None:
            return tr("There is no polygon layer in the project. Compute an index first.")
        if not form.class_sets.count():
            return tr("The layer holds no classes. Compute an index and choose its result.")
        if not self.chosen_class_sets():
            return tr("Choose at least one index.")
        folder = form.folder.filePath().strip()
        if (form.pdf.isChecked() or form.png.isChecked()) and not Path(folder or "?").is_dir():
            return tr("The folder {folder} does not exist.", folder=folder) if folder else tr("Choose a folder.")
        return ""

    def refresh(self):
        super().refresh()
        self.form.files.setText(self.files_text())

    def success(self, outcome):
        if len(outcome.results) == 1:
            return tr("The map “{layout}” is made; its layout can be edited.", layout=outcome.results[0]["LAYOUT"])
        return tr("{count} maps are made; their layouts can be edited.", count=len(outcome.results))

    def after_run(self, outcome):
        self.refresh()
        if self.form.open_layout.isChecked():
            layout = QgsProject.instance().layoutManager().layoutByName(outcome.results[0]["LAYOUT"])
            if layout is not None:
                self.iface.openLayoutDesigner(layout)

    # what is chosen --------------------------------------------------------------------------------------------

    def chosen_class_sets(self) -> list[tuple[str, str]]:
        """Return id and title of the indices that are ticked."""
        items = map(self.form.class_sets.item, range(self.form.class_sets.count()))
        return [(item.data(Qt.ItemDataRole.UserRole), item.text()) for item in items
                if item.checkState() == Qt.CheckState.Checked]

    def background(self) -> tuple[str, ...]:
        """Return the ids of the background layers that are ticked, from top to bottom."""
        items = map(self.form.background.item, range(self.form.background.count()))
        return tuple(item.data(Qt.ItemDataRole.UserRole) for item in items
                     if item.checkState() == Qt.CheckState.Checked)

    def file(self, title: str, ending: str) -> str:
        """Return the path for a map with this title."""
        return str(Path(self.form.folder.filePath().strip() or ".", f"{file_name(title)}.{ending}"))

    def files_text(self) -> str:
        """Return in words which files and layouts a run will write, and which of them it replaces."""
        if self.problem():
            return ""
        maps = self.each_map()
        files = [path for each in maps for path in (each.pdf, each.png) if path]
        manager = QgsProject.instance().layoutManager()
        text = ", ".join(Path(path).name for path in files[:2])
        if len(files) > 2:
            text = tr("{count} files: {names} …", count=len(files), names=text)
        if any(Path(path).exists() for path in files) or any(manager.layoutByName(each.title) for each in maps):
            text = "\n".join(filter(None, [text, tr("Files and layouts of the same name are replaced.")]))
        return text

    # what is offered -------------------------------------------------------------------------------------------

    def layer_changed(self, _layer=None) -> None:
        """Offer the indices of another layer and what is known for the texts."""
        from ..bridge.class_sets import stored_class_sets
        from ..bridge.class_style import SHOWN

        layer = self.form.layer.currentLayer()
        found = stored_class_sets(layer) if layer is not None else []
        shown = str(layer.customProperty(SHOWN, "") or "") if layer is not None else ""
        shown = shown if any(each.id == shown for each in found) else (found[0].id if found else "")
        self.form.class_sets.blockSignals(True)
        self.form.class_sets.clear()
        for each in found:
            self.form.class_sets.addItem(_tick(each.title, each.id, each.id == shown))
        self.form.class_sets.blockSignals(False)
        self.fill_background()
        self.fill_texts()
        self.class_sets_changed()

    def class_sets_changed(self, _item=None) -> None:
        """A title of one's own is for one map; several are called by their indices."""
        chosen = self.chosen_class_sets()
        several = len(chosen) > 1
        self.form.title.setEnabled(not several)
        titles = ", ".join(title for _identifier, title in chosen)
        self.form.title.setPlaceholderText(titles)
        if several or self.form.title.text() in self.offered_titles():
            self.form.title.setText("" if several or not chosen else chosen[0][1])
        self.refresh()

    def offered_titles(self) -> set[str]:
        """Return the titles that were filled in by the dialog and not by the user."""
        titles = {self.form.class_sets.item(i).text() for i in range(self.form.class_sets.count())}
        return {"", *titles}

    def fill_texts(self) -> None:
        """Fill in what recipe, layer and project tell."""
        from ..bridge.class_sets import stored_class_sets
        from ..bridge.map_texts import MapTexts, complete_texts

        layer, chosen = self.form.layer.currentLayer(), self.chosen_class_sets()
        if layer is None or not chosen:
            return
        project = QgsProject.instance()
        class_set = next(each for each in stored_class_sets(layer) if each.id == chosen[0][0])
        texts = complete_texts(MapTexts(), layer, class_set, project)
        for name in TEXTS:
            field = getattr(self.form, name)
            field.setText(getattr(texts, name) or str(project.customVariables().get(f"teilhabe_{name}", "")))
            field.setCursorPosition(0)
        logo = str(project.customVariables().get("teilhabe_logo", ""))
        if logo:
            self.form.logo.setFilePath(logo)

    def fill_background(self) -> None:
        """Offer all other maps of the project, the backgrounds ticked."""
        from ..bridge.project import BACKGROUND, PREVIEW, role_of

        layer = self.form.layer.currentLayer()
        self.form.background.clear()
        for other in QgsProject.instance().layerTreeRoot().layerOrder():
            if isinstance(other, QgsMapLayer) and other.isSpatial() and other is not layer \
                    and role_of(other) != PREVIEW:
                self.form.background.addItem(_tick(other.name(), other.id(), role_of(other) == BACKGROUND))


def _tick(text: str, data: str, ticked: bool) -> QListWidgetItem:
    item = QListWidgetItem(text)
    item.setData(Qt.ItemDataRole.UserRole, data)
    item.setFlags(Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEnabled)
    item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
    return item


def file_name(title: str) -> str:
    """Return a title as a file name without signs that a file system may refuse."""
    plain = title.lower()
    for umlaut, letters in {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"}.items():
        plain = plain.replace(umlaut, letters)
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_") or "karte"


def project_folder() -> str:
    """Return the folder of the project, "" when it is not saved."""
    return QgsProject.instance().absolutePath()


def default_folder() -> str:
    """Return the project's folder, else the user's documents, else the user's folder: the first that is there."""
    kinds = (QStandardPaths.StandardLocation.DocumentsLocation, QStandardPaths.StandardLocation.HomeLocation)
    places = [project_folder(), *(place for kind in kinds for place in QStandardPaths.standardLocations(kind))]
    return next((place for place in places if place and Path(place).is_dir()), "")
