"""The classes of an index, brought to the areas of another analysis."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from qgis.core import QgsVectorLayer

from ..core.classes import ClassSet
from ..core.messages import Message, TeilhabeError, mark
from .area_layer import guess_key_field
from .class_sets import choose_class_set, class_set_from_fields, stored_class_sets, whole
from .frames import read_frame
from .supply_inputs import SupplyAreas


@dataclass(frozen=True, eq=False)
class IndexClasses:
    """Which class of an index each area has.

    Attributes
    ----------
    class_set : ClassSet
    position : ndarray of int, shape (a,)
        Place of the class from the favourable (0) to the unfavourable end, -1 for none.
    names : tuple of str
        Names of the classes from the favourable to the unfavourable end.
    notes : tuple of Message
    """

    class_set: ClassSet
    position: np.ndarray
    names: tuple[str, ...]
    notes: tuple[Message, ...] = ()


def read_index_classes(layer: QgsVectorLayer, areas: SupplyAreas, key_field: str = "", class_field: str = "",
                       feedback=None) -> IndexClasses:
    """Return the class of every area.

    Parameters
    ----------
    layer : QgsVectorLayer
        Result of `computeindex`, or any layer or table with a class per area.
    areas : SupplyAreas
    key_field : str
        "" takes the field called as that of the areas, else the one whose keys fit.
    class_field : str
        "" takes the first classes that are stored with the layer.

    Raises
    ------
    TeilhabeError
        When the layer has no classes or none of its keys is that of an area.
    """
    class_set = _class_set(layer, class_field)
    frame = read_frame(layer, feedback=feedback)
    key = key_field or (areas.key_field if areas.key_field in frame else guess_key_field(frame))
    if key not in frame:
        raise TeilhabeError(mark("The layer “{layer}” has no field “{field}”."), layer=layer.name(), field=key or "–")
    values = dict(zip(frame[key].astype(str), frame[class_set.column]))
    order = {each.value: place for place, each in enumerate(class_set.classes)}
    position = np.array([order.get(whole(values.get(area)), -1) for area in areas.areas.keys])
    if (position < 0).all():
        raise TeilhabeError(mark("None of the areas has a class in “{layer}”. Check its field “{field}” with the area "
                                 "key."), layer=layer.name(), field=key)
    names = [each.name for each in class_set.classes]
    if class_set.unfavourable == "first":
        position, names = np.where(position < 0, -1, len(names) - 1 - position), names[::-1]
    missing = int((position < 0).sum())
    notes = (Message(mark("{count} areas have no class in “{layer}”; they stand in no class."), count=missing,
                     layer=layer.name()),) if missing else ()
    return IndexClasses(class_set, position, tuple(names), notes)


def _class_set(layer: QgsVectorLayer, field: str) -> ClassSet:
    if not field:
        return choose_class_set(layer)
    known = next((each for each in stored_class_sets(layer) if each.column == field), None)
    return known or class_set_from_fields(layer, field)
