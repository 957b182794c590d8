"""Forty areas and eighteen districts, grown from seeds over the blocks; water, railways and main roads hold them up."""
from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np
from shapely.geometry import Point
from shapely.ops import unary_union

from . import plan
from .geometry import canonical

CROSSING = {"river": 25.0, "canal": 25.0, "rail": 4.0, "main": 2.6, "bank": 1.2, "minor": 1.0, "cut": 1.0,
            "boundary": 1.0}
# what a metre of border costs when the borders are smoothed: cheap along water, dear through the middle of a quarter
BORDER = {"river": 0.1, "canal": 0.1, "rail": 0.25, "main": 0.35, "bank": 0.7, "minor": 1.0, "cut": 1.0,
          "boundary": 0.0}
SWEEPS = 6


@dataclass
class Area:
    """One area (Sozialraum)."""

    number: str
    name: str
    district: str
    district_name: str
    kind: str
    geometry: object
    blocks: list


def _neighbours(land):
    """Return {block: {other block: (kind of the line between, its length)}} from shared segments."""
    kind_of = {}
    for edge in land.edges:
        coords = list(edge.line.coords)
        for start, end in zip(coords[:-1], coords[1:]):
            kind_of[frozenset((start, end))] = land.sources[edge.source].kind
    owners = {}
    for number, block in enumerate(land.blocks):
        coords = list(block.exterior.coords)
        for start, end in zip(coords[:-1], coords[1:]):
            owners.setdefault(frozenset((start, end)), []).append(number)
    graph = {number: {} for number in range(len(land.blocks))}
    for segment, pair in owners.items():
        if len(pair) == 2:
            start, end = segment
            length = float(np.hypot(start[0] - end[0], start[1] - end[1]))
            for one, other in (pair, pair[::-1]):
                kind, before = graph[one].get(other, (kind_of[segment], 0.0))
                graph[one][other] = (min(kind, kind_of[segment], key=CROSSING.get), before + length)
    return graph


def _hangs_together(blocks, graph):
    """Tell whether the blocks form one piece."""
    blocks = set(blocks)
    queue, seen = [min(blocks)], {min(blocks)}
    while queue:
        for other in graph[queue.pop()]:
            if other in blocks and other not in seen:
                seen.add(other)
                queue.append(other)
    return seen == blocks


def _smoothed(owner, graph, fixed):
    """Move single blocks to the neighbouring area where that makes the borders shorter or put them on a main line."""
    for _sweep in range(SWEEPS):
        moved = 0
        for block in range(len(owner)):
            if block in fixed:
                continue
            ties = {}
            for other, (kind, length) in graph[block].items():
                ties[owner[other]] = ties.get(owner[other], 0.0) + BORDER[kind] * length
            best = max(sorted(ties), key=lambda area: round(ties[area], 2))
            home = owner[block]
            if best == home or ties[best] < 1.1 * ties.get(home, 0.0):
                continue
            rest = [number for number, area in enumerate(owner) if area == home and number != block]
            if _hangs_together(rest, graph):
                owner[block] = best
                moved += 1
        if not moved:
            break
    return owner


def assign_blocks(land):
    """Return for every block the index of its area in ``plan.AREAS``."""
    graph = _neighbours(land)
    centres = np.array([[block.representative_point().x, block.representative_point().y] for block in land.blocks])
    queue, owner, fixed = [], {}, set()
    seeds = [(x, y, index) for index, (x, y, *_rest) in enumerate(plan.AREAS)]
    for seed_x, seed_y, index in seeds + list(plan.MORE_SEEDS):
        x, y = land.warp.points([[seed_x * 1000.0, seed_y * 1000.0]])[0]
        block = min(range(len(land.blocks)), key=lambda number: (land.blocks[number].distance(Point(x, y)), number))
        fixed.add(block)
        heapq.heappush(queue, (0.0, index, block))
    while queue:
        cost, index, block = heapq.heappop(queue)
        if block in owner:
            continue
        owner[block] = index
        for other, (kind, _length) in sorted(graph[block].items()):
            if other not in owner:
                step = float(np.hypot(*(centres[other] - centres[block])))
                heapq.heappush(queue, (round(cost + step * CROSSING[kind], 3), index, other))
    return _smoothed([owner[number] for number in range(len(land.blocks))], graph, fixed)


def make_areas(land):
    """Return the areas, in the order of their numbers."""
    owner = assign_blocks(land)
    count, areas = {}, []
    for index, (_x, _y, name, district, kind) in enumerate(plan.AREAS):
        count[district] = count.get(district, 0) + 1
        blocks = [number for number, value in enumerate(owner) if value == index]
        geometry = canonical(unary_union([land.blocks[number] for number in blocks]))
        areas.append(Area(f"{district:02d}{count[district]:02d}", name, f"{district:02d}", plan.DISTRICTS[district],
                          kind, geometry, blocks))
    return areas


def make_districts(areas):
    """Return [(number, name, geometry)], dissolved from the areas."""
    result = []
    for number in sorted({area.district for area in areas}):
        members = [area for area in areas if area.district == number]
        result.append((number, members[0].district_name, canonical(unary_union([area.geometry for area in members]))))
    return result
