"""Rows of a result of geocoding: reading what is known of them, and writing what somebody decided."""
from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from qgis.core import (
    NULL,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransformContext,
    QgsFeatureRequest,
    QgsGeometry,
    QgsPointXY,
    QgsRuleBasedRenderer,
    QgsVectorDataProvider,
    QgsVectorLayer,
)

from ..core.addresses.geocoding import FIELDS, geocode, result_columns
from ..core.messages import Message, TeilhabeError, mark
from ..translation import render
from .frames import read_frame
from .geocode_output import IN_AREA
from .geocode_places import AREA_ONLY, AreaPlaces, decisions_in, in_one_crs, points_in_areas, with_areas_of_points
from .geocode_style import rule_counts, show_markers

_MIDNIGHT = re.compile(r"^(\d{4}-\d{2}-\d{2})[ T]00:00:00$")


@dataclass(frozen=True, eq=False)
class OfferRows:
    """The rows of a result layer.

    Attributes
    ----------
    names : dict
        Field of `geocoding.FIELDS` → its name in the layer.
    frame : DataFrame
        The attributes; its index are feature ids.
    """

    names: dict
    frame: pd.DataFrame

    def list_part(self, positions=None) -> pd.DataFrame:
        """Return the list's own columns, of all rows or of these."""
        own = self.frame.drop(columns=[name for name in self.names.values() if name in self.frame])
        rows = own if positions is None else own.iloc[positions]
        return rows.reset_index(drop=True)

    def column(self, field: str) -> pd.Series:
        """Return one of the result's own fields."""
        return self.frame[self.names[field]]


def offer_rows(layer: QgsVectorLayer) -> OfferRows:
    """Read the rows of a result.

    Raises
    ------
    TeilhabeError
        When the layer has not the fields that geocoding writes.
    """
    names = offer_fields(layer)
    if not names:
        raise TeilhabeError(mark("“{layer}” lacks the fields that geocoding writes (adr_stufe …). Choose another "
                                 "layer, or locate the list again."), layer=layer.name())
    frame = read_frame(layer, with_ids=True)
    for name in frame.select_dtypes(object):
        frame[name] = [_MIDNIGHT.sub(r"\1", value) if isinstance(value, str) else value for value in frame[name]]
    return OfferRows(names, frame)


def offer_fields(layer: QgsVectorLayer) -> dict[str, str]:
    """Return the names that the result's fields have in the layer, the latest set of them; {} when they lack."""
    present = {field.name() for field in layer.fields()}
    tails = [name[len("adr_stufe"):] for name in present if re.fullmatch(r"adr_stufe(?:_\d+)?", name)]
    for tail in sorted(tails, key=lambda tail: int(tail[1:] or 1), reverse=True):
        if all(name + tail in present for name in FIELDS):
            names = {name: name + tail for name in FIELDS}
            return {**names, IN_AREA: IN_AREA} if IN_AREA in present else names
    return {}


def decided_values(
    frame: pd.DataFrame, columns, registers: Sequence, synonyms, decisions, settings,
    crs: QgsCoordinateReferenceSystem, transform_context: QgsCoordinateTransformContext,
    areas: AreaPlaces | None = None, place_in_area: bool = True,
) -> list[tuple[dict, QgsPointXY | None]]:
    """Locate rows anew, by the same steps as the run.

    Parameters
    ----------
    frame : DataFrame
        The list's own columns of the rows concerned.
    columns, registers, synonyms, decisions, settings
        As for `core.addresses.geocoding.geocode`.
    crs : QgsCoordinateReferenceSystem
        Reference system of the result.
    transform_context : QgsCoordinateTransformContext
    areas : AreaPlaces, optional
        In the reference system of the result.
    place_in_area : bool
        Put rows whose area is known, but no coordinate, anywhere into it.

    Returns
    -------
    list of (dict, QgsPointXY or None)
        For each row its values by field of `geocoding.FIELDS` (and `IN_AREA`), and its place.
    """
    decisions = decisions_in(decisions, crs, transform_context)
    found = in_one_crs(geocode(frame, columns, registers, synonyms, decisions, settings), registers, crs,
                       transform_context)
    in_area = np.zeros(len(frame), bool)
    if areas is not None:
        found = with_areas_of_points(found, areas)
        if place_in_area:
            found, in_area = points_in_areas(found, areas, Message(AREA_ONLY))
    table = result_columns(found, registers, render)
    x, y = found.located.x, found.located.y
    values = []
    for row in range(len(table)):
        place = QgsPointXY(float(x[row]), float(y[row])) if np.isfinite(x[row]) and np.isfinite(y[row]) else None
        fields = {name: _plain(table[name].iloc[row]) for name in FIELDS}
        values.append(({**fields, IN_AREA: bool(in_area[row])}, place))
    return values


def row_values(layer: QgsVectorLayer, names: dict[str, str], fids: Iterable[int]) -> dict[int, tuple[dict, object]]:
    """Return what rows hold now: feature id → values by field of `geocoding.FIELDS`, and place."""
    found = {}
    for feature in layer.getFeatures(QgsFeatureRequest().setFilterFids(list(fids))):
        values = {name: _none(feature[field]) for name, field in names.items()}
        geometry = feature.geometry()
        found[feature.id()] = (values, None if geometry.isNull() else geometry.asPoint())
    return found


def write_rows(layer: QgsVectorLayer, names: dict[str, str], rows: dict[int, tuple[dict, object]]) -> None:
    """Write values and places to rows of a result, at once, or into the edits where the layer is being edited.

    Parameters
    ----------
    layer : QgsVectorLayer
    names : dict
        Field of `geocoding.FIELDS` → its name in the layer.
    rows : dict
        Feature id → values by field of `geocoding.FIELDS`, and place.

    Raises
    ------
    TeilhabeError
        When the layer cannot be changed.
    """
    attributes = {fid: {layer.fields().lookupField(names[name]): NULL if value is None else value
                        for name, value in values.items() if name in names} for fid, (values, _place) in rows.items()}
    geometries = {fid: QgsGeometry() if place is None else QgsGeometry.fromPointXY(place)
                  for fid, (_values, place) in rows.items()}
    if layer.isEditable():
        done = all(layer.changeAttributeValues(fid, values)
                   and (not layer.isSpatial() or layer.changeGeometry(fid, geometries[fid]))
                   for fid, values in attributes.items())
    else:
        provider = layer.dataProvider()
        able = provider.capabilities()
        needed = QgsVectorDataProvider.Capability.ChangeAttributeValues
        if layer.isSpatial():
            needed |= QgsVectorDataProvider.Capability.ChangeGeometries
        done = (able & needed) == needed and provider.changeAttributeValues(attributes)
        if layer.isSpatial():
            done = done and provider.changeGeometryValues(geometries)
    if not done:
        raise TeilhabeError(mark("The layer “{layer}” cannot be changed: its file is write-protected or open in "
                                 "another program. The decision is kept all the same and applies at the next run."),
                            layer=layer.name())
    layer.updateExtents()
    layer.triggerRepaint()


def refresh_style(layer: QgsVectorLayer, offers: OfferRows) -> bool:
    """Bring markers and counts of the legend up to the rows, unless the user has given the layer another look.

    Parameters
    ----------
    layer : QgsVectorLayer
    offers : OfferRows

    Returns
    -------
    bool
        Whether the look was made anew.
    """
    in_area = offers.names.get(IN_AREA, "")
    own = rule_counts(offers.frame.iloc[:0], np.zeros(0, bool), offers.names, in_area)
    shown = _rule_keys(layer)
    if not shown or not shown <= set(own):
        return False
    frame = read_frame(layer, with_ids=True)
    placed = {feature.id() for feature in layer.getFeatures(QgsFeatureRequest().setNoAttributes())
              if not feature.geometry().isNull()}
    show_markers(layer, frame, frame.index.isin(placed), offers.names, in_area)
    layer.triggerRepaint()
    return True


def _rule_keys(layer: QgsVectorLayer) -> set[str]:
    """Return the keys of the rules that a layer is shown by.

    No rule is held on to: QGIS deletes them with the renderer, and crashes when Python still knows one.
    """
    renderer = layer.renderer() if layer.isSpatial() else None
    return {item.ruleKey() for item in renderer.legendSymbolItems()} if isinstance(renderer, QgsRuleBasedRenderer) \
        else set()


def _plain(value):
    """Return a cell of the result's frame as a field takes it."""
    if value is None or value is pd.NA or value != value:
        return None
    return value.item() if hasattr(value, "item") else value


def _none(value):
    return None if value is None or value == NULL else value
