"""Berlin's planning areas as polygons, and the area of a point: an oracle of its own, without register and matching."""
from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
from shapely import wkb
from shapely.geometry import Point
from shapely.prepared import prep

_ENVELOPE_BYTES = (0, 32, 48, 48, 64)


def polygons(folder: Path) -> dict:
    """Return {area key: polygon} of the 542 planning areas of 2021."""
    with closing(sqlite3.connect(folder / "planungsraeume_2021.gpkg")) as base:
        rows = base.execute("select PLR_ID, geom from planungsraeume_2021").fetchall()
    return {key: wkb.loads(bytes(blob[8 + _ENVELOPE_BYTES[blob[3] >> 1 & 7]:])) for key, blob in rows}


def areas_of(shapes: dict, x, y) -> tuple[np.ndarray, np.ndarray]:
    """Return the area that each point lies in and how many metres it lies from that area's border."""
    fast = {key: (shape.bounds, prep(shape)) for key, shape in shapes.items()}
    found, inside = np.full(len(x), "", dtype=object), np.full(len(x), np.nan)
    for row, (east, north) in enumerate(zip(x, y)):
        point = Point(east, north)
        for key, (bounds, shape) in fast.items():
            if bounds[0] <= east <= bounds[2] and bounds[1] <= north <= bounds[3] and shape.contains(point):
                found[row], inside[row] = key, shapes[key].boundary.distance(point)
    return found, inside
