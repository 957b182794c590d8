"""Area keys for the addresses of a register, from the polygons they lie in."""

from __future__ import annotations

from dataclasses import replace
from typing import Callable

import numpy as np

from ..messages import Message, mark
from ..overlay import locate
from .register import AddressRegister


def with_zeros(register: AddressRegister, keys) -> AddressRegister:
    """Return the register with the leading zeros that a spreadsheet took from its area keys.

    Parameters
    ----------
    register : AddressRegister
    keys : sequence of str
        Keys of the areas; only when all of them have the same length, zeros can be put back.
    """
    known = set(keys)
    lengths = {len(key) for key in known}
    if len(lengths) != 1 or not register.has_areas:
        return register
    length = lengths.pop()
    texts = [str(text) for text in register.areas]
    whole = [text.zfill(length) if text and text not in known and text.isdigit() and text.zfill(length) in known
             else text for text in texts]
    mended = [number for number, (old, new) in enumerate(zip(texts, whole)) if old != new]
    if not mended:
        return register
    numbers: dict[str, int] = {}
    codes = np.array([numbers.setdefault(text, len(numbers)) for text in whole], dtype=np.int32)
    note = Message(mark("{register}: {n} area keys had lost their leading zeros ({example}); they were put back."),
                   register=register.title, n=len(mended), example=f"{texts[mended[0]]} → {whole[mended[0]]}")
    return replace(register, area=codes[register.area], areas=np.array(list(numbers), dtype=object),
                   notes=(*register.notes, note), cache={})


def with_areas(register: AddressRegister, keys, polygons, keep_stated: bool = True,
               cancelled: Callable[[], bool] | None = None) -> AddressRegister:
    """Return the register with the key of the area that each address lies in.

    Parameters
    ----------
    register : AddressRegister
    keys : sequence of str
        Area keys.
    polygons : sequence of shapely geometries or None
        Valid polygons in the register's CRS.
    keep_stated : bool
        Keep the area that the register itself states; otherwise geometry decides wherever an address has coordinates.
    cancelled : callable, optional
        Returns True when the user gives up.

    Notes
    -----
    A point on a border belongs to the area with the first key in alphabetical order, whatever the order of the
    polygons. Addresses outside all areas keep what they had.
    """
    texts = np.array([str(key) for key in keys], dtype=object)
    order = np.argsort(texts, kind="stable")
    wanted = np.isfinite(register.x) & np.isfinite(register.y)
    if keep_stated:
        wanted &= register.area == 0
    rows = np.flatnonzero(wanted)
    found = locate(register.x[rows], register.y[rows], [polygons[i] for i in order], cancelled)
    numbers = {text: number for number, text in enumerate(register.areas)}
    codes = np.array([numbers.setdefault(text, len(numbers)) for text in texts[order]], dtype=np.int32)
    inside = found >= 0
    area = register.area.copy()
    area[rows[inside]] = codes[found[inside]]
    notes = register.notes
    outside = int((~inside).sum())
    if outside:
        notes += (Message(mark("{register}: {n} addresses lie in none of the areas."),
                          register=register.title, n=outside),)
    return replace(register, area=area, areas=np.array(list(numbers), dtype=object), notes=notes, cache={})
