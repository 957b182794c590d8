"""The indicator catalogue read back from the workbook that people edited; every complaint names the cell."""
from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from pathlib import Path

from openpyxl import load_workbook

from .catalogue import FORMAT, Catalogue
from .catalogue_reading import catalogue_at
from .json_reading import Place
from .messages import Message, TeilhabeError, mark
from .workbook_reading import open_workbook

NUMBERS = ("factor", "pool_years", "minimum_denominator")
#: fields that must be filled, by the sheet they stand in
REQUIRED = {"indicators": ("number", "name"), "history": ("version", "date", "change")}
_GERMAN_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})\Z")


def read_workbook(path: str | Path, words_by_language: dict[str, dict], name: str = "") -> Catalogue:
    """Read a catalogue back from its workbook.

    Parameters
    ----------
    path : path
    words_by_language : dict
        Language → words; the names of the sheets tell which one it is.
    name : str, optional
        What the file is called in messages; its path by default.

    Raises
    ------
    TeilhabeError
        When the file is no workbook of a catalogue, or a cell holds what cannot be; names sheet, row, column, value.
    """
    name = name or str(path)
    open_workbook(path, name).close()
    book = load_workbook(path)
    words = next((each for each in words_by_language.values() if each["sheets"]["indicators"] in book.sheetnames), None)
    sheets = [] if words is None else [words["sheets"][part] for part in ("indicators", "history", "catalogue")]
    lacking = [each for each in sheets if each not in book.sheetnames]
    if words is None or lacking:
        wanted = lacking or [each["sheets"]["indicators"] for each in words_by_language.values()]
        raise TeilhabeError(mark("{file} has no sheet “{sheet}”. Sheets: {sheets}."), file=name,
                            sheet="”/“".join(wanted), sheets=", ".join(book.sheetnames))
    return _Reader(name, book, words).catalogue()


@dataclass
class _Cell:
    """A cell, and how to complain about it."""

    file: str
    sheet: str
    row: int
    column: str
    value: object = None
    is_formula: bool = False

    def fail(self, problem: Message):
        raise TeilhabeError(
            mark("{file}, sheet “{sheet}”, row {row}, column “{column}”: {problem}"),
            file=self.file, sheet=self.sheet, row=self.row, column=self.column, problem=problem,
        )

    @property
    def is_empty(self) -> bool:
        return self.value is None or (isinstance(self.value, str) and not self.value.strip())

    def text(self) -> str:
        """Return the cell's text; a whole number counts as text."""
        if self.is_formula:
            self.fail(Message(mark("a formula stands here. Replace it by its value.")))
        if self.is_empty:
            return ""
        if isinstance(self.value, (datetime.date, datetime.time, float, bool)):
            self.fail(Message(mark("“{value}” is no text. Format the cell as text and type it anew."),
                              value=self.value))
        return str(self.value).replace("\r\n", "\n").replace("_x000D_", "").strip()

    def number(self) -> float:
        """Return the cell's number; digits typed as text count, with a decimal comma too."""
        if isinstance(self.value, (int, float)) and not isinstance(self.value, bool):
            return self.value
        text = self.text().replace(",", ".")
        if not re.fullmatch(r"-?\d+(\.\d+)?", text):
            self.fail(Message(mark("a number is expected, found “{value}”."), value=self.value))
        return float(text)

    def date(self) -> str:
        """Return the date in ISO form."""
        if isinstance(self.value, datetime.date):  # a datetime is one, too
            return self.value.strftime("%Y-%m-%d")
        text = self.text()
        found = _GERMAN_DATE.match(text)
        return "{2}-{1:0>2}-{0:0>2}".format(*found.groups()) if found else text

    def choice(self, texts: dict) -> str:
        """Return the value that one of the list's texts stands for."""
        text = self.text().casefold()
        for value, shown in texts.items():
            if text == shown.casefold():
                return value
        return self.fail(Message(mark("“{value}” is not possible. Possible are: {choices}."), value=self.value,
                                 choices=", ".join(texts.values())))


class _Reader:
    """From cells to the JSON values of a catalogue, remembering which cell each one came from."""

    def __init__(self, name: str, book, words: dict):
        self.name, self.book, self.words = name, book, words
        self.cells: dict[str, _Cell] = {}

    def catalogue(self) -> Catalogue:
        values = self.master_data()
        values["indicators"] = [self.indicator(i, row) for i, row in enumerate(self.rows("indicators"))]
        values["history"] = [self.values("history", i, row) for i, row in enumerate(self.rows("history"))]
        try:
            return catalogue_at(Place(values, "$", self.name))
        except TeilhabeError as error:
            self.complain(error)
            raise

    def complain(self, error: TeilhabeError) -> None:
        """Raise the error again with the cell in place of the JSON path, where there is one."""
        details = error.message.details
        path = details.get("path", "").replace(".calculation", "")
        cell = self.cells.get(path)
        if cell is not None and "problem" in details:
            try:
                cell.fail(details["problem"])
            except TeilhabeError as located:
                raise located from error

    def rows(self, part: str):
        """Yield the rows of a sheet that are not empty: field → cell."""
        sheet = self.book[self.words["sheets"][part]]
        headings = self.headings(part, sheet)
        for row in sheet.iter_rows(min_row=2):
            cells = {
                headings[cell.column]: _Cell(self.name, sheet.title, cell.row,
                                             self.words[part][headings[cell.column]][0], cell.value,
                                             cell.data_type == "f")
                for cell in row if cell.column in headings
            }
            if any(not cell.is_empty for cell in cells.values()):
                yield cells

    def headings(self, part: str, sheet) -> dict[int, str]:
        fields = {_folded(heading): field for field, (heading, _) in self.words[part].items()}
        found: dict[int, str] = {}
        for cell in sheet[1]:
            if cell.value is None:
                continue
            field = fields.get(_folded(cell.value))
            place = _Cell(self.name, sheet.title, 1, cell.column_letter)
            if field is None:
                place.fail(Message(mark("the heading “{value}” is not known. Possible are: {choices}."),
                                   value=cell.value,
                                   choices=", ".join(heading for heading, _ in self.words[part].values())))
            if field in found.values():
                place.fail(Message(mark("the heading “{value}” is there twice."), value=cell.value))
            found[cell.column] = field
        for field, (heading, _) in self.words[part].items():
            if field not in found.values():
                _Cell(self.name, sheet.title, 1, heading).fail(Message(mark("this column is missing.")))
        return found

    def indicator(self, i: int, row: dict[str, _Cell]) -> dict:
        values = self.values("indicators", i, row)
        calculation = {name: values.pop(name) for name in ("kind", "numerator", "denominator", "factor")
                       if name in values}
        return {**values, "calculation": calculation} if calculation else values

    def values(self, part: str, i: int, row: dict[str, _Cell]) -> dict:
        found = {}
        for name, cell in row.items():
            self.cells[f"$.{part}[{i}].{name}"] = cell
            if cell.is_empty:
                if name in REQUIRED[part]:
                    found[name] = ""  # so that the complaint names this cell
                continue
            if name in NUMBERS:
                found[name] = cell.number()
            elif name in self.words["values"]:
                found[name] = cell.choice(self.words["values"][name])
            elif name == "date":
                found[name] = cell.date()
            elif name == "dimension":
                found[name] = self.dimension(cell)
            else:
                found[name] = cell.text()
        return found

    def dimension(self, cell: _Cell) -> str:
        """Return the number of the dimension that a cell names by number, name or both."""
        text = _folded(cell.text())
        for label in self.dimensions:
            if text in (_folded(label), *(_folded(part) for part in label.split(None, 1))):
                return label.split(None, 1)[0]
        return cell.fail(Message(mark("“{value}” is not possible. Possible are: {choices}."), value=cell.value,
                                 choices=", ".join(self.dimensions)))

    def master_data(self) -> dict:
        sheet = self.book[self.words["sheets"]["catalogue"]]
        fields = {_folded(label): name for name, label in self.words["catalogue"].items()}
        values: dict = {"format": FORMAT}
        for label, content in sheet.iter_rows(min_row=2, max_col=2):
            name = fields.get(_folded(label.value or ""))
            if name is None:
                continue
            cell = _Cell(self.name, sheet.title, content.row, str(label.value), content.value,
                         content.data_type == "f")
            self.cells[f"$.{name}"] = cell
            if not cell.is_empty:
                values[name] = (cell.choice(self.words["values"]["language"]) if name == "language"
                                else cell.date() if name == "date" else cell.text())
            elif name in ("id", "title"):
                values[name] = ""
        self.dimensions, dimensions = [], []
        heading = self.words["headings"]["dimensions"]
        for (found,) in sheet.iter_rows(min_row=2, min_col=4, max_col=4):
            cell = _Cell(self.name, sheet.title, found.row, heading, found.value, found.data_type == "f")
            if cell.is_empty:
                continue
            number, _, title = cell.text().partition(" ")
            if not title:
                cell.fail(Message(mark("number and name are expected, such as “3 Health”, found “{value}”."),
                                  value=cell.value))
            self.cells[f"$.dimensions[{len(dimensions)}].title"] = cell
            self.cells[f"$.dimensions[{len(dimensions)}].number"] = cell
            dimensions.append({"number": number, "title": title.strip()})
            self.dimensions.append(cell.text())
        values["dimensions"] = dimensions
        return values


def _folded(text) -> str:
    return " ".join(str(text).split()).casefold()
