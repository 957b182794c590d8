"""Ways from points to offers as a table or as straight lines: origin, destination, cost, rank."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from qgis.core import QgsLineSymbol, QgsSingleSymbolRenderer, QgsVectorLayer, QgsWkbTypes

from ..core.supply.offers import Offers
from ..core.supply.reach import METRES, Reach
from ..translation import tr
from . import project
from .fields import FieldSpec
from .layer_output import write_layer

_LINE = np.dtype([("order", "u1"), ("type", "<u4"), ("count", "<u4"), ("x1", "<f8"), ("y1", "<f8"), ("x2", "<f8"),
                  ("y2", "<f8")])


@dataclass(frozen=True, eq=False)
class Origins:
    """Where the ways begin.

    Attributes
    ----------
    ids : ndarray of object, shape (m,)
    xy : ndarray, shape (m, 2)
    crs : QgsCoordinateReferenceSystem
    """

    ids: np.ndarray
    xy: np.ndarray
    crs: object


@dataclass(frozen=True, eq=False)
class Lines:
    """Lines of a result as WKB, row for row; None where a row has none."""

    lines: list
    crs: object
    wkb_type = QgsWkbTypes.LineString

    def wkb(self) -> list[bytes | None]:
        """Return the lines."""
        return self.lines


def pairs_table(reach: Reach, origins: Origins, offers: Offers, most: int = 0):
    """Return one row per pair, points that reach nothing with an empty destination, and what the columns mean.

    Parameters
    ----------
    most : int
        Only so many nearest offers of each point; 0 for all.
    """
    point = reach.point
    rank = np.arange(len(reach)) - reach.starts[:-1][point] + 1
    kept = rank <= most if most else np.ones(len(reach), bool)
    alone = np.flatnonzero(~reach.reached())
    point = np.concatenate([point[kept], alone])
    offer = np.concatenate([reach.offer[kept], np.full(len(alone), -1)])
    cost = np.concatenate([reach.cost[kept], np.full(len(alone), np.nan)])
    rank = np.concatenate([rank[kept], np.full(len(alone), np.nan)])
    order = np.argsort(point, kind="stable")
    point, offer, cost, rank = point[order], offer[order], cost[order], rank[order]
    frame = pd.DataFrame({"herkunft": origins.ids[point], "rang": rank})
    specs = [FieldSpec("herkunft", "text", tr("Origin")), FieldSpec("rang", "integer", tr("Rank (1: nearest)"))]
    for name, values, alias in (("ziel", offers.ids, tr("Destination")), ("ziel_name", offers.names, tr("Name")),
                                ("ziel_art", offers.kind, tr("Type of offer"))):
        if name == "ziel" and not any(values):
            values = offers.row.astype(str)
        if any(values):
            frame[name] = np.append(np.asarray(values, object), None)[offer]
            specs.append(FieldSpec(name, "text", alias))
    frame["weg" if reach.unit == METRES else "zeit"] = cost
    specs.append(FieldSpec("weg" if reach.unit == METRES else "zeit", "real", tr("Way"), reach.unit))
    return frame, specs, point, offer


def write_pairs(algorithm, parameters, context, feedback, reach: Reach, origins: Origins, offers: Offers, most: int,
                lines: bool, record: dict) -> str:
    """Write the pairs as a table, or as straight lines from origin to destination."""
    frame, specs, point, offer = pairs_table(reach, origins, offers, most)
    shapes = None
    if lines:
        shapes = Lines(_lines(origins.xy[point], offers.points, offer), origins.crs)
    return write_layer(
        algorithm, parameters, "OUTPUT", context, feedback, frame=frame, specs=specs, points=shapes,
        style=_style if lines else None, layer_name=tr("Ways to offers"), role=project.VALUES, provenance=record)


def _lines(starts: np.ndarray, offers: np.ndarray, offer: np.ndarray) -> list[bytes | None]:
    """Return the lines as WKB, None for points that reach nothing."""
    packed = np.empty(len(offer), dtype=_LINE)
    packed["order"], packed["type"], packed["count"] = 1, 2, 2
    packed["x1"], packed["y1"] = starts.T
    packed["x2"], packed["y2"] = np.vstack([offers, [[np.nan, np.nan]]])[offer].T
    data, size = packed.tobytes(), _LINE.itemsize
    return [data[i * size : (i + 1) * size] if there else None for i, there in enumerate((offer >= 0).tolist())]


def _style(layer: QgsVectorLayer) -> None:
    layer.setRenderer(QgsSingleSymbolRenderer(QgsLineSymbol.createSimple({
        "line_color": "17,124,144,140", "line_width": "0.15"})))
