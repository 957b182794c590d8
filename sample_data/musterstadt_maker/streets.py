"""Named streets out of the noded network: names, hierarchy, side arms, one connected net."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from shapely.geometry import LineString, Point
from shapely.ops import unary_union
from shapely.prepared import prep

from .geometry import lines_of, random_state
from .names import Names
from .network import STREET_KINDS

NAMED_STREETS = 305


@dataclass
class Street:
    """One piece of a street between two junctions."""

    name: str
    kind: str
    chain: tuple  # (source, or the arm's number) in which the pieces of a name are walked
    position: float
    line: LineString


def _area_of(areas, point):
    for area in areas:
        if area.geometry.distance(point) == 0.0:
            return area
    return min(areas, key=lambda area: (area.geometry.distance(point), area.number))


def _end(line, place):
    xy = np.asarray(line.coords)[:, :2]
    if len(xy) > 4:
        other = 3 if place == 0 else -4
    else:
        other = -1 if place == 0 else 0
    direction = xy[place] - xy[other]
    return xy[place], direction / np.hypot(*direction)


def _merged_names(minors, wanted):
    """Return {source: representative}: minor streets that go on straight over a crossing bear one name."""
    parent = {index: index for index, _line in minors}

    def find(index):
        while parent[index] != index:
            index = parent[index]
        return index

    points, directions, owners = [], [], []
    for index, line in minors:
        for place in (0, -1):
            point, direction = _end(line, place)
            points.append(point)
            directions.append(direction)
            owners.append(index)
    points, directions = np.array(points), np.array(directions)
    gap = np.hypot(points[:, None, 0] - points[None, :, 0], points[:, None, 1] - points[None, :, 1])
    turn = 1.0 + directions @ directions.T  # 0 = straight on
    pairs = [
        (round(float(gap[one, other] + 160.0 * turn[one, other]), 3), owners[one], owners[other])
        for one, other in np.argwhere(gap < 130.0)
        if owners[one] < owners[other]
    ]
    pairs.sort()
    names, length = len(minors), {index: line.length for index, line in minors}
    for _cost, one, other in pairs:
        first, second = find(one), find(other)
        if names <= wanted:
            break
        if first != second and length[first] + length[second] < 2600.0:
            parent[second] = first
            length[first] += length[second]
            names -= 1
    return {index: find(index) for index, _line in minors}


def _source_names(land, areas):
    """Return {source: [names along it]} for all streets."""
    main = {index: source.names for index, source in enumerate(land.sources) if source.kind in ("main", "bank")}
    used = [name for names in main.values() for name in names]
    lines = {}
    for edge in land.edges:
        if land.sources[edge.source].kind == "minor":
            lines.setdefault(edge.source, []).append(edge)
    minors = []
    for index in sorted(lines):
        edges = sorted(lines[index], key=lambda edge: edge.position)
        minors.append((index, land.sources[index].line))
    merged = _merged_names(minors, NAMED_STREETS - len(used))
    pool, names = Names(used), dict(main)
    by_head = {}
    for index, _line in minors:
        by_head.setdefault(merged[index], []).append(index)
    for members in by_head.values():
        longest = max(members, key=lambda index: (land.sources[index].line.length, index))
        edges = sorted(lines[longest], key=lambda edge: edge.position)
        point = edges[len(edges) // 2].line.interpolate(0.5, normalized=True)
        name = pool.take(int(_area_of(areas, point).district))
        for index in members:
            names[index] = [name]
    return names


def _arms(land, streets, areas, barriers):
    """Return side arms (dead-end lanes) into the larger blocks, and the streets split where they begin."""
    random, arms = random_state("arms"), []
    owner = {}
    for place, street in enumerate(streets):
        coords = list(street.line.coords)
        for start, end in zip(coords[:-1], coords[1:]):
            owner[frozenset((start, end))] = place
    kind_of_block = {block: area.kind for area in areas for block in area.blocks}
    cuts = {}
    for number, block in enumerate(land.blocks):
        kind = kind_of_block[number]
        if land.block_green[number] is not None or block.area < 5e4 or kind == "core":
            continue
        ring = list(block.exterior.coords)[:-1]
        core = prep(block.buffer(-38.0))
        wanted = int(min(4, block.area // (5e4 if kind != "industry" else 1.2e5)))
        made = []
        for vertex in random.permutation(len(ring)):
            if len(made) >= wanted:
                break
            before, here, after = ring[vertex - 1], ring[vertex], ring[(vertex + 1) % len(ring)]
            place = owner.get(frozenset((before, here)))
            if place is None or owner.get(frozenset((here, after))) != place:
                continue
            street = streets[place]
            if street.kind == "Hauptstraße" and random.uniform() < 0.7:
                continue
            along = np.subtract(after, before)
            inward = np.array([-along[1], along[0]]) / np.hypot(*along)
            if not block.exterior.is_ccw:
                inward = -inward
            line = _arm(np.array(here), inward, random, core, barriers)
            if line is None or any(line.distance(other) < 70.0 for other in made):
                continue
            made.append(line)
            cuts.setdefault(place, []).append(here)
            arms.append(Street(street.name, "Wohnstraße", ("arm", len(arms)), 0.0, line))
    whole = []
    for place, street in enumerate(streets):
        for line in _split_at(street.line, cuts.get(place, [])):
            whole.append(Street(street.name, street.kind, street.chain, street.position, line))
    return whole + arms


def _arm(start, inward, random, core, barriers):
    turn = random.normal(0.0, 0.12)
    ahead = np.array(
        [inward[0] * np.cos(turn) - inward[1] * np.sin(turn), inward[0] * np.sin(turn) + inward[1] * np.cos(turn)]
    )
    side = np.array([-ahead[1], ahead[0]]) * (1.0 if random.uniform() < 0.5 else -1.0)
    first, bend = random.uniform(90.0, 190.0), random.uniform(0.0, 130.0)
    shape = [start, start + ahead * first * 0.5 + side * 4.0, start + ahead * first]
    if bend > 45.0:
        shape += [start + ahead * (first + 14.0) + side * 16.0, start + ahead * (first + 20.0) + side * bend]
    for length in (len(shape), 3):
        line = LineString(np.round(np.vstack(shape[:length]), 2))
        tail = LineString(list(line.coords)[1:])
        if core.contains(tail) and not barriers.intersects(line):
            return line
    return None


def _split_at(line, vertices):
    coords, pieces, start = list(line.coords), [], 0
    for place in range(1, len(coords) - 1):
        if coords[place] in vertices:
            pieces.append(LineString(coords[start : place + 1]))
            start = place
    return pieces + [LineString(coords[start:])]


def _connected(streets):
    """Keep the largest connected net."""
    parent = {}

    def find(node):
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for street in streets:
        ends = (street.line.coords[0], street.line.coords[-1])
        for end in ends:
            parent.setdefault(end, end)
        parent[find(ends[0])] = find(ends[1])
    length = {}
    for street in streets:
        root = find(street.line.coords[0])
        length[root] = length.get(root, 0.0) + street.line.length
    largest = max(length, key=lambda root: (round(length[root], 1), root))
    return [street for street in streets if find(street.line.coords[0]) == largest]


def make_streets(land, areas):
    """Return the pieces of all named streets."""
    names = _source_names(land, areas)
    rails = unary_union([line.buffer(24.0) for _name, _kind, line in land.railways])
    wet = unary_union([polygon.buffer(14.0) for _name, _kind, polygon in land.water])
    barriers = rails.union(wet)
    streets = []
    for edge in land.edges:
        source = land.sources[edge.source]
        if source.kind not in STREET_KINDS:
            continue
        along = names[edge.source]
        name = along[min(int(edge.position * len(along)), len(along) - 1)]
        if source.kind == "main":
            kind, lines = "Hauptstraße", [edge.line]
        else:
            kind = "Nebenstraße" if source.kind == "bank" or source.line.length > 950.0 else "Wohnstraße"
            dry = barriers if source.kind == "minor" else wet
            ends = [Point(edge.line.coords[place]) for place in (0, -1)]
            lines = [
                line
                for line in lines_of(edge.line.difference(dry))
                if line.length > 25.0 and min(line.distance(end) for end in ends) < 0.01
            ]
        for line in lines:
            line = LineString(np.round(np.asarray(line.coords)[:, :2], 2))
            streets.append(Street(name, kind, ("source", edge.source), edge.position, line))
    streets = _connected(streets)
    return _connected(_arms(land, streets, areas, prep(barriers.union(_green_hull(land)))))


def _green_hull(land):
    return unary_union([block for block, green in zip(land.blocks, land.block_green) if green is not None])
