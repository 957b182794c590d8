"""The sample city's register with faults planted in it: which address got which fault is known."""
from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pandas as pd
from shapely import wkb

CITY = Path(__file__).resolve().parents[2] / "sample_data" / "musterstadt"
_ENVELOPES = (0, 32, 48, 48, 64)


def _read(table: str, columns: str) -> tuple[pd.DataFrame, list]:
    with closing(sqlite3.connect(f"{(CITY / 'musterstadt.gpkg').as_uri()}?mode=ro", uri=True)) as database:
        frame = pd.read_sql(f"select {columns}, geom from {table}", database)  # names of our own
    return frame.drop(columns="geom"), [wkb.loads(blob[8 + _ENVELOPES[(blob[3] >> 1) & 7]:]) for blob in frame["geom"]]


def sound_rows() -> pd.DataFrame:
    """Return the register as `register_building.build_register` takes it."""
    frame, points = _read("adressen", "strasse as street, hausnummer as number, zusatz as suffix, plz as postcode, "
                                      "gebiet_nr as area")
    frame["x"], frame["y"] = [point.x for point in points], [point.y for point in points]
    return frame


def areas() -> tuple[list[str], list]:
    """Return keys and polygons."""
    frame, polygons = _read("gebiete", "gebiet_nr")
    return frame["gebiet_nr"].tolist(), polygons


class Faults:
    """Plants faults, each in rows of its own; `truth` is kind → labels of the rows (or street names)."""

    def __init__(self, seed: int = 1):
        self.random = np.random.default_rng(seed)
        self.frame = sound_rows().astype({"number": object})
        self.free = set(self.frame.index)
        self.truth: dict[str, set] = {}

    def take(self, kind: str, count: int, among=None) -> list[int]:
        """Return rows that have no fault yet and note them."""
        choice = sorted(self.free if among is None else self.free.intersection(among))
        rows = sorted(self.random.choice(choice, count, replace=False).tolist())
        self.free -= set(rows)
        self.truth.setdefault(kind, set()).update(rows)
        return rows

    def plant(self) -> pd.DataFrame:
        """Plant all faults and return the rows."""
        self._gaps(12)
        frame, random = self.frame, self.random
        streets = frame.groupby("street")["number"].transform("size")
        self._mistyped(25)
        for row in self.take("unknown_street", 6):
            frame.loc[row, "street"] = random.choice(["### Straßenname unbekannt", "unbekannt", "-", "N.N."])
        for row in self.take("no_number", 15):
            frame.loc[row, ["number", "suffix"]] = [None, None]
        for row in self.take("outlier", 30, frame.index[streets >= 25]):
            turn, far = random.uniform(0, 2 * np.pi), random.uniform(1500, 2500)
            frame.loc[row, ["x", "y"]] = [frame["x"][row] + far * np.cos(turn), frame["y"][row] + far * np.sin(turn)]
        rows = self.take("area_mismatch", 40)
        frame.loc[rows, "area"] = [random.choice(sorted(set(frame["area"]) - {frame["area"][row]})) for row in rows]
        frame.loc[self.take("unknown_area", 5), "area"] = "9999"
        frame.loc[self.take("no_area", 8), "area"] = None
        frame.loc[self.take("no_coordinates", 9), ["x", "y"]] = np.nan
        frame.loc[self.take("no_postcode", 10), "postcode"] = None
        rows = self.take("postcode", 40)
        frame.loc[rows, "postcode"] = [
            random.choice(sorted(set(frame["postcode"].dropna()) - {frame["postcode"][row]})) for row in rows]
        frame.loc[self.take("suffix", 10), "suffix"] = "Hinterhaus"
        low = frame.index[frame["number"].astype(float).between(11, 79) & (streets >= 25)]
        for row in self.take("high_number", 10, low):  # the number typed twice
            frame.loc[row, "number"] = int(f"{frame['number'][row]}{frame['number'][row]}")
        self._spelled(25)
        rows = self.take("duplicate", 40)
        return pd.concat([frame, frame.loc[rows]])

    def _gaps(self, count: int) -> None:
        """Take twelve numbers away from the middle of long sides."""
        frame = self.frame
        sides = frame.groupby(["street", frame["number"].astype(int) % 2])["number"].agg(
            lambda numbers: len(set(numbers)))
        long = sorted(sides[sides >= 26].index)
        for street, side in [long[i] for i in self.random.choice(len(long), count, replace=False)]:
            own = frame[(frame["street"] == street) & (frame["number"].astype(int) % 2 == side)]
            numbers = sorted(set(own["number"].astype(int)))
            gone = set(range(numbers[7], numbers[7] + 24, 2))
            dropped = own.index[own["number"].astype(int).isin(gone)]
            self.frame = frame = frame.drop(index=dropped)
            self.free -= set(own.index)
            self.truth.setdefault("gap", set()).add((street, numbers[7]))

    def _mistyped(self, count: int) -> None:
        """Swap, drop or replace one letter in the street of one address."""
        frame = self.frame
        sizes = frame.groupby("street").size()
        names = sorted(sizes[(sizes >= 20)].index)
        inner = frame.groupby("street")["number"].rank(method="min")
        for name in [names[i] for i in self.random.choice(len(names), count, replace=False)]:
            once = ~frame.duplicated(["street", "number"], False)
            alone = frame.index[(frame["street"] == name) & (inner > 3) & once]
            row, = self.take("similar", 1, alone)
            at = int(self.random.integers(1, 5))
            wrong = (name[:at] + name[at + 1:], name[:at] + "q" + name[at + 1:],
                     name[:at] + name[at + 1] + name[at] + name[at + 2:])
            frame.loc[row, "street"] = next(text for text in self.random.permutation(wrong) if text != name)

    def _spelled(self, count: int) -> None:
        """Write the street of one address otherwise."""
        frame = self.frame
        sizes = frame.loc[sorted(self.free.intersection(frame.index))].groupby("street").size()
        names = sorted(name for name in sizes[sizes >= 8].index if name.endswith(("straße", "weg", "platz")))
        for name in [names[i] for i in self.random.choice(len(names), count, replace=False)]:
            row, = self.take("spelling", 1, frame.index[frame["street"] == name])
            frame.loc[row, "street"] = name.upper() if not name.endswith("straße") else name[:-4] + "r."
