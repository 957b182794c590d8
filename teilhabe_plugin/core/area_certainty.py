"""How sure an area's class is, from the runs of the robustness."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from .robustness import CERTAIN, Robustness


@dataclass(frozen=True)
class Certainty:
    """What the runs say of one area.

    Attributes
    ----------
    share : float
        Share of the runs that gave the recipe's class; NaN without classes.
    other : str
        The class it has most often besides, "" for none.
    other_share : float
    low, high : int
        Ranks between which nine runs in ten lie.
    """

    share: float
    other: str
    other_share: float
    low: int
    high: int

    @property
    def is_certain(self) -> bool:
        """Say whether the class is the recipe's in nearly all runs."""
        return self.share >= CERTAIN - 1e-12


def certainty_of(robustness: Robustness | pd.DataFrame | Certainty | None, key: str,
                 key_column: str) -> Certainty | None:
    """Return how sure the class of an area is, None where nothing is known of it.

    Parameters
    ----------
    robustness : Robustness, DataFrame or Certainty
        A table has the columns of `Robustness.frame`; what is known already is given back.
    key : str
    key_column : str
    """
    if robustness is None or isinstance(robustness, Certainty):
        return robustness
    frame = robustness.frame() if isinstance(robustness, Robustness) else robustness
    if key_column not in frame or "rang_von" not in frame:
        return None
    rows = frame[frame[key_column].astype(str) == key]
    if rows.empty or pd.isna(rows["rang_von"].iloc[0]):
        return None
    row = rows.iloc[0]
    other = row.get("andere_klasse")
    return certainty_from(row.get("klasse_anteil"), other, row.get("andere_anteil"), row["rang_von"], row["rang_bis"])


def certainty_from(share, other, other_share, low, high) -> Certainty | None:
    """Return the certainty that these cells of a table tell, None where there is no rank interval."""
    if pd.isna(low) or pd.isna(high):
        return None
    return Certainty(_number(share), other if isinstance(other, str) else "", _number(other_share),
                     int(np.floor(low + 0.5)), int(np.floor(high + 0.5)))


def _number(value) -> float:
    return float("nan") if value is None or pd.isna(value) else float(value)
