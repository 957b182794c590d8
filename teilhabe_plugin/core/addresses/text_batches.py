"""Many different address texts at once: the common forms by one expression, the others one by one."""

from __future__ import annotations

import re
from typing import Callable

import numpy as np
import pandas as pd

from ..messages import Cancelled
from . import parsed
from .address_reading import read_address
from .parsed import ParsedAddresses
from .street_names import compact, normal_street
from .text_address import NO_ADDRESS, TextAddress, spelling_repair
from .vocabulary import Vocabulary

_LETTERS = r"[^\n\t\d,;:/()\[\]&+|\"=@<>_•·]"
#: “Ackerstr.”, “Ackerstr. 12a”, “Ackerstr. 12 a, 10115 Berlin”; any other line matches as nothing
_COMMON = re.compile(rf"^ *([^\W\d_]{_LETTERS}*(?<! ))(?: *(\d{{1,4}})( ?)([A-Za-z]?))?"
                     rf"(?:(?:, *| +)(\d{{5}}) +([^\W\d_]{_LETTERS}*(?<! )))? *$|^.*$", re.MULTILINE)
_DTYPES = {"kind": np.int8, "number": np.int32, "is_range": bool, "postcode": np.int32, "repairs": np.int32}
_BETWEEN_CHECKS = 2000


def read_texts(texts: list[str], vocabulary: Vocabulary,
               cancelled: Callable[[], bool] | None = None) -> ParsedAddresses:
    """Return the addresses of texts; the same as `read_address` of each.

    Parameters
    ----------
    texts : list of str
    vocabulary : Vocabulary
    cancelled : callable, optional

    Raises
    ------
    Cancelled
        When `cancelled` says so.
    """
    fields, done = _common_forms(texts, vocabulary)
    rows = np.flatnonzero(~done)
    read: list[TextAddress] = []
    for count, row in enumerate(rows):
        if cancelled and count % _BETWEEN_CHECKS == 0 and cancelled():
            raise Cancelled
        read.append(read_address(texts[row], vocabulary))
    for position, name in enumerate(TextAddress._fields):
        values = np.empty(len(rows), dtype=_DTYPES.get(name, object))
        values[:] = [address[position] for address in read]
        fields[name][rows] = values
    return ParsedAddresses(**fields)


def _common_forms(texts: list[str], vocabulary: Vocabulary) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Return the fields of texts of the common forms, and which texts these are."""
    fields = {}
    for name, missing in zip(TextAddress._fields, NO_ADDRESS):
        fields[name] = np.full(len(texts), None if name == "more" else missing, dtype=_DTYPES.get(name, object))
        if name == "more":
            fields[name].fill(())
    lines = [text.replace("\n", "\t") if "\n" in text else text for text in texts]
    found = _COMMON.findall("\n".join(lines)) if lines else []
    if len(found) != len(texts):
        return fields, np.zeros(len(texts), dtype=bool)
    street, number, blank, letter, postcode, place = (_numbered(part) for part in zip(*found))
    has_number, has_place = number[1][number[0]] != "", postcode[1][postcode[0]] != ""
    normals, plain, plain_alone, spelling = _streets(street[1], street[0], has_number, vocabulary)
    places = _places(place[1], vocabulary)
    code = street[0]
    done = np.where(has_number, plain[code], plain_alone[code]) & (places["clean"][place[0]] | ~has_place)
    street_known = np.array([text != "" for text in street[1]], dtype=bool)[code]
    done &= street_known
    row = np.flatnonzero(done)
    code = code[row]
    fields["kind"][row] = parsed.ADDRESS
    fields["street"][row], fields["normal"][row] = street[1][code], normals[code]
    fields["number"][row] = np.array([int(text or -1) for text in number[1]], dtype=np.int32)[number[0][row]]
    suffix = np.array([text.lower() for text in letter[1]], dtype=object)
    fields["suffix"][row] = suffix[letter[0][row]]
    fields["postcode"][row] = np.array([int(text or -1) for text in postcode[1]], dtype=np.int32)[postcode[0][row]]
    for name in ("place", "district", "place_text"):
        fields[name][row] = places[name][place[0][row]]
    apart = (blank[1][blank[0]] != "") & (letter[1][letter[0]] != "")
    fields["repairs"][row] = (spelling[code] | np.where(has_number[row], parsed.SPLIT, 0)
                              | np.where(has_place[row], parsed.PLACE_SPLIT, 0)
                              | np.where(apart[row], parsed.SUFFIX_FORM, 0))
    return fields, done


def _numbered(part: tuple) -> tuple[np.ndarray, np.ndarray]:
    codes, unique = pd.factorize(np.array(part, dtype=object))
    return codes, np.asarray(unique, dtype=object)


def _streets(names: np.ndarray, code: np.ndarray, has_number: np.ndarray, vocabulary: Vocabulary):
    """Return of each name: its normal form, whether it is all of the street with and without number, its repair."""
    count = len(names)
    with_number = np.zeros(count, dtype=bool)
    with_number[code[has_number]] = True
    normals, spelling = np.empty(count, dtype=object), np.zeros(count, dtype=np.int32)
    plain, alone = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
    for position, name in enumerate(names):
        normals[position] = normal = normal_street(name)
        key = compact(normal)
        if key in vocabulary.streets:
            alone[position], plain[position] = True, key not in vocabulary.heads
            spelling[position] = spelling_repair(" ".join(name.split()), normal, vocabulary)
        elif with_number[position] and name.isprintable() and not name.endswith((" l", " I")):  # “Ackerstr. l2”
            read = read_address(name + " 1", vocabulary)
            plain[position] = (read.street == name and read.number == 1 and read.kind == parsed.ADDRESS
                               and read.normal == normal and not read.place and not read.district
                               and not read.repairs & ~(parsed.SPELLING | parsed.SPLIT))
            spelling[position] = read.repairs & parsed.SPELLING
    for position, name in enumerate(names):
        if "  " in name or not name.isprintable() or len(name) == 1:  # “B1” is a square in Mannheim
            plain[position] = alone[position] = False
    return normals, plain, alone, spelling


def _places(names: np.ndarray, vocabulary: Vocabulary) -> dict[str, np.ndarray]:
    """Return what the names behind a postcode mean, and whether they are nothing but a place."""
    read = [read_address(f"10115 {name}", vocabulary) if name else NO_ADDRESS for name in names]
    found = {name: np.array([getattr(each, name) for each in read], dtype=object)
             for name in ("place", "district", "place_text")}
    found["clean"] = np.array([each.kind == parsed.EMPTY and each.postcode in (10115, -1)
                               and each.repairs in (0, parsed.PLACE_SPLIT)
                               and not any(map(str.isnumeric, name)) for each, name in zip(read, names)], dtype=bool)
    return found
