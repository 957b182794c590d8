"""What the runs vary and how far, as the user sets it."""
from __future__ import annotations

from qgis.core import QgsFieldProxyModel
from qgis.gui import QgsCollapsibleGroupBox, QgsFieldComboBox
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QGridLayout,
    QLabel,
    QMenu,
    QSizePolicy,
    QSpinBox,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QToolButton,
    QVBoxLayout,
)

from ....core.robustness_choices import AGGREGATIONS, NORMALISATIONS
from ....core.robustness_notes import METHOD_TITLES, SOURCE_TITLES
from ....core.sampling_error import errors_in
from ....translation import tr, translate
from ...destination_field import DestinationField

ALGORITHM = "teilhabe:indexrobustness"
#: in the order of the algorithm's list
SOURCES = ("normalisation", "weights", "aggregation", "left_out", "sampling")
SCRATCH = "TEMPORARY_OUTPUT"


class Methods(QToolButton):
    """A button whose menu holds methods to tick; it says which are ticked."""

    def __init__(self, methods, ticked, name: str):
        super().__init__()
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.setAccessibleName(name)
        menu = QMenu(self)
        self.actions_of = []
        for number, method in enumerate(methods):
            action = menu.addAction(translate(METHOD_TITLES[method]))
            action.setCheckable(True)
            action.setChecked(number in ticked)
            action.toggled.connect(self._say)
            self.actions_of.append(action)
        self.setMenu(menu)
        self._say()

    def chosen(self) -> list[int]:
        """Return the positions of what is ticked."""
        return [number for number, action in enumerate(self.actions_of) if action.isChecked()]

    def choose(self, numbers) -> None:
        """Tick these."""
        for number, action in enumerate(self.actions_of):
            action.setChecked(number in numbers)

    def _say(self, _on: bool = True) -> None:
        words = ", ".join(action.text() for action in self.actions_of if action.isChecked())
        self.words = words or tr("only as in the recipe")
        self._fit()
        self.setToolTip(tr("Beside the recipe’s own way: {methods}", methods=words or "–"))


    def _fit(self) -> None:
        room = max(self.width() - 26, 30)
        self.setText(self.fontMetrics().elidedText(self.words, Qt.TextElideMode.ElideRight, room))

    def resizeEvent(self, event):
        super().resizeEvent(event)
        self._fit()


class PeopleField(QgsFieldComboBox):
    """The column with the people; where none is chosen it says what happens without one."""

    def paintEvent(self, _event):
        option, painter = QStyleOptionComboBox(), QStylePainter(self)
        self.initStyleOption(option)
        option.currentText = option.currentText or tr("no column")
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)


class RobustnessSettings(QgsCollapsibleGroupBox):
    """The settings as widgets; `parameters` gives those of the algorithm."""

    def __init__(self, parent=None):
        super().__init__(tr("What is varied"), parent)
        self.setObjectName("teilhabeWorkshopVaried")
        self.boxes = {name: QCheckBox(translate(SOURCE_TITLES[name])) for name in SOURCES}
        self.spread = QDoubleSpinBox()
        self.spread.setRange(0, 99)
        self.spread.setDecimals(0)
        self.spread.setPrefix("± ")
        self.spread.setSuffix(" %")
        self.spread.setAccessibleName(tr("Change of the weights (± %)"))
        self.normalisations = Methods(NORMALISATIONS, (0, 1, 2), tr("Other ways to normalise"))
        self.aggregations = Methods(AGGREGATIONS, (0, 1), tr("Other ways to aggregate"))
        self.people = PeopleField()
        self.people.setAllowEmptyFieldName(True)
        self.people.setFilters(QgsFieldProxyModel.Filter.Numeric)
        self.people.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.people.setToolTip(tr("Number of people that shares and rates refer to (for the chance in the counts)"))
        self.people.setAccessibleName(self.people.toolTip())
        self.people.fieldChanged.connect(lambda _name: self._say_chance())
        self.chance, self.errors = QLabel(), None
        self.chance.setWordWrap(True)
        self.runs, self.seed = QSpinBox(), QSpinBox()
        self.runs.setRange(20, 100_000)
        self.runs.setSingleStep(500)
        self.runs.setGroupSeparatorShown(True)
        self.seed.setRange(0, 2_000_000_000)
        self.law = QComboBox()
        self.law.addItems([tr("Evenly within the range"), tr("Dirichlet distribution around the recipe’s weights")])
        self.law.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.sensitivity = QCheckBox(tr("Find the main influences"))
        self.sensitivity.setToolTip(tr("Works out which choice moves the ranks most; takes several times as many runs"))
        self.destination = DestinationField(ALGORITHM, "OUTPUT", self)
        self._lay_out()
        self.restore({})

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setSpacing(5)
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        beside = {"weights": self.spread, "normalisation": self.normalisations, "aggregation": self.aggregations,
                  "sampling": self.people}
        for row, name in enumerate(("weights", "normalisation", "aggregation", "left_out", "sampling")):
            box = self.boxes[name]
            widget = beside.get(name)
            grid.addWidget(box, row, 0, 1, 1 if widget is not None else 2)
            if widget is not None:
                grid.addWidget(widget, row, 1)
                box.toggled.connect(widget.setEnabled)
        grid.addWidget(self.chance, grid.rowCount(), 0, 1, 2)
        self.boxes["sampling"].toggled.connect(lambda _on: self._say_chance())
        self.boxes["left_out"].setToolTip(tr("In each run none or one of the indicators is left out"))
        self.boxes["sampling"].setToolTip(tr("Counts are drawn anew by chance: this moves small areas above all"))
        column.addLayout(grid)
        form = QFormLayout()
        form.addRow(tr("Number of &runs"), self.runs)
        column.addLayout(form)
        column.addWidget(self.sensitivity)
        self.advanced = QgsCollapsibleGroupBox(tr("Advanced"))
        self.advanced.setCollapsed(True)
        inner = QFormLayout(self.advanced)
        inner.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        inner.addRow(tr("&Seed"), self.seed)
        inner.addRow(tr("&How weights are drawn"), self.law)
        inner.addRow(tr("&Layer goes to"), self.destination)
        column.addWidget(self.advanced)

    def set_areas(self, layer, recipe, frame, year) -> None:
        """Offer the fields of this layer as number of people; the one chosen before stays where there is one."""
        before = self.people.currentField()
        self.people.setLayer(layer)
        self.people.setField(before)
        self.errors = lambda: (len(errors_in(recipe, frame, year, self.people.currentField())),
                               len(recipe.indicators_in_use()))
        self._say_chance()

    def _say_chance(self) -> None:
        """Say for how many indicators the chance in the counts can be drawn."""
        if self.errors is None or not self.boxes["sampling"].isChecked():
            self.chance.setText("")  # shown or hidden with the others: the box may be folded
            return
        known, all_of_them = self.errors()
        self.chance.setText(
            tr("Counts are known for {known} of {all} indicators; the others stay without chance.", known=known,
               all=all_of_them) if 0 < known < all_of_them else
            tr("Counts are known for all indicators.") if known else
            tr("The table holds no counts: chance has no effect until the column with the people is chosen."))

    def fault(self) -> str:
        """Return what is lacking to start, "" when nothing is."""
        return "" if any(box.isChecked() for box in self.boxes.values()) else tr("Choose what is varied.")

    def parameters(self) -> dict:
        """Return the parameters of the algorithm that are set here."""
        return {
            "SOURCES": [number for number, name in enumerate(SOURCES) if self.boxes[name].isChecked()],
            "RUNS": self.runs.value(), "SEED": self.seed.value(), "WEIGHT_SPREAD": self.spread.value(),
            "WEIGHT_LAW": self.law.currentIndex(), "NORMALISATIONS": self.normalisations.chosen(),
            "AGGREGATIONS": self.aggregations.chosen(), "DENOMINATOR": self.people.currentField() or None,
            "SENSITIVITY": self.sensitivity.isChecked(),
        }

    def state(self) -> dict:
        """Return the settings as JSON values."""
        return {"sources": [name for name in SOURCES if self.boxes[name].isChecked()], "runs": self.runs.value(),
                "seed": self.seed.value(), "spread": self.spread.value(), "law": self.law.currentIndex(),
                "normalisations": self.normalisations.chosen(), "aggregations": self.aggregations.chosen(),
                "people": self.people.currentField(), "sensitivity": self.sensitivity.isChecked(),
                "advanced": not self.advanced.isCollapsed()}

    def restore(self, state: dict) -> None:
        """Put back what `state` returned; what is missing or of another kind gets its default."""
        default = {"sources": list(SOURCES), "runs": 1000, "seed": 1, "spread": 25.0, "law": 0,
                   "normalisations": [0, 1, 2], "aggregations": [0, 1], "people": "", "sensitivity": True,
                   "advanced": False}
        known = {name: state[name] if type(state.get(name)) is type(value) else value
                 for name, value in default.items()}
        for name, box in self.boxes.items():
            box.setChecked(name in known["sources"])
        self.runs.setValue(known["runs"])
        self.seed.setValue(known["seed"])
        self.spread.setValue(known["spread"])
        self.law.setCurrentIndex(known["law"])
        self.normalisations.choose(known["normalisations"])
        self.aggregations.choose(known["aggregations"])
        self.people.setField(known["people"])
        self.sensitivity.setChecked(known["sensitivity"])
        self.advanced.setCollapsed(not known["advanced"])

