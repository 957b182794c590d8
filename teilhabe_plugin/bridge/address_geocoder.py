"""The address registers as one of QGIS's geocoders: offline, for the locator bar and for batch geocoding."""
from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFields,
    QgsGeocoderInterface,
    QgsGeocoderResult,
    QgsGeometry,
    QgsPointXY,
    QgsRectangle,
    QgsWkbTypes,
)

from ..core.addresses.address_columns import AddressColumns
from ..core.addresses.address_parsing import parse_addresses
from ..core.addresses.geocoding import FIELDS
from ..core.addresses.grades import GRADES, NONE
from ..core.addresses.matching import MatchSettings, locate
from ..core.addresses.register import AddressRegister
from ..core.addresses.synonyms import NO_SYNONYMS, Synonyms
from ..core.addresses.vocabulary import vocabulary_of
from ..core.messages import Message
from ..translation import render
from .fields import make_field

#: which of the result's fields a batch gets beside its points
NAMES = ("adr_stufe", "adr_guete", "adr_punkte", "adr_abstand", "adr_gefunden", "adr_register", "adr_radius",
         "adr_gebiet", "adr_hinweis")
#: a map that shows one result shows at least so many metres around it
_AROUND = 150.0
_COLUMNS = AddressColumns(address="address")


class RegisterGeocoder(QgsGeocoderInterface):
    """Geocodes a text by address registers, with the same steps and the same caution as a whole list.

    A text has one result or none: ties, other places and numbers that the register lacks are not guessed. Addresses
    of a register without coordinates give no result.

    Parameters
    ----------
    registers : sequence of AddressRegister
        Asked one after the other; only read, so that several threads may ask at once.
    synonyms : Synonyms
        Former street names.
    settings : MatchSettings
    """

    def __init__(self, registers: Sequence[AddressRegister], synonyms: Synonyms = NO_SYNONYMS,
                 settings: MatchSettings | None = None):
        super().__init__()
        self.registers, self.synonyms, self.settings = list(registers), synonyms, settings or MatchSettings()
        self.vocabulary = vocabulary_of(self.registers)

    def flags(self):
        return QgsGeocoderInterface.Flag.GeocodesStrings

    def wkbType(self):
        return QgsWkbTypes.Point

    def appendedFields(self):
        fields = QgsFields()
        for name in NAMES:
            fields.append(make_field(name, FIELDS[name]))
        return fields

    def geocodeString(self, string, context, feedback=None):
        text = (string or "").strip()
        if not text or not self.registers:
            return []
        frame = pd.DataFrame({"address": [text]}, dtype=object)
        located = locate(parse_addresses(frame, _COLUMNS, self.vocabulary), self.registers, self.synonyms,
                         self.settings)
        if located.grade[0] == NONE or not np.isfinite(located.x[0]) or located.register[0] < 0:
            return []
        register = self.registers[located.register[0]]
        point = QgsPointXY(float(located.x[0]), float(located.y[0]))
        crs = QgsCoordinateReferenceSystem(register.crs)
        found = QgsGeocoderResult(str(located.found[0]), QgsGeometry.fromPointXY(point), crs)
        grade = int(located.grade[0])
        title = render(Message(GRADES[grade][1]))
        radius = float(located.radius[0]) if np.isfinite(located.radius[0]) else None
        found.setDescription(title)
        found.setGroup(register.title)
        found.setAdditionalAttributes({
            "adr_stufe": grade, "adr_guete": title, "adr_punkte": round(float(located.score[0]), 1),
            "adr_abstand": round(float(located.margin[0]), 1), "adr_gefunden": str(located.found[0]),
            "adr_register": register.title, "adr_radius": radius, "adr_gebiet": str(located.area[0]) or None,
            "adr_hinweis": " ".join(render(message) for message in located.messages[0]) or None,
        })
        if not crs.isGeographic():
            seen = max(radius or 0.0, _AROUND)
            found.setViewport(QgsRectangle(point.x() - seen, point.y() - seen, point.x() + seen, point.y() + seen))
        return [found]
