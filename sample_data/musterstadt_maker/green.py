"""Parks, woods and river meadows: whole blocks less the streets beside them, with rounded corners."""
from __future__ import annotations

from shapely.ops import unary_union

from . import plan
from .geometry import canonical, polygons_of

ROUNDING = {"Wald": 55.0, "Park": 26.0, "Friedhof": 10.0, "Aue": 14.0}  # radius of the corners in metres


def make_greens(land, streets):
    """Return [(name, kind, geometry)]."""
    roads = unary_union([street.line.buffer(11.0, 4) for street in streets])
    rails = unary_union([line.buffer(12.0, 4) for _name, _kind, line in land.railways])
    water = unary_union([polygon for _name, _kind, polygon in land.water])
    banned = unary_union([roads, rails, water.buffer(2.0, 4)])
    groups = {}
    river = next(polygon for _name, kind, polygon in land.water if kind == "Fluss")
    for block, green in zip(land.blocks, land.block_green):
        if green is not None:
            groups.setdefault(plan.GREENS[green][4:6], []).append(block)
        elif block.intersection(river).area > 0.05 * block.area:
            groups.setdefault(("Murneaue", "Aue"), []).append(block)
    result = []
    for (name, kind), blocks in sorted(groups.items()):
        shape = unary_union(blocks).difference(banned)
        radius = ROUNDING[kind]
        shape = shape.buffer(-radius, 6).buffer(radius, 6).intersection(land.boundary).simplify(1.5)
        parts = [part for part in polygons_of(shape) if part.area > 4000.0]
        if parts:
            result.append((name, kind, canonical(unary_union(parts))))
    return result
