"""The look of a supply map's layer: a rule per category with its count, samples of sizes, states and rough places."""
from __future__ import annotations

import json
from dataclasses import dataclass

from qgis.core import (
    Qgis,
    QgsFeatureRenderer,
    QgsGeometryGeneratorSymbolLayer,
    QgsLineSymbol,
    QgsMarkerSymbol,
    QgsPalLayerSettings,
    QgsPointClusterRenderer,
    QgsPointDisplacementRenderer,
    QgsProperty,
    QgsPropertyCollection,
    QgsRuleBasedRenderer,
    QgsTextBufferSettings,
    QgsTextFormat,
    QgsUnitTypes,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
)
from qgis.PyQt.QtGui import QColor, QFont

from ..core.supply.projects import ENDED, PLANNED, RUNNING
from ..translation import tr
from .area_labels import font_family, literal, quoted
from .legend_text import count_text, number_text, with_count
from .offer_map_rows import MEASURE, OFFER, MapRows, state_text
from .offer_symbols import (
    GREY,
    INK,
    PAPER,
    Marks,
    choose_shapes,
    is_text,
    measure_sample,
    offer_symbol,
    pale,
    plain_symbol,
    rough_sample,
    simple_layer,
    svg_layer,
)

#: what happens with symbols that would hide each other
DISPLACED, CLUSTERED, AS_THEY_LIE = "displaced", "clustered", "none"
#: beginnings of the keys of the rules
CATEGORY, MEASURES, STATE, ROUGH, SIZE, UNKNOWN_SIZE = "cat_", "measure_", "state_", "rough", "size_", "size_unknown"
#: size of the samples in the legend, of which no capacity is told, and of the numbers in points
SAMPLE, NUMBER_SIZE = 3.0, 5.5
#: two symbols nearer than this in mm stand in one group on the screen
TOGETHER = 2.5


@dataclass(frozen=True)
class Look:
    """What the style of a supply map is made from.

    Attributes
    ----------
    rules : tuple of dict
        Of each rule: key, text, condition, and shape, colour, size or state of its symbol.
    overlap : str
        `DISPLACED`, `CLUSTERED` or `AS_THEY_LIE`.
    """

    rules: tuple[dict, ...]
    overlap: str = DISPLACED

    def keys(self, *starts: str) -> list[int]:
        """Return the positions of the rules whose keys begin so."""
        return [i for i, rule in enumerate(self.rules) if rule["key"].startswith(starts)]


def art_text(kind: str) -> str:
    """Return the word for offers and for measures in the field ``art``."""
    return {OFFER: tr("Offer"), MEASURE: tr("Measure")}[kind]


def marks() -> Marks:
    """Return what the symbols read from the layer's fields."""
    return Marks("groesse", "coalesce(NOT \"lage_sicher\", false)", is_text("art", art_text(MEASURE)),
                 is_text("zustand", state_text(PLANNED)), is_text("zustand", state_text(ENDED)))


def look_of(rows: MapRows, overlap: str) -> Look:
    """Return the rules with the counts of the legend; rows without a place are not counted."""
    placed = rows.frame[rows.placed].drop_duplicates("source")
    counts = placed["kategorie"].value_counts()
    rules = []
    for number, (name, (shape, colour)) in enumerate(zip(
            rows.categories.names, choose_shapes(rows.categories.names, rows.categories.has_other))):
        rules.append({"key": f"{CATEGORY}{number}", "text": with_count(name, int(counts.get(name, 0))),
                      "filter": f"{quoted('kategorie')} = {literal(name)}", "shape": shape, "colour": colour})
    own = [name for name in rows.measure_categories if counts.get(name, 0)]
    for number, (name, (shape, _colour)) in enumerate(zip(own, choose_shapes(own))):
        rules.append({"key": f"{MEASURES}{number}", "text": with_count(name, int(counts[name])),
                      "filter": f"{quoted('kategorie')} = {literal(name)}", "shape": shape, "colour": INK})
    rules = [rule for rule in rules if not rule["text"].endswith(with_count("", 0))] or rules
    for kind in (OFFER, MEASURE):
        own = placed[placed["kind_of"] == kind]
        for state in (PLANNED, RUNNING, ENDED, ""):
            count = int((own["zustand_code"] == state).sum())
            if not count or (kind == OFFER and state in (RUNNING, "")):
                continue
            text = f"{art_text(kind)}: {state_text(state)}" if state else art_text(kind)
            rules.append({"key": f"{STATE}{kind}_{state}", "text": with_count(text, count), "state": state,
                          "kind": kind, "filter": "false"})
    rough = int(placed["rough"].sum())
    if rough:
        rules.append({"key": ROUGH, "text": with_count(tr("place only roughly known"), rough), "filter": "false"})
    for number, (value, size) in enumerate(rows.steps):
        text = tr("{count} places", count=count_text(int(value)))
        if number == len(rows.steps) - 1:
            text = tr("{count} and more places", count=count_text(int(value)))
        elif not number:
            text = tr("up to {count} places", count=count_text(int(value)))
        rules.append({"key": f"{SIZE}{number}", "text": text, "size": size, "filter": "false"})
    unknown = int(placed["plaetze"].isna().sum()) if rows.steps else 0
    if unknown:
        size = float(placed.loc[placed["plaetze"].isna(), "groesse"].iloc[0])
        rules.append({"key": UNKNOWN_SIZE, "text": with_count(tr("places not known"), unknown), "size": size,
                      "filter": "false"})
    return Look(tuple(rules), overlap)


def rule_renderer(look: Look, offset: str = "", leader: str = "", factor: float = 1.0) -> QgsRuleBasedRenderer:
    """Return the rules; with an offset the symbols are moved by so many mm, and a line leads to their place."""
    root = QgsRuleBasedRenderer.Rule(None)
    root.setRuleKey("offers")
    for each in look.rules:
        rule = QgsRuleBasedRenderer.Rule(_symbol(each, offset, leader, factor), 0, 0, each["filter"], each["text"])
        rule.setRuleKey(each["key"])
        root.appendChild(rule)
    return QgsRuleBasedRenderer(root)


def screen_renderer(look: Look) -> QgsFeatureRenderer:
    """Return the renderer for the map window: displaced, clustered or as they lie."""
    inner = rule_renderer(look)
    if look.overlap == AS_THEY_LIE:
        return inner
    if look.overlap == CLUSTERED:
        return cluster_renderer(inner)
    renderer = QgsPointDisplacementRenderer()
    renderer.setEmbeddedRenderer(inner)
    renderer.setTolerance(TOGETHER)
    renderer.setToleranceUnit(QgsUnitTypes.RenderMillimeters)
    renderer.setPlacement(QgsPointDisplacementRenderer.Placement.ConcentricRings)
    renderer.setCircleRadiusAddition(0.6)
    renderer.setCircleWidth(0.15)
    renderer.setCircleColor(QColor(GREY))
    centre = QgsMarkerSymbol()
    centre.changeSymbolLayer(0, simple_layer("circle", INK, 0.7, INK, 0))
    renderer.setCenterSymbol(centre)
    renderer.setLabelAttributeName("nr_karte")
    renderer.setLabelFont(QFont(font_family(), 6))
    renderer.setLabelColor(QColor(INK))
    renderer.setLabelDistanceFactor(0.6)
    renderer.setMinimumLabelScale(25_000)
    return renderer


def cluster_renderer(inner: QgsFeatureRenderer) -> QgsPointClusterRenderer:
    """Return a renderer that draws near symbols as one, with their number."""
    renderer = QgsPointClusterRenderer()
    renderer.setEmbeddedRenderer(inner)
    renderer.setTolerance(3.2)
    renderer.setToleranceUnit(QgsUnitTypes.RenderMillimeters)
    from qgis.core import QgsFontMarkerSymbolLayer, QgsSymbolLayer

    circle = simple_layer("circle", PAPER, 4.6, INK, 0.35)
    circle.setDataDefinedProperty(QgsSymbolLayer.PropertySize,
                                  QgsProperty.fromExpression("3.6 + 1.1 * length(@cluster_size)"))
    text = QgsFontMarkerSymbolLayer(font_family(), "12", 2.5, QColor(INK))
    text.setSizeUnit(QgsUnitTypes.RenderMillimeters)
    text.setDataDefinedProperty(QgsSymbolLayer.PropertyCharacter, QgsProperty.fromExpression("@cluster_size"))
    symbol = QgsMarkerSymbol()
    symbol.changeSymbolLayer(0, circle)
    symbol.appendSymbolLayer(text)
    renderer.setClusterSymbol(symbol)
    return renderer


def number_labels(layer: QgsVectorLayer, field: str, places: str, size: float = NUMBER_SIZE) -> None:
    """Write the numbers beside the symbols, at places in mm that an expression gives; NULL leaves a number out."""
    text = QgsTextFormat()
    text.setFont(QFont(font_family()))
    text.setSize(size)
    text.setColor(QColor(INK))
    halo = QgsTextBufferSettings()
    halo.setEnabled(True)
    halo.setSize(0.35)
    halo.setColor(QColor(PAPER))
    text.setBuffer(halo)
    settings = QgsPalLayerSettings()
    settings.fieldName = field
    settings.placement = QgsPalLayerSettings.Placement.OverPoint
    settings.quadOffset = QgsPalLayerSettings.QuadrantPosition.QuadrantOver
    settings.offsetUnits = QgsUnitTypes.RenderMillimeters
    settings.obstacle = True
    if hasattr(settings, "placementSettings"):
        placement = settings.placementSettings()
        placement.setOverlapHandling(Qgis.LabelOverlapHandling.AllowOverlapIfRequired)
        settings.setPlacementSettings(placement)
    else:
        settings.displayAll = True
    settings.priority = 10
    properties = QgsPropertyCollection()
    properties.setProperty(QgsPalLayerSettings.Property.OffsetXY, QgsProperty.fromExpression(places))
    properties.setProperty(QgsPalLayerSettings.Property.Show, QgsProperty.fromExpression(f"{places} IS NOT NULL"))
    settings.setDataDefinedProperties(properties)
    settings.setFormat(text)
    layer.setLabeling(QgsVectorLayerSimpleLabeling(settings))
    layer.setLabelsEnabled(True)


def table_of(places: dict[int, tuple[float, float]]) -> str:
    """Return an expression that looks up an array of two numbers by the field ``symbol_nr``, NULL where none is."""
    text = json.dumps({str(key): [round(value, 2) for value in pair] for key, pair in places.items()})
    return f"map_get(json_to_map({literal(text)}), to_string({quoted('symbol_nr')}))"


def _symbol(rule: dict, offset: str, leader: str, factor: float) -> QgsMarkerSymbol:
    key = rule["key"]
    if key.startswith((CATEGORY, MEASURES)):
        framed = key.startswith(MEASURES)
        symbol = offer_symbol(rule["shape"], rule["colour"], SAMPLE, marks(), offset, framed, factor)
        if leader:
            symbol.insertSymbolLayer(0, _leader(leader))
        return symbol
    if key.startswith(STATE):
        if rule["kind"] == MEASURE:
            return measure_sample(SAMPLE, rule["state"])
        fill, edge = {PLANNED: (pale(INK, 0.72), INK), ENDED: ("#d4d4d4", GREY)}[rule["state"]]
        return plain_symbol("circle", INK, SAMPLE, fill, edge, 0.4)
    if key == ROUGH:
        return rough_sample(SAMPLE)
    symbol = QgsMarkerSymbol()
    symbol.changeSymbolLayer(0, svg_layer("circle", "#8a8a8a", rule["size"] * factor))
    return symbol


def _leader(leader: str) -> QgsGeometryGeneratorSymbolLayer:
    """Return a thin line from the place to the moved symbol, with a dot at the place."""
    line = QgsGeometryGeneratorSymbolLayer.create({})
    line.setSymbolType(Qgis.SymbolType.Line)
    line.setUnits(QgsUnitTypes.RenderMillimeters)
    line.setGeometryExpression(
        f"with_variable('way', {leader}, if(@way IS NULL, NULL, make_line($geometry, "
        "translate($geometry, @way[0], @way[1]))))")
    line.setSubSymbol(QgsLineSymbol.createSimple({"line_color": INK, "line_width": "0.15", "line_width_unit": "MM"}))
    return line


def offer_map_style(layer: QgsVectorLayer, look: Look) -> None:
    """Give the layer its look in the map window, with map tip and display name."""
    layer.setDisplayExpression(f"to_string({quoted('nr_karte')}) || ' ' || coalesce({quoted('name')}, '')")
    if not layer.isSpatial():
        return
    layer.setRenderer(screen_renderer(look))
    lines = "<br>".join(f"[% coalesce(replace({quoted(name)}, '<', '&lt;'), '') %]"
                        for name in ("kategorie", "adresse", "lage", "hinweis"))
    head = f"[% {quoted('nr_karte')} %] [% replace({quoted('name')}, '<', '&lt;') %]"
    layer.setMapTipTemplate(f"<b>{head}</b><br>{lines}")


def size_text(value: float) -> str:
    """Return a number of places as the list writes it."""
    return "" if value != value else number_text(value, 0)
