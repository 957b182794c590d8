"""Where the rows of a supply map lie: points, the middles of polygons, the areas that a measure names."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsFeatureRequest,
    QgsVectorLayer,
    QgsWkbTypes,
)

from ..core.addresses.street_names import fold_place
from ..core.messages import TeilhabeError, mark
from ..core.overlay import locate
from ..core.supply.projects import AreaFinder, area_references
from ..translation import tr
from .area_layer import guess_key_field, guess_name_field
from .background import background_kind
from .boundary_layers import read_shapes
from .class_sets import area_fields
from .frames import read_frame

_DISTRICTS = ("bezirkname", "bezirksname", "bezirk", "stadtbezirk", "stadtbezirkname", "bezname", "district",
              "districtname", "ortsteil", "bezirkname")
_NAMES = ("name", "bezirkname", "bezirk", "bezeichnung", "title")


@dataclass(frozen=True, eq=False)
class AreaPlaces:
    """The areas of the map.

    Attributes
    ----------
    layer : QgsVectorLayer
    keys, names, districts : ndarray of object
        "" where not known.
    shapes : list of shapely geometry or None
    crs : QgsCoordinateReferenceSystem
    """

    layer: QgsVectorLayer
    keys: np.ndarray
    names: np.ndarray
    districts: np.ndarray
    shapes: list
    crs: QgsCoordinateReferenceSystem

    def fill(self, frame: pd.DataFrame, feedback) -> None:
        """Write the area of every row into the frame; rows that named areas keep those."""
        position = locate(frame["x"].to_numpy(float), frame["y"].to_numpy(float), self.shapes, feedback.isCanceled)
        for column, values in (("gebiet_nr", self.keys), ("gebiet", self.names), ("bezirk", self.districts)):
            own = np.where(position >= 0, values[position], "") if len(values) else np.full(len(frame), "")
            frame[column] = own.astype(object)

    def middle(self, position: int) -> tuple[float, float]:
        """Return a point well inside an area."""
        shape = self.shapes[position]
        if shape is None or shape.is_empty:
            return np.nan, np.nan
        point = shape.centroid if shape.contains(shape.centroid) else shape.representative_point()
        return point.x, point.y


def read_area_places(layer: QgsVectorLayer, crs: QgsCoordinateReferenceSystem, key_field: str, name_field: str,
                     district_field: str, background, context, feedback) -> AreaPlaces:
    """Return the areas; fields that are not named are found, districts also by a layer of districts."""
    frame = read_frame(layer, feedback=feedback)
    known_key, known_name = area_fields(layer)
    key = key_field or (known_key if known_key in frame else "") or guess_key_field(frame)
    name = name_field or (known_name if known_name in frame else "") or guess_name_field(frame, key)
    shapes = read_shapes(layer, crs, context, feedback)
    folded = {fold_place(str(column)): str(column) for column in frame.columns}
    district = district_field or next((folded[word] for word in _DISTRICTS if word in folded), "")

    def column(field):
        if not field:
            return np.full(len(frame), "", dtype=object)
        return np.array(["" if pd.isna(value) else str(value) for value in frame[field]], dtype=object)

    districts = column(district)
    if not district:
        districts = _districts_by_place(shapes, crs, background, context, feedback)
    return AreaPlaces(layer, column(key), column(name or key), districts, shapes, crs)


def _districts_by_place(shapes, crs, background, context, feedback) -> np.ndarray:
    """Return the district that every area lies in, by the layer of districts among the backgrounds."""
    none = np.full(len(shapes), "", dtype=object)
    layer = next((other for other in background if background_kind(other) == "district"), None)
    if layer is None:
        return none
    frame = read_frame(layer, feedback=feedback)
    folded = {fold_place(str(column)): str(column) for column in frame.columns}
    name = next((folded[word] for word in _NAMES if word in folded), "")
    if not name:
        return none
    names = frame[name].fillna("").astype(str).to_numpy(object)
    inner = [None if shape is None or shape.is_empty else shape.representative_point() for shape in shapes]
    x = np.array([np.nan if point is None else point.x for point in inner])
    y = np.array([np.nan if point is None else point.y for point in inner])
    position = locate(x, y, read_shapes(layer, crs, context, feedback), feedback.isCanceled)
    return np.where(position >= 0, names[position], "").astype(object)


def inner_points(layer: QgsVectorLayer, crs: QgsCoordinateReferenceSystem, context, feedback
                 ) -> tuple[np.ndarray, np.ndarray]:
    """Return a point for every feature: the point itself, or one inside a polygon; NaN without geometry.

    Raises
    ------
    TeilhabeError
        When coordinates do not fit the layer's coordinate reference system; names the row.
    """
    count = layer.featureCount()
    if layer.wkbType() == QgsWkbTypes.NoGeometry:
        return np.full(count, np.nan), np.full(count, np.nan)
    transform = QgsCoordinateTransform(layer.crs(), crs, context.transformContext())
    request = QgsFeatureRequest()
    request.setSubsetOfAttributes([])
    x, y = [], []
    for row, feature in enumerate(layer.getFeatures(request), 1):
        geometry = feature.geometry()
        point = None
        if not geometry.isEmpty():
            is_point = geometry.type() == QgsWkbTypes.PointGeometry
            point = (geometry.centroid() if is_point else geometry.pointOnSurface()).asPoint()
            if layer.crs().isValid() and layer.crs() != crs:
                try:
                    point = transform.transform(point)
                except QgsCsException as error:
                    raise TeilhabeError(
                        mark("Layer “{layer}”, row {row}: the coordinates do not fit the coordinate reference system "
                             "{crs}."), layer=layer.name(), row=row, crs=layer.crs().authid()) from error
        x.append(np.nan if point is None else point.x())
        y.append(np.nan if point is None else point.y())
    return np.array(x, dtype=float), np.array(y, dtype=float)


def places_of_references(rows: pd.DataFrame, areas: AreaPlaces | None) -> pd.DataFrame:
    """Return measures with a row per area that they name; those that have a geometry keep it.

    A measure whose areas are not found stays without a place and says why.
    """
    if areas is None:
        without = ~np.isfinite(rows["x"]) & (rows["gebiet_text"] != "")
        rows.loc[without, "hinweis"] = tr("There is no layer of areas.")
        return rows
    finder, found = AreaFinder(areas.keys, areas.names), []
    for row in rows.to_dict("records"):
        if np.isfinite(row["x"]) or not row["gebiet_text"]:
            if not np.isfinite(row["x"]):
                row["hinweis"] = tr("No place and no area is stated.")
            found.append(row)
            continue
        wanted = area_references(row["gebiet_text"])
        whole = finder.position(row["gebiet_text"])
        positions = [whole] if whole >= 0 else [finder.position(each) for each in wanted]
        unknown = [each for each, position in zip(wanted, positions) if position < 0]
        note = tr("Not an area of the map: {areas}", areas=", ".join(unknown)) if unknown else ""
        placed = [position for position in positions if position >= 0]
        for position in placed:
            x, y = areas.middle(position)
            found.append({**row, "x": x, "y": y, "hinweis": note})
        if not placed:
            found.append({**row, "hinweis": note})
    return pd.DataFrame(found, columns=list(rows.columns))
