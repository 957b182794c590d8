"""The help of every algorithm, as Processing and the browser show it."""
import re

import pytest

LANGUAGES = ("de", "en")


def pages(provider, language):
    from teilhabe import paths

    return {algorithm.name(): paths.resource("help", language, f"{algorithm.name()}.html")
            for algorithm in provider.algorithms()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_algorithm_has_a_page_that_names_its_letters(provider, language):
    for name, page in pages(provider, language).items():
        text = page.read_text(encoding="utf-8")
        assert text.startswith('<meta charset="utf-8">\n<p>'), name  # a browser guesses the umlauts wrong without it
        assert "http" not in text, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_tags_are_closed(provider, language):
    for name, page in pages(provider, language).items():
        text = page.read_text(encoding="utf-8")
        for tag in ("p", "h3", "ul", "ol", "li", "b", "i", "table", "tr", "td", "code"):
            assert len(re.findall(f"<{tag}[ >]", text)) == text.count(f"</{tag}>"), (name, tag)


@pytest.mark.parametrize("language", LANGUAGES)
def test_links_of_the_manual_lead_somewhere(provider, language):
    from teilhabe import paths

    folder = paths.resource("help", language)
    for page in folder.glob("*.html"):
        for target in re.findall(r'(?:href|src)="([^"#]+)', page.read_text(encoding="utf-8")):
            assert (folder / target).resolve().is_file(), (page.name, target)


def test_the_manual_leads_to_the_page_of_every_step(provider):
    from teilhabe import paths

    for language in LANGUAGES:
        text = paths.resource("help", language, "index.html").read_text(encoding="utf-8")
        for name in ("joinindicators", "computeindex", "styleclasses", "printmap"):
            assert f'href="{name}.html"' in text, (language, name)


def test_processing_shows_the_umlauts(provider, german):
    from qgis.PyQt.QtGui import QTextDocument

    document = QTextDocument()
    document.setHtml(provider.algorithm("printmap").shortHelpString())
    assert "Karte für Ausschuss und Verwaltung" in document.toPlainText()
