"""How the classes are made: method with its settings, number of classes, what a moved bound snaps to."""
from __future__ import annotations

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSpinBox,
    QWidget,
)

from ....core.class_editing import FEWEST, MOST
from ....core.classes import METHODS
from ....translation import tr
from .moving import FREE, GAPS, ROUND
from .words import methods, quantile_types


class ClassForm(QWidget):
    """The boxes above the table, and `snap_row` to be put below it.

    Signals
    -------
    method_chosen(name), count_chosen(number), setting_chosen(name, value)
        What the user wants; nothing is emitted while `show_spec` fills the boxes.
    """

    method_chosen = pyqtSignal(str)
    count_chosen = pyqtSignal(int)
    setting_chosen = pyqtSignal(str, object)

    def __init__(self, parent=None):
        super().__init__(parent)
        self.form = QFormLayout(self)
        self.form.setContentsMargins(0, 0, 0, 0)
        self.form.setVerticalSpacing(4)
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.method, self.count = QComboBox(), QSpinBox()
        for name in METHODS:
            self.method.addItem(methods()[name][0], name)
        self.count.setRange(FEWEST, MOST)
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.method, 1)
        label = QLabel(tr("C&lasses"))
        label.setBuddy(self.count)
        row.addWidget(label)
        row.addWidget(self.count)
        self._add(tr("&Method"), self.method, row)
        self.explanation = QLabel()
        self.explanation.setWordWrap(True)
        self.explanation.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.form.addRow(self.explanation)
        self.ddof, self.kind, self.share = QComboBox(), QComboBox(), QDoubleSpinBox()
        self.ddof.addItem(tr("of the population (n)"), 0)
        self.ddof.addItem(tr("of a sample (n − 1)"), 1)
        for kind, text in quantile_types().items():
            self.kind.addItem(text, kind)
        self.share.setRange(5, 95)
        self.share.setDecimals(0)
        self.share.setSuffix(" %")
        self.share.setToolTip(tr("The upper part is parted again as long as it holds at most this share of the areas"))
        self._add(tr("&Standard deviation"), self.ddof)
        self._add(tr("&Type of quantile"), self.kind)
        self._add(tr("&Upper part at most"), self.share)
        self.snap = QComboBox()
        for name, text, tip in (
                (ROUND, tr("round values"), tr("A moved bound stands on a round number")),
                (GAPS, tr("gaps between areas"), tr("A moved bound stands in the middle of a gap, far from any area")),
                (FREE, tr("nothing"), tr("A moved bound stands where the mouse is"))):
            self.snap.addItem(text, name)
            self.snap.setItemData(self.snap.count() - 1, tip, 3)
        label = QLabel(tr("Bounds s&nap to"))
        label.setBuddy(self.snap)
        self.snap.setAccessibleName(tr("Bounds s&nap to").replace("&", ""))
        self.snap_row = QWidget()
        row = QHBoxLayout(self.snap_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label)
        row.addWidget(self.snap, 1)
        for box in (self.method, self.ddof, self.kind, self.snap):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(10)
        self._connect()

    def _add(self, text: str, widget, layout=None) -> None:
        label = QLabel(text)
        label.setBuddy(widget)
        widget.setAccessibleName(text.replace("&", ""))
        self.form.addRow(label, layout if layout is not None else widget)

    def _connect(self) -> None:
        self.method.activated.connect(lambda _row: self.method_chosen.emit(self.method.currentData()))
        self.count.valueChanged.connect(lambda number: self.count_chosen.emit(int(number)))
        self.ddof.activated.connect(lambda _row: self.setting_chosen.emit("ddof", self.ddof.currentData()))
        self.kind.activated.connect(lambda _row: self.setting_chosen.emit("type", self.kind.currentData()))
        self.share.valueChanged.connect(lambda value: self.setting_chosen.emit("share", round(value / 100, 2)))

    def show_spec(self, spec: dict) -> None:
        """Show method, number and settings of a specification."""
        method, count = spec["method"], len(spec["classes"])
        for widget in (self.count, self.share):
            widget.blockSignals(True)
        self.method.setCurrentIndex(self.method.findData(method))
        self.count.setMaximum(max(MOST, count))
        self.count.setValue(count)
        self.explanation.setText(methods()[method][1])
        self.ddof.setCurrentIndex(self.ddof.findData(int(spec.get("ddof", 0))))
        self.kind.setCurrentIndex(self.kind.findData(int(spec.get("type", 7))))
        self.share.setValue(100 * spec.get("share", 0.4))
        for widget, name in ((self.ddof, "sd"), (self.kind, "quantile"), (self.share, "head_tail")):
            widget.setVisible(method == name)
            self.form.labelForField(widget).setVisible(method == name)
        for widget in (self.count, self.share):
            widget.blockSignals(False)
