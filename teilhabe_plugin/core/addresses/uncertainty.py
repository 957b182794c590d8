"""Where something lies that is no single address – a street, a postcode, a crossing – and how far off that may be.

All radii are metres around the point in which the true place lies, as far as the register tells:

- an address itself by the quality of its coordinates: A (in the building) 10, B (on the plot) 30, R and C (estimated,
  along the street) 50, not stated 15;
- a point between two neighbours: the distance to the farther one, at least 15;
- the nearest number: 30 for each house number that it is off (15 when only the suffix differs), at least 30, at most
  the radius of the street;
- streets, postcodes, districts: so that all their addresses lie inside.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .register_index import RegisterIndex

_QUALITY = {"a": 10.0, "b": 30.0, "c": 50.0, "r": 50.0}
_UNSTATED = 15.0
_CROSSING, _NEAR = 150.0, 120.0
_FEW = 20_000  # pairs that are quicker measured all than looked up in a tree
_PER_NUMBER, _LEAST_NEAREST, _LEAST_BETWEEN, _SUFFIX = 30.0, 30.0, 15.0, 15.0


@dataclass(frozen=True)
class Spot:
    """A point with its radius and, when all that lies there agrees, the area."""

    x: float = float("nan")
    y: float = float("nan")
    radius: float = float("nan")
    area: int = 0
    address: int = -1


def quality_radius(index: RegisterIndex, addresses) -> np.ndarray:
    """Return the radius of addresses by the quality of their coordinates, NaN without coordinates."""
    register = index.register
    by_quality = np.array([_QUALITY.get(text.strip().casefold()[:1], _UNSTATED) for text in register.qualities])
    return np.where(np.isfinite(register.x[addresses]), by_quality[register.quality[addresses]], np.nan)


def street_spot(index: RegisterIndex, unit: int, postcode: int = -1) -> Spot:
    """Return the spot of a street: its address nearest to the middle (the median), with all addresses in its radius.

    Only the addresses of a postcode count when the street has any there.
    """
    key = ("street", unit, postcode)
    if key not in index.cache:
        addresses = index.addresses_of(unit)
        if postcode > 0:
            inside = addresses[index.register.postcode[addresses] == postcode]
            addresses = inside if len(inside) else addresses
        index.cache[key] = middle(index, addresses)
    return index.cache[key]


def middle(index: RegisterIndex, addresses) -> Spot:
    """Return the spot of addresses: the one nearest to their median point, and the distance to the farthest."""
    register = index.register
    areas = register.area[addresses]
    area = int(areas[0]) if len(areas) and (areas == areas[0]).all() else 0
    located = addresses[np.isfinite(register.x[addresses])]
    if not len(located):
        return Spot(area=area, address=int(addresses[0]) if len(addresses) else -1)
    x, y = register.x[located], register.y[located]
    nearest = int(np.argmin(np.hypot(x - np.median(x), y - np.median(y))))
    radius = float(np.hypot(x - x[nearest], y - y[nearest]).max())
    return Spot(float(x[nearest]), float(y[nearest]), max(radius, _LEAST_BETWEEN), area, int(located[nearest]))


def postcode_spot(index: RegisterIndex, place: int, postcode: int, district: int) -> Spot:
    """Return the spot of a postcode or, where one is given (> 0), a district, in a place (0: any)."""
    key = ("postcode", place, postcode, district)
    if key not in index.cache:
        register = index.register
        inside = np.ones(len(register), dtype=bool)
        if postcode > 0:
            inside &= register.postcode == postcode
        if district > 0:
            in_district = index.district_of[register.district] == district
            inside = inside & in_district if (inside & in_district).any() else inside
        if place > 0:
            inside &= index.place_of[register.street_places][register.street] == place
        index.cache[key] = middle(index, np.flatnonzero(inside))
    return index.cache[key]


def between(index: RegisterIndex, address, other, number) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return x, y and radius of house numbers between two addresses, in proportion to the numbers."""
    register = index.register
    first, second = register.number[address].astype(float), register.number[other].astype(float)
    share = (number - first) / np.maximum(second - first, 1)
    x = register.x[address] + share * (register.x[other] - register.x[address])
    y = register.y[address] + share * (register.y[other] - register.y[address])
    length = np.hypot(register.x[other] - register.x[address], register.y[other] - register.y[address])
    return x, y, np.maximum(np.maximum(share, 1 - share) * length, _LEAST_BETWEEN) + 0 * length


def nearest_radius(index: RegisterIndex, units, address, away) -> np.ndarray:
    """Return the radius around the nearest house number, `away` house numbers off (0: only the suffix differs)."""
    wide = np.array([street_spot(index, int(unit)).radius for unit in units], dtype=float)
    grown = quality_radius(index, address) + np.where(away > 0, _PER_NUMBER * away, _SUFFIX)
    return np.fmin(np.maximum(grown, _LEAST_NEAREST), np.maximum(wide, _LEAST_NEAREST))


def crossing_spot(index: RegisterIndex, first: int, second: int) -> Spot | None:
    """Return where the addresses of two streets come nearest to each other; None when they are farther than 150 m.

    The area is told when both streets lie in one area, or all their addresses near each other (up to 120 m) do. Without
    coordinates, and where the addresses are farther apart, only the former counts.
    """
    register = index.register
    one, two = index.addresses_of(first), index.addresses_of(second)
    area = int(index.unit_area[first]) if index.unit_area[first] == index.unit_area[second] else 0
    one, two = one[np.isfinite(register.x[one])], two[np.isfinite(register.x[two])]
    if not len(one) or not len(two):
        return Spot(area=area) if area else None
    points = [np.c_[register.x[each], register.y[each]] for each in (one, two)]
    metres, nearest, back = _apart(*points)
    at = int(np.argmin(metres))
    apart = float(metres[at])
    if apart > _CROSSING and not area:
        return None
    around = np.r_[register.area[one[metres <= max(_NEAR, apart)]], register.area[two[back <= max(_NEAR, apart)]]]
    if (around == around[0]).all() and apart <= _CROSSING:
        area = int(around[0])
    x, y = (points[0][at] + points[1][nearest[at]]) / 2
    near = points[0][metres <= max(_NEAR, apart)]
    radius = max(apart, 50.0, float(np.hypot(near[:, 0] - x, near[:, 1] - y).max()))
    return Spot(float(x), float(y), radius, area)


def _apart(points, others) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the metres from each point to its nearest other one, which one that is, and the metres the other way."""
    if len(points) * len(others) <= _FEW:
        metres = np.hypot(points[:, 0, None] - others[:, 0], points[:, 1, None] - others[:, 1])
        nearest = metres.argmin(axis=1)
        return metres[np.arange(len(points)), nearest], nearest, metres.min(axis=0)
    from scipy.spatial import cKDTree

    metres, nearest = cKDTree(others).query(points)
    return metres, nearest, cKDTree(points).query(others)[0]
