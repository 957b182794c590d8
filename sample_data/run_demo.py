"""The whole job without a window: join, compute, style, print, on the sample city or on Berlin's published tables.

    /usr/bin/python3 sample_data/run_demo.py musterstadt build/demo
    /usr/bin/python3 sample_data/run_demo.py berlin ../shared/data/berlin build/demo-berlin

Every step runs the registered algorithm, as a window, a model or ``qgis_process`` would. The plugin is taken from
``build/`` (``make package``).
"""
from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
REPOSITORY = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(REPOSITORY / "build"), "/usr/share/qgis/python/plugins", "/usr/share/qgis/python"]

from demo_jobs import Job, berlin, musterstadt  # noqa: E402
from qgis.core import (  # noqa: E402
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProject,
    QgsReferencedRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QLocale, QSettings, QUrl  # noqa: E402

#: layers that are drawn pale with the index, by table name; the first of a job is on top
BACKGROUND_TITLES = {
    "bezirke": "Bezirke", "bahn": "Bahn", "gewaesser": "Gewässer", "gruenflaechen": "Grünflächen",
}


class Feedback(QgsProcessingFeedback):
    """Prints warnings and errors; keeps the rest quiet."""

    def __init__(self):
        super().__init__(False)

    def pushWarning(self, warning):
        print(f"    Hinweis: {warning}")

    def reportError(self, error, fatalError=False):
        print(f"    Fehler: {error}")


class Run:
    """The steps of a job, each through its registered algorithm."""

    def __init__(self, qgis: QgsApplication, job: Job, output: Path):
        self.qgis = qgis  # QGIS ends when nobody holds the application
        self.job, self.output = job, output
        self.project = QgsProject.instance()
        self.gpkg = output / f"{job.project}.gpkg"
        self.step_number = 0
        self.files: list[Path] = []

    def step(self, text: str) -> None:
        """Print the line of a step."""
        self.step_number += 1
        print(f"[{self.step_number}] {text}", flush=True)

    def algorithm(self, name: str, **parameters) -> dict:
        """Run ``teilhabe:<name>`` and return its outputs."""
        algorithm = QgsApplication.processingRegistry().createAlgorithmById(f"teilhabe:{name}")
        context, feedback = QgsProcessingContext(), Feedback()
        context.setProject(self.project)
        context.setFeedback(feedback)
        fits, why = algorithm.checkParameterValues(parameters, context)
        if not fits:
            raise QgsProcessingException(why)
        results, fine = algorithm.run(parameters, context, feedback)
        if not fine:
            raise QgsProcessingException(f"teilhabe:{name}")
        return results

    def prepare(self) -> QgsVectorLayer:
        """Make the output folder and the areas layer."""
        self.output.mkdir(parents=True, exist_ok=True)
        for old in self.output.iterdir():
            if old.is_file():
                old.unlink()
        self.project.clear()
        if self.job.base:
            self.gpkg.write_bytes(Path(self.job.base).read_bytes())
        # a city that brings a GeoPackage keeps its areas in the project, so that tables can be joined to them again
        source = self.job.areas.replace(self.job.base, str(self.gpkg)) if self.job.base else self.job.areas
        areas = QgsVectorLayer(source, "Gebiete" if self.job.base else self.job.city, "ogr")
        if not areas.isValid():
            raise QgsProcessingException(f"{self.job.areas} ist nicht lesbar.")
        self.project.setCrs(QgsCoordinateReferenceSystem(areas.crs()))
        return areas

    def join(self, areas: QgsVectorLayer) -> dict:
        """Join the tables."""
        self.step(f"Tabellen anbinden: {', '.join(Path(table).name for table in self.job.tables)}")
        results = self.algorithm(
            "joinindicators", INPUT=areas, KEY_FIELD=self.job.key, NAME_FIELD=self.job.name,
            FILES=list(self.job.tables), YEARS=self.job.years, REPAIRS=list(self.job.repairs),
            OUTPUT=self.table("indikatoren"),
            REPORT=str(self.output / "abgleich.html"),
        )
        self.files.append(self.output / "abgleich.html")
        return results

    def compute(self, joined: dict) -> dict:
        """Compute the index."""
        self.step(f"Index berechnen: {self.job.recipe}")
        self.indicators = QgsVectorLayer(joined["OUTPUT"], "Indikatoren", "ogr")
        return self.algorithm("computeindex", INPUT=self.indicators, RECIPE=self.job.recipe,
                              OUTPUT=self.table("index"), VALUES=self.table("werte"))

    def compute_extras(self, index: QgsVectorLayer) -> None:
        """Run the further algorithms of the job and the method text."""
        for extra in self.job.extras:
            path = self.output / extra.report
            self.step(f"{extra.text} → {extra.report}")
            self.algorithm(extra.algorithm, INPUT=self.indicators, RECIPE=self.job.recipe,
                           OUTPUT=self.table(extra.table), REPORT=str(path), **extra.parameters)
            self.files.append(path)
        self.step("Methodentext → methode.html")
        self.algorithm("methodtext", RECIPE=self.job.recipe, RESULT=index, OUTPUT=str(self.output / "methode.html"))
        self.files.append(self.output / "methode.html")

    def dissolve_districts(self, areas: QgsVectorLayer) -> None:
        """Make the layer of districts from the areas, with their names."""
        self.step("Bezirke aus den Gebieten bilden")
        import processing

        cases = " ".join(f"WHEN \"{self.job.district_field}\" = '{key}' THEN '{name}'"
                         for key, name in self.job.districts.items())
        named = processing.run("native:fieldcalculator", {
            "INPUT": areas, "FIELD_NAME": "name", "FIELD_TYPE": 2, "FIELD_LENGTH": 80, "FIELD_PRECISION": 0,
            "FORMULA": f"CASE {cases} END", "OUTPUT": "TEMPORARY_OUTPUT"})
        processing.run("native:dissolve", {
            "INPUT": named["OUTPUT"], "FIELD": [self.job.district_field, "name"], "OUTPUT": self.table("bezirke")})

    def table(self, name: str) -> str:
        """Return the destination of a layer in the job's GeoPackage."""
        return f"ogr:dbname='{self.gpkg}' table=\"{name}\" (geom)"

    def load(self, areas: QgsVectorLayer, computed: dict) -> QgsVectorLayer:
        """Put the styled index and the backgrounds into the project."""
        from teilhabe.bridge import background
        from teilhabe.bridge.project import AREAS, BACKGROUND, set_role

        group = self.project.layerTreeRoot().addGroup("Teilhabe")
        index = QgsVectorLayer(computed["OUTPUT"], f"Index {self.job.city}", "ogr")
        self.project.addMapLayer(index, False)
        group.addLayer(index)
        for name, kind in reversed(self.job.backgrounds.items()):
            layer = QgsVectorLayer(f"{self.gpkg}|layername={name}", BACKGROUND_TITLES[name], "ogr")
            background.style_background(layer, kind, "name" if name == "bezirke" and self.job.districts else "")
            set_role(layer, BACKGROUND)
            self.project.addMapLayer(layer, False)
            group.insertLayer(0, layer)
        hidden = [self.indicators, QgsVectorLayer(computed["VALUES"], "Alle Werte", "ogr")]
        if self.job.base:
            set_role(areas, AREAS)
            hidden.insert(0, areas)
        for layer in hidden:
            self.project.addMapLayer(layer, False)
            group.addLayer(layer).setItemVisibilityChecked(False)
        extent = index.extent()
        extent.scale(1.05)
        self.project.viewSettings().setDefaultViewExtent(QgsReferencedRectangle(extent, index.crs()))
        return index

    def print_maps(self, index: QgsVectorLayer) -> None:
        """Print every map of the job, the first one last so that the layer keeps its style."""
        from teilhabe.bridge.project import BACKGROUND, layers_with_role

        backgrounds = layers_with_role(self.project, BACKGROUND)
        for wanted in self.job.maps[::-1]:
            self.step(f"Karte drucken: {wanted.title} → {wanted.file}")
            path = self.output / wanted.file
            self.algorithm("printmap", INPUT=index, CLASS_SET=wanted.class_set, TITLE=wanted.title,
                           SUBTITLE=wanted.subtitle, CITY=self.job.city, BACKGROUND=backgrounds,
                           LAYOUT_NAME=wanted.title, OUTPUT_PDF=str(path))
            self.files.insert(0, path)

    def locate_offers(self) -> QgsVectorLayer:
        """Return the offers as points in the project: located by the register, or by their coordinates."""
        from teilhabe.bridge.project import OFFERS, set_role
        from teilhabe.gui.result_layers import results_group

        wanted = self.job.offers
        if wanted.register:
            self.step(f"Angebote verorten: {Path(wanted.file).name}")
            register = QgsVectorLayer(f"{self.gpkg}|layername={wanted.register}", "Adressen", "ogr")
            report, work_list = self.output / "verortung.html", self.output / "arbeitsliste.xlsx"
            results = self.algorithm(
                "geocodeoffers", FILE=wanted.file, REGISTER_LAYER=register, SYNONYMS=wanted.renamed,
                OUTPUT=self.table("angebote"), REPORT=str(report), WORKLIST=str(work_list))
            layer = QgsVectorLayer(results["OUTPUT"], wanted.title, "ogr")
            self.files += [report, work_list]
        else:
            self.step(f"Angebote mit Koordinaten lesen: {Path(wanted.file).name}")
            table = QgsVectorLayer(
                f"{QUrl.fromLocalFile(wanted.file).toString()}?type=csv&xField=x_25833&yField=y_25833&crs=EPSG:25833",
                wanted.title, "delimitedtext")
            layer = QgsVectorLayer(self.kept(table, "angebote"), wanted.title, "ogr")
            set_role(layer, OFFERS)
        self.project.addMapLayer(layer, False)
        results_group(self.project).insertLayer(0, layer).setItemVisibilityChecked(False)
        return layer

    def kept(self, layer: QgsVectorLayer, name: str) -> str:
        """Write a layer as a table of the job's GeoPackage and return its source."""
        import processing

        processing.run("native:multiparttosingleparts", {"INPUT": layer, "OUTPUT": self.table(name)})
        return f"{self.gpkg}|layername={name}"

    def map_offers(self, offers: QgsVectorLayer, index: QgsVectorLayer) -> None:
        """Number the offers, list them and print their map."""
        self.step("Angebotskarte → angebote.pdf")
        files = [self.output / name for name in ("angebote.pdf", "angebote_liste.xlsx")]
        projects = self.job.offers.projects and QgsVectorLayer(
            f"{QUrl.fromLocalFile(self.job.offers.projects).toString()}?type=csv&delimiter=;&geomType=none"
            "&detectTypes=no&encoding=UTF-8", "Maßnahmen", "delimitedtext")
        areas = self.taking_part(index)
        self.algorithm(
            "supplymap", INPUT=offers, PROJECTS=projects or None, AREAS=areas, CITY=self.job.city,
            LAYOUT_NAME="Angebote", OUTPUT=self.table("angebotskarte"), OUTPUT_PDF=str(files[0]),
            LIST_XLSX=str(files[1]), **self.job.offers.map)
        self.files[:0] = files

    def taking_part(self, index: QgsVectorLayer) -> QgsVectorLayer:
        """Return the index of the areas that the offers are for; the printed page keeps it in the project."""
        from teilhabe.gui.result_layers import results_group

        if self.job.supply is None or not self.job.supply.areas:
            return index
        part = index.clone()
        part.setName(f"{index.name()}: {self.job.supply.area_title}")
        part.setSubsetString(self.job.supply.areas)
        self.project.addMapLayer(part, False)
        results_group(self.project).addLayer(part).setItemVisibilityChecked(False)
        return part

    def analyse_offers(self, areas: QgsVectorLayer, index: QgsVectorLayer) -> None:
        """Do everything with the job's offers; steps that read the located offers have their place here."""
        if self.job.offers is None or not Path(self.job.offers.file).is_file():
            print(f"    Hinweis: keine Angebotskarte, {self.job.offers and self.job.offers.file} ist nicht vorhanden.")
            return
        offers = self.locate_offers()
        self.map_offers(offers, index)
        if self.job.supply is not None and Path(self.job.supply.people).is_file():
            self.measure_supply(offers, areas, index)

    def measure_supply(self, offers: QgsVectorLayer, areas: QgsVectorLayer, index: QgsVectorLayer) -> None:
        """Measure how well the areas are supplied, and find the gaps."""
        from teilhabe.gui.result_layers import results_group

        wanted = self.job.supply
        taking_part = areas.clone()
        taking_part.setSubsetString(wanted.areas)
        case = {
            "AREAS": taking_part, "AREA_KEY": self.job.key, "AREA_NAME": self.job.name, "PEOPLE": self.people_table(),
            "PEOPLE_FIELDS": list(wanted.fields), "PEOPLE_YEAR": wanted.year_field, "GROUP": wanted.group,
            "OFFERS": offers, "KINDS": wanted.kinds, "INDEX": index, **wanted.parameters,
        }
        if wanted.points:
            case["POINTS"] = QgsVectorLayer(f"{self.gpkg}|layername={wanted.points}", "Adressen", "ogr")
        self.step(f"Versorgung: {wanted.title}")
        supply, gaps = self.output / "versorgung.html", self.output / "weisse_flecken.html"
        measured = self.algorithm("supplymeasures", **case, LIMITS=wanted.limits, OUTPUT=self.table("versorgung"),
                                  REPORT=str(supply))
        self.step("Versorgungslücken")
        found = self.algorithm("coveragegaps", **case, LIMITS=wanted.variants, OUTPUT=self.table("bedarf_versorgung"),
                               GAPS=self.table("weisse_flecken"), REPORT=str(gaps))
        self.files += [supply, gaps]
        print(f"    {number(found['N_UNREACHED'])} {wanted.group} ohne Angebot "
              f"({number(found['UNREACHED_SHARE'], 1)} %), {found['N_GAPS']} Versorgungslücken; "
              f"{number(measured['PLACES_PER_100'], 1)} Plätze je 100")
        for source, title in ((found["GAPS"], "Versorgungslücken"), (found["OUTPUT"], "Bedarf und Versorgung"),
                              (measured["OUTPUT"], "Versorgung")):
            layer = QgsVectorLayer(source, title, "ogr")
            self.project.addMapLayer(layer, False)
            results_group(self.project).addLayer(layer).setItemVisibilityChecked(False)

    def people_table(self) -> QgsVectorLayer:
        """Return the table of people, as QGIS opens a text file."""
        return QgsVectorLayer(self.job.supply.people, "Einwohner", "ogr")

    def save(self) -> None:
        """Write the project beside its data."""
        path = self.output / f"{self.job.project}.qgz"
        self.step(f"Projekt speichern: {path.name}")
        if not self.project.write(str(path)):
            raise QgsProcessingException(f"{path}: {self.project.error()}")
        self.files = [self.gpkg, path, *self.files]


def number(value: float, decimals: int = 0) -> str:
    """Return a number as it is written in German."""
    return f"{value:,.{decimals}f}".translate(str.maketrans(",.", ".,"))


def summary(run: Run, joined: dict, computed: dict, index: QgsVectorLayer, seconds: float) -> None:
    """Print what came out."""
    from teilhabe.bridge.project import class_sets_of

    print("\nErgebnis")
    print(f"  Gebiete angebunden {joined['AREAS_JOINED']}, ohne Tabellenzeile {joined['AREAS_WITHOUT_ROW']}, "
          f"Tabellenzeilen ohne Gebiet {joined['ROWS_WITHOUT_AREA']}")
    print(f"  Gebiete mit Klasse {computed['AREAS_CLASSED']}, ausgeschlossen {computed['AREAS_EXCLUDED']}, "
          f"ohne Angabe {computed['AREAS_WITHOUT_VALUE']}")
    for class_set in class_sets_of(index):
        values = [feature[class_set["column"]] for feature in index.getFeatures()]
        counts = ", ".join(f"{each['name']} {values.count(each['value'])}" for each in class_set["classes"])
        print(f"  {class_set['title']}: {counts}")
    print("  Dateien:")
    for path in run.files:
        print(f"    {path}  ({number(path.stat().st_size / 1000)} kB)")
    print(f"  Dauer: {number(seconds, 1)} s")


def start_qgis() -> QgsApplication:
    """Start QGIS without a window, in German, with the plugin's provider."""
    # fonts and symbols need the window system's part of Qt even where no window is shown
    app = QgsApplication([], True, tempfile.mkdtemp(prefix="teilhabe-profile-"))
    QSettings().setValue("locale/overrideFlag", True)
    QSettings().setValue("locale/userLocale", "de")
    QLocale.setDefault(QLocale("de_DE"))
    QgsApplication.initQgis()
    from processing.core.Processing import Processing
    from teilhabe.plugin import TeilhabePlugin

    Processing.initialize()

    app.teilhabe = TeilhabePlugin(None)
    app.teilhabe.initProcessing()
    return app


def main(arguments: list[str]) -> int:
    """Run the job that the command line names; return the exit code."""
    if len(arguments) == 2 and arguments[0] == "musterstadt":
        data, output, make = REPOSITORY / "sample_data" / "musterstadt", Path(arguments[1]), musterstadt
    elif len(arguments) == 3 and arguments[0] == "berlin":
        data, output, make = Path(arguments[1]), Path(arguments[2]), berlin
    else:
        print(__doc__)
        return 2
    job = make(data.resolve())
    missing = [path for path in (job.areas.split("|")[0], *job.tables) if not Path(path).is_file()]
    if missing:
        print("Nicht vorhanden: " + ", ".join(missing))
        return 1
    started = time.perf_counter()
    run = Run(start_qgis(), job, output.resolve())
    try:
        areas = run.prepare()
        joined = run.join(areas)
        if job.district_field:
            run.dissolve_districts(areas)
        computed = run.compute(joined)
        index = run.load(areas, computed)
        run.compute_extras(index)
        run.print_maps(index)
        run.analyse_offers(areas, index)
        run.save()
    except QgsProcessingException as error:
        print(f"Abgebrochen: {error}")
        return 1
    summary(run, joined, computed, index, time.perf_counter() - started)
    return 0


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stdout.flush()
    os._exit(code)  # QGIS 3.22 can crash while Python takes its layers down; everything is written by now
