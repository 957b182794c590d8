"""House by house along the streets: odd numbers left, even numbers right, counted outwards from the centre."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from shapely.geometry import LineString, Point
from shapely.ops import unary_union
from shapely.prepared import prep

from . import plan
from .geometry import random_state

POSTCODES = {1: "43101", 2: "43103", 3: "43103", 4: "43105", 5: "43105", 6: "43107", 7: "43107", 8: "43109", 9: "43109",
             10: "43111", 11: "43113", 12: "43113", 13: "43115", 14: "43115", 15: "43117", 16: "43111", 17: "43119",
             18: "43121"}
CENTRE = (425750.0, 5720700.0)


@dataclass
class Address:
    """One address with its area."""

    number: int
    street: str
    house: int
    suffix: str
    postcode: str
    area: str
    x: float
    y: float


class _Site:
    """Knows where houses may stand and in which area."""

    def __init__(self, land, areas, streets, greens):
        lines = unary_union([street.line for street in streets])
        rails = unary_union([line.buffer(20.0, 4) for _name, _kind, line in land.railways])
        water = unary_union([polygon.buffer(10.0, 4) for _name, _kind, polygon in land.water])
        green = unary_union([shape for _name, _kind, shape in greens]).buffer(4.0, 4)
        self._banned = prep(unary_union([rails, water, green, lines.buffer(9.5, 4)]))
        self._areas = [(area, area.geometry.bounds, prep(area.geometry)) for area in areas]
        self._last = self._areas[0]
        self._cells = {}

    def area(self, x, y):
        """Return the area that holds the point, or None."""
        point = Point(x, y)
        for entry in [self._last] + self._areas:
            west, south, east, north = entry[1]
            if west < x < east and south < y < north and entry[2].contains(point):
                self._last = entry
                return entry[0]
        return None

    def free(self, x, y):
        """Tell whether a house may stand here, and if so remember it."""
        column, row = int(x // 11.0), int(y // 11.0)
        for near_column in (column - 1, column, column + 1):
            for near_row in (row - 1, row, row + 1):
                for other in self._cells.get((near_column, near_row), ()):
                    if (other[0] - x) ** 2 + (other[1] - y) ** 2 < 110.0:
                        return False
        if self._banned.contains(Point(x, y)):
            return False
        self._cells.setdefault((column, row), []).append((x, y))
        return True


def _chains(streets):
    """Return for each name its lines in walking order, outwards from the centre."""
    names = {}
    for street in streets:
        names.setdefault(street.name, {}).setdefault(street.chain, []).append(street)
    centre = Point(CENTRE)
    for name in sorted(names):
        chains = []
        for chain, pieces in names[name].items():
            pieces = sorted(pieces, key=lambda piece: piece.position)
            lines = [piece.line for piece in pieces]
            if centre.distance(lines[0]) > centre.distance(lines[-1]):
                lines = lines[::-1]
            nearest = round(min(centre.distance(line) for line in lines), 2)
            chains.append((chain[0] == "arm", nearest, str(chain), lines))
        chains.sort(key=lambda entry: entry[:3])
        yield name, [line for entry in chains for line in _oriented(entry[3])]


def _oriented(lines):
    """Turn every line so that it begins at the end nearer to the centre."""
    for line in lines:
        start, end = np.array(line.coords[0]), np.array(line.coords[-1])
        if np.hypot(*(start - CENTRE)) > np.hypot(*(end - CENTRE)):
            line = LineString(list(line.coords)[::-1])
        yield line


def make_addresses(land, areas, streets, greens):
    """Return all addresses, ordered by street and house number."""
    site, found = _Site(land, areas, streets, greens), []
    random = random_state("addresses")
    for name, lines in _chains(streets):
        house, places = [1, 2], []
        for line in lines:
            for side in (0, 1):
                house[side] = _walk(line, side, house[side], name, site, random, places)
            if house[0] > house[1] + 8:
                house[1] = house[0] - 1 - random.randint(0, 2) * 2
            elif house[1] > house[0] + 8:
                house[0] = house[1] - 1 - random.randint(0, 2) * 2
        found += sorted(places)
    return [Address(number, *place) for number, place in enumerate(found, start=1)]


def _walk(line, side, house, name, site, random, places):
    position, suffix = random.uniform(12.0, 22.0), ""
    while position < line.length - 10.0:
        here, ahead = line.interpolate(position), line.interpolate(min(position + 2.0, line.length))
        along = np.array([ahead.x - here.x, ahead.y - here.y])
        if not along.any():
            break
        left = np.array([-along[1], along[0]]) / np.hypot(*along) * (1.0 if side == 0 else -1.0)
        x, y = np.round(np.array([here.x, here.y]) + left * random.uniform(13.0, 19.0), 2)
        area = site.area(x, y)
        spacing = plan.KINDS[area.kind][1] if area else 20.0
        if area and random.uniform() < 0.95 and site.free(x, y):
            places.append((name, house, suffix, POSTCODES[int(area.district)], area.number, float(x), float(y)))
            draw = random.uniform()
            if draw < 0.035 and suffix in ("", "a"):
                suffix = "a" if not suffix else "b"
            else:
                house, suffix = house + (4 if draw > 0.97 else 2), ""
        elif suffix:
            house, suffix = house + 2, ""
        position += spacing * random.uniform(0.85, 1.3)
    return house + 2 if suffix else house
