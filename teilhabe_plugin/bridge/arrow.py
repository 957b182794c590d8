"""The fast way into a GeoPackage table: whole columns through GDAL's Arrow stream instead of feature by feature."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from osgeo import gdal, ogr

#: Field types that arrive exactly as QGIS would give them; when others are asked for, the table is read row by row.
#: Not among them: yes/no (GDAL 3.6 shifts the bits behind a NULL), 32-bit floats (rounded), times (zones), lists.
_TYPES = (ogr.OFTString, ogr.OFTInteger, ogr.OFTInteger64, ogr.OFTReal, ogr.OFTDate)
_SUBTYPES = (ogr.OFSTNone, ogr.OFSTInt16)
#: text columns arrive as fixed-width arrays, as wide as the longest text: keep one batch below this many bytes
_BATCH_BYTES = 2**26
_BATCH_ROWS = 2**16
#: GDAL hands the columns of a GeoPackage to SQLite as arguments of one function, which takes 100 at most; beyond that
#: its stream never ends
_MOST_COLUMNS = 80


@dataclass(frozen=True)
class Table:
    """Whole columns: values, and which of them are NULL."""

    columns: dict[str, np.ndarray]
    missing: dict[str, np.ndarray]
    ids: np.ndarray
    geometries: list[bytes | None] | None


def read_table(path: str, table: str, columns: list[str], where: str = "", geometry: bool = False) -> Table | None:
    """Read columns of a GeoPackage table, or return None where this way is closed.

    It is closed with GDAL before 3.6 or without its numpy bridge, for columns of other types than `_TYPES`, and for
    views.

    Parameters
    ----------
    path, table : str
        File and table.
    columns : list of str
        Names of the columns; the feature id column may be among them.
    where : str
        A condition in SQL.
    geometry : bool
        Return the geometries as WKB, too.
    """
    if not hasattr(ogr.Layer, "GetArrowStreamAsNumPy"):
        return None
    try:
        from osgeo import gdal_array  # noqa: F401  the stream needs it; a GDAL built against another numpy lacks it

        blocks = [columns[i:i + _MOST_COLUMNS] for i in range(0, len(columns), _MOST_COLUMNS)] or [[]]
        parts = []
        for number, block in enumerate(blocks):
            parts.append(_read(path, table, block, where, geometry and number == 0))
            if parts[-1] is None or not np.array_equal(parts[-1].ids, parts[0].ids):
                return None
        return parts[0] if len(parts) == 1 else _side_by_side(parts)
    except (ImportError, RuntimeError, SystemError, UnicodeDecodeError):
        return None


def _read(path: str, table: str, columns: list[str], where: str, geometry: bool) -> Table | None:
    dataset = gdal.OpenEx(path, gdal.OF_VECTOR | gdal.OF_READONLY, allowed_drivers=["GPKG"])
    layer = dataset.GetLayerByName(table) if dataset is not None else None
    if layer is None:
        return None
    id_column = layer.GetFIDColumn()
    definition = layer.GetLayerDefn()
    fields = {definition.GetFieldDefn(i).GetName(): definition.GetFieldDefn(i)
              for i in range(definition.GetFieldCount())}
    wanted = [name for name in columns if name != id_column]
    if not id_column or not all(name in fields and _readable(fields[name]) for name in wanted):
        return None
    if where and layer.SetAttributeFilter(where) != ogr.OGRERR_NONE:
        return None
    texts = [name for name in wanted if fields[name].GetType() == ogr.OFTString]
    ignored = [name for name in fields if name not in wanted] + ([] if geometry else ["OGR_GEOMETRY"])
    layer.SetIgnoredFields(ignored)
    rows = max(1, min(_BATCH_ROWS, _BATCH_BYTES // max(1, _longest(dataset, table, texts))))
    stream = layer.GetArrowStreamAsNumPy(
        ["INCLUDE_FID=YES", "USE_MASKED_ARRAYS=YES", f"MAX_FEATURES_IN_BATCH={rows}"])
    shape = layer.GetGeometryColumn() if geometry else ""
    batches = [_own(batch, [*wanted, id_column], texts, shape) for batch in stream]
    if not batches:
        return None
    joined = {name: np.ma.concatenate([batch[name] for batch in batches]) for name in [*wanted, id_column]}
    geometries = [wkb for batch in batches for wkb in batch[shape]] if geometry else None
    return Table(
        {name: np.ma.getdata(joined[name]) for name in columns},
        {name: np.ma.getmaskarray(joined[name]) for name in columns},
        np.ma.getdata(joined[id_column]),
        geometries,
    )


def _side_by_side(parts: list[Table]) -> Table:
    columns = {name: values for part in parts for name, values in part.columns.items()}
    missing = {name: gaps for part in parts for name, gaps in part.missing.items()}
    return Table(columns, missing, parts[0].ids, parts[0].geometries)


def _readable(field) -> bool:
    return field.GetType() in _TYPES and field.GetSubType() in _SUBTYPES


def _longest(dataset, table: str, texts: list[str]) -> int:
    """Return the bytes of the longest text in these columns."""
    if not texts:
        return 0
    quoted = ", ".join(f"max(length(CAST({_quoted(name)} AS BLOB)))" for name in texts)
    result = dataset.ExecuteSQL(f"SELECT {quoted} FROM {_quoted(table)}")  # nosec B608 quoted
    feature = result.GetNextFeature()
    longest = max(feature.GetField(i) or 0 for i in range(len(texts)))
    dataset.ReleaseResultSet(result)
    return int(longest)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _own(batch: dict, columns: list[str], texts: list[str], shape: str) -> dict:
    """Return copies of a batch's columns, texts as Python strings and geometries as WKB.

    GDAL's arrays look into the stream's memory, which need not outlive the next batch; wide text arrays are let go of
    early. Newer GDAL gives strings instead of a fixed-width array when the longest text would make that too wide.
    """
    own = {}
    for name in columns:
        data, missing = np.ma.getdata(batch[name]), np.ma.getmaskarray(batch[name])
        if name in texts:
            values = [None if gone else value.decode() if isinstance(value, bytes) else value
                      for value, gone in zip(data.tolist(), missing.tolist())]
            data = np.empty(len(values), dtype=object)
            data[:] = values
        own[name] = np.ma.masked_array(data, missing, copy=True)
    if shape:
        own[shape] = [None if gone else bytes(value) for value, gone in zip(np.ma.getdata(batch[shape]),
                                                                           np.ma.getmaskarray(batch[shape]))]
    return own
