"""countcases as Processing runs it: right counts, and not a trace of a single person anywhere."""
import gc
import os
import tempfile
import traceback
import zipfile
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

#: invented, and found nowhere else
SURNAMES = ("Zwirbelmann", "Quastenhagen", "Oberpfiffl", "Tschentscherova", "Knueselbach")
SECRETS = (*SURNAMES, "Zimtsternchen")
UNKNOWN_STREET = "Zwirbelgasse"


def city():
    from teilhabe import paths

    return f"{paths.sample('musterstadt') / 'musterstadt.gpkg'}|layername="


@pytest.fixture(scope="module")
def register(qgis_app):
    """The sample city's addresses with their areas."""
    from qgis.core import QgsVectorLayer
    from teilhabe.bridge.frames import read_frame

    return read_frame(QgsVectorLayer(city() + "adressen", "adressen", "ogr"))


@pytest.fixture
def people(register):
    """Return 1,200 invented children at real addresses of the invented city, and the area of each."""
    random = np.random.default_rng(5)
    rows = register.iloc[random.integers(0, len(register), 1200)].reset_index(drop=True)
    frame = pd.DataFrame({
        "Name": [f"{SURNAMES[i % 5]}, Zimtsternchen {i}" for i in range(1200)],
        "Straße": rows["strasse"], "Hausnummer": rows["hausnummer"].astype(str) + rows["zusatz"].fillna(""),
        "PLZ": rows["plz"], "Ort": "Musterstadt", "Geschlecht": random.choice(["w", "m"], 1200),
        "Untersucht am": [f"{day:02d}.09.{2023 + day % 2}" for day in random.integers(1, 29, 1200)],
        "auffällig": random.choice(["ja", "nein"], 1200)})
    frame.loc[:9, "Straße"], frame.loc[:9, "PLZ"] = UNKNOWN_STREET, ""
    area = rows["gebiet_nr"].to_numpy(object)
    area[:10] = ""
    return frame, area


def saved(frame, tmp_path, name="faelle.xlsx"):
    folder = tmp_path / "quelle"
    folder.mkdir(exist_ok=True)
    path = folder / name
    frame.to_excel(path, index=False) if name.endswith("xlsx") else frame.to_csv(path, sep=";", index=False)
    return str(path)


def run(path, target, feedback=None, **parameters):
    import processing

    base = {"REGISTER_LAYER": city() + "adressen", "REGISTER_PLACE": "Musterstadt", "AREAS": city() + "gebiete",
            "AREA_KEY": "gebiet_nr", "OUTPUT": str(target / "counts.gpkg")}
    base |= {"FILE": path} if isinstance(path, str) else {"INPUT": path}
    return processing.run("teilhabe:countcases", base | parameters, feedback=feedback)


def rows(source):
    from qgis.core import QgsVectorLayer

    layer = source if isinstance(source, QgsVectorLayer) else QgsVectorLayer(source, "counts", "ogr")
    names = [field.name() for field in layer.fields()]
    return layer, [dict(zip(names, (value if isinstance(value, (int, float, str, bool)) else None
                                    for value in feature.attributes()))) for feature in layer.getFeatures()]


class Log:
    """Feedback that keeps everything, of every kind."""

    def __new__(cls):
        from qgis.core import QgsProcessingFeedback

        class Keeping(QgsProcessingFeedback):
            def __init__(self):
                super().__init__()
                self.lines = []

        def keep(self, text, *_):
            self.lines.append(text)

        for name in ("pushInfo", "pushWarning", "pushDebugInfo", "pushCommandInfo", "pushConsoleInfo", "reportError",
                     "setProgressText"):
            setattr(Keeping, name, keep)
        return Keeping()


def test_counts_are_those_of_the_truth(provider, people, tmp_path, new_project):
    frame, area = people
    result = run(saved(frame, tmp_path), tmp_path, SUPPRESS=0)
    layer, found = rows(result["OUTPUT"])
    truth = pd.Series(area[area != ""]).value_counts()
    assert len(found) == 40
    assert {row["gebiet_nr"]: row["faelle"] for row in found} == {
        row["gebiet_nr"]: int(truth.get(row["gebiet_nr"], 0)) for row in found}
    assert (result["COUNTED"], result["NOT_COUNTED"], result["HIDDEN"]) == (1190, 10, 0)
    assert layer.geometryType() == 2 and layer.featureCount() == 40


def test_neither_register_nor_list_is_overwritten(provider, people, tmp_path, new_project):
    from .join_helpers import error_of

    path, register = saved(people[0], tmp_path), tmp_path / "register.csv"
    register.write_text("Straße;Hausnummer;Gebiet\nAckerstraße;1;01\n", encoding="utf-8")
    for name in ("OUTPUT", "REPORT"):
        for file in (path, str(register)):
            kept = Path(file).read_bytes()
            message = error_of(partial(run, path, tmp_path, REGISTER=[str(register)], **{name: file}))
            assert "is read in this run" in message, (name, file)
            assert Path(file).read_bytes() == kept


def test_groups_years_and_condition(provider, people, tmp_path, new_project):
    frame, area = people
    result = run(saved(frame, tmp_path), tmp_path, SUPPRESS=0, GROUP_FIELD="Geschlecht", YEAR_FIELD="Untersucht am",
                 CONDITION_FIELD="auffällig")
    _, found = rows(result["OUTPUT"])
    year = frame["Untersucht am"].str[-4:]
    for row in found:
        own = (area == row["gebiet_nr"]) & (frame["auffällig"] == "ja").to_numpy()
        for name in ("2023", "2024"):
            assert row[f"faelle_{name}"] == int((own & (year == name)).sum())
            assert row[f"faelle_w_{name}"] == int((own & (year == name) & (frame["Geschlecht"] == "w")).sum())
    # the same with an expression
    again = run(saved(frame, tmp_path), tmp_path, SUPPRESS=0, GROUP_FIELD="Geschlecht", YEAR_FIELD="Untersucht am",
                CONDITION="\"auffällig\" = 'ja'", OUTPUT=str(tmp_path / "again.gpkg"))
    assert rows(again["OUTPUT"])[1] == found


def test_small_counts_are_hidden_by_default(provider, people, tmp_path, new_project):
    frame, _ = people
    result = run(saved(frame, tmp_path), tmp_path, GROUP_FIELD="Geschlecht", YEAR_FIELD="Untersucht am",
                 CONDITION_FIELD="auffällig", PARENT_FIELD=["bezirk_nr"])
    _, found = rows(result["OUTPUT"])
    counts = [row[name] for row in found for name in row if name.startswith("faelle")]
    assert counts.count(None) == result["HIDDEN"] > 0
    assert not {1, 2} & set(counts)
    for row in found:
        assert row["geschuetzt"] == any(row[name] is None for name in row if name.startswith("faelle"))
        for year in (2023, 2024):  # no row gives a hidden count away
            parts = [row[f"faelle_m_{year}"], row[f"faelle_w_{year}"], row[f"faelle_{year}"]]
            assert parts.count(None) != 1


def texts_of(path):
    """Return the bytes of a file and of what is packed in it."""
    data = [Path(path).read_bytes()]
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            data += [archive.read(name) for name in archive.namelist()]
    return data


def traces(folders, secrets):
    """Return the files below the folders that hold one of the texts, as UTF-8, UTF-16 or Latin-1."""
    needles = {text.encode(code) for text in secrets for code in ("utf-8", "utf-16-le", "latin-1")}
    hits = []
    for folder in folders:
        for path in Path(folder).rglob("*"):
            if path.is_file() and any(needle in data for data in texts_of(path) for needle in needles):
                hits.append(str(path))
    return hits


@pytest.fixture
def watched(tmp_path, monkeypatch, qgis_app):
    """Folders into which anything temporary must go in this test."""
    temporary = tmp_path / "temp"
    temporary.mkdir()
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(name, str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    from qgis.core import QgsApplication, QgsProcessingUtils

    return [temporary, QgsProcessingUtils.tempFolder(), QgsApplication.qgisSettingsDirPath(),
            os.environ["XDG_CONFIG_HOME"]]


@pytest.mark.parametrize("kind", ["xlsx", "csv", "layer", "edited layer"])
def test_no_trace_of_a_person_in_any_file_log_or_record(provider, people, register, tmp_path, new_project, watched,
                                                        kind):
    from qgis.core import QgsApplication, QgsFeatureRequest, QgsProject, QgsVectorLayer

    frame, _ = people
    path = saved(frame, tmp_path, "faelle.csv" if kind != "xlsx" else "faelle.xlsx")
    before = sorted(os.listdir(tmp_path / "quelle"))
    source = path
    if "layer" in kind:
        source = QgsVectorLayer(path, "faelle", "ogr")
        if kind == "edited layer":
            source = source.materialize(QgsFeatureRequest())
            source.startEditing()
        new_project.addMapLayer(source)
    messages = []
    QgsApplication.messageLog().messageReceived.connect(lambda text, *_: messages.append(text))
    target = tmp_path / "ziel"
    target.mkdir()
    log = Log()
    result = run(source, target, log, GROUP_FIELD="Geschlecht", YEAR_FIELD="Untersucht am",
                 REPORT=str(target / "bericht.html"))
    assert result["HIDDEN"] > 0
    # streets of the list are also in the register; so the secrets are the names, and the street nobody else has
    secrets = (*SECRETS, UNKNOWN_STREET)
    assert traces([tmp_path / "quelle"], secrets) == [path]  # the search finds what is there
    assert traces([target, *watched], secrets) == []
    assert sorted(os.listdir(tmp_path / "quelle")) == before
    said = "\n".join([*log.lines, *messages])
    assert not [text for text in secrets if text in said]
    streets = set(register["strasse"])
    assert not [line for line in log.lines for street in streets if street in line]
    layer, _ = rows(result["OUTPUT"])
    record = layer.customProperty("teilhabe/provenance") or ""
    known = "\n".join([record, layer.metadata().abstract(), str(layer.metadata().history())])
    assert record and not [text for text in secrets if text in known]
    page = (target / "bericht.html").read_text(encoding="utf-8")
    assert not [street for street in streets if street in page]
    # and streets of single children do not show in the result either
    assert traces([target], list(streets)[:50]) == []
    assert not [each for each in QgsProject.instance().mapLayers().values() if each is not source]


def test_the_report_holds_sums_only_and_hides_small_ones(provider, people, tmp_path, new_project, german):
    frame, _ = people
    frame.loc[20:21, ["Straße", "Hausnummer", "PLZ", "Ort"]] = ["", "", "", ""]
    page = tmp_path / "bericht.html"
    run(saved(frame, tmp_path), tmp_path, REPORT=str(page))
    text = page.read_text(encoding="utf-8")
    assert "Fälle je Gebiet" in text and "gesperrt" in text
    assert "<td>ohne Adresse (leer, Postfach)</td><td class=\"n\">gesperrt</td>" in text


@pytest.mark.parametrize("column, parameter", [("Untersucht am", "YEAR_FIELD"), ("Hausnummer", "CASES_FIELD"),
                                               ("Name", "CONDITION_FIELD")])
def test_a_bad_cell_is_named_by_row_and_column_only(provider, people, tmp_path, new_project, column, parameter):
    from qgis.core import QgsProcessingException

    frame, _ = people
    if column == "Untersucht am":
        frame.loc[3, column] = "Quastenhagen"
    if column == "Hausnummer":
        frame[column] = "1"
        frame.loc[3, column] = "Quastenhagen"
    log = Log()
    with pytest.raises(QgsProcessingException) as caught:
        run(saved(frame, tmp_path), tmp_path, log, **{parameter: column})
    whole = "".join(traceback.format_exception(None, caught.value, caught.value.__traceback__)) + "\n".join(log.lines)
    assert f"“{column}”" in str(caught.value) and "row " in str(caught.value)
    if column != "Name":
        assert "row 5" in str(caught.value)  # the heading is row 1
    assert not [text for text in SECRETS if text in whole]
    assert not (tmp_path / "counts.gpkg").exists()


def test_a_crash_quotes_nobody(provider, people, tmp_path, new_project, monkeypatch):
    from qgis.core import QgsProcessingException
    from teilhabe.bridge import case_run

    def broken(frame, *_):
        raise ValueError(f"could not convert {frame['Name'].iloc[0]!r}")

    monkeypatch.setattr(case_run, "geocode", broken)
    log = Log()
    with pytest.raises(QgsProcessingException) as caught:
        run(saved(people[0], tmp_path), tmp_path, log)
    whole = "".join(traceback.format_exception(None, caught.value, caught.value.__traceback__)) + "\n".join(log.lines)
    assert "ValueError" in str(caught.value)
    assert not [text for text in SECRETS if text in whole]


def test_a_condition_that_fails_names_the_row_only(provider, people, tmp_path, new_project):
    from qgis.core import QgsProcessingException

    with pytest.raises(QgsProcessingException, match="cannot be evaluated in row 2") as caught:
        run(saved(people[0], tmp_path), tmp_path, CONDITION="to_int(\"Name\") > 3")
    assert "Zwirbelmann" not in str(caught.value)
    with pytest.raises(QgsProcessingException, match="has no column “Alter”"):
        run(saved(people[0], tmp_path), tmp_path, CONDITION="\"Alter\" > 3")
    with pytest.raises(QgsProcessingException, match="condition cannot be understood"):
        run(saved(people[0], tmp_path), tmp_path, CONDITION="\"auffällig\" = 'ja")
    assert not (tmp_path / "counts.gpkg").exists()


def test_names_as_groups_are_refused(provider, people, tmp_path, new_project):
    from qgis.core import QgsProcessingException

    with pytest.raises(QgsProcessingException, match="different values") as caught:
        run(saved(people[0], tmp_path), tmp_path, GROUP_FIELD="Name")
    assert not [text for text in SECRETS if text in str(caught.value)]
    with pytest.raises(QgsProcessingException, match="cannot be the field for the groups"):
        run(saved(people[0], tmp_path), tmp_path, GROUP_FIELD="Straße")


def test_a_list_without_a_header_is_not_quoted(provider, people, tmp_path, new_project):
    from qgis.core import QgsProcessingException

    path = str(tmp_path / "ohne_kopf.csv")
    people[0][["Name"]].head(30).to_csv(path, sep=";", index=False, header=False)
    log = Log()
    with pytest.raises(QgsProcessingException) as caught:
        run(path, tmp_path, log)
    assert not [text for text in SECRETS if text in str(caught.value) + "\n".join(log.lines)]


def test_no_copy_of_the_list_is_left_in_memory_layers(provider, people, tmp_path, new_project):
    """What Processing keeps after a run holds the result only."""
    from qgis.core import QgsProcessingContext, QgsProject, QgsVectorLayer

    source = QgsVectorLayer(saved(people[0], tmp_path, "faelle.csv"), "faelle", "ogr")
    new_project.addMapLayer(source)
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    import processing

    processing.run("teilhabe:countcases", {
        "INPUT": source, "REGISTER_LAYER": city() + "adressen", "REGISTER_PLACE": "Musterstadt",
        "AREAS": city() + "gebiete", "AREA_KEY": "gebiet_nr", "OUTPUT": "TEMPORARY_OUTPUT"}, context=context)
    gc.collect()
    held = context.temporaryLayerStore().mapLayers().values()
    assert [layer for layer in held if layer.fields().lookupField("Name") >= 0] == []


def test_the_result_is_a_numerator(provider, people, tmp_path, new_project):
    """Counts in, indicators out: hidden counts stay without a value, others are divided."""
    import processing
    from qgis.core import QgsVectorLayer

    frame, area = people
    counted = run(saved(frame, tmp_path), tmp_path, GROUP_FIELD="auffällig", SUPPRESS=3)
    layer = QgsVectorLayer(counted["OUTPUT"], "counts", "ogr")
    result = processing.run("teilhabe:indicatorsfromcounts", {
        "INPUT": layer, "KEY_FIELD": "gebiet_nr", "NUMERATOR": "faelle_ja", "DENOMINATOR": "faelle", "ID": "anteil",
        "OUTPUT": str(tmp_path / "anteile.gpkg")})
    _, found = rows(result["OUTPUT"])
    before = {row["gebiet_nr"]: row for row in rows(counted["OUTPUT"])[1]}
    assert len(found) == 40
    for row in found:
        counts = before[row["gebiet_nr"]]
        if counts["faelle_ja"] is not None and counts["faelle"]:
            assert row["anteil"] == pytest.approx(100 * counts["faelle_ja"] / counts["faelle"])
        else:
            assert row["anteil"] is None


def test_decisions_by_hand_count(provider, people, tmp_path, new_project):
    from teilhabe.core.addresses.address_columns import AddressColumns
    from teilhabe.core.addresses.decisions import Decision, Decisions, decision_keys, write_decisions

    frame, _ = people
    columns = AddressColumns(street="Straße", number="Hausnummer", postcode="PLZ", place="Ort")
    keys = decision_keys(frame, columns)
    decisions = Decisions().with_decision(Decision(
        keys[0], "point", x=425_500.0, y=5_719_300.0, crs="EPSG:25832"))
    file = tmp_path / "entscheidungen.json"
    write_decisions(file, decisions)
    plain = run(saved(frame, tmp_path), tmp_path, SUPPRESS=0)
    result = run(saved(frame, tmp_path), tmp_path, SUPPRESS=0, DECISIONS=str(file), OUTPUT=str(tmp_path / "d.gpkg"))
    same = int((keys == keys[0]).sum())
    assert result["COUNTED"] == plain["COUNTED"] + same


def test_areas_beyond_the_register_have_no_count(provider, berlin, tmp_path, new_project):
    """The register is that of six districts, the areas are those of twelve."""
    kitas = next(berlin.glob("kitas_*.csv"))
    result = run(str(kitas), tmp_path, REGISTER_LAYER=None, SUPPRESS=0, REGISTER_PLACE="Berlin",
                 AREAS=str(berlin / "planungsraeume_2021.gpkg"), AREA_KEY="PLR_ID",
                 REGISTER=[str(berlin / "adressen_bezirk_01-06.csv.gz")])
    _, found = rows(result["OUTPUT"])
    assert len(found) == 542
    assert {row["PLR_ID"][:2] for row in found if row["faelle"] is not None} == {
        "01", "02", "03", "04", "05", "06"}


def test_areas_of_the_register_are_enough(provider, berlin, tmp_path, new_project):
    """Berlin's register knows areas and no coordinates: 2,880 Kitas, counted in the table of its areas."""
    kitas = next(berlin.glob("kitas_*.csv"))
    result = run(str(kitas), tmp_path, REGISTER_LAYER=None, AREAS=None, AREA_KEY=None, SUPPRESS=0,
                 REGISTER=[str(berlin / "adressen_bezirk_01-06.csv.gz")], REGISTER_PLACE="Berlin")
    layer, found = rows(result["OUTPUT"])
    assert not layer.isSpatial()
    assert set(found[0]) >= {"gebiet", "faelle", "geschuetzt"}
    total = result["COUNTED"] + result["NOT_COUNTED"]
    assert sum(row["faelle"] for row in found) == result["COUNTED"] >= 0.99 * total
