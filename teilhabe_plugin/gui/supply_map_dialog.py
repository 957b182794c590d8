"""Dialog: offers and measures as a numbered map with list and PDF."""
from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from qgis.core import QgsApplication, QgsMapLayerProxyModel, QgsProject
from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QComboBox, QTableWidgetItem

from ..translation import render, tr
from .base_dialog import BaseDialog
from .destination_field import DestinationField
from .layer_guess import choose_layer
from .print_dialog import default_folder, file_name, project_folder

#: entry of the box of categories that asks for the fields of action
FIELD_OF_ACTION = 2
#: types of offer that the table of fields of action lists
MOST_TYPES = 200


@dataclass(frozen=True)
class SupplyMapSettings:
    """What one map needs."""

    offers: str
    projects: str
    areas: str
    category: int
    fields: str
    sized: bool
    overlap: int
    order: int
    page: int
    with_list: bool
    only_with_offers: bool
    title: str
    subtitle: str
    source: str
    city: str
    output: object
    pdf: str
    workbook: str
    html: str

    def parameters(self) -> dict:
        """Return the parameters of ``teilhabe:supplymap``."""
        parameters = {
            "INPUT": self.offers, "CATEGORY": self.category, "SIZED": self.sized, "OVERLAP": self.overlap,
            "ORDER": self.order, "PAGE": self.page, "WITH_LIST": self.with_list,
            "ONLY_WITH_OFFERS": self.only_with_offers, "LAYOUT_NAME": self.title, "OUTPUT": self.output,
        }
        more = {"PROJECTS": self.projects, "AREAS": self.areas, "FIELDS_OF_ACTION": self.fields, "TITLE": self.title,
                "SUBTITLE": self.subtitle, "SOURCE": self.source, "CITY": self.city, "OUTPUT_PDF": self.pdf,
                "LIST_XLSX": self.workbook, "LIST_HTML": self.html}
        return parameters | {name: value for name, value in more.items() if value}


class SupplyMapDialog(BaseDialog):
    """Everything is filled in from the project; a click on “Run” makes map, list and layout."""

    NAME = "supply_map"
    ALGORITHM = "teilhabe:supplymap"
    ROLES = ("offers",)
    SIZE = (980, 575)

    def __init__(self, iface):
        super().__init__(iface)
        form = self.form
        form.layer.setFilters(QgsMapLayerProxyModel.Filter.VectorLayer)
        form.projects.setFilters(QgsMapLayerProxyModel.Filter.VectorLayer)
        form.areas.setFilters(QgsMapLayerProxyModel.Filter.PolygonLayer)
        for box in (form.projects, form.areas):
            box.setAllowEmptyLayer(True)
            box.setCurrentIndex(0)
        self.algorithm = QgsApplication.processingRegistry().createAlgorithmById(self.ALGORITHM)
        for box, name in ((form.category, "CATEGORY"), (form.overlap, "OVERLAP"), (form.order, "ORDER"),
                          (form.page, "PAGE")):
            box.addItems(self.algorithm.parameterDefinition(name).options())
        form.pdf.setStorageMode(QgsFileWidget.StorageMode.SaveFile)
        form.pdf.setFilter(tr("PDF files (*.pdf)"))
        self.output = DestinationField(self.ALGORITHM, "OUTPUT", form)
        form.output_row.addWidget(self.output)
        form.types.horizontalHeader().setStretchLastSection(True)
        self.changed_fields: dict[str, str] = {}
        choose_layer(form.layer, iface, self.ROLES)
        self.choose_areas()
        form.layer.layerChanged.connect(self.layer_changed)
        form.category.currentIndexChanged.connect(self.category_changed)
        form.pdf.fileChanged.connect(self.refresh)
        form.title.textChanged.connect(self.refresh)
        form.pdf.setFilePath(str(Path(default_folder(), "angebote.pdf")))
        self.ready()
        self.layer_changed()

    def title(self):
        return tr("Supply map")

    def remembered(self):
        form = self.form
        widgets = {"category": form.category, "overlap": form.overlap, "order": form.order, "page": form.page,
                   "sized": form.sized, "with_list": form.with_list, "only_with_offers": form.only_with_offers,
                   "workbook": form.workbook, "html": form.html, "open_layout": form.open_layout}
        return widgets if project_folder() else {**widgets, "pdf": form.pdf}

    def settings(self) -> SupplyMapSettings:
        """Return what the widgets say."""
        form = self.form
        layers = [box.currentLayer() for box in (form.layer, form.projects, form.areas)]
        offers, projects, areas = (layer.id() if layer is not None else "" for layer in layers)
        title = form.title.text().strip()
        pdf = form.pdf.filePath().strip()
        beside = str(Path(pdf).with_suffix("")) if pdf else str(Path(default_folder(), file_name(title)))
        return SupplyMapSettings(
            offers=offers, projects=projects, areas=areas, category=form.category.currentIndex(),
            fields="; ".join(f"{kind} = {field}" for kind, field in self.changed_fields.items()),
            sized=form.sized.isChecked(), overlap=form.overlap.currentIndex(), order=form.order.currentIndex(),
            page=form.page.currentIndex(), with_list=form.with_list.isChecked(),
            only_with_offers=form.only_with_offers.isChecked(), title=title, subtitle=form.subtitle.text().strip(),
            source=form.source.text().strip(), city=form.city.text().strip(),
            output=self.output.value(tr("Supply map")), pdf=pdf,
            workbook=f"{beside}_liste.xlsx" if form.workbook.isChecked() else "",
            html=f"{beside}_liste.html" if form.html.isChecked() else "")

    def problem(self):
        form = self.form
        if form.layer.currentLayer() is None:
            return tr("There are no offers in the project. Locate a list of offers first, or add a layer of points.")
        folder = str(Path(form.pdf.filePath().strip() or default_folder()).parent)
        if form.pdf.filePath().strip() and not Path(folder).is_dir():
            return tr("The folder {folder} does not exist.", folder=folder)
        return ""

    def success(self, outcome):
        made = outcome.results[0]
        text = tr("{offers} offers and {measures} measures are on the map.", offers=made["OFFERS"],
                  measures=made["MEASURES"])
        if made["NOT_PLACED"]:
            text += " " + tr("{count} rows without a place stand in the list.", count=made["NOT_PLACED"])
        if "LAYOUT" in made:
            text += " " + tr("The layout “{layout}” can be edited.", layout=made["LAYOUT"])
        return text

    def after_run(self, outcome):
        layout = QgsProject.instance().layoutManager().layoutByName(outcome.results[0].get("LAYOUT", ""))
        if layout is not None and self.form.open_layout.isChecked():
            self.iface.openLayoutDesigner(layout)

    # what is offered -------------------------------------------------------------------------------------------

    def choose_areas(self) -> None:
        """Offer the newest index, else the areas of the project."""
        from ..bridge.project import AREAS, INDEX, layers_with_role

        project = QgsProject.instance()
        found = [layer for role in (INDEX, AREAS) for layer in layers_with_role(project, role)]
        if found:
            self.form.areas.setLayer(found[0])

    def layer_changed(self, _layer=None) -> None:
        """Show what the layer holds and fill in texts."""
        layer = self.form.layer.currentLayer()
        self.changed_fields.clear()
        self.form.found.setText(self.found_text(layer))
        self.form.source.setPlaceholderText(layer.name() if layer is not None else "")
        if not self.form.title.text():
            self.form.title.setText(tr("Offers on the map"))
        self.form.city.setPlaceholderText(str(QgsProject.instance().customVariables().get("teilhabe_city", "")))
        self.fill_types()
        self.refresh()

    def found_text(self, layer) -> str:
        """Return in words how many rows the layer has and which columns were recognised."""
        if layer is None:
            return ""
        from ..core.supply.offers import guess_offer_columns

        columns = guess_offer_columns([field.name() for field in layer.fields()])
        known = [name for name in (columns.name, columns.kind, columns.target, columns.field, columns.capacity) if name]
        return tr("{rows} rows; recognised: {columns}", rows=layer.featureCount(), columns=", ".join(known) or "–")

    def category_changed(self, _index=None) -> None:
        """The table is for the fields of action only."""
        self.form.types_group.setVisible(self.form.category.currentIndex() == FIELD_OF_ACTION)
        self.refresh()

    def fill_types(self) -> None:
        """List the types of offer with the field of action guessed for each."""
        from ..core.messages import Message
        from ..core.supply.offer_categories import ACTION_FIELDS, NO_FIELD, field_of
        from ..core.supply.offers import guess_offer_columns

        table, layer = self.form.types, self.form.layer.currentLayer()
        table.setRowCount(0)
        column = guess_offer_columns([field.name() for field in layer.fields()]).kind if layer is not None else ""
        kinds = sorted(layer.uniqueValues(layer.fields().lookupField(column), MOST_TYPES), key=str) if column else []
        titles = [render(Message(field.title)) for field in ACTION_FIELDS]
        for kind in filter(None, (str(kind).strip() for kind in kinds if kind)):
            row = table.rowCount()
            table.insertRow(row)
            item = QTableWidgetItem(kind)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled)
            table.setItem(row, 0, item)
            box = QComboBox()
            box.setEditable(True)
            box.addItems([*titles, render(Message(NO_FIELD))])
            box.setCurrentText(render(field_of(kind)))
            box.currentTextChanged.connect(lambda text, kind=kind: self.set_field(kind, text))
            table.setCellWidget(row, 1, box)
        table.resizeColumnToContents(0)
        self.category_changed()

    def set_field(self, kind: str, field: str) -> None:
        """Keep the field of action that the user chose for a type."""
        if field.strip():
            self.changed_fields[kind] = field.strip()
        else:
            self.changed_fields.pop(kind, None)
