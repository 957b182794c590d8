"""Labels of a printed map: names where they fit, numbers with a key list where they do not."""
from __future__ import annotations

import re
import textwrap
import unicodedata
from dataclasses import dataclass, replace

from qgis.core import (
    NULL,
    QgsCoordinateTransform,
    QgsFeatureRequest,
    QgsGeometry,
    QgsRectangle,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtGui import QFont, QFontMetricsF

from .area_labels import KEY, NONE, NUMBER, WRAP_AFTER, LabelSpec, font_family

#: sizes of names in points, the largest that fits everywhere is taken
SIZES = (9, 8, 7)
#: part of a label that has to lie inside its area
INSIDE = 0.85
#: more numbers than this are no help to a reader
MOST_NUMBERS = 90
POINT = 25.4 / 72  # mm
LINE_SPACING = 1.16


@dataclass(frozen=True)
class PrintLabels:
    """What is written into the areas, and the list that explains the numbers."""

    spec: LabelSpec
    key_list: tuple[str, ...] = ()


@dataclass(frozen=True)
class Area:
    """An area's key, name and shape in the map's coordinates."""

    key: str
    name: str
    shape: QgsGeometry


def areas_of(layer: QgsVectorLayer, spec: LabelSpec, transform: QgsCoordinateTransform) -> list[Area]:
    """Return the areas that can be labelled."""
    fields = layer.fields()
    positions = [fields.lookupField(name) for name in (spec.key_field, spec.name_field)]
    request = QgsFeatureRequest()
    request.setSubsetOfAttributes([position for position in positions if position >= 0])
    found = []
    for feature in layer.getFeatures(request):
        shape = feature.geometry()
        if shape.isEmpty() or shape.type() != QgsWkbTypes.PolygonGeometry or not shape.area():
            continue
        shape.transform(transform)
        values = [feature[position] if position >= 0 else NULL for position in positions]
        found.append(Area(*("" if value == NULL else str(value) for value in values), shape))
    return found


def print_labels(areas: list[Area], spec: LabelSpec, millimetres: float, short_keys: bool,
                 districts_named: bool) -> PrintLabels:
    """Choose between names, numbers with a key list, and nothing.

    Parameters
    ----------
    areas : list of Area
    spec : LabelSpec
        What the user wants; only names are replaced by numbers.
    millimetres : float
        Millimetres on the page per map unit.
    short_keys : bool
        Whether the keys can stand as numbers themselves.
    districts_named : bool
        Whether another layer already names parts of the city.
    """
    if spec.kind == NONE or not areas:
        return PrintLabels(replace(spec, kind=NONE))
    if spec.kind in (KEY, NUMBER):
        numbers = _numbers(areas, short_keys or spec.kind == KEY)
        listed = spec.name_field and len(areas) <= MOST_NUMBERS
        return PrintLabels(replace(spec, everywhere=True), _key_list(areas, numbers) if listed else ())
    if not spec.name_field:
        return PrintLabels(replace(spec, kind=NONE))
    for size in SIZES:
        narrow = [area for area in areas if not fits(area.shape, area.name, size, millimetres)]
        if not narrow:
            return PrintLabels(replace(spec, size=size, everywhere=True))
    spec = replace(spec, size=SIZES[-1])
    if spec.key_field and len(narrow) <= MOST_NUMBERS:
        numbers = _numbers(narrow, short_keys)
        return PrintLabels(replace(spec, everywhere=True, numbers=tuple(numbers.items())), _key_list(narrow, numbers))
    return PrintLabels(replace(spec, kind=NONE) if districts_named else spec)


def fits(shape: QgsGeometry, text: str, size: float, millimetres: float) -> bool:
    """Say whether a label of so many points lies in its area, centred where the area is widest."""
    width, height = text_size(text, size)
    width, height = width / millimetres, height / millimetres
    box = shape.boundingBox()
    if not text:
        return True
    if box.width() < width * INSIDE or box.height() < height * INSIDE:
        return False
    centres = [shape.poleOfInaccessibility(max(box.width(), box.height()) / 50)[0], shape.pointOnSurface()]
    for centre in centres:
        at = centre.asPoint()
        label = QgsGeometry.fromRect(QgsRectangle.fromCenterAndSize(at, width, height))
        if label.intersection(shape).area() >= INSIDE * label.area():
            return True
    return False


def text_size(text: str, size: float) -> tuple[float, float]:
    """Return width and height in mm of a label, broken as the map breaks it."""
    lines = textwrap.wrap(text, WRAP_AFTER, break_long_words=False, break_on_hyphens=False) or [""]
    return max(text_width(line, size) for line in lines), len(lines) * size * POINT * LINE_SPACING


def text_width(text: str, size: float, bold: bool = False) -> float:
    """Return the width in mm of a line in the map's font."""
    font = QFont(font_family())
    font.setPixelSize(100)
    font.setBold(bold)
    return QFontMetricsF(font).horizontalAdvance(text) / 100 * size * POINT


def columns_of(lines: tuple[str, ...], count: int) -> list[str]:
    """Return a list set in columns of about equal length."""
    length = -(-len(lines) // count)
    return ["\n".join(lines[start:start + length]) for start in range(0, len(lines), length)]


def _numbers(areas: list[Area], keys_themselves: bool) -> dict[str, str]:
    """Return key → number, in the order of the names so that the list can be read by name and by number."""
    if keys_themselves:
        return {area.key: area.key for area in sorted(areas, key=lambda area: area.key)}
    ordered = sorted(areas, key=lambda area: (_name_order(area.name), area.key))
    return {area.key: str(number) for number, area in enumerate(ordered, 1)}


def _name_order(name: str) -> list:
    """Return a name's place in a list as a German reader expects it: Ä beside A, 9 before 10."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(each for each in plain if not unicodedata.combining(each))
    return [(part.isdigit(), int(part) if part.isdigit() else part) for part in re.split(r"(\d+)", letters) if part]


def _key_list(areas: list[Area], numbers: dict[str, str]) -> tuple[str, ...]:
    names = {area.key: area.name for area in areas}
    return tuple(f"{number}  {names[key]}" for key, number in numbers.items())
