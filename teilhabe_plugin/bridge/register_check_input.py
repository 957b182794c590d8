"""What a register is compared with: areas and a list of streets."""

from __future__ import annotations

from qgis.core import QgsCoordinateReferenceSystem, QgsVectorLayer

from ..core.addresses.register import AddressRegister
from ..core.addresses.register_columns import guess_register_columns
from ..core.messages import TeilhabeError, mark
from .boundary_layers import check_places, read_shapes
from .frames import read_frame


def check_areas(layer: QgsVectorLayer, key: str, register: AddressRegister, context, feedback) -> tuple[list, list]:
    """Return keys and polygons of the area layer, in the register's reference system."""
    if not key:
        raise TeilhabeError(mark("Choose the field with the area key."))
    keys = ["" if value is None or value != value else str(value)
            for value in read_frame(layer, [key], feedback=feedback)[key].tolist()]
    if not register.has_coordinates:
        return keys, [None] * len(keys)
    check_places([layer])
    return keys, read_shapes(layer, QgsCoordinateReferenceSystem(register.crs), context, feedback)


def street_names(layer: QgsVectorLayer, field: str, feedback) -> list:
    """Return the street names of a list.

    Raises
    ------
    TeilhabeError
        When the field with the names is not given and cannot be told.
    """
    if not field:
        sample = read_frame(layer, feedback=feedback).head(200)
        field = guess_register_columns(list(sample), sample).get("street", "")
    if not field:
        raise TeilhabeError(mark("The field with the street names was not found in “{layer}”. Choose it."),
                            layer=layer.name())
    return read_frame(layer, [field], feedback=feedback)[field].tolist()
