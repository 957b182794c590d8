"""Coordinates of a register: numbers from texts, and the reference system that their size betrays."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from ..messages import Message, TeilhabeError, mark

DEGREES = "EPSG:4326"
#: easting of UTM with the zone in front, by zone
WITH_ZONE = {32: "EPSG:4647", 33: "EPSG:5650"}
#: and without it
WITHOUT_ZONE = {32: "EPSG:25832", 33: "EPSG:25833"}
_GAUSS_KRUEGER = {2: "EPSG:31466", 3: "EPSG:31467", 4: "EPSG:31468", 5: "EPSG:31469"}
_EUROPE, _WEB = "EPSG:3035", "EPSG:3857"
#: kinds of size
UNKNOWN, DEGREE, UTM, ZONE_32, ZONE_33, GAUSS, LAEA, WEB = range(8)
_KIND_OF_CRS = {DEGREES: DEGREE, "EPSG:4258": DEGREE, "EPSG:25832": UTM, "EPSG:25833": UTM, "EPSG:32632": UTM,
                "EPSG:32633": UTM, "EPSG:4647": ZONE_32, "EPSG:5650": ZONE_33, _EUROPE: LAEA, _WEB: WEB,
                **dict.fromkeys(_GAUSS_KRUEGER.values(), GAUSS)}


def kinds_of(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return for each pair what kind of coordinates of a place in or near Germany it can be."""
    kinds = np.full(len(x), UNKNOWN, dtype=np.int8)
    north = (y > 5_000_000) & (y < 6_300_000)
    kinds[(x > 3) & (x < 18) & (y > 45) & (y < 57)] = DEGREE
    kinds[(x > 500_000) & (x < 1_800_000) & (y > 5_900_000) & (y < 7_500_000)] = WEB
    kinds[(x > 3_900_000) & (x < 4_800_000) & (y > 2_500_000) & (y < 3_700_000)] = LAEA
    kinds[(x > 2_300_000) & (x < 5_900_000) & north] = GAUSS
    kinds[(x > -200_000) & (x < 1_000_000) & (np.abs(x) > 1000) & north] = UTM
    kinds[(x > 32_000_000) & (x < 33_000_000) & north] = ZONE_32
    kinds[(x > 33_000_000) & (x < 34_000_000) & north] = ZONE_33
    return kinds


@dataclass
class Coordinates:
    """Reads the coordinates of a register chunk by chunk; the first rows that have any decide how they are read.

    Parameters
    ----------
    file : str
        Name for messages.
    crs : str
        Chosen by the user, "" to find out.
    x_column, y_column : str
        Headings for messages.
    by_form : bool
        The form of the register fixes the reference system; it need not be told.
    """

    file: str
    crs: str = ""
    x_column: str = "x"
    y_column: str = "y"
    by_form: bool = False
    kind: int = UNKNOWN
    swapped: bool = False
    guessed: bool = False
    decided: bool = False
    seen: dict = field(default_factory=dict)  # zone → first row
    no_numbers: list = field(default_factory=lambda: [0, 0, "", ""])  # count, first row, column, value
    elsewhere: list = field(default_factory=lambda: [0, 0, ""])  # count, first row, value

    def read(self, x, y, rows: np.ndarray, zone=None, postcode=None) -> tuple[np.ndarray, np.ndarray]:
        """Return eastings and northings of a chunk, NaN where there are none.

        Raises
        ------
        TeilhabeError
            For degrees where metres are chosen, and for two zones in one file.
        """
        x = self._numbers(x, rows, self.x_column)
        y = self._numbers(y, rows, self.y_column)
        there = np.isfinite(x) & np.isfinite(y) & ~((x == 0) & (y == 0))
        x[~there] = y[~there] = np.nan
        if not self.decided and there.any():
            self.decided = True
            self._decide(x[there], y[there], rows[there], _zone_numbers(zone)[there] if zone is not None else None,
                         None if postcode is None else np.asarray(postcode, dtype=object)[there])
        if self.swapped:
            x, y = y, x
        self._check_zones(x, rows, zone, there)
        if self.kind != UNKNOWN:
            self._drop_elsewhere(x, y, rows, there)
        return x, y

    def _numbers(self, values, rows, column) -> np.ndarray:
        series = pd.Series(values).reset_index(drop=True)
        if series.dtype != object and not isinstance(series.dtype, pd.CategoricalDtype) \
                and pd.api.types.is_numeric_dtype(series):
            return series.to_numpy(np.float64, na_value=np.nan, copy=True)
        texts = series.astype(object).where(series.notna(), "").astype(str).str.strip()
        numbers = pd.to_numeric(texts, errors="coerce")
        left = numbers.isna() & (texts != "")
        if left.any():
            numbers[left] = pd.to_numeric(texts[left].map(_plain_number), errors="coerce")
        bad = np.flatnonzero((numbers.isna() & (texts != "")).to_numpy())
        if len(bad):
            if not self.no_numbers[0]:
                self.no_numbers[1:] = [int(rows[bad[0]]), column, texts.iloc[bad[0]][:60]]
            self.no_numbers[0] += len(bad)
        return numbers.to_numpy(np.float64, copy=True)

    def _decide(self, x, y, rows, zone, postcode) -> None:
        kinds, turned = kinds_of(x, y), kinds_of(y, x)
        if (turned != UNKNOWN).sum() > (kinds != UNKNOWN).sum():
            kinds, self.swapped, x, y = turned, True, y, x
        counts = np.bincount(kinds, minlength=WEB + 1)
        counts[UNKNOWN] = 0
        found = int(counts.argmax()) if counts.any() else UNKNOWN
        if self.crs:
            expected = _KIND_OF_CRS.get(self.crs, UNKNOWN)
            first = int(np.flatnonzero(kinds == found)[0])
            if found == DEGREE and expected not in (DEGREE, UNKNOWN):
                raise TeilhabeError(mark(
                    "{file}, row {row}: the coordinates {x} / {y} are degrees, but {crs} counts in metres. Choose "
                    "EPSG:4326, or the columns with the metres."),
                    file=self.file, row=int(rows[first]), x=str(x[first]), y=str(y[first]), crs=self.crs)
            if found != expected and UNKNOWN not in (found, expected):
                raise TeilhabeError(mark(
                    "{file}, row {row}: the coordinates {x} / {y} do not fit {crs}; they look like {other}. Choose the "
                    "other reference system."),
                    file=self.file, row=int(rows[first]), x=str(x[first]), y=str(y[first]), crs=self.crs,
                    other=_crs_of(found, x[kinds == found], None, None))
            self.kind = expected if found == expected else UNKNOWN  # elsewhere than in Germany, the user knows better
            return
        self.kind, self.guessed = found, True
        if found == UNKNOWN:
            raise TeilhabeError(mark(
                "{file}, row {row}: the coordinates {x} / {y} fit no reference system used in Germany. Choose the "
                "columns with the coordinates and their reference system."),
                file=self.file, row=int(rows[0]), x=str(x[0]), y=str(y[0]))
        same = kinds == found
        self.crs = _crs_of(found, x[same], None if zone is None else zone[same],
                           None if postcode is None else postcode[same])

    def _check_zones(self, x, rows, zone, there) -> None:
        """Refuse a register whose points lie in two zones: beside each other they would be 400 km apart."""
        zones = _zone_numbers(zone) if zone is not None else np.zeros(len(x), dtype=np.int64)
        prefix = np.where(there & (x >= 32e6) & (x < 34e6), x, 0) // 1_000_000
        zones = np.where(prefix > 0, prefix, zones)
        for number in (32, 33):
            of_zone = np.flatnonzero(there & (zones == number))
            if len(of_zone):
                self.seen.setdefault(number, int(rows[of_zone[0]]))
        if len(self.seen) > 1:
            raise TeilhabeError(mark(
                "{file}: the coordinates lie in two zones, row {first} in zone 32 and row {second} in zone 33. Split "
                "the file by zone and choose both parts as registers."),
                file=self.file, first=self.seen[32], second=self.seen[33])

    def _drop_elsewhere(self, x, y, rows, there) -> None:
        kinds = kinds_of(x, y)
        if self.kind == UTM:  # what lies far in the east of zone 32 has the size of other systems, too
            kinds[kinds == WEB] = np.where((x < 1_000_000) & (y < 6_300_000), UTM, WEB)[kinds == WEB]
        if self.kind == WEB:
            kinds[(x > 500_000) & (x < 1_800_000) & (y > 5_900_000) & (y < 7_500_000)] = WEB
        wrong = np.flatnonzero(there & (kinds != self.kind))
        if len(wrong):
            if not self.elsewhere[0]:
                self.elsewhere[1:] = [int(rows[wrong[0]]), f"{x[wrong[0]]:.10g} / {y[wrong[0]]:.10g}"]
            self.elsewhere[0] += len(wrong)
            x[wrong] = y[wrong] = np.nan

    def notes(self) -> list[Message]:
        """Return what was assumed and what could not be read."""
        notes = []
        if self.guessed and not self.by_form:
            notes.append(Message(mark("{file}: the coordinates were read as {crs}, judging by their size. Choose "
                                      "another reference system if the points lie in the wrong place."),
                                 file=self.file, crs=self.crs))
        if self.swapped:
            notes.append(Message(mark("{file}: column “{x}” holds the northings and “{y}” the eastings; they were "
                                      "exchanged."),
                                 file=self.file, x=self.x_column, y=self.y_column))
        if self.no_numbers[0]:
            notes.append(Message(mark("{file}: {n} coordinates are no numbers, the first in row {row}, column "
                                      "“{column}”: “{value}”. These addresses are kept without coordinates."),
                                 file=self.file, n=self.no_numbers[0], row=self.no_numbers[1],
                                 column=self.no_numbers[2], value=self.no_numbers[3]))
        if self.elsewhere[0]:
            notes.append(Message(mark("{file}: {n} addresses have coordinates that do not fit {crs}, the first in row "
                                      "{row}: {value}. They are kept without coordinates."),
                                 file=self.file, n=self.elsewhere[0], crs=self.crs, row=self.elsewhere[1],
                                 value=self.elsewhere[2]))
        return notes


def _plain_number(text: str) -> str:
    """Return a number as Python writes it: “5.710.920,5” and “5710920,5” become 5710920.5."""
    text = text.replace(" ", "").replace("\u00a0", "").replace("\u202f", "").replace("'", "")
    if "," in text and "." in text:
        text = text.replace(".", "") if text.rindex(",") > text.rindex(".") else text.replace(",", "")
    if text.count(".") > 1:
        text = text.replace(".", "")
    return text.replace(",", ".")


def _zone_numbers(zone) -> np.ndarray:
    """Return 32, 33 or 0 from a column such as “32”, “32U”, “UTM33”."""
    codes, unique = pd.factorize(np.asarray(zone, dtype=object))
    found = [next((number for number in (32, 33) if str(number) in str(value)), 0) for value in unique]
    return np.array([*found, 0], dtype=np.int64)[codes]


def _crs_of(kind: int, x: np.ndarray, zone, postcode) -> str:
    if kind in (ZONE_32, ZONE_33):
        return WITH_ZONE[32 if kind == ZONE_32 else 33]
    if kind == GAUSS:
        return _GAUSS_KRUEGER[int(np.median(x) // 1_000_000)]
    if kind == UTM:
        return WITHOUT_ZONE[_zone(x, zone, postcode)]
    return {DEGREE: DEGREES, LAEA: _EUROPE, WEB: _WEB}[kind]


def _zone(x, zone, postcode) -> int:
    """Return the zone of eastings that do not say it: from a zone column, else from where they can lie.

    Germany lies between 280 and 920 km in zone 32 and reaches to 520 km in zone 33; in between, postcodes that begin
    with 0 or 1 lie in the east.
    """
    if zone is not None and (zone > 0).any():
        return 33 if (zone == 33).sum() > (zone == 32).sum() else 32
    middle = float(np.median(x))
    if middle < 275_000:
        return 33
    if middle > 525_000 or postcode is None:
        return 32
    digits = pd.Series(postcode).dropna().astype(str).str.split(".").str[0].str.zfill(5)
    eastern = digits.str[:1].isin(["0", "1"])
    return 33 if len(digits) and eastern.mean() > 0.5 else 32
