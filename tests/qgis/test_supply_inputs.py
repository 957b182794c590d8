"""What a supply analysis reads: areas, people by year, points, offers, and what it says about them."""
import numpy as np
import pytest
from qgis.core import QgsProcessingContext, QgsProcessingFeedback

from . import supply_town as town


@pytest.fixture
def read(qgis_app):
    """Return the functions with context and feedback, and the areas of the town."""
    from teilhabe.bridge import supply_inputs

    class Reader:
        context, feedback = QgsProcessingContext(), QgsProcessingFeedback(False)

        def __init__(self):
            self.areas = self.of_areas(town.areas())

        def of_areas(self, layer, key="", name=""):
            return supply_inputs.read_supply_areas(layer, key, name, self.context, self.feedback)

        def people(self, table, fields=("unter3",), key="", year_field="", year=""):
            return supply_inputs.read_people(table, self.areas.areas, key, list(fields), year_field, year,
                                             self.feedback)

        def at_points(self, layer, people, weight="", area=""):
            return supply_inputs.demand_at_points(self.areas, np.asarray(people, float)[:, None], ("g",), layer, weight,
                                                  area, self.context, self.feedback)

        def offers(self, layer, day=None, scenario="", **columns):
            from teilhabe.core.supply.offers import OfferColumns

            return supply_inputs.read_offer_layer(layer, OfferColumns(**columns), self.areas, day, scenario,
                                                  self.context, self.feedback)

    return Reader()


def told(notes):
    return "\n".join(map(str, notes))


def test_key_and_name_of_the_areas_are_found(read):
    assert (read.areas.key_field, read.areas.name_field) == ("nr", "name")
    assert read.areas.areas.keys.tolist() == ["01", "02", "03"]
    assert read.areas.position_of(np.array([500.0, 2500, 9000]), np.array([500.0, 500, 500])).tolist() == [0, 2, -1]
    assert read.areas.notes == ()


def test_areas_without_polygon_are_told_and_areas_without_rows_refused(read):
    from teilhabe.core.messages import TeilhabeError

    layer = town.layer("Polygon", ["nr:string", "name:string"], [
        ("01", "A", "POLYGON((0 0,9 0,9 9,0 0))"), ("02", "B", None)], "gebiete")
    assert "1 areas have no polygon; nobody can be placed in them: 02" in told(read.of_areas(layer).notes)
    for rows, words in (([], "has no rows"), ([("01", "A", None)], "holds no polygons"),
                        ([("01", "A", "POLYGON((0 0,9 0,9 9,0 0))"), ("01", "A", "POLYGON((9 0,19 0,19 9,9 0))")],
                         "No field of “gebiete” names every area once")):
        with pytest.raises(TeilhabeError, match=words):
            read.of_areas(town.layer("Polygon", ["nr:string", "name:string"], rows, "gebiete"))
    with pytest.raises(TeilhabeError, match="gebiete has no field “schluessel”. It has: nr, name"):
        read.of_areas(town.areas(), "schluessel")


def test_the_last_year_counts_and_its_field_is_found(read):
    fields = ["nr:string", "Jahr:integer", "unter3:integer"]
    rows = [(key, year, people, None) for key, year, people in (
        ("01", 2023, 1), ("01", 2025, 10), ("02", 2025, 20), ("02", 2023, 2), ("03", 2025, 30), ("03", None, 99))]
    table = town.layer("NoGeometry", fields, rows, "ew", crs="")
    found = read.people(table)
    assert (found.counts[:, 0].tolist(), found.year) == ([10, 20, 30], "2025")
    assert told(found.notes) == "ew: people of 2025."
    found = read.people(table, year_field="Jahr", year="2023")
    assert found.year == "2023"
    np.testing.assert_array_equal(found.counts[:, 0], [1, 2, np.nan])
    assert "1 areas have no number of people and no measures: 03" in told(found.notes)


def test_a_year_that_is_not_there(read):
    from teilhabe.core.messages import TeilhabeError

    table = town.layer("NoGeometry", ["nr:string", "jahr:integer", "unter3:integer"], [("01", 2025, 1, None)], "ew",
                       crs="")
    with pytest.raises(TeilhabeError, match="ew has no rows of the year 1999; there are: 2025"):
        read.people(table, year_field="jahr", year="1999")


def test_keys_that_lost_their_zeros_and_rows_of_other_areas(read):
    table = town.layer("NoGeometry", ["gebiet:integer", "unter3:integer"], [
        (1, 10, None), (2, 20, None), (3, 30, None), (77, 5, None)], "ew", crs="")
    found = read.people(table)
    assert found.counts[:, 0].tolist() == [10, 20, 30]
    assert "ew: 1 rows belong to none of the areas: 4" in told(found.notes)


def test_columns_of_people_are_never_taken_for_the_key(read):
    """Numbers of people can look like keys that lost their zeros."""
    table = town.layer("NoGeometry", ["unter3:integer", "gebiet:string"], [
        (1, "01", None), (2, "02", None), (3, "03", None)], "ew", crs="")
    assert read.people(table).counts[:, 0].tolist() == [1, 2, 3]


def test_points_are_spread_over_by_weight_or_by_a_stated_area(read):
    found = read.at_points(town.addresses(), [100, 50, 0], "wohnungen")
    assert found.people[:, 0].tolist() == [75, 25, 25, 25, 0]
    moved = town.addresses([(100, 500, "03", 1), (200, 500, "01", 1)])
    found = read.at_points(moved, [4, 0, 6], area="nr")
    assert (found.area.tolist(), found.people[:, 0].tolist()) == ([2, 0], [6, 4])


def test_points_elsewhere_are_refused(read):
    from teilhabe.core.messages import TeilhabeError

    with pytest.raises(TeilhabeError, match="none of the 1 points lies in one of the areas"):
        read.at_points(town.addresses([(99_999, 5, "01", 1)]), [1, 1, 1])
    with pytest.raises(TeilhabeError, match="A weight of a demand point is -2.0"):
        read.at_points(town.addresses([(100, 500, "01", -2)]), [1, 0, 0], "wohnungen")


def test_points_in_another_system_are_brought_over(read):
    import processing

    far = processing.run("native:reprojectlayer", {"INPUT": town.addresses(), "TARGET_CRS": "EPSG:25833",
                                                   "OUTPUT": "memory:"})["OUTPUT"]
    found = read.at_points(far, [100, 50, 0], "wohnungen")
    assert found.people[:, 0].tolist() == [75, 25, 25, 25, 0]
    np.testing.assert_allclose(found.x, [100, 900, 1100, 1900, 2500], atol=0.05)


def test_offers_are_read_with_their_faults(read):
    rows = [(1, "Kita", "A", 30, 500, 500, None, None), (2, "Kita", "A", 30, 500, 500, None, None),
            (3, "Kita", "B", None, 1500, 500, None, "31.12.2024"), (4, "Kita", "C", 5, None, None, None, None),
            (5, "Kita", "D", 7, 500, 9000, "2026-01-01", None)]
    found, area, notes = read.offers(town.offers(rows), day="2025-06-30")
    assert found.takes_part.tolist() == [True, True, False, False, False]
    assert area.tolist() == [0, 0, 1, -1, -1]
    text = told(notes)
    for part in ("1 offers have no place and do not take part: C (4)",
                 "2 offers are closed on that day and do not take part: B (3), D (5)",
                 "2 offers of the same type and name lie at one place; is each of them meant? A (1), A (2)"):
        assert part in text, part


@pytest.mark.parametrize(("rows", "words"), [
    ([(1, "Kita", "A", -3, 5, 5, None, None)], "Row 1, column “plaetze”: “-3” is not a number of 0 or more"),
    ([(1, "Kita", "A", 3, 5, 5, "morgen", None)], "Row 1, column “beginn”: “morgen” is not a date"),
    ([], "has no rows"),
])
def test_offers_that_cannot_be_read(read, rows, words):
    from teilhabe.core.messages import TeilhabeError

    with pytest.raises(TeilhabeError) as caught:
        read.offers(town.offers(rows), day="2025-06-30")
    assert words in str(caught.value)


def test_layers_of_which_one_has_no_system_are_refused(read):
    from qgis.core import QgsCoordinateReferenceSystem
    from teilhabe.core.messages import TeilhabeError

    lost = town.offers()
    lost.setCrs(QgsCoordinateReferenceSystem())
    with pytest.raises(TeilhabeError, match="“angebote” has no coordinate reference system"):
        read.offers(lost)


@pytest.mark.parametrize(("text", "day"), [("31.12.2025", (2025, 12, 31)), ("2025-06-01", (2025, 6, 1)),
                                           ("5.6.2025", (2025, 6, 5)), ("2025", (2025, 12, 31)), ("", None)])
def test_days(qgis_app, text, day):
    from datetime import date

    from teilhabe.processing.supply_parameters import day_of

    assert day_of(text) == (date(*day) if day else None)


def test_classes_of_an_index(read, new_project):
    from teilhabe.bridge.index_classes import read_index_classes
    from teilhabe.bridge.project import set_class_sets
    from teilhabe.core.classes import ClassDef, ClassSet
    from teilhabe.core.messages import TeilhabeError

    layer = town.layer("NoGeometry", ["nr:string", "lage_klasse:integer"], [
        ("01", 1, None), ("02", 3, None), ("03", None, None)], "index", crs="")
    classes = tuple(ClassDef(value, name) for value, name in ((1, "hoch"), (2, "mittel"), (3, "niedrig")))
    set_class_sets(layer, [ClassSet("lage", "Lage", "lage_klasse", "", "", classes, "first").to_dict()])
    found = read_index_classes(layer, read.areas)
    assert (found.position.tolist(), found.names) == ([2, 0, -1], ("niedrig", "mittel", "hoch"))
    assert "1 areas have no class in “index”" in told(found.notes)
    with pytest.raises(TeilhabeError, match="None of the areas has a class in “index”"):
        read_index_classes(town.layer("NoGeometry", ["nr:string", "k:integer"], [("9", 1, None)], "index", crs=""),
                           read.areas, "", "k")
