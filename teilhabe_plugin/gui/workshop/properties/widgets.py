"""Small inputs of the properties: numbers as short as they can be, choices with reasons, lists of years."""
from __future__ import annotations

from qgis.gui import QgsCheckableComboBox
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QHBoxLayout, QSizePolicy, QWidget

from ....translation import tr

_FAR = 1e12


class Number(QDoubleSpinBox):
    """A number without trailing zeros; the wheel changes it only where it has the focus."""

    def __init__(self, low: float = -_FAR, high: float = _FAR, decimals: int = 6, step: float = 0, suffix: str = "",
                 parent=None):
        super().__init__(parent)
        self.setDecimals(decimals)
        self.setRange(low, high)
        self.setSuffix(suffix)
        self.setKeyboardTracking(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setGroupSeparatorShown(False)
        if step:
            self.setSingleStep(step)
        else:
            self.setStepType(QDoubleSpinBox.StepType.AdaptiveDecimalStepType)

    def textFromValue(self, value):
        text = f"{value:.{self.decimals()}f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
        return text.replace(".", self.locale().decimalPoint())

    def minimumSizeHint(self):
        hint = super().minimumSizeHint()
        lowest, highest = max(self.minimum(), -1e6), min(self.maximum(), 1e6)
        ends = [self.textFromValue(value) + self.suffix() for value in (lowest, highest, self.value())]
        texts = [*ends, self.textFromValue(88 + 0.5 / 5) + self.suffix()] if self.decimals() else ends
        widest = max(self.fontMetrics().horizontalAdvance(text) for text in texts)
        has_buttons = self.buttonSymbols() != QDoubleSpinBox.ButtonSymbols.NoButtons
        hint.setWidth(widest + 14 + has_buttons * (self.fontMetrics().height() + 8))  # they grow with the letters
        return hint

    def sizeHint(self):
        hint = super().sizeHint()
        hint.setWidth(self.minimumSizeHint().width())
        return hint

    def show_value(self, value: float) -> None:
        """Show a number without telling."""
        if not self.hasFocus() or self.value() != value:
            self.blockSignals(True)
            self.setValue(value)
            self.blockSignals(False)

    def wheelEvent(self, event):
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class Choice(QComboBox):
    """A list of choices of which some may be impossible, with the reason as tooltip.

    Signals
    -------
    picked(object)
        The user chose this value.
    """

    picked = pyqtSignal(object)

    def __init__(self, parent=None):
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.values: list = []
        self.activated.connect(lambda place: self.picked.emit(self.values[place]))

    def fill(self, entries: list[tuple], tips: dict | None = None) -> None:
        """Offer values with their titles; `tips` are the tooltips."""
        if [value for value, _title in entries] != self.values or \
                [title for _value, title in entries] != [self.itemText(i) for i in range(self.count())]:
            self.blockSignals(True)
            self.clear()
            for _value, title in entries:
                self.addItem(title)
            self.values = [value for value, _title in entries]
            self.blockSignals(False)
        for place, value in enumerate(self.values):
            self.setItemData(place, (tips or {}).get(value) or None, Qt.ItemDataRole.ToolTipRole)

    def forbid(self, reasons: dict) -> None:
        """Grey out the values with a reason, and show it as their tooltip; `reasons` holds all that were looked at."""
        for place, value in enumerate(self.values):
            if value not in reasons:
                continue
            item, reason = self.model().item(place), reasons[value]
            item.setEnabled(not reason or place == self.currentIndex())
            if reason:
                item.setToolTip(reason)

    def is_possible(self, value) -> bool:
        """Say whether a value can be chosen."""
        return value in self.values and self.model().item(self.values.index(value)).isEnabled()

    def show_value(self, value) -> None:
        """Show a value without telling."""
        if value in self.values:
            self.blockSignals(True)
            self.setCurrentIndex(self.values.index(value))
            self.blockSignals(False)

    def value(self):
        """Return the value that is shown."""
        return self.values[self.currentIndex()] if self.currentIndex() >= 0 else None

    def wheelEvent(self, event):
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class OptionalNumber(QWidget):
    """A number that the data decide unless it is set by hand.

    Signals
    -------
    changed(object)
        A number, or None.
    """

    changed = pyqtSignal(object)

    def __init__(self, parent=None):
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self.by_hand = QCheckBox(tr("by hand"))
        self.number = Number()
        row.addWidget(self.by_hand)
        row.addWidget(self.number, 1)
        self.setFocusProxy(self.by_hand)
        self.by_hand.toggled.connect(self._toggled)
        self.number.valueChanged.connect(lambda value: self.changed.emit(value))

    def _toggled(self, checked: bool) -> None:
        self.number.setEnabled(checked)
        self.changed.emit(self.number.value() if checked else None)

    def show_value(self, value) -> None:
        """Show a number, or None."""
        self.by_hand.blockSignals(True)
        self.by_hand.setChecked(value is not None)
        self.by_hand.blockSignals(False)
        self.number.setEnabled(value is not None)
        if value is not None:
            self.number.show_value(value)

    def setAccessibleName(self, name):
        super().setAccessibleName(name)
        self.by_hand.setAccessibleName(tr("{name}: set by hand", name=name))
        self.number.setAccessibleName(name)


class Years(QgsCheckableComboBox):
    """Years to choose from.

    Signals
    -------
    changed(object)
        The chosen years, None for none.
    """

    changed = pyqtSignal(object)

    def __init__(self, years: list[int], parent=None):
        super().__init__(parent)
        self.setDefaultText(tr("the year shown"))
        self.addItems([str(year) for year in years])
        self.checkedItemsChanged.connect(self._checked)

    def _checked(self, texts) -> None:
        self.changed.emit([int(text) for text in texts] or None)

    def show_value(self, value) -> None:
        """Tick the years."""
        self.blockSignals(True)
        self.setCheckedItems([str(int(year)) for year in value or []])
        self.blockSignals(False)
