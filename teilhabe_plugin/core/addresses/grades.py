"""How sure a place is: the grades of a located address, from the surest to none."""

from __future__ import annotations

from ..messages import mark

EXACT = 1
NORMALISED = 2
INTERPOLATED = 3
NEAREST = 4
STREET = 5
DISTRICT = 6
NONE = 7

#: grade → (id written to layers and files, title)
GRADES = {
    EXACT: ("exact", mark("exact")),
    NORMALISED: ("normalised", mark("exact after normalising")),
    INTERPOLATED: ("interpolated", mark("between the neighbouring house numbers")),
    NEAREST: ("nearest", mark("nearest house number")),
    STREET: ("street", mark("street only")),
    DISTRICT: ("district", mark("postcode or district only")),
    NONE: ("none", mark("not located")),
}
