"""Addresses in the locator bar and as a geocoder of QGIS: found while typing, shown in the map, read only once."""
import json
import sys
import threading
from types import SimpleNamespace

import pandas as pd
import pytest

from .dialog_helpers import wait_for

ROWS = [("Ackerstraße", "1", "10115", 389000.0, 5820000.0, "0101"),
        ("Ackerstraße", "12a", "10115", 389400.0, 5820300.0, "0101"),
        ("Bergstraße", "5", "10117", 390000.0, 5821000.0, "0102")]
CSV = "Strasse;Hausnummer;PLZ;Rechtswert;Hochwert\n" + "".join(
    f"{street};{number};{postcode};{x:.2f};{y:.2f}\n".replace(".", ",")
    for street, number, postcode, x, y, _ in ROWS * 1)


def register(crs="EPSG:25833", coordinates=True, title="Amt"):
    from teilhabe.core.addresses.register_building import build_register

    frame = pd.DataFrame(ROWS, columns=["street", "number", "postcode", "x", "y", "area"])
    return build_register(frame if coordinates else frame.drop(columns=["x", "y"]), title, crs)


class Shelf:
    """A shelf that has its registers."""

    def __init__(self, *registers, fault=""):
        self.registers, self.fault, self.waited = list(registers), fault, 0

    def look(self):
        return bool(self.registers or self.fault)

    def wait(self, cancelled):
        self.waited += 1
        return self.registers

    def close(self):
        self.registers = []


def suggested(registers, *addresses, text=None):
    """What `suggest` gives for these addresses; negative numbers are streets."""
    register = registers[0]
    found = []
    for address in addresses:
        street = register.street[address] if address >= 0 else -address - 1
        found.append(SimpleNamespace(
            register=0, street=int(street), address=max(address, -1), score=90.0, grade=1, reasons=(),
            text=register.text(address) if address >= 0 else register.street_names[street],
            x=register.x[max(address, 0)], y=register.y[max(address, 0)],
            area=register.areas[register.area[max(address, 0)]]))
    return found


@pytest.fixture
def suggestions(monkeypatch):
    """Stand in for the search itself: what it is asked, and what it shall answer."""
    from teilhabe.core import addresses

    said = SimpleNamespace(asked=[], answer=(0,))

    def suggest(text, registers, most=10):
        said.asked.append((text, most, threading.current_thread()))
        return suggested(registers, *said.answer)

    module = SimpleNamespace(suggest=suggest)
    monkeypatch.setitem(sys.modules, "teilhabe.core.addresses.suggest", module)
    monkeypatch.setattr(addresses, "suggest", module, raising=False)
    return said


def kept(results):
    """Return a slot that keeps copies: QGIS hands out results that live as long as the signal."""
    from qgis.core import QgsLocatorResult

    return lambda result: results.append(QgsLocatorResult(result))


def search(locator, text, prefix=True, cancel=False):
    """Search as QGIS does, by a clone; return the results."""
    from qgis.core import QgsFeedback, QgsLocatorContext

    context, feedback, results = QgsLocatorContext(), QgsFeedback(), []
    context.usingPrefix = prefix
    clone = locator.clone()
    clone.resultFetched.connect(kept(results))
    assert clone.prepare(text, context) == []
    if cancel:
        feedback.cancel()
    clone.fetchResults(text, context, feedback)
    locator.last_clone = clone  # results point to it
    return results


@pytest.fixture
def canvas(iface, new_project):
    from qgis.core import QgsCoordinateReferenceSystem, QgsRectangle
    from qgis.PyQt.QtCore import QSize

    canvas = iface.mapCanvas()
    canvas.resize(QSize(600, 400))
    canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:25833"))
    canvas.setExtent(QgsRectangle(380000, 5810000, 400000, 5830000))
    return canvas


def make(iface, *registers, **settings):
    from teilhabe.gui.address_locator import AddressLocator

    return AddressLocator(iface, Shelf(*registers, **settings))


# the filter ---------------------------------------------------------------------------------------------------------


def test_name_and_prefix(iface, new_project):
    locator = make(iface)
    assert (locator.name(), locator.prefix(), locator.hasConfigWidget()) == ("teilhabe_addresses", "adr", False)
    assert len(locator.prefix()) >= 3  # shorter ones are for QGIS's own filters


def test_results_are_in_the_order_in_which_they_were_suggested(iface, new_project, suggestions):
    suggestions.answer = (1, 0, -2)
    results = search(make(iface, register()), " Ackerstr 1 ")
    assert [result.displayString for result in results] == [
        "Ackerstraße 12a, 10115", "Ackerstraße 1, 10115", "Bergstraße"]
    assert [result.description for result in results] == ["area 0101", "area 0101", "area 0101"]
    assert results[0].score > results[1].score > results[2].score > 0.9
    assert suggestions.asked[0][:2] == ("Ackerstr 1", 10)


def test_register_is_named_where_there_are_several(iface, new_project, suggestions):
    results = search(make(iface, register(), register(title="Kreis")), "Acker")
    assert results[0].description == "area 0101 · Amt"


@pytest.mark.parametrize("text, prefix, asked", [
    ("Ack", False, False), ("Acke", False, True), ("1234567", False, False), ("A", True, True), ("  ", True, False),
])
def test_search_without_prefix_begins_later(iface, new_project, suggestions, text, prefix, asked):
    locator = make(iface, register())
    assert bool(search(locator, text, prefix)) is asked
    assert bool(suggestions.asked) is asked


def test_cancelled_search_gives_nothing(iface, new_project, suggestions):
    locator = make(iface, register())
    assert search(locator, "Acker", cancel=True) == [] and suggestions.asked == []


def test_missing_register_and_faults_are_told_only_after_the_prefix(iface, new_project, suggestions):
    assert [each.displayString for each in search(make(iface), "Acker")] == ["The project has no address register"]
    assert search(make(iface), "Acker", prefix=False) == []
    told = search(make(iface, fault="datei.csv, row 3: …"), "Acker")
    assert [(each.displayString, each.description) for each in told] == [
        ("The address register cannot be read", "datei.csv, row 3: …")]
    make(iface).triggerResult(told[0])  # nothing to jump to


def test_german(iface, new_project, suggestions, german):
    locator = make(iface)
    assert locator.displayName() == "Adressen (Teilhabe)"
    assert search(locator, "Acker")[0].displayString == "Das Projekt hat kein Adressregister"


# jumping ------------------------------------------------------------------------------------------------------------


def test_house_is_shown_at_a_scale_at_which_houses_are_seen(iface, canvas, suggestions):
    locator = make(iface, register())
    locator.triggerResult(search(locator, "Acker")[0])
    assert canvas.center().distance(389000, 5820000) < 1
    assert canvas.scale() == pytest.approx(2000, rel=0.02)
    assert locator.mark.band is not None
    band = locator.mark.band.asGeometry()
    assert band.boundingBox().center().distance(389000, 5820000) < 1
    canvas.zoomScale(500)
    locator.triggerResult(search(locator, "Acker")[0])
    assert canvas.scale() == pytest.approx(500, rel=0.02)  # nearer is not undone
    locator.close()
    assert locator.mark.band is None


def test_street_is_shown_as_a_whole(iface, canvas, suggestions):
    suggestions.answer = (-1,)
    locator = make(iface, register())
    locator.triggerResult(search(locator, "Ackerstraße")[0])
    extent = canvas.extent()
    assert extent.contains(389000, 5820000) and extent.contains(389400, 5820300)
    assert min(extent.width() / 400, extent.height() / 300) == pytest.approx(1.3)
    locator.close()


def test_map_in_another_reference_system(iface, canvas, suggestions):
    from qgis.core import QgsCoordinateReferenceSystem

    canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
    locator = make(iface, register())
    locator.triggerResult(search(locator, "Acker")[0])
    assert canvas.center().distance(13.3641, 52.5188) < 0.001
    locator.close()


def area_layer(project):
    from qgis.core import QgsFeature, QgsGeometry, QgsVectorLayer

    layer = QgsVectorLayer("Polygon?crs=EPSG:25833&field=nr:string&field=name:string", "Gebiete", "memory")
    for key, left in (("0101", 389000), ("0102", 391000)):
        feature = QgsFeature(layer.fields())
        feature.setAttributes([key, "Gebiet " + key])
        feature.setGeometry(QgsGeometry.fromWkt(
            f"POLYGON(({left} 5820000, {left + 2000} 5820000, {left + 2000} 5822000, {left} 5822000, {left} 5820000))"))
        layer.dataProvider().addFeature(feature)
    layer.setCustomProperty("teilhabe/role", "areas")
    project.addMapLayer(layer)
    return layer


def test_register_without_coordinates_jumps_to_the_area(iface, canvas, new_project, suggestions):
    area_layer(new_project)
    suggestions.answer = (2,)
    locator = make(iface, register(crs="", coordinates=False))
    locator.triggerResult(search(locator, "Berg")[0])
    assert canvas.center().distance(392000, 5821000) < 1
    extent = canvas.extent()
    assert extent.contains(391000, 5820000) and min(extent.width(), extent.height()) == pytest.approx(2600)
    locator.close()


def test_area_that_the_project_lacks_is_told(iface, canvas, new_project, suggestions):
    iface.messageBar().clearWidgets()
    locator = make(iface, register(crs="", coordinates=False))
    locator.triggerResult(search(locator, "Acker")[0])
    assert "area 0101 is in no area layer" in iface.messageBar().currentItem().text()
    iface.messageBar().clearWidgets()


# registers of the project -------------------------------------------------------------------------------------------


@pytest.fixture
def register_file(tmp_path):
    path = tmp_path / "adressen.csv"
    path.write_text(CSV, encoding="utf-8")
    return path


def test_registers_are_kept_with_the_project(new_project, tmp_path):
    from teilhabe.bridge.project_registers import project_registers, set_project_registers
    from teilhabe.core.addresses.register_source import RegisterSource

    assert project_registers(new_project) == []
    folder = tmp_path / "a"
    folder.mkdir()
    (folder / "register.csv").write_text(CSV, encoding="utf-8")
    new_project.write(str(folder / "projekt.qgz"))
    sources = [RegisterSource(str(folder / "register.csv"), columns=(("street", "Straße"),), crs="EPSG:25833"),
               RegisterSource("/elsewhere/x.csv", place="Essen")]
    set_project_registers(new_project, sources)
    assert project_registers(new_project) == sources
    new_project.write()
    folder.rename(tmp_path / "b")  # project and register move together
    new_project.read(str(tmp_path / "b" / "projekt.qgz"))
    assert [source.path for source in project_registers(new_project)] == [
        str(tmp_path / "b" / "register.csv"), "/elsewhere/x.csv"]
    set_project_registers(new_project, [])
    assert project_registers(new_project) == []


def test_layer_with_the_role_stands_in(new_project):
    from teilhabe.bridge.project_registers import project_registers, set_project_registers
    from teilhabe.core.addresses.register_source import RegisterSource

    layer = area_layer(new_project)
    layer.setCustomProperty("teilhabe/role", "register")
    assert project_registers(new_project) == [RegisterSource("layer:" + layer.id(), title="Gebiete")]
    set_project_registers(new_project, [RegisterSource("layer:gone"), RegisterSource("/x.csv")])
    assert [source.path for source in project_registers(new_project)] == ["/x.csv"]


@pytest.mark.parametrize("text", ["no json", '{"path": 1}', '[{"pathh": "x"}]', "[3]", '[{"path": "x", "new": 1}]'])
def test_entries_of_another_version_are_left_out(new_project, text):
    from teilhabe.bridge.project_registers import project_registers

    new_project.writeEntry("teilhabe", "address_registers", text)
    assert project_registers(new_project) == []


def test_register_is_read_once_in_the_background_and_shared(iface, new_project, suggestions, register_file,
                                                            monkeypatch):
    from qgis.core import QgsLocator, QgsLocatorContext
    from teilhabe.bridge import registers
    from teilhabe.bridge.project_registers import set_project_registers
    from teilhabe.core.addresses.register_source import RegisterSource
    from teilhabe.gui.address_locator import AddressLocator

    opened = []
    original = registers.open_register

    def open_register(*arguments, **settings):
        opened.append(threading.current_thread())
        return original(*arguments, **settings)

    monkeypatch.setattr(registers, "open_register", open_register)
    set_project_registers(new_project, [RegisterSource(str(register_file), crs="EPSG:25833")])
    locator, filter, results = QgsLocator(), AddressLocator(iface), []
    locator.registerFilter(filter)
    locator.foundResult.connect(kept(results))
    finished = []
    locator.finished.connect(lambda: finished.append(1))
    assert opened == []  # nothing is read before somebody types
    for text in ("adr Ackerstr 1", "adr Ackerstr 12"):
        before = len(finished)
        locator.fetchResults(text, QgsLocatorContext())
        wait_for(lambda before=before: len(finished) > before)
    wait_for(lambda: len(results) == 2)
    assert len(opened) == 1 and opened[0] is not threading.main_thread()
    assert all(thread is not threading.main_thread() for _, _, thread in suggestions.asked)
    assert results[0].displayString == "Ackerstraße 1, 10115"
    assert json.loads(results[0].userData)["x"] == 389000.0
    new_project.clear()
    assert filter.shelf.registers == []
    filter.close()
    locator.deregisterFilter(filter)


def test_giving_up_while_the_register_is_read_returns_at_once(iface, new_project, suggestions, register_file,
                                                              monkeypatch):
    import time

    from teilhabe.bridge import registers
    from teilhabe.bridge.project_registers import set_project_registers
    from teilhabe.core.addresses.register_source import RegisterSource
    from teilhabe.gui.address_registers import RegisterShelf

    let_go = threading.Event()
    monkeypatch.setattr(registers, "open_register", lambda *_args, **_settings: let_go.wait(20))
    set_project_registers(new_project, [RegisterSource(str(register_file))])
    shelf = RegisterShelf()
    assert shelf.look()
    started = time.monotonic()
    assert shelf.wait(lambda: time.monotonic() > started + 0.2) == []
    assert time.monotonic() - started < 2
    let_go.set()
    shelf.close()


def test_changed_register_is_read_again(new_project, suggestions, register_file):
    import os

    from teilhabe.bridge.project_registers import set_project_registers
    from teilhabe.core.addresses.register_source import RegisterSource
    from teilhabe.gui.address_registers import RegisterShelf

    set_project_registers(new_project, [RegisterSource(str(register_file), crs="EPSG:25833")])
    shelf = RegisterShelf()
    shelf.look()
    wait_for(lambda: shelf.ready.is_set())
    assert shelf.fault == "" and len(shelf.registers[0]) == 3
    register_file.write_text(CSV + "Neue Straße;7;10115;389001,00;5820001,00\n", encoding="utf-8")
    os.utime(register_file, (1, 1))
    shelf.look()
    wait_for(lambda: shelf.ready.is_set())
    assert len(shelf.registers[0]) == 4
    register_file.unlink()
    shelf.look()
    wait_for(lambda: shelf.ready.is_set())
    assert shelf.registers == [] and "adressen.csv" in shelf.fault
    shelf.close()


# the geocoder -------------------------------------------------------------------------------------------------------


def geocode(geocoder, text):
    from qgis.core import QgsCoordinateTransformContext, QgsFeedback, QgsGeocoderContext

    return geocoder.geocodeString(text, QgsGeocoderContext(QgsCoordinateTransformContext()), QgsFeedback())


def test_geocoder_gives_the_register_s_address_with_its_grade(qgis_app):
    from qgis.core import QgsGeocoderInterface, QgsWkbTypes
    from teilhabe.bridge.address_geocoder import NAMES, RegisterGeocoder

    geocoder = RegisterGeocoder([register()])
    assert geocoder.flags() == QgsGeocoderInterface.Flag.GeocodesStrings
    assert geocoder.wkbType() == QgsWkbTypes.Point
    assert [field.name() for field in geocoder.appendedFields()] == list(NAMES)
    [found] = geocode(geocoder, "Ackerstr. 12 A")
    assert found.identifier().startswith("Ackerstraße 12a") and found.crs().authid() == "EPSG:25833"
    assert found.geometry().asPoint().distance(389400, 5820300) < 0.01
    assert found.additionalAttributes()["adr_stufe"] in (1, 2) and found.additionalAttributes()["adr_gebiet"] == "0101"
    assert found.viewport().contains(389400, 5820300) and found.group() == "Amt"


@pytest.mark.parametrize("text", ["", "   ", "Nirgendwo 3", "Postfach 1234", "x" * 100_000])
def test_geocoder_does_not_guess(qgis_app, text):
    from teilhabe.bridge.address_geocoder import RegisterGeocoder

    assert geocode(RegisterGeocoder([register()]), text) == []
    assert geocode(RegisterGeocoder([register(coordinates=False)]), "Ackerstr 1") == []
    assert geocode(RegisterGeocoder([]), "Ackerstr 1") == []


def test_geocoder_in_qgis_batch_geocoding(qgis_app, new_project):
    from qgis.analysis import QgsBatchGeocodeAlgorithm
    from qgis.core import QgsFeature, QgsProcessingContext, QgsProcessingFeedback, QgsVectorLayer
    from teilhabe.bridge.address_geocoder import RegisterGeocoder

    geocoder = RegisterGeocoder([register()])

    class Batch(QgsBatchGeocodeAlgorithm):
        def __init__(self):
            super().__init__(geocoder)

        def name(self):
            return "registergeocoder"

        def displayName(self):
            return "Register"

        def createInstance(self):
            return Batch()

    table = QgsVectorLayer("NoGeometry?field=adresse:string", "Liste", "memory")
    for text in ("Bergstr 5", "Nirgendwo 1"):
        feature = QgsFeature(table.fields())
        feature.setAttributes([text])
        table.dataProvider().addFeature(feature)
    new_project.addMapLayer(table)
    context, feedback = QgsProcessingContext(), QgsProcessingFeedback()
    context.setProject(new_project)
    algorithm = Batch()
    algorithm.initAlgorithm({})
    results, ok = algorithm.run({"INPUT": table, "FIELD": "adresse", "OUTPUT": "memory:"}, context, feedback)
    assert ok, feedback.textLog()
    rows = list(context.getMapLayer(results["OUTPUT"]).getFeatures())
    assert [bool(row.geometry() and not row.geometry().isNull()) for row in rows] == [True, False]
    assert rows[0]["adr_gefunden"].startswith("Bergstraße 5")


def test_geocoder_in_qgis_own_locator_filter(qgis_app, iface, canvas):
    from qgis.core import QgsFeedback, QgsLocatorContext
    from qgis.gui import QgsGeocoderLocatorFilter
    from teilhabe.bridge.address_geocoder import RegisterGeocoder

    geocoder = RegisterGeocoder([register()])
    filter, results = QgsGeocoderLocatorFilter("x", "X", "xxx", geocoder, canvas), []
    filter.resultFetched.connect(kept(results))
    filter.fetchResults("Ackerstr. 1", QgsLocatorContext(), QgsFeedback())
    assert [result.displayString[:13] for result in results] == ["Ackerstraße 1"]
    filter.triggerResult(results[0])
    assert canvas.extent().contains(389000, 5820000)


def test_typing_an_address_of_the_sample_city(iface, canvas, new_project):
    from teilhabe.gui.address_locator import AddressLocator
    from teilhabe.gui.sample_city import load_sample_city

    load_sample_city(iface)
    locator = AddressLocator(iface)
    canvas.setDestinationCrs(new_project.crs())
    assert locator.shelf.look()
    wait_for(lambda: locator.shelf.ready.is_set())
    assert [each.displayString for each in search(locator, "hafenstr 13A")] == ["Hafenstraße 13a, 43103"]
    results = search(locator, "Hafenst", prefix=False)
    assert results[0].displayString == "Hafenstraße"
    locator.triggerResult(results[0])
    assert 424000 < canvas.center().x() < 426000
    locator.close()
