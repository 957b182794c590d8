"""Names with typing errors: the index finds exactly what comparing every pair letter by letter finds."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from teilhabe_plugin.core.addresses.street_search import StreetSearch


def alignment(a, b):
    """Optimal string alignment distance, written out from its definition."""
    table = np.zeros((len(a) + 1, len(b) + 1), int)
    table[:, 0], table[0] = np.arange(len(a) + 1), np.arange(len(b) + 1)
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            table[i, j] = min(table[i - 1, j] + 1, table[i, j - 1] + 1, table[i - 1, j - 1] + (a[i - 1] != b[j - 1]))
            if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                table[i, j] = min(table[i, j], table[i - 2, j - 2] + 1)
    return int(table[-1, -1])


def found(names, queries, most_edits=2):
    query, name, edits = StreetSearch(names).near(queries, most_edits)
    return list(zip(query.tolist(), name.tolist(), edits.tolist()))


NAMES = st.text("abc1", min_size=1, max_size=12)


@settings(max_examples=300, deadline=None)
@given(st.lists(NAMES, min_size=1, max_size=12), st.lists(NAMES, min_size=1, max_size=6), st.integers(0, 2))
def test_near_is_what_comparing_every_pair_finds(names, queries, most_edits):
    expected = [(q, n, alignment(query, name)) for q, query in enumerate(queries) for n, name in enumerate(names)
                if alignment(query, name) <= most_edits]
    assert found(names, queries, most_edits) == expected


@settings(max_examples=100, deadline=None)
@given(st.text("abcdefgh", min_size=7, max_size=64), st.lists(st.tuples(st.integers(0, 63), st.sampled_from("dirs")),
                                                              max_size=2))
def test_two_errors_anywhere_in_a_long_name_are_found(name, errors):
    typed = name
    for place, kind in errors:
        place %= max(len(typed), 1)
        typed = {"d": typed[:place] + typed[place + 1:], "i": typed[:place] + "x" + typed[place:],
                 "r": typed[:place] + "y" + typed[place + 1:],
                 "s": typed[:place] + typed[place:place + 2][::-1] + typed[place + 2:]}[kind][:64]
    if alignment(typed, name) <= 2:
        assert found([name], [typed]) == [(0, 0, alignment(typed, name))]


def test_street_names():
    names = ["ackerstrasse", "ackerweg", "am markt", "amselweg"]
    assert found(names, ["akerstrase", "amselwge", "am makrt", "lindenweg"]) == [(0, 0, 2), (1, 3, 1), (2, 2, 1)]


def test_nothing_to_search_or_nothing_searched():
    assert found([], ["a"]) == []
    assert found(["a"], []) == []
    assert found([""], ["", "abc"]) == []


def test_texts_of_any_length_are_taken():
    assert found(["a" * 64, "b" * 65], ["a" * 63, "b" * 65, "c" * 100_000]) == [(0, 0, 1)]
