"""What matching tells about a row: what was mended, why nothing was taken, what to correct."""

from __future__ import annotations

import numpy as np

from ..messages import Message, mark
from . import parsed as kinds
from .number_choice import BETWEEN, LISTED, NEAR, SAME, SUFFIX_LACKS
from .place_fit import DISTRICT_FAULT, OTHER, POSTCODE_FAULT, TOLERATED
from .register import NONE
from .register_index import RegisterIndex
from .street_choice import DOUBTFUL, FORMER, JOINED, MISBEGUN, MISTYPED, OTHER_ENDING, SHORT

EMPTY_ROW = mark("The row has no address.")
PO_BOX = mark("A P.O. box has no place on the map: enter street and house number.")
LANDMARK = mark("“{text}” is no street of the register: enter street and house number.")
OTHER_PLACE = mark("Lies in {place}, which is not in the register.")
UNKNOWN_STREET = mark("“{street}” is not in the register.")
UNKNOWN_POSTCODE = mark("The register has no postcode {postcode}.")
NO_STREET = mark("The row names no street.")
STREET_MISTYPED = mark("“{street}” was read as “{found}”: correct the spelling.")
STREET_SHORT = mark("“{street}” was read as “{found}”: write the name out.")
STREET_FORMER = mark("“{street}” is now called “{found}”.")
STREET_JOINED = mark("The register writes “{found}”.")
NUMBER_LISTED = mark("Several house numbers: {found} was taken.")
NUMBERS_APART = mark("The house numbers lie in different areas: {areas}. Only the one that was taken counts.")
NUMBER_BETWEEN = mark("House number {number} is not in the register; placed between {first} and {second}.")
NUMBER_NEAREST = mark("House number {number} is not in the register; the nearest one is {found}.")
NUMBER_LACKS = mark("House number {number} is not in the register; only the street was found.")
NUMBER_NONE = mark("The house number is missing; only the street was found.")
POSTCODE_WRONG = mark("Postcode {postcode} does not fit: the register has {found}.")
DISTRICT_WRONG = mark("{district} does not fit: the register has {found}.")
PLACE_MENDED = mark("“{place}” was read as {found}.")
TWO_STREETS = mark("Not clear: {first} or {second}?")
TIED = mark("{n} addresses fit equally well: {list}. Add the postcode or the district.")
TIED_ONE_AREA = mark("{n} addresses fit equally well, all in the same area.")
NOT_SURE = mark("Nothing fits well enough. The most likely one: {found}.")
AMBIGUOUS = mark("The row can be read in two ways, {found} is one of them. Write one address only.")
POSTCODE_ONLY = mark("Only the postcode {postcode} was placed.")
DISTRICT_ONLY = mark("Only the district {district} was placed.")
CROSSING = mark("Crossing of {first} and {second}.")
CROSSING_NONE = mark("{first} and {second} do not cross in the register.")
DATE_READ = mark("The house number had become a date; read as {number}.")

_MOST_LISTED = 5
_STREETS = {FORMER: STREET_FORMER, SHORT: STREET_SHORT, JOINED: STREET_JOINED, MISTYPED: STREET_MISTYPED,
            MISBEGUN: STREET_MISTYPED, DOUBTFUL: STREET_MISTYPED, OTHER_ENDING: STREET_MISTYPED}


def street_of(index: RegisterIndex, unit: int) -> str:
    """Return a street in words, with the place or district that tells it apart."""
    register = index.register
    street = index.unit_street[unit]
    addresses = index.addresses_of(unit)
    postcodes, districts = np.unique(register.postcode[addresses]), np.unique(register.district[addresses])
    postcode = f"{postcodes[0]:05d}" if len(postcodes) == 1 and postcodes[0] != NONE else ""
    place = register.places[register.street_places[street]]
    if not place and len(districts) == 1:
        place = register.districts[districts[0]]
    tail = f"{postcode} {place}".strip()
    return f"{register.street_names[street]}, {tail}" if tail else str(register.street_names[street])


def candidate_words(index: RegisterIndex, candidates, at: int) -> str:
    """Return a candidate in words: its address when the number is in the register, its street otherwise."""
    if candidates.number[at] in (SAME, LISTED, SUFFIX_LACKS):
        return index.register.text(int(candidates.address[at]))
    return street_of(index, int(candidates.unit[at]))


def number_words(parsed, row: int) -> str:
    """Return the house number of a row in words."""
    suffix = parsed.suffix[row]
    between = "" if not suffix[:1].isdigit() else " " if "/" in suffix else "/"
    return f"{parsed.number[row]}{between}{suffix}"


def why_nothing(parsed, places, row: int, index: RegisterIndex) -> Message:
    """Return why a row has no candidate."""
    kind = parsed.kind[row]
    if kind == kinds.PO_BOX:
        return Message(PO_BOX)
    if kind == kinds.EMPTY:
        return Message(EMPTY_ROW)
    if places.state[row] == OTHER:
        return Message(OTHER_PLACE, place=parsed.place_text[row] or parsed.place[row])
    if kind == kinds.LANDMARK:
        return Message(LANDMARK, text=short(parsed.street[row]))
    if not parsed.normal[row]:
        return Message(NO_STREET)
    return Message(UNKNOWN_STREET, street=short(parsed.street[row]))


def short(text, most: int = 80) -> str:
    """Return a text, cut when it is very long."""
    text = str(text)
    return text if len(text) <= most else text[:most - 1] + "…"


def street_message(index, candidates, at, parsed, row) -> list[Message]:
    """Return what is to be said about the street of a candidate that was taken."""
    template = _STREETS.get(int(candidates.street[at]))
    if template is None:
        return []
    found = index.register.street_names[index.unit_street[candidates.unit[at]]]
    return [Message(template, found=str(found)) if template == STREET_JOINED
            else Message(template, street=short(parsed.street[row]), found=str(found))]


def number_message(index, candidates, at, parsed, row, settings) -> list[Message]:
    """Return what is to be said about the house number of a candidate that was taken."""
    register, how = index.register, candidates.number[at]
    said = []
    if parsed.repairs[row] & kinds.FROM_DATE and how <= LISTED:
        said.append(Message(DATE_READ, number=register.number_text(int(candidates.address[at]))))
    elif how == LISTED or (how == SAME and len(parsed.more[row])):
        said.append(Message(NUMBER_LISTED, found=register.number_text(int(candidates.address[at]))))
    elif how == BETWEEN and settings.interpolate:
        said.append(Message(NUMBER_BETWEEN, number=number_words(parsed, row),
                            first=register.number_text(int(candidates.address[at])),
                            second=register.number_text(int(candidates.other[at]))))
    elif how in (BETWEEN, SUFFIX_LACKS, NEAR) and settings.nearest:
        said.append(Message(NUMBER_NEAREST, number=number_words(parsed, row),
                            found=register.number_text(int(candidates.address[at]))))
    elif how > LISTED:
        said.append(Message(NUMBER_NONE) if parsed.number[row] < 0
                    else Message(NUMBER_LACKS, number=number_words(parsed, row)))
    return said


def place_message(index, candidates, at, parsed, places, row) -> list[Message]:
    """Return what is to be said about place, postcode and district of a candidate that was taken."""
    register, faults, said = index.register, candidates.faults[at], []
    address = max(int(candidates.address[at]), int(index.order[index.unit_starts[candidates.unit[at]]])
                  if candidates.address[at] < 0 else 0)
    if faults & POSTCODE_FAULT:
        found = register.postcode[address]
        said.append(Message(POSTCODE_WRONG, postcode=f"{parsed.postcode[row]:05d}",
                            found=f"{found:05d}" if found != NONE else "–"))
    if faults & DISTRICT_FAULT:
        said.append(Message(DISTRICT_WRONG, district=str(register.districts[_first(
            index.district_of, places.district[row])]), found=str(register.districts[register.district[address]])))
    if places.state[row] == TOLERATED:
        place = register.places[register.street_places[index.unit_street[candidates.unit[at]]]] or register.place
        said.append(Message(PLACE_MENDED, place=short(parsed.place_text[row] or parsed.place[row]), found=str(place)))
    return said


def listed(texts) -> str:
    """Return some texts in one line, the rest as an ellipsis."""
    texts = list(dict.fromkeys(texts))
    return "; ".join(texts[:_MOST_LISTED]) + ("; …" if len(texts) > _MOST_LISTED else "")


def _first(codes, wanted) -> int:
    return int(np.flatnonzero(codes == wanted)[0])
