"""Layer → DataFrame: NULL, types, and two ways that must not differ."""
import sqlite3
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from osgeo import ogr

pytestmark = pytest.mark.usefixtures("qgis_app")

COLUMNS = [
    ("schlüssel", ogr.OFTString, ogr.OFSTNone),
    ("anzahl", ogr.OFTInteger, ogr.OFSTNone),
    ("groß", ogr.OFTInteger64, ogr.OFSTNone),
    ("klein", ogr.OFTInteger, ogr.OFSTInt16),
    ("wert", ogr.OFTReal, ogr.OFSTNone),
    ("einfach", ogr.OFTReal, ogr.OFSTFloat32),
    ("gültig", ogr.OFTInteger, ogr.OFSTBoolean),
    ("stichtag", ogr.OFTDate, ogr.OFSTNone),
    ("zeit", ogr.OFTDateTime, ogr.OFSTNone),
]


def make_table(path, rows, columns=COLUMNS, geometries=None, table="t"):
    source = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))
    layer = source.CreateLayer(table, None, ogr.wkbUnknown if geometries else ogr.wkbNone)
    for name, kind, subtype in columns:
        field = ogr.FieldDefn(name, kind)
        field.SetSubType(subtype)
        layer.CreateField(field)
    source.StartTransaction()
    for number, row in enumerate(rows):
        feature = ogr.Feature(layer.GetLayerDefn())
        for i, value in enumerate(row):
            if value is None:
                feature.SetFieldNull(i)
            else:
                feature.SetField(i, value.strftime("%Y/%m/%d") if isinstance(value, date) else value)
        if geometries and geometries[number]:
            feature.SetGeometry(ogr.CreateGeometryFromWkt(geometries[number]))
        layer.CreateFeature(feature)
    source.CommitTransaction()
    source = None
    return str(path)


def open_layer(path, table="t"):
    from qgis.core import QgsVectorLayer

    layer = QgsVectorLayer(f"{path}|layername={table}", "Gebiete", "ogr")
    assert layer.isValid()
    return layer


@pytest.fixture
def fast_calls(monkeypatch):
    """Count how often the fast way was open."""
    from teilhabe.bridge import arrow

    answers = []
    real = arrow.read_table

    def read_table(*arguments):
        answers.append(real(*arguments))
        return answers[-1]

    monkeypatch.setattr(arrow, "read_table", read_table)
    return answers


ROWS = [
    ("007", 1, 2**60 + 1, 3, 1.5, 0.1, 1, "2020/02/29", "2020/02/29 13:14:15.123"),
    (None,) * 9,
    ("Größe ß", -5, -(2**62), -3, float("inf"), 2.5, 0, "1900/01/01", "1900/01/01 00:00:00"),
]


def test_every_type_with_null(tmp_path):
    from teilhabe.bridge.frames import read_frame

    frame = read_frame(open_layer(make_table(tmp_path / "a.gpkg", ROWS)))
    assert list(frame.columns) == ["fid", *[name for name, _, _ in COLUMNS]]
    assert frame["fid"].tolist() == [1, 2, 3]
    assert frame["schlüssel"].tolist() == ["007", None, "Größe ß"]
    assert frame["anzahl"].dtype == float
    assert frame["anzahl"][[0, 2]].tolist() == [1.0, -5.0]
    assert np.isnan(frame["anzahl"][1])
    assert str(frame["groß"].dtype) == "Int64"  # float64 would make 2**60 of 2**60 + 1
    assert frame["groß"][0] == 2**60 + 1
    assert frame["groß"][1] is pd.NA
    assert frame["wert"][0] == 1.5
    assert np.isnan(frame["wert"][1])
    assert frame["wert"][2] == float("inf")
    assert frame["einfach"][0] == pytest.approx(0.1, abs=1e-7)
    assert frame["gültig"].tolist() == [True, None, False]
    assert frame["stichtag"].tolist() == ["2020-02-29", None, "1900-01-01"]
    assert frame["zeit"].tolist() == ["2020-02-29T13:14:15.123", None, "1900-01-01T00:00:00.000"]
    assert frame.index.tolist() == [0, 1, 2]


def test_types_without_null(tmp_path):
    from teilhabe.bridge.frames import read_frame

    frame = read_frame(open_layer(make_table(tmp_path / "a.gpkg", [ROWS[0], ROWS[2]])))
    assert {name: str(kind) for name, kind in frame.dtypes.items()} == {
        "fid": "int64", "schlüssel": "object", "anzahl": "int64", "groß": "int64", "klein": "int64",
        "wert": "float64", "einfach": "float64", "gültig": "bool", "stichtag": "object", "zeit": "object",
    }
    assert frame["groß"].tolist() == [2**60 + 1, -(2**62)]


def test_null_does_not_reach_a_series(tmp_path):
    from teilhabe.bridge.frames import read_frame

    layer = open_layer(make_table(tmp_path / "a.gpkg", [("a", 1), ("b", None), (None, 5)], COLUMNS[:2]))
    frame = read_frame(layer)
    assert frame["anzahl"].mean() == 3.0
    assert frame.isna().to_numpy().tolist() == [[False] * 3, [False, False, True], [False, True, False]]


cell = {
    ogr.OFTString: st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=12),
    ogr.OFTInteger: st.integers(-(2**31), 2**31 - 1),
    ogr.OFTInteger64: st.integers(-(2**62), 2**62),
    ogr.OFTReal: st.floats(allow_nan=False),
    ogr.OFTDate: st.dates(date(1, 1, 1), date(9999, 12, 31)),
}
PLAIN = [column for column in COLUMNS if column[1] in cell and column[2] == ogr.OFSTNone]
SHORT = st.integers(-(2**15), 2**15 - 1)
row_strategy = st.tuples(*[st.none() | cell[kind] for _, kind, _ in PLAIN], st.none() | SHORT)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(row_strategy, min_size=1, max_size=8), nulls=st.booleans())
def test_both_ways_give_the_same_frame(tmp_path, rows, nulls):
    from qgis.core import QgsFeatureRequest
    from teilhabe.bridge import arrow
    from teilhabe.bridge.frames import read_frame

    if not nulls:
        rows = [row for row in rows if None not in row] or [("0", 0, 0, 0.0, date(2021, 1, 1), 0)]
    path = tmp_path / "p.gpkg"
    path.unlink(missing_ok=True)
    columns = [*PLAIN, ("klein", ogr.OFTInteger, ogr.OFSTInt16)]
    make_table(path, rows, columns)
    names = ["fid", *[name for name, _, _ in columns]]
    assert arrow.read_table(str(path), "t", names) is not None
    layer = open_layer(path)
    fast = read_frame(layer)
    plain = read_frame(layer, request=QgsFeatureRequest())
    pd.testing.assert_frame_equal(fast, plain, check_exact=True)
    assert [[type(v) for v in fast[n]] for n in names] == [[type(v) for v in plain[n]] for n in names]


def test_yes_no_behind_a_null(tmp_path):
    """GDAL 3.6's Arrow stream gives False for the second one."""
    from teilhabe.bridge.frames import read_frame

    path = make_table(tmp_path / "a.gpkg", [(None,), (1,), (0,), (None,), (1,)], [COLUMNS[6]])
    assert read_frame(open_layer(path), ["gültig"])["gültig"].tolist() == [None, True, False, None, True]


@pytest.mark.parametrize("columns", [["wert", "schlüssel"], ["schlüssel"], []])
def test_chosen_columns_in_their_order(tmp_path, columns):
    from teilhabe.bridge.frames import read_frame

    frame = read_frame(open_layer(make_table(tmp_path / "a.gpkg", ROWS)), columns)
    assert list(frame.columns) == columns
    assert len(frame) == 3


def test_unknown_column_is_named(tmp_path):
    from teilhabe.bridge.frames import read_frame
    from teilhabe.core.messages import TeilhabeError

    layer = open_layer(make_table(tmp_path / "a.gpkg", ROWS, COLUMNS))
    with pytest.raises(TeilhabeError, match="“Gebiete” has no field “PLR_ID”. Its fields are: fid, schlüssel"):
        read_frame(layer, ["PLR_ID"])


def numbers(tmp_path, count=6):
    return open_layer(make_table(tmp_path / "n.gpkg", [(f"{i:03d}", i) for i in range(count)], COLUMNS[:2]))


def test_subset_is_respected_the_fast_way(tmp_path, fast_calls):
    from teilhabe.bridge.frames import read_frame

    layer = numbers(tmp_path)
    assert layer.setSubsetString('"anzahl" > 3')
    frame = read_frame(layer, ["schlüssel"], with_ids=True)
    assert frame["schlüssel"].tolist() == ["004", "005"]
    assert frame.index.tolist() == [5, 6]
    assert fast_calls[0] is not None


def test_subset_as_a_whole_query(tmp_path, fast_calls):
    from teilhabe.bridge.frames import read_frame

    layer = numbers(tmp_path)
    assert layer.setSubsetString("SELECT * FROM t WHERE anzahl < 2")
    assert read_frame(layer, ["schlüssel"])["schlüssel"].tolist() == ["000", "001"]
    assert fast_calls == []


def test_subset_that_leaves_nothing(tmp_path):
    from teilhabe.bridge.frames import read_frame

    layer = numbers(tmp_path)
    layer.setSubsetString('"anzahl" > 99')
    frame = read_frame(layer)
    assert frame.shape == (0, 3)
    assert str(frame["anzahl"].dtype) == "int64"


def test_edits_not_yet_saved_are_seen(tmp_path):
    from teilhabe.bridge.frames import read_frame

    layer = numbers(tmp_path, 2)
    layer.startEditing()
    layer.changeAttributeValue(1, layer.fields().indexOf("anzahl"), 70)
    layer.deleteFeature(2)
    assert read_frame(layer)["anzahl"].tolist() == [70]
    layer.rollBack()
    assert read_frame(layer)["anzahl"].tolist() == [0, 1]


def test_virtual_and_joined_fields(tmp_path, new_project):
    from qgis.core import QgsVectorLayerJoinInfo
    from teilhabe.bridge.fields import make_field
    from teilhabe.bridge.frames import read_frame

    layer = numbers(tmp_path, 3)
    other = open_layer(make_table(tmp_path / "o.gpkg", [("001", 9)], COLUMNS[:2]))
    new_project.addMapLayers([layer, other])
    layer.addExpressionField('"anzahl" * 2', make_field("doppelt", "integer"))
    join = QgsVectorLayerJoinInfo()
    join.setJoinLayer(other)
    join.setTargetFieldName("schlüssel")
    join.setJoinFieldName("schlüssel")
    join.setPrefix("o_")
    layer.addJoin(join)
    frame = read_frame(layer, ["schlüssel", "doppelt", "o_anzahl"])
    assert frame["doppelt"].tolist() == [0, 2, 4]
    assert frame["o_anzahl"].fillna(-1).tolist() == [-1, 9, -1]


def test_selected_features_of_a_source(tmp_path, new_project):
    from qgis.core import (
        QgsProcessingContext,
        QgsProcessingFeatureSourceDefinition,
        QgsProcessingParameterFeatureSource,
        QgsProcessingParameters,
    )
    from teilhabe.bridge.frames import read_frame, read_keyed_geometries

    layer = numbers(tmp_path)
    new_project.addMapLayer(layer)
    layer.selectByIds([2, 4])
    context = QgsProcessingContext()
    context.setProject(new_project)
    source = QgsProcessingParameters.parameterAsSource(
        QgsProcessingParameterFeatureSource("INPUT"),
        {"INPUT": QgsProcessingFeatureSourceDefinition(layer.id(), True)}, context)
    assert read_frame(source, ["schlüssel"])["schlüssel"].tolist() == ["001", "003"]
    assert read_keyed_geometries(source, "schlüssel") == (["001", "003"], [None, None])


def test_request_orders_and_restricts(tmp_path):
    from qgis.core import QgsFeatureRequest
    from teilhabe.bridge.frames import read_frame

    request = QgsFeatureRequest().setFilterExpression('"anzahl" < 3')
    request.addOrderBy('"anzahl"', False)
    frame = read_frame(numbers(tmp_path), ["schlüssel"], request=request)
    assert frame["schlüssel"].tolist() == ["002", "001", "000"]
    assert not request.subsetOfAttributes()  # the caller's request is not touched


def test_other_formats_and_scratch_layers(tmp_path):
    from qgis.core import QgsFeature, QgsVectorLayer
    from teilhabe.bridge.frames import read_frame

    (tmp_path / "a.csv").write_text("id,wert\n007,\n008,2.5\n", encoding="utf-8")
    (tmp_path / "a.csvt").write_text('"String","Real"\n', encoding="utf-8")
    frame = read_frame(QgsVectorLayer(str(tmp_path / "a.csv"), "a", "ogr"))
    assert frame["id"].tolist() == ["007", "008"]
    assert frame["wert"].fillna(-1).tolist() == [-1, 2.5]
    scratch = QgsVectorLayer("None?field=id:string(10)&field=n:integer&field=x:double", "s", "memory")
    feature = QgsFeature(scratch.fields())
    feature.setAttributes(["01", None, None])
    scratch.dataProvider().addFeature(feature)
    frame = read_frame(scratch)
    assert frame["id"].tolist() == ["01"]
    assert frame[["n", "x"]].isna().all(axis=None)
    assert frame.dtypes.tolist() == [object, float, float]


def test_one_very_long_text_does_not_cost_its_length_in_every_row(tmp_path, fast_calls):
    from teilhabe.bridge.frames import read_frame

    path = make_table(tmp_path / "a.gpkg", [("x",)] * 3000 + [("ü" * 2_000_000,)], COLUMNS[:1])
    frame = read_frame(open_layer(path))
    assert fast_calls[0] is not None
    assert frame["schlüssel"].str.len().tolist() == [1] * 3000 + [2_000_000]


def test_file_without_table_name_in_the_source(tmp_path, fast_calls):
    from qgis.core import QgsVectorLayer
    from teilhabe.bridge.frames import read_frame

    path = make_table(tmp_path / "a.gpkg", ROWS)
    assert read_frame(QgsVectorLayer(path, "a", "ogr"), ["anzahl"])["anzahl"].count() == 2
    assert fast_calls[0] is not None


def test_changes_of_another_connection_still_in_the_log_are_seen(tmp_path):
    from teilhabe.bridge.frames import read_frame

    path = make_table(tmp_path / "a.gpkg", [("a",)], COLUMNS[:1])
    writer = sqlite3.connect(path)
    writer.execute("PRAGMA journal_mode=WAL")
    writer.execute("UPDATE t SET schlüssel = 'neu'")
    writer.commit()
    assert read_frame(open_layer(path), ["schlüssel"])["schlüssel"].tolist() == ["neu"]
    writer.close()


def test_geometries_both_ways(tmp_path, fast_calls):
    from qgis.core import QgsFeatureRequest, QgsGeometry
    from teilhabe.bridge.frames import read_geometries, read_keyed_geometries

    shapes = ["POINT (1 2)", None, "MULTIPOLYGON Z (((0 0 1,1 0 2,1 1 3,0 0 1)))", "POINT ZM (1 2 3 4)"]
    path = make_table(tmp_path / "a.gpkg", [(str(i),) for i in range(4)], COLUMNS[:1], shapes)
    layer = open_layer(path)
    fast = read_geometries(layer)
    assert fast_calls[0] is not None
    assert fast == read_geometries(layer, request=QgsFeatureRequest())
    assert fast[1] is None
    shape = QgsGeometry()
    shape.fromWkb(fast[3])
    assert shape.asWkt().replace(" ", "") == "PointZM(1234)"  # the blanks differ between versions
    assert read_keyed_geometries(layer, "schlüssel") == (["0", "1", "2", "3"], fast)


def test_cancel_stops_the_pass(tmp_path):
    from qgis.core import QgsFeatureRequest, QgsFeedback
    from teilhabe.bridge.frames import read_frame
    from teilhabe.core.messages import Cancelled

    feedback = QgsFeedback()
    feedback.cancel()
    with pytest.raises(Cancelled):
        read_frame(numbers(tmp_path), request=QgsFeatureRequest(), feedback=feedback)


def test_more_columns_than_sqlite_takes_arguments(tmp_path, fast_calls):
    from teilhabe.bridge.frames import read_frame

    columns = [(f"w{i}", ogr.OFTInteger, ogr.OFSTNone) for i in range(205)]
    path = make_table(tmp_path / "wide.gpkg", [list(range(205)), [None, *range(204)]], columns, ["POINT (1 2)", None])
    frame = read_frame(open_layer(path))
    assert len(fast_calls) == 1 and fast_calls[0]
    wanted = [name for name, _kind, _subtype in columns]
    assert list(frame[wanted].iloc[0]) == list(range(205))
    assert np.isnan(frame["w0"].iloc[1]) and frame["w204"].iloc[1] == 203
