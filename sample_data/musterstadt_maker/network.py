"""Lines of the city and the blocks between them: one noded network, warped once, so all shapes share their vertices."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from shapely.geometry import LineString, Polygon
from shapely.ops import polygonize, split, unary_union

from . import plan
from .geometry import (
    EASTING,
    NORTHING,
    Warp,
    curve,
    lines_of,
    offset_curve,
    polygons_of,
    principal_axis,
    random_state,
    ribbon,
)

STREET_KINDS = ("main", "bank", "minor")


@dataclass
class Source:
    """One drawn line: a road, a river, a railway, a boundary or a mere parcel border ("cut")."""

    kind: str
    line: LineString
    name: str = ""
    names: list = field(default_factory=list)
    level: int = 0


@dataclass
class Edge:
    """A piece of a source between two nodes of the network."""

    source: int
    position: float  # 0 … 1 along the source
    raw: LineString
    line: LineString


@dataclass
class Land:
    """The land before people: water, railways, the noded edges and the blocks."""

    sources: list
    edges: list
    blocks: list
    block_green: list
    water: list  # (name, kind, polygon)
    railways: list  # (name, kind, line)
    boundary: Polygon
    warp: Warp


def nearest_kind(x, y):
    """Return the kind of building (a key of ``plan.KINDS``) around a raw point in metres."""
    seeds = [(*area[:2], index) for index, area in enumerate(plan.AREAS)] + list(plan.MORE_SEEDS)
    places = np.array([seed[:2] for seed in seeds]) * 1000.0
    return plan.AREAS[seeds[int(np.argmin(np.hypot(places[:, 0] - x, places[:, 1] - y)))][2]][4]


def green_at(x, y):
    """Return the index of the drawn green at a raw point in metres, or None."""
    for index, (cx, cy, half_x, half_y, _name, _kind) in enumerate(plan.GREENS):
        if ((x / 1000.0 - cx) / half_x) ** 2 + ((y / 1000.0 - cy) / half_y) ** 2 < 1.0:
            return index
    return None


def _river():
    points = curve(plan.RIVER)
    away = np.hypot(*(points / 1000.0 - plan.LAKE_AT).T) / plan.LAKE_LENGTH
    widths = plan.RIVER_WIDTH + plan.LAKE_WIDTH * np.exp(-(away**2) * 1.6) + 9.0 * np.sin(points[:, 0] / 310.0)
    return points, widths


def _drawn_sources():
    """Return the sources of the plan and the raw water."""
    sources = []
    river, widths = _river()
    canal = curve(plan.CANAL)
    water = [("Murne", "Fluss", ribbon(river, widths)), ("Nordkanal", "Kanal", ribbon(canal, plan.CANAL_WIDTH))]
    water += [
        (f"Hafenbecken {number}", "Hafen", ribbon(curve(points, 25.0), width))
        for number, (points, width) in enumerate(plan.BASINS, start=1)
    ]
    sources.append(Source("river", LineString(river), "Murne"))
    sources.append(Source("canal", LineString(canal), "Nordkanal"))
    for side, sign in (("left", -1.0), ("right", 1.0)):
        bank = offset_curve(river, sign * (widths / 2.0 + 85.0))
        sources.append(Source("bank", LineString(bank).simplify(4.0), names=plan.RIVER_BANKS[side]))
        sources.append(Source("cut", LineString(offset_curve(canal, sign * (plan.CANAL_WIDTH / 2.0 + 40.0)))))
    sources.append(Source("bank", LineString(curve(plan.HARBOUR_ROAD)), names=plan.HARBOUR_NAMES))
    for name, kind, points in plan.RAILWAYS:
        sources.append(Source("rail", LineString(curve(points)), name, [kind]))
    for name, (points, closed, names) in plan.MAIN_ROADS.items():
        sources.append(Source("main", LineString(curve(points, closed=closed)), name, names))
    return sources, water


def _boundary():
    """Return the city limits: the drawn corners joined by ever finer displaced midpoints."""
    points, random = np.array(plan.BOUNDARY) * 1000.0, random_state("boundary")
    for roughness in (0.13, 0.11, 0.09, 0.06):
        following = np.roll(points, -1, axis=0)
        along = following - points
        middle = (points + following) / 2.0
        middle += np.column_stack([-along[:, 1], along[:, 0]]) * random.normal(0.0, roughness, len(points))[:, None]
        points = np.stack([points, middle], axis=1).reshape(-1, 2)
    points = 0.25 * np.roll(points, 1, axis=0) + 0.5 * points + 0.25 * np.roll(points, -1, axis=0)
    return Polygon(np.round(points, 3)).buffer(0)


def _cut_line(face, random, attempt):
    """Return a slightly bent line across the face, roughly square to its long axis."""
    centre, axis, length, width = principal_axis(face)
    turn = random.normal(0.0, 0.09 + 0.03 * attempt)
    axis = np.array([axis[0] * np.cos(turn) - axis[1] * np.sin(turn), axis[0] * np.sin(turn) + axis[1] * np.cos(turn)])
    across = np.array([-axis[1], axis[0]])
    middle = centre + axis * length * random.uniform(-0.22, 0.22)
    reach = 2.2 * max(length, width) + 50.0
    along = np.linspace(-reach, reach, 61)
    bend = random.normal(0.0, 0.05) * (along**2) / max(width, 80.0)
    bend += width * 0.04 * np.sin(along / max(width, 60.0) * 2.2 + random.uniform(0.0, 6.0))
    line = LineString(np.round(middle + across * along[:, None] + axis * bend[:, None], 3))
    pieces = sorted(lines_of(face.intersection(line)), key=lambda piece: -piece.length)
    return pieces[0] if pieces and pieces[0].length > 30.0 else None


def _overshoot(line, reach=0.6):
    """Return the line made a little longer at both ends, so that it surely meets what it ends at."""
    xy = np.asarray(line.coords)[:, :2]
    first, last = xy[0] - xy[1], xy[-1] - xy[-2]
    return LineString(
        np.vstack([xy[0] + first / np.hypot(*first) * reach, xy, xy[-1] + last / np.hypot(*last) * reach])
    )


def _subdivide(face, random, pieces, stream, level=0):
    """Split a face again and again; append (line, kind, level) to ``pieces``."""
    x, y = face.centroid.x, face.centroid.y
    green, kind = green_at(x, y), nearest_kind(x, y)
    if face.intersection(stream).area > 0.08 * face.area:
        target, made = 12.0, "cut"
    elif green is not None and face.area < 7e5:
        target, made = 16.0, "cut"
    else:
        target, made = plan.KINDS[kind][0], "minor"
    if face.area < target * 1e4 * random.uniform(1.15, 1.75):
        return
    for attempt in range(8):
        line = _cut_line(face, random, attempt)
        if line is None:
            continue
        halves = polygons_of(split(face, _overshoot(line)))
        if len(halves) == 2 and min(half.area for half in halves) > 0.22 * face.area:
            pieces.append((line, made, level))
            for half in sorted(halves, key=lambda half: (round(half.centroid.x, 1), round(half.centroid.y, 1))):
                _subdivide(half, random, pieces, stream, level + 1)
            return


def _source_of_edges(edges, sources):
    """Return for every noded edge the source it lies on and the place along it."""
    boxes = np.array([source.line.bounds for source in sources])
    found = []
    for edge in edges:
        middle = edge.interpolate(0.5, normalized=True)
        near = np.flatnonzero(
            (boxes[:, 0] - 1 < middle.x)
            & (boxes[:, 2] + 1 > middle.x)
            & (boxes[:, 1] - 1 < middle.y)
            & (boxes[:, 3] + 1 > middle.y)
        )
        distances = [(round(sources[index].line.distance(middle), 3), index) for index in near]
        index = min(distances)[1]
        line = sources[index].line
        found.append((int(index), line.project(middle) / line.length))
    return found


def _without_dangles(edges, sources, shortest=1.0, shortest_main=170.0):
    """Drop the overshoots: short loose ends, and main roads reaching a little past their last junction."""
    degree = {}
    ends = [[tuple(np.round(edge.coords[place][:2], 6)) for place in (0, -1)] for edge in edges]
    for pair in ends:
        for end in pair:
            degree[end] = degree.get(end, 0) + 1
    kept = []
    for edge, pair in zip(edges, ends):
        loose = min(degree[pair[0]], degree[pair[1]]) == 1
        if loose and edge.length <= shortest_main and edge.length > shortest:
            loose = sources[_source_of_edges([edge], sources)[0][0]].kind in ("main", "rail")
        elif edge.length > shortest:
            loose = False
        if not loose:
            kept.append(edge)
    return kept


def make_land():
    """Return the noded land of Musterstadt."""
    sources, raw_water = _drawn_sources()
    boundary = _boundary()
    stream = unary_union([polygon for _name, kind, polygon in raw_water if kind != "Hafen"])
    sources.append(Source("boundary", LineString(boundary.exterior.coords)))
    faces = [
        face
        for face in polygonize(unary_union([source.line for source in sources]))
        if boundary.contains(face.representative_point())
    ]
    faces.sort(key=lambda face: (round(face.centroid.x, 1), round(face.centroid.y, 1)))
    random, pieces = random_state("blocks"), []
    for face in faces:
        _subdivide(face, random, pieces, stream)
    sources += [Source(kind, _overshoot(line), level=level) for line, kind, level in pieces]

    noded = lines_of(unary_union([source.line for source in sources]))
    inside = boundary.buffer(5.0)
    noded = [edge for edge in noded if inside.contains(edge.interpolate(0.5, normalized=True))]
    noded = _without_dangles(noded, sources)
    noded.sort(key=lambda edge: tuple(np.round(edge.interpolate(0.5, normalized=True).coords[0], 1)))
    warp = Warp()
    edges = [
        Edge(source, position, edge, warp.line(edge))
        for edge, (source, position) in zip(noded, _source_of_edges(noded, sources))
    ]
    blocks = list(polygonize([edge.line for edge in edges]))
    blocks.sort(key=lambda block: (round(block.centroid.x, 1), round(block.centroid.y, 1)))
    raw_middle = [_unwarp(warp, block.representative_point()) for block in blocks]
    greens = [green_at(*middle) for middle in raw_middle]
    city = unary_union(blocks)
    water = [(name, kind, warp.polygon(polygon).intersection(city)) for name, kind, polygon in raw_water]
    rails = [
        (source.name, source.names[0], warp.line(source.line).intersection(city))
        for source in sources
        if source.kind == "rail"
    ]
    return Land(sources, edges, blocks, greens, water, rails, city, warp)


def _unwarp(warp, point):
    """Return the raw place of a warped point (a few steps of fixed-point search)."""
    goal = np.array([[point.x, point.y]])
    raw = goal - (EASTING, NORTHING)
    for _ in range(12):
        raw = raw + (goal - warp.points(raw))
    return float(raw[0, 0]), float(raw[0, 1])
