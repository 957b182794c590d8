"""From the rows of a register, chunk by chunk, to its columns of numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..messages import TeilhabeError, mark
from .house_numbers import fold_suffix, read_house_number
from .register import NONE, AddressRegister
from .street_names import compact, normal_street
from .text_column import TextColumn

#: what a row of a register may tell; all but the street may be missing
COLUMNS = ("street", "number", "suffix", "postcode", "place", "district", "area", "quality", "id", "street_key",
           "x", "y", "row")


class _Texts:
    """Texts that repeat, numbered in the order of their coming; number 0 is “not given”."""

    def __init__(self):
        self.numbers = {"": 0}

    def encode(self, column, fold=str.strip) -> np.ndarray:
        codes, unique = _factorize(column)
        numbers = [self.numbers.setdefault(fold(str(text)), len(self.numbers)) for text in unique]
        return np.array([*numbers, 0], dtype=np.int32)[codes]  # code -1 (missing) takes the last

    def texts(self) -> np.ndarray:
        return np.array(list(self.numbers), dtype=object)


class RegisterBuilder:
    """Collects the rows of a register; texts are held once, rows as numbers.

    Parameters
    ----------
    title, crs, place : str
        See `AddressRegister`.
    """

    def __init__(self, title: str = "", crs: str = "", place: str = ""):
        self.title, self.crs, self.place = title, crs, place
        self.streets, self.places, self.districts = _Texts(), _Texts(), _Texts()
        self.areas, self.suffixes, self.qualities, self.keys = _Texts(), _Texts(), _Texts(), _Texts()
        self.chunks: list[dict[str, np.ndarray]] = []
        self.rows = 0
        self.without_street = 0

    def add(self, chunk: pd.DataFrame) -> None:
        """Take in rows; `chunk` has any of `COLUMNS`, at least ``street``. Rows without one are counted, not kept."""
        codes, names = _factorize(chunk["street"])
        given = np.array([*(bool(str(name).strip()) for name in names), False])[codes]
        self.without_street += int((~given).sum())
        first, self.rows = self.rows + 1, self.rows + len(chunk)
        rows = chunk["row"].to_numpy(np.int64) if "row" in chunk else np.arange(first, self.rows + 1)
        if not given.all():
            chunk = chunk.loc[given]

        def column(name):
            return chunk[name] if name in chunk else np.full(len(chunk), None, dtype=object)

        numbers, in_number = _numbers(column("number"))
        own = self.suffixes.encode(column("suffix"), fold_suffix)
        part = {
            "street": self.streets.encode(chunk["street"]), "place": self.places.encode(column("place")),
            "key": self.keys.encode(column("street_key")), "number": numbers,
            "suffix": np.where(own > 0, own, self.suffixes.encode(in_number)).astype(np.int32),
            "postcode": _postcodes(column("postcode")), "district": self.districts.encode(column("district")),
            "area": self.areas.encode(column("area")), "quality": self.qualities.encode(column("quality")),
            "x": _coordinates(column("x")), "y": _coordinates(column("y")), "row": rows[given],
        }
        if "id" in chunk:
            part["id"] = TextColumn.of(chunk["id"])
        self.chunks.append(part)

    def finish(self, notes: tuple = ()) -> AddressRegister:
        """Return the register; `notes` say what was left out before.

        Raises
        ------
        TeilhabeError
            When no row had a street.
        """
        if not sum(len(chunk["street"]) for chunk in self.chunks):
            raise TeilhabeError(mark("{register}: no row has a street name. Is the column chosen right?"),
                                register=self.title)
        names = list(self.chunks[0])
        columns = {}
        for name in names:  # column by column, so that never more than one lies twice in memory
            parts = [chunk.pop(name) for chunk in self.chunks]
            columns[name] = TextColumn.concatenate(parts) if name == "id" else np.concatenate(parts)
            del parts
        self.chunks = []
        suffixes, numbers = np.unique(self.suffixes.texts(), return_inverse=True)  # “” comes first, then a, b, c
        columns["suffix"] = numbers.ravel().astype(np.int32)[columns["suffix"]]
        streets = self._streets(columns)
        columns["street"] = streets.pop("of_row")
        del columns["place"], columns["key"]
        order = _order(columns)
        for name in names:
            if name in columns:
                columns[name] = columns[name].take(order)
        starts = np.searchsorted(columns["street"], np.arange(len(streets["street_names"]) + 1))
        x, y = columns.pop("x"), columns.pop("y")
        lost = ~(np.isfinite(x) & np.isfinite(y)) | ((x == 0) & (y == 0))
        x[lost] = y[lost] = np.nan
        return AddressRegister(
            title=self.title, crs=self.crs, place=self.place, x=x, y=y, ids=columns.pop("id", TextColumn.of([])),
            street_starts=starts.astype(np.int64), places=self.places.texts(), districts=self.districts.texts(),
            areas=self.areas.texts(), suffixes=suffixes, qualities=self.qualities.texts(),
            notes=tuple(notes), **streets, **columns)

    def _streets(self, columns) -> dict[str, np.ndarray]:
        """Return the streets, told apart by place, normal name and key, and ``of_row``, the street of each row."""
        written = self.streets.texts()
        normal = np.array([normal_street(name) for name in written], dtype=object)
        normal_code, normals = pd.factorize(normal)
        combined = (normal_code[columns["street"]].astype(np.int64) * len(self.places.numbers) + columns["place"])
        combined = combined * len(self.keys.numbers) + columns["key"]
        identities, of_row = np.unique(combined, return_inverse=True)
        key = identities % len(self.keys.numbers)
        place = identities // len(self.keys.numbers) % len(self.places.numbers)
        name = _most_frequent(of_row, columns["street"], len(identities), len(written))
        found = normals[identities // (len(self.keys.numbers) * len(self.places.numbers))].astype(object)
        spelled, first, counts = np.unique(of_row.ravel().astype(np.int64) * len(written) + columns["street"],
                                           return_index=True, return_counts=True)
        other = spelled % len(written) != name[spelled // len(written)]
        return {
            "variant_streets": spelled[other] // len(written), "variant_counts": counts[other],
            "variant_rows": columns["row"][first[other]], "variant_names": written[spelled[other] % len(written)],
            "street_names": written[name], "street_normals": found,
            "street_compacts": np.array([compact(text) for text in found], dtype=object),
            "street_keys": self.keys.texts()[key], "street_places": place.astype(np.int32),
            "of_row": of_row.astype(np.int32).ravel(),
        }


def build_register(frame: pd.DataFrame, title: str = "", crs: str = "", place: str = "") -> AddressRegister:
    """Return the register of one table; `frame` as in `RegisterBuilder.add`."""
    builder = RegisterBuilder(title, crs, place)
    builder.add(frame)
    return builder.finish()


def _factorize(column) -> tuple[np.ndarray, np.ndarray]:
    """Return a code for each row (-1 missing) and the different values in the order of their coming."""
    if not isinstance(getattr(column, "dtype", None), pd.CategoricalDtype):
        return pd.factorize(np.asarray(column, dtype=object))
    codes, used = pd.factorize(column.cat.codes.to_numpy())
    values = np.asarray(column.cat.categories, dtype=object)
    missing = np.flatnonzero(used < 0)
    if not len(missing):
        return codes, values[used]
    gap = missing[0]
    codes = np.where(codes == gap, -1, codes - (codes > gap))
    return codes, values[np.delete(used, gap)]


def _numbers(column) -> tuple[np.ndarray, np.ndarray]:
    """Return house numbers (`NONE` where missing) and the additions that stood in the same column."""
    codes, unique = _factorize(column)
    read = [read_house_number(str(text)) for text in unique]
    numbers = np.array([*(each.number for each in read), NONE], dtype=np.int32)
    suffixes = np.array([*(each.suffix for each in read), ""], dtype=object)
    return numbers[codes], suffixes[codes]


def _postcodes(column) -> np.ndarray:
    codes, unique = _factorize(column)
    digits = [str(value).split(".")[0].strip() for value in unique]
    read = [int(text) if text.isdigit() and 0 < int(text) < 100_000 else NONE for text in digits]
    return np.array([*read, NONE], dtype=np.int32)[codes]


def _coordinates(column) -> np.ndarray:
    values = pd.Series(column)
    if not pd.api.types.is_numeric_dtype(values):
        values = values.astype(str).str.strip().str.replace(",", ".", regex=False)
    return pd.to_numeric(values, errors="coerce").to_numpy(np.float64, copy=True)


def _order(columns) -> np.ndarray:
    """Return the order by street, number, addition, postcode; rows that agree in all stay as they came."""
    place = (columns["street"].astype(np.int64) << 38) | ((columns["number"].astype(np.int64) + 1) << 20)
    return np.lexsort((columns["postcode"], place | columns["suffix"]))


def _most_frequent(group, value, n_groups, n_values) -> np.ndarray:
    """Return the most frequent value of each group, the first among equals."""
    pairs, counts = np.unique(group.ravel().astype(np.int64) * n_values + value, return_counts=True)
    order = np.lexsort((pairs, -counts, pairs // n_values))
    first = order[np.searchsorted((pairs // n_values)[order], np.arange(n_groups))]
    return pairs[first] % n_values
