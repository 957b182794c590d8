"""The target group in the window for supply: table of people, fields, name of the group, and where they live."""
from __future__ import annotations

from pathlib import Path

from qgis.core import Qgis, QgsMapLayerProxyModel, QgsSettings
from qgis.PyQt.QtCore import QObject, pyqtSignal
from qgis.PyQt.QtWidgets import QFileDialog

from ..translation import render, tr
from .errors import expected
from .supply_checks import CheckList
from .supply_layers import LayerChoice, fields_of, guess_homes, guess_people, table_of

FOLDER = "teilhabe/supply/folder"
_YEARS = ("jahr", "year", "stichjahr", "berichtsjahr")


class PeopleBox(QObject):
    """Guesses the fields of the target group until the user ticks some.

    Signals
    -------
    changed()
    """

    changed = pyqtSignal()

    def __init__(self, form, parent=None):
        super().__init__(parent)
        self.form, self.ages, self.by_hand, self.named_by_hand = form, None, False, False
        form.people.setFilters(QgsMapLayerProxyModel.Filter.VectorLayer)
        wanted = QgsMapLayerProxyModel.Filter.PointLayer | QgsMapLayerProxyModel.Filter.PolygonLayer
        form.points.setFilters(Qgis.LayerFilters(wanted) if hasattr(Qgis, "LayerFilters") else wanted)  # QGIS 3.34
        form.points.setAllowEmptyLayer(True, tr("a grid inside the areas"))
        self.table, self.homes = LayerChoice(form.people), LayerChoice(form.points)
        self.fields = CheckList(form.fields, self._ticked)
        self.table.choose(guess_people())
        self.homes.choose(guess_homes())
        self.chosen: set[str] = set()
        form.people.activated.connect(lambda _row: self.chosen.add("people"))
        form.points.activated.connect(lambda _row: self.chosen.add("points"))
        form.people_file.clicked.connect(lambda _checked=False: self.choose_file())
        form.people.currentIndexChanged.connect(self.take_table)
        form.points.currentIndexChanged.connect(lambda _index: self.changed.emit())
        form.year.currentIndexChanged.connect(lambda _index: self.changed.emit())
        form.group.textEdited.connect(self._named)
        self.take_table()

    def group(self) -> str:
        """Return the name of the group."""
        return self.form.group.text().strip()

    def year_field(self) -> str:
        """Return the field with the year, "" where the table has none."""
        return next((name for name in fields_of(self.table.layer()) if name.strip().casefold() in _YEARS), "")

    def year(self) -> str:
        """Return the chosen year, "" where there is no choice."""
        return self.form.year.currentText() if self.form.year.count() else ""

    def problem(self) -> str:
        """Return what is missing, "" for nothing."""
        if self.table.layer() is None:
            return tr("Choose the table with the people per area, from the project or as a file.")
        if not self.fields.ticked():
            return tr("Tick the fields that hold the target group.")
        return "" if self.group() else tr("Give the target group a name.")

    def suit(self, kind: str, target: str) -> None:
        """Choose the fields for a type of offer with its stated target group."""
        from ..core.supply.target_group import ages_for

        ages = ages_for(kind, target)
        if ages != self.ages:
            self.ages, self.by_hand, self.named_by_hand = ages, False, False
            self._guess()

    def choose_file(self) -> None:
        """Let the user choose a file."""
        folder = QgsSettings().value(FOLDER, "", type=str) or QgsSettings().value("teilhabe/join/folder", "", type=str)
        path, _filter = QFileDialog.getOpenFileName(
            self.form, tr("Choose the table of people"), folder,
            tr("Tables (*.csv *.tsv *.txt *.xlsx *.xlsm *.ods *.gpkg *.dbf *.parquet);;All files (*)"))
        if path:
            self.set_file(path)

    def set_file(self, path: str) -> bool:
        """Take a file; say whether it can be opened."""
        layer = table_of(path)
        if layer is not None:
            QgsSettings().setValue(FOLDER, str(Path(path).parent))
            self.chosen.add("people")
            self.table.choose(layer)
        return layer is not None

    def look_again(self) -> None:
        """Guess table and homes anew where the user has chosen none and nothing fits."""
        from ..core.supply.target_group import ages_of_fields

        if "people" not in self.chosen and len(ages_of_fields(fields_of(self.table.layer()))) < 2:
            self.table.choose(guess_people())
        if "points" not in self.chosen and self.homes.layer() is None:
            self.homes.choose(guess_homes())

    def take_table(self, _index: int = 0) -> None:
        """Show the fields and years of another table."""
        self.by_hand = self.named_by_hand = False
        self._fill_years()
        self._guess()

    def _guess(self) -> None:
        from ..core.supply.target_group import fields_for

        if not self.by_hand:
            layer = self.table.layer()
            names = [name for name in fields_of(layer) if name != self.year_field() and name.casefold() != "fid"]
            self.fields.fill([(name, name) for name in names], fields_for(self.ages, names))
        self._name()
        self.changed.emit()

    def _name(self) -> None:
        from ..core.supply.target_group import group_name

        if not self.named_by_hand:
            ticked = self.fields.ticked()
            self.form.group.setText(render(group_name(ticked, fields_of(self.table.layer()))) if ticked else "")

    def _ticked(self) -> None:
        self.by_hand = True
        self._name()
        self.changed.emit()

    def _named(self, _text: str) -> None:
        self.named_by_hand = True
        self.changed.emit()

    def _fill_years(self) -> None:
        box, field = self.form.year, self.year_field()
        box.blockSignals(True)
        box.clear()
        if field:
            box.addItems(_years(self.table.layer(), field))
        box.blockSignals(False)
        for widget in (box, self.form.year_label):
            widget.setVisible(box.count() > 1)


def _years(layer, field: str) -> list[str]:
    """Return the years, the last one first."""
    try:
        from ..bridge.frames import read_frame

        values = read_frame(layer, [field])[field].dropna().astype(str).str.strip().str.replace(r"\.0$", "", regex=True)
    except expected():
        return []
    return sorted(set(values) - {""}, reverse=True)
