"""Seeded lists of addresses, clean or with faults, each row with its truth."""
from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tests.address_faults.kinds import KINDS, MIXED
from tests.address_faults.rows import Row
from tests.address_faults.verdicts import resolve

#: how a list writes addresses: column → what stands in it, as `AddressColumns` calls it
STYLES = {
    "columns": {"street": "Straße", "number": "Hausnummer", "postcode": "PLZ", "place": "Ort"},
    "suffix apart": {"street": "Strasse", "number": "HNr", "suffix": "Zusatz", "postcode": "PLZ", "place": "Ort"},
    "district apart": {"street": "Straße", "number": "Nr.", "postcode": "PLZ", "place": "Ort", "district": "Ortsteil"},
    "street with number": {"street": "Straße und Hausnummer", "postcode": "PLZ", "place": "Ort"},
    "one column": {"address": "Adresse"},
    "one column, no comma": {"address": "Anschrift"},
    "place first": {"address": "Adresse"},
    "street only": {"street": "Straße", "number": "Hausnummer"},
    "one column, street only": {"address": "Standort"},
}


@dataclass(frozen=True)
class WrittenList:
    """A list as it comes, its columns (names as in `AddressColumns`) and the truth of each row."""

    frame: pd.DataFrame
    columns: dict
    truth: pd.DataFrame


def write_list(ground, rows, seed, style="columns", faults=1, kinds=None) -> WrittenList:
    """Draw a list.

    Parameters
    ----------
    ground : Ground
    rows, seed : int
    style : str
        One of `STYLES`.
    faults : int
        Per row: 0 is a clean list; with more than 1 each row has that many faults of different groups.
    kinds : sequence of str, optional
        Only these faults.

    Returns
    -------
    WrittenList
    """
    chance = random.Random(f"{seed} {style}")
    columns = STYLES[style]
    usable = _usable(ground, columns, style, kinds if kinds is not None else KINDS)
    cells = {column: [] for column in columns.values()}
    truth = []
    clean = np.flatnonzero(~ground.held)
    for _ in range(rows):
        chosen = _choose(usable, faults, chance)
        pool = ground.pool(chosen[0], KINDS[chosen[0]].fits) if chosen else clean
        address = int(pool[chance.randrange(len(pool))])
        chosen = [name for name in chosen if name == chosen[0] or _can(ground, name, address)]
        row = Row(ground, address)
        if not any(part in columns for part in ("postcode", "address")) or "street only" in style:
            row.postcode = row.says_postcode = row.place = ""
        for name in sorted(chosen, key=lambda name: list(KINDS).index(name)):
            KINDS[name].apply(row, ground, chance)
        for part, cell in _cells(row, style, chance).items():
            cells[columns[part]].append(cell)
        said = ("", None, "") if row.empty or row.whole else (row.key, row.says_number, row.says_suffix)
        truth.append((address, " + ".join(chosen), *said, *resolve(row, ground, style, chosen)))
    names = ["address", "fault", "key", "number", "suffix", "verdict", "area", "x", "y", "best"]
    return WrittenList(pd.DataFrame(cells, dtype=object), dict(columns), pd.DataFrame(truth, columns=names))


def _usable(ground, columns, style, kinds):
    local = "street only" in style
    no_zero = "one column" in style or "first" in style
    return [name for name in kinds if not (KINDS[name].needs and local)
              and not (name == "postcode without 0" and no_zero)  # only a cell of its own loses its zero
              and not (name == "number as date" and "number" not in columns)
              and len(ground.pool(name, KINDS[name].fits))]


def _can(ground, name, address) -> bool:
    pool = ground.pool(name, KINDS[name].fits)
    place = np.searchsorted(pool, address)
    return bool(place < len(pool) and pool[place] == address)


def _choose(usable, faults, chance) -> list:
    if not faults:
        return []
    if faults == 1:
        return [usable[chance.randrange(len(usable))]]
    chosen = {}
    fitting = [name for name in usable if KINDS[name].group in MIXED]
    while len(chosen) < faults:
        name = fitting[chance.randrange(len(fitting))]
        chosen.setdefault(KINDS[name].group, name)
    return list(chosen.values())


def _cells(row, style, chance) -> dict:
    """Return what stands in the cells."""
    columns = STYLES[style]
    if row.empty:
        return {part: chance.choice((None, "", " ")) for part in columns}
    number, street = row.number + row.suffix, row.street
    line = row.whole or (f"{row.before}{number} {street}{row.addition}" if row.first
                         else f"{row.before}{street} {number}{row.addition}".strip())
    line = _letters(line, row)
    if "address" in columns:
        return {"address": _line(line, row, style)}
    cells = {"postcode": _postcode(row, chance), "place": _letters(row.place, row) or None,
             "district": row.district or None}
    if "number" not in columns or row.joined or row.whole:
        cells.update(street=line, number=None, suffix=None)
    elif "suffix" in columns and row.suffix.strip(" /-").isalpha():
        cells.update(street=_letters(row.before + street, row), number=row.value or row.number,
                     suffix=row.suffix + row.addition if row.addition else row.suffix)
    else:
        behind = row.addition if row.dated else ""  # a cell that a spreadsheet made a date holds nothing else
        text = _letters((number + ("" if row.dated else row.addition)).strip(), row)
        value = None if row.addition and not row.dated else row.value
        cells.update(street=_letters(row.before + street + behind, row), suffix=None,
                     number=value if value is not None else text or None)
    return {part: cells[part] for part in columns}


def _line(line, row, style) -> str:
    tail = _letters(f"{row.postcode} {row.place}".strip(), row)
    if not tail:
        return line
    if style == "place first":
        return f"{tail}, {line}"
    return f"{line}{' ' if 'no comma' in style else ', '}{tail}"


def _postcode(row, chance):
    if not row.postcode:
        return None
    return int(row.postcode) if chance.random() < 0.3 and not row.postcode.startswith("0") else row.postcode


def _letters(text, row) -> str:
    return text.upper() if row.letters == "upper" else text.lower() if row.letters == "lower" else text
