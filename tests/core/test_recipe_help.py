"""The page on recipes names every method and every setting, in both languages."""
import re
from pathlib import Path

import pytest

from teilhabe_plugin.core import aggregate, classes, normalise, treatment, weights

HELP = Path(__file__).resolve().parents[2] / "resources" / "help"
REGISTRIES = [treatment.MISSING, treatment.METHODS, normalise.METHODS, weights.METHODS, aggregate.METHODS,
              classes.METHODS]


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_page_on_recipes_is_complete(language):
    page = (HELP / language / "recipe.html").read_text(encoding="utf-8")
    tables = re.findall(r"<table>.*?</table>", page, re.DOTALL)
    assert len(tables) == len(REGISTRIES)
    for table, methods in zip(tables, REGISTRIES):
        rows = {}
        for name, settings, _ in re.findall(r"<tr><td>(.*?)</td><td>(.*?)</td><td>(.*?)</td></tr>", table):
            rows[re.sub("<.*?>", "", name)] = set(re.findall("<code>(.*?)</code>", settings))
        assert rows == {name: set(method.settings) for name, method in methods.items()}


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_page_is_linked(language):
    for name in ("index.html", "computeindex.html"):
        assert 'href="recipe.html"' in (HELP / language / name).read_text(encoding="utf-8")
