"""The check of an address register: what is doubled, missing, far off, or written in several ways."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Callable

import numpy as np

from ..messages import Message, check_cancelled, mark
from . import register_check_numbers as numbers
from . import register_check_places as places
from . import register_check_streets as streets
from .register import NONE, AddressRegister
from .register_findings import ERROR, KINDS, Finding

#: where more than half of all addresses have one of these findings, it is the comparison that does not fit
_TOO_MANY = {
    "outside": mark("{count} of {addresses} addresses lie outside all areas: the coordinate reference system of the "
                    "register is not the one assumed, or these are not its areas. They are not listed one by one."),
    "unknown_area": mark("{count} of {addresses} addresses state an area that the area layer does not have: the "
                         "register belongs to another edition of the areas. They are not listed one by one."),
    "area_mismatch": mark("{count} of {addresses} addresses lie in another area than they state: the register belongs "
                          "to another edition of the areas. They are not listed one by one."),
}


@dataclass(frozen=True)
class CheckSettings:
    """What the check takes for remarkable.

    Attributes
    ----------
    gap : int
        Numbers of one side that must be missing in a row; 0: gaps are not looked for.
    distance : float
        Metres from which on an address lies apart from its street.
    border : float
        Metres within which a point may lie outside its stated area.
    number_points : bool
        List street points without number, too; they are counted in any case.
    """

    gap: int = 10
    distance: float = 500.0
    border: float = 10.0
    number_points: bool = True


@dataclass(frozen=True)
class RegisterCheck:
    """What the check found.

    Attributes
    ----------
    findings : list of Finding
        In the order of `KINDS`, then of severity, then of the register.
    counts : dict
        Kind → findings; kinds that were looked for and not found have 0, those not looked for are missing.
    facts : dict
        addresses, streets, numbered, with_coordinates, with_area, with_postcode, concerned (addresses with a finding
        that is more than worth a look).
    notes : list of Message
        What could not be checked, and why.
    """

    findings: list[Finding]
    counts: dict[str, int]
    facts: dict[str, int]
    notes: list[Message] = field(default_factory=list)


def check_register(
    register: AddressRegister,
    settings: CheckSettings = CheckSettings(),
    *,
    area_keys: Sequence[str] = (),
    polygons: Sequence = (),
    street_list: Sequence[str] | None = None,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> RegisterCheck:
    """Check a register.

    Parameters
    ----------
    register : AddressRegister
        Coordinates in metres.
    settings : CheckSettings
    area_keys, polygons : sequences
        Keys and geometries (shapely, in the register's coordinate system) of the areas, empty without.
    street_list : sequence of str, optional
        Names of the streets that there are.
    """
    notes: list[Message] = list(register.notes)
    found: dict[str, list[Finding]] = {}

    def run(kinds: Sequence[str], check: Callable[[], list[Finding]]) -> None:
        check_cancelled(cancelled)
        for kind in kinds:
            found.setdefault(kind, [])
        for each in check():
            found[each.kind].append(each)
        if progress is not None:
            progress(100 * len(found) / len(KINDS))

    run(["unknown_street"], lambda: streets.unknown_streets(register))
    run(["duplicate"], lambda: numbers.duplicates(register))
    run(["no_number"], lambda: numbers.without_number(register))
    run(["suffix"], lambda: numbers.odd_suffixes(register))
    run(["high_number"], lambda: numbers.high_numbers(register))
    if settings.gap > 0:
        run(["gap"], lambda: numbers.gaps(register, settings.gap))
    run(["spelling"], lambda: streets.spellings(register))
    run(["keys"], lambda: streets.several_keys(register))
    run(["similar"], lambda: streets.similar_streets(register, _near(register)))
    if street_list is not None:
        run(["not_in_list", "not_in_register"], lambda: streets.compare_with_list(register, street_list))
    if (register.postcode != NONE).any():
        run(["no_postcode"], lambda: streets.missing_postcodes(register))
        run(["postcode"], lambda: places.postcodes(register))
    else:
        notes.append(Message(mark("The register has no postcodes; they were not checked.")))
    if register.has_coordinates:
        run(["no_coordinates"], lambda: streets.missing_coordinates(register))
        run(["same_place", "crowd"], lambda: places.same_place(register))
        run(["outlier", "parts"], lambda: places.outliers(register, settings.distance, cancelled))
    else:
        notes.append(Message(mark("The register has no coordinates; distances and areas by geometry were not "
                                  "checked.")))
    if register.has_areas:
        run(["no_area"], lambda: streets.missing_areas(register))
    if len(polygons):
        kinds = (["area_mismatch", "unknown_area"] if register.has_areas else []) + (
            ["outside"] if register.has_coordinates else [])
        run(kinds, lambda: places.areas(register, area_keys, polygons, settings.border, register.has_areas, cancelled))
    elif register.has_areas and register.has_coordinates:
        notes.append(Message(mark("Without an area layer, stated areas were not compared with the coordinates.")))
    return _result(register, found, notes, settings)


def _near(register: AddressRegister):
    """Return the search for near names as `similar_streets` wants it."""
    from .street_search import StreetSearch

    def near(names, most_edits):
        hits = StreetSearch(register.street_normals).near(names, most_edits)
        return hits[0], hits[1]

    return near


def _result(register: AddressRegister, found: dict, notes: list, settings: CheckSettings) -> RegisterCheck:
    counts = {kind: len(found[kind]) for kind in KINDS if kind in found}
    for kind, template in _TOO_MANY.items():
        if counts.get(kind, 0) > max(len(register) / 2, 10):
            notes.insert(0, Message(template, count=counts[kind], addresses=len(register)))
            found[kind] = []
    listed = [each for kind in KINDS if settings.number_points or kind != "no_number"
              for each in sorted(found.get(kind, ()), key=lambda each: each.severity)]
    wrong = Counter(each.address for each in listed if each.severity <= ERROR + 1 and each.address >= 0)
    facts = {
        "addresses": len(register), "streets": len(register.street_names),
        "numbered": int((register.number != NONE).sum()),
        "with_coordinates": int(np.isfinite(register.x).sum()), "with_area": int((register.area > 0).sum()),
        "with_postcode": int((register.postcode != NONE).sum()), "concerned": len(wrong),
    }
    return RegisterCheck(listed, counts, facts, notes)
