"""The window for supply and gaps: what it guesses, what it asks of the algorithms, and what it says afterwards."""
import pytest

from .dialog_helpers import cut_texts, english_left, messages, run, settle, wait_for
from .supply_helpers import CITY, city, city_layer, column, measured, offers_layer, people_table


@pytest.fixture
def clean(iface):
    """Forget what windows remember, and where files were."""
    from qgis.core import QgsSettings

    for group in ("teilhabe/supply", "teilhabe/join", "teilhabe/geocode"):
        QgsSettings().remove(group)
    yield
    QgsSettings().remove("teilhabe/supply")


@pytest.fixture
def opened(new_project, iface, provider, clean):
    """Return a function that opens the window."""
    windows = []

    def make():
        from teilhabe.gui.supply_dialog import SupplyDialog

        windows.append(SupplyDialog(iface))
        windows[-1].show()
        settle(50)
        return windows[-1]

    yield make
    for window in windows:
        window.close()
        window.deleteLater()
    settle(50)


def ticked(view):
    from qgis.PyQt.QtCore import Qt

    items = [view.item(row) for row in range(view.count())]
    return [item.text() for item in items if item.checkState() == Qt.CheckState.Checked]


def click_box(view, text, double=False):
    """Click the check box of an entry, or twice on its text."""
    from qgis.PyQt.QtCore import QPoint, Qt
    from qgis.PyQt.QtTest import QTest

    item = next(view.item(row) for row in range(view.count()) if view.item(row).text().startswith(text))
    view.scrollToItem(item)
    box = view.visualItemRect(item)
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    if double:
        middle = box.left() + 60
        QTest.mouseClick(view.viewport(), left, none, QPoint(middle, box.center().y()))
        QTest.mouseDClick(view.viewport(), left, none, QPoint(middle, box.center().y()))
    else:
        QTest.mouseClick(view.viewport(), left, none, QPoint(box.left() + 9, box.center().y()))


def test_everything_is_guessed_from_located_offers(new_project, opened):
    layers = city(new_project)
    dialog = opened()
    form = dialog.form
    assert form.layer.currentLayer().id() == layers["offers"].id()
    assert (form.kind_field.currentField(), form.capacity.currentField()) == ("Angebotsart", "Plätze")
    assert form.kinds.item(0).text() == "Kita (77)"
    assert form.kinds.count() == 12
    assert ticked(form.kinds) == ["Kita (77)"]
    assert form.people.currentLayer().id() == layers["people"].id()
    assert ticked(form.fields) == ["unter 3", "3 bis 5"]
    assert (form.group.text(), form.year.currentText()) == ("children under 6", "2025")
    assert form.points.currentLayer().id() == layers["homes"].id()
    assert form.areas.currentLayer().id() == layers["areas"].id()
    assert form.network.currentLayer().id() == layers["streets"].id()
    assert (form.limits.text(), form.standard.currentText()) == ("500; 700; 1000", "700 m")
    assert (dialog.problem(), dialog.run_button.isEnabled()) == ("", True)


def test_run_tells_the_numbers_of_the_algorithms(new_project, opened):
    layers = city(new_project)
    dialog = opened()
    dialog.form.with_report.setChecked(False)
    run(dialog, 120)
    text = messages(dialog.frame.bar)[0]
    result, outputs = measured(layers)
    layer = new_project.mapLayer(result)
    without = [round(sum(column(layer, f"unversorgt_{limit}"))) for limit in (700, 500, 1000)]
    assert text.startswith(f"{without[0]:,} children under 6 without Kita within 700 m "
                           f"(500 m: {without[1]:,}; 1,000 m: {without[2]}); ")
    assert "coverage gaps" in text
    assert outputs["UNREACHED"] == pytest.approx(without[1], abs=0.5)
    assert 0 < without[2] < without[0] < without[1] < 14_992
    from teilhabe.bridge.project import role_of

    roles = [role_of(each) for each in new_project.mapLayers().values()]
    assert {"supply", "need_supply", "gaps"} <= set(roles)
    shown = {role_of(node.layer()): node.itemVisibilityChecked()
             for node in new_project.layerTreeRoot().findGroup("Teilhabe").findLayers() if node.layer().id() != result}
    assert (shown["supply"], shown["need_supply"], shown["gaps"]) == (False, True, True)


def test_target_group_follows_the_type_until_fields_are_ticked(new_project, opened):
    city(new_project)
    dialog = opened()
    form = dialog.form
    click_box(form.kinds, "Seniorentreff", double=True)
    assert ticked(form.kinds)[0].startswith("Seniorentreff")
    assert len(ticked(form.kinds)) == 1
    assert (ticked(form.fields), form.group.text()) == (["65 bis 79", "80 und älter"], "people from 65")
    click_box(form.kinds, "Jugendtreff", double=True)
    assert ticked(form.fields) == ["10 bis 14", "15 bis 17"]
    click_box(form.fields, "18 bis 26")
    assert ticked(form.fields) == ["10 bis 14", "15 bis 17", "18 bis 26"]
    assert form.group.text() == "people from 10 to 26"
    form.limits.setText("300")
    assert ticked(form.fields) == ["10 bis 14", "15 bis 17", "18 bis 26"]


def test_name_given_by_hand_stays(new_project, opened):
    from qgis.PyQt.QtTest import QTest

    city(new_project)
    form = opened().form
    form.group.clear()
    QTest.keyClicks(form.group, "Kleine")
    click_box(form.fields, "6 bis 9")
    assert form.group.text() == "Kleine"


def test_several_types_are_ticked_together(new_project, opened):
    city(new_project)
    dialog = opened()
    click_box(dialog.form.kinds, "Jugendtreff")
    assert set(dialog.settings().parameters()["KINDS"].split("; ")) == {"Kita", "Jugendtreff"}
    for kind in ("Kita", "Jugendtreff"):
        click_box(dialog.form.kinds, kind)
    assert dialog.problem() == "Tick at least one type of offer."


def test_parameters_of_both_algorithms(new_project, opened):
    layers = city(new_project)
    dialog = opened()
    dialog.form.quota.setValue(45)
    dialog.form.limits.setText("1000 ;500; 700")
    asked = dialog.settings()
    supply, gaps = asked.parameters(), asked.gap_parameters()
    assert (supply["LIMITS"], supply["CATCHMENT"]) == ("500; 700; 1000", 700)
    assert gaps["LIMITS"] == "700; 500; 1000"
    for parameters in (supply, gaps):
        assert parameters["OFFERS"] == layers["offers"].id()
        assert (parameters["KINDS"], parameters["QUOTA"], parameters["WAYS"]) == ("Kita", 45, 0)
        assert (parameters["PEOPLE_YEAR"], parameters["YEAR"]) == ("Jahr", "2025")
        assert "INDEX" not in parameters


def test_network_asks_for_lines_and_speaks_of_minutes(new_project, opened):
    layers = city(new_project)
    dialog = opened()
    form = dialog.form
    assert not form.network.isVisible()
    form.ways.setCurrentIndex(3)
    assert form.network.isVisible()
    assert (form.limits.text(), form.standard.currentText(), form.unit.text()) == ("5; 10; 15", "10 min", "min")
    assert dialog.settings().parameters()["NETWORK"] == layers["streets"].id()
    new_project.removeMapLayer(layers["streets"].id())
    settle(50)
    dialog.refresh()
    assert "no layer of lines" in dialog.problem()
    form.ways.setCurrentIndex(1)
    assert (form.limits.text(), form.detour.isVisible(), dialog.problem()) == ("500; 700; 1000", True, "")
    form.limits.setText("500; weit")
    assert dialog.problem().startswith("Enter up to which distance")


def test_says_what_is_missing(new_project, opened):
    dialog = opened()
    assert "no layer of points" in dialog.problem()
    offers_layer(new_project)
    wait_for(lambda: "no layer of points" not in dialog.frame.problem.text())
    assert "no polygon layer" in dialog.problem()
    city_layer(new_project, "gebiete", "areas")
    settle(50)
    dialog.refresh()
    assert not dialog.run_button.isEnabled()
    people_table(new_project)
    wait_for(lambda: dialog.problem() == "")


def test_people_in_a_file_come_into_the_project_with_the_run(new_project, opened):
    from qgis.core import QgsSettings

    QgsSettings().setValue("teilhabe/join/folder", str(CITY))
    for table, role in (("gebiete", "areas"), ("adressen", "register")):
        city_layer(new_project, table, role)
    offers_layer(new_project)
    dialog = opened()
    assert dialog.form.people.currentText() == "einwohner_alter.csv"
    assert ticked(dialog.form.fields) == ["unter 3", "3 bis 5"]
    assert not new_project.mapLayersByName("einwohner_alter")
    table = dialog.settings().parameters()["PEOPLE"]
    assert [layer.id() for layer in new_project.mapLayersByName("einwohner_alter")] == [table]
    assert dialog.form.people.currentLayer().id() == table


def test_without_homes_a_grid(new_project, opened):
    city_layer(new_project, "gebiete", "areas")
    people_table(new_project)
    offers_layer(new_project)
    dialog = opened()
    assert dialog.form.points.currentText() == "a grid inside the areas"
    assert dialog.settings().parameters()["POINTS"] is None


def test_german_fits_and_is_complete(new_project, german, opened):
    city(new_project)
    dialog = opened()
    assert dialog.windowTitle() == "Versorgung und Lücken"
    assert (dialog.width() <= 1000, dialog.height() <= 580) == (True, True)
    for way in range(4):
        dialog.form.ways.setCurrentIndex(way)
        settle(30)
        assert english_left(dialog) == []
        assert cut_texts(dialog) == []
    assert dialog.form.group.text() == "Kinder unter 6"
    dialog.form.advanced_group.setCollapsed(False)
    settle(50)
    assert english_left(dialog) == []


def test_project_cleared_while_open(new_project, opened):
    city(new_project)
    dialog = opened()
    new_project.clear()
    settle(100)
    dialog.refresh()
    assert not dialog.run_button.isEnabled()


def test_a_register_file_with_several_tables_gives_its_longest_table_of_points(provider, new_project, tmp_path):
    import processing
    from qgis.core import QgsVectorLayer
    from teilhabe.bridge.project_registers import set_project_registers
    from teilhabe.core.addresses.register_source import RegisterSource
    from teilhabe.gui.supply_layers import guess_homes

    path = tmp_path / "register.gpkg"
    for name, kind, count in (("strassen", "LineString", 9), ("eingaenge", "Point", 3), ("adressen", "Point", 7)):
        layer = QgsVectorLayer(f"{kind}?crs=EPSG:25832&field=nr:integer", name, "memory")
        end = "" if kind == "Point" else ", 1 1"
        add_rows(layer, [f"{kind}({row} 0{end})" for row in range(count)])
        processing.run("native:multiparttosingleparts", {
            "INPUT": layer, "OUTPUT": f"ogr:dbname='{path}' table=\"{name}\" (geom)"})
    set_project_registers(new_project, [RegisterSource(str(path))])
    homes = guess_homes()
    assert homes is not None and homes.featureCount() == 7 and "adressen" in homes.source()


def add_rows(layer, shapes):
    from qgis.core import QgsFeature, QgsGeometry

    for number, shape in enumerate(shapes):
        feature = QgsFeature(layer.fields())
        feature.setAttributes([number])
        feature.setGeometry(QgsGeometry.fromWkt(shape))
        layer.dataProvider().addFeature(feature)
