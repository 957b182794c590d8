"""The register check: every planted fault is found, few false alarms, and what it says of two real registers."""
from collections import Counter, defaultdict
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

from teilhabe_plugin.core.addresses.register_building import build_register
from teilhabe_plugin.core.addresses.register_check import CheckSettings, check_register
from teilhabe_plugin.core.addresses.register_check_streets import is_stand_in
from teilhabe_plugin.core.addresses.register_findings import ERROR, HINT, KINDS, WARNING
from teilhabe_plugin.core.messages import Cancelled

from .register_faults import Faults, areas, sound_rows


def register(rows, **columns):
    """A register of (street, number) pairs on a line, 20 m from one to the next."""
    frame = pd.DataFrame(rows, columns=["street", "number"])
    frame["x"], frame["y"] = 1000 + np.arange(len(frame)) * 20.0, 5000.0
    return build_register(frame.assign(**columns), "Probe", "EPSG:25832")


def kinds(check):
    return {kind: count for kind, count in check.counts.items() if count}


# planted faults

@pytest.fixture(scope="module", params=[1, 2, 3])
def planted(request):
    faults = Faults(request.param)
    frame = faults.plant().reset_index().rename(columns={"index": "label"})
    made = build_register(frame.drop(columns="label"), "Musterstadt", "EPSG:25832", "Musterstadt")
    keys, polygons = areas()
    check = check_register(made, area_keys=keys, polygons=polygons)
    found = defaultdict(set)
    for each in check.findings:
        found[each.kind].add(
            int(frame["label"][made.row[each.address] - 1]) if each.address >= 0 else each.text)
    return faults.truth, found, check, made


def test_the_sound_register_raises_hardly_an_alarm():
    keys, polygons = areas()
    made = build_register(sound_rows(), "Musterstadt", "EPSG:25832", "Musterstadt")
    check = check_register(made, area_keys=keys, polygons=polygons)
    assert len(made) == 15116
    # seven postcodes at borders of their regions, two houses at the far end of a road, a gap in another
    assert kinds(check) == {"postcode": 7, "outlier": 2, "gap": 1}
    assert check.notes == []


@pytest.mark.parametrize("kind", ["no_number", "outlier", "area_mismatch", "unknown_area", "no_area",
                                  "no_coordinates", "no_postcode", "suffix", "high_number", "duplicate"])
def test_every_planted_fault_is_found(planted, kind):
    truth, found, _, _ = planted
    assert truth[kind] - found[kind] == set()


@pytest.mark.parametrize("kind, most", [("no_number", 0), ("outlier", 2), ("area_mismatch", 0), ("unknown_area", 0),
                                        ("no_area", 0), ("no_coordinates", 0), ("no_postcode", 0), ("suffix", 0),
                                        ("high_number", 0), ("duplicate", 0), ("postcode", 8)])
def test_few_others_are_found(planted, kind, most):
    """Addresses moved across the city do lie in another area and among other postcodes: these are true."""
    truth, found, _, _ = planted
    assert len(found[kind] - truth[kind] - truth["outlier"]) <= most


def test_postcodes_are_found_but_for_those_at_a_border(planted):
    truth, found, _, _ = planted
    assert len(truth["postcode"] - found["postcode"]) <= 1


def test_streets_mistyped_once_are_found(planted):
    truth, _, check, made = planted
    assert len(truth["similar"]) == 25
    assert 24 <= check.counts["similar"] <= 25
    for each in check.findings:
        if each.kind == "similar":
            assert each.counterpart in made.street_names.tolist()


def test_streets_written_otherwise_and_unknown_ones_are_found(planted):
    truth, _, check, made = planted
    assert 25 <= check.counts["spelling"] <= 26
    stand_ins = {name for name in made.street_names if name in ("### Straßenname unbekannt", "unbekannt", "-", "N.N.")}
    assert check.counts["unknown_street"] == len(stand_ins) > 0


def test_gaps_are_found(planted):
    truth, _, check, made = planted
    gaps = {(made.street_names[each.street], each.detail.details["first"]) for each in check.findings
            if each.kind == "gap"}
    hit = [any(name == street and abs(first - number) <= 10 for name, first in gaps) for street, number in truth["gap"]]
    assert len(hit) == 12 and sum(hit) >= 9
    assert len(gaps) <= sum(hit) + 1


# single rules

def test_a_duplicate_names_both_rows_and_the_distance():
    made = register([("Ackerstraße", 1), ("Ackerstraße", 2), ("Ackerstr.", 1)])
    found, = [each for each in check_register(made).findings if each.kind == "duplicate"]
    assert found.severity == ERROR
    assert str(found.detail) == "Rows 1 and 3: the same address, 40 m apart"


def test_the_same_address_with_another_postcode_is_no_duplicate():
    made = register([("Hauptstraße", 1), ("Hauptstraße", 1)], postcode=["12345", "12346"])
    assert check_register(made).counts["duplicate"] == 0


def test_the_same_address_in_two_districts_is_a_hint():
    made = register([("Hauptstraße", 1), ("Hauptstraße", 1)], district=["Nord", "Süd"])
    assert [each.severity for each in check_register(made).findings if each.kind == "duplicate"] == [HINT]


def test_streets_of_several_parts_do_not_flood():
    """Three parts of 20 houses each, 2 km apart: two findings, no outliers."""
    x = np.concatenate([start + np.arange(20) * 20.0 for start in (0, 3000, 6000)])
    frame = pd.DataFrame({"street": "Landstraße", "number": np.arange(60) + 1, "x": x, "y": 5000.0})
    found = kinds(check_register(build_register(frame, "Probe", "EPSG:25832")))
    assert found == {"parts": 2}


def test_an_outlier_is_far_from_its_street_and_not_only_at_its_end():
    x = [*np.arange(20) * 20.0, 2000.0]
    frame = pd.DataFrame({"street": "Weg", "number": np.arange(1, 22), "x": x, "y": 5000.0})
    check = check_register(build_register(frame, "Probe", "EPSG:25832"))
    found, = [each for each in check.findings if each.kind == "outlier"]
    assert (found.text, found.severity) == ("Weg 21", WARNING)
    assert str(found.detail) == "1620 m from the nearest other address of the street (row 21)"
    nearer = frame.assign(x=[*np.arange(20) * 20.0, 850.0])
    assert kinds(check_register(build_register(nearer, "Probe", "EPSG:25832"))) == {}
    assert kinds(check_register(build_register(nearer, "Probe", "EPSG:25832"), CheckSettings(distance=400))) == {
        "outlier": 1}


def test_a_point_at_the_other_end_of_the_world_is_wrong():
    frame = pd.DataFrame({"street": "Weg", "number": np.arange(1, 42), "x": [*np.arange(40) * 20.0, 5e6], "y": 5.7e6})
    found, = check_register(build_register(frame, "Probe", "EPSG:25832")).findings
    assert (found.kind, found.severity, found.text) == ("outlier", ERROR, "Weg 41")


def test_gaps_follow_the_setting():
    numbers = [1, 3, 5, 7, 31, 33, 35, 37]
    frame = pd.DataFrame({"street": "Weg", "number": numbers, "x": np.array(numbers) * 10.0, "y": 5000.0})
    made = build_register(frame, "Probe", "EPSG:25832")
    found, = check_register(made).findings
    assert str(found.detail) == "11 numbers of this side are missing: 9 to 29 (240 m)"
    assert (found.text, found.counterpart) == ("Weg 7", "Weg 31")
    assert "gap" not in check_register(made, CheckSettings(gap=0)).counts
    assert check_register(made, CheckSettings(gap=12)).counts["gap"] == 0
    # the houses stand side by side: numbers were skipped, no house is missing
    close = replace(made, x=np.arange(8) * 20.0, cache={})
    assert check_register(close).counts["gap"] == 0


def test_a_number_typed_twice_is_implausible():
    made = register([("Weg", number) for number in (1, 2, 3, 4, 5, 6, 7, 8, 1212)])
    found = [each for each in check_register(made).findings if each.kind == "high_number"]
    assert [(each.text, str(each.detail)) for each in found] == [
        ("Weg 1212", "The next lower number of the street is 8")]


@pytest.mark.parametrize("suffix, odd", [("a", False), ("A", False), ("1/2", False), ("½", False), ("aa", False),
                                         ("3", False), ("Hinterhaus", True), ("2. OG", True), ("a!", True)])
def test_odd_additions(suffix, odd):
    made = register([("Weg", 1), ("Weg", 2)], suffix=["", suffix])
    assert check_register(made).counts["suffix"] == odd


@pytest.mark.parametrize("name", ["### Straßenname unbekannt", "unbekannt", "Unbekannte Straße", "-", "?", "k. A.",
                                  "N.N.", "ohne Namen", "Ohne Straßenbezeichnung", "xxx", "Straße", "123", "NULL",
                                  "Dummy"])
def test_stand_ins(name):
    assert is_stand_in(name)


@pytest.mark.parametrize("name", ["Straße 52", "Am Weg", "C 4", "Nannenweg", "Platz des 18. März", "Teststraße",
                                  "Straße des 17. Juni", "Weg ohne Wiederkehr", "O-Weg", "Nullerweg"])
def test_real_names_are_no_stand_ins(name):
    assert not is_stand_in(name)


def test_two_streets_with_near_names_are_left_alone():
    rows = [("Amselweg", n) for n in range(1, 41)] + [("Asselweg", n) for n in (1, 2, 3)]
    assert kinds(check_register(register(rows))) == {}  # Asselweg's numbers exist in Amselweg, too
    rows = [("Straße 52", n) for n in range(1, 41, 2)] + [("Straße 53", n) for n in (2, 4)]
    assert check_register(register(rows)).counts["similar"] == 0


def test_a_key_with_two_names_and_a_name_with_two_keys():
    made = register([("Ackerstraße", 1), ("Feldweg", 2), ("Bergweg", 3), ("Bergweg", 4)],
                    street_key=["11", "11", "12", "13"])
    check = check_register(made)
    assert kinds(check) == {"spelling": 1, "keys": 1}
    assert [str(each.detail) for each in check.findings] == [
        "Has the same street key as “Ackerstraße”; addresses: 1", "Keys: 12, 13"]


def test_comparison_with_a_street_list():
    made = register([("Ackerstr.", 1), ("Blumenweg", 2), ("### Straßenname unbekannt", 3)])
    check = check_register(made, street_list=["Ackerstraße", "Dorfplatz", None, "", "Dorfplatz"])
    found = {(each.kind, each.text) for each in check.findings if each.kind.startswith("not_in")}
    assert found == {("not_in_list", "Blumenweg"), ("not_in_register", "Dorfplatz")}
    assert "not_in_list" not in check_register(made).counts


def test_areas_by_geometry():
    x = [50.0, 105.0, 150.0, 150.0, 999.0]
    frame = pd.DataFrame({"street": "Weg", "number": [1, 2, 3, 4, 5], "x": x, "y": 50.0,
                          "area": ["01", "01", "01", "02", "02"]})
    made = build_register(frame, "Probe", "EPSG:25832")
    polygons = [box(0, 0, 100, 100), box(100, 0, 200, 100)]
    check = check_register(made, area_keys=["01", "02"], polygons=polygons)
    found = [(each.kind, each.severity, each.text, each.counterpart) for each in check.findings]
    assert found == [("area_mismatch", ERROR, "Weg 3", "02"), ("area_mismatch", HINT, "Weg 2", "02"),
                     ("outside", WARNING, "Weg 5", "")]
    assert str(check.findings[0].detail) == "States 01, lies in 02, 50 m from the stated area"


def test_what_cannot_be_checked_is_said():
    check = check_register(build_register(pd.DataFrame({"street": ["Weg"], "number": ["1"]}), "Probe"))
    assert [str(note) for note in check.notes] == [
        "The register has no postcodes; they were not checked.",
        "The register has no coordinates; distances and areas by geometry were not checked."]
    assert not {"postcode", "outlier", "area_mismatch"} & set(check.counts)


def test_settings_leave_street_points_out_but_count_them():
    made = register([("Weg", None), ("Weg", 1)])
    assert check_register(made, CheckSettings(number_points=False)).counts["no_number"] == 1
    assert check_register(made, CheckSettings(number_points=False)).findings == []


def test_kinds_have_rules_and_advice():
    for kind, what in KINDS.items():
        assert what.title and what.rule and what.advice, kind


def test_it_can_be_cancelled():
    with pytest.raises(Cancelled):
        check_register(register([("Weg", 1)]), cancelled=lambda: True)


# real registers

def test_essen(berlin):
    """102,981 rows of the city of Essen; the counts are those of rows that were looked at."""
    file = berlin.parent / "essen" / "hauskoordinaten_essen_2022-10-05_epsg4647.csv.gz"
    frame = pd.read_csv(file, dtype=str, encoding="utf-8-sig").rename(columns={
        "hsnr": "number", "hsnrzu": "suffix", "strname": "street", "strschl": "street_key"})
    check = check_register(build_register(frame, "Essen", "EPSG:4647", "Essen"))
    assert check.facts["addresses"] == 102_981
    assert check.counts["no_number"] == 3_397
    assert check.counts["unknown_street"] == 1
    assert check.counts["duplicate"] == check.counts["spelling"] == check.counts["suffix"] == 0
    found = {(each.kind, each.text) for each in check.findings}
    assert {("unknown_street", "### Straßenname unbekannt"), ("keys", "Vogelsangsberg"),
            ("high_number", "Am Stadthafen 330"), ("outlier", "Am Stadthafen 330"),
            ("gap", "Altendorfer Str. 52"),  # the old works of Krupp lie where 54 to 218 would be
            ("crowd", "Bachstr. 73")} <= found
    assert check.counts["outlier"] == 30
    assert check.counts["parts"] == 24
    assert check.counts["high_number"] == 2
    assert 200 <= check.counts["gap"] <= 300
    assert [str(note) for note in check.notes] == ["The register has no postcodes; they were not checked."]


def test_berlin(berlin):
    """181,238 addresses of Berlin's districts 01 to 06, with areas and without coordinates."""
    frame = pd.read_csv(berlin / "adressen_bezirk_01-06.csv.gz", dtype=str).rename(columns={
        "hnr": "number", "hnr_zusatz": "suffix", "str_name": "street", "plz": "postcode", "ort_name": "district",
        "PLR_ID": "area"})
    made = build_register(frame, "Berlin", "", "Berlin")
    check = check_register(made)
    assert {kind: count for kind, count in kinds(check).items() if kind != "gap"} == {
        "spelling": 1, "high_number": 1, "no_number": 180}
    assert [each.text for each in check.findings if each.kind == "high_number"] == ["Stölpchenweg 625z, 14109 Wannsee"]
    assert 150 <= check.counts["gap"] <= 300
    # postcodes planted between neighbours are found without any coordinates
    middle = frame.index[(frame["street"] == "Müllerstraße") & (frame["area"] == frame["area"])]
    rows = middle[20:80:20]
    frame.loc[rows, "postcode"] = "14109"
    found = Counter(each.kind for each in check_register(build_register(frame, "Berlin", "", "Berlin")).findings)
    assert found["postcode"] >= 3
