"""The online step of a run: rows that no register knows, only where the user switched a service on for this run."""
from __future__ import annotations

from dataclasses import replace

import numpy as np
from qgis.core import QgsCoordinateReferenceSystem, QgsRectangle

from ..core.addresses.geocoding import Geocoded, with_online_places
from ..core.addresses.grades import NONE
from ..core.messages import Message
from ..translation import render
from .feedback import progress_of, push
from .online_geocoder import OnlineService, ask_online, inside_rectangle, notice_of, rows_to_ask
from .online_service import OnlineClient

#: reference system of the result where neither areas nor registers have one
_CRS = "EPSG:25832"
#: so much of its width and height the registers' and areas' extent is widened by
_MARGIN = 0.1


def locate_online(
    geocoded: Geocoded, service: OnlineService, crs: QgsCoordinateReferenceSystem, extent: QgsRectangle | None,
    place: str, transform_context, feedback,
) -> tuple[Geocoded, QgsCoordinateReferenceSystem, str, tuple[Message, ...]]:
    """Ask a service for the rows that are not located; those decided by hand are not asked.

    Parameters
    ----------
    geocoded : Geocoded
    service : OnlineService
    crs : QgsCoordinateReferenceSystem
        Of the result; an invalid one where nothing has coordinates.
    extent : QgsRectangle, optional
        Of the areas, in `crs`: places outside are not taken. Without it the extent of what is located.
    place : str
        Municipality of rows that name none.
    transform_context, feedback
        As Processing hands them over.

    Returns
    -------
    Geocoded
    QgsCoordinateReferenceSystem
    str
        What was sent and to whom, for the report; "" when nothing was.
    tuple of Message
    """
    if not crs.isValid():
        crs = QgsCoordinateReferenceSystem(_CRS)
    OnlineClient(service, feedback)  # before anybody is told what is sent: can it be asked at all?
    rows = rows_to_ask(geocoded.parsed, (geocoded.located.grade == NONE) & ~geocoded.by_hand)
    if not len(rows):
        return geocoded, crs, "", ()
    told = notice_of(service, geocoded.parsed, rows, place)
    push(feedback, told, warning=True)
    extent = extent or _extent(geocoded)
    places = ask_online(
        geocoded.parsed, rows, service, crs, transform_context, feedback, place=place,
        inside=inside_rectangle(_wider(extent)) if extent is not None else None, progress=progress_of(feedback, 70, 75))
    geocoded = _with_reasons(geocoded, places.reasons)
    if len(places.rows):
        geocoded = with_online_places(geocoded, places.rows, places.x, places.y, places.found, places.grade,
                                      places.radius, places.note)
    return geocoded, crs, " ".join(render(message) for message in (*told, *places.notes)), places.notes


def _with_reasons(geocoded: Geocoded, reasons: dict) -> Geocoded:
    messages = geocoded.located.messages.copy()
    for row, reason in reasons.items():
        if reason is not None:
            messages[row] = (*messages[row], reason)
    return replace(geocoded, located=replace(geocoded.located, messages=messages))


def _extent(geocoded: Geocoded) -> QgsRectangle | None:
    x, y = geocoded.located.x, geocoded.located.y
    there = np.isfinite(x) & np.isfinite(y)
    if there.sum() < 2:
        return None
    return QgsRectangle(float(x[there].min()), float(y[there].min()), float(x[there].max()), float(y[there].max()))


def _wider(extent: QgsRectangle) -> QgsRectangle:
    margin = _MARGIN * max(extent.width(), extent.height())
    return extent.buffered(margin)
