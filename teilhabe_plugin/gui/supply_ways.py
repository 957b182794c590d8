"""How far is within reach, in the window for supply: kind of distance, limits, network."""
from __future__ import annotations

from qgis.core import QgsMapLayerProxyModel
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..translation import tr
from .join_numbers import plain
from .supply_layers import guess_network

#: the limit that the map shows where the list has it
USUAL = 700.0
STRAIGHT, DETOUR, METRES, MINUTES = range(4)
_SUGGESTED = {METRES: "500; 700; 1000", MINUTES: "5; 10; 15"}


class WaysBox(QObject):
    """Shows only what the kind of distance needs.

    Signals
    -------
    changed()
    """

    changed = pyqtSignal()

    def __init__(self, form, parent=None):
        super().__init__(parent)
        self.form = form
        form.ways.addItems([tr("straight line"), tr("straight line × detour factor"), tr("along a network, metres"),
                            tr("along a network, minutes")])
        form.network.setFilters(QgsMapLayerProxyModel.Filter.LineLayer)
        form.network.setLayer(guess_network())
        for box in (form.speed_field, form.direction):
            box.setAllowEmptyFieldName(True)
            box.setLayer(form.network.currentLayer())
        form.ways.currentIndexChanged.connect(self.take_ways)
        form.network.layerChanged.connect(self._take_network)
        form.limits.textChanged.connect(self.take_limits)
        form.standard.currentIndexChanged.connect(lambda _index: self.changed.emit())

    def ready(self) -> None:
        """Show what was remembered."""
        self.take_ways()

    def limits(self) -> list[float]:
        """Return the limits in ascending order, [] where one of them cannot be read."""
        from ..core.messages import TeilhabeError
        from ..core.supply.limits import read_limits

        try:
            return list(read_limits(self.form.limits.text()))
        except TeilhabeError:
            return []

    def standard(self) -> float:
        """Return the limit that the map shows."""
        return float(self.form.standard.currentData() or 0)

    def unit(self) -> str:
        """Return the unit of the limits."""
        return "min" if self.form.ways.currentIndex() == MINUTES else "m"

    def problem(self) -> str:
        """Return what is missing, "" for nothing."""
        if not self.limits():
            return tr("Enter up to which distance an offer counts as within reach, e.g. 500; 700; 1000.")
        if self.form.ways.currentIndex() >= METRES and self.form.network.currentLayer() is None:
            return tr("There is no layer of lines in the project for ways along a network. Add one, or choose straight "
                      "lines.")
        return ""

    def parameters(self) -> dict:
        """Return the parameters on ways but the limits."""
        form, ways = self.form, self.form.ways.currentIndex()
        found = {"WAYS": ways}
        if ways == DETOUR:
            found["DETOUR"] = form.detour.value()
        if ways >= METRES:
            layer = form.network.currentLayer()
            found |= {"NETWORK": layer.id() if layer is not None else "", "SPEED": form.speed.value(),
                      "SPEED_FIELD": form.speed_field.currentField(), "DIRECTION_FIELD": form.direction.currentField(),
                      "FARTHEST": form.farthest.value()}
        return found

    def take_ways(self, _index: int = 0) -> None:
        """Show what the kind of distance needs, and limits in its unit."""
        form, ways = self.form, self.form.ways.currentIndex()
        form.detour.setVisible(ways == DETOUR)
        form.network.setVisible(ways >= METRES)
        for widget in (form.speed, form.speed_field, form.direction, form.farthest):
            widget.setEnabled(ways >= METRES)
        old, new = (METRES, MINUTES) if ways == MINUTES else (MINUTES, METRES)
        if form.limits.text() == _SUGGESTED[old]:
            form.limits.setText(_SUGGESTED[new])
        form.unit.setText(self.unit())
        self.take_limits()

    def take_limits(self, _text: str = "") -> None:
        """Offer the limits as the one that the map shows."""
        box, before, limits = self.form.standard, self.form.standard.currentData(), self.limits()
        box.blockSignals(True)
        box.clear()
        for limit in limits:
            box.addItem(f"{plain(limit)} {self.unit()}", limit)
        wanted = before if before in limits else USUAL if USUAL in limits else limits[len(limits) // 2] if limits else 0
        box.setCurrentIndex(max(box.findData(wanted), 0) if limits else -1)
        box.blockSignals(False)
        self.changed.emit()

    def _take_network(self, layer) -> None:
        for box in (self.form.speed_field, self.form.direction):
            box.setLayer(layer)
        self.changed.emit()
