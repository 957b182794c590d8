"""Inputs for the settings of a method, made from what the method says about them."""
from __future__ import annotations

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QFormLayout, QLabel, QWidget

from ....core.recipe_values import METHODS, default_settings
from ....translation import tr
from .widgets import Choice, Number, OptionalNumber, Years
from .words import choice_title, option_title

#: settings of which exactly one is given
_ONE_OF = {"binary": ("threshold", "sd")}
#: setting and name → lowest, highest value and digits
_LIMITS = {
    ("treatment", "low"): (0, 100, 2), ("treatment", "high"): (0, 100, 2), ("treatment", "most"): (1, 1000, 0),
    ("treatment", "skew"): (0, 100, 2), ("treatment", "kurtosis"): (0, 100, 2), ("missing", "years"): (1, 50, 0),
    ("treatment", "power"): (-10, 10, 4), ("aggregate", "p"): (-20, 20, 2),
}
#: the lower of each pair stays below the higher
_PAIRS = (("low", "high"), ("lowest", "highest"), ("lower", "upper"))
_APART = 1e-6


class Options(QWidget):
    """The settings of one method as a form.

    Signals
    -------
    edited(dict, str)
        Method with all settings, and the name of the one that changed.
    """

    edited = pyqtSignal(dict, str)

    def __init__(self, setting: str, offers, parent=None):
        super().__init__(parent)
        self.setting, self.offers = setting, offers
        self.method, self.path, self.value = None, (), {}
        self.inputs: dict[str, QWidget] = {}
        self.form = QFormLayout(self)
        self.form.setContentsMargins(10, 0, 0, 0)
        self.form.setSpacing(3)
        self.form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)

    def show_value(self, path: tuple, value) -> None:
        """Show a method's settings; the form is made anew for another method only."""
        method = value["method"] if value else None
        same_years = self.property("years") == self.offers.session.years
        if method != self.method or (method and path[:1] != self.path[:1]) or not same_years:
            self.setProperty("years", list(self.offers.session.years))
            self._make(method)
        self.method, self.path, self.value = method, path, dict(value or {})
        for name, widget in self.inputs.items():
            if isinstance(widget, Choice):
                widget.fill(self._entries(name))
                widget.show_value(self._chosen(name))
                if name == "weighted" and not self.offers.has_people():
                    widget.forbid({True: tr("The recipe names no column with the number of people.")})
            elif name not in _ONE_OF.get(method, ()):
                held = self.value.get(name)
                if held is not None or isinstance(widget, (OptionalNumber, Years)):
                    widget.show_value(held)
        self._show_one_of()
        self._limit()
        self.setVisible(bool(self.inputs))

    def _make(self, method) -> None:
        while self.form.rowCount():
            self.form.removeRow(0)
        self.inputs = {}
        if method is None:
            return
        known = METHODS[self.setting][method].settings
        one_of = _ONE_OF.get(method, ())
        if one_of:
            self._add("_which", Choice(), tr("Threshold by"))
        for name, kind in known.items():
            if name in one_of:
                if name == one_of[0]:
                    self._add("_number", self._number(name), tr("Value"))
            else:
                widget = self._input(method, name, kind)
                if widget is not None:
                    self._add(name, widget, option_title(self.setting, method, name))

    def _input(self, method: str, name: str, kind) -> QWidget | None:
        if kind is list:
            years = self.offers.session.years
            return Years(years) if len(years) > 1 else None
        if kind is float:
            optional = default_settings(METHODS[self.setting], method).get(name, 0) is None
            return OptionalNumber() if optional else self._number(name)
        return Choice()

    def _number(self, name: str) -> Number:
        low, high, digits = _LIMITS.get((self.setting, name), (-1e12, 1e12, 6))
        return Number(low, high, digits)

    def _add(self, name: str, widget: QWidget, title: str) -> None:
        label = QLabel(title)
        label.setBuddy(widget)
        widget.setAccessibleName(title)
        if isinstance(widget, Number):
            self.form.addRow(label, widget)
        else:  # long texts get the whole width
            self.form.addRow(label)
            self.form.addRow(widget)
        self.inputs[name] = widget
        if isinstance(widget, Choice):
            widget.picked.connect(lambda value, name=name: self._set(name, value))
        elif isinstance(widget, Number):
            widget.valueChanged.connect(lambda value, name=name: self._set(name, value))
        else:
            widget.changed.connect(lambda value, name=name: self._set(name, value))

    # choices ---------------------------------------------------------------------------------------------------

    def _entries(self, name: str) -> list[tuple]:
        if name == "_which":
            return [("threshold", tr("a fixed value")), ("sd", tr("standard deviations"))]
        if name == "group":
            found = self.offers.groups()
            held = self.value.get("group")
            return [(each, each) for each in dict.fromkeys([*found, *([held] if held else [])])]
        if name == "reference":
            document = self.offers.session.document
            return [(each["id"], each.get("title", each["id"])) for each in document["indicators"]]
        return [(value, choice_title(name, value)) for value in METHODS[self.setting][self.method_now()].settings[name]]

    def method_now(self) -> str:
        """Return the method whose settings are shown."""
        return self.value["method"]

    def _chosen(self, name: str):
        if name == "_which":
            return "threshold" if self.value.get("threshold") is not None else "sd"
        return self.value.get(name)

    def _show_one_of(self) -> None:
        if "_which" in self.inputs:
            self.inputs["_number"].show_value(float(self.value.get(self._chosen("_which")) or 0))

    def _limit(self) -> None:
        """Keep each lower number below its higher one."""
        for low, high in _PAIRS:
            first, second = self.inputs.get(low), self.inputs.get(high)
            if isinstance(first, Number) and isinstance(second, Number):
                for widget, change in ((first, lambda w, v: w.setMaximum(v - _APART)),
                                       (second, lambda w, v: w.setMinimum(v + _APART))):
                    widget.blockSignals(True)
                    change(widget, (second if widget is first else first).value())
                    widget.blockSignals(False)

    # changes ---------------------------------------------------------------------------------------------------

    def _set(self, name: str, value) -> None:
        new = dict(self.value)
        if name == "_which":
            number = self._proposal(value)
            new.update({"threshold": None, "sd": None, value: number})
        elif name == "_number":
            new[self._chosen("_which")] = value
        else:
            limits = _LIMITS.get((self.setting, name))
            new[name] = int(value) if limits and limits[2] == 0 and value is not None else value
        self.edited.emit({key: each for key, each in new.items() if each is not None}, name)

    def _proposal(self, which: str) -> float:
        if which == "sd":
            return 1.0
        return float(self.offers.proposal(self.path, self.setting, "target").get("target", 1.0))
