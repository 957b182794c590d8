"""Supply of an invented city of 20 km × 20 km: 100,000 addresses, 1,000 offers, against named rivals at equal results.

The results of each pair are compared; a difference ends the run. Rivals that would take minutes get fewer addresses or
a share of the work, and the line says so. Memory is the peak of a process of its own, above what it had before.
"""
from __future__ import annotations

import dataclasses
import math
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.spatial.distance import cdist

from teilhabe_plugin.core.supply import floating_catchment as catchment
from teilhabe_plugin.core.supply.decay import Decay
from teilhabe_plugin.core.supply.demand import spread
from teilhabe_plugin.core.supply.reach import straight_reach
from teilhabe_plugin.core.supply.siting import SitingProblem, find_sites
from tests.bench.yardstick import SEED, Comparison, compare

ROOT = Path(__file__).resolve().parents[2]
RIVALS = ROOT / "build" / "rivals"
ADDRESSES, OFFERS, SITES, LIMIT = 100_000, 1_000, 500, 1_500
SIDE, BLOCK = 20_000, 200  # metres of the city and of a block of houses
STARTS = 40  # addresses from which QGIS searches paths; its time is per address, so the rest is reckoned
FEWER, TENTH = 2_000, 10_000  # addresses that spopt and the plain model get
STEPS = {500: 1, 1000: 0.68, 1500: 0.22}


def city(offers: int = OFFERS):
    """Return addresses, offers, people and places, always the same."""
    random = np.random.default_rng(SEED)
    return (random.uniform(0, SIDE, (ADDRESSES, 2)), random.uniform(0, SIDE, (offers, 2)),
            random.integers(0, 9, ADDRESSES).astype(float), random.integers(10, 120, offers).astype(float))


def comparisons(areas: int, runs: int) -> list:
    """Return the lines of the table; the number of areas plays no part."""
    sys.path += [str(path) for path in RIVALS.glob("lib/python3*/site-packages")]
    warnings.filterwarnings("ignore")
    points, offers, people, places = city()
    reach = straight_reach(points, offers, LIMIT)
    return [*_reach(points, offers, reach, runs), *_catchments(reach, people, places, min(runs, 3)),
            _network(points, offers, 1), *_sites(points, people, 1), _spread(runs)]


def _measured(what: str, rival_name: str, ours, rival, runs: int, check=None) -> Comparison:
    """Time both and compare what they return, or what `check` returns in place of ours."""
    found = {}

    def keep(name, function):
        def run():
            found[name] = function()
        return run

    line = compare(what, rival_name, keep("ours", ours), keep("rival", rival), runs)
    if not np.allclose(check() if check else found["ours"], found["rival"], rtol=1e-9, atol=1e-6):
        raise RuntimeError(f"{what}: a fast wrong answer does not count")
    return line


# ---------------------------------------------------------------- reach


def dense_reach(points, offers):
    """All distances by scipy's cdist, in blocks, then those within the limit by point, distance and offer."""
    parts = []
    for start in range(0, len(points), 10_000):
        distances = cdist(points[start : start + 10_000], offers)
        point, offer = np.nonzero(distances <= LIMIT)
        parts.append((point + start, offer, distances[point, offer]))
    point, offer, cost = map(np.concatenate, zip(*parts))
    order = np.lexsort((offer, cost, point))
    return point[order], offer[order], cost[order]


def _reach(points, offers, reach, runs) -> list:
    point, offer, cost = dense_reach(points, offers)
    if not (np.array_equal(point, reach.point) and np.array_equal(offer, reach.offer)):
        raise RuntimeError("other pairs than cdist")
    if not np.allclose(reach.cost, cost, rtol=1e-12):
        raise RuntimeError("other distances than cdist")
    size = f"{ADDRESSES:,} addresses × {OFFERS:,} offers, {LIMIT:,} m"
    memory = {name: _megabytes(name) for name in ("ours", "dense")}
    return [compare(f"{size}: {len(reach):,} pairs", "scipy cdist in blocks, nonzero, lexsort",
                    lambda: straight_reach(points, offers, LIMIT), lambda: dense_reach(points, offers), runs),
            Comparison(f"{size}: memory", "full table of scipy cdist", memory["ours"], memory["dense"], "MB")]


def _megabytes(which: str) -> float:
    """Return the most memory that one reach takes, in a process of its own."""
    return float(subprocess.run([sys.executable, "-m", "tests.bench.bench_supply", which], cwd=ROOT, check=True,
                                capture_output=True, text=True).stdout)


def _print_memory(which: str) -> None:
    points, offers, _people, _places = city()
    before = _peak()
    _found = straight_reach(points, offers, LIMIT) if which == "ours" else np.nonzero(cdist(points, offers) <= LIMIT)
    print((_peak() - before) / 1024)


def _peak() -> int:
    """Return the largest memory of this process so far in kB, as Linux tells it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0])


# ---------------------------------------------------------------- floating catchments


def _catchments(reach, people, places, runs) -> list:
    from access import Access, weights

    demand = pd.DataFrame({"id": np.arange(ADDRESSES), "people": people})
    supply = pd.DataFrame({"id": np.arange(OFFERS), "places": places})
    ways = pd.DataFrame({"from": reach.point, "to": reach.offer, "way": reach.cost})
    city_of_access = Access(
        demand_df=demand, demand_index="id", demand_value="people", supply_df=supply, supply_index="id",
        supply_value="places", cost_df=ways, cost_origin="from", cost_dest="to", cost_name="way")
    step_weights = weights.step_fn(STEPS)

    def filled(frame):
        return frame.iloc[:, 0].reindex(np.arange(ADDRESSES)).fillna(0).to_numpy()

    plain, steps = Decay("binary", LIMIT), Decay("step", LIMIT, tuple(STEPS), tuple(STEPS.values()))
    pairs = {
        "2SFCA": (lambda: catchment.two_step(reach, people, places, plain),
                  lambda: filled(city_of_access.two_stage_fca(name="two", max_cost=LIMIT))),
        "E2SFCA": (lambda: catchment.two_step(reach, people, places, steps),
                   lambda: filled(city_of_access.enhanced_two_stage_fca(name="enhanced", weight_fn=step_weights,
                                                                        max_cost=LIMIT))),
        "3SFCA": (lambda: catchment.three_step(reach, people, places, steps),
                  lambda: filled(city_of_access.three_stage_fca(name="three", weight_fn=step_weights,
                                                                max_cost=LIMIT))),
    }
    return [_measured(f"{name}, {len(reach):,} pairs", "PySAL access", ours, rival, runs)
            for name, (ours, rival) in pairs.items()]


# ---------------------------------------------------------------- network


def _network(points, offers, runs) -> Comparison:
    from qgis.analysis import QgsGraphAnalyzer, QgsGraphBuilder, QgsNetworkDistanceStrategy, QgsVectorLayerDirector
    from qgis.core import QgsCoordinateReferenceSystem, QgsPointXY
    from teilhabe.bridge.network_reach import NetworkSettings, reach_along

    crs, streets = QgsCoordinateReferenceSystem("EPSG:25833"), _streets()
    director = QgsVectorLayerDirector(streets, -1, "", "", "", QgsVectorLayerDirector.Direction.DirectionBoth)
    director.addStrategy(QgsNetworkDistanceStrategy())
    builder = QgsGraphBuilder(crs, True, 0, "NONE")
    places = np.concatenate([offers, points[:STARTS]])
    tied = director.makeGraph(builder, [QgsPointXY(*place) for place in places])
    graph = builder.graph()
    vertex = [graph.findVertex(place) for place in tied]
    access = [math.hypot(place.x() - x, place.y() - y) for place, (x, y) in zip(tied, places)]

    reaches = []

    def ours():
        """Return the ways from all addresses, for the comparison those of the first ones."""
        reaches[:] = [reach_along(streets, points, offers, crs, LIMIT, NetworkSettings(tolerance=0))[0]]
        first = np.full((STARTS, OFFERS), np.inf)
        own = slice(0, reaches[0].starts[STARTS])
        first[reaches[0].point[own], reaches[0].offer[own]] = reaches[0].cost[own]
        return first

    def by_qgis():
        """Return the ways from the first addresses to all offers."""
        ways = np.full((STARTS, OFFERS), np.inf)
        for start in range(STARTS):
            _tree, cost = QgsGraphAnalyzer.dijkstra(graph, vertex[OFFERS + start], 0)
            for offer in range(OFFERS):
                ways[start, offer] = access[OFFERS + start] + cost[vertex[offer]] + access[offer]
        ways[ways > LIMIT] = np.inf
        return ways

    what = f"{ADDRESSES:,} addresses × {OFFERS:,} offers, {LIMIT:,} m along {streets.featureCount():,} streets"
    rival = f"QgsGraphAnalyzer.dijkstra per address, {STARTS} measured, rest reckoned"
    line = _measured(what, rival, ours, by_qgis, runs)
    return dataclasses.replace(line, what=f"{what}: {len(reaches[0]):,} pairs",
                               rival=line.rival * ADDRESSES / STARTS)


def _streets():
    """Return a layer of streets between the blocks, every tenth one missing."""
    from qgis.core import QgsFeature, QgsGeometry, QgsPointXY, QgsVectorLayer

    layer = QgsVectorLayer("LineString?crs=EPSG:25833", "streets", "memory")
    random, features = np.random.default_rng(SEED), []
    for row in range(0, SIDE + 1, BLOCK):
        for column in range(0, SIDE, BLOCK):
            for begin, end in (((column, row), (column + BLOCK, row)), ((row, column), (row, column + BLOCK))):
                if random.random() > 0.1:
                    feature = QgsFeature()
                    feature.setGeometry(QgsGeometry.fromPolylineXY([QgsPointXY(*begin), QgsPointXY(*end)]))
                    features.append(feature)
    layer.dataProvider().addFeatures(features)
    return layer


# ---------------------------------------------------------------- sites


def _sites(points, people, runs) -> list:
    from pulp import PULP_CBC_CMD, value
    from spopt.locate import MCLP

    _points, sites, _people, _places = city(SITES)

    def ours(count):
        reach = straight_reach(points[:count], sites, LIMIT)
        found = find_sites(SitingProblem(reach, people[:count], np.zeros(SITES, bool), 10))
        if not found.proven:
            raise RuntimeError("not proven to be the best sites")
        return found.objective

    def by_spopt():
        model = MCLP.from_cost_matrix(cdist(points[:FEWER], sites), people[:FEWER], LIMIT, 10)
        return value(model.solve(PULP_CBC_CMD(msg=False)).problem.objective)

    def plainly():
        """The model as it stands in the textbook: a row and a variable for every address."""
        near = sparse.csr_matrix(cdist(points[:TENTH], sites) <= LIMIT).astype(float)
        rows = sparse.hstack([-near, sparse.identity(TENTH)])
        whole = np.concatenate([np.ones(SITES), np.zeros(TENTH)])
        chosen, cost = sparse.csr_matrix(whole), np.concatenate([np.zeros(SITES), -people[:TENTH]])
        found = milp(cost, constraints=[LinearConstraint(rows, -np.inf, 0), LinearConstraint(chosen, -np.inf, 10)],
                     integrality=whole, bounds=Bounds(0, 1))
        return -found.fun

    what = f"10 of {SITES} sites, {{:,}} addresses, {LIMIT:,} m, most people, best proven"
    return [_measured(what.format(FEWER), "spopt MCLP with CBC", lambda: ours(FEWER), by_spopt, runs),
            _measured(what.format(ADDRESSES), f"scipy milp (HiGHS) as in the textbook, first {TENTH:,} addresses",
                      lambda: ours(ADDRESSES), plainly, runs, lambda: ours(TENTH))]


# ---------------------------------------------------------------- people to addresses


def _spread(runs) -> Comparison:
    random = np.random.default_rng(SEED)
    area = random.integers(0, 1_000, ADDRESSES)
    weights, totals = random.integers(1, 40, ADDRESSES).astype(float), random.integers(50, 900, 1_000).astype(float)
    frame = pd.DataFrame({"area": area, "weight": weights})

    def shares(group):
        exact = totals[group.name] * group / group.sum()
        whole = np.floor(exact + 1e-9)
        rest = int(totals[group.name] - whole.sum())
        first = (whole - exact).round(9).sort_values(kind="stable").index[:rest]
        whole[first] += 1
        return whole

    def by_pandas():
        return frame.groupby("area")["weight"].transform(shares)

    return _measured(f"people of 1,000 areas to {ADDRESSES:,} addresses, largest remainders", "pandas, area by area",
                     lambda: spread(totals, area, weights), by_pandas, runs)


if __name__ == "__main__":
    _print_memory(sys.argv[1])
