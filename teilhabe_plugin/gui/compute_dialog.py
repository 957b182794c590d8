"""Dialog: compute the indices of a recipe."""
from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path

from qgis.core import QgsMapLayerProxyModel, QgsSettings
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtWidgets import QFileDialog, QHeaderView, QTreeWidgetItem

from ..translation import tr
from . import recipe_fit
from .base_dialog import BaseDialog
from .destination_field import DestinationField
from .errors import expected, in_words
from .layer_guess import choose_layer

RECENT = "teilhabe/compute/recent_recipes"
MOST_RECENT = 5
#: entry of the recipe list that opens the file dialog
CHOOSE = ""


@dataclass(frozen=True)
class ComputeSettings:
    """What the dialog asks for."""

    layer: str
    recipe: str
    year: int | None
    keep_fields: bool
    output: object
    values: object | None

    def parameters(self) -> dict:
        """Return the parameters of ``teilhabe:computeindex``."""
        parameters = {
            "INPUT": self.layer, "RECIPE": self.recipe, "KEEP_FIELDS": self.keep_fields, "OUTPUT": self.output,
        }
        if self.year is not None:
            parameters["YEAR"] = self.year
        if self.values is not None:
            parameters["VALUES"] = self.values
        return parameters


class ComputeDialog(BaseDialog):
    """Layer and recipe in, index out; shows what the recipe needs and leaves out before anything is computed."""

    NAME = "compute"
    ALGORITHM = "teilhabe:computeindex"
    NEXT = "print"
    ROLES = ("indicators",)
    SIZE = (980, 560)

    def __init__(self, iface):
        super().__init__(iface)
        self.recipe = None
        self.fault = ""
        self.chosen_by_hand = False
        form = self.form
        form.layer.setFilters(QgsMapLayerProxyModel.Filter.PolygonLayer)
        self.output = DestinationField(self.ALGORITHM, "OUTPUT", self)
        self.values = DestinationField(self.ALGORITHM, "VALUES", self)
        form.output_place.addWidget(self.output)
        form.values_place.addWidget(self.values)
        form.values_box.setVisible(False)
        form.with_values.toggled.connect(form.values_box.setVisible)
        header = form.tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, 2):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self.fill_recipes()
        choose_layer(form.layer, iface, self.ROLES)
        self.counting = QTimer(self)
        self.counting.setSingleShot(True)
        self.counting.setInterval(200)
        self.counting.timeout.connect(self.count_exclusions)
        self.ready()
        self.guess_recipe()
        form.layer.layerChanged.connect(self.layer_changed)
        form.recipe.activated.connect(self.recipe_activated)
        form.year.activated.connect(self.year_changed)

    def title(self):
        return tr("Compute index")

    def remembered(self):
        return {"recipe": self.form.recipe, "with_values": self.form.with_values, "replace": self.form.replace,
                "keep_fields": self.form.keep_fields}

    def settings(self) -> ComputeSettings:
        layer = self.form.layer.currentLayer()
        return ComputeSettings(
            layer=layer.id() if layer is not None else "",
            recipe=self.form.recipe.currentData() or "",
            year=self.form.year.currentData() if self.fit() and self.fit().uses_year else None,
            keep_fields=self.form.keep_fields.isChecked(),
            output=self.output.value(self.recipe.title if self.recipe else ""),
            values=self.values.value() if self.form.with_values.isChecked() else None,
        )

    def problem(self):
        layer = self.form.layer.currentLayer()
        if layer is None:
            return tr("There is no polygon layer in the project. Add the areas and join the tables first.")
        if self.recipe is None:
            return self.fault or tr("Choose a recipe.")
        missing = self.fit().missing
        if not missing:
            return ""
        shown = ", ".join(missing[:4]) + (" …" if len(missing) > 4 else "")
        return tr("The layer lacks {count} of the recipe’s columns ({columns}). Join the tables first, or choose "
                  "another layer or recipe.", count=len(missing), columns=shown)

    def success(self, outcome):
        result = outcome.results[0]
        return tr("{classed} areas have a class, {excluded} are left out by the recipe, {missing} lack data.",
                  classed=result.get("AREAS_CLASSED", 0), excluded=result.get("AREAS_EXCLUDED", 0),
                  missing=result.get("AREAS_WITHOUT_VALUE", 0))

    # recipes ---------------------------------------------------------------------------------------------------

    def fill_recipes(self) -> None:
        """List the shipped recipes, those used last and the way to a file."""
        from ..processing.compute_index import shipped_recipes

        combo = self.form.recipe
        combo.clear()
        for name, title in shipped_recipes():
            combo.addItem(title, name)
        for path in self.recent():
            combo.addItem(Path(path).name, path)
            combo.setItemData(combo.count() - 1, path, Qt.ItemDataRole.ToolTipRole)
        combo.insertSeparator(combo.count())
        combo.addItem(tr("Choose file …"), CHOOSE)

    def recent(self) -> list[str]:
        """Return the recipe files used last that are still there."""
        return [path for path in QgsSettings().value(RECENT, [], type=list) if Path(path).is_file()]

    def use_file(self, path: str) -> None:
        """Put a recipe file into the list and choose it."""
        recent = [path, *(each for each in self.recent() if each != path)]
        QgsSettings().setValue(RECENT, recent[:MOST_RECENT])
        self.fill_recipes()
        self.form.recipe.setCurrentIndex(self.form.recipe.findData(path))
        self.chosen_by_hand = True
        self.load_recipe()

    def recipe_activated(self, _position: int) -> None:
        """React to the user's choice in the list."""
        if self.form.recipe.currentData() != CHOOSE:
            self.chosen_by_hand = True
            self.load_recipe()
            return
        path, _filter = QFileDialog.getOpenFileName(self, tr("Choose recipe"), "", tr("Recipes (*.json)"))
        if path:
            self.use_file(path)
        else:
            self.form.recipe.setCurrentIndex(0)
            self.load_recipe()

    def guess_recipe(self) -> None:
        """Choose the recipe that fits the layer, unless the user has chosen one."""
        from ..processing.compute_index import shipped_or_file

        layer = self.form.layer.currentLayer()
        if layer is not None and not self.chosen_by_hand:
            combo = self.form.recipe
            names = [combo.itemData(i) for i in range(combo.count()) if combo.itemData(i)]
            current = combo.currentData()
            names.sort(key=lambda name: name != current)  # among equals the one used last
            recipes = []
            for name in names:
                try:
                    recipes.append((name, shipped_or_file(name)))
                except expected():
                    continue  # a faulty file is reported when it is chosen
            if recipes:
                columns = [field.name() for field in layer.fields()]
                best = recipe_fit.best([recipe for _name, recipe in recipes], columns)
                combo.setCurrentIndex(combo.findData(recipes[best][0]))
        self.load_recipe()

    def load_recipe(self) -> None:
        """Read the chosen recipe and show what it says."""
        from ..processing.compute_index import shipped_or_file

        self.recipe, self.fault = None, ""
        try:
            if self.form.recipe.currentData():
                self.recipe = shipped_or_file(self.form.recipe.currentData())
        except expected() as error:
            self.fault = in_words(error)
        self.fill_years()
        self.show_recipe()

    def fit(self) -> recipe_fit.Fit | None:
        """Return how the recipe fits the layer in the chosen year."""
        layer = self.form.layer.currentLayer()
        if self.recipe is None or layer is None:
            return None
        return recipe_fit.fit(self.recipe, [field.name() for field in layer.fields()], self.form.year.currentData())

    # what is shown ---------------------------------------------------------------------------------------------

    def layer_changed(self, _layer=None) -> None:
        """React to another layer."""
        self.guess_recipe()

    def year_changed(self, _position: int = 0) -> None:
        """React to another year."""
        self.show_recipe()

    def fill_years(self) -> None:
        """Offer the years for which the layer has all columns."""
        combo = self.form.year
        combo.clear()
        fit = self.fit()
        visible = fit is not None and fit.uses_year
        self.form.input_form.labelForField(combo).setVisible(visible)
        combo.setVisible(visible)
        if visible:
            for year in fit.years or (fit.year,):
                combo.addItem(str(year), year)
            combo.setCurrentIndex(max(combo.findData(fit.year), 0))

    def show_recipe(self) -> None:
        """Show title, source, tree and rules of the recipe."""
        self.form.tree.clear()
        self.form.about.setText("")
        self.form.exclusions.setText("")
        if self.recipe is not None:
            self.form.about.setText(about(self.recipe))
            self._fill_tree()
            self.counting.start()
        self.refresh()

    def count_exclusions(self) -> None:
        """Write how many areas each rule leaves out."""
        recipe, layer = self.recipe, self.form.layer.currentLayer()
        if recipe is None or not recipe.exclusions:
            self.form.exclusions.setText("")
            return
        counts = {}
        columns = recipe_fit.exclusion_columns(recipe)
        if layer is not None and layer.featureCount() <= recipe_fit.MOST_ROWS \
                and all(layer.fields().lookupField(name) >= 0 for name in columns):
            try:
                from ..bridge.frames import read_frame

                counts = dict(recipe_fit.exclusion_counts(recipe, read_frame(layer, columns)))
            except expected() as error:
                self.form.exclusions.setText(escape(in_words(error)))
                return
        lines = [escape(reason) + (f" ({areas_text(counts[reason])})" if reason in counts else "")
                 for reason in dict.fromkeys(rule.reason for rule in recipe.exclusions)]
        self.form.exclusions.setText("<b>{}</b> {}".format(escape(tr("Left out:")), " · ".join(lines)))

    def _fill_tree(self) -> None:
        missing = set(self.fit().missing) if self.fit() else set()
        for index in self.recipe.indices:
            self._add_node(self.form.tree.invisibleRootItem(), index.root, missing, top=True)
        titles = {node.id: node.title for index in self.recipe.indices for node in index.root.nodes()}
        for cross in self.recipe.crosses:
            item = self._item(self.form.tree.invisibleRootItem(), cross.title, "", "", bold=True)
            self._item(item, f"{titles[cross.rows]} × {titles[cross.columns]}", "", "")
        self.form.tree.expandAll()

    def _add_node(self, parent, node, missing: set, top: bool = False) -> None:
        item = self._item(parent, node.title, "" if top else _number(node.weight), "", bold=True)
        for child in node.children:
            if hasattr(child, "children"):
                self._add_node(item, child, missing)
                continue
            indicator = self.recipe.indicators[child.indicator]
            column = self.recipe.column(child.indicator, self.form.year.currentData())
            state = tr("✗ {column} is missing", column=column) if column in missing else f"✓ {column}"
            leaf = self._item(item, indicator.title, _number(child.weight), state)
            leaf.setToolTip(0, f"{indicator.title} [{indicator.unit}]" if indicator.unit else indicator.title)

    def _item(self, parent, title: str, weight: str, column: str, bold: bool = False) -> QTreeWidgetItem:
        item = QTreeWidgetItem(parent, [title, weight, column])
        item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        item.setToolTip(0, title)
        if bold:
            font = item.font(0)
            font.setBold(True)
            item.setFont(0, font)
        return item


def about(recipe) -> str:
    """Return title, version, source, reference date, method and note of a recipe as rich text."""
    version = tr("version {version}", version=recipe.version) if recipe.version else ""
    lines = [f"<b>{escape(recipe.title)}</b> {escape(version)}"]
    for name, text in ((tr("Source:"), recipe.source), (tr("As of:"), recipe.reference_date)):
        if text:
            lines.append(f"{escape(name)} {escape(text)}")
    if recipe.note:
        lines.append(f"<i>{escape(recipe.note)}</i>")
    return "<br>".join(lines)


def areas_text(count: int) -> str:
    """Return a number of areas in words."""
    return tr("one area") if count == 1 else tr("{n} areas", n=count)


def _number(value: float) -> str:
    from ..bridge.legend_text import number_text

    return number_text(value)
