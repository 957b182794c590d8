"""Reading the file of an address register, chunk by chunk, into columns of numbers."""

from __future__ import annotations

import codecs
import csv
import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Callable

import numpy as np
import pandas as pd

from ..messages import TeilhabeError, check_cancelled, mark
from ..table_reading import WORKBOOK_ENDINGS, check_file, read_table
from ..table_source import TableSource
from ..text_reading import decode
from .register import AddressRegister
from .register_formats import Layout, check_layout, layout_of_table, recognise
from .register_lines import TextRows
from .register_rows import Rows
from .register_source import RegisterSource

#: endings of text files that are read here
TEXT_ENDINGS = (".csv", ".tsv", ".txt", ".tab", ".hk", ".asc")
_FIRST_BYTES = 400_000
_FIRST_LINES = 200
#: to show the first rows, so much of a file is looked at for its encoding
_LOOK_BYTES = 1 << 22
_BLOCK = 1 << 20
CHUNK_ROWS = 100_000


def is_register_file(path: str) -> bool:
    """Whether core reads this file itself: text files, packed or not, and Excel workbooks."""
    name = Path(path).name.lower()
    return name.removesuffix(".gz").endswith(TEXT_ENDINGS) or name.endswith(WORKBOOK_ENDINGS)


def read_register(source: RegisterSource, progress: Callable[[float], None] | None = None,
                  cancelled: Callable[[], bool] | None = None, chunk_rows: int = CHUNK_ROWS) -> AddressRegister:
    """Read a register from a text file or workbook.

    Raises
    ------
    TeilhabeError
        Names file, row, column and value.
    """
    path = check_file(source.path)
    if path.name.lower().endswith(WORKBOOK_ENDINGS):
        return _read_workbook(source, cancelled)
    encoding = source.encoding or find_file_encoding(path)
    layout = recognise(first_lines(path, source, encoding), source)
    check_layout(layout, source.name)
    rows = Rows(source, layout)
    for chunk in _chunks(path, source, layout, encoding, chunk_rows, progress):
        check_cancelled(cancelled)
        rows.add(chunk)
    return rows.finish()


def describe_file(source: RegisterSource) -> tuple[Layout, pd.DataFrame]:
    """Return the layout of a file and its first rows as they stand there."""
    path = check_file(source.path)
    if path.name.lower().endswith(WORKBOOK_ENDINGS):
        table = read_table(TableSource(source.path, sheet=source.table or None), max_rows=_FIRST_LINES)
        return layout_of_table(table.columns, table.cells, source), table.cells
    encoding = source.encoding or find_file_encoding(path, _LOOK_BYTES)
    layout = recognise(first_lines(path, source, encoding), source)
    chunk = next(_chunks(path, source, layout, encoding, _FIRST_LINES, None, every_column=True), None)
    if chunk is None:
        return layout, pd.DataFrame(columns=list(layout.headings))
    return layout, chunk.drop(columns="row")


def open_bytes(path: Path):
    """Open a file for reading, unpacked when it is packed with gzip."""
    with open(path, "rb") as stream:
        packed = stream.read(2) == b"\x1f\x8b"
    return gzip.open(path, "rb") if packed else open(path, "rb")


def find_file_encoding(path: Path, most_bytes: float = float("inf")) -> str:
    """Name the encoding of a file: UTF-8 when all of it is, otherwise that of older German office software.

    Parameters
    ----------
    path : Path
    most_bytes : float
        Look at the beginning only.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with open_bytes(path) as stream:
            first = stream.read(4)
            if first.startswith(codecs.BOM_UTF8):
                return "utf-8-sig"
            if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                return "utf-16"
            decoder.decode(first)
            seen = len(first)
            while block := stream.read(_BLOCK):
                decoder.decode(block)
                seen += len(block)
                if seen >= most_bytes:
                    return "utf-8"
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise _damaged(path) from error
    return "utf-8"


def first_lines(path: Path, source: RegisterSource, encoding: str) -> list[str]:
    """Return the first lines of a text file."""
    try:
        with open_bytes(path) as stream:
            data = stream.read(_FIRST_BYTES)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise _damaged(path) from error
    if data[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        raise TeilhabeError(mark("{file} is an Excel file or an archive with the wrong ending. Unpack it, or rename it "
                                 "to .xlsx."), file=source.name)
    if len(data) == _FIRST_BYTES and b"\n" in data:
        data = data[:data.rindex(b"\n") + 1] if not encoding.startswith("utf-16") else data
    text = _decoded(data, encoding, source.name)
    if "\x00" in text:
        raise TeilhabeError(mark("{file} is not a text table (it holds binary data). Export it as CSV or XLSX first."),
                            file=source.name)
    lines = text.lstrip("\ufeff").splitlines()
    if not any(line.strip() for line in lines):
        raise TeilhabeError(mark("{file} holds no rows."), file=source.name)
    return lines[:_FIRST_LINES]


def _decoded(data: bytes, encoding: str, file: str) -> str:
    if encoding.startswith("utf-16") and len(data) % 2:
        data = data[:-1]
    return decode(data, encoding, file)


def _damaged(path: Path) -> TeilhabeError:
    return TeilhabeError(mark("{file} is damaged: it cannot be unpacked. Copy or download it again."), file=path.name)


def _chunks(path, source, layout: Layout, encoding, chunk_rows, progress, every_column=False) -> Iterator[pd.DataFrame]:
    """Yield the rows as texts; the column ``row`` holds the line of the file."""
    wanted = list(layout.headings) if every_column else list(dict.fromkeys(layout.columns.values()))
    numeric = {layout.columns.get("x"), layout.columns.get("y")}
    as_text = {layout.columns.get("id"), layout.columns.get("address")}
    kinds = {name: (object if name in as_text or every_column else "category")
             for name in wanted if every_column or name not in numeric}
    size = path.stat().st_size
    first = layout.skip + 1
    try:
        with open(path, "rb") as raw, TextRows(raw, layout, encoding) as lines:
            reader = pd.read_csv(
                lines, sep=layout.separator, header=None, names=list(layout.headings), usecols=wanted, dtype=kinds,
                skip_blank_lines=False, chunksize=chunk_rows, keep_default_na=False, na_values=[""], low_memory=False,
                decimal="." if layout.separator == "," else ",", engine="c",
                quoting=csv.QUOTE_MINIMAL if layout.quoted else csv.QUOTE_NONE)
            with reader:
                for chunk in reader:
                    chunk["row"] = np.arange(first, first + len(chunk))
                    first += len(chunk)
                    chunk.attrs["broken"] = lines.broken
                    yield chunk
                    if progress is not None:
                        progress(100 * raw.tell() / max(size, 1))
    except pd.errors.EmptyDataError:
        return
    except UnicodeDecodeError as error:
        raise TeilhabeError(mark("{file} is not encoded as {encoding}; the first bad byte stands after line {line}. "
                                 "Choose another encoding."),
                            file=source.name, encoding=encoding, line=first - 1) from error
    except ValueError as error:  # pandas: an open quotation mark and the like
        raise TeilhabeError(mark("{file}, after line {line}: the text cannot be split into cells ({why})."),
                            file=source.name, line=first - 1, why=str(error).strip()) from error
    except LookupError as error:
        raise TeilhabeError(mark("{file}: unknown encoding “{encoding}”."),
                            file=source.name, encoding=encoding) from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise _damaged(path) from error


def _read_workbook(source: RegisterSource, cancelled) -> AddressRegister:
    table = read_table(TableSource(source.path, sheet=source.table or None), cancelled=cancelled)
    layout = layout_of_table(table.columns, table.cells.head(500), source)
    check_layout(layout, source.name)
    rows = Rows(source, layout, notes=table.notes)
    frame = table.cells.copy()
    frame["row"] = table.row_numbers
    rows.add(frame)
    return rows.finish()
