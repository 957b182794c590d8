"""The look of a supply analysis: classes of supply for areas, reached or not for points, utilisation for offers."""
from __future__ import annotations

import numpy as np
import pandas as pd
from qgis.core import QgsMarkerSymbol, QgsRuleBasedRenderer, QgsVectorLayer

from ..core.breaks import quantile_bounds
from ..core.classes import ClassDef, ClassSet, assign
from ..translation import tr
from . import project
from .area_labels import quoted
from .class_colours import SEQUENTIAL, colours_for
from .class_style import class_style
from .fields import FieldSpec
from .legend_text import number_text, with_count
from .supply_columns import CLASS, CLASS_NAME, RATE, limit_name, limit_text, share_column
from .supply_run import SupplyResult

#: bounds of the classes as shares of the quota
QUOTA_BOUNDS = (0.5, 0.9, 1.1, 1.5)
_REACHED, _FAR, _PAPER, _GREY = "#117c90", "#76212d", "#ffffff", "#8a8a8a"
_FULL, _HALF = 95.0, 70.0


def supply_classes(result: SupplyResult, frame: pd.DataFrame) -> ClassSet:
    """Return the classes that the map shows.

    Against the quota where there is one, else in five classes of equal numbers of areas; low supply is dark. Without
    any number of places the share of people within the first limit is shown.
    """
    column = RATE if result.has_capacity else share_column(result)
    values = frame[column].to_numpy(float)
    known = values[np.isfinite(values)]
    if result.compares and result.rules.quota > 0:
        bounds = np.array([round(result.rules.quota * share, 6) for share in QUOTA_BOUNDS])
        names = [tr("heavily undersupplied"), tr("undersupplied"), tr("as needed"), tr("oversupplied"),
                 tr("heavily oversupplied")]
    else:
        bounds = np.unique(_rounded(quantile_bounds(known, 5))) if len(known) else np.empty(0)
        bounds = bounds[bounds < known.max()] if len(known) else bounds
        names = _names(len(bounds) + 1)
    edges = [None, *(float(bound) for bound in bounds), None]
    colours = colours_for([str(place) for place in range(len(names))], SEQUENTIAL, True)
    classes = tuple(ClassDef(place + 1, name, colour, edges[place], edges[place + 1])
                    for place, (name, colour) in enumerate(zip(names, colours)))
    if result.has_capacity:
        title = tr("Places per 100: {group} (over the borders)", group=result.case.group)
    else:
        title = tr("Share with an offer within {limit}: {group}", group=result.case.group,
                   limit=limit_text(result.rules.limits[0], result.reach.unit))
    return ClassSet("versorgung", title, CLASS, CLASS_NAME, column, classes, "first",
                    "" if result.has_capacity else "%")


def add_classes(frame: pd.DataFrame, specs: list[FieldSpec], class_set: ClassSet) -> None:
    """Add the class and its name to the table of areas and what is known of its columns."""
    values = frame[class_set.index_column].to_numpy(float)
    bounds = np.array([each.upper for each in class_set.classes[:-1]], float)
    position = assign(values, bounds)
    names = [each.name for each in class_set.classes]
    at = frame.columns.get_loc("grenzwirkung")
    frame.insert(at, CLASS, np.where(position >= 0, position + 1.0, np.nan))
    frame.insert(at + 1, CLASS_NAME, [names[place] if place >= 0 else None for place in position])
    specs[at:at] = [FieldSpec(CLASS, "integer", tr("Class of supply")),
                    FieldSpec(CLASS_NAME, "text", tr("Class of supply in words"))]


def style_areas(class_set: ClassSet):
    """Return the function that gives the layer of areas its look."""
    def style(layer: QgsVectorLayer) -> None:
        project.set_class_sets(layer, [class_set.to_dict()])
        class_style(layer, class_set)
    return style


def style_points(result: SupplyResult):
    """Return the function that shows which people reach an offer within the first limit."""
    limit = result.rules.limits[0]
    field = quoted(f"angebote_{limit_name(limit, result.reach.unit)}")
    words = limit_text(limit, result.reach.unit)
    people, within = result.case.people, result.points["within_0"].to_numpy() > 0

    def text(heading, rows):
        return f"{heading} · {tr('{count} people', count=number_text(float(people[rows].sum()), 0))}"

    rules = (
        (_dot(_FAR, 1.2), f"{field} = 0 AND personen > 0", text(tr("no offer within {limit}", limit=words), ~within)),
        (_dot(_REACHED, 0.9), f"{field} > 0 AND personen > 0", text(tr("offer within {limit}", limit=words), within)),
    )
    return _by_rules(rules)


def style_offers(result: SupplyResult):
    """Return the function that shows how far the places of the offers are taken."""
    use, counts = result.offers["utilisation"].to_numpy(float), result.case.chosen
    field = quoted("auslastung")
    groups = (
        (_dot("#0b4f5c", 3.2), f"{field} >= {_FULL}", tr("places taken: {share} % or more", share=number_text(_FULL)),
         counts & (use >= _FULL)),
        (_dot("#4fa3b3", 3.2), f"{field} >= {_HALF} AND {field} < {_FULL}",
         tr("places taken: {low} to below {high} %", low=number_text(_HALF), high=number_text(_FULL)),
         counts & (use >= _HALF) & (use < _FULL)),
        (_dot("#cfe6ea", 3.2), f"{field} < {_HALF}", tr("places taken: below {share} %", share=number_text(_HALF)),
         counts & (use < _HALF)),
        (_dot(_PAPER, 2.8), f"{field} IS NULL AND {quoted('zaehlt')}", tr("no places, or number not known"),
         counts & np.isnan(use)),
        (_dot(_GREY, 1.8, "cross2"), f"NOT {quoted('zaehlt')}", tr("does not count"), ~counts),
    )
    return _by_rules([(symbol, condition, with_count(text, int(rows.sum())))
                      for symbol, condition, text, rows in groups if rows.any()])


def _by_rules(rules):
    def style(layer: QgsVectorLayer) -> None:
        root = QgsRuleBasedRenderer.Rule(None)
        for symbol, condition, text in rules:
            root.appendChild(QgsRuleBasedRenderer.Rule(symbol, 0, 0, condition, text))
        layer.setRenderer(QgsRuleBasedRenderer(root))
    return style


def _dot(colour: str, size: float, shape: str = "circle") -> QgsMarkerSymbol:
    edge = colour if shape != "circle" else _PAPER if colour not in (_PAPER, "#cfe6ea") else "#0b4f5c"
    return QgsMarkerSymbol.createSimple({
        "name": shape, "color": colour, "size": str(size), "outline_color": edge,
        "outline_width": "0.2", "outline_style": "solid" if size > 1.5 else "no"})


def _names(count: int) -> list[str]:
    names = [tr("very low supply"), tr("low supply"), tr("medium supply"), tr("high supply"), tr("very high supply")]
    return [names[place] for place in {1: (2,), 2: (1, 3), 3: (1, 2, 3), 4: (0, 1, 3, 4)}.get(count, range(5))]


def _rounded(bounds: np.ndarray) -> np.ndarray:
    """Return bounds with three digits that count: they stand in the legend."""
    return np.array([float(f"{bound:.3g}") for bound in bounds])
