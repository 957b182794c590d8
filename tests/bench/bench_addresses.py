"""Locating 100,000 addresses of a list, against rapidfuzz over the list of streets and against a pandas merge.

The city is invented: 5,000 streets, 200,000 addresses. Ours reads the cells, finds street, number, postcode and place,
and grades the answer. The rivals are spared that: rapidfuzz gets street names already folded and looks for the street
alone; the merge gets lists without a single fault, in the register's spelling.
"""
from __future__ import annotations

import dataclasses
import random
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from teilhabe_plugin.core.addresses.address_columns import AddressColumns
from teilhabe_plugin.core.addresses.address_parsing import parse_addresses
from teilhabe_plugin.core.addresses.matching import locate
from teilhabe_plugin.core.addresses.street_names import compact, normal_streets
from tests.address_faults.ground import Ground
from tests.address_faults.judging import judge, recall
from tests.address_faults.lists import write_list
from tests.address_faults.proof import Proof
from tests.bench.yardstick import SEED, compare

RIVALS = Path(__file__).resolve().parents[2] / "build" / "rivals"
ROWS, STREETS, NUMBERS = 100_000, 5_000, 40
ASKED = 1_000  # names that rapidfuzz looks up; it takes as long for each, so that the rest is reckoned
_ONSETS = ("b", "br", "d", "f", "fl", "g", "gr", "h", "k", "kl", "l", "m", "n", "p", "r", "s", "sch", "st", "t",
           "w", "z")
_VOWELS = ("a", "e", "i", "o", "u", "ä", "ö", "ü", "ei", "au")
_CODAS = ("", "l", "n", "r", "s", "ck", "ch", "lt", "nd", "rg", "tt", "mm")
_ENDINGS = ("straße", "straße", "straße", "weg", "weg", "platz", "allee", "gasse", "ring", "er Straße", "er Weg")


def comparisons(areas: int, runs: int) -> list:
    """Return the lines of the table; the number of areas plays no part."""
    sys.path += [str(path) for path in RIVALS.glob("lib/python3*/site-packages")]
    from rapidfuzz import fuzz, process

    proof = Proof(_city())
    clean = write_list(proof.ground, ROWS, SEED, faults=0)
    broken = write_list(proof.ground, ROWS, SEED)
    columns = AddressColumns(**clean.columns)

    def ours(written):
        return locate(parse_addresses(written.frame, columns, proof.vocabulary), [proof.register], proof.synonyms)

    if recall(judge(ours(clean), clean, proof.ground)) < 1 or recall(judge(ours(broken), broken, proof.ground)) < 0.99:
        raise RuntimeError("a fast wrong answer does not count")
    register = _as_texts(proof.ground.visible())
    listed = clean.frame.astype(str)
    names = pd.unique(normal_streets(broken.frame["Straße"]))
    asked = [compact(name) for name in random.Random(SEED).sample([name for name in names if name], ASKED)]
    streets = list(dict.fromkeys(proof.register.street_compacts))

    def merge():
        return listed.merge(register, on=["Straße", "Hausnummer", "PLZ"], how="left")

    def rapidfuzz():
        return [process.extractOne(name, streets) for name in asked]

    def rapidfuzz_ratio():
        return [process.extractOne(name, streets, scorer=fuzz.ratio, score_cutoff=75) for name in asked]

    def broken_list():
        return ours(broken)

    size = f"{ROWS:,} addresses"
    lines = [compare(f"{size}, clean list: read and located", "pandas merge told all", lambda: ours(clean), merge,
                     runs)]
    plain = compare(f"{size}, one fault each: read and located", "rapidfuzz extractOne", broken_list, rapidfuzz,
                    min(runs, 3))
    ratio = compare(f"{size}, one fault each: read and located", "the same with fuzz.ratio, cutoff 75", broken_list,
                    rapidfuzz_ratio, min(runs, 3))
    lines += [dataclasses.replace(line, rival=line.rival * ROWS / ASKED) for line in (plain, ratio)]
    once = dataclasses.replace(ratio, rival_name=f"the same, only once for each of {len(names):,} names",
                               rival=ratio.rival * len(names) / ASKED)
    return [*lines, once]


def _as_texts(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({"Straße": frame["street"], "Hausnummer": frame["number"] + frame["suffix"],
                         "PLZ": frame["postcode"], "area": frame["area"], "x": frame["x"], "y": frame["y"]})


def _city() -> Ground:
    chance = np.random.default_rng(SEED)
    names = set()
    while len(names) < STREETS:
        syllables = ("".join(map(chance.choice, (_ONSETS, _VOWELS, _CODAS))) for _ in range(chance.integers(2, 4)))
        names.add("".join(syllables).capitalize() + chance.choice(_ENDINGS))
    names = np.array(sorted(names), dtype=object)
    street = np.repeat(np.arange(len(names)), NUMBERS)
    number = np.tile(np.arange(1, NUMBERS + 1), len(names))
    east, north = chance.uniform(0, 20_000, (2, len(names)))
    x, y = east[street] + 12 * number, north[street] + 6 * (number % 2)
    postcode = 10_000 + (x // 2_500).astype(int) * 100 + (y // 2_500).astype(int)
    area = (x // 1_000).astype(int) * 100 + (y // 1_000).astype(int)
    frame = pd.DataFrame({"street": names[street], "number": number.astype(str), "suffix": "",
                          "postcode": postcode.astype(str), "district": "", "area": area.astype(str), "x": x, "y": y})
    return Ground(frame, "Musterstadt", (("Nachbarstadt", "99999"),), ("Kaulbachhöhe", "Huyssenallee"))
