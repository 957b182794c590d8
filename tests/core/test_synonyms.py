"""Former street names: which columns, which names."""

import pandas as pd
import pytest

from teilhabe_plugin.core.addresses.synonyms import Synonyms, read_synonyms
from teilhabe_plugin.core.messages import TeilhabeError


@pytest.mark.parametrize("old, new", [("alter_name", "neuer_name"), ("Früher", "Heute"), ("Bisheriger Name", "jetzt"),
                                      ("Straße 1", "Straße 2"), ("former name", "current name")])
def test_columns_are_known_by_their_titles_or_their_order(old, new):
    table = pd.DataFrame({"Nr": [1, 2], old: ["Kaiserstraße", None], new: ["Bergstr.", "Hofweg"]})
    assert read_synonyms(table).pairs == (("Kaiserstraße", "Bergstr."),)


def test_the_new_name_may_stand_first():
    table = pd.DataFrame({"Neuer Name": ["Bergstraße"], "Alter Name": ["Kaiserstraße"]})
    assert read_synonyms(table).pairs == (("Kaiserstraße", "Bergstraße"),)


def test_one_column_is_not_enough():
    with pytest.raises(TeilhabeError, match="needs two columns"):
        read_synonyms(pd.DataFrame({"Name": ["Kaiserstraße"]}))


def test_a_name_renamed_in_a_circle_ends():
    names = Synonyms((("A-Straße", "B-Straße"), ("B-Straße", "A-Straße"), ("", "")))
    assert names.new_names("astrasse") == ("bstrasse",)
    assert names.new_names("cstrasse") == ()
