"""Rounding of counts to a base such as 3 or 5, the alternative to suppression.

===============  ======================================================================================================
method           what it does
===============  ======================================================================================================
``nearest``      to the nearest multiple (half goes up). Totals are rounded by themselves and need not be the sum of
                 their parts.
``random``       up or down with a probability that keeps the expectation. Totals by themselves, too.
``controlled``   up or down, the parts of each total with one another: every total is the sum of its rounded parts and
                 less than one base away from its true value.
===============  ======================================================================================================

Multiples of the base, and so zeros, stay what they are. Random choices follow from seed, key and name: the same table
is rounded the same way in every run and in whatever order its rows stand, so that repeated runs cannot be averaged.
"""
from __future__ import annotations

import hashlib

import numpy as np

from .messages import TeilhabeError, mark

METHODS = ("none", "nearest", "random", "controlled")


def round_counts(values, parents, keys, base: int = 3, method: str = "nearest", seed: str = "",
                 name: str = "") -> np.ndarray:
    """Return the cells of a tree rounded to multiples of the base.

    Parameters
    ----------
    values : array_like, shape (cells,)
        Whole numbers, NaN where there is none. With "controlled" the totals are computed anew from their parts.
    parents : sequence of int
        For each cell the position of its total, −1 for none.
    keys : sequence
        Key of each cell, unique; random choices hang on it.
    base : int
    method : {"none", "nearest", "random", "controlled"}
    seed, name : str
        The seed is to be kept secret like the counts. Tables with different names are rounded independently.
    """
    values = np.asarray(values, float)
    if method == "none":
        return values
    if base < 2:
        raise TeilhabeError(mark("Counts are rounded to a base of 2 at least, found {base}."), base=base)
    if method == "nearest":
        return base * np.floor(values / base + 0.5)
    if method == "random":
        # ⌊x/b + u⌋ rounds up with the probability of the part over; equal u keeps x ≤ y for counts of one area
        return base * np.floor(values / base + np.array([_uniform(seed, name, key) for key in keys]))
    if method == "controlled":
        return _controlled(values, list(parents), list(keys), base, seed, name)
    raise TeilhabeError(mark("{setting}: “{value}” is not possible. Possible are: {choices}."),
                        setting="rounding", value=method, choices=", ".join(METHODS))


def _controlled(values: np.ndarray, parents: list[int], keys: list, base: int, seed: str, name: str) -> np.ndarray:
    """Round the running sum over the leaves instead of each leaf.

    Every total holds a stretch of leaves without a gap, so its rounded sum is the difference of two rounded running
    sums and less than a base off. A random start and a random order of the parts keep expectations and break
    the tie between neighbours.
    """
    children: dict[int, list[int]] = {}
    for cell, parent in enumerate(parents):
        children.setdefault(parent, []).append(cell)
    chance = [_uniform(seed, name, key) for key in keys]
    leaves, waiting = [], sorted(children.get(-1, []), key=lambda cell: chance[cell])
    while waiting:
        cell = waiting.pop()
        if cell in children:
            waiting += sorted(children[cell], key=lambda each: chance[each])
        else:
            leaves.append(cell)
    leaves = np.array(leaves, int)
    there = np.nan_to_num(values[leaves])
    edges = np.floor((np.concatenate([[0.0], np.cumsum(there)])) / base + _uniform(seed, name, "\0start"))
    rounded = np.where(np.isnan(values), np.nan, 0.0)
    rounded[leaves] = np.where(np.isnan(values[leaves]), np.nan, base * np.diff(edges))
    return _totals(rounded, parents, children)


def _totals(values: np.ndarray, parents: list[int], children: dict) -> np.ndarray:
    """Return the values with every total set to the sum of its parts; parts without a value do not count."""
    done = values.copy()
    waiting = [(cell, False) for cell in children.get(-1, [])]
    while waiting:
        cell, ready = waiting.pop()
        if cell not in children:
            continue
        if ready:
            done[cell] = np.nansum(done[children[cell]])
        else:
            waiting.append((cell, True))
            waiting += [(child, False) for child in children[cell]]
    return done


def _uniform(seed: str, name: str, key) -> float:
    """Return a number in [0, 1) that looks random and always is the same for the same arguments."""
    digest = hashlib.blake2b(f"{seed}\x1f{name}\x1f{key}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64
