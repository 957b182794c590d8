"""The look of classes that are not sure: a thin hatch over the colour of the class."""
from __future__ import annotations

from qgis.core import QgsRuleBasedRenderer, QgsVectorLayer

from ..core.classes import ClassSet
from ..translation import tr
from .area_labels import literal, quoted
from .area_symbols import uncertain_symbol
from .class_colours import colour_table, ink_on
from .class_sets import attributes_only
from .class_style import class_colours
from .legend_text import with_count
from .project import ROBUSTNESS, class_sets_of, role_of

#: key of the rule in the renderer
UNCERTAIN = "uncertain"
#: column that says whether the class is sure, and the one that it speaks of
CERTAIN_COLUMN = "klasse_sicher"


def hatch_uncertain(layer: QgsVectorLayer, class_set: ClassSet, column: str, count: int | None = None) -> None:
    """Lay a hatch over the areas whose class is not sure.

    Parameters
    ----------
    layer : QgsVectorLayer
        With the renderer of `class_style.class_style`.
    class_set : ClassSet
        The classes that the renderer shows.
    column : str
        1 where the class is sure, 0 where it is not.
    count : int, optional
        Number of these areas, for the legend.
    """
    dark = [
        literal(value) for value, colour in class_colours(class_set).items()
        if ink_on(colour) == colour_table()["ink"]["light"]
    ]
    symbol = uncertain_symbol(f"{quoted(class_set.column)} IN ({', '.join(dark)})" if dark else "false")
    condition = f"{quoted(class_set.column)} IS NOT NULL AND {quoted(column)} = 0"
    rule = QgsRuleBasedRenderer.Rule(symbol, 0, 0, condition, with_count(tr("class not certain"), count))
    rule.setRuleKey(UNCERTAIN)
    layer.renderer().rootRule().insertChild(len(class_set.classes), rule)  # the root is not kept: QGIS may delete it
    layer.triggerRepaint()


def hatch_again(layer: QgsVectorLayer, class_set: ClassSet) -> None:
    """Lay the hatch over a layer of `indexrobustness` that was styled anew, where it shows the classes it tested."""
    position = layer.fields().lookupField(CERTAIN_COLUMN)
    tested = class_sets_of(layer)[:1]
    if role_of(layer) != ROBUSTNESS or position < 0 or not tested or tested[0]["id"] != class_set.id:
        return
    count = sum(feature[position] == 0 for feature in layer.getFeatures(attributes_only([position])))
    hatch_uncertain(layer, class_set, CERTAIN_COLUMN, count)
