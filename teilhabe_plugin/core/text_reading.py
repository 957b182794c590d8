"""Rows of a delimited text file: encoding and separator found, every cell kept as text."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter

from .messages import Cancelled, Message, TeilhabeError, mark

SEPARATORS = ("\t", ";", "|", ",")
_SAMPLE_LINES = 60
_CANCEL_EVERY = 5000
_FIRST_LINE = re.compile(r"sep=(.?)[ ]*(?:\r\n|\r|\n|\Z)", re.IGNORECASE)
_FORMULA_TEXT = re.compile(r'\s*="([^"]*)"\s*')


def find_encoding(data):
    """Name the encoding of `data`.

    A byte order mark decides; text that is valid UTF-8 is UTF-8; everything else is Windows-1252,
    the encoding of older German office software.
    """
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    head = data[:4000]
    if head.count(0) > len(head) // 4:
        return "utf-16-le" if head[1::2].count(0) >= head[0::2].count(0) else "utf-16-be"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def decode(data, encoding, file):
    """Decode `data`; bytes that the encoding does not know are an error that names the file."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding == "cp1252" and data[error.start] in b"\x81\x8d\x8f\x90\x9d":
            return data.decode("latin-1")
        raise TeilhabeError(
            mark("{file} is not encoded as {encoding}: byte {position} does not fit. Choose another encoding."),
            file=file,
            encoding=encoding,
            position=error.start + 1,
        ) from error
    except LookupError as error:
        raise TeilhabeError(mark("{file}: unknown encoding “{encoding}”."), file=file, encoding=encoding) from error


def find_separator(text):
    """The separator that splits most lines of the beginning of `text` into equally many cells.

    Tab, semicolon and bar come before the comma, which is also a decimal sign.
    """
    lines = []
    for line in io.StringIO(text[:400_000], newline=None):  # older Macs end lines with CR alone
        if line.strip():
            lines.append(line)
        if len(lines) >= _SAMPLE_LINES:
            break
    best, best_score = ",", (0.0, 0)
    for separator in SEPARATORS:
        counts = Counter(len(row) for row in _records(lines, separator) if row)
        counts.pop(1, None)
        if not counts:
            continue
        width, rows = max(counts.items(), key=lambda item: (item[1], item[0]))
        share = rows / len(lines)
        if share >= 0.8:
            return separator
        if (share, width) > best_score:
            best, best_score = separator, (share, width)
    return best


def _records(lines, separator):
    try:
        return list(csv.reader(lines, delimiter=separator))
    except csv.Error:
        return []


def read_rows(data, source, file, max_rows=None, cancelled=None):
    """Split `data` into rows of text cells.

    Parameters
    ----------
    data : bytes
        Content of the file.
    source : TableSource
        Encoding and separator, where the user has chosen them.
    file : str
        File name for messages.
    max_rows : int, optional
        Stop after this many rows.
    cancelled : callable, optional
        Returns True when the user gives up.

    Returns
    -------
    rows : list of list of str
    numbers : list of int
        Line on which each row starts, from 1.
    encoding, separator : str
    complete : bool
    notes : list of Message
    """
    notes = []
    encoding = source.encoding or find_encoding(data)
    text = decode(data, encoding, file)
    if "\x00" in text:
        raise TeilhabeError(
            mark("{file} is not a text table (it holds binary data). Export it as CSV or XLSX first."), file=file
        )
    text = text.lstrip("\ufeff")
    separator, skipped = source.separator, 0
    first = _FIRST_LINE.match(text)
    if first:
        separator = separator or first.group(1) or "\t"
        text, skipped = text[first.end() :], 1
    separator = separator or find_separator(text)
    if len(separator) != 1 or separator in '\r\n"':
        raise TeilhabeError(
            mark("{file}: the separator must be one character, not “{separator}”."), file=file, separator=separator
        )
    rows, numbers, start, complete = [], [], 1 + skipped, True
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    csv.field_size_limit(max(csv.field_size_limit(), 10_000_000))
    try:
        for row in reader:
            rows.append(row)
            numbers.append(start)
            start = reader.line_num + 1 + skipped
            if max_rows is not None and len(rows) >= max_rows:
                complete = False
                break
            if cancelled is not None and len(rows) % _CANCEL_EVERY == 0 and cancelled():
                raise Cancelled()
    except csv.Error as error:
        raise TeilhabeError(
            mark("{file}, line {line}: the text cannot be split into cells ({why})."),
            file=file,
            line=start,
            why=str(error),
        ) from error
    if complete:
        _check_closed(text, numbers, separator, file, skipped)
    notes.extend(_open_quote(numbers, start, file))
    if '="' in text:
        rows = [[_formula_text(cell) for cell in row] for row in rows]
    return rows, numbers, encoding, separator, complete, notes


def _check_closed(text, numbers, separator, file, skipped):
    """Refuse a quotation mark that is never closed: it swallows all rows from there to the end of the file."""
    if not numbers or '"' not in text:
        return
    lines = io.StringIO(text, newline="").readlines()[numbers[-1] - 1 - skipped :]
    if len(lines) < 2 or not "".join(lines[1:]).strip():
        return
    try:
        list(csv.reader(lines, delimiter=separator, strict=True))
    except csv.Error as error:
        if "end of data" in str(error):
            raise TeilhabeError(
                mark(
                    "{file}, line {line}: a quotation mark is opened here and never closed, so that the {n} lines "
                    "below it would be lost. Correct the line."
                ),
                file=file,
                line=numbers[-1],
                n=len(lines) - 1,
            ) from error


def _formula_text(cell):
    """``="0101"`` keeps a spreadsheet from taking zeros away; the text in it is meant."""
    found = _FORMULA_TEXT.fullmatch(cell)
    return found.group(1) if found else cell


def _open_quote(numbers, end, file):
    """A quotation mark that is never closed swallows the rest of the file: say so."""
    for line, following in zip(numbers, numbers[1:] + [end]):
        if following - line > 50:
            yield Message(
                mark("{file}, line {line}: one cell runs over {n} lines. Is a quotation mark not closed?"),
                file=file,
                line=line,
                n=following - line,
            )
