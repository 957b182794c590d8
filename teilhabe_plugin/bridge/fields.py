"""Field kinds: the five that indicator tables need, as QGIS fields, and frame values as what those fields take."""
from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from qgis.core import Qgis, QgsField, QgsFields
from qgis.PyQt.QtCore import QDate, Qt

from ..core.messages import Message, TeilhabeError, mark

if Qgis.QGIS_VERSION_INT >= 33800:
    from qgis.PyQt.QtCore import QMetaType

    _TYPES = {
        "text": QMetaType.Type.QString,
        "integer": QMetaType.Type.LongLong,
        "real": QMetaType.Type.Double,
        "date": QMetaType.Type.QDate,
        "boolean": QMetaType.Type.Bool,
    }
else:
    from qgis.PyQt.QtCore import QVariant

    _TYPES = {
        "text": QVariant.String,
        "integer": QVariant.LongLong,
        "real": QVariant.Double,
        "date": QVariant.Date,
        "boolean": QVariant.Bool,
    }

KINDS = tuple(_TYPES)
_NOT_OF_KIND = {
    "text": mark("no text"),
    "integer": mark("no whole number"),
    "real": mark("no number"),
    "date": mark("no date"),
    "boolean": mark("neither yes nor no"),
}


@dataclass(frozen=True)
class FieldSpec:
    """How one column of a result is written.

    Attributes
    ----------
    name : str
        Column of the frame and name of the field.
    kind : str
        ``"text"``, ``"integer"``, ``"real"``, ``"date"`` or ``"boolean"``.
    alias, unit : str
        What the user reads instead of the name, and the unit in brackets behind it.
    comment : str
        A longer description.
    """

    name: str
    kind: str
    alias: str = ""
    unit: str = ""
    comment: str = ""

    @property
    def label(self) -> str:
        """The alias with its unit, as in “Übergewichtsquote (%)”; empty when there is neither."""
        bracket = f"({self.unit})"
        if not self.unit or bracket in self.alias or self.alias.endswith(f" {self.unit}"):
            return self.alias
        return f"{self.alias or self.name} {bracket}"


def make_field(
    name: str, kind: str, length: int = 0, precision: int = 0, alias: str = "", comment: str = ""
) -> QgsField:
    """Return a field of one of the `KINDS`; the one place where field types are named."""
    field = QgsField(name, _TYPES[kind], "", length, precision, comment)
    field.setAlias(alias)
    return field


def fields_of(frame: pd.DataFrame, specs: Iterable[FieldSpec] = ()) -> QgsFields:
    """Return the fields for a frame's columns, those without a spec by the kind of their values."""
    fields = QgsFields()
    for spec in specs_of(frame, specs):
        fields.append(make_field(spec.name, spec.kind, alias=spec.label, comment=spec.comment))
    return fields


def specs_of(frame: pd.DataFrame, specs: Iterable[FieldSpec] = ()) -> list[FieldSpec]:
    """Return one spec per column of the frame, in the frame's order."""
    known = {spec.name: spec for spec in specs}
    unknown = [name for name in known if name not in frame.columns]
    if unknown:
        raise KeyError(f"specs for columns that the frame does not have: {unknown}")
    return [known.get(name) or FieldSpec(str(name), kind_of(frame[name])) for name in frame.columns]


def kind_of(values: pd.Series) -> str:
    """Return the kind of field that holds these values."""
    if pd.api.types.is_bool_dtype(values):
        return "boolean"
    if pd.api.types.is_integer_dtype(values):
        return "integer"
    if pd.api.types.is_numeric_dtype(values):
        return "real"
    if pd.api.types.is_datetime64_any_dtype(values):
        return "date"
    present = values.dropna()
    if len(present) and all(isinstance(value, (bool, np.bool_)) for value in present):
        return "boolean"
    return "text"


def qgis_values(values: pd.Series, kind: str) -> list:
    """Return the values as a field of this kind takes them, None for every missing one.

    Raises
    ------
    TeilhabeError
        For a value that does not fit, with column, row and value.
    """
    if kind == "real":
        return _reals(values)
    convert = {"integer": _integer, "text": str, "boolean": bool, "date": _date}[kind]
    if kind == "integer" and pd.api.types.is_integer_dtype(values) and not values.hasnans:
        return values.tolist()
    missing = values.isna().tolist()
    return [
        None if gone else _converted(convert, value, values, row, kind)
        for row, (value, gone) in enumerate(zip(values.tolist(), missing))
    ]


def _reals(values: pd.Series) -> list:
    try:
        numbers = values.to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError):
        present = values.notna().tolist()
        return [
            _converted(float, value, values, row, "real") if there else None
            for row, (value, there) in enumerate(zip(values.tolist(), present))
        ]
    missing = np.isnan(numbers)
    if not missing.any():
        return numbers.tolist()
    objects = numbers.astype(object)
    objects[missing] = None
    return objects.tolist()


def _converted(convert, value, values: pd.Series, row: int, kind: str):
    try:
        return convert(value)
    except (TypeError, ValueError, OverflowError):
        raise TeilhabeError(
            mark("Row {row}, column “{column}”: “{value}” is {problem}."),
            row=row + 1, column=values.name, value=value, problem=Message(_NOT_OF_KIND[kind]),
        ) from None


def _integer(value) -> int:
    number = int(value)
    if number != value or not -(2**63) <= number < 2**63:
        raise ValueError
    return number


def _date(value) -> QDate:
    if isinstance(value, QDate):
        return value
    if isinstance(value, datetime.date):  # a pandas Timestamp is one, too
        return QDate(value.year, value.month, value.day)
    date = QDate.fromString(str(value)[:10], Qt.DateFormat.ISODate)
    if not date.isValid():
        raise ValueError
    return date


def check_names(names: Sequence[str]) -> None:
    """Raise when two columns differ only in case: databases take them for one."""
    seen: dict[str, str] = {}
    for name in names:
        other = seen.setdefault(name.casefold(), name)
        if other is not name:
            raise TeilhabeError(
                mark("The columns “{first}” and “{second}” cannot stand in one layer: upper and lower case are not "
                     "told apart there. Rename one of them."),
                first=other, second=name,
            )
