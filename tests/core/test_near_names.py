import difflib
import time

import numpy as np
import pytest

from teilhabe_plugin.core.near_names import NearNames

NAMES = ["schlossstrasse", "schlosspark", "grosser tiergarten", "am bach", "neue muehle", "neue muehlen"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("schlosstrasse", "schlossstrasse"),
        ("gr tiergarten", "grosser tiergarten"),
        ("am bache", "am bach"),
        ("tiergarten grosser", None),
        ("ganz anders", None),
        ("", None),
        ("x", None),
    ],
)
def test_nearest_name(text, name):
    found = NearNames(NAMES).nearest(text)
    assert (NAMES[found[0]] if found else None) == name


def test_two_equally_near_names_leave_it_open():
    assert NearNames(["nordring 1", "nordring 2"]).nearest("nordring") is None


def test_same_as_asking_every_name():
    letters = np.array(list("abcdefgh"))
    generator = np.random.default_rng(3)
    names = sorted({"".join(generator.choice(letters, 12)) for _ in range(500)})
    near = NearNames(names)
    for name in names[::25]:
        asked = name[:4] + "x" + name[5:]
        ratios = [difflib.SequenceMatcher(None, asked, other).ratio() for other in names]
        assert names[near.nearest(asked)[0]] == names[int(np.argmax(ratios))] == name


def test_many_names_take_no_longer_than_reading_them():
    generator = np.random.default_rng(5)
    names = ["".join(chr(97 + k) for k in row) for row in generator.integers(0, 26, (20000, 14))]
    near = NearNames(names)
    start = time.perf_counter()
    for name in names[:100]:
        assert near.nearest(name[:-1])[0] == names.index(name)
    assert time.perf_counter() - start < 5
