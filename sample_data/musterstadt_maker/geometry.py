"""Small geometric tools: seeded random numbers, curves, the organic warp, exact shared vertices."""
from __future__ import annotations

import zlib

import numpy as np
from scipy.interpolate import CubicSpline
from shapely.geometry import LineString, MultiPolygon, Polygon

SEED = 20260101
EASTING, NORTHING = 420000.0, 5716000.0
EPSG = 25832


def random_state(part):
    """Return the random numbers of one part; parts do not disturb each other.

    ``RandomState`` is used because numpy keeps its streams the same for ever.
    """
    return np.random.RandomState((zlib.crc32(part.encode("utf-8")) ^ SEED) & 0xFFFFFFFF)


def curve(points, step=60.0, closed=False):
    """Return a smooth curve (n × 2, metres) through points given in kilometres."""
    points = np.asarray(points, dtype=float) * 1000.0
    if closed:
        points = np.vstack([points, points[:1]])
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    spline = CubicSpline(along, points, bc_type="periodic" if closed else "natural")
    count = max(int(round(along[-1] / step)), 2)
    result = np.round(spline(np.linspace(0.0, along[-1], count + 1)), 3)
    if closed:
        result[-1] = result[0]
    return result


def offset_curve(points, distance):
    """Return the points moved to the left by ``distance`` (a number or one per point)."""
    tangent = np.gradient(points, axis=0)
    tangent /= np.hypot(tangent[:, 0], tangent[:, 1])[:, None]
    normal = np.column_stack([-tangent[:, 1], tangent[:, 0]])
    return np.round(points + normal * np.broadcast_to(distance, len(points))[:, None], 3)


def ribbon(points, widths):
    """Return the polygon of a band of varying width around a curve."""
    half = np.broadcast_to(np.asarray(widths, dtype=float) / 2.0, len(points))
    left, right = offset_curve(points, half), offset_curve(points, -half)
    return Polygon(np.vstack([left, right[::-1]])).buffer(0)


class Warp:
    """A smooth displacement of the plane that turns drawn lines into grown ones.

    The displacement is a sum of sine waves whose slope stays below one, so the
    plane is bent but never folded: what did not cross before does not cross after.
    """

    WAVES = ((3300.0, 105.0, 3), (1250.0, 26.0, 4), (420.0, 5.5, 4))  # wavelength, amplitude, number

    def __init__(self):
        random = random_state("warp")
        self._waves = []
        for length, amplitude, number in self.WAVES:
            for _ in range(number):
                angle, phase_x, phase_y = random.uniform(0.0, 2.0 * np.pi, 3)
                wave = 2.0 * np.pi / (length * random.uniform(0.8, 1.25))
                size = amplitude / np.sqrt(number)
                self._waves.append((wave * np.cos(angle), wave * np.sin(angle), phase_x, phase_y, size))

    def points(self, xy):
        """Return warped points in EPSG:25832, rounded to the centimetre."""
        xy = np.asarray(xy, dtype=float)
        moved = xy.copy()
        for wave_x, wave_y, phase_x, phase_y, size in self._waves:
            phase = xy[:, 0] * wave_x + xy[:, 1] * wave_y
            moved[:, 0] += size * np.sin(phase + phase_x)
            moved[:, 1] += size * np.sin(phase + phase_y)
        return np.round(moved + (EASTING, NORTHING), 2)

    def line(self, line, step=45.0):
        """Return a warped line with a vertex at least every ``step`` metres."""
        return LineString(self.points(densify(np.asarray(line.coords)[:, :2], step)))

    def polygon(self, polygon, step=30.0):
        """Return a warped polygon (or multipolygon)."""
        parts = []
        for part in polygons_of(polygon):
            rings = [self.points(densify(np.asarray(ring.coords)[:, :2], step))
                     for ring in [part.exterior, *part.interiors]]
            parts.append(Polygon(rings[0], rings[1:]).buffer(0))
        flat = [piece for part in parts for piece in polygons_of(part)]
        return flat[0] if len(flat) == 1 else MultiPolygon(flat)


def densify(xy, step):
    """Return the points with more of them between, at most ``step`` apart."""
    pieces = []
    for start, end in zip(xy[:-1], xy[1:]):
        count = max(int(np.ceil(np.hypot(*(end - start)) / step)), 1)
        share = np.arange(count)[:, None] / count
        pieces.append(start + (end - start) * share)
    return np.vstack(pieces + [xy[-1:]])


def polygons_of(geometry):
    """Return the polygons inside any geometry."""
    if geometry.is_empty:
        return []
    if geometry.geom_type == "Polygon":
        return [geometry]
    return [part for part in getattr(geometry, "geoms", []) if part.geom_type == "Polygon"]


def lines_of(geometry):
    """Return the line strings inside any geometry."""
    if geometry.is_empty:
        return []
    if geometry.geom_type == "LineString":
        return [geometry]
    return [line for part in getattr(geometry, "geoms", []) for line in lines_of(part)]


def principal_axis(polygon):
    """Return centroid, unit vector of the long axis and the lengths of both half axes."""
    xy = np.asarray(polygon.exterior.coords)[:, :2]
    centre = np.array([polygon.centroid.x, polygon.centroid.y])
    x, y = (xy - centre).T
    cross = x[:-1] * y[1:] - x[1:] * y[:-1]
    area = cross.sum() / 2.0
    xx = (cross * (x[:-1] ** 2 + x[:-1] * x[1:] + x[1:] ** 2)).sum() / 12.0 / area
    yy = (cross * (y[:-1] ** 2 + y[:-1] * y[1:] + y[1:] ** 2)).sum() / 12.0 / area
    xy_ = (cross * (x[:-1] * y[1:] + 2 * x[:-1] * y[:-1] + 2 * x[1:] * y[1:] + x[1:] * y[:-1])).sum() / 24.0 / area
    angle = 0.5 * np.arctan2(2.0 * xy_, xx - yy)
    mean, spread = (xx + yy) / 2.0, np.hypot((xx - yy) / 2.0, xy_)
    axis = np.array([np.cos(angle), np.sin(angle)])
    return centre, axis, np.sqrt(3.0 * (mean + spread)), np.sqrt(3.0 * max(mean - spread, 0.0))


def canonical(geometry):
    """Return the geometry with rings, parts and directions in one fixed order."""
    if geometry.geom_type == "LineString":
        coords = list(geometry.coords)
        return LineString(min(coords, coords[::-1]))
    parts = []
    for part in polygons_of(geometry):
        rings = [_ring(part.exterior, True)] + sorted(_ring(ring, False) for ring in part.interiors)
        parts.append(rings)
    parts.sort()
    return MultiPolygon([Polygon(rings[0], rings[1:]) for rings in parts])


def _ring(ring, counter_clockwise):
    coords = [tuple(point[:2]) for point in ring.coords][:-1]
    if ring.is_ccw != counter_clockwise:
        coords.reverse()
    first = coords.index(min(coords))
    coords = coords[first:] + coords[:first]
    return coords + coords[:1]
