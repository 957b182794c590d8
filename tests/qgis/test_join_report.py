"""The HTML report of joinindicators."""

import pytest

from .join_helpers import error_of, four_areas, run, social_table


@pytest.fixture
def areas(provider, new_project):
    return four_areas(new_project)


@pytest.fixture
def csv(tmp_path):
    return social_table(tmp_path)


def test_report_page(areas, csv, tmp_path):
    csv.write_text(csv.read_text("cp1252") + "<b>x</b>;Umland;1;2;3\n", "cp1252")
    page = tmp_path / "abgleich.html"
    result = run(areas, tmp_path / "out.gpkg", FILES=[str(csv)], REPORT=str(page))
    assert result["REPORT"] == str(page)
    html = page.read_text("utf-8")
    assert "<title>Join report: Gebiete</title>" in html
    assert "3 / 4</b>areas joined" in html
    assert "&lt;b&gt;x&lt;/b&gt;" in html
    assert "<b>x</b>" not in html
    assert "Gesamtstadt" in html
    assert "http" not in html
    assert list(tmp_path.glob("*.tmp")) == []


def test_report_in_german(german, areas, csv, tmp_path):
    page = tmp_path / "abgleich.html"
    run(areas, tmp_path / "out.gpkg", FILES=[str(csv)], REPORT=str(page))
    html = page.read_text("utf-8")
    assert '<html lang="de">' in html
    assert "<title>Abgleich: Gebiete</title>" in html
    assert "3 / 4</b>Gebiete zugeordnet" in html
    assert "führende Nullen ergänzt" in html
    assert "3.500" in html


def test_report_in_a_folder_that_is_not_there(areas, csv, tmp_path):
    page = tmp_path / "weg" / "a.html"
    message = error_of(lambda: run(areas, tmp_path / "out.gpkg", FILES=[str(csv)], REPORT=str(page)))
    assert f"The folder {tmp_path / 'weg'} for the report does not exist." in message
    assert not (tmp_path / "out.gpkg").exists()
