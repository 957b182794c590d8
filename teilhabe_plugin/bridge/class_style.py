"""The look of classified areas: a rule per class, per reason of exclusion and for missing data, with counts."""
from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from qgis.core import NULL, QgsRuleBasedRenderer, QgsVectorLayer

from ..core.classes import ClassSet
from ..translation import tr
from . import area_symbols, legend_text
from .area_labels import LabelSpec, label_areas, literal, quoted
from .class_colours import colours_for
from .class_sets import area_fields, attributes_only, require_field

#: custom property with the id of the class set that the style shows
SHOWN = "teilhabe/shown"
#: keys up to this length are written into the map themselves; longer ones are replaced by running numbers
SHORT_KEY = 4
#: keys of the renderer's rules beside those of the classes
NO_DATA, OTHER, EXCLUDED = "no_data", "other", "excluded_"


@dataclass
class ClassCounts:
    """How many areas each class has, and how many have none and why."""

    classes: Counter = field(default_factory=Counter)
    excluded: Counter = field(default_factory=Counter)
    other: Counter = field(default_factory=Counter)
    missing: int = 0

    @property
    def total(self) -> int:
        """Return the number of areas."""
        return sum(sum(each.values()) for each in (self.classes, self.excluded, self.other)) + self.missing


def class_style(layer: QgsVectorLayer, class_set: ClassSet, *, excluded_field: str = "ausschluss",
                label: LabelSpec | None = None) -> ClassCounts:
    """Give a layer the look of its classes.

    Parameters
    ----------
    layer : QgsVectorLayer
        Polygons with the column ``class_set.column``.
    class_set : ClassSet
        Classes with names and bounds; colours follow from the names unless a class states its own.
    excluded_field : str
        Column with the reason why an area has no class; it may be missing.
    label : LabelSpec, optional
        What is written into the areas; without it their names where they fit.

    Returns
    -------
    ClassCounts
        The counts that stand in the legend.

    Raises
    ------
    TeilhabeError
        When the layer has no such column.
    """
    counts = count_classes(layer, class_set, excluded_field)
    layer.setRenderer(class_renderer(class_set, counts, excluded_field))
    if label is None:
        key, name = area_fields(layer)
        label = LabelSpec(name_field=name, key_field=key)
    label_areas(layer, label, class_set.column, class_colours(class_set),
                has_short_keys(layer, label.key_field))
    layer.setCustomProperty(SHOWN, class_set.id)
    layer.triggerRepaint()
    return counts


def class_colours(class_set: ClassSet) -> dict:
    """Return class value → colour."""
    fixed = colours_for([each.name for each in class_set.classes], reverse=class_set.unfavourable == "first")
    return {each.value: each.color or colour for each, colour in zip(class_set.classes, fixed)}


def count_classes(layer: QgsVectorLayer, class_set: ClassSet, excluded_field: str = "ausschluss") -> ClassCounts:
    """Count the areas of each class, of each reason of exclusion, and those without data."""
    positions = [require_field(layer, class_set.column)]
    reason_at = layer.fields().lookupField(excluded_field) if excluded_field else -1
    if reason_at >= 0:
        positions.append(reason_at)
    known = {spelling: each.value for each in class_set.classes for spelling in (str(each.value), each.value)}
    counts = ClassCounts()
    for feature in layer.getFeatures(attributes_only(positions)):
        value = feature[positions[0]]
        reason = feature[reason_at] if reason_at >= 0 else NULL
        if value != NULL and value in known:
            counts.classes[known[value]] += 1
        elif value != NULL:
            counts.other[value] += 1
        elif reason != NULL and str(reason):
            counts.excluded[str(reason)] += 1
        else:
            counts.missing += 1
    return counts


def has_short_keys(layer: QgsVectorLayer, key_field: str) -> bool:
    """Say whether the keys are short enough to be written into the map."""
    position = layer.fields().lookupField(key_field) if key_field else -1
    if position < 0:
        return False
    return all(
        len(str(feature[position])) <= SHORT_KEY for feature in layer.getFeatures(attributes_only([position]))
    )


def class_renderer(class_set: ClassSet, counts: ClassCounts | None = None,
                   excluded_field: str = "ausschluss") -> QgsRuleBasedRenderer:
    """Return the renderer of a class set.

    Parameters
    ----------
    class_set : ClassSet
    counts : ClassCounts, optional
        With them the legend has the number of areas and an entry per reason of exclusion; without them the renderer
        fits every layer that has the columns.
    excluded_field : str
        Column with the reason why an area has no class, "" for none.
    """
    column, colours = quoted(class_set.column), class_colours(class_set)
    root = QgsRuleBasedRenderer.Rule(None)
    root.setRuleKey("classes")

    def add(key: str, symbol, text: str, condition: str) -> None:
        rule = QgsRuleBasedRenderer.Rule(symbol, 0, 0, condition, text)
        rule.setRuleKey(key)
        root.appendChild(rule)

    for each in class_set.classes:
        text = legend_text.class_text(class_set, each, counts and counts.classes[each.value])
        add(f"class_{each.value}", area_symbols.class_symbol(colours[each.value]), text,
            f"{column} = {literal(each.value)}")
    if counts and counts.other:
        known = ", ".join(literal(each.value) for each in class_set.classes)
        condition = f"{column} IS NOT NULL AND {column} NOT IN ({known})"
        add(OTHER, area_symbols.other_symbol(), legend_text.other_text(sum(counts.other.values())), condition)
    if counts is None and excluded_field:
        condition = f"{column} IS NULL AND {quoted(excluded_field)} <> ''"
        add(f"{EXCLUDED}0", area_symbols.excluded_symbol(), tr("excluded"), condition)
    for number, (reason, count) in enumerate(sorted(counts.excluded.items()) if counts else ()):
        condition = f"{column} IS NULL AND {quoted(excluded_field)} = {literal(reason)}"
        add(f"{EXCLUDED}{number}", area_symbols.excluded_symbol(number), legend_text.excluded_text(reason, count),
            condition)
    add(NO_DATA, area_symbols.no_data_symbol(), legend_text.no_data_text(counts and counts.missing), "ELSE")
    return QgsRuleBasedRenderer(root)


def rule_keys(layer: QgsVectorLayer) -> list[str]:
    """Return the keys of a layer's rules in the order of its legend, [] for another kind of renderer."""
    renderer = layer.renderer()
    if not isinstance(renderer, QgsRuleBasedRenderer):
        return []
    # the rules themselves are not asked: QGIS deletes them with the renderer, and crashes when Python still knows one
    return [item.ruleKey() for item in renderer.legendSymbolItems()]
