"""Invented areas in any number, always the same for the same seed."""
from __future__ import annotations

import numpy as np
import pandas as pd

from tests.bench.yardstick import SEED


def indicator_frame(areas: int, indicators: int, gaps: float = 0.01) -> pd.DataFrame:
    """Return areas with text keys and indicators of which some values are missing."""
    random = np.random.default_rng(SEED)
    values = random.normal(20, 5, (areas, indicators)).round(3)
    values[random.random(values.shape) < gaps] = np.nan
    frame = pd.DataFrame(values, columns=[f"i{number:02d}" for number in range(indicators)])
    frame.insert(0, "key", [f"{number:08d}" for number in range(areas)])
    return frame


def area_layer(path: str, frame: pd.DataFrame):
    """Write the frame as a GeoPackage of polygons with eight corners each and return the opened layer."""
    from osgeo import ogr, osr
    from qgis.core import QgsVectorLayer

    reference = osr.SpatialReference()
    reference.ImportFromEPSG(25833)
    source = ogr.GetDriverByName("GPKG").CreateDataSource(path)
    layer = source.CreateLayer("areas", reference, ogr.wkbMultiPolygon)
    for name in frame.columns:
        layer.CreateField(ogr.FieldDefn(name, ogr.OFTString if name == "key" else ogr.OFTReal))
    side = int(len(frame) ** 0.5) + 1
    corners = ((0, 0), (50, -3), (100, 0), (103, 50), (100, 100), (50, 97), (0, 100), (0, 0))
    source.StartTransaction()
    for number, row in enumerate(frame.itertuples(index=False)):
        feature = ogr.Feature(layer.GetLayerDefn())
        for position, value in enumerate(row):
            if value == value:
                feature.SetField(position, value)
        x, y = 390000 + 100 * (number % side), 5800000 + 100 * (number // side)
        ring = ",".join(f"{x + dx} {y + dy}" for dx, dy in corners)
        feature.SetGeometry(ogr.CreateGeometryFromWkt(f"MULTIPOLYGON((({ring})))"))
        layer.CreateFeature(feature)
    source.CommitTransaction()
    del layer, source
    opened = QgsVectorLayer(f"{path}|layername=areas", "areas", "ogr")
    if not opened.isValid():
        raise RuntimeError(path)
    return opened
