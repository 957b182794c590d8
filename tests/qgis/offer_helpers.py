"""A small town with an address register, and lists of offers in it, for the tests of the windows that locate them."""
import json
from pathlib import Path

STREETS = ("Ackerstraße", "Ahornweg", "Bahnhofstraße", "Goethestraße", "Hafenstraße")
#: name, address as people write it
OFFERS = (
    ("Kita Nord", "Ackerstr. 3"), ("Kita Süd", "Bahnhofstraße 5"), ("Kita ohne Nummer", "Goethestraße"),
    ("Beratung", "Postfach 12 34"), ("Jugendtreff", "Hafenstr. 99"), ("Musikschule", "Ahornweg 2"),
    ("Sportverein", "Unbekannter Pfad 7"), ("Seniorentreff", "im Rathaus"),
)


def register_file(folder, name="adressen.csv", streets=STREETS, most=12):
    """Write a register: every street with the numbers 1…12, 20 m apart, streets 500 m apart."""
    rows = ["id;strasse;hausnummer;plz;ost;nord"]
    for s, street in enumerate(streets):
        rows += [f"{s * 100 + n};{street};{n};12345;{400000 + 20 * n};{5700000 + 500 * s}" for n in range(1, most + 1)]
    path = Path(folder, name)
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return str(path)


def list_file(folder, name="angebote_2025.csv", offers=OFFERS):
    """Write a list of offers with the address in one column."""
    path = Path(folder, name)
    path.write_text("\n".join(["Name;Anschrift", *(";".join(offer) for offer in offers)]) + "\n", encoding="utf-8")
    return str(path)


def located(project, folder, **more):
    """Locate the list by the registered algorithm and return the layer, in the project, as a window leaves it."""
    from teilhabe.gui.task_runner import Job, Run

    from .dialog_helpers import wait_for

    outcomes = []
    settings = json.dumps([{"path": register_file(folder), "crs": "EPSG:25832"}])
    run = Run([Job("teilhabe:geocodeoffers", {
        "FILE": list_file(folder), "REGISTER_SETTINGS": settings, "OUTPUT": str(Path(folder, "verortet.gpkg")),
        "DECISIONS": str(Path(folder, "angebote_entscheidungen.json")), **more})])
    run.done.connect(outcomes.append)
    run.start()
    wait_for(lambda: outcomes)
    assert outcomes[0].ok, outcomes[0].error
    return project.mapLayer(outcomes[0].layers[0])


def values(layer, name, field):
    """Return a field of the offer with this name, None for NULL."""
    from qgis.core import NULL

    feature = next(each for each in layer.getFeatures() if each["Name"] == name)
    return None if feature[field] == NULL else feature[field]


def point(layer, name):
    """Return where the offer with this name lies, None without a place."""
    feature = next(each for each in layer.getFeatures() if each["Name"] == name)
    if feature.geometry().isNull():
        return None
    place = feature.geometry().asPoint()
    return round(place.x()), round(place.y())
