"""Lines of a text file, each made as wide as the table; lines with a cell too many are counted and left blank."""

from __future__ import annotations

import codecs
import csv
import gzip
import io

from .register_formats import Layout


class TextRows:
    """The rows of a text file, for pandas to read from.

    Parameters
    ----------
    raw : binary file
        Packed with gzip or not.
    layout : Layout
    encoding : str

    Attributes
    ----------
    broken : list of int
        Number of lines with more cells than the table has columns, and the first of them.
    """

    def __init__(self, raw, layout: Layout, encoding: str):
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        encoding = "utf-8-sig" if encoding.lower().replace("-", "") == "utf8" else encoding
        bare = gzip.GzipFile(fileobj=raw) if packed else raw
        self.text = io.TextIOWrapper(bare, encoding, "strict" if encoding != "cp1252" else "cp1252_or_latin1",
                                     newline="")
        self.separator, self.quoted = layout.separator, layout.quoted
        self.between = len(layout.headings) - 1
        self.line, self.skip = 1, layout.skip
        self.open_quote = False
        csv.field_size_limit(max(csv.field_size_limit(), 10_000_000))
        self.broken = [0, 0]

    def __enter__(self):
        for _ in range(self.skip):
            self.text.readline()
        self.line += self.skip
        return self

    def __exit__(self, *error):
        self.text.close()

    def __iter__(self):
        return iter(self.read, "")

    def read(self, size: int = -1) -> str:
        """Return whole lines, about so many characters."""
        block = self.text.read(size)
        if not block:
            return ""
        if not block.endswith("\n"):
            block += self.text.readline()
        lines = block.count("\n") + (not block.endswith("\n"))
        if block.count(self.separator) == self.between * lines and not self.open_quote \
                and not (self.quoted and '"' in block):
            self.line += lines
            return block
        if self.quoted and not self.open_quote and self._regular(block):
            self.line += lines
            return block
        return "".join(self._checked(line) for line in io.StringIO(block, newline=""))

    def _regular(self, block: str) -> bool:
        """Whether all rows of a block with quotation marks are as wide as the table and end in it."""
        if block.count('"') % 2:
            return False
        try:
            return all(len(row) == self.between + 1
                       for row in csv.reader(io.StringIO(block, newline=""), delimiter=self.separator))
        except csv.Error:
            return False

    def _cells(self, line: str) -> list[str]:
        if not self.quoted or '"' not in line:
            return line.rstrip("\r\n").split(self.separator)
        try:
            return next(csv.reader([line], delimiter=self.separator), [])
        except csv.Error:
            return line.rstrip("\r\n").split(self.separator)

    def _checked(self, line: str) -> str:
        number, self.line = self.line, self.line + 1
        if self.quoted and '"' in line or self.open_quote:
            self.open_quote ^= line.count('"') % 2 == 1
            if self.open_quote or line.count('"') % 2:
                return line  # a cell with line breaks
        cells = self._cells(line)
        missing = self.between + 1 - len(cells)
        if not missing or not line.strip():
            return line
        body = line.rstrip("\r\n")
        end = line[len(body):]
        if missing > 0:
            return body + self.separator * missing + end
        if any(cell.strip() for cell in cells[missing:]):
            if not self.broken[0]:
                self.broken[1] = number
            self.broken[0] += 1
            return end
        bare = body.rstrip(self.separator + " ")
        return bare + self.separator * (self.between + 1 - len(self._cells(bare))) + end


def _latin1_gap(error: UnicodeError):
    """Windows-1252 has gaps; a byte in one of them is read as Latin-1 reads it."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start:error.end].decode("latin-1"), error.end


codecs.register_error("cp1252_or_latin1", _latin1_gap)
