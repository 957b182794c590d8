"""The offers in the window for supply: layer, fields, and which types count."""
from __future__ import annotations

from qgis.core import QgsMapLayerProxyModel
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..translation import tr
from .errors import expected
from .join_numbers import count
from .supply_checks import CheckList
from .supply_layers import fields_of, guess_offers

#: larger layers are not looked into; all their offers count
_MOST_ROWS = 300_000
#: the type that is ticked at first where the list has it
_FIRST = "kita"


class OffersBox(QObject):
    """Guesses fields and types when another layer is chosen.

    Signals
    -------
    changed()
        Another layer, field or type.
    """

    changed = pyqtSignal()

    def __init__(self, form, parent=None):
        super().__init__(parent)
        self.form = form
        self.targets: dict[str, str] = {}
        form.layer.setFilters(QgsMapLayerProxyModel.Filter.PointLayer)
        form.kind_field.setAllowEmptyFieldName(True)
        form.capacity.setAllowEmptyFieldName(True)
        self.kinds = CheckList(form.kinds, self.changed.emit)
        form.layer.setLayer(guess_offers())
        self.take_layer()
        form.layer.layerChanged.connect(self.take_layer)
        form.kind_field.fieldChanged.connect(self.take_kinds)
        form.capacity.fieldChanged.connect(lambda _name: self.changed.emit())

    def layer(self):
        """Return the layer, None for none."""
        return self.form.layer.currentLayer()

    def kind_field(self) -> str:
        """Return the field with the type, "" for none."""
        return self.form.kind_field.currentField()

    def chosen(self) -> list[str]:
        """Return the types that count, [] for all: where there is no choice, or all are ticked."""
        ticked = self.kinds.ticked()
        return [] if len(ticked) == self.kinds.count() else ticked

    def title(self) -> str:
        """Return what the offers are called."""
        ticked = self.kinds.ticked()
        return ticked[0] if len(ticked) == 1 else tr("offer")

    def target(self) -> tuple[str, str]:
        """Return type and stated target group of the ticked offers; "" where they differ."""
        ticked = self.kinds.ticked()
        stated = {self.targets.get(kind, "") for kind in ticked}
        return ticked[0] if len(ticked) == 1 else "", stated.pop() if len(stated) == 1 else ""

    def problem(self) -> str:
        """Return what is missing, "" for nothing."""
        if self.layer() is None:
            return tr("There is no layer of points in the project. Locate the offers first, or add their layer.")
        if self.kinds.count() and not self.kinds.ticked():
            return tr("Tick at least one type of offer.")
        return ""

    def take_layer(self, _layer=None) -> None:
        """Guess the fields of another layer."""
        from ..core.supply.offers import guess_offer_columns

        layer = self.layer()
        guessed = guess_offer_columns(fields_of(layer))
        for box, field in ((self.form.kind_field, guessed.kind), (self.form.capacity, guessed.capacity)):
            box.blockSignals(True)
            box.setLayer(layer)
            box.setField(field)
            box.blockSignals(False)
        self.take_kinds()

    def take_kinds(self, _name: str = "") -> None:
        """List the types with their numbers; tick those that were ticked, or else one."""
        counts = self._counts()
        before = [kind for kind in self.kinds.ticked() if kind in counts]
        ticked = before or self._first(counts)
        self.kinds.fill([(kind, f"{kind} ({count(number)})") for kind, number in counts.items()], ticked)
        self.changed.emit()

    def _first(self, counts: dict[str, int]) -> list[str]:
        first = next((kind for kind in counts if _FIRST in kind.casefold()), None)
        return [first] if first else list(counts)[:1]

    def _counts(self) -> dict[str, int]:
        """Return type → number of offers, the most frequent first, and note the stated target groups."""
        self.targets = {}
        layer, field = self.layer(), self.kind_field()
        if layer is None or not field or layer.featureCount() > _MOST_ROWS:
            return {}
        try:
            from ..bridge.frames import read_frame
            from ..core.supply.offers import guess_offer_columns

            target = guess_offer_columns(fields_of(layer)).target
            frame = read_frame(layer, list(dict.fromkeys(filter(None, (field, target)))))
        except expected():
            return {}
        texts = frame[field].dropna().astype(str).str.strip()
        texts = texts[texts != ""]
        if target and target != field:
            stated = frame.loc[texts.index, target].groupby(texts).agg(lambda own: own.mode().tolist()[:1])
            self.targets = {str(kind): str(found[0]) if found else "" for kind, found in stated.items()}
        return {str(kind): int(number) for kind, number in texts.value_counts().items()}
