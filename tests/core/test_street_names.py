"""One spelling of street names."""
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from teilhabe_plugin.core.addresses.street_names import compact, fold_place, fold_text, normal_street, normal_streets
from teilhabe_plugin.core.addresses.street_words import (
    compact_word,
    compact_words,
    is_bare_kind,
    is_generic,
    looks_like_street,
    surely_street,
)
from teilhabe_plugin.core.addresses.vocabulary import vocabulary_from_names

NORMAL = {
    "Ackerstraße": "ackerstrasse",
    "Ackerstrasse": "ackerstrasse",
    "Ackerstr.": "ackerstrasse",
    "Ackerstr": "ackerstrasse",
    "ACKERSTRASSE": "ackerstrasse",
    "ACKERSTRAẞE": "ackerstrasse",
    "Ackerstr12": "ackerstrasse 12",
    "Acker Str.": "acker strasse",
    "Bochumer  Straße": "bochumer strasse",
    "Karl-Marx-Str.": "karl marx strasse",
    "Karl Marx Straße": "karl marx strasse",
    "Mühlenstraße": "muehlenstrasse",
    "Muehlenstrasse": "muehlenstrasse",
    "Mu\u0308hlenstr.": "muehlenstrasse",
    "Neue Straße": "neue strasse",
    "St.-Josef-Str.": "sankt josef strasse",
    "Sankt-Josef-Straße": "sankt josef strasse",
    "Alexanderpl.": "alexanderplatz",
    "Gr. Hamburger Str.": "gr hamburger strasse",
    "Große Hamburger Straße": "gr hamburger strasse",
    "Kl. Weg": "kl weg",
    "Dr.-Külz-Ring": "dr kuelz ring",
    "Doktor-Külz-Ring": "dr kuelz ring",
    "Straße des 17. Juni": "strasse des 17 juni",
    "Laehr'scher Jagdweg": "laehrscher jagdweg",
    "Van’t-Hoff-Straße": "vant hoff strasse",
    "Strausberger Platz": "strausberger platz",
    "Astrid-Lindgren-Weg": "astrid lindgren weg",
    "Acker\u00adstraße": "ackerstrasse",
    "\u202eAckerstraße": "ackerstrasse",
    "": "",
}


@pytest.mark.parametrize("name", NORMAL)
def test_normal_street(name):
    assert normal_street(name) == NORMAL[name]


def test_umlauts_and_their_spelled_out_forms_meet():
    """Folding both sides makes a genuine “ue” harmless."""
    assert normal_street("Neuer Weg") == "neuer weg"
    assert normal_street("Zum Rosenhügel") == normal_street("Zum Rosenhuegel")
    assert fold_text("Große Heﬀtergasse, Château") == "grosse hefftergasse, chateau"


def test_many_names_at_once():
    found = normal_streets(["Ackerstr.", None, "Ackerstr.", float("nan"), "Am Markt"])
    assert found.tolist() == ["ackerstrasse", "", "ackerstrasse", "", "am markt"]
    assert isinstance(found, np.ndarray)


def test_places():
    assert fold_place("Mülheim a. d. Ruhr") == "muelheimadruhr"
    assert fold_place("BERLIN - Mitte") == "berlinmitte"


def test_names_made_of_words():
    assert list(compact_words(["Straße", "des", "17", ".", "Juni"])) == [
        "strasse", "strassedes", "strassedes17", "strassedes17", "strassedes17juni"]
    assert list(compact_words(["Straße", "24", "6"]))[-1] == "strasse24 6"  # is not “Straße 246”


def test_which_words_are_streets():
    assert surely_street("Akcerstr. 12") and surely_street("Töpperweg12")
    assert not surely_street("Stadtpark") and not surely_street("Hamburg")
    assert looks_like_street("Am Rathaus") and not looks_like_street("Rathaus")
    assert is_bare_kind("markt") and is_bare_kind("strasse") and not is_bare_kind("ackerstrasse")


def test_words_that_need_a_number():
    numbered = vocabulary_from_names(["Straße 73", "Kolonieweg 5", "Ackerstraße"])
    assert is_generic("strasse") and is_generic("kolonieweg", "7", numbered)
    assert is_generic("starsse", "73 23", numbered) and is_generic("starsse", "73", numbered)
    assert not is_generic("starsse", "74", numbered)  # no such street is known: the number is that of a house
    assert is_generic("sthsse", "5 14") and not is_generic("sthsse", "5")
    assert not is_generic("ackerstrasse", "12 14", numbered) and not is_generic("trasse", "5", numbered)


@given(st.text(max_size=40))
def test_folding_again_changes_nothing(text):
    folded = fold_text(text)
    assert fold_text(folded) == folded
    normal = normal_street(text)
    assert normal_street(normal) == normal
    assert compact(normal) == compact(normal).strip()
    assert fold_place(fold_place(text)) == fold_place(text)


@given(st.lists(st.sampled_from(["Karl-Marx-", "Str.", "straße", "Platz", "Pl.", "St.", "Große", "17", ".", "Am",
                                 "u."]),
                min_size=1, max_size=6))
def test_a_name_is_its_words(words):
    assert compact(normal_street(" ".join(words))) == "".join(map(compact_word, words))
