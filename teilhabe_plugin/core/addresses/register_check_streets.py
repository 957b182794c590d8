"""Checks of street names: stand-ins, several spellings, typing errors, comparison with a list of streets."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from ..messages import Message, mark
from .register import NONE, AddressRegister
from .register_findings import ERROR, HINT, WARNING, Finding, found, found_streets, sizes, street_text
from .street_names import compact, fold_text, normal_streets

_STAND_IN = re.compile(
    r"#|\bunbekannt|\bunknown\b|\bunbenannt|\bohne (?:strassen)?(?:namen?|bezeichnung|angabe)\b|\bnamenlos"
    r"|\bkeine angabe\b|^k\.? ?a\.?$|^n\.? ?n\.?$|^x+$|\bdummy\b|\bplatzhalter\b|^(?:test|strasse|str\.?)$"
    r"|\b(?:null|nan|none)\b|\btodo\b")
_LETTER = re.compile(r"[^\W\d_]")
_DIGITS = re.compile(r"\d+")
#: a name with a typing error has at most so many addresses, and this share of the right one's
_FEW, _SHARE = 3, 0.1
#: from so many letters on two may differ; names shorter than the second are not compared
_LONG, _SHORT = 10, 5
#: how near the addresses must lie to the other street
_NEAR = 300.0


def unknown_streets(register: AddressRegister) -> list[Finding]:
    """Find streets whose name stands in for one that nobody knew."""
    streets = [street for street, name in enumerate(register.street_names) if is_stand_in(str(name))]
    counts = sizes(register)
    return found_streets(register, "unknown_street", ERROR, streets, lambda i: Message(
        mark("Addresses: {count}"), count=int(counts[streets[i]])))


def is_stand_in(name: str) -> bool:
    """Say whether a street name stands in for an unknown one.

    >>> [is_stand_in(name) for name in ("### Straßenname unbekannt", "Unbekannte Straße", "-", "Straße 52", "Am Weg")]
    [True, True, True, False, False]
    """
    folded = fold_text(name).strip()
    return not _LETTER.search(folded) or bool(_STAND_IN.search(folded))


def spellings(register: AddressRegister) -> list[Finding]:
    """Find streets that are written in several ways."""
    counts = sizes(register)
    made = found_streets(
        register, "spelling", HINT, register.variant_streets, lambda i: Message(
            mark("Addresses written “{name}”: {count}, the first in row {row}"), name=register.variant_names[i],
            count=int(register.variant_counts[i]), row=int(register.variant_rows[i])),
        [str(name) for name in register.variant_names])
    # one key or one compact name, yet told apart by the normal name
    for column, kind in ((register.street_keys, "key"), (register.street_compacts, "compact")):
        for group in _groups(register, column):
            if len(set(register.street_normals[group])) < 2:
                continue
            main = max(group, key=lambda street: counts[street])
            for street in group:
                if street == main or register.street_normals[street] == register.street_normals[main]:
                    continue
                template = mark("Has the same street key as “{other}”; addresses: {count}") if kind == "key" else mark(
                    "Differs from “{other}” by blanks; addresses: {count}")
                message = Message(template, other=street_text(register, main), count=int(counts[street]))
                made += found_streets(register, "spelling", WARNING if kind == "key" else HINT, [street],
                                      lambda _, message=message: message, [street_text(register, main)])
    return made


def several_keys(register: AddressRegister) -> list[Finding]:
    """Find names that have several keys in one place."""
    made = []
    for group in _groups(register, register.street_normals):
        keys = sorted({str(register.street_keys[street]) for street in group} - {""})
        if len(keys) > 1:
            made += found_streets(register, "keys", HINT, group[:1], lambda _, keys=keys: Message(
                mark("Keys: {keys}"), keys=", ".join(keys)))
    return made


def _groups(register: AddressRegister, column) -> list[list[int]]:
    """Return the streets of one place that agree in a column and are more than one; empty values do not count."""
    codes, values = pd.factorize(np.asarray(column, dtype=object))
    both = codes.astype(np.int64) * len(register.places) + register.street_places
    both[np.asarray([value == "" for value in values], bool)[codes]] = -1
    order = np.argsort(both, kind="stable")
    edges = np.flatnonzero(np.append(True, both[order][1:] != both[order][:-1]))
    return [group.tolist() for group in np.split(order, edges[1:]) if len(group) > 1 and both[group[0]] >= 0]


def similar_streets(register: AddressRegister, near) -> list[Finding]:
    """Find names with few addresses that look like a mistyped other name.

    Parameters
    ----------
    near : callable
        ``near(names, most_edits)`` → positions of the names asked for, positions of the streets that are near them.
    """
    counts = sizes(register)
    lengths = np.array([len(text) for text in register.street_compacts])
    rare = np.flatnonzero((counts <= _FEW) & (lengths >= _SHORT))
    if not len(rare):
        return []
    asked, others = near([str(register.street_normals[street]) for street in rare], 2)
    pairs: dict[int, tuple] = {}
    for street, other in zip(rare[np.asarray(asked, int)].tolist(), np.asarray(others, int).tolist()):
        if counts[street] > _SHARE * counts[other] or register.street_places[street] != register.street_places[other]:
            continue
        edits = _edits(str(register.street_compacts[street]), str(register.street_compacts[other]))
        if edits == 0 or edits > (2 if lengths[street] >= _LONG else 1) or not _likely(register, street, other):
            continue
        pairs[street] = min(pairs.get(street, (9, 0, 0)), (edits, -int(counts[other]), other))
    streets = sorted(pairs)
    return found_streets(register, "similar", WARNING, streets, lambda i: Message(
        mark("Addresses: {count}, the first in row {row}; “{other}” has {others}"), count=int(counts[streets[i]]),
        row=int(register.row[register.street_starts[streets[i]]]), other=street_text(register, pairs[streets[i]][2]),
        others=int(counts[pairs[streets[i]][2]])),
        [street_text(register, pairs[street][2]) for street in streets])


def _likely(register: AddressRegister, street: int, other: int) -> bool:
    """Say whether all addresses of the street could belong to the other one: near it, with numbers it lacks."""
    names = str(register.street_normals[street]), str(register.street_normals[other])
    if _DIGITS.findall(names[0]) != _DIGITS.findall(names[1]):
        return False
    keys = register.street_keys[street], register.street_keys[other]
    own = slice(*register.street_starts[street:street + 2])
    theirs = slice(*register.street_starts[other:other + 2])
    numbers = register.number[theirs]
    taken = set(zip(numbers.tolist(), register.suffix[theirs].tolist()))
    for number, suffix in zip(register.number[own].tolist(), register.suffix[own].tolist()):
        if number == NONE or (number, suffix) in taken or not 1 <= number <= numbers.max() + 10:
            return False
    # two official keys: two streets, unless they lie on top of each other
    nearest = _NEAR if not (all(keys) and keys[0] != keys[1]) else _NEAR / 10
    x, y = register.x[own], register.y[own]
    if np.isfinite(x).all() and np.isfinite(register.x[theirs]).any():
        apart = np.hypot(x[:, None] - register.x[theirs], y[:, None] - register.y[theirs])
        return bool((np.nanmin(apart, axis=1) <= nearest).all())
    if all(keys) and keys[0] != keys[1]:
        return False
    for column in (register.area, register.postcode, register.district):
        values = column[own]
        if (values > 0).all():
            return bool(np.isin(values, column[theirs]).all())
    return True


def _edits(first: str, second: str) -> int:
    """Return how many letters must be put in, taken out, replaced or swapped with the next one."""
    before, row = [], list(range(len(second) + 1))
    for i, letter in enumerate(first, start=1):
        older, before, row = before, row, [i]
        for j, other in enumerate(second, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == second[j - 2] and first[i - 2] == other:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]


def compare_with_list(register: AddressRegister, names) -> list[Finding]:
    """Find streets that a list of streets lacks, and streets of the list that have no address.

    Parameters
    ----------
    names : sequence of str
        Street names of the list, in any spelling; missing and empty ones do not count.
    """
    given = pd.Series(list(names), dtype=object).dropna().astype(str).str.strip()
    given = given[given != ""].drop_duplicates().tolist()
    listed = {compact(normal): name for name, normal in zip(given, normal_streets(given))}
    counts = sizes(register)
    lacking = [street for street, text in enumerate(register.street_compacts)
               if text not in listed and not is_stand_in(str(register.street_names[street]))]
    made = found_streets(register, "not_in_list", WARNING, lacking, lambda i: Message(
        mark("Addresses: {count}"), count=int(counts[lacking[i]])))
    there = set(register.street_compacts.tolist())
    return made + [Finding("not_in_register", HINT, -1, -1, name, Message(mark("No address in the register")))
                   for text, name in listed.items() if text not in there and not is_stand_in(name)]


def missing_postcodes(register: AddressRegister) -> list[Finding]:
    """Find addresses without a postcode where the register has them."""
    missing = np.flatnonzero(register.postcode == NONE)
    if len(missing) > 0.5 * len(register):
        return []
    return found(register, "no_postcode", WARNING, missing, lambda i: _in_row(register, missing[i]))


def missing_areas(register: AddressRegister) -> list[Finding]:
    """Find addresses without an area where the register states them."""
    missing = np.flatnonzero(register.area == 0)
    if len(missing) > 0.5 * len(register):
        return []
    return found(register, "no_area", WARNING, missing, lambda i: _in_row(register, missing[i]))


def missing_coordinates(register: AddressRegister) -> list[Finding]:
    """Find addresses without coordinates where the register has them."""
    missing = np.flatnonzero(~np.isfinite(register.x))
    if len(missing) > 0.5 * len(register):
        return []
    return found(register, "no_coordinates", WARNING, missing, lambda i: _in_row(register, missing[i]))


def _in_row(register: AddressRegister, address) -> Message:
    return Message(mark("Row {row}"), row=int(register.row[address]))
