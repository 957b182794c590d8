"""Colours, legend texts, renderer, labels and the styleclasses algorithm."""
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

pytestmark = pytest.mark.usefixtures("qgis_app")

ROOT = Path(__file__).resolve().parents[2]

#: class of each of the test's areas, and why it has none
AREAS = [
    ("0101", "Altstadt", 1, None), ("0102", "Neustadt", 2, None), ("0103", "Hafen", 2, None),
    ("0104", "Westend", 3, None), ("0105", "Südviertel", 4, None), ("0106", "Ödland", None, "unter 300 Einwohner"),
    ("0107", "Heide", None, "unter 300 Einwohner"), ("0108", "Lager", None, "Ausreißer"), ("0109", "Insel", None, None),
]

# Machado, Oliveira, Fernandes 2009, severity 1.0, on linear RGB
DEFICIENCIES = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                     [-0.011820, 0.042940, 0.968881]],
}


@pytest.fixture
def classes():
    """Return Berlin's four status classes."""
    from teilhabe.core.classes import ClassDef, ClassSet

    return ClassSet("status", "Status-Index", "status_klasse", "status_name", "status_index", (
        ClassDef(1, "hoch", upper=-1.0), ClassDef(2, "mittel", lower=-1.0, upper=1.0),
        ClassDef(3, "niedrig", lower=1.0, upper=1.5), ClassDef(4, "sehr niedrig", lower=1.5),
    ))


@pytest.fixture
def layer(classes):
    return make_layer(classes)


def make_layer(classes=None, areas=AREAS, side=1000):
    """Return areas as squares in a row, in a scratch layer."""
    from qgis.core import QgsFeature, QgsGeometry, QgsRectangle, QgsVectorLayer
    from teilhabe.bridge.project import set_class_sets

    layer = QgsVectorLayer(
        "Polygon?crs=EPSG:25832&field=gebiet_nr:string&field=gebiet_name:string&field=status_klasse:integer"
        "&field=status_name:string&field=ausschluss:string", "Gebiete", "memory")
    features = []
    for number, (key, name, value, reason) in enumerate(areas):
        feature = QgsFeature(layer.fields())
        feature.setAttributes([key, name, value, None, reason])
        x, y = 400000 + side * (number % 3), 5700000 + side * (number // 3)
        feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(x, y, x + side, y + side)))
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    if classes:
        set_class_sets(layer, [classes.to_dict()])
    return layer


def legend_texts(layer):
    return [rule.label() for rule in layer.renderer().rootRule().children()]


def rule_of(layer, key):
    return next(rule for rule in layer.renderer().rootRule().children() if rule.ruleKey() == key)


def run(provider, **parameters):
    from qgis.core import QgsProcessingContext, QgsProcessingFeedback, QgsProject

    context, feedback = QgsProcessingContext(), QgsProcessingFeedback()
    context.setProject(QgsProject.instance())
    algorithm = provider.algorithm("styleclasses").create()
    return algorithm.processAlgorithm(parameters, context, feedback), feedback


# Colours

def palettes():
    import json

    table = json.loads((ROOT / "styles" / "class_colours.json").read_text(encoding="utf-8"))
    named = {name: [each["color"] for each in entry["classes"]] for name, entry in table["palettes"].items()}
    return named, table["sequential"]


def linear(colour):
    channels = np.array([int(colour[i:i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    """Return CIE L*a*b* (D65) of linear RGB."""
    xyz = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
                    [0.0193339, 0.1191920, 0.9503041]]) @ rgb / np.array([0.95047, 1.0, 1.08883])
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def test_grey_print_keeps_the_order():
    named, sequential = palettes()
    ramps = [named["status"], named["dynamik"], named["teilhabe"], *sequential.values()]
    for ramp in ramps:
        steps = -np.diff([lab(linear(colour))[0] for colour in ramp])
        assert steps.min() >= (12 if len(ramp) <= 5 else 10), ramp


def test_cross_classes_darken_along_rows_and_columns():
    lightness = np.array([lab(linear(colour))[0] for colour in palettes()[0]["status_dynamik"]]).reshape(4, 3)
    assert (np.diff(lightness, axis=0) < -15).all()
    assert (np.diff(lightness, axis=1) < -4).all()


@pytest.mark.parametrize("deficiency", sorted(DEFICIENCIES))
def test_colour_blind_readers_tell_all_classes_of_a_map_apart(deficiency):
    named, sequential = palettes()
    matrix = np.array(DEFICIENCIES[deficiency])
    for ramp in [*named.values(), *sequential.values()]:
        seen = [lab(np.clip(matrix @ linear(colour), 0, 1)) for colour in ramp]
        distances = [np.linalg.norm(a - b) for i, a in enumerate(seen) for b in seen[i + 1:]]
        assert min(distances) >= 9.5, ramp


def test_no_class_looks_like_missing_or_excluded_areas():
    named, sequential = palettes()
    for colour in [each for ramp in [*named.values(), *sequential.values()] for each in ramp]:
        for other in ("#ffffff", "#f4f4f4"):
            assert np.linalg.norm(lab(linear(colour)) - lab(linear(other))) >= 8, colour


def test_colours_follow_from_the_name():
    from teilhabe.bridge.class_colours import colours_for, palette_for

    assert colours_for(["sehr niedrig", "niedrig"]) == ["#76212d", "#d26345"]
    assert colours_for(["negativ"], reverse=True) == colours_for(["negativ"])
    assert palette_for(["sehr hoch", "hoch", "mittel", "gering", "sehr gering"]) == "teilhabe"
    assert palette_for(["A", "B"]) == "sequential"
    assert colours_for(["2-"]) == colours_for(["2−"]) == colours_for(["Status mittel, Dynamik negativ"])


def test_unnamed_classes_get_a_ramp_that_can_be_turned():
    from teilhabe.bridge.class_colours import colours_for, lightness

    upward = colours_for(["A", "B", "C"])
    assert upward == ["#f4e8c3", "#01a08a", "#014163"]
    assert colours_for(["A", "B", "C"], reverse=True) == upward[::-1]
    nine = [lightness(colour) for colour in colours_for(list("ABCDEFGHI"))]
    assert nine == sorted(nine, reverse=True)
    assert len(set(nine)) == 9


def test_ink_is_readable_on_every_class():
    from teilhabe.bridge.class_colours import ink_on

    named, sequential = palettes()
    for colour in [each for ramp in [*named.values(), *sequential.values()] for each in ramp]:
        light = sorted(linear(each) @ [0.2126, 0.7152, 0.0722] + 0.05 for each in (colour, ink_on(colour)))
        assert light[1] / light[0] >= 3.0, colour


# Legend texts

def test_legend_texts_in_german(layer, classes, german):
    from teilhabe.bridge.class_style import class_style

    class_style(layer, classes)
    assert legend_texts(layer) == [
        "hoch (≤ −1) · 1", "mittel (> −1 bis 1) · 2", "niedrig (> 1 bis 1,5) · 1", "sehr niedrig (> 1,5) · 1",
        "ausgeschlossen: Ausreißer · 1", "ausgeschlossen: unter 300 Einwohner · 2", "k. A. · 1",
    ]


def test_legend_texts_in_english(layer, classes):
    from teilhabe.bridge.class_style import class_style

    class_style(layer, classes)
    assert legend_texts(layer)[2:] == [
        "niedrig (> 1 to 1.5) · 1", "sehr niedrig (> 1.5) · 1",
        "excluded: Ausreißer · 1", "excluded: unter 300 Einwohner · 2", "no data · 1",
    ]


def test_lowest_class_with_a_bound_is_closed_on_both_sides(german):
    from teilhabe.bridge.legend_text import class_text
    from teilhabe.core.classes import ClassDef, ClassSet

    classes = ClassSet("q", "Quote", "k", "", "", (
        ClassDef(1, "A", lower=0.0, upper=12.5), ClassDef(2, "B", lower=12.5, upper=20.0), ClassDef(3, "C", lower=20.0),
    ), unit="%")
    assert [class_text(classes, each, 1234) for each in classes.classes] == [
        "A (0 bis 12,5 %) · 1.234", "B (> 12,5 bis 20 %) · 1.234", "C (> 20 %) · 1.234"]


def test_long_bounds_are_rounded_alike_and_stay_apart(german):
    from teilhabe.bridge.legend_text import bounds_text
    from teilhabe.core.classes import ClassDef, ClassSet

    a, b = -0.4307272992954576, 0.4307272992954576
    classes = ClassSet("q", "Q", "k", "", "", (ClassDef(1, "A", upper=a), ClassDef(2, "B", lower=a, upper=b),
                                              ClassDef(3, "C", lower=b)))
    assert [bounds_text(classes, each) for each in classes.classes] == ["≤ −0,43", "> −0,43 bis 0,43", "> 0,43"]


def test_classes_without_bounds_show_name_and_count():
    from teilhabe.bridge.legend_text import class_text
    from teilhabe.core.classes import ClassDef, ClassSet

    cross = ClassSet("gesamt", "Gesamt", "k", "", "", (ClassDef(21, "2+"),))
    assert class_text(cross, cross.classes[0], 36) == "2+ · 36"


# Renderer

def test_counts_and_colours(layer, classes):
    from teilhabe.bridge.class_style import class_style

    counts = class_style(layer, classes)
    assert counts.classes == {1: 1, 2: 2, 3: 1, 4: 1}
    assert counts.excluded == {"unter 300 Einwohner": 2, "Ausreißer": 1}
    assert (counts.missing, counts.total) == (1, 9)
    colours = [rule_of(layer, f"class_{value}").symbol().color().name() for value in (1, 2, 3, 4)]
    assert colours == ["#fbe9cf", "#efba83", "#d26345", "#76212d"]
    border = rule_of(layer, "class_4").symbol().symbolLayer(0)
    assert (border.strokeColor().name(), border.strokeWidth()) == ("#ffffff", 0.15)


def test_every_area_is_drawn_by_exactly_one_rule(layer, classes):
    from qgis.core import QgsExpression, QgsExpressionContext
    from teilhabe.bridge.class_style import class_style

    class_style(layer, classes)
    rules = layer.renderer().rootRule().children()
    for feature in layer.getFeatures():
        context = QgsExpressionContext()
        context.setFeature(feature)
        hits = [rule.ruleKey() for rule in rules
                if rule.filterExpression() != "ELSE" and QgsExpression(rule.filterExpression()).evaluate(context)]
        assert len(hits) == (0 if feature["gebiet_nr"] == "0109" else 1), feature["gebiet_nr"]


def test_missing_is_white_and_excluded_is_hatched(layer, classes):
    from teilhabe.bridge.class_style import class_style

    class_style(layer, classes)
    missing = rule_of(layer, "no_data").symbol()
    assert missing.symbolLayer(0).fillColor().name() == "#ffffff"
    assert missing.symbolLayer(1).color().name() == "#8c8c8c"
    layers = rule_of(layer, "excluded_0").symbol().symbolLayers()
    assert [each.layerType() for each in layers] == ["SimpleFill", "GeometryGenerator", "SimpleLine"]


def test_hatch_is_seen_on_the_map_and_in_the_legend(layer, classes):
    from qgis.PyQt.QtCore import QSize
    from teilhabe.bridge.class_style import class_style

    class_style(layer, classes)
    layer.setLabelsEnabled(False)
    image = draw(layer)
    hatched, white = (inside(image, column, row) for column, row in ((2, 1), (2, 2)))
    assert "#f4f4f4" in hatched
    assert is_hatched(hatched)
    assert white == {"#ffffff"}
    icon = rule_of(layer, "excluded_0").symbol().asImage(QSize(80, 40))
    assert is_hatched({icon.pixelColor(x, 20).name() for x in range(6, 74)})


def draw(layer):
    from qgis.core import QgsMapRendererSequentialJob, QgsMapSettings
    from qgis.PyQt.QtCore import QSize

    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(layer.crs())
    settings.setExtent(layer.extent())
    settings.setOutputSize(QSize(600, 600))
    settings.setOutputDpi(150)
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    return job.renderedImage()


def inside(image, column, row):
    """Return the colours of the middle of a square, 200 pixels a side, row 0 at the bottom."""
    return {image.pixelColor(column * 200 + x, 600 - row * 200 - y).name()
            for x in range(40, 160) for y in range(40, 160)}


def test_unknown_class_values_are_shown_and_counted(classes, german):
    from teilhabe.bridge.class_style import class_style

    layer = make_layer(classes, [*AREAS, ("0110", "Neu", 9, None)])
    counts = class_style(layer, classes)
    assert counts.other == {9: 1}
    assert "nicht in der Klassenliste · 1" in legend_texts(layer)


def test_missing_column_is_named(layer, classes):
    from dataclasses import replace

    from teilhabe.bridge.class_style import class_style
    from teilhabe.core.messages import TeilhabeError

    with pytest.raises(TeilhabeError, match="“Gebiete” has no field “weg”"):
        class_style(layer, replace(classes, column="weg"))


def test_reasons_with_quotes_keep_their_rule(classes):
    from teilhabe.bridge.class_style import class_style

    layer = make_layer(classes, [("1", "A", None, "Sperrung 'intern'")])
    class_style(layer, classes)
    layer.setLabelsEnabled(False)
    image = draw(layer)
    assert is_hatched({image.pixelColor(x, 300).name() for x in range(100, 500)})


def is_hatched(colours):
    """Say whether the hatch's grey #a8a8a8 is there, or nearly so where its edge is smoothed."""
    return "#a8a8a8" <= min(colours) <= "#b8b8b8"


# Labels

def test_light_ink_on_dark_classes_only(layer, classes):
    from qgis.core import QgsExpressionContext, QgsPalLayerSettings
    from teilhabe.bridge.class_style import class_style

    class_style(layer, classes)
    settings = layer.labeling().settings()
    properties = settings.dataDefinedProperties()
    ink = properties.property(QgsPalLayerSettings.Color)
    inks = {}
    for feature in layer.getFeatures():
        context = QgsExpressionContext()
        context.setFeature(feature)
        context.setFields(layer.fields())
        inks[feature["gebiet_nr"]] = ink.valueAsString(context)[0]
    assert inks["0101"] == inks["0102"] == inks["0106"] == "#1c1c1c"
    assert inks["0105"] == "#ffffff"


def test_label_kinds(layer, classes):
    from teilhabe.bridge.area_labels import LabelSpec
    from teilhabe.bridge.class_style import class_style

    expressions = {}
    for kind in ("name", "key", "number"):
        class_style(layer, classes, label=LabelSpec(kind, "gebiet_name", "gebiet_nr"))
        expressions[kind] = layer.labeling().settings().fieldName
    assert expressions == {"name": '"gebiet_name"', "key": '"gebiet_nr"', "number": '"gebiet_nr"'}
    class_style(layer, classes, label=LabelSpec("none"))
    assert not layer.labelsEnabled()


def test_long_keys_become_running_numbers(classes):
    from qgis.core import QgsExpression, QgsExpressionContext, QgsExpressionContextUtils
    from teilhabe.bridge.area_labels import LabelSpec
    from teilhabe.bridge.class_style import class_style

    layer = make_layer(classes, [("04300412", "C", 1, None), ("01100101", "A", 1, None), ("02200205", "B", 1, None)])
    class_style(layer, classes, label=LabelSpec("number", "gebiet_name", "gebiet_nr"))
    expression = QgsExpression(layer.labeling().settings().fieldName)
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    numbers = {}
    for feature in layer.getFeatures():
        context.setFeature(feature)
        numbers[feature["gebiet_name"]] = expression.evaluate(context)
    assert numbers == {"A": 1, "B": 2, "C": 3}


def test_area_fields_are_found(layer):
    from teilhabe.bridge.class_sets import area_fields
    from teilhabe.bridge.project import set_provenance

    assert area_fields(layer) == ("gebiet_nr", "gebiet_name")
    set_provenance(layer, {"recipe": '{"area_key": "gebiet_name", "area_name": "status_name"}'})
    assert area_fields(layer) == ("gebiet_name", "status_name")


# Algorithm

def test_algorithm_styles_and_keeps_the_style_before(layer, classes, provider, new_project):
    new_project.addMapLayer(layer)
    before = layer.renderer().type()
    outputs, _ = run(provider, INPUT=layer)
    assert outputs["OUTPUT"] == layer.id()
    assert layer.renderer().type() == "RuleRenderer"
    assert layer.styleManager().currentStyle() == "Status-Index"
    layer.styleManager().setCurrentStyle("default")
    assert layer.renderer().type() == before


def test_styling_again_keeps_changes_by_hand(layer, provider, new_project):
    new_project.addMapLayer(layer)
    run(provider, INPUT=layer)
    layer.setOpacity(0.5)
    run(provider, INPUT=layer)
    assert sorted(layer.styleManager().styles()) == ["Status-Index", "Status-Index (before)", "default"]
    layer.styleManager().setCurrentStyle("Status-Index (before)")
    assert layer.opacity() == 0.5


def test_class_set_is_chosen_by_its_id(layer, classes, provider, new_project):
    from dataclasses import replace

    from teilhabe.bridge.project import set_class_sets
    from teilhabe.core.messages import TeilhabeError

    other = replace(classes, id="zweiter", title="Zweiter")
    set_class_sets(layer, [classes.to_dict(), other.to_dict()])
    new_project.addMapLayer(layer)
    run(provider, INPUT=layer, CLASS_SET="zweiter")
    assert layer.styleManager().currentStyle() == "Zweiter"
    from qgis.core import QgsProcessingException
    with pytest.raises((TeilhabeError, QgsProcessingException), match="It has: status, zweiter"):
        run(provider, INPUT=layer, CLASS_SET="dritter")


def test_any_class_field_can_be_styled(provider, new_project):
    layer = make_layer(None)
    new_project.addMapLayer(layer)
    run(provider, INPUT=layer, CLASS_FIELD="status_klasse", PALETTE=5, REVERSE=True, LABELS=0)
    colours = [rule_of(layer, f"class_{value}").symbol().color().name() for value in (1, 2, 3, 4)]
    assert colours == ["#014163", "#037f86", "#6cbc83", "#f4e8c3"]
    assert not layer.labelsEnabled()


def test_text_classes_can_be_styled(provider, new_project):
    layer = make_layer(None)
    new_project.addMapLayer(layer)
    layer.startEditing()
    position = layer.fields().lookupField("status_name")
    for feature in layer.getFeatures():
        layer.changeAttributeValue(feature.id(), position, {1: "hoch", 4: "sehr niedrig"}.get(feature["status_klasse"]))
    layer.commitChanges()
    run(provider, INPUT=layer, CLASS_FIELD="status_name")
    assert legend_texts(layer)[:2] == ["hoch · 1", "sehr niedrig · 1"]
    assert rule_of(layer, "class_sehr niedrig").symbol().color().name() == "#76212d"


def test_a_key_is_no_class_field(provider, new_project):
    from qgis.core import QgsProcessingException
    from teilhabe.core.messages import TeilhabeError

    layer = make_layer(None, [(f"{n:04d}", f"G{n}", 1, None) for n in range(40)])
    new_project.addMapLayer(layer)
    with pytest.raises((TeilhabeError, QgsProcessingException), match="more than 30 different values"):
        run(provider, INPUT=layer, CLASS_FIELD="gebiet_nr")


def test_style_survives_in_another_project(layer, classes, provider, new_project, tmp_path):
    from qgis.core import QgsVectorFileWriter, QgsVectorLayer

    path = tmp_path / "index.gpkg"
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.layerName = "index"
    QgsVectorFileWriter.writeAsVectorFormatV3(layer, str(path), new_project.transformContext(), options)
    written = QgsVectorLayer(f"{path}|layername=index", "index", "ogr")
    from teilhabe.bridge.project import set_class_sets
    set_class_sets(written, [classes.to_dict()])
    new_project.addMapLayer(written)
    run(provider, INPUT=written, SAVE_DEFAULT=True)
    texts = legend_texts(written)
    new_project.clear()

    again = QgsVectorLayer(f"{path}|layername=index", "index", "ogr")
    assert legend_texts(again) == texts
    assert rule_of(again, "class_4").symbol().color().name() == "#76212d"
    assert again.labelsEnabled()
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT styleName, useAsDefault FROM layer_styles").fetchall() == [("Status-Index", 1)]


def test_style_file_can_be_loaded_elsewhere(layer, classes, provider, new_project, tmp_path):
    new_project.addMapLayer(layer)
    path = tmp_path / "status.qml"
    outputs, _ = run(provider, INPUT=layer, QML=str(path))
    assert outputs["QML"] == str(path)
    other = make_layer(classes)
    _, loaded = other.loadNamedStyle(str(path))
    assert loaded
    assert legend_texts(other) == legend_texts(layer)


@pytest.mark.parametrize(("palette", "column", "values"), [
    ("status", "status_klasse", (1, 2, 3, 4)), ("dynamik", "dynamik_klasse", (1, 3, 5)),
    ("teilhabe", "teilhabe_klasse", (1, 2, 3, 4, 5)),
])
def test_shipped_styles_are_in_step_with_the_colours(palette, column, values):
    from qgis.core import QgsVectorLayer

    layer = QgsVectorLayer(f"Polygon?field={column}:integer&field=ausschluss:string", palette, "memory")
    _, loaded = layer.loadNamedStyle(str(ROOT / "styles" / f"{palette}.qml"))
    assert loaded
    named = palettes()[0][palette]
    assert [rule_of(layer, f"class_{value}").symbol().color().name() for value in values] == named
    assert [rule_of(layer, f"class_{value}").filterExpression() for value in values] == [
        f'"{column}" = {value}' for value in values]
    assert legend_texts(layer)[-2:] == ["ausgeschlossen", "k. A."]


def test_berlins_published_classes(berlin, german):
    import pandas as pd
    from qgis.core import QgsFeature, QgsVectorLayer
    from teilhabe.bridge.class_style import class_style
    from teilhabe.core.classes import ClassDef, ClassSet

    published = pd.read_csv(berlin / "mss_2021_indizes.csv", dtype={"PLR_ID": str}).set_index("PLR_ID")
    areas = QgsVectorLayer(str(berlin / "planungsraeume_2021.gpkg"), "a", "ogr")
    layer = QgsVectorLayer("MultiPolygon?crs=EPSG:25833&field=PLR_ID:string&field=status_klasse:integer", "b", "memory")
    features = []
    for area in areas.getFeatures():
        row = published.loc[area["PLR_ID"]]
        feature = QgsFeature(layer.fields())
        feature.setAttributes([area["PLR_ID"], int(row.SI_N) if row.KOM == "gültig" else None])
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    class_style(layer, ClassSet("s", "S", "status_klasse", "", "", (
        ClassDef(1, "hoch", upper=-1.0), ClassDef(2, "mittel", lower=-1.0, upper=1.0),
        ClassDef(3, "niedrig", lower=1.0, upper=1.5), ClassDef(4, "sehr niedrig", lower=1.5))))
    assert legend_texts(layer) == [
        "hoch (≤ −1) · 75", "mittel (> −1 bis 1) · 366", "niedrig (> 1 bis 1,5) · 46", "sehr niedrig (> 1,5) · 49",
        "k. A. · 6",
    ]


def test_classes_of_another_version_are_said(layer):
    from teilhabe.bridge.class_sets import choose_class_set
    from teilhabe.core.messages import TeilhabeError

    layer.setCustomProperty("teilhabe/classes", '[{"id": "status", "titel": "neu"}]')
    with pytest.raises(TeilhabeError, match="The classes stored with the layer “Gebiete” cannot be read"):
        choose_class_set(layer)
