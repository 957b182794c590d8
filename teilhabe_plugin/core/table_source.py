"""What a table is read from, and what reading it gives."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np
import pandas as pd

from .messages import Message


@dataclass(frozen=True)
class TableSource:
    """Where a table lies and how it is read; ``None`` means "find out".

    Attributes
    ----------
    path : str
        File, or the name of a layer when the table comes from a project.
    sheet : str, optional
        Sheet of a workbook.
    encoding : str, optional
        ``"utf-8"``, ``"utf-8-sig"``, ``"utf-16"`` or ``"cp1252"``.
    separator : str, optional
        ``";"``, ``","``, tab or ``"|"``.
    decimal : str, optional
        ``","`` or ``"."``: the sign used where a column itself leaves it open.
    header_row : int, optional
        First header line, counted from 1 as in the file.
    header_lines : int, optional
        Number of header lines.
    """

    path: str
    sheet: str | None = None
    encoding: str | None = None
    separator: str | None = None
    decimal: str | None = None
    header_row: int | None = None
    header_lines: int | None = None

    @property
    def title(self):
        """File name, with the sheet where there is one."""
        name = Path(self.path).name
        return f"{name} [{self.sheet}]" if self.sheet else name

    def to_dict(self):
        """Plain dict for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values):
        """Inverse of :meth:`to_dict`; unknown keys are left alone."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in values.items() if name in known})


@dataclass(frozen=True, eq=False)
class RawTable:
    """A table as it stands in the file: headings found, nothing interpreted yet.

    Attributes
    ----------
    columns : tuple of str
        Headings; several header lines are joined by `` | ``.
    cells : DataFrame
        One column per heading, dtype object (str, int, float or None) or a numeric dtype.
    row_numbers : ndarray of int
        Row in the file for every row of `cells`, counted from 1.
    source : TableSource
        The source with everything that was found filled in.
    sheets : tuple of str
        All sheets of the workbook.
    notes : tuple of Message
        What was left out or assumed while reading.
    percent_columns : tuple of str
        Columns whose cells carry a percent format in the workbook (0.123 shown as 12.3 %).
    complete : bool
        False when only the first rows were read for a preview.
    """

    columns: tuple[str, ...]
    cells: pd.DataFrame
    row_numbers: np.ndarray
    source: TableSource
    sheets: tuple[str, ...] = ()
    notes: tuple[Message, ...] = ()
    percent_columns: tuple[str, ...] = ()
    complete: bool = True

    @property
    def title(self):
        """Name of the table in messages and reports."""
        return self.source.title

    def __len__(self):
        return len(self.cells)
