"""What the check of a register can find: the kinds, how bad each is, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..messages import Message, mark
from .register import NONE, AddressRegister

ERROR, WARNING, HINT = 1, 2, 3

SEVERITIES = {ERROR: mark("wrong"), WARNING: mark("probably wrong"), HINT: mark("worth a look")}


@dataclass(frozen=True)
class Kind:
    """A kind of finding.

    Attributes
    ----------
    title, rule, advice : str
        Templates: what it is called, by which rule it is found, what to do.
    """

    title: str
    rule: str
    advice: str


#: kind → what it means; in the order of the report
KINDS = {
    "unknown_street": Kind(
        mark("Street unknown"),
        mark("The name is a stand-in such as “### Straßenname unbekannt”, or holds no letter."),
        mark("Enter the real name or take the entry out. Addresses of this street are never found by name.")),
    "duplicate": Kind(
        mark("Address stands several times"),
        mark("Street, number, addition and postcode are equal."),
        mark("Keep the one that is right. While both are there, the address is ambiguous as soon as they lie in two "
             "areas.")),
    "area_mismatch": Kind(
        mark("Stated area is not that of the coordinates"),
        mark("The point lies in another area than the register states; within {border:g} m of the stated area it is "
             "only worth a look."),
        mark("Compare with the map: mend the key, or the coordinates.")),
    "unknown_area": Kind(
        mark("Area key that the areas do not have"),
        mark("The stated key is none of the area layer’s."),
        mark("An older edition of the areas or a typing error: mend the key.")),
    "no_area": Kind(
        mark("Area is missing"),
        mark("Other addresses of the register state their area, this one does not."),
        mark("Enter the key; with an area layer it follows from the coordinates.")),
    "outside": Kind(
        mark("Outside all areas"),
        mark("The point lies in none of the layer’s areas."),
        mark("Beyond the border, or coordinates that are wrong.")),
    "outlier": Kind(
        mark("Far from its street"),
        mark("One or two addresses, and no more than a tenth of the street, lie apart from all the others: farther "
             "than {distance:g} m and than ten times the usual distance to the next address of the street. Also: "
             "points far from all addresses of the register."),
        mark("Check the coordinates; or it belongs to another street.")),
    "parts": Kind(
        mark("Street in several parts"),
        mark("The street falls into groups of three or more addresses that lie as far apart as an outlier."),
        mark("Nothing to do when it is one street. Two streets of the same name should be told apart by district, "
             "postcode or key.")),
    "no_coordinates": Kind(
        mark("Coordinates are missing"),
        mark("Other addresses of the register have coordinates, this one has none."),
        mark("Add them; until then the address is found but cannot be shown.")),
    "same_place": Kind(
        mark("Different streets at one point"),
        mark("Two addresses of different streets have exactly the same coordinates."),
        mark("Usual at corners. Otherwise one of them has the wrong coordinates.")),
    "crowd": Kind(
        mark("Many numbers at one point"),
        mark("Ten or more different house numbers have exactly the same coordinates."),
        mark("Often a stand-in for coordinates that nobody measured.")),
    "postcode": Kind(
        mark("Postcode does not fit"),
        mark("Nine or more of the twelve nearest addresses agree on another postcode, and one at most has this one. "
             "Without coordinates: the numbers on both sides agree on another one, and it stands three times at most "
             "in the street and in its area."),
        mark("Compare with the neighbouring house: probably a typing error.")),
    "no_postcode": Kind(
        mark("Postcode is missing"),
        mark("Other addresses of the register have a postcode, this one has none."),
        mark("Add it; where a street name occurs more than once, the postcode decides.")),
    "spelling": Kind(
        mark("Street written in several ways"),
        mark("Names that are equal after folding (Str./Straße, ss/ß, hyphens and blanks), or one official street key "
             "with several names."),
        mark("Agree on one spelling. The search finds all of them.")),
    "keys": Kind(
        mark("One street name with several keys"),
        mark("The same name, in the same place, has several official street keys."),
        mark("Two streets of one name, or one key too many.")),
    "similar": Kind(
        mark("Probable typing error in the street"),
        mark("Three addresses at most and no more than a tenth of those of a street whose name is one letter off (two "
             "from ten letters on), near it, and with numbers that are missing there."),
        mark("Compare with the street list; mend the name.")),
    "not_in_list": Kind(
        mark("Street that the street list lacks"),
        mark("The name is not in the street list, not even after folding."),
        mark("A typing error in the register, or a street that is missing in the list.")),
    "not_in_register": Kind(
        mark("Street of the list without address"),
        mark("The street list has the name, the register has no address of it."),
        mark("A street without houses, a new one, or addresses that are missing.")),
    "gap": Kind(
        mark("Gap in the house numbers"),
        mark("{gap} or more numbers in a row are missing on one side of the street; before and after the gap the side "
             "has at least three numbers, and hardly any missing. With coordinates: the ends lie at least a third as "
             "far apart as the missing houses would need."),
        mark("A park or a plant, or addresses that are missing.")),
    "high_number": Kind(
        mark("House number implausibly high"),
        mark("Over 2,000; or more than 100 above all other numbers of the street and four times as high, in a street "
             "with eight numbers or more."),
        mark("Probably digits that belong elsewhere (an addition, a postcode).")),
    "suffix": Kind(
        mark("Odd addition to the house number"),
        mark("Neither one or two letters nor a fraction or a short number."),
        mark("Move explanations to a column of their own.")),
    "no_number": Kind(
        mark("Street point without a number"),
        mark("The entry has a street and no house number."),
        mark("Usual as the middle of a street or for a square. No address with a number is ever placed there.")),
}


@dataclass(frozen=True)
class Finding:
    """One thing that was found.

    Attributes
    ----------
    kind : str
        See `KINDS`.
    severity : int
        `ERROR`, `WARNING` or `HINT`.
    address, street : int
        Positions in the register, -1 for none.
    text : str
        The address or street in words.
    detail : Message
    counterpart : str
        The other address, street, area or postcode that it is about, "" without.
    """

    kind: str
    severity: int
    address: int
    street: int
    text: str
    detail: Message
    counterpart: str = ""

    def place(self, register: AddressRegister) -> int:
        """Return the address that stands for the finding on the map, -1 when there is none."""
        if self.address >= 0 or self.street < 0:
            return self.address
        start, end = register.street_starts[self.street:self.street + 2]
        located = np.flatnonzero(np.isfinite(register.x[start:end]))
        return int(start + located[len(located) // 2]) if len(located) else int(start)


def found(register: AddressRegister, kind: str, severity, addresses, detail, counterparts=None) -> list[Finding]:
    """Return findings about addresses.

    Parameters
    ----------
    severity : int or array of int
    addresses : array of int
    detail : callable
        From the number of the finding to its message.
    counterparts : sequence, optional
        Positions of other addresses (−1: none), or texts.
    """
    addresses = np.asarray(addresses)
    severities = np.broadcast_to(np.asarray(severity), len(addresses)).tolist()
    texts = [""] * len(addresses) if counterparts is None else [
        each if isinstance(each, str) else register.text(each) if each >= 0 else "" for each in
        (counterparts.tolist() if isinstance(counterparts, np.ndarray) else counterparts)]
    return [Finding(kind, severities[i], address, int(register.street[address]), register.text(address), detail(i),
                    texts[i]) for i, address in enumerate(addresses.tolist())]


def found_streets(register: AddressRegister, kind: str, severity: int, streets, detail, counterparts=None
                  ) -> list[Finding]:
    """Return findings about whole streets; parameters as in `found`, counterparts are texts."""
    return [Finding(kind, severity, -1, street, street_text(register, street), detail(i),
                    "" if counterparts is None else counterparts[i])
            for i, street in enumerate(np.asarray(streets).tolist())]


def street_text(register: AddressRegister, street: int) -> str:
    """Return the street with its place, where the register names places."""
    place = register.places[register.street_places[street]]
    return f"{register.street_names[street]}, {place}" if place else str(register.street_names[street])


def sizes(register: AddressRegister) -> np.ndarray:
    """Return how many addresses each street has."""
    return np.diff(register.street_starts)


def numbered(register: AddressRegister) -> np.ndarray:
    """Return the positions of the addresses with a house number."""
    return np.flatnonzero(register.number != NONE)
