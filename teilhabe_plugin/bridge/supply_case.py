"""One supply analysis: areas, the people of a target group where they live, and the offers for them."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..core.messages import Message, TeilhabeError, mark
from ..core.supply.demand import Demand
from ..core.supply.offers import Offers, of_kinds
from .supply_inputs import SupplyAreas


@dataclass(frozen=True, eq=False)
class SupplyCase:
    """What all supply analyses start from.

    Attributes
    ----------
    areas : SupplyAreas
    totals : ndarray, shape (a,)
        People of the target group per area; NaN where not known.
    demand : Demand
        The same people where they live, one group.
    offers : Offers
        All rows of the layer of offers; `chosen` says which ones count.
    offer_area : ndarray of int, shape (n,)
        Area of each offer, -1 for none.
    group : str
        Name of the target group.
    kinds : tuple of str
        Types of offer that count, () for all.
    notes : tuple of Message
    year, scenario : str
        What the people and the offers are of, "" where nothing says so.
    """

    areas: SupplyAreas
    totals: np.ndarray
    demand: Demand
    offers: Offers
    offer_area: np.ndarray
    group: str
    kinds: tuple[str, ...] = ()
    notes: tuple[Message, ...] = ()
    year: str = ""
    scenario: str = ""

    def __post_init__(self):
        check_kinds(self.offers, self.kinds)

    def check(self) -> None:
        """Refuse a case with nothing to measure.

        Raises
        ------
        TeilhabeError
            When no offer takes part or nobody of the target group is there.
        """
        if not self.chosen.any():
            raise TeilhabeError(mark("None of the {count} offers takes part: {placed} have a place; the others are "
                                     "closed on that day or belong to another scenario."), count=len(self.offers),
                                placed=int(np.isfinite(self.offers.x).sum()))
        if not self.people.sum() > 0:
            raise TeilhabeError(mark("Nobody of the target group “{group}” lives in the areas: all numbers are 0 or "
                                     "missing. Check the fields with the people."), group=self.group)

    @property
    def people(self) -> np.ndarray:
        """People at every demand point, 0 where their number is not known; shape (m,)."""
        return np.nan_to_num(self.demand.people[:, 0])

    @property
    def chosen(self) -> np.ndarray:
        """Which offers count, shape (n,)."""
        return self.offers.takes_part & self._of_kinds()

    @property
    def offer_points(self) -> np.ndarray:
        """Coordinates of the offers, NaN for those that do not count; shape (n, 2)."""
        return np.where(self.chosen[:, None], self.offers.points, np.nan)

    @property
    def capacity(self) -> np.ndarray:
        """Places of the offers, 0 for those that do not count and NaN where not known; shape (n,)."""
        return np.where(self.chosen, self.offers.capacity, 0.0)

    @property
    def area_of_chosen(self) -> np.ndarray:
        """Area of each offer that counts, -1 for the others; shape (n,)."""
        return np.where(self.chosen, self.offer_area, -1)

    def _of_kinds(self) -> np.ndarray:
        return of_kinds(self.offers, self.kinds)


def check_kinds(offers: Offers, kinds: tuple[str, ...]) -> None:
    """Refuse types of which there is no offer."""
    if kinds and not of_kinds(offers, kinds).any():
        there = sorted({kind for kind in offers.kind if kind})
        raise TeilhabeError(mark("No offer is of the type {kinds}. There are: {there}."), kinds=", ".join(kinds),
                            there=", ".join(there[:30]) or "–")
