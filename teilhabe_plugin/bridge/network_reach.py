"""Reach along any layer of lines: QGIS's own director makes the graph, with one-way streets and speeds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from qgis.analysis import (
    QgsGraphBuilder,
    QgsNetworkDistanceStrategy,
    QgsNetworkSpeedStrategy,
    QgsVectorLayerDirector,
)
from qgis.core import QgsCoordinateReferenceSystem, QgsCsException, QgsPointXY, QgsVectorLayer

from ..core.messages import Message, TeilhabeError, check_cancelled, mark
from ..core.supply.network import Network, network_reach, tie
from ..core.supply.reach import METRES, MINUTES, Reach
from .network_lines import usable_lines

#: kilometres per hour
WALK, CYCLE, CAR = 4.0, 15.0, 30.0
_PER_HOUR = 1000.0 / 60.0  # metres per minute of 1 km/h


@dataclass(frozen=True)
class NetworkSettings:
    """How the ways run.

    Attributes
    ----------
    unit : str
        `METRES` or `MINUTES`.
    speed : float
        Kilometres per hour where the layer tells none, and on the way to the network.
    speed_field : str
        Field with kilometres per hour, "" for none.
    direction_field : str
        Field that tells one-way streets, "" for none; `forward`, `backward` and `both` are its values.
    both_ways : bool
        One-way streets do not count, as for those who walk.
    farthest : float
        Points farther than that from the network reach nothing, in metres.
    tolerance : float
        Line ends up to that distance from each other are joined, in metres.
    to_offers : bool
        Ways lead to the offers.
    """

    unit: str = METRES
    speed: float = WALK
    speed_field: str = ""
    direction_field: str = ""
    forward: str = "F"
    backward: str = "B"
    both: str = ""
    both_ways: bool = True
    farthest: float = 250.0
    tolerance: float = 0.1
    to_offers: bool = True

    def __post_init__(self):
        if not self.speed > 0:
            raise TeilhabeError(mark("The speed {speed} is not a number above 0."), speed=self.speed)
        if not self.farthest > 0 or self.tolerance < 0:
            raise TeilhabeError(mark("The distance to the network must be above 0, the tolerance 0 or more."))

    @property
    def access(self) -> float:
        """Cost of one metre between a point and the network."""
        return 1.0 if self.unit == METRES else 1.0 / (self.speed * _PER_HOUR)


def reach_along(layer: QgsVectorLayer, points: np.ndarray, offers: np.ndarray, crs: QgsCoordinateReferenceSystem,
                limit: float, settings: NetworkSettings, progress=None, cancelled=None) -> tuple[Reach, list[Message]]:
    """Return the reach along a line layer, and what was found out about the network.

    Parameters
    ----------
    layer : QgsVectorLayer
        Lines in any CRS.
    points, offers : ndarray, shape (m, 2) and (n, 2)
        In `crs`, which must be in metres.
    limit : float
        Cut-off in the unit of the settings.

    Raises
    ------
    TeilhabeError
        For a CRS in degrees or a layer without lines.
    """
    if crs.isGeographic():
        raise TeilhabeError(mark("The coordinates are in degrees. Distances need a coordinate system in metres, such "
                                 "as ETRS89 / UTM zone 32N."))
    one_way = "" if settings.both_ways else settings.direction_field
    lines, notes = usable_lines(
        layer, settings.speed_field if settings.unit == MINUTES else "", settings.speed, one_way,
        [value for value in (settings.forward, settings.backward) if value], cancelled)
    try:
        network, vertex, away = _graph(lines, offers, crs, settings, cancelled)
    except QgsCsException as error:
        raise TeilhabeError(mark("The coordinates of the layer “{layer}” do not fit the coordinate reference system "
                                 "{crs}."), layer=layer.name(), crs=layer.crs().authid()) from error
    tied = tie(points, network, settings.farthest)
    reach = network_reach(network, tied, vertex, settings.access * away, limit, settings.access, settings.unit,
                          settings.to_offers, progress, cancelled)
    notes += _notes(network, tied, vertex, np.asarray(points, float), np.asarray(offers, float), settings)
    return reach, notes


def _graph(layer, offers, crs, settings: NetworkSettings, cancelled) -> tuple[Network, np.ndarray, np.ndarray]:
    """Return the network with a vertex at every offer near to it, that vertex (-1: none near), and the distance."""
    names = layer.fields()
    if settings.both_ways or not settings.direction_field:
        field = -1
    else:
        field = names.indexFromName(settings.direction_field)
    director = QgsVectorLayerDirector(layer, field, settings.forward, settings.backward, settings.both,
                                      QgsVectorLayerDirector.Direction.DirectionBoth)
    if settings.unit == MINUTES:
        speed_field = names.indexFromName(settings.speed_field) if settings.speed_field else -1
        director.addStrategy(QgsNetworkSpeedStrategy(speed_field, settings.speed, _PER_HOUR))
    else:
        director.addStrategy(QgsNetworkDistanceStrategy())
    builder = QgsGraphBuilder(crs, True, settings.tolerance, "NONE")
    offers = np.asarray(offers, float)
    placed = np.flatnonzero(np.isfinite(offers).all(axis=1))
    tied = director.makeGraph(builder, [QgsPointXY(*offers[i]) for i in placed])
    check_cancelled(cancelled)
    graph = builder.graph()
    if not graph.edgeCount():
        raise TeilhabeError(mark("The network “{layer}” has no lines."), layer=layer.name())
    edges = np.array([(edge.fromVertex(), edge.toVertex(), edge.cost(0))
                      for edge in map(graph.edge, range(graph.edgeCount()))])
    xy = np.array([(point.x(), point.y())
                   for point in (graph.vertex(i).point() for i in range(graph.vertexCount()))])
    vertex, away = np.full(len(offers), -1), np.full(len(offers), np.nan)
    away[placed] = [np.hypot(point.x() - x, point.y() - y) for point, (x, y) in zip(tied, offers[placed])]
    vertex[placed] = [graph.findVertex(point) for point in tied]
    vertex[~(away <= settings.farthest)] = -1
    network = Network(xy, edges[:, 0].astype(np.int64), edges[:, 1].astype(np.int64), edges[:, 2])
    return network, vertex, np.nan_to_num(away)


def _notes(network: Network, tied, vertex, points, offers, settings: NetworkSettings):
    far = int(((tied.edge < 0) & np.isfinite(points).all(axis=1)).sum())
    if far:
        yield Message(mark("{count} demand points lie more than {farthest} m from the network and reach nothing."),
                      count=far, farthest=round(settings.farthest))
    lost = np.flatnonzero((vertex < 0) & np.isfinite(offers).all(axis=1))  # no place at all is told elsewhere
    if len(lost):
        yield Message(mark("{count} offers lie more than {farthest} m from the network; nobody reaches them: "
                           "positions {positions}."), count=len(lost), farthest=round(settings.farthest),
                      positions=", ".join(str(i + 1) for i in lost[:10]) + (" …" if len(lost) > 10 else ""))
    islands = network.islands()
    parts = int(islands.max()) + 1
    if parts > 1:
        on_island = int((islands[network.start[tied.edge[tied.edge >= 0]]] > 0).sum())
        yield Message(mark("The network falls into {parts} parts that no way joins; {count} demand points lie on the "
                           "smaller ones. A larger tolerance joins line ends that do not quite meet."),
                      parts=parts, count=on_island)
