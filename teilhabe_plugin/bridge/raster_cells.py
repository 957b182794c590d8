"""Cells of a raster as points: their middles and values, as weights of people or as people themselves."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsRasterDataProvider,
    QgsRasterLayer,
    QgsRectangle,
)

from ..core.messages import TeilhabeError, check_cancelled, mark
from .supply_inputs import SupplyAreas

_MOST_CELLS = 25_000_000
_ROWS_AT_ONCE = 2_000_000
_NUMBERS = {1: np.uint8, 2: np.uint16, 3: np.int16, 4: np.uint32, 5: np.int32, 6: np.float32, 7: np.float64}


@dataclass(frozen=True)
class RasterSource:
    """A raster as it was when the run began; the provider belongs to the run alone."""

    name: str
    crs: QgsCoordinateReferenceSystem
    provider: QgsRasterDataProvider | None

    @classmethod
    def of(cls, layer: QgsRasterLayer) -> RasterSource:
        """Return the source of a layer; call it in the main thread."""
        provider = layer.dataProvider().clone() if layer.isValid() else None
        return cls(layer.name(), QgsCoordinateReferenceSystem(layer.crs()), provider)


def read_cells(raster, band: int, areas: SupplyAreas, context, feedback) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the middles of all cells with a value near the areas, in the areas' coordinates, and the values.

    Parameters
    ----------
    raster : RasterSource
    band : int
        From 1.
    areas : SupplyAreas

    Returns
    -------
    (x, y, value), each of shape (cells,)
        Cells without data and those of 0 are left out.

    Raises
    ------
    TeilhabeError
        For a raster that cannot be read, has no such band or coordinate system, lies elsewhere, or is far too fine.
    """
    provider = raster.provider
    if provider is None or not 1 <= band <= provider.bandCount():
        raise TeilhabeError(mark("The raster “{raster}” has no band {band} that can be read."), raster=raster.name,
                            band=band)
    if not raster.crs.isValid():
        raise TeilhabeError(mark("The layer “{layer}” has no coordinate reference system; nobody can say where it lies "
                                 "beside the others. Set it in the layer’s properties."), layer=raster.name)
    left, top, columns, rows, width, height = _window(raster, areas, context)
    if columns < 1 or rows < 1:
        raise TeilhabeError(mark("The raster “{raster}” does not touch the areas. Check the coordinate reference "
                                 "systems."), raster=raster.name)
    if columns * rows > _MOST_CELLS:
        raise TeilhabeError(mark("The raster “{raster}” has {cells} cells over the areas; that is too fine for people. "
                                 "Aggregate it to larger cells first."), raster=raster.name, cells=columns * rows)
    found = []
    several = max(1, _ROWS_AT_ONCE // columns)
    for first in range(0, rows, several):
        check_cancelled(feedback.isCanceled)
        count = min(several, rows - first)
        box = QgsRectangle(left, top - (first + count) * height, left + columns * width, top - first * height)
        values = _values(provider.block(band, box, columns, count), columns, count)
        row, column = np.nonzero(np.isfinite(values) & (values != 0))
        found.append((left + (column + 0.5) * width, top - (first + row + 0.5) * height, values[row, column]))
    x, y, value = (np.concatenate(part) for part in zip(*found))
    if (value < 0).any():
        raise TeilhabeError(mark("The raster “{raster}” holds {value}; weights and people are 0 or more."),
                            raster=raster.name, value=float(value.min()))
    return (*_to(areas.crs, raster.crs, x, y, context), value)


def _window(raster, areas: SupplyAreas, context) -> tuple[float, float, int, int, float, float]:
    """Return left, top, columns, rows, width and height of the cells that cover the areas."""
    bounds = np.array([shape.bounds for shape in areas.shapes if shape is not None and not shape.is_empty])
    box = QgsRectangle(*bounds[:, :2].min(axis=0), *bounds[:, 2:].max(axis=0))
    if areas.crs != raster.crs:
        turn = QgsCoordinateTransform(areas.crs, raster.crs, context.transformContext())
        box = turn.transformBoundingBox(box)
    extent, provider = raster.provider.extent(), raster.provider
    width, height = extent.width() / provider.xSize(), extent.height() / provider.ySize()
    first = max(0, int(np.floor((box.xMinimum() - extent.xMinimum()) / width)))
    last = min(provider.xSize(), int(np.ceil((box.xMaximum() - extent.xMinimum()) / width)))
    upper = max(0, int(np.floor((extent.yMaximum() - box.yMaximum()) / height)))
    lower = min(provider.ySize(), int(np.ceil((extent.yMaximum() - box.yMinimum()) / height)))
    return (extent.xMinimum() + first * width, extent.yMaximum() - upper * height, last - first, lower - upper, width,
            height)


def _values(block, columns: int, rows: int) -> np.ndarray:
    """Return the cells of a block as numbers, NaN where there is no data."""
    kind = _NUMBERS.get(int(block.dataType()))
    if kind is None:
        block.convert(Qgis.DataType.Float64)
        kind = np.float64
    values = np.frombuffer(bytes(block.data()), dtype=kind).reshape(rows, columns).astype(float)
    if block.hasNoDataValue():
        values[values == float(np.asarray(block.noDataValue()).astype(kind))] = np.nan
    return values


def _to(target: QgsCoordinateReferenceSystem, source: QgsCoordinateReferenceSystem, x, y, context):
    if target == source:
        return x, y
    turn = QgsCoordinateTransform(source, target, context.transformContext())
    try:
        points = [turn.transform(*place) for place in zip(x.tolist(), y.tolist())]
    except QgsCsException as error:
        raise TeilhabeError(mark("The coordinates of the raster do not fit its coordinate reference system {crs}."),
                            crs=source.authid()) from error
    return np.array([point.x() for point in points]), np.array([point.y() for point in points])
