"""Checks of where addresses lie: apart from their street, in another area, among other postcodes."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from ..messages import Message, check_cancelled, mark
from .register import NONE, AddressRegister
from .register_findings import ERROR, HINT, WARNING, Finding, found, numbered

#: addresses of different streets are put so far apart that none is the neighbour of another street's
_APART = 1e8
#: times the usual distance from address to address of a street, from which on a group lies apart
_TIMES = 10
#: an outlier is a group of so many at most, and no more than this share of its street
_FEW, _SHARE = 2, 0.1
_NEIGHBOURS, _AGREE, _OWN = 12, 9, 1
_CROWD = 10
#: a point farther from the middle than so many median distances belongs to no city
_FAR = 20


def same_place(register: AddressRegister) -> list[Finding]:
    """Find addresses of different streets at one point, and points with very many numbers."""
    rows = numbered(register)
    rows = rows[np.isfinite(register.x[rows])]
    order = rows[np.lexsort((rows, register.y[rows], register.x[rows]))]
    if len(order) < 2:
        return []
    x, y, street = register.x[order], register.y[order], register.street[order]
    starts = np.flatnonzero(np.append(True, (x[1:] != x[:-1]) | (y[1:] != y[:-1])))
    ends = np.append(starts[1:], len(order))
    group = np.repeat(np.arange(len(starts)), ends - starts)
    first_of_street = np.append(True, (street[1:] != street[:-1]) | (group[1:] != group[:-1]))
    streets = np.bincount(group, first_of_street)
    number = register.number[order]
    distinct = np.bincount(group, np.append(True, (street[1:] != street[:-1]) | (number[1:] != number[:-1])
                                            | (group[1:] != group[:-1])))
    crowded = np.flatnonzero(distinct >= _CROWD)
    others = np.flatnonzero(first_of_street & (streets[group] > 1) & (distinct[group] < _CROWD))
    others = others[group[others] == group[others - 1]]  # all but the first street of a point
    made = found(register, "crowd", WARNING, order[starts[crowded]], lambda i: Message(
        mark("House numbers at this point: {count}"), count=int(distinct[crowded[i]])))
    return made + found(register, "same_place", HINT, order[others], lambda i: Message(
        mark("Same coordinates as {other}"), other=register.text(order[starts[group[others[i]]]])),
        order[starts[group[others]]])


def outliers(register: AddressRegister, distance: float = 500.0, cancelled=None) -> list[Finding]:
    """Find addresses far from the rest of their street, and streets that fall into parts.

    The addresses of a street are linked where they lie no farther apart than ``distance`` and ten times the street's
    median distance to the next address. What stays apart is an outlier when it is small, else a part of the street.
    """
    rows = np.flatnonzero(np.isfinite(register.x))
    if len(rows) < 2:
        return []
    far = _far_away(register, rows)
    rows = np.setdiff1d(rows, far, assume_unique=True)
    made = found(register, "outlier", ERROR, far, lambda i: Message(
        mark("Far from all other addresses of the register (row {row})"), row=int(register.row[far[i]])))
    if len(rows) < 2:
        return made
    street = register.street[rows]
    points = np.column_stack([register.x[rows], register.y[rows], street * _APART])
    points[:, :2] -= points[:, :2].mean(axis=0)
    steps, near = cKDTree(points).query(points, k=min(6, len(rows)), workers=-1)
    check_cancelled(cancelled)
    own = (steps[:, 1:] < _APART / 2) & (near[:, 1:] < len(rows))
    usual = _median_by(street, np.where(own[:, 0], steps[:, 1], np.nan), len(register.street_names))
    reach = np.maximum(distance, _TIMES * np.nan_to_num(usual))[street]
    linked = own & (steps[:, 1:] <= reach[:, None])
    start, column = np.nonzero(linked)
    part = _components(len(rows), start, near[start, column + 1])
    part = _link_parts(points[:, :2], street, part, reach, cancelled)
    return made + _apart(register, rows, points[:, :2], street, part, reach)


def _far_away(register: AddressRegister, rows) -> np.ndarray:
    x, y = register.x[rows], register.y[rows]
    away = np.hypot(x - np.median(x), y - np.median(y))
    return rows[away > _FAR * max(float(np.median(away)), 1000.0)]


def _median_by(group, values, size: int) -> np.ndarray:
    """Return the median (the higher one of two) of each group's values, NaN without; NaN values do not count."""
    known = np.flatnonzero(~np.isnan(values))
    known = known[np.lexsort((values[known], group[known]))]
    groups, starts, counts = np.unique(group[known], return_index=True, return_counts=True)
    medians = np.full(size, np.nan)
    medians[groups] = values[known[starts + counts // 2]]
    return medians


def _components(size: int, start, end) -> np.ndarray:
    return connected_components(coo_matrix((np.ones(len(start), bool), (start, end)), shape=(size, size)), False)[1]


def _link_parts(points, street, part, reach, cancelled) -> np.ndarray:
    """Link groups of a street that lie within reach although no nearest neighbour led from one to the other.

    Every round links each group to the nearest others, until no two are left that lie within reach.
    """
    while True:
        pairs = np.unique(street.astype(np.int64) * len(part) + part)
        several = np.flatnonzero(np.bincount(pairs // len(part), minlength=street.max() + 1) > 1)
        starts, ends = [], []
        for number, (low, high) in enumerate(np.searchsorted(street, [several, several + 1]).T.tolist()):
            if not number % 64:
                check_cancelled(cancelled)
            parts, counts = np.unique(part[low:high], return_counts=True)
            for each in parts[np.argsort(counts, kind="stable")][:-1].tolist():
                own = low + np.flatnonzero(part[low:high] == each)
                others = low + np.flatnonzero(part[low:high] != each)
                apart, at = cKDTree(points[others]).query(points[own], distance_upper_bound=float(reach[low]))
                near = np.isfinite(apart)
                starts += own[near].tolist()
                ends += others[at[near]].tolist()
        if not starts:
            return part
        part = _components(int(part.max()) + 1, part[np.array(starts)], part[np.array(ends)])[part]


def _apart(register: AddressRegister, rows, points, street, part, reach) -> list[Finding]:
    """Return what the parts of each street mean."""
    names, index, counts = np.unique(part, return_inverse=True, return_counts=True)
    of_street = np.zeros(len(names), np.int64)
    of_street[index] = street
    size = np.bincount(street, minlength=len(register.street_names))
    parts = np.bincount(of_street, minlength=len(register.street_names))
    largest = np.zeros(len(names), bool)
    order = np.lexsort((-counts, of_street))
    largest[order[np.append(True, of_street[order][1:] != of_street[order][:-1])]] = True
    small = (counts <= _FEW) & (counts <= _SHARE * size[of_street]) & (parts[of_street] > 1) & ~largest
    alone = np.flatnonzero(small[index])
    beside = ~small & (counts > _FEW) & ~largest
    _, first = np.unique(part, return_index=True)
    parts = np.flatnonzero(beside)
    away, to_part = (_to_others(points, street, part, each) for each in (alone, first[parts]))
    severity = np.where(away > 2 * reach[alone], WARNING, HINT)
    made = found(register, "outlier", severity, rows[alone], lambda i: Message(
        mark("{distance:.0f} m from the nearest other address of the street (row {row})"), distance=float(away[i]),
        row=int(register.row[rows[alone[i]]])))
    return made + found(register, "parts", HINT, rows[first[parts]], lambda i: Message(
        mark("Part with {count} addresses, {distance:.0f} m from the rest of the street"),
        count=int(counts[parts[i]]), distance=float(to_part[i])))


def _to_others(points, street, part, members) -> np.ndarray:
    """Return how far the part of each of these addresses lies from the other parts of its street."""
    away = np.full(len(members), np.nan)
    for i, point in enumerate(members.tolist()):
        low, high = np.searchsorted(street, [street[point], street[point] + 1])
        own = part[low:high] == part[point]
        away[i] = cKDTree(points[low:high][~own]).query(points[low:high][own])[0].min()
    return away


def postcodes(register: AddressRegister) -> list[Finding]:
    """Find postcodes that the neighbours do not share."""
    given = register.postcode != NONE
    if not given.any() or (register.postcode[given] == register.postcode[given][0]).all():
        return []
    located = np.flatnonzero(given & np.isfinite(register.x))
    around = _postcodes_around(register, located) if len(located) > _NEIGHBOURS else []
    known = {each.address for each in around}
    along = _postcodes_along_streets(register, np.flatnonzero(given & (register.number != NONE)))
    return around + [each for each in along if each.address not in known]


def _postcodes_around(register: AddressRegister, located) -> list[Finding]:
    """Find postcodes that stand alone among the nearest addresses."""
    points = np.column_stack([register.x[located], register.y[located]])
    apart, near = cKDTree(points).query(points, k=_NEIGHBOURS + 1, workers=-1)
    postcode = register.postcode[located]
    around = np.sort(postcode[near], axis=1)
    own = (around == postcode[:, None]).sum(axis=1) - 1
    start = len(around[0]) - _AGREE
    # nine of thirteen sorted values agree when the value in the middle of every window of nine does
    agreed = np.full(len(located), NONE, np.int64)
    for first in range(start + 1):
        same = around[:, first] == around[:, first + _AGREE - 1]
        agreed[same] = around[same, first]
    odd = np.flatnonzero((own <= _OWN) & (agreed != NONE) & (agreed != postcode))
    home = np.full(len(odd), np.inf)
    for code in np.unique(postcode[odd]).tolist():
        which = np.flatnonzero(postcode[odd] == code)
        others = np.setdiff1d(np.flatnonzero(postcode == code), odd[which], assume_unique=True)
        if len(others):
            home[which] = cKDTree(points[others]).query(points[odd[which]])[0]
    wide = apart[odd, -1]

    def detail(i):
        details = {"code": f"{postcode[odd[i]]:05d}", "other": f"{agreed[odd[i]]:05d}"}
        if np.isinf(home[i]):
            return Message(mark("{code} among {other}; no other address nearby or elsewhere has it"), **details)
        return Message(mark("{code} among {other}; the nearest address with it is {distance:.0f} m away"),
                       distance=float(home[i]), **details)

    return found(register, "postcode", np.where(home > 3 * np.maximum(wide, 100), WARNING, HINT), located[odd], detail,
                 [f"{code:05d}" for code in agreed[odd]])


def _postcodes_along_streets(register: AddressRegister, rows) -> list[Finding]:
    """Find postcodes that stand alone between the numbers of their street and in their area."""
    street, postcode, area = register.street[rows], register.postcode[rows], register.area[rows]
    district = register.district[rows]
    # streets of one name in several districts are several streets
    order = np.lexsort((register.number[rows], register.number[rows] % 2, district, street))
    rows, street, postcode, area, district = (each[order] for each in (rows, street, postcode, area, district))
    odd_side = register.number[rows] % 2
    side = (street.astype(np.int64) * (int(register.district.max()) + 1) + district) * 2 + odd_side
    span = 2
    if len(rows) < 2 * span + 1:
        return []
    middle = np.arange(span, len(rows) - span)
    around = [middle + step for step in (-2, -1, 1, 2)]
    other = postcode[around[1]]
    agree = np.logical_and.reduce([(side[each] == side[middle]) & (postcode[each] == other) for each in around])
    odd = middle[agree & (postcode[middle] != other)]

    def times(group):
        pairs, index, counts = np.unique(group.astype(np.int64) * 100_000 + postcode, return_inverse=True,
                                         return_counts=True)
        return counts[index.ravel()]

    few = times(street)[odd] <= 3
    if register.has_areas:
        few &= times(area)[odd] <= 3
    odd = odd[few]
    return found(register, "postcode", WARNING, rows[odd], lambda i: Message(
        mark("{code} between neighbours with {other}"), code=f"{postcode[odd[i]]:05d}",
        other=f"{postcode[odd[i] - 1]:05d}"), [f"{code:05d}" for code in postcode[odd - 1]])


def areas(register: AddressRegister, keys, polygons, border: float = 10.0, stated: bool = True, cancelled=None
          ) -> list[Finding]:
    """Compare stated areas with those in which the points lie.

    Parameters
    ----------
    keys : sequence of str
        Area keys.
    polygons : sequence of shapely geometries
        In the register's coordinate system; None where an area has no geometry.
    border : float
        Within so many metres of the stated area a point is only worth a look.
    stated : bool
        The register states areas itself.
    """
    from shapely.geometry import Point

    from ..overlay import locate

    made, keys = [], [str(key) for key in keys]
    position = {key: i for i, key in enumerate(keys)}
    of_code = np.array([position.get(str(text), -1) for text in register.areas])
    if stated:
        strange = np.flatnonzero((register.area > 0) & (of_code[register.area] < 0))
        made += found(register, "unknown_area", ERROR, strange, lambda i: Message(
            mark("Area “{area}”"), area=register.areas[register.area[strange[i]]]))
    rows = np.flatnonzero(np.isfinite(register.x))
    if not len(rows):
        return made
    lies_in = locate(register.x[rows], register.y[rows], polygons, cancelled)
    said = np.where(register.area[rows] > 0, of_code[register.area[rows]], -1) if stated else np.full(len(rows), -1)
    outside = rows[lies_in < 0]
    made += found(register, "outside", WARNING, outside, lambda i: Message(
        mark("In none of the areas (row {row})"), row=int(register.row[outside[i]])))
    differ = np.flatnonzero((lies_in >= 0) & (said >= 0) & (lies_in != said))
    off = np.array([polygons[said[i]].distance(Point(register.x[rows[i]], register.y[rows[i]]))
                    if polygons[said[i]] is not None else np.inf for i in differ.tolist()])
    differ, off = differ[off > 0], off[off > 0]  # on the border, or where areas overlap

    def detail(i):
        details = {"area": keys[said[differ[i]]], "other": keys[lies_in[differ[i]]]}
        if np.isinf(off[i]):
            return Message(mark("States {area}, lies in {other}"), **details)
        return Message(mark("States {area}, lies in {other}, {distance:.0f} m from the stated area"),
                       distance=float(off[i]), **details)

    return made + found(register, "area_mismatch", np.where(off > border, ERROR, HINT), rows[differ], detail,
                        [keys[i] for i in lies_in[differ].tolist()])
