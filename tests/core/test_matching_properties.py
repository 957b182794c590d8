"""What holds for every list: clean addresses come back exactly, the order of rows is no matter, time grows evenly."""

import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teilhabe_plugin.core.addresses.grades import EXACT, INTERPOLATED
from teilhabe_plugin.core.addresses.located import Located
from teilhabe_plugin.core.addresses.matching import locate
from teilhabe_plugin.core.addresses.register_building import build_register
from tests.core.parsed_by_hand import parsed_of

NAMES = ("Acker", "Anger", "Birken", "Buchen", "Berg", "Burg", "Linden", "Garten", "Karl-Marx-",
         "Johann-Sebastian-Bach-", "Große ", "Kleine ", "Am Alten ", "Unter den ", "Ost", "West", "Süd", "Nord",
         "Sankt-Josef-", "Dr.-Koch-")
KINDS = ("straße", "weg", "platz", "allee", "gasse", "ring")


def streets():
    return st.tuples(st.sampled_from(NAMES), st.sampled_from(KINDS)).map("".join)


@st.composite
def registers(draw):
    rows = draw(st.lists(st.tuples(streets(), st.integers(1, 40), st.sampled_from(["", "a", "b", "1/2"]),
                                   st.sampled_from(["10115", "10117", "12169"]), st.integers(0, 900)),
                         min_size=1, max_size=40, unique_by=lambda row: row[:4]))
    frame = pd.DataFrame(rows, columns=["street", "number", "suffix", "postcode", "x"]).astype({"number": str})
    frame = frame.assign(y=0.0, area=frame["postcode"], district="D" + frame["postcode"])
    return build_register(frame, "R", "", "Stadt")


def asked(register, address, **other):
    return {"street": register.street_names[register.street[address]], "number": register.number_text(address),
            "postcode": int(register.postcode[address]), "place": "Stadt", **other}


@settings(max_examples=150, deadline=None)
@given(registers())
def test_every_address_of_a_register_is_found_exactly(register):
    rows = [asked(register, address) for address in range(len(register))]
    found = locate(parsed_of(*rows), [register])
    assert found.grade.tolist() == [EXACT] * len(register)
    assert found.address.tolist() == list(range(len(register)))
    assert found.found.tolist() == [register.text(address) for address in range(len(register))]
    assert found.area.tolist() == register.areas[register.area].tolist()
    assert bool(found.area_sure.all())


@settings(max_examples=60, deadline=None)
@given(registers(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(register, chance):
    rows = []
    for address in range(len(register)):
        row = asked(register, address)
        cut = chance.randrange(len(row["street"]))
        row["street"] = row["street"][:cut] + chance.choice("xe ") + row["street"][cut + chance.randrange(2):]
        row["number"] = chance.choice([row["number"], str(chance.randrange(60)), "", "3-7"])
        row["postcode"] = chance.choice([row["postcode"], -1, 10115, 99999])
        rows.append(row)
    order = list(range(len(rows)))
    chance.shuffle(order)
    first, second = locate(parsed_of(*rows), [register]), locate(parsed_of(*[rows[at] for at in order]), [register])
    for name in Located.__dataclass_fields__:
        one, other = getattr(first, name)[order], getattr(second, name)
        assert [repr(value) for value in one] == [repr(value) for value in other], name


@settings(max_examples=80, deadline=None)
@given(registers(), st.integers(1, 60), streets())
def test_an_exact_or_interpolated_hit_is_the_street_asked_for(register, number, street):
    """No row that names a street with a number the register lacks gets a hit in another street."""
    found = locate(parsed_of({"street": street, "number": str(number), "place": "Stadt"}), [register])
    if found.grade[0] == EXACT:
        assert register.street_names[register.street[found.address[0]]] == street
        assert register.number[found.address[0]] == number
    if found.grade[0] == INTERPOLATED:
        assert register.street_names[found.street[0]] == street


def big(rows, streets):
    chance = np.random.default_rng(3)
    letters = np.array(list("abdefgiklmnorstu"))
    names = ["".join(chance.choice(letters, 9)).capitalize() + "straße" for _ in range(streets)]
    which = np.sort(chance.integers(0, streets, rows))
    return build_register(pd.DataFrame({
        "street": np.array(names, dtype=object)[which], "number": (np.arange(rows) % 97 + 1).astype(str),
        "postcode": "10115", "area": "1", "x": np.arange(rows, dtype=float), "y": 0.0}), "R", "", "Stadt")


@pytest.mark.parametrize("broken", [False, True])
def test_time_grows_with_the_rows_and_not_faster(broken):
    register = big(40_000, 2_000)
    seconds = []
    for count in (2_000, 16_000):
        rows = [asked(register, address) for address in np.random.default_rng(4).integers(0, len(register), count)]
        for row in rows if broken else ():
            row["street"] = row["street"][:3] + row["street"][4:]
        parsed = parsed_of(*rows)
        locate(parsed.take(np.arange(10)), [register])
        start = time.perf_counter()
        found = locate(parsed, [register])
        seconds.append(time.perf_counter() - start)
        assert np.mean(found.grade <= 2) > 0.99
    assert seconds[1] < 16 * max(seconds[0], 0.01)
