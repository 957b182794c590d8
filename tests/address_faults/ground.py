"""The ground a list is drawn from: all addresses of a city, and the register that the matching may see.

Some addresses and street names are held back from the register, so that the true place of a number that the register
lacks, and of a street under its former name, is known.
"""
from __future__ import annotations

import random
import re
import unicodedata
from collections import defaultdict

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from tests.address_faults.edits import Names

SYLLABLES = ("Hor", "Quir", "Zep", "Wux", "Jol", "Fyn", "Gax", "Pim", "Dok", "Vel", "Xan", "Rup")
_TITLES = (("dr", "doktor"), ("prof", "professor"), ("bgm", "buergermeister"), ("geschw", "geschwister"),
           ("frhr", "freiherr"))
ENDINGS = ("straße", "allee", "weg", "platz", "damm", "ring", "gasse")


def street_key(name: str) -> str:
    """Return a street name in small letters and digits only, words written out: the oracle's own spelling.

    >>> street_key("St.-Josef-Str."), street_key("Auf'm Bögel")
    ('sanktjosefstrasse', 'aufmboegel')
    """
    text = unicodedata.normalize("NFC", name).casefold()
    for letter, pair in (("ä", "ae"), ("ö", "oe"), ("ü", "ue")):
        text = text.replace(letter, pair)
    text = "".join(each for each in unicodedata.normalize("NFD", text) if not unicodedata.combining(each))
    for short, full in _TITLES:
        text = re.sub(rf"\b{full}\b", short, text)
    text = re.sub(r"\bst\.", "sankt ", re.sub(r"pl\.", "platz", re.sub(r"str(\.|$)", "strasse", text)))
    return re.sub("[^a-z0-9]", "", text)


def spaced_key(name: str) -> str:
    """Return the same with one blank between words.

    >>> spaced_key("Dessauer  Str."), spaced_key("St.-Josef-Str.")
    ('dessauer strasse', 'sankt josef strasse')
    """
    return " ".join(filter(None, map(street_key, re.split(r"[\s\-]+", name.strip()))))


def written_out(name: str) -> str:
    """Return a street name as people write it where the register writes it short.

    >>> written_out("Ackerstr."), written_out("Aachener Str.")
    ('Ackerstraße', 'Aachener Straße')
    """
    return re.sub(r"Str\.$", "Straße", re.sub(r"str\.$", "straße", name))


class Ground:
    """Addresses with truth, and what the register shows of them.

    Parameters
    ----------
    frame : DataFrame
        All addresses: street, number, suffix, postcode, district, area as text ("" when missing), x and y as numbers.
    place : str
        Municipality.
    elsewhere : tuple of (place, postcode)
        Other municipalities.
    foreign : list of str
        Streets of other cities.
    seed : int
        What is held back follows from it.
    """

    def __init__(self, frame, place, elsewhere, foreign=(), districts=(), seed=1, held=0.03):
        chance = random.Random(seed)
        self.place, self.elsewhere, self.districts = place, elsewhere, tuple(districts)
        frame = frame[(frame["number"] != "") & ~frame["street"].str.startswith("#")].reset_index(drop=True)
        frame = frame.drop_duplicates(["street", "number", "suffix", "postcode", "district"]).reset_index(drop=True)
        self.frame = frame
        self.streets = frame["street"].to_numpy(object)
        self.names = {name: written_out(name) for name in frame["street"].unique()}
        self.keys = {name: street_key(name) for name in self.names}
        self.spaced = {name: spaced_key(written) for name, written in self.names.items()}
        self.numbers = frame["number"].astype(int).to_numpy()
        self.suffixes = frame["suffix"].str.lower().to_numpy(object)
        self.postcodes = frame["postcode"].to_numpy(object)
        self.of_district = frame["district"].to_numpy(object)
        self.areas = frame["area"].to_numpy(object)
        self.x, self.y = frame["x"].to_numpy(float), frame["y"].to_numpy(float)
        self.key = np.array([self.keys[name] for name in self.streets], dtype=object)
        draw = np.random.default_rng(seed).random(len(frame))
        sizes = pd.Series(self.streets).map(pd.Series(self.streets).value_counts()).to_numpy()
        self.held = (draw < held) & (sizes >= 6)
        self._index()
        known = set(self.keys.values())
        self.renamed = self._former_names(chance, known)
        self.foreign = [name for name in dict.fromkeys(foreign) if street_key(name) not in known]
        self.pools: dict = {}

    def _index(self):
        self.by_address, self.by_street = defaultdict(list), defaultdict(list)
        for row in np.flatnonzero(~self.held):
            self.by_address[self.key[row], self.numbers[row], self.suffixes[row]].append(row)
            self.by_street[self.key[row]].append(row)
        self.street_keys = list(self.by_street)
        self.near_names = Names(self.street_keys)
        self.street_areas = {key: {self.areas[row] for row in rows} for key, rows in self.by_street.items()}
        self.by_area = defaultdict(set)
        for key, areas in self.street_areas.items():
            for area in areas:
                self.by_area[area].add(key)
        self.name_of_key = {self.keys[name]: name for name in self.names}

    def _former_names(self, chance, known):
        """Return {street: its former name}; no former name is near a street that there is."""
        renamed = {}
        for name in chance.sample(sorted(self.names), min(200, len(self.names) // 4)):
            while True:
                old = "".join(chance.sample(SYLLABLES, 2)).capitalize() + "er" * chance.randrange(2)
                old += chance.choice(ENDINGS)
                if street_key(old) not in known and not self.near_names.near(street_key(old), 3):
                    break
            known.add(street_key(old))
            renamed[name] = old
        return renamed

    def synonyms(self) -> pd.DataFrame:
        """Return the table of former names."""
        return pd.DataFrame({"alter_name": list(self.renamed.values()), "neuer_name": list(self.renamed)})

    def visible(self) -> pd.DataFrame:
        """Return what the register shows, with the row of the truth as ``row``."""
        shown = self.frame[~self.held].copy()
        shown["row"] = np.flatnonzero(~self.held)
        return shown

    def rows_of(self, key, number=None, suffix="", postcode="", district="") -> list[int]:
        """Return the addresses in the register that fit all that is said."""
        rows = self.by_street.get(key, []) if number is None else self.by_address.get((key, number, suffix), [])
        if postcode:
            rows = [row for row in rows if self.postcodes[row] in ("", postcode)]
        if district:
            rows = [row for row in rows if self.of_district[row] in ("", district)]
        return rows

    def neighbour(self, row) -> str:
        """Return the street whose addresses come nearest to an address, if they come nearer than 60 m, or ""."""
        if not np.isfinite(self.x[row]):
            others = sorted(self.by_area[self.areas[row]] - {self.key[row]})
            return others[row % len(others)] if others else ""
        if "tree" not in self.pools:
            shown = np.flatnonzero(~self.held)
            self.pools["tree"] = (cKDTree(np.c_[self.x[shown], self.y[shown]]), shown)
        tree, shown = self.pools["tree"]
        for other in shown[tree.query_ball_point((self.x[row], self.y[row]), 60)]:
            if self.key[other] != self.key[row]:
                return self.key[other]
        return ""

    def crossing_areas(self, one, other) -> set:
        """Return the areas of all addresses of two streets, of those near each other where there are coordinates."""
        rows, others = (np.array(self.by_street[key]) for key in (one, other))
        if not np.isfinite(self.x[rows[0]]):
            return self.street_areas[one] | self.street_areas[other]
        away = np.hypot(self.x[rows][:, None] - self.x[others], self.y[rows][:, None] - self.y[others])
        near = away <= max(120, away.min())
        return set(self.areas[rows[near.any(axis=1)]]) | set(self.areas[others[near.any(axis=0)]])

    def pool(self, name, mask) -> np.ndarray:
        """Return the addresses that `mask(ground)` chooses, computed once."""
        if name not in self.pools:
            self.pools[name] = np.flatnonzero(mask(self))
        return self.pools[name]

    def by_name(self, test) -> np.ndarray:
        """Return which addresses lie in a street whose name (as people write it) passes `test`."""
        passes = {name: bool(test(written)) for name, written in self.names.items()}
        return np.array([passes[name] for name in self.streets])
