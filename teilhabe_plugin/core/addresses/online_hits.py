"""What an online geocoder answers, held against what it was asked: never surer than “between the neighbours”."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from ..messages import Message, mark
from .grades import INTERPOLATED, NONE, STREET
from .house_numbers import fold_suffix, read_house_number
from .register import NONE as NOT_GIVEN
from .street_names import compact, fold_place, normal_street

#: metres around the house that a service names; whether that is the house itself it does not say
HOUSE_RADIUS = 50.0
STREET_RADIUS = 500.0
#: hits that are farther apart than this many metres are different places
_HOUSES_APART, _STREETS_APART = 150.0, 2000.0
_METRES_PER_DEGREE = 111_320.0
_ROADS = ("road", "pedestrian", "square", "residential", "footway", "path", "cycleway", "street")
_PLACES = ("city", "town", "village", "municipality", "hamlet", "city_district", "district", "borough", "suburb",
           "quarter", "neighbourhood", "county")


@dataclass(frozen=True)
class Asked:
    """The parts of an address that are sent to a service; nothing else ever is."""

    street: str
    number: str = ""
    postcode: str = ""
    place: str = ""

    @property
    def line(self) -> str:
        """Street and number."""
        return f"{self.street} {self.number}".strip()

    @property
    def text(self) -> str:
        """The address in one line."""
        return ", ".join(filter(None, (self.line, f"{self.postcode} {self.place}".strip())))


@dataclass(frozen=True)
class OnlineHit:
    """Where a service puts an address.

    Attributes
    ----------
    grade : int
        `grades.INTERPOLATED` for a house, `grades.STREET`, or `grades.NONE`.
    x, y : float
        In `crs`, NaN without.
    crs : str
    text : str
        The place as the service calls it.
    radius : float
        Metres.
    reason : Message or None
        Why an answer was not taken.
    """

    grade: int = NONE
    x: float = math.nan
    y: float = math.nan
    crs: str = ""
    text: str = ""
    radius: float = math.nan
    reason: Message | None = None


@dataclass(frozen=True)
class _Place:
    x: float
    y: float
    text: str
    street: str
    number: str
    postcode: str
    places: tuple = ()
    radius: float = STREET_RADIUS
    crs: str = field(default="EPSG:4326")


def asked_of(parsed, row: int, place: str = "") -> Asked | None:
    """Return what may be sent of a row, None when it names no street; `place` stands in where it names none."""
    street = str(parsed.street[row]).strip()
    if not street or street.isdigit():
        return None
    number, suffix = int(parsed.number[row]), str(parsed.suffix[row])
    between = " " if "/" in suffix else "/" if suffix[:1].isdigit() else ""
    postcode = int(parsed.postcode[row])
    return Asked(street, "" if number == NOT_GIVEN else f"{number}{between}{suffix}",
                 "" if postcode == NOT_GIVEN else f"{postcode:05d}", str(parsed.place_text[row]).strip() or place)


def nominatim_hit(answer, asked: Asked) -> OnlineHit:
    """Return the hit in the answer of a Nominatim-compatible service (``format=jsonv2``, ``addressdetails=1``).

    Raises
    ------
    ValueError
        When it is no such answer.
    """
    if not isinstance(answer, list):
        raise ValueError("no list")
    return _hit([_nominatim_place(each) for each in answer], asked)


def bkg_hit(answer, asked: Asked, crs: str) -> OnlineHit:
    """Return the hit in the answer of the geocoding service of the German federal agency BKG (GeoJSON)."""
    if not isinstance(answer, dict) or not isinstance(answer.get("features"), list):
        raise ValueError("no feature collection")
    return _hit([place for place in (_bkg_place(each, crs) for each in answer["features"]) if place], asked)


def _nominatim_place(entry) -> _Place:
    try:
        parts = entry.get("address") or {}
        x, y = float(entry["lon"]), float(entry["lat"])
        street = next((str(parts[name]) for name in _ROADS if parts.get(name)), "")
        box = [float(value) for value in entry.get("boundingbox") or ()]
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValueError("no place") from error
    radius = _apart((box[2], box[0]), (box[3], box[1]), "EPSG:4326") / 2 if len(box) == 4 else STREET_RADIUS
    places = tuple(str(parts[name]) for name in _PLACES if parts.get(name))
    return _Place(x, y, str(entry.get("display_name", "")), street, str(parts.get("house_number", "")),
                  str(parts.get("postcode", "")), places, radius)


def _bkg_place(feature, crs: str) -> _Place | None:
    try:
        parts, geometry = feature["properties"], feature["geometry"]
        if geometry["type"] != "Point":
            return None
        x, y = (float(value) for value in geometry["coordinates"][:2])
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise ValueError("no feature") from error
    if str(parts.get("typ", "")).casefold() not in ("haus", "strasse", "straße"):
        return None

    def part(name):
        return str(parts.get(name) or "")

    number = part("haus") if part("typ").casefold() == "haus" else ""
    places = tuple(filter(None, map(part, ("ort", "ortsteil", "gemeinde", "verwgem"))))
    return _Place(x, y, part("text"), part("strasse"), number, part("plz"), places, STREET_RADIUS, crs)


def _hit(places: list[_Place], asked: Asked) -> OnlineHit:
    """Return the one place that fits what was asked; the service's own order counts among equals."""
    if not places:
        return OnlineHit(reason=Message(mark("The online service does not know the address.")))
    fitting, refused = [], None
    for place in places:
        problem = _contradiction(place, asked)
        refused = refused or problem
        if problem is None:
            fitting.append(place)
    if not fitting:
        return OnlineHit(reason=refused)
    houses = [place for place in fitting if asked.number and _same_number(place.number, asked.number)]
    if houses:
        return _one(houses, INTERPOLATED, _HOUSES_APART, HOUSE_RADIUS)
    roads = [place for place in fitting if not place.number] or fitting
    return _one(roads, STREET, _STREETS_APART, max(STREET_RADIUS, *(place.radius for place in roads)))


def _one(places: list[_Place], grade: int, most_apart: float, radius: float) -> OnlineHit:
    first = places[0]
    apart = max(_apart((first.x, first.y), (other.x, other.y), first.crs) for other in places)
    if not apart <= most_apart:
        return OnlineHit(reason=Message(mark("The online service knows several such addresses; add the postcode.")))
    return OnlineHit(grade, first.x, first.y, first.crs, first.text, max(radius, apart))


def _contradiction(place: _Place, asked: Asked) -> Message | None:
    if not (math.isfinite(place.x) and math.isfinite(place.y)):
        return Message(mark("The online service gives no coordinates."))
    if compact(normal_street(place.street)) != compact(normal_street(asked.street)):
        return Message(mark("The online service found another street: “{text}”."), text=place.text[:200])
    if asked.postcode and place.postcode and asked.postcode not in place.postcode:
        return Message(mark("The online service found another postcode: “{text}”."), text=place.text[:200])
    wanted = fold_place(asked.place)
    known = [fold_place(name) for name in place.places]
    if wanted and known and not any(name.startswith(wanted) or wanted.startswith(name) for name in known if name):
        return Message(mark("The online service found another place: “{text}”."), text=place.text[:200])
    return None


def _same_number(found: str, asked: str) -> bool:
    here, there = read_house_number(found), read_house_number(asked)
    return (here.number == there.number != NOT_GIVEN and not here.more
            and fold_suffix(here.suffix) == fold_suffix(there.suffix))


def _apart(first, second, crs: str) -> float:
    """Return the metres between two points of a geographic (EPSG:4326) or projected system."""
    east, north = second[0] - first[0], second[1] - first[1]
    if crs == "EPSG:4326":
        east, north = east * _METRES_PER_DEGREE * math.cos(math.radians(first[1])), north * _METRES_PER_DEGREE
    return math.hypot(east, north)
