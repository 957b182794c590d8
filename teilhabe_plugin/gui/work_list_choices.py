"""What the user chose for a row, as kind and details of a decision."""
from __future__ import annotations

from dataclasses import dataclass, field

from ..translation import tr


@dataclass(frozen=True)
class Choice:
    """Arguments of `work_list_session.WorkSession.decide`."""

    kind: str
    done: str
    details: dict = field(default_factory=dict)


def choice_of_candidate(candidate, registers) -> Choice:
    """Return the choice of a candidate.

    One that is no address of a register (a street, a number between two others) counts as its words typed: its place
    stays as uncertain as it is.

    Parameters
    ----------
    candidate : core.addresses.candidates.Candidate
    registers : sequence of AddressRegister
    """
    from ..core.addresses.decisions import ADDRESS

    if candidate.address < 0:
        return choice_of_text(candidate.text)
    register = registers[candidate.register]
    x, y = _number(candidate.x), _number(candidate.y)
    return Choice(ADDRESS, tr("“{address}” taken", address=candidate.text), {
        "address": candidate.text, "address_id": str(register.ids[candidate.address]) if len(register.ids) else "",
        "x": x, "y": y, "crs": register.crs if x is not None else "", "area": candidate.area})


def choice_of_text(text: str) -> Choice:
    """Return the choice of an address typed by hand."""
    from ..core.addresses.decisions import TEXT

    return Choice(TEXT, tr("“{address}” typed", address=text), {"text": text})


def choice_of_nowhere(reason: str) -> Choice:
    """Return the choice that an offer cannot be located."""
    from ..core.addresses.decisions import NONE

    return Choice(NONE, tr("not locatable"), {"text": reason})


def choice_of_point(point, crs: str) -> Choice:
    """Return the choice of a place clicked in the map."""
    from ..core.addresses.decisions import POINT

    return Choice(POINT, tr("place clicked in the map"), {"x": point.x(), "y": point.y(), "crs": crs})


def usual_reasons() -> list[str]:
    """Return why an offer often cannot be located."""
    return [tr("no address given"), tr("P.O. box only"), tr("outside the city"), tr("offer is closed"),
            tr("several places"), tr("address is confidential")]


def _number(value):
    """Return a coordinate, None for none."""
    return float(value) if value is not None and value == value else None
