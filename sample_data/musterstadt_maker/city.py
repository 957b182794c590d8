"""The whole invented city in memory."""
from __future__ import annotations

from dataclasses import dataclass

from .addresses import make_addresses
from .areas import make_areas, make_districts
from .green import make_greens
from .indicators import make_indicators, make_need
from .network import make_land
from .people import make_people
from .streets import make_streets


@dataclass
class City:
    """All parts of Musterstadt before they are written to files."""

    land: object
    areas: list
    districts: list
    streets: list
    greens: list
    addresses: list
    need: object
    people: object
    values: dict


def make_city():
    """Return Musterstadt; the same on every call and every machine."""
    land = make_land()
    areas = make_areas(land)
    streets = make_streets(land, areas)
    greens = make_greens(land, streets)
    addresses = make_addresses(land, areas, streets, greens)
    need = make_need(areas)
    people = make_people(areas, addresses, need)
    values = make_indicators(areas, land, streets, addresses, people, need)
    return City(land, areas, make_districts(areas), streets, greens, addresses, need, people, values)
