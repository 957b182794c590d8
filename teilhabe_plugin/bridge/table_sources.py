"""Tables from wherever QGIS finds them: files, spreadsheets, databases, layers of the project."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote, urlparse

from qgis.core import QgsFeatureRequest, QgsProviderRegistry, QgsVectorLayer

from ..core.header_rows import grid_to_table
from ..core.messages import Message, TeilhabeError, check_cancelled, mark
from ..core.table_reading import (
    TEXT_ENDINGS,
    WORKBOOK_ENDINGS,
    best_sheet,
    check_file,
    open_elsewhere,
    read_table,
)
from ..core.table_source import RawTable, TableSource
from .frames import read_frame

_OWN_READING = (*TEXT_ENDINGS, *WORKBOOK_ENDINGS, ".ods", ".xls")
_SHEET_SAMPLE = 200
_ODS_OPTIONS = {"OGR_ODS_HEADERS": "DISABLE", "OGR_ODS_FIELD_TYPES": "STRING"}


def read_file(
    source: TableSource | str, area_texts=frozenset(), max_rows: int | None = None, cancelled=None
) -> RawTable:
    """Read a table from any file that QGIS knows.

    Text files and Excel workbooks are read by core, ODS through GDAL, everything else as a layer. The parameters are
    those of :func:`..core.table_reading.read_table`.
    """
    if not isinstance(source, TableSource):
        source = TableSource(str(source))
    path, rest = source.path, ""
    if not os.path.exists(path):  # a bar can be part of a file's name
        path, _, rest = path.partition("|")
    if rest and not source.sheet:
        name = dict(part.partition("=")[::2] for part in rest.split("|")).get("layername")
        source = replace(source, path=path, sheet=name or None)
    ending = Path(path).suffix.lower()
    if ending == ".ods":
        return _read_ods(source, area_texts, max_rows, cancelled)
    if ending in _OWN_READING:
        return read_table(source, area_texts, max_rows, cancelled)
    return _read_layer_file(source, area_texts, max_rows)


def read_layer(
    layer: QgsVectorLayer,
    area_texts=frozenset(),
    max_rows: int | None = None,
    feedback=None,
    source: TableSource | None = None,
) -> RawTable:
    """Read the attributes of a layer or table of the project.

    A layer that shows a whole text file or spreadsheet is read from the file itself: there the keys still have their
    zeros and the signs their meaning.
    """
    if not layer.isValid():
        raise TeilhabeError(
            mark("The table “{layer}” cannot be read; check its source in the layer properties."), layer=layer.name()
        )
    file = own_file(layer)
    if file:
        found = replace(source or TableSource(file.path), path=file.path)
        found = replace(found, sheet=found.sheet or file.sheet)
        return read_file(found, area_texts, max_rows, feedback.isCanceled if feedback is not None else None)
    request = QgsFeatureRequest().setLimit(max_rows) if max_rows is not None else None
    frame = read_frame(layer, request=request, feedback=feedback, with_ids=True)
    if frame.empty:
        raise TeilhabeError(mark("The table “{layer}” has no rows."), layer=layer.name())
    decimal = source.decimal if source is not None and source.decimal else ","
    complete = max_rows is None or len(frame) < max_rows
    return RawTable(
        columns=tuple(frame.columns),
        cells=frame.reset_index(drop=True),
        row_numbers=frame.index.to_numpy(),
        source=TableSource(layer.name(), decimal=decimal),
        complete=complete,
        notes=(Message(mark("“{layer}” is a layer; rows are named by their feature ids."), layer=layer.name()),),
    )


def own_file(layer: QgsVectorLayer) -> TableSource | None:
    """The text file or spreadsheet that the layer shows as a whole, None for every other layer."""
    if layer.isEditable() or layer.subsetString() or layer.vectorJoins():
        return None
    if layer.providerType() == "delimitedtext":
        path, sheet = unquote(urlparse(layer.source()).path), ""
        if os.name == "nt":
            path = path.lstrip("/")
    elif layer.providerType() == "ogr":
        parts = QgsProviderRegistry.instance().decodeUri("ogr", layer.source())
        path, sheet = parts.get("path") or "", parts.get("layerName") or ""
    else:
        return None
    ending = Path(path).suffix.lower()
    if ending not in _OWN_READING or ending == ".xls" or not os.path.isfile(path):
        return None
    return TableSource(path, sheet=sheet if sheet and ending in (*WORKBOOK_ENDINGS, ".ods") else None)


def sheets_of(path: str) -> tuple[str, ...]:
    """Sheets of a workbook or tables of a database file, () where there is no choice."""
    ending = Path(path).suffix.lower()
    if ending in WORKBOOK_ENDINGS:
        from ..core.workbook_reading import open_workbook, sheet_names

        book = open_workbook(check_file(path), Path(path).name)
        try:
            return sheet_names(book)
        finally:
            book.close()
    if ending == ".ods":
        data = _open_ods(check_file(path))
        return tuple(data.GetLayer(i).GetName() for i in range(data.GetLayerCount()))
    if ending in TEXT_ENDINGS:
        return ()
    return _tables_in(path)


def _read_layer_file(source, area_texts, max_rows):
    path = check_file(source.path)
    tables = _tables_in(str(path))
    sheet = source.sheet
    if len(tables) > 1 and not sheet:
        samples = {name: _sample(path, name) for name in tables}
        sheet = best_sheet(samples, area_texts)
    elif sheet and tables and sheet not in tables:
        raise TeilhabeError(
            mark("{file} has no table “{table}”. Tables: {tables}."),
            file=path.name,
            table=sheet,
            tables=", ".join(tables),
        )
    layer = _open_layer(path, sheet)
    if not layer.isValid():
        raise TeilhabeError(
            mark(
                "{file} cannot be read as a table. Possible are CSV, TSV, XLSX, XLSM, ODS and every file "
                "that QGIS opens as a layer."
            ),
            file=path.name,
        )
    table = read_layer(layer, area_texts, max_rows)
    return replace(
        table,
        source=replace(source, path=str(path), sheet=sheet if len(tables) > 1 else None, decimal=source.decimal or ","),
        sheets=tables,
    )


def _open_layer(path, table):
    return QgsVectorLayer(f"{path}|layername={table}" if table else str(path), table or path.stem, "ogr")


def _tables_in(path):
    layer = QgsVectorLayer(str(path), "table", "ogr")
    if not layer.isValid():
        return ()
    separator = layer.dataProvider().sublayerSeparator()
    return tuple(entry.split(separator)[1] for entry in layer.dataProvider().subLayers())


def _sample(path, table):
    frame = read_frame(_open_layer(path, table), request=QgsFeatureRequest().setLimit(_SHEET_SAMPLE))
    return frame.astype(object).where(frame.notna(), None).to_numpy().tolist()


def _read_ods(source, area_texts, max_rows, cancelled):
    path = check_file(source.path)
    data = _open_ods(path)
    sheets = tuple(data.GetLayer(i).GetName() for i in range(data.GetLayerCount()))
    if not sheets:
        raise TeilhabeError(mark("{file} holds no sheet with cells."), file=path.name)
    notes, sheet = list(open_elsewhere(path)), source.sheet
    if sheet is None:
        sheet = (
            best_sheet({name: _ods_rows(data, name, _SHEET_SAMPLE)[0] for name in sheets}, area_texts)
            if len(sheets) > 1
            else sheets[0]
        )
        if len(sheets) > 1:
            notes.append(
                Message(mark("{file} has {n} sheets; “{sheet}” was read."), file=path.name, n=len(sheets), sheet=sheet)
            )
    if sheet not in sheets:
        raise TeilhabeError(
            mark("{file} has no sheet “{sheet}”. Sheets: {sheets}."),
            file=path.name,
            sheet=sheet,
            sheets=", ".join(sheets),
        )
    rows, numbers, complete = _ods_rows(data, sheet, max_rows, cancelled)
    # GDAL hands out numbers with a decimal point
    source = replace(source, sheet=sheet, encoding=None, separator=None, decimal=source.decimal or ".")
    return grid_to_table(rows, numbers, source, area_texts, sheets=sheets, notes=notes, complete=complete)


def _open_ods(path):
    from osgeo import gdal

    set_option = getattr(gdal, "SetThreadLocalConfigOption", gdal.SetConfigOption)
    for name, value in _ODS_OPTIONS.items():
        set_option(name, value)
    try:
        data = gdal.OpenEx(str(path), gdal.OF_VECTOR | gdal.OF_READONLY, allowed_drivers=["ODS"])
        layers = data.GetLayerCount() if data is not None else 0
    except RuntimeError:
        data, layers = None, 0
    finally:
        for name in _ODS_OPTIONS:
            set_option(name, None)
    if data is None or not layers:
        raise TeilhabeError(
            mark(
                "{file} cannot be read as an OpenDocument spreadsheet; it may be damaged or protected by "
                "a password. Open it in LibreOffice and save it again."
            ),
            file=path.name,
        )
    return data


def _ods_rows(data, sheet, max_rows=None, cancelled=None):
    layer = data.GetLayerByName(sheet)
    layer.ResetReading()
    rows, numbers = [], []
    for feature in layer:
        if max_rows is not None and len(rows) >= max_rows:
            return rows, numbers, False
        if not len(rows) % 2000:
            check_cancelled(cancelled)
        rows.append([feature.GetField(i) for i in range(feature.GetFieldCount())])
        numbers.append(int(feature.GetFID()))
    return rows, numbers, True
