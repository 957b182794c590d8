"""The same supply analysis with the offers as they are and as they would be."""
from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from qgis.core import QgsVectorLayer

from ..core.messages import Message, mark
from ..core.supply.change_table import changes_from_table
from ..core.supply.measures import city_measures
from ..core.supply.offers import Offers
from ..core.supply.scenario import Change, distinct_ids
from .boundary_layers import check_places, read_points
from .frames import read_frame
from .supply_case import SupplyCase
from .supply_run import SupplyResult


@dataclass(frozen=True, eq=False)
class ScenarioResult:
    """Two states of the same case.

    Attributes
    ----------
    before, after : SupplyResult
    changes : tuple of Change
        What makes the difference.
    notes : tuple of Message
    """

    before: SupplyResult
    after: SupplyResult
    changes: tuple[Change, ...]
    notes: tuple[Message, ...]

    @property
    def has_capacity(self) -> bool:
        """Whether places are known."""
        return self.before.has_capacity or self.after.has_capacity

    @property
    def city(self) -> pd.DataFrame:
        """Figures of all areas together: before, after, difference."""
        columns = {}
        for name, result in (("before", self.before), ("after", self.after)):
            figures = city_measures(result.points, result.areas, result.case.demand.area, result.rules)
            totals = result.totals
            columns[name] = figures | {"unplaced": totals["UNPLACED"], "missing": totals["MISSING"],
                                       "gini": totals["GINI"], "offers_all": float(totals["OFFER_COUNT"])}
        table = pd.DataFrame(columns)
        return table.assign(difference=table["after"] - table["before"])


def read_changes(layer: QgsVectorLayer, offers: Offers, areas, context, feedback) -> tuple[Change, ...]:
    """Return the changes of a layer or table; the places of a layer go before its columns x and y."""
    frame = read_frame(layer, feedback=feedback)
    x = y = None
    if layer.isSpatial():
        check_places([areas.layer, layer])
        x, y, _weights = read_points(layer, "", areas.crs, context, feedback)
    return changes_from_table(frame.reset_index(drop=True), offers, x, y)


def case_after(case: SupplyCase, offers: Offers, cancelled=None, name: str = ""
               ) -> tuple[SupplyCase, tuple[Message, ...]]:
    """Return the case with other offers, and what is to be known about them.

    A new offer without a type is of the first type that counts.
    """
    known = set(distinct_ids(case.offers))
    new = np.array([identifier not in known for identifier in distinct_ids(offers)], dtype=bool)
    kind = offers.kind.copy()
    if case.kinds:
        kind[new & (kind == "")] = case.kinds[0]
    offers = replace(offers, kind=kind)
    area = case.areas.position_of(offers.x, offers.y, cancelled)
    after = replace(case, offers=offers, offer_area=area, scenario=name or case.scenario)
    notes = []
    outside = new & (area < 0) & np.isfinite(offers.x)
    if outside.any():
        notes.append(Message(mark("{count} new offers lie outside all areas; they count for people in reach, but for "
                                  "no area: {offers}."), count=int(outside.sum()),
                             offers=", ".join(offers.names[outside])))
    other = new & offers.takes_part & ~after.chosen
    if other.any():
        notes.append(Message(mark("{count} new offers are of a type that does not count here: {offers}."),
                             count=int(other.sum()), offers=", ".join(offers.names[other])))
    return after, tuple(notes)
