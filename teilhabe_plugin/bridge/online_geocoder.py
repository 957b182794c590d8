"""Rows that no register knows, asked of an online service – only where the user has switched it on for this run."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Callable

import numpy as np
from qgis.core import QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsCsException, QgsPointXY, QgsRectangle

from ..core.addresses.grades import NONE
from ..core.addresses.online_hits import Asked, OnlineHit, asked_of
from ..core.addresses.parsed import ADDRESS, ParsedAddresses
from ..core.messages import Message, mark
from .online_service import BKG, NOMINATIM, PROTOCOLS, OnlineClient, OnlineService, Stopped, Unanswered

__all__ = ["BKG", "NOMINATIM", "PROTOCOLS", "OnlineService", "OnlinePlaces", "ask_online", "inside_rectangle",
           "notice_of", "rows_to_ask"]

#: so many addresses in a row without an answer, and the service is given up
_GIVE_UP_AFTER = 3


@dataclass(frozen=True, eq=False)
class OnlinePlaces:
    """What a service gave for some rows of a list; entry ``i`` of every array belongs to ``rows[i]``.

    Attributes
    ----------
    rows : ndarray of int
        Rows of the list that got a place.
    x, y : ndarray of float
        In the reference system asked for.
    grade, radius, found : ndarray
        `grades.INTERPOLATED` for a house, `grades.STREET` for a street; never surer. Metres; the service's words.
    note : Message
        Said at each of these rows.
    reasons : dict
        Row → why the service's answer was not taken.
    notes : tuple of Message
        What concerns the whole run: how many were asked and found, why the service was given up.
    """

    rows: np.ndarray
    x: np.ndarray
    y: np.ndarray
    grade: np.ndarray
    radius: np.ndarray
    found: np.ndarray
    note: Message
    reasons: dict
    notes: tuple[Message, ...]


def rows_to_ask(parsed: ParsedAddresses, wanted: np.ndarray) -> np.ndarray:
    """Return which of the wanted rows (bool) can be asked: those that name a street."""
    return np.array([row for row in np.flatnonzero(np.asarray(wanted) & (parsed.kind == ADDRESS))
                     if asked_of(parsed, row) is not None], dtype=np.int64)


def notice_of(service: OnlineService, parsed: ParsedAddresses, rows: np.ndarray, place: str = "") -> tuple:
    """Return what the user is told before anything is sent: a tuple of `Message`."""
    different = len({asked_of(parsed, row, place) for row in rows})
    told = [Message(mark("{n} addresses are sent to {host}, one at a time: street, house number, postcode and place. "
                         "Names and all other columns are not sent."), n=different, host=service.host)]
    if not service.is_encrypted:
        told.append(Message(mark("The connection to {host} is not encrypted."), host=service.host))
    return tuple(told)


def inside_rectangle(rectangle: QgsRectangle) -> Callable:
    """Return the test whether points lie in a rectangle, for `ask_online`."""
    return lambda x, y: ((x >= rectangle.xMinimum()) & (x <= rectangle.xMaximum())
                         & (y >= rectangle.yMinimum()) & (y <= rectangle.yMaximum()))


def ask_online(
    parsed: ParsedAddresses,
    rows: np.ndarray,
    service: OnlineService,
    crs: QgsCoordinateReferenceSystem,
    transform_context,
    feedback,
    *,
    place: str = "",
    inside: Callable | None = None,
    progress: Callable[[float], None] | None = None,
) -> OnlinePlaces:
    """Ask a service for rows of a list; the same address is asked once.

    Parameters
    ----------
    parsed : ParsedAddresses
    rows : ndarray of int
        `rows_to_ask`.
    service : OnlineService
    crs : QgsCoordinateReferenceSystem
        Reference system of the result.
    transform_context : QgsCoordinateTransformContext
    feedback : QgsFeedback
        Cancels between the requests.
    place : str
        Municipality of rows that name none.
    inside : callable, optional
        ``inside(x, y)`` → bool array: whether points in `crs` lie where the offers can be. What does not is not taken.
    progress : callable, optional
        Takes 0…100.

    Raises
    ------
    TeilhabeError
        When the service is not described completely.
    Cancelled
        When the user gives up.
    """
    client = OnlineClient(service, feedback)
    questions: dict[Asked, list[int]] = {}
    for row in rows:
        asked = asked_of(parsed, row, place)
        if asked is not None:
            questions.setdefault(asked, []).append(int(row))
    hits, stopped, silent = {}, None, 0
    for count, asked in enumerate(questions):
        try:
            hits[asked], silent = client.ask(asked), 0
        except Unanswered as problem:
            hits[asked], silent = OnlineHit(reason=problem.message), silent + 1
            stopped = problem.message if silent >= _GIVE_UP_AFTER else None
        except Stopped as problem:
            stopped = problem.message
        if stopped is not None:
            break
        if progress is not None:
            progress(100 * (count + 1) / len(questions))
    return _places(questions, hits, stopped, service, crs, transform_context, inside)


def _places(questions, hits, stopped, service, crs, transform_context, inside) -> OnlinePlaces:
    rows, taken, reasons, moves = [], [], {}, {}
    for asked, hit in hits.items():
        point, reason = None, hit.reason
        if hit.grade != NONE:
            point = _moved(hit, crs, transform_context, moves)
            if point is None or not _lies_inside(point, inside):
                point, reason = None, Message(mark("The online service’s place lies outside the areas: “{text}”."),
                                              text=hit.text[:200])
        for row in questions[asked]:
            if point is None:
                reasons[row] = reason
            else:
                rows.append(row)
                taken.append((*point, hit.grade, hit.radius, hit.text[:250]))
    order = np.argsort(rows, kind="stable").astype(np.int64)
    x, y, grade, radius, found = zip(*taken) if taken else ((),) * 5
    return OnlinePlaces(
        rows=np.array(rows, dtype=np.int64)[order], x=np.array(x, dtype=float)[order],
        y=np.array(y, dtype=float)[order], grade=np.array(grade, dtype=np.int8)[order],
        radius=np.array(radius, dtype=float)[order], found=np.array(found, dtype=object)[order],
        note=Message(mark("Place from the online service {host}; check it."), host=service.host), reasons=reasons,
        notes=_notes(questions, hits, stopped, len(rows), service))


def _lies_inside(point, inside) -> bool:
    return inside is None or bool(np.asarray(inside(np.array([point[0]]), np.array([point[1]])))[0])


def _notes(questions, hits, stopped, found, service) -> tuple[Message, ...]:
    notes = [Message(mark("Online service {host}: {asked} addresses asked, {found} rows got a place."),
                     host=service.host, asked=len(hits), found=found)]
    if stopped is not None:
        notes.append(stopped)
        left = len(questions) - len(hits)
        if left:
            notes.append(Message(mark("{n} addresses were not asked any more."), n=left))
    return tuple(notes)


def _moved(hit: OnlineHit, crs, transform_context, moves: dict):
    if hit.crs not in moves:
        source = QgsCoordinateReferenceSystem(hit.crs)
        moves[hit.crs] = QgsCoordinateTransform(source, crs, transform_context) if crs.isValid() else None
    transform = moves[hit.crs]
    try:
        point = QgsPointXY(hit.x, hit.y)
        point = point if transform is None else transform.transform(point)
    except QgsCsException:
        return None
    return (point.x(), point.y()) if np.isfinite(point.x()) and np.isfinite(point.y()) else None
