"""The first look at joined indicators: one of them in five classes of equal size, so that the result is a map."""
from __future__ import annotations

import numpy as np
from qgis.core import QgsRuleBasedRenderer, QgsVectorLayer

from ..core.breaks import quantile_bounds
from ..core.classes import ClassDef, ClassSet, assign
from ..core.joining import FieldInfo, JoinResult
from .area_labels import quoted
from .area_symbols import class_symbol, no_data_symbol
from .class_colours import colours_for
from .legend_text import bounds_text, no_data_text, with_count

CLASSES = 5


def shown_indicator(result: JoinResult) -> FieldInfo | None:
    """Return the indicator that is shown first: the first real value of the latest year that differs between areas."""
    found = [info for info in result.fields if info.part == "value" and info.kind == "real"]
    found += [info for info in result.fields if info.part == "value" and info.kind == "integer"]
    differing = [info for info in found if result.frame[info.name].nunique() > 1]
    return max(differing, key=lambda info: (info.kind == "real", info.year or 0), default=None)


def indicator_style(layer: QgsVectorLayer, info: FieldInfo, values: np.ndarray) -> None:
    """Show an indicator in quintiles, light to dark, with bounds and number of areas.

    Parameters
    ----------
    layer : QgsVectorLayer
    info : FieldInfo
    values : ndarray, shape (areas,)
        NaN where there is none.
    """
    bounds = np.unique(quantile_bounds(values, CLASSES))
    bounds = bounds[bounds < np.nanmax(values)]
    counts = np.bincount(assign(values, bounds)[~np.isnan(values)], minlength=len(bounds) + 1)
    edges = [None, *(float(bound) for bound in bounds), None]
    classes = tuple(ClassDef(i, "", "", edges[i], edges[i + 1]) for i in range(len(bounds) + 1))
    class_set = ClassSet(info.name, info.alias, info.name, "", info.name, classes, unit=info.unit)
    field = quoted(info.name)
    root = QgsRuleBasedRenderer.Rule(None)
    title = QgsRuleBasedRenderer.Rule(None, label=info.alias)
    root.appendChild(title)
    colours = colours_for([str(i) for i in range(len(classes))], "sequential")
    for each, colour, count in zip(classes, colours, counts):
        parts = [f"{field} > {each.lower!r}"] if each.lower is not None else []
        parts += [f"{field} <= {each.upper!r}"] if each.upper is not None else []
        text = with_count(bounds_text(class_set, each), int(count))
        rule = " AND ".join(parts) or f"{field} IS NOT NULL"
        title.appendChild(QgsRuleBasedRenderer.Rule(class_symbol(colour), filterExp=rule, label=text))
    missing = int(np.isnan(values).sum())
    if missing:
        title.appendChild(QgsRuleBasedRenderer.Rule(
            no_data_symbol(), filterExp=f"{field} IS NULL", label=no_data_text(missing)))
    layer.setRenderer(QgsRuleBasedRenderer(root))
