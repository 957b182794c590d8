"""From the raw rows of a register's table to the columns a register is built of; what is left out is counted."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from ..messages import Message, TeilhabeError, mark
from .register import AddressRegister
from .register_building import RegisterBuilder
from .register_coordinates import Coordinates
from .register_formats import Layout
from .register_source import TABLE, RegisterSource

#: no name of a street or place is as long as this
LONGEST = 200
_FORMULA = re.compile(r"^(?:=|#\?$|#(?:NAME\?|NV|N/A|REF!|BEZUG!|WERT!|VALUE!|DIV/0!|NULL!|ZAHL!|NUM!)$)")
#: umlauts that were read in the wrong encoding, once or twice
_GARBLED = re.compile("Ã[\u0080-\u00bf\u0152\u0153\u0178\u2013\u201e\u0160\u0161\u2022]|\ufffd")
_QUOTED_FORMULA = re.compile(r'^="([^"]*)"$')
_HOUSE = r"[\s,]+(\d{1,5}\s*[a-zA-Z]?(?:\s*[-–/+]\s*\d{0,5}\s*[a-zA-Z]?)*)$"
#: street and number; the second form is for streets that are numbers themselves (“Straße 5 12”)
_NUMBER_TAILS = (re.compile(r"^(.*[^\W\d_][.)]?)" + _HOUSE), re.compile(r"^(.*[^\W_])" + _HOUSE))
_NAME_TAIL = re.compile(r"^(?:[a-zäöü(/]|[A-ZÄÖÜ][a-zäöü]*\.)")
_KEY_PARTS = ("KEY_1", "KEY_2", "KEY_3", "KEY_4", "KEY_5")
#: headings of coordinates that are the geometries of a layer
_GEOMETRY_X, _GEOMETRY_Y = "\x00x", "\x00y"
_TEXTS = ("street", "number", "suffix", "postcode", "place", "district", "area", "quality", "street_key")

#: why rows were left out, in the order of the notes
_LEFT_OUT = {
    "deleted": mark("{file}: {n} rows are marked as deleted (NBA = L) and were left out, the first is row {row}."),
    "broken": mark("{file}: {n} rows have more cells than the table has columns and were left out, the first is row "
                   "{row}."),
    "long": mark("{file}: in {n} rows a cell has more than {most} letters; they were left out, the first is row "
                 "{row}."),
    "formula": mark("{file}: in {n} rows a formula or an error stands in place of the street; they were left out, the "
                    "first is row {row}."),
    "empty": mark("{file}: {n} rows have no street and were left out, the first is row {row}."),
}


class Rows:
    """Takes the rows of one register.

    Parameters
    ----------
    source : RegisterSource
    layout : Layout
        What the columns mean.
    title : str
        Name of the register; that of the source when empty.
    notes : iterable of Message
        What is known already.
    """

    def __init__(self, source: RegisterSource, layout: Layout, title: str = "", notes=()):
        self.title, self.layout = title or source.name, layout
        self.builder = RegisterBuilder(self.title, source.crs, source.place)
        columns = layout.columns
        self.coordinates = Coordinates(self.title, source.crs, columns.get("x", "x"), columns.get("y", "y"),
                                       by_form=layout.form != TABLE)
        self.left_out = {reason: [0, 0] for reason in _LEFT_OUT}
        self.given_notes = tuple(notes)
        self.rows = 0

    def add(self, frame: pd.DataFrame) -> None:
        """Take in rows as they stand in the table, with their row numbers in the column ``row``."""
        columns = self.layout.columns
        rows = frame["row"].to_numpy(np.int64)
        texts = list(dict.fromkeys(columns.values()))
        blank = frame[texts].isna().to_numpy().all(axis=1) if texts else np.zeros(len(frame), bool)
        self.rows += int((~blank).sum())
        keep = ~blank
        if frame.attrs.get("broken"):  # such lines arrive blank
            self.left_out["broken"] = list(frame.attrs["broken"])
        if "KIND" in columns:
            self._leave_out("deleted", keep, _matches(frame[columns["KIND"]], lambda text: text.upper() == "L"), rows)
        found = {name: _text_column(frame[columns[name]]) for name in _TEXTS if name in columns}
        if "address" in columns:
            street, number = _split_address(frame[columns["address"]])
            found.setdefault("street", street)
            found.setdefault("number", number)
        street = found["street"]
        long = [_matches(column, lambda text: len(text) > LONGEST) for column in found.values()]
        self._leave_out("long", keep, np.any(long, axis=0), rows)
        self._leave_out("formula", keep, _matches(street, lambda text: bool(_FORMULA.match(text))), rows)
        given = _matches(street, lambda text: bool(text.strip()))
        self._leave_out("empty", keep, ~given, rows)
        if "PLACE_TAIL" in columns:
            self._add_tail(found, frame[columns["PLACE_TAIL"]])
        if all(part in columns for part in _KEY_PARTS) and "street_key" not in found:
            found["street_key"] = _joined([frame[columns[part]] for part in _KEY_PARTS])
        table = pd.DataFrame(found)
        if "id" in columns:
            table["id"] = frame[columns["id"]].to_numpy(object)
        table["row"] = rows
        table = table[keep]
        if "x" in columns and "y" in columns:
            table["x"], table["y"] = self._coordinates(frame, table, keep)
        self.builder.add(table)

    def add_points(self, frame: pd.DataFrame, x: np.ndarray, y: np.ndarray, crs: str) -> None:
        """Take in the rows of a layer whose coordinates are its geometries; `crs` is "" when the layer has none."""
        columns = {name: column for name, column in self.layout.columns.items() if name not in ("x", "y")}
        self.layout = Layout(self.layout.form, self.layout.headings, {**columns, "x": _GEOMETRY_X, "y": _GEOMETRY_Y})
        if crs:
            self.coordinates = _AsGiven(crs)
        self.add(frame.assign(**{_GEOMETRY_X: x, _GEOMETRY_Y: y}))

    def finish(self) -> AddressRegister:
        """Return the register with its notes.

        Raises
        ------
        TeilhabeError
            When there were no rows, or none with a street.
        """
        if not self.rows:
            raise TeilhabeError(mark("{file} holds no rows."), file=self.title)
        self.builder.crs = self.coordinates.crs or self.builder.crs
        notes = list(self.given_notes)
        for reason, template in _LEFT_OUT.items():
            count, first = self.left_out[reason]
            if count:
                details = {"most": LONGEST} if reason == "long" else {}
                notes.append(Message(template, file=self.title, n=count, row=first, **details))
        garbled = [name for name in self.builder.streets.numbers if _GARBLED.search(name)]
        if garbled:
            notes.append(Message(mark("{file}: {n} names of streets look garbled, such as “{name}”. The file, or its "
                                      "encoding as it was chosen, is wrong; try UTF-8 or Latin-1."),
                                 file=self.title, n=len(garbled), name=garbled[0]))
        return self.builder.finish((*notes, *self.coordinates.notes()))

    def _leave_out(self, reason, keep, wrong, rows) -> None:
        """Take rows out of `keep` and count them under the first reason that holds."""
        wrong = wrong & keep
        count = int(wrong.sum())
        if count:
            if not self.left_out[reason][0]:
                self.left_out[reason][1] = int(rows[wrong.argmax()])
            self.left_out[reason][0] += count
            keep &= ~wrong

    def _coordinates(self, frame, table, keep):
        columns = self.layout.columns
        zone = frame[columns["ZONE"]][keep] if "ZONE" in columns else None
        x, y = (frame[columns[name]][keep] for name in ("x", "y"))
        return self.coordinates.read(x, y, table["row"].to_numpy(), zone,
                                     table.get("postcode"))

    def _add_tail(self, found, tail) -> None:
        """Put the addition to a place's name behind it (“Mülheim” + “an der Ruhr”); others name the district."""
        place = found.get("place")
        tail = _text_column(tail)
        is_name = _matches(tail, lambda text: bool(_NAME_TAIL.match(text)))
        if place is not None and is_name.any():
            found["place"] = _joined([place, tail.where(pd.Series(is_name, index=tail.index))], " ")
        if "district" in found:
            district = found["district"].astype(object)
            found["district"] = district.where(district.notna(), tail.astype(object).where(~is_name))
        else:
            found["district"] = tail.astype(object).where(~is_name)


class _AsGiven:
    """Coordinates that a layer gives; nothing is to be found out about them."""

    def __init__(self, crs: str):
        self.crs = crs

    def read(self, x, y, rows, zone=None, postcode=None):
        """Return both as they are."""
        return x.to_numpy(np.float64), y.to_numpy(np.float64)

    def notes(self) -> list[Message]:
        """Return nothing: nothing was assumed."""
        return []


def _is_category(column) -> bool:
    return isinstance(column.dtype, pd.CategoricalDtype)


def _by_text(column: pd.Series):
    """Return codes and the different texts; code -1 is missing."""
    if _is_category(column):
        return column.cat.codes.to_numpy(), np.asarray(column.cat.categories, dtype=object)
    return pd.factorize(column.to_numpy(object))


def _matches(column: pd.Series, test) -> np.ndarray:
    """Return where the text passes the test; missing ones do not. Every different text is tested once."""
    codes, texts = _by_text(column)
    return np.array([*(test(str(text)) for text in texts), False], dtype=bool)[codes]


def _text_column(column: pd.Series) -> pd.Series:
    """Return a column of texts as a spreadsheet meant them: ``="0101"`` is 0101, 1100309.0 is 1100309."""
    codes, texts = _by_text(column)
    plain = [_plain(text) for text in texts]
    if _is_category(column) and all(new is old for new, old in zip(plain, texts)):
        return column
    plain = np.array([*plain, None], dtype=object)
    return pd.Series(plain[codes], index=column.index, dtype=object).astype("category")


def _plain(text):
    if isinstance(text, str):
        found = _QUOTED_FORMULA.match(text) if text.startswith('="') else None
        return found[1] if found else text
    if isinstance(text, (float, np.floating)):
        return str(int(text)) if float(text).is_integer() else f"{text:.15g}"
    return str(text)


def _split_address(column: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Split “Ackerstraße 12 a, 10115 Berlin” into street and number; what follows a comma is no part of them."""
    codes, texts = _by_text(column)
    streets, numbers = [], []
    for text in texts:
        line = str(text).split(",")[0].strip()
        tails = () if len(line) > LONGEST else _NUMBER_TAILS
        found = next(filter(None, (tail.match(line) for tail in tails)), None)
        streets.append(found[1].strip() if found else line)
        numbers.append(found[2] if found else None)
    return tuple(pd.Series(np.array([*parts, None], dtype=object)[codes], index=column.index, dtype=object)
                 for parts in (streets, numbers))


def _joined(columns, between: str = "") -> pd.Series:
    """Return the texts of several columns put together; missing ones count as empty."""
    combined, parts = np.zeros(len(columns[0]), dtype=np.int64), []
    for column in columns:
        codes, texts = _by_text(column)
        combined = combined * (len(texts) + 1) + codes + 1
        parts.append((codes, texts))
    different, first, of_row = np.unique(combined, return_index=True, return_inverse=True)
    joined = []
    for row in first:
        words = ["" if codes[row] < 0 else str(texts[codes[row]]).strip() for codes, texts in parts]
        joined.append(between.join(word for word in words if word) or None)
    return pd.Series(np.array(joined, dtype=object)[of_row.ravel()], index=columns[0].index).astype("category")
