"""Addresses of the project's registers in QGIS's locator bar: type “Ackerstr 1” and jump there."""
from __future__ import annotations

import json

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsGeometry,
    QgsLocatorFilter,
    QgsLocatorResult,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
)
from qgis.PyQt.QtGui import QIcon

from .. import paths
from ..translation import tr
from .address_registers import RegisterShelf
from .map_mark import MapMark

PREFIX = "adr"
#: results offered at most
MOST = 10
#: a search without the prefix begins with so many characters, one of them a letter
_SHORTEST = 4
#: the map shows a house at this scale, or stays when it is nearer
HOUSE_SCALE = 2000.0
_STREET_MARGIN = 1.3


class AddressLocator(QgsLocatorFilter):
    """Finds addresses while typing.

    QGIS clones the filter for every search; the clone is prepared in the main thread and searches in another. All
    clones share the shelf of registers.

    Parameters
    ----------
    iface : QgisInterface
    shelf : RegisterShelf, optional
        Of the filter that this one is a clone of.
    """

    def __init__(self, iface, shelf: RegisterShelf | None = None):
        super().__init__()
        self.iface, self.shelf = iface, shelf or RegisterShelf()
        self.mark, self.icon = None, QIcon(str(paths.resource("icons", "geocode.svg")))
        self.has_registers, self.wanted = False, False

    def name(self):
        return "teilhabe_addresses"

    def displayName(self):
        return tr("Addresses (Teilhabe)")

    def description(self):
        return tr("Jumps to an address of the project’s address register")

    def prefix(self):
        return PREFIX

    def priority(self):
        return QgsLocatorFilter.Priority.Medium

    def clone(self):
        return AddressLocator(self.iface, self.shelf)

    def prepare(self, string, context):
        text = string.strip()
        enough = len(text) >= _SHORTEST and any(letter.isalpha() for letter in text)
        self.wanted = bool(text) if context.usingPrefix else enough
        self.has_registers = self.wanted and self.shelf.look()
        return []

    def fetchResults(self, string, context, feedback):
        if not self.wanted:
            return
        if not self.has_registers:
            if context.usingPrefix:
                self._tell(tr("The project has no address register"), tr("“Locate offers …” asks for it."))
            return
        registers = self.shelf.wait(feedback.isCanceled)
        if feedback.isCanceled():
            return
        if self.shelf.fault:
            if context.usingPrefix:
                self._tell(tr("The address register cannot be read"), self.shelf.fault)
            return
        from ..core.addresses.suggest import suggest

        for place, candidate in enumerate(suggest(string.strip(), registers, MOST)):
            if feedback.isCanceled():
                return
            self.resultFetched.emit(self._result(candidate, registers[candidate.register], place, len(registers) > 1))

    def triggerResult(self, result):
        if not result.userData:  # a hint, no address
            return
        found = json.loads(result.userData)
        crs = QgsCoordinateReferenceSystem(found["crs"])
        if found["x"] is None:
            self._show_area(found)
            return
        shape = QgsGeometry.fromPointXY(QgsPointXY(found["x"], found["y"]))
        box = QgsRectangle(*found["box"]) if found["box"] else None
        self._show(shape, crs, box)

    def close(self):
        """Let go of registers and of what is marked in the map."""
        self.shelf.close()
        if self.mark is not None:
            self.mark.remove()

    def _tell(self, text, description):
        result = QgsLocatorResult(self, text, "")
        result.description = description
        result.icon = self.icon
        self.resultFetched.emit(result)

    def _result(self, candidate, register, place, several):
        known = candidate.x == candidate.x
        # as text: dictionaries with gaps are not safe inside QGIS's results
        result = QgsLocatorResult(self, candidate.text, json.dumps({
            "text": candidate.text, "crs": register.crs, "area": str(candidate.area),
            "x": float(candidate.x) if known else None, "y": float(candidate.y) if known else None,
            "box": _street_box(register, candidate) if candidate.address < 0 else None,
        }))
        told = [tr("area {area}", area=candidate.area)] if candidate.area else []
        result.description = " · ".join(told + ([register.title] if several else []))
        result.score = 1 - place / 100  # in the order in which they were suggested
        result.icon = self.icon
        return result

    def _show(self, shape: QgsGeometry, crs: QgsCoordinateReferenceSystem, box: QgsRectangle | None):
        """Move the map to a point, or so that a box is seen, and mark the shape."""
        canvas = self.iface.mapCanvas()
        shape, target = QgsGeometry(shape), canvas.mapSettings().destinationCrs()
        try:
            if crs.isValid() and target.isValid():
                transform = QgsCoordinateTransform(crs, target, QgsProject.instance())
                shape.transform(transform)
                box = transform.transformBoundingBox(box) if box is not None else None
        except QgsCsException:
            self._warn(tr("The address cannot be shown in the map’s reference system {crs}.", crs=target.authid()))
            return
        if box is not None and max(box.width(), box.height()) > 0:
            box.scale(_STREET_MARGIN)
            canvas.setExtent(box)
            if canvas.scale() < HOUSE_SCALE:
                canvas.zoomScale(HOUSE_SCALE)
        else:
            canvas.setCenter(shape.boundingBox().center())
            if canvas.scale() > HOUSE_SCALE:
                canvas.zoomScale(HOUSE_SCALE)
        canvas.refresh()
        self.mark = self.mark or MapMark(canvas)
        self.mark.show(shape)

    def _show_area(self, found):
        from ..bridge.area_lookup import area_shape

        shape, crs = area_shape(QgsProject.instance(), found["area"]) if found["area"] else (None, None)
        if shape is None:
            self._warn(tr("{address}: the register has no coordinates, and area {area} is in no area layer of the "
                          "project.", address=found["text"], area=found["area"] or "–"))
            return
        self._show(shape, crs, shape.boundingBox())

    def _warn(self, text):
        self.iface.messageBar().pushWarning("Teilhabe", text)


def _street_box(register, candidate):
    """Return the bounds of a street's addresses, None when it has no coordinates."""
    first, last = register.street_starts[candidate.street], register.street_starts[candidate.street + 1]
    x, y = register.x[first:last], register.y[first:last]
    x, y = x[x == x], y[y == y]
    return (float(x.min()), float(y.min()), float(x.max()), float(y.max())) if len(x) else None

