"""Committee maps: placing, labels, texts, the four pages as PDF, and layouts that stay editable."""
import json
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

pytestmark = pytest.mark.usefixtures("qgis_app")

ROOT = Path(__file__).resolve().parents[2]
PAGES = {"a3_landscape": (420, 297), "a3_portrait": (297, 420), "a4_landscape": (297, 210), "a4_portrait": (210, 297)}
TITLE = "Größter Bedarf nach Gebieten"


@pytest.fixture
def classes():
    from teilhabe.core.classes import ClassDef, ClassSet

    return ClassSet("status", "Status-Index", "status_klasse", "", "", (
        ClassDef(1, "hoch", upper=-1.0), ClassDef(2, "mittel", lower=-1.0, upper=1.0),
        ClassDef(3, "niedrig", lower=1.0, upper=1.5), ClassDef(4, "sehr niedrig", lower=1.5),
    ))


@pytest.fixture
def layer(classes, new_project):
    """Return a city of 25 squares of 1 km, one excluded and one without data, in the project."""
    layer = make_city(5, 1000)
    from teilhabe.bridge.project import set_class_sets, set_provenance

    dynamics = {**classes.to_dict(), "id": "dynamik", "title": "Dynamik-Index", "column": "dynamik_klasse"}
    set_class_sets(layer, [classes.to_dict(), dynamics])
    set_provenance(layer, {
        "title": "Monitoring 2025", "source": "Amt für Statistik", "reference_date": "2025-12-31",
        "method": "z-Werte, Summe", "recipe": json.dumps({"area_key": "nr", "area_name": "name"}),
    })
    new_project.addMapLayer(layer)
    return layer


def make_city(count, side, crs="EPSG:25832", corner=(400000, 5700000)):
    from qgis.core import QgsFeature, QgsGeometry, QgsRectangle, QgsVectorLayer

    layer = QgsVectorLayer(f"Polygon?crs={crs}&field=nr:string&field=name:string&field=status_klasse:integer"
                           "&field=dynamik_klasse:integer&field=ausschluss:string", "Gebiete", "memory")
    features = []
    for number in range(count * count):
        feature = QgsFeature(layer.fields())
        value = None if number < 2 else number % 4 + 1
        reason = "unter 300 Einwohner" if number == 0 else None
        feature.setAttributes([f"{number:06d}", f"Gebiet {number}", value, value, reason])
        x, y = corner[0] + side * (number % count), corner[1] + side * (number // count)
        feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(x, y, x + side, y + side)))
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    return layer


def run(provider, **parameters):
    from qgis.core import QgsProcessingContext, QgsProcessingFeedback, QgsProject

    context, feedback = QgsProcessingContext(), QgsProcessingFeedback()
    context.setProject(QgsProject.instance())
    return provider.algorithm("printmap").create().processAlgorithm(parameters, context, feedback)


def tool(name, *arguments):
    if shutil.which(name) is None:
        raise RuntimeError(f"{name} is missing (Debian package poppler-utils)")
    return subprocess.run([name, *map(str, arguments)], check=True, stdout=subprocess.PIPE, text=True).stdout


def words(path):
    """Return the text of a PDF, with single blanks."""
    return " ".join(tool("pdftotext", "-layout", path, "-").split())


def rectangle(item):
    place, size = item.positionWithUnits(), item.sizeWithUnits()
    return place.x(), place.y(), place.x() + size.width(), place.y() + size.height()


# Placing

def test_round_scales():
    from teilhabe.bridge.map_fit import round_scale

    assert [round_scale(each) for each in (116234, 152900, 160000, 9990)] == [120000, 155000, 160000, 10000]


def test_scale_bar_segments_are_round_kilometres():
    from teilhabe.bridge.map_fit import round_segment

    assert [round_segment(each, 50) for each in (155000, 37000, 250000, 4000)] == [2, 0.5, 5, 0.1]


def test_a_square_fills_its_frame():
    from teilhabe.bridge.map_fit import fit_shape

    edge = np.linspace(0, 1000, 41)
    points = np.array([(x, y) for x in edge for y in (0, 1000)] + [(x, y) for x in (0, 1000) for y in edge])
    fit = fit_shape(points, 1.0, (210.0, 110.0), [], padding=5.0)
    assert fit.denominator == 10000
    assert (fit.x, fit.y) == (55.0, 5.0)


def test_the_shape_stays_clear_of_what_stands_there():
    from teilhabe.bridge.map_fit import Box, fit_shape

    edge = np.linspace(0, 1000, 81)
    points = np.array([(x, y) for x in edge for y in (0, 1000)] + [(x, y) for x in (0, 1000) for y in edge])
    fit = fit_shape(points, 1.0, (210.0, 110.0), [Box(100, 0, 110, 50)], padding=5.0)
    assert 1000 / fit.denominator * 1000 <= 95
    assert fit.x + 1e6 / fit.denominator <= 95 + 1e-6


def test_no_room_is_said():
    from teilhabe.bridge.map_fit import Box, fit_shape

    points = np.array([(0, 0), (1000, 1000), (0, 1000), (1000, 0)])
    assert fit_shape(points, 1.0, (100.0, 100.0), [Box(0, 0, 100, 100)]) is None


# Labels

def squares(side, names):
    from qgis.core import QgsGeometry, QgsRectangle
    from teilhabe.bridge.map_labels import Area

    return [Area(f"{number:08d}", name, QgsGeometry.fromRect(QgsRectangle(0, side * number, side, side * (number + 1))))
            for number, name in enumerate(names)]


def spec(**values):
    from teilhabe.bridge.area_labels import LabelSpec

    return LabelSpec(name_field="name", key_field="nr", **values)


def test_names_as_large_as_all_fit():
    from teilhabe.bridge.map_labels import INSIDE, print_labels, text_width

    just_seven = text_width("Altstadt", 7.5) * INSIDE / 1000
    wide = print_labels(squares(1000, ["Altstadt", "Hafen"]), spec(), 0.03, False, False)
    narrow = print_labels(squares(1000, ["Altstadt", "Hafen"]), spec(), just_seven, False, False)
    assert (wide.spec.size, wide.spec.numbers, wide.key_list) == (9, (), ())
    assert (narrow.spec.size, narrow.spec.numbers, narrow.key_list) == (7, (), ())


def test_numbers_only_where_names_do_not_fit():
    from teilhabe.bridge.map_labels import print_labels

    labels = print_labels(squares(1000, ["Unterliederbach", "Au", "Oberrad-Gerbermühle"]), spec(), 0.012, False, False)
    assert labels.key_list == ("1  Oberrad-Gerbermühle", "2  Unterliederbach")
    assert labels.spec.numbers == (("00000002", "1"), ("00000000", "2"))


def test_short_keys_stand_for_themselves():
    from teilhabe.bridge.map_labels import print_labels

    labels = print_labels(squares(1000, ["Unterliederbach", "Au"]), spec(), 0.012, True, False)
    assert labels.key_list == ("00000000  Unterliederbach",)


def test_very_many_small_areas_are_left_to_the_districts():
    from teilhabe.bridge.map_labels import print_labels

    areas = squares(100, [f"Unterliederbach {number}" for number in range(91)])
    assert print_labels(areas, spec(), 0.01, False, True).spec.kind == "none"
    alone = print_labels(areas, spec(), 0.01, False, False)
    assert (alone.spec.kind, alone.spec.everywhere, alone.key_list) == ("name", False, ())


def test_key_list_in_even_columns():
    from teilhabe.bridge.map_labels import columns_of

    assert columns_of(("a", "b", "c", "d", "e"), 2) == ["a\nb\nc", "d\ne"]
    assert columns_of(("a",), 3) == ["a"]


# Pages

@pytest.mark.parametrize("page", sorted(PAGES))
def test_page_as_pdf(page, layer, provider, new_project, tmp_path, german):
    path = tmp_path / f"{page}.pdf"
    outputs = run(provider, INPUT=layer, CLASS_SET="status", PAGE=list(PAGES).index(page), TITLE=TITLE,
                  OUTPUT_PDF=str(path))
    assert outputs["OUTPUT_PDF"] == str(path)
    information = tool("pdfinfo", path)
    assert re.search(r"Pages: +1\n", information)
    assert re.search(rf"Title: +{TITLE}\n", information)
    width, height = map(float, re.search(r"Page size: +([\d.]+) x ([\d.]+) pts", information).groups())
    assert (width * 25.4 / 72, height * 25.4 / 72) == pytest.approx(PAGES[page], abs=0.5)
    assert len(tool("pdfimages", "-list", path).splitlines()) == 2  # the heading only
    text = words(path)
    for expected in (TITLE, "Monitoring 2025", "Quelle: Amt für Statistik · Stand: 31.12.2025",
                     "Methode: z-Werte, Summe", "Klasse (Indexwert) · Gebiete, n = 25", "hoch (≤ −1) · 6",
                     "mittel (> −1 bis 1) · 5", "niedrig (> 1 bis 1,5) · 6", "sehr niedrig (> 1,5) · 6",
                     "ausgeschlossen: unter 300 Einwohner · 1", "k. A. · 1", "Maßstab 1 :", "km", "Gebiet 24"):
        assert expected in text
    assert re.search(r"Erstellt am \d\d\.\d\d\.\d{4}", text)
    left, top, right, bottom = rectangle(new_project.layoutManager().printLayouts()[0].itemById("legend"))
    assert bottom - top >= 35  # six entries; drawing it has not changed the size it was placed with
    assert bottom <= PAGES[page][1] - 10
    assert right <= PAGES[page][0] - 10 + 0.01
    fonts = tool("pdffonts", path).splitlines()[2:]
    assert fonts
    assert all(re.search(r" yes (yes|no) +(yes|no) ", line) for line in fonts)


@pytest.mark.parametrize("page", sorted(PAGES))
def test_page_is_well_used(page, layer, classes, new_project):
    from qgis.core import QgsLayoutItem, QgsRectangle
    from teilhabe.bridge.layouts import make_layout

    layout = make_layout(new_project, layer, classes, page)
    width, height = PAGES[page]
    map_item = layout.itemById("map")
    size = map_item.sizeWithUnits()
    assert size.width() * size.height() >= width * height * 2 / 3
    for item in layout.items():
        if isinstance(item, QgsLayoutItem) and item.id():
            left, top, right, bottom = rectangle(item)
            assert left >= 10 - 0.01, item.id()
            assert top >= 10 - 0.01, item.id()
            assert right <= width - 10 + 0.01, item.id()
            assert bottom <= height - 10 + 0.01, item.id()
    city = layer.extent()
    extent = map_item.extent()
    assert extent.contains(city)
    unit = size.width() / extent.width()
    assert max(city.width() * unit / size.width(), city.height() * unit / size.height()) >= 0.7
    for name in ("legend", "scalebar", "north_arrow", "scale"):
        left, top, right, bottom = rectangle(layout.itemById(name))
        place = map_item.positionWithUnits()
        on_map = QgsRectangle(
            extent.xMinimum() + (left - place.x()) / unit, extent.yMaximum() - (bottom - place.y()) / unit,
            extent.xMinimum() + (right - place.x()) / unit, extent.yMaximum() - (top - place.y()) / unit)
        assert not on_map.intersects(city), name


def test_sizes_of_the_texts():
    for page in PAGES:
        template = (ROOT / "resources" / "layouts" / f"committee_{page}.qpt").read_text(encoding="utf-8")
        sizes = {}
        for item in re.findall(r"<LayoutItem [^>]*>.*?</LayoutItem>", template, re.S):
            name = re.search(r' id="([^"]*)"', item).group(1)
            font = re.search(r'<LabelFont [^>]*description="[^,]*,([\d.]+),', item)
            if font:
                sizes[name] = float(font.group(1))
        assert (sizes["title"], sizes["subtitle"], sizes["source"], sizes["date"]) == (18, 11, 7, 7)


def test_long_foot_lines_are_not_cut(layer, classes, new_project, tmp_path):
    from teilhabe.bridge.layout_export import export
    from teilhabe.bridge.layouts import make_layout
    from teilhabe.bridge.map_texts import MapTexts

    method = "Ein langer Satz zur Methode mit vielen Wörtern, " * 12 + "Ende."
    layout = make_layout(new_project, layer, classes, "a4_portrait", MapTexts(method=method))
    export(layout, str(tmp_path / "lang.pdf"))
    assert "Ende." in words(tmp_path / "lang.pdf")
    assert rectangle(layout.itemById("source"))[3] <= 287.01


def test_numbers_have_their_list(layer, provider, tmp_path, new_project):
    run(provider, INPUT=layer, PAGE=0, LABELS=1, OUTPUT_PDF=str(tmp_path / "n.pdf"))
    text = words(tmp_path / "n.pdf")
    assert "10 Gebiet 9" in text
    layout = new_project.layoutManager().printLayouts()[0]
    assert [layout.itemById(f"keys_{number}").isVisible() for number in range(1, 5)].count(True) >= 1


def test_project_variables_fill_city_and_logo(layer, classes, new_project, tmp_path):
    from teilhabe.bridge.layout_export import export
    from teilhabe.bridge.layouts import make_layout
    from teilhabe.bridge.map_texts import set_city

    logo = tmp_path / "wappen.svg"
    logo.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10">'
                    '<rect width="10" height="10" fill="#00ff00"/></svg>', encoding="utf-8")
    for file, present in (("ohne", False), ("mit", True)):
        if present:
            set_city(new_project, "Musterstadt", str(logo))
        layout = make_layout(new_project, layer, classes, "a4_portrait")
        export(layout, str(tmp_path / f"{file}.pdf"), str(tmp_path / f"{file}.png"), 72)
        assert ("Musterstadt" in words(tmp_path / f"{file}.pdf")) is present
        assert green(tmp_path / f"{file}.png") is present


def green(path):
    from qgis.PyQt.QtGui import QImage

    image = QImage(str(path))
    return any(image.pixelColor(x, y).name() == "#00ff00"
               for x in range(image.width() * 3 // 4, image.width()) for y in range(image.height() // 8))


def test_png_has_the_wanted_resolution(layer, provider, tmp_path):
    from qgis.PyQt.QtGui import QImage

    run(provider, INPUT=layer, PAGE=2, DPI=100, OUTPUT_PNG=str(tmp_path / "karte.png"))
    image = QImage(str(tmp_path / "karte.png"))
    assert (image.width(), image.height()) == pytest.approx((1169, 827), abs=1)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["karte.png"]


def test_two_maps_of_one_layer_keep_their_looks(layer, provider, new_project, tmp_path):
    before = layer.renderer().type()
    for index in ("status", "dynamik"):
        run(provider, INPUT=layer, CLASS_SET=index, OUTPUT_PDF=str(tmp_path / f"{index}.pdf"))
    assert layer.renderer().type() == before
    layouts = {layout.name(): layout for layout in new_project.layoutManager().printLayouts()}
    assert sorted(layouts) == ["Dynamik-Index", "Status-Index"]
    assert layer.styleManager().currentStyle() == "default"
    rule = "&quot;dynamik_klasse&quot; = 1"
    assert rule in printed_style(layer, layouts["Dynamik-Index"])
    assert rule not in printed_style(layer, layouts["Status-Index"])
    text = words(tmp_path / "dynamik.pdf")
    assert "Dynamik-Index" in text
    assert "Source: Amt für Statistik · Reference date: 31.12.2025" in text


def printed_style(layer, layout):
    """Return the style in which a layout's map draws the layer."""
    from qgis.core import QgsProject

    theme = layout.itemById("map").followVisibilityPresetName()
    return QgsProject.instance().mapThemeCollection().mapThemeStyleOverrides(theme)[layer.id()]


def test_same_name_replaces(layer, provider, new_project):
    for title in ("Erster", "Zweiter"):
        run(provider, INPUT=layer, TITLE=title, LAYOUT_NAME="Karte")
    assert [layout.name() for layout in new_project.layoutManager().printLayouts()] == ["Karte"]
    assert new_project.layoutManager().layoutByName("Karte").itemById("title").currentText() == "Zweiter"


def test_layout_can_be_edited_after_reopening_the_project(layer, classes, new_project, tmp_path):
    from qgis.core import QgsExpressionContextUtils, QgsVectorFileWriter, QgsVectorLayer
    from teilhabe.bridge.layout_export import export
    from teilhabe.bridge.layouts import make_layout

    options = QgsVectorFileWriter.SaveVectorOptions()
    options.layerName = "index"
    QgsVectorFileWriter.writeAsVectorFormatV3(layer, str(tmp_path / "a.gpkg"), new_project.transformContext(), options)
    written = QgsVectorLayer(f"{tmp_path / 'a.gpkg'}|layername=index", "index", "ogr")
    new_project.clear()
    new_project.addMapLayer(written)
    make_layout(new_project, written, classes, "a4_landscape", name="Karte")
    assert new_project.write(str(tmp_path / "p.qgz"))
    new_project.clear()
    assert new_project.read(str(tmp_path / "p.qgz"))
    layout = new_project.layoutManager().layoutByName("Karte")
    QgsExpressionContextUtils.setLayoutVariable(layout, "teilhabe_title", "Geänderter Titel")
    export(layout, str(tmp_path / "neu.pdf"))
    text = words(tmp_path / "neu.pdf")
    assert "Geänderter Titel" in text
    assert "sehr niedrig (> 1.5) · 6" in text
    assert len(tool("pdfimages", "-list", tmp_path / "neu.pdf").splitlines()) == 2


def test_changed_style_of_the_layer_is_printed(layer, classes, new_project):
    from qgis.PyQt.QtGui import QColor
    from teilhabe.bridge.class_style import class_style
    from teilhabe.bridge.layouts import make_layout

    class_style(layer, classes)
    layer.renderer().rootRule().children()[0].symbol().setColor(QColor("#123456"))
    layout = make_layout(new_project, layer, classes, "a4_portrait")
    assert "18,52,86,255" in printed_style(layer, layout)


def test_geographic_layers_get_a_metric_map(classes, new_project):
    from teilhabe.bridge.layouts import make_layout

    layer = make_city(3, 0.01, "EPSG:4326", (13.3, 52.5))
    new_project.addMapLayer(layer)
    layout = make_layout(new_project, layer, classes, "a4_portrait")
    assert layout.itemById("map").crs().authid() == "EPSG:25833"


def test_layer_without_reference_system_is_named(classes, new_project):
    from qgis.core import QgsCoordinateReferenceSystem
    from teilhabe.bridge.layouts import make_layout
    from teilhabe.core.messages import TeilhabeError

    layer = make_city(2, 1000)
    layer.setCrs(QgsCoordinateReferenceSystem())
    new_project.addMapLayer(layer)
    new_project.setCrs(QgsCoordinateReferenceSystem())
    with pytest.raises(TeilhabeError, match="“Gebiete” has no coordinate reference system"):
        make_layout(new_project, layer, classes)
    assert new_project.layoutManager().printLayouts() == []


def test_backgrounds_are_drawn_in_their_order(layer, new_project):
    from qgis.core import QgsVectorLayer
    from teilhabe.bridge.background import style_background
    from teilhabe.bridge.map_theme import drawing_order

    kinds = {"green": "Polygon", "water": "Polygon", "railway": "LineString", "district": "Polygon"}
    layers = {kind: QgsVectorLayer(f"{shape}?crs=EPSG:25832", kind, "memory") for kind, shape in kinds.items()}
    for kind, each in layers.items():
        style_background(each, kind)
    plain = QgsVectorLayer("Polygon?crs=EPSG:25832", "Umland", "memory")
    order = drawing_order(layer, [*layers.values(), plain])
    assert [each.name() for each in order] == ["district", "railway", "water", "green", "Gebiete", "Umland"]


def test_order_does_not_hang_on_the_layer_tree(layer, classes, new_project):
    from qgis.core import QgsVectorLayer
    from teilhabe.bridge.background import style_background
    from teilhabe.bridge.layouts import make_layout

    water = QgsVectorLayer("Polygon?crs=EPSG:25832", "Wasser", "memory")
    style_background(water, "water")
    new_project.addMapLayer(water, False)
    new_project.layerTreeRoot().addLayer(water)
    assert [each.name() for each in new_project.layerTreeRoot().layerOrder()] == ["Gebiete", "Wasser"]
    map_item = make_layout(new_project, layer, classes, "a4_portrait", background_layers=[water]).itemById("map")
    drawn = map_item.mapSettings(map_item.extent(), map_item.rect().size(), 96, True).layers()
    assert [each.name() for each in drawn] == ["Wasser", "Gebiete"]
    layer.setName("Index 2025")
    drawn = map_item.mapSettings(map_item.extent(), map_item.rect().size(), 96, True).layers()
    assert [each.name() for each in drawn] == ["Wasser", "Index 2025"]


def test_a_layer_outside_the_project_is_added(classes, new_project):
    from teilhabe.bridge.layouts import make_layout

    make_layout(new_project, make_city(3, 1000), classes)
    assert [each.name() for each in new_project.mapLayers().values()] == ["Gebiete"]


def test_file_layer_without_a_project(layer, classes, provider, new_project, tmp_path):
    """As qgis_process runs it: no project, and layers loaded without their style."""
    from qgis.core import (
        QgsProcessingContext,
        QgsProcessingFeedback,
        QgsVectorFileWriter,
        QgsVectorLayer,
    )
    from teilhabe.bridge.class_style import class_style
    from teilhabe.bridge.named_styles import save_as_default
    from teilhabe.bridge.project import class_sets_of, set_class_sets

    source = f"{tmp_path / 'a.gpkg'}|layername=index"
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.layerName = "index"
    QgsVectorFileWriter.writeAsVectorFormatV3(layer, str(tmp_path / "a.gpkg"), new_project.transformContext(), options)
    written = QgsVectorLayer(source, "index", "ogr")
    set_class_sets(written, class_sets_of(layer))
    class_style(written, classes)
    save_as_default(written, "Status-Index")
    new_project.clear()
    outputs = provider.algorithm("printmap").create().processAlgorithm(
        {"INPUT": source, "CLASS_SET": "dynamik", "OUTPUT_PDF": str(tmp_path / "d.pdf")},
        QgsProcessingContext(), QgsProcessingFeedback())
    assert outputs["LAYOUT"] == "Dynamik-Index"
    assert "Dynamik-Index" in words(tmp_path / "d.pdf")


# Failures

def test_a_failed_export_keeps_the_earlier_map(layer, provider, tmp_path, monkeypatch):
    from qgis.core import QgsLayoutExporter
    from teilhabe.bridge import layout_export
    from teilhabe.core.messages import TeilhabeError

    path = tmp_path / "karte.pdf"
    path.write_bytes(b"earlier")

    def broken(exporter, part, dpi):
        Path(part).write_bytes(b"half")
        return QgsLayoutExporter.FileError

    monkeypatch.setattr(layout_export, "_write_pdf", broken)
    with pytest.raises(Exception, match=r"karte\.pdf could not be written") as caught:
        run(provider, INPUT=layer, OUTPUT_PDF=str(path))
    assert isinstance(caught.value, TeilhabeError) or type(caught.value).__name__ == "QgsProcessingException"
    assert path.read_bytes() == b"earlier"
    assert [each.name for each in tmp_path.iterdir()] == ["karte.pdf"]


@pytest.mark.parametrize(("name", "writer"), [("karte.pdf", "_write_pdf"), ("karte.png", "_write_png")])
def test_half_a_file_does_not_replace_the_earlier_map(layer, provider, tmp_path, monkeypatch, name, writer):
    from teilhabe.bridge import layout_export

    path, write = tmp_path / name, getattr(layout_export, writer)
    path.write_bytes(b"earlier")

    def full_drive(exporter, part, dpi):
        result = write(exporter, part, dpi)
        Path(part).write_bytes(Path(part).read_bytes()[:4096])
        return result

    monkeypatch.setattr(layout_export, writer, full_drive)
    with pytest.raises(Exception, match=rf"There is not enough room for .*{name}"):
        run(provider, INPUT=layer, DPI=72, **{f"OUTPUT_{name[-3:].upper()}": str(path)})
    assert path.read_bytes() == b"earlier"


def test_a_name_that_is_too_long(layer, provider, tmp_path):
    name = "n" * 252 + ".pdf"
    with pytest.raises(Exception, match=f"/{name} could not be written") as error:
        run(provider, INPUT=layer, OUTPUT_PDF=str(tmp_path / name))
    assert ".part-" not in str(error.value)


def test_the_system_s_refusal_names_the_map(layer, tmp_path, monkeypatch, new_project, classes):
    from teilhabe.bridge import layout_export
    from teilhabe.bridge.layouts import make_layout

    def refuse(*_):
        raise PermissionError(13, "Permission denied", "karte.pdf.part")

    monkeypatch.setattr(layout_export.os, "replace", refuse)
    with pytest.raises(PermissionError) as error:
        layout_export.export(make_layout(new_project, layer, classes), str(tmp_path / "karte.pdf"))
    assert error.value.filename == str(tmp_path / "karte.pdf")


def test_title_of_the_project_is_left_alone(layer, provider, new_project, tmp_path):
    metadata = new_project.metadata()
    metadata.setTitle("Mein Projekt")
    new_project.setMetadata(metadata)
    run(provider, INPUT=layer, OUTPUT_PDF=str(tmp_path / "karte.pdf"))
    assert new_project.metadata().title() == "Mein Projekt"
    assert re.search(r"Title: +Status-Index\n", tool("pdfinfo", tmp_path / "karte.pdf"))


def test_targets_are_refused_before_a_layout_is_made(layer, provider, new_project, tmp_path):
    protected = tmp_path / "alt.pdf"
    protected.write_bytes(b"earlier")
    protected.chmod(0o444)
    same, folder = str(tmp_path / "k.pdf"), tmp_path / "ordner.pdf"
    folder.mkdir()
    for target, message in (
        ({"OUTPUT_PDF": str(protected)}, r"alt\.pdf is write-protected"),
        ({"OUTPUT_PDF": str(folder)}, r"ordner\.pdf is a folder"),
        ({"OUTPUT_PDF": same, "OUTPUT_PNG": same}, r"k\.pdf is chosen for the PDF and for the PNG"),
    ):
        with pytest.raises(Exception, match=message):
            run(provider, INPUT=layer, **target)
    assert protected.read_bytes() == b"earlier"
    assert new_project.layoutManager().printLayouts() == []


@pytest.mark.parametrize("shape", ["POINT(1 1)", "POLYGON EMPTY", "POLYGON((5 5, 5 5, 5 5, 5 5))", ""])
def test_layer_without_anything_to_draw_is_named(classes, new_project, shape):
    from qgis.core import QgsGeometry
    from teilhabe.bridge.layouts import make_layout
    from teilhabe.core.messages import TeilhabeError

    layer = make_city(2, 1000)
    layer.dataProvider().changeGeometryValues(
        {feature.id(): QgsGeometry.fromWkt(shape) for feature in layer.getFeatures()})
    with pytest.raises(TeilhabeError, match="The layer “Gebiete” has no areas to be drawn"):
        make_layout(new_project, layer, classes)


def test_areas_without_shape_do_not_stop_the_others(classes, new_project):
    from qgis.core import QgsGeometry
    from teilhabe.bridge.layouts import make_layout

    layer = make_city(2, 1000)
    first = next(layer.getFeatures())
    layer.dataProvider().changeGeometryValues({first.id(): QgsGeometry.fromWkt("POLYGON EMPTY")})
    assert make_layout(new_project, layer, classes).name() == "Status-Index"


def test_a_logo_that_cannot_be_shown_is_said(layer, provider, tmp_path):
    from qgis.core import QgsProcessingContext, QgsProject

    from .join_helpers import Log

    good, broken = tmp_path / "gut #1.svg", tmp_path / "kaputt.png"
    good.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>')
    broken.write_bytes(b"\x89PNG\r\n\x1a\nxxx")
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    for logo, said in ((good, False), (broken, True), (tmp_path / "weg.png", True)):
        log = Log()
        provider.algorithm("printmap").create().processAlgorithm({"INPUT": layer, "LOGO": str(logo)}, context, log)
        expected = [f"The logo {logo} is missing or no picture; its place stays empty."] if said else []
        assert log.warnings == expected


# Templates

def test_templates_are_what_the_script_makes(tmp_path):
    import os
    import sys

    folder = tmp_path / "layouts"
    folder.mkdir()
    for name in ("make_layouts.py", "north_arrow.svg"):
        shutil.copy(ROOT / "resources" / "layouts" / name, folder)
    subprocess.run([sys.executable, str(folder / "make_layouts.py")], check=True, capture_output=True,
                   env={**os.environ, "QT_QPA_PLATFORM": "offscreen"})
    for page in PAGES:
        made = (folder / f"committee_{page}.qpt").read_text(encoding="utf-8")
        shipped = (ROOT / "resources" / "layouts" / f"committee_{page}.qpt").read_text(encoding="utf-8")
        assert texts_of(made) == texts_of(shipped)


def texts_of(template):
    """Return what a template says and the sizes of its items; the rest differs from one QGIS version to the next."""
    return (sorted(re.findall(r'labelText="([^"]*)"', template)),
            sorted(re.findall(r'size="([\d.]+,[\d.]+,mm)"', template)))


@pytest.mark.parametrize("page", sorted(PAGES))
def test_template_loaded_by_hand_shows_no_errors(page, new_project):
    from teilhabe.bridge.layouts import load_template

    layout = load_template(new_project, page)
    layout.setName("Meine Karte")
    texts = {name: layout.itemById(name).currentText() for name in ("title", "subtitle", "source", "keys_1")}
    assert texts["title"] == "Meine Karte"
    assert texts["source"] == ""
    assert texts["keys_1"] == ""
