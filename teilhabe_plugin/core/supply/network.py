"""Ways along a network: points are tied to its edges, shortest paths run from the offers up to the cut-off."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree

from ..messages import check_cancelled
from .reach import METRES, Reach, from_pairs

_SAMPLE = 25.0  # metres between the samples of an edge that find its neighbours
_BLOCK_CELLS = 4_000_000  # costs held at once
_SMALLEST = 1e-9  # an edge that costs nothing is still an edge


@dataclass(frozen=True, eq=False)
class Network:
    """A directed graph with straight edges.

    Attributes
    ----------
    xy : ndarray, shape (v, 2)
        Vertices in metres.
    start, end : ndarray of int, shape (e,)
        A way that can be used in both directions is two edges.
    cost : ndarray, shape (e,)
        Metres or minutes of the whole edge.
    """

    xy: np.ndarray
    start: np.ndarray
    end: np.ndarray
    cost: np.ndarray

    def matrix(self) -> sparse.csr_matrix:
        """Return the cheapest edge of every pair of vertices as a sparse matrix."""
        loops = self.start != self.end
        start, end, cost = self.start[loops], self.end[loops], np.maximum(self.cost[loops], _SMALLEST)
        order = np.lexsort((cost, end, start))
        start, end, cost = start[order], end[order], cost[order]
        first = np.ones(len(start), dtype=bool)
        first[1:] = (np.diff(start) != 0) | (np.diff(end) != 0)
        size = (len(self.xy),) * 2
        return sparse.csr_matrix((cost[first], (start[first], end[first])), shape=size)

    def islands(self) -> np.ndarray:
        """Return the number of the connected part of every vertex, 0 for the largest; shape (v,)."""
        _count, part = connected_components(self.matrix(), directed=True, connection="weak")
        sizes = np.bincount(part)
        rank = np.empty(len(sizes), dtype=np.int64)
        rank[np.argsort(-sizes, kind="stable")] = np.arange(len(sizes))
        return rank[part]


@dataclass(frozen=True, eq=False)
class Tied:
    """Points tied to the nearest edge.

    Attributes
    ----------
    edge : ndarray of int, shape (m,)
        -1 for points farther away than allowed or without coordinates.
    along : ndarray, shape (m,)
        Where on the edge, 0 at its start and 1 at its end.
    away : ndarray, shape (m,)
        Straight distance to the edge in metres.
    """

    edge: np.ndarray
    along: np.ndarray
    away: np.ndarray


def tie(points: np.ndarray, network: Network, farthest: float) -> Tied:
    """Tie points to the nearest edge that is at most `farthest` metres away; exact, all points at once."""
    points = np.asarray(points, float)
    edge = np.full(len(points), -1, dtype=np.int64)
    along, away = np.full(len(points), np.nan), np.full(len(points), np.nan)
    here = np.flatnonzero(np.isfinite(points).all(axis=1))
    if not len(here) or not len(network.start):
        return Tied(edge, along, away)
    samples, owner = _samples(network)
    tree = cKDTree(samples)
    waiting, several = here, min(8, len(samples))
    while len(waiting):
        distance, sample = tree.query(points[waiting], k=several)
        distance, sample = distance.reshape(len(waiting), -1), sample.reshape(len(waiting), -1)
        share, off = _project(points[waiting][:, None], network, owner[sample])
        best = np.argmin(off, axis=1)
        row = np.arange(len(waiting))
        edge[waiting], along[waiting] = owner[sample][row, best], share[row, best]
        away[waiting] = off[row, best]
        # an edge whose samples were not among the nearest cannot be nearer than this
        sure = distance[:, -1] >= np.hypot(away[waiting], _SAMPLE / 2)
        waiting = waiting[~sure] if several < len(samples) else waiting[:0]
        several = min(4 * several, len(samples))
    far = ~(away <= farthest)
    edge[far], along[far] = -1, np.nan
    return Tied(edge, along, away)


def network_reach(network: Network, points: Tied, offer_vertex: np.ndarray, offer_access: np.ndarray, limit: float,
                  access: float = 1.0, unit: str = METRES, to_offers: bool = True, progress=None,
                  cancelled=None) -> Reach:
    """Return the reach along the network, ways to the network and from it included.

    Parameters
    ----------
    network : Network
        Its edges are split where offers are tied.
    points : Tied
        The m demand points.
    offer_vertex : ndarray of int, shape (n,)
        Vertex of every offer, -1 for an offer without network near.
    offer_access : ndarray, shape (n,)
        Cost from the offer to its vertex.
    limit : float
        Cut-off in the unit of the costs.
    access : float
        Cost per metre between a point and its edge.
    unit : str
    to_offers : bool
        Ways lead from the points to the offers, which matters in one-way streets; False: from the offers.

    Returns
    -------
    Reach
        Pairs that no path joins are not in it.
    """
    matrix = network.matrix()
    graph = matrix.T.tocsr() if to_offers else matrix  # paths are searched from the offers
    tied = np.flatnonzero(points.edge >= 0)
    edge, along = points.edge[tied], points.along[tied]
    first, second = network.start[edge], network.end[edge]
    forward = network.cost[edge]
    backward = np.asarray(matrix[second, first]).ravel() if len(tied) else np.empty(0)
    backward = np.where(backward > 0, backward, np.inf)  # a one-way street has no way back
    if to_offers:
        by_first, by_second = _product(along, backward), (1 - along) * forward
    else:
        by_first, by_second = along * forward, _product(1 - along, backward)
    extra, by_end = access * points.away[tied], (by_first, by_second)
    ends = _At.of(first, len(network.xy)), _At.of(second, len(network.xy))
    known = np.flatnonzero(np.asarray(offer_vertex) >= 0)
    block = max(1, _BLOCK_CELLS // max(len(network.xy), len(tied), 1))
    found = [(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))]
    for start in range(0, len(known) if len(tied) else 0, block):
        check_cancelled(cancelled)
        offers = known[start : start + block]
        costs = dijkstra(graph, indices=np.asarray(offer_vertex)[offers], limit=limit)
        row, column, way = _ways_over_ends(costs, ends, by_end)
        way += extra[column] + np.asarray(offer_access, float)[offers[row]]
        near = way <= limit
        found.append((tied[column[near]], offers[row[near]], way[near]))
        if progress is not None:
            progress(100 * min(start + block, len(known)) / len(known))
    point, offer, cost = (np.concatenate(part) for part in zip(*found))
    return from_pairs(point, offer, cost, len(points.edge), len(offer_vertex), limit, unit, "network")


@dataclass(frozen=True, eq=False)
class _At:
    """Which points hang on which vertex: those of vertex v are ``points[starts[v]:starts[v + 1]]``."""

    vertex: np.ndarray
    points: np.ndarray
    starts: np.ndarray

    @classmethod
    def of(cls, vertex: np.ndarray, n_vertices: int) -> _At:
        counts = np.bincount(vertex, minlength=n_vertices)
        return cls(vertex, np.argsort(vertex, kind="stable"), np.concatenate([[0], np.cumsum(counts)]))

    def all_at(self, vertices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the points of each of the vertices one after the other, and the entry of `vertices` of each."""
        counts = self.starts[vertices + 1] - self.starts[vertices]
        entry = np.repeat(np.arange(len(vertices)), counts)
        shift = self.starts[vertices] - (np.cumsum(counts) - counts)
        return self.points[np.arange(len(entry)) + shift[entry]], entry


def _ways_over_ends(costs, ends: tuple[_At, _At], by_end) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return row, point and cost over the cheaper end of the point's edge, where a path reaches one of the ends.

    Only points on reached vertices are looked at, which are few beside all of them.
    """
    row, vertex = np.nonzero(np.isfinite(costs))
    first, second = (end.vertex for end in ends)
    point, entry = ends[0].all_at(vertex)
    at = row[entry]
    way = np.minimum(costs[at, vertex[entry]] + by_end[0][point], costs[at, second[point]] + by_end[1][point])
    other, entry = ends[1].all_at(vertex)
    only = ~np.isfinite(costs[row[entry], first[other]])  # the others were met over the first end
    other, entry = other[only], entry[only]
    over = costs[row[entry], vertex[entry]] + by_end[1][other]
    return np.concatenate([at, row[entry]]), np.concatenate([point, other]), np.concatenate([way, over])


def _product(share, cost):
    """Return share × cost, 0 where the share is 0 even if the cost is infinite."""
    return np.where(share > 0, share * np.where(share > 0, cost, 0), 0)


def _samples(network: Network) -> tuple[np.ndarray, np.ndarray]:
    """Return points along the edges at most `_SAMPLE` metres apart, and the edge of each; ends are among them."""
    begin, way = network.xy[network.start], network.xy[network.end] - network.xy[network.start]
    pieces = np.maximum(1, np.ceil(np.hypot(*way.T) / _SAMPLE)).astype(np.int64)
    owner = np.repeat(np.arange(len(pieces)), pieces + 1)
    step = np.arange(len(owner)) - np.repeat(np.cumsum(pieces + 1) - (pieces + 1), pieces + 1)
    return begin[owner] + way[owner] * (step / pieces[owner])[:, None], owner


def _project(points, network: Network, edges) -> tuple[np.ndarray, np.ndarray]:
    """Return the place on each edge (0…1) that is nearest to a point, and the distance."""
    begin = network.xy[network.start[edges]]
    way = network.xy[network.end[edges]] - begin
    length = (way**2).sum(axis=-1)
    share = np.divide(((points - begin) * way).sum(axis=-1), length, out=np.zeros(length.shape), where=length > 0)
    share = np.clip(share, 0, 1)
    return share, np.hypot(*np.moveaxis(points - begin - share[..., None] * way, -1, 0))
