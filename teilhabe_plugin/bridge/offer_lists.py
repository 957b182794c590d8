"""Lists of offers, from a file or a layer: every row and column as it stands there, with the kind of its values."""
from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from qgis.core import QgsVectorLayer

from ..core.field_names import fold
from ..core.messages import Message, TeilhabeError
from ..core.table_source import RawTable, TableSource
from .fields import FieldSpec, kind_of
from .provenance import file_fingerprint, frame_fingerprint, layer_file
from .snapshot import original_id
from .table_sources import own_file, read_file, read_layer

# QVariant and QMetaType number the basic types alike
_KIND_OF_TYPE = {1: "boolean", 2: "integer", 3: "integer", 4: "integer", 5: "integer", 6: "real", 38: "real",
                 10: "text", 14: "date"}
#: columns of databases that number the rows
_ROW_IDS = ("fid", "ogc_fid", "gpkg_fid")
#: whole numbers that all have this many digits or more are keys
_KEY_DIGITS = 4
#: what columns without heading are called, and how long a heading is at most
_NO_HEADING, _LONGEST_HEADING, _SAMPLE = "Spalte ", 40, 200
_TRUTH, _DAY = {"True", "False"}, re.compile(r"(\d\d)\.(\d\d)\.(\d{4})")
_ADDRESS = re.compile(r"str(?:\b|asse|eet|name|_)|adress|address|anschrift|\bplz\b|postleitzahl|\blage\b|standort")


@dataclass(frozen=True, eq=False)
class OfferList:
    """A list as read.

    Attributes
    ----------
    frame : DataFrame
        Rows and columns in their order.
    rows : ndarray of int
        Number of each row in the file, or its feature id.
    kinds : dict
        Column → kind of field that holds it.
    aliases : dict
        Column → alias that the layer gives it.
    title : str
    input : dict
        For the record of the result: name, fingerprint, and how the list is read again.
    notes : tuple of Message
    """

    frame: pd.DataFrame
    rows: np.ndarray
    kinds: dict
    aliases: dict
    title: str
    input: dict
    notes: tuple[Message, ...] = ()

    def specs(self) -> list[FieldSpec]:
        """Return how the columns are written."""
        return [FieldSpec(name, self.kinds[name], alias=self.aliases.get(name, "")) for name in self.frame]

    def written(self) -> pd.DataFrame:
        """Return the rows as the fields of `specs` take them."""
        return pd.DataFrame({name: _as_kind(self.frame[name], self.kinds[name]) for name in self.frame},
                            columns=list(self.frame))


def read_list(layer: QgsVectorLayer | None, path: str = "", sheet: str = "", feedback=None) -> OfferList:
    """Read a list from a layer or, without one, from a file.

    Parameters
    ----------
    layer : QgsVectorLayer, optional
    path, sheet : str
        File, and its sheet where it has several.
    feedback : QgsFeedback, optional

    Raises
    ------
    TeilhabeError
        Names file, sheet and what is wrong.
    """
    cancelled = feedback.isCanceled if feedback is not None else None
    if layer is None:
        source = TableSource(path, sheet=sheet or None)
        return _from_table(_well_headed(source, cancelled), path)
    file = own_file(layer)
    if file is not None:
        return _from_table(_well_headed(replace(file, sheet=sheet or file.sheet), cancelled), file.path, layer)
    table = read_layer(layer, feedback=feedback)
    frame = table.cells[[name for name in table.cells if name.lower() not in _ROW_IDS]]
    fields = {field.name(): field for field in layer.fields()}
    kinds = {name: _KIND_OF_TYPE.get(_type_number(fields[name]), "text") for name in frame}
    described = {"name": layer.name(), "rows": len(frame), "columns": list(frame), "layer_id": original_id(layer),
                 "file": os.path.basename(layer_file(layer)), "sha256": frame_fingerprint(frame),
                 "source": {"layer": original_id(layer), "uri": layer.source(), "provider": layer.providerType()}}
    aliases = {name: field.alias() for name, field in fields.items() if field.alias()}
    return OfferList(frame, table.row_numbers, kinds, aliases, layer.name(), described)


def _type_number(field) -> int:
    kind = field.type()
    return int(getattr(kind, "value", kind))


def _from_table(table: RawTable, path: str, layer: QgsVectorLayer | None = None) -> OfferList:
    text_file = table.source.separator is not None
    kinds = {name: _kind(table.cells[name], text_file) for name in table.columns}
    described = {"name": table.title, "file": os.path.basename(path), "rows": len(table),
                 "columns": list(table.columns), "sha256": file_fingerprint(table.source.path),
                 "source": table.source.to_dict()}
    if layer is not None:
        described["layer_id"] = original_id(layer)
    return OfferList(table.cells, table.row_numbers, kinds, {}, table.title, described, table.notes)


def _well_headed(source: TableSource, cancelled) -> RawTable:
    """Read the table; where its first rows hold no number, they can be taken for lines of the header: look again.

    The header of a list of addresses is one line, and it names the address.
    """
    table = read_file(source, cancelled=cancelled)
    found = table.source
    if not found.header_row or source.header_row or (found.header_row, found.header_lines) == (1, 1):
        return table
    for row in range(1, found.header_row + (found.header_lines or 1)):
        if (row, 1) == (found.header_row, found.header_lines):
            return table
        headed = replace(found, header_row=row, header_lines=1)
        try:
            sample = read_file(headed, max_rows=row + _SAMPLE, cancelled=cancelled)
        except TeilhabeError:
            continue
        if sample.source.header_row == row and _is_header(sample.columns):
            return read_file(headed, cancelled=cancelled)
    return table


def _is_header(headings) -> bool:
    """Say whether these are headings of a list of addresses."""
    given = [heading for heading in headings if not heading.startswith(_NO_HEADING)]
    short = [heading for heading in given if len(heading) <= _LONGEST_HEADING and not re.search(r"\d", heading)]
    return len(given) > min(1, len(headings) - 1) and len(given) >= len(headings) / 2 and any(
        _ADDRESS.search(fold(heading)) for heading in short)


def _kind(values: pd.Series, text_file: bool) -> str:
    present = values.dropna()
    if not len(present):
        return "text"
    if values.dtype != object:
        return kind_of(values)
    types = {bool if isinstance(value, (bool, np.bool_)) else type(value) for value in present}
    if types == {bool}:
        return "boolean"
    if types <= {int, np.int64}:
        return "integer"
    if types <= {int, float, np.int64, np.float64}:
        return "integer" if all(float(value).is_integer() for value in present) else "real"
    if text_file:
        return "integer" if _are_numbers(present) else "text"
    texts = set(present.astype(str))  # how a workbook's dates and truth values are read
    if texts <= _TRUTH:
        return "boolean"
    return "date" if all(_DAY.fullmatch(text) for text in texts) else "text"


def _are_numbers(texts: pd.Series) -> bool:
    """Say whether texts are whole numbers to count with: no zeros in front, and not all of the length of a key."""
    text = texts.astype(str)
    if not text.str.fullmatch(r"-?(?:0|[1-9]\d{0,14})").all():
        return False
    lengths = text.str.len()
    return lengths.nunique() > 1 or int(lengths.iloc[0]) < _KEY_DIGITS


def _as_kind(values: pd.Series, kind: str) -> pd.Series:
    if kind == "integer" and values.dtype == object:
        return values.map(lambda value: value if pd.isna(value) else int(value)).astype(object)
    if kind == "boolean" and values.dtype == object:
        return values.map(lambda value: value if isinstance(value, bool) or pd.isna(value) else value == "True")
    if kind == "date":
        return values.map(lambda value: _DAY.sub(r"\3-\2-\1", value) if isinstance(value, str) else value)
    if kind == "text" and values.dtype == object:
        return values.map(_text)
    return values


def _text(value):
    if isinstance(value, float):
        if value != value:
            return None
        return str(int(value)) if value.is_integer() else repr(value)
    return value if value is None or isinstance(value, str) else str(value)
