"""A result table built column by column, with what each column means."""
from __future__ import annotations

import numpy as np
import pandas as pd

from .fields import FieldSpec


class ColumnTable:
    """Columns in the order they were added, and their specs."""

    def __init__(self):
        self.columns, self.specs = {}, []

    def add(self, name: str, values, kind: str, alias: str = "", unit: str = "") -> None:
        """Add a column; where the name is taken (an area layer may have a field of this name) it gets a number."""
        if name in self.columns:
            name = next(f"{name}_{n}" for n in range(2, 100) if f"{name}_{n}" not in self.columns)
        self.columns[name] = np.asarray(values, object if kind == "text" else None)
        self.specs.append(FieldSpec(name, kind, alias, unit))

    def frame(self) -> pd.DataFrame:
        """Return the columns as a frame."""
        return pd.DataFrame(self.columns)
