"""The index workshop: a slider is moved in the real window, until the map has been told to draw the new classes.

The rival is what one does without it: run the registered algorithm on the same areas and load the layer that it makes.
"""
from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

from tests.bench.invented import area_layer, indicator_frame
from tests.bench.yardstick import Comparison

INDICATORS, GROUPS = 20, 4
SIZES = (40, 542, 5_000)
RIVAL = "teilhabe:computeindex and the layer loaded: run, look, run again"


def comparisons(areas: int, runs: int) -> list:
    """Return the lines of the table; the number of areas plays no part."""
    from qgis.core import QgsApplication
    from teilhabe.processing.provider import TeilhabeProvider

    from tests.qgis.window import Window

    registry = QgsApplication.processingRegistry()
    if registry.providerById("teilhabe") is None:
        registry.addProvider(TeilhabeProvider())
    iface = Window()
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            lines += _of_size(size, max(runs, 3), iface, folder)
    return lines


def recipe() -> dict:
    """Return a recipe of 20 indicators in four sub-indices, with classes."""
    names = [f"i{number:02d}" for number in range(INDICATORS)]
    each = INDICATORS // GROUPS
    groups = [{"id": f"g{group}", "title": f"Group {group}",
               "children": [{"indicator": name} for name in names[group * each:(group + 1) * each]]}
              for group in range(GROUPS)]
    classes = {"method": "quantile", "classes": [{"value": value, "name": f"class {value}"} for value in range(1, 6)]}
    return {"format": "teilhabe-recipe/1", "id": "bench", "title": "Bench", "area_key": "key",
            "indicators": [{"id": name, "title": f"Indicator {name}"} for name in names],
            "indices": [{"id": "whole", "title": "Whole", "children": groups, "minimum_share": 0.5,
                         "classes": classes}]}


def _of_size(size: int, runs: int, iface, folder: str) -> list:
    from qgis.core import QgsProject
    from teilhabe.bridge.project import INDICATORS as ROLE
    from teilhabe.bridge.project import set_role

    from tests.qgis.workshop_window import close_workshop, open_workshop

    project = QgsProject.instance()
    project.clear()
    layer = area_layer(str(Path(folder, f"areas_{size}.gpkg")), indicator_frame(size, INDICATORS))
    set_role(layer, ROLE)
    project.addMapLayer(layer)
    dock = open_workshop(iface)
    dock.open_document(recipe())
    repaint, whole, rival = [], [], []
    for turn in range(runs + 1):
        asked, free = _moved(dock, 200 + 37 * turn)
        run = _run_again(dock)
        if turn:  # the first one loads what both need
            repaint.append(asked)
            whole.append(free)
            rival.append(run)
    close_workshop(dock)
    project.clear()
    what = f"workshop, {size:,} areas × {INDICATORS} indicators: slider moved"
    middle = statistics.median(rival) * 1000
    return [Comparison(f"{what} → map told to draw", RIVAL, statistics.median(repaint) * 1000, middle, "ms"),
            Comparison("  the same until the window is free again", RIVAL, statistics.median(whole) * 1000, middle,
                       "ms")]


def _moved(dock, value: int) -> tuple[float, float]:
    """Move the first slider; return the seconds until the map was told to draw, and until the window was free."""
    from teilhabe.gui.workshop.properties.shares import ShareRow

    from tests.qgis.dialog_helpers import settle

    slider = next(each.slider for each in dock.tree.findChildren(ShareRow) if each.slider.isEnabled())
    heard = []
    dock.preview.repaint_requested.connect(lambda: heard.append(time.perf_counter()))
    before = dock.session.document
    start = time.perf_counter()
    slider.setValue(value)
    while not heard and time.perf_counter() - start < 10:
        settle(1)
    end = time.perf_counter()
    dock.preview.repaint_requested.disconnect()
    if not heard or dock.session.document == before or dock.session.fault is not None:
        raise RuntimeError("the slider changed nothing")
    settle(200)  # evaluations draw, the map paints
    return heard[0] - start, end - start


def _run_again(dock) -> float:
    """Run the algorithm with the recipe as it is and load the layer; return the seconds."""
    from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingFeedback, QgsProject
    from teilhabe.gui.result_layers import load_results
    from teilhabe.gui.task_runner import load_into_project

    parameters = dock.writing.parameters(dock.session.layer())
    start = time.perf_counter()
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("teilhabe:computeindex")
    context, feedback = QgsProcessingContext(), QgsProcessingFeedback(False)
    context.setProject(QgsProject.instance())
    _results, ok = algorithm.run(load_into_project(algorithm, parameters), context, feedback)
    made = load_results(context, feedback)
    taken = time.perf_counter() - start
    if not ok or len(made) != 1:
        raise RuntimeError(feedback.textLog())
    QgsProject.instance().removeMapLayers(made)
    return taken
