"""Which classes a layer holds: as they were stored by the computation, or read off its columns."""
from __future__ import annotations

import json
import re

from qgis.core import NULL, QgsFeatureRequest, QgsVectorLayer

from ..core.classes import ClassDef, ClassSet
from ..core.messages import TeilhabeError, mark
from .class_colours import colours_for
from .project import CLASSES, PROVENANCE, ROLE, class_sets_of, provenance_of

#: more distinct values than this are no classes
MOST_CLASSES = 30

_KEY_NAMES = re.compile(r"(^|_)(id|key|nr|schluessel|schlüssel|code|kennung|raumid)$", re.IGNORECASE)
_NAME_NAMES = re.compile(r"(^|_)(name|bezeichnung|gebietsname|bez_name)$", re.IGNORECASE)


def stored_class_sets(layer: QgsVectorLayer) -> list[ClassSet]:
    """Return the class sets stored with the layer, [] when there are none.

    Raises
    ------
    TeilhabeError
        When what is stored is no class set, perhaps because another version of the plugin wrote it.
    """
    try:
        return [ClassSet.from_dict(values) for values in class_sets_of(layer)]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise TeilhabeError(
            mark("The classes stored with the layer “{layer}” cannot be read; another version of the plugin may have "
                 "written them. Compute the index again."),
            layer=layer.name(),
        ) from error


def choose_class_set(layer: QgsVectorLayer, chosen: str = "") -> ClassSet:
    """Return the stored class set with this id, the first when none is named.

    Raises
    ------
    TeilhabeError
        When the layer holds no classes or not the chosen ones, or when a column of them is gone.
    """
    if not class_sets_of(layer):
        _recall(layer)
    class_sets = stored_class_sets(layer)
    if not class_sets:
        raise TeilhabeError(
            mark("The layer “{layer}” holds no computed classes. Choose a class field, or compute an index first."),
            layer=layer.name(),
        )
    found = next((each for each in class_sets if not chosen or each.id == chosen), None)
    if found is None:
        raise TeilhabeError(
            mark("The layer “{layer}” has no classes “{chosen}”. It has: {known}."),
            layer=layer.name(), chosen=chosen, known=", ".join(each.id for each in class_sets),
        )
    require_field(layer, found.column)
    return found


def class_set_from_fields(layer: QgsVectorLayer, class_field: str, name_field: str = "", palette: str = "",
                          reverse: bool = False) -> ClassSet:
    """Return the classes that stand in a column of any layer, in ascending order of their value.

    Parameters
    ----------
    layer : QgsVectorLayer
    class_field : str
        Column with the class, numbers or text.
    name_field : str
        Column with the name of the class; "" takes the value itself.
    palette : str
        See `class_colours.colours_for`.
    reverse : bool
        True when the lowest value is the unfavourable one.
    """
    fields = [class_field, name_field] if name_field else [class_field]
    positions = [require_field(layer, name) for name in fields]
    names: dict = {}
    for feature in layer.getFeatures(attributes_only(positions)):
        value, name = feature[positions[0]], feature[positions[-1]]
        if value != NULL and (value not in names or names[value] == NULL):
            names[value] = name
            if len(names) > MOST_CLASSES:
                raise TeilhabeError(
                    mark("Field “{field}” of layer “{layer}” has more than {most} different values. Is it a class?"),
                    field=class_field, layer=layer.name(), most=MOST_CLASSES,
                )
    values = sorted(names)
    titles = [_title(value if names[value] == NULL else names[value]) for value in values]
    colours = colours_for(titles, palette, reverse)
    classes = tuple(ClassDef(whole(value), title, colour) for value, title, colour in zip(values, titles, colours))
    title = layer.attributeAlias(layer.fields().lookupField(class_field)) or class_field
    return ClassSet(class_field, title, class_field, name_field, "", classes, "first" if reverse else "last")


def area_fields(layer: QgsVectorLayer) -> tuple[str, str]:
    """Return the columns with the areas' key and name, "" where there is none.

    They are taken from the recipe the layer was made with, else guessed by their names.
    """
    names = [field.name() for field in layer.fields()]
    recipe = _recipe(layer)
    key, name = recipe.get("area_key", ""), recipe.get("area_name", "")
    if key not in names:
        key = next((each for each in names if _KEY_NAMES.search(each) and each.lower() not in ("fid", "ogc_fid")), "")
    if name not in names:
        name = next((each for each in names if _NAME_NAMES.search(each) and not _is_class_name(layer, each)), "")
    return key, name


def attributes_only(positions: list[int]) -> QgsFeatureRequest:
    """Return a request for some columns without geometry."""
    request = QgsFeatureRequest()
    request.setFlags(QgsFeatureRequest.NoGeometry)
    request.setSubsetOfAttributes(positions)
    return request


def require_field(layer: QgsVectorLayer, name: str) -> int:
    """Return a field's position.

    Raises
    ------
    TeilhabeError
        When the layer has no such field.
    """
    position = layer.fields().lookupField(name)
    if position < 0:
        raise TeilhabeError(
            mark("The layer “{layer}” has no field “{field}”."), layer=layer.name(), field=name
        )
    return position


def whole(value):
    """Return a whole number as int, everything else as it is."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _recall(layer: QgsVectorLayer) -> None:
    """Take what the layer's default style knows of classes and origin; Processing loads layers without that style."""
    stored = QgsVectorLayer(layer.source(), layer.name(), layer.providerType())
    if stored.isValid():
        for name in (ROLE, PROVENANCE, CLASSES):
            if stored.customProperty(name):
                layer.setCustomProperty(name, stored.customProperty(name))


def _title(value) -> str:
    return str(whole(value))


def _recipe(layer: QgsVectorLayer) -> dict:
    recipe = provenance_of(layer).get("recipe", {})
    if isinstance(recipe, str):
        try:
            recipe = json.loads(recipe)
        except ValueError:
            return {}
    return recipe if isinstance(recipe, dict) else {}


def _is_class_name(layer: QgsVectorLayer, field: str) -> bool:
    return any(field == class_set.name_column for class_set in stored_class_sets(layer))
