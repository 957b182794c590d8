"""The address register as columns of numbers: every address, its street, and where it lies."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

#: value of `number` for a point of a street without house number, of `postcode` where there is none
NONE = -1


@dataclass(frozen=True, eq=False)
class AddressRegister:
    """An address register, sorted so that the addresses of a street lie together.

    `n` addresses, `s` streets. Texts that repeat are numbers into a list whose first entry is "" (not given).

    Attributes
    ----------
    title : str
        Name shown to the user: file or layer.
    crs : str
        Authority id of the coordinates (``"EPSG:25832"``), "" when there are none.
    place : str
        Municipality that the whole register belongs to, "" when the register itself names the places or nobody knows.
    street, number, suffix : ndarray of int32, shape (n,)
        Position in the lists of streets; house number (`NONE` for a street point); position in `suffixes`.
        Addresses are sorted by these three (additions stand in alphabetical order), then by `postcode` and `row`.
    postcode : ndarray of int32, shape (n,)
        Five digits as a number, `NONE` when missing.
    district, area, quality : ndarray of int32, shape (n,)
        Positions in `districts` (Ortsteil), `areas` (area keys), `qualities` (as in the source: A, B, R …).
    x, y : ndarray of float64, shape (n,)
        Coordinates in `crs`, NaN when the address has none.
    row : ndarray of int64, shape (n,)
        Row in the source, counted from 1 as the user sees it there (a header line is row 1).
    ids : ndarray of object, shape (n,) or (0,)
        Official identifiers, empty when the source has none.
    street_names, street_normals, street_compacts, street_keys : ndarray of object, shape (s,)
        Name as most addresses write it; `street_names.normal_street` and `compact` of it; official key ("" if none).
        A street is told apart by place, normal name and key.
    street_places : ndarray of int32, shape (s,)
        Positions in `places`.
    street_starts : ndarray of int64, shape (s + 1,)
        The addresses of street ``k`` are ``street_starts[k]:street_starts[k + 1]``.
    places, districts, areas, suffixes, qualities : ndarray of object
        Texts as written in the register; the first is "". Suffixes are folded: small letters, no spaces and slashes.
    variant_streets, variant_counts, variant_rows : ndarray of int64, shape (v,)
        Other spellings of street names: position of the street, number of its addresses so written, first of the rows.
    variant_names : ndarray of object, shape (v,)
        The spelling, which differs from the street's name.
    """

    title: str
    crs: str
    place: str
    street: np.ndarray
    number: np.ndarray
    suffix: np.ndarray
    postcode: np.ndarray
    district: np.ndarray
    area: np.ndarray
    quality: np.ndarray
    x: np.ndarray
    y: np.ndarray
    row: np.ndarray
    ids: np.ndarray
    street_names: np.ndarray
    street_normals: np.ndarray
    street_compacts: np.ndarray
    street_keys: np.ndarray
    street_places: np.ndarray
    street_starts: np.ndarray
    places: np.ndarray
    districts: np.ndarray
    areas: np.ndarray
    suffixes: np.ndarray
    qualities: np.ndarray
    variant_streets: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    variant_counts: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    variant_rows: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    variant_names: np.ndarray = field(default_factory=lambda: np.zeros(0, object))
    notes: tuple = ()  # what was left out or assumed while reading: `Message`s
    cache: dict = field(default_factory=dict, repr=False)  # what is derived once and used again, by name

    def __len__(self) -> int:
        return len(self.street)

    @property
    def has_coordinates(self) -> bool:
        """Whether any address has coordinates."""
        return bool(np.isfinite(self.x).any())

    @property
    def has_areas(self) -> bool:
        """Whether any address has an area key."""
        return bool((self.area > 0).any())

    def number_text(self, address: int) -> str:
        """Return the house number as it is written: “12a”, "" for a street point."""
        if self.number[address] == NONE:
            return ""
        suffix = self.suffixes[self.suffix[address]]
        between = "" if not suffix[:1].isdigit() else " " if "/" in suffix else "/"
        return f"{self.number[address]}{between}{suffix}"

    def text(self, address: int) -> str:
        """Return the address in one line: “Ackerstraße 12a, 10115 Mitte”."""
        street = self.street[address]
        line = f"{self.street_names[street]} {self.number_text(address)}".rstrip()
        postcode = "" if self.postcode[address] == NONE else f"{self.postcode[address]:05d}"
        place = self.places[self.street_places[street]] or self.districts[self.district[address]]
        tail = f"{postcode} {place}".strip()
        return f"{line}, {tail}" if tail else line
