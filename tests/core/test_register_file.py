"""The index file: what is read back is what was written, and only as long as it is right."""
import json
import os
from dataclasses import fields, replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teilhabe_plugin.core.addresses import register_file
from teilhabe_plugin.core.addresses.register import AddressRegister
from teilhabe_plugin.core.addresses.register_building import RegisterBuilder, build_register
from teilhabe_plugin.core.addresses.register_file import load_register, save_register
from teilhabe_plugin.core.addresses.text_column import TextColumn
from teilhabe_plugin.core.messages import Message

TEXT = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=12)
ROW = st.fixed_dictionaries({
    "street": st.sampled_from(["Ackerstraße", "Ackerstr.", "Am Hügel", "St.-Josef-Str.", "Łódź 中", "x"]) | TEXT,
    "number": st.none() | st.integers(0, 120).map(str) | st.just("12a"), "suffix": st.none() | st.sampled_from("ab"),
    "postcode": st.none() | st.sampled_from(["01067", "45468", "x"]), "place": st.none() | TEXT,
    "district": st.none() | TEXT, "area": st.none() | st.sampled_from(["0101", "0102"]),
    "quality": st.sampled_from(["A", "B", None]), "id": TEXT, "street_key": st.sampled_from(["", "00010", "00020"]),
    "x": st.sampled_from([np.nan, 0.0, 350000.5, 350010.25]), "y": st.sampled_from([np.nan, 5700000.125, 5.7e6]),
})
ROWS = st.lists(ROW, min_size=1, max_size=25)


def equal(first: AddressRegister, second: AddressRegister) -> bool:
    for field in fields(AddressRegister):
        one, other = getattr(first, field.name), getattr(second, field.name)
        if field.name == "cache":
            continue
        if isinstance(one, (str, tuple)):
            if one != other:
                return False
            continue
        one, other = np.asarray(one), np.asarray(other)
        if one.dtype != other.dtype or len(one) != len(other) or not all(
                a == b or a != a and b != b for a, b in zip(one.tolist(), other.tolist())):
            return False
    return True


def some_register(**changes):
    frame = pd.DataFrame({"street": ["Ackerstraße", "Ackerstr.", "Am Hügel"], "number": ["1", "2a", None],
                          "postcode": ["01067"] * 3, "area": ["0101", None, "0102"], "id": ["ä1", "", "DEXX"],
                          "x": [350000.5, np.nan, 350100.0], "y": [5700000.0, np.nan, 5700100.0]})
    notes = (Message("{n} rows of {what}", n=3, what=Message("{file}", file="r.csv"), share=0.5),)
    return replace(build_register(frame, "Register", "EPSG:25832", "Musterstadt"), notes=notes, **changes)


def has_street(rows):
    return any((row["street"] or "").strip() for row in rows)


@given(ROWS.filter(has_street))
@settings(max_examples=60, deadline=None)
def test_what_is_loaded_is_what_was_saved(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("index") / "r.npz"
    register = build_register(pd.DataFrame(rows), "Titel ä", "EPSG:25832", "Ort")
    save_register(path, register, "now")
    assert equal(load_register(path, "now"), register)


@given(ROWS.filter(has_street), st.lists(st.integers(0, 25), max_size=4), st.booleans())
@settings(max_examples=60, deadline=None)
def test_building_in_chunks_is_building_at_once(rows, cuts, as_categories):
    frame = pd.DataFrame(rows)
    builder = RegisterBuilder("r")
    edges = sorted({0, len(frame), *(cut for cut in cuts if cut < len(frame))})
    for start, end in zip(edges, edges[1:]):
        chunk = frame.iloc[start:end]
        if as_categories:
            chunk = chunk.astype(dict.fromkeys(("street", "number", "postcode", "area", "place"), "category"))
        builder.add(chunk)
    assert equal(builder.finish(), build_register(frame, "r"))


def test_messages_come_back(tmp_path):
    save_register(tmp_path / "r.npz", some_register(), "now")
    assert load_register(tmp_path / "r.npz", "now").notes == some_register().notes


def test_another_source_or_version_is_not_taken(tmp_path, monkeypatch):
    path = tmp_path / "r.npz"
    assert load_register(path, "now") is None
    save_register(path, some_register(), "now")
    assert load_register(path, "now") is not None
    assert load_register(path, "later") is None
    monkeypatch.setattr(register_file, "VERSION", -1)
    assert load_register(path, "now") is None


def test_a_damaged_file_is_not_taken(tmp_path):
    path = tmp_path / "r.npz"
    save_register(path, some_register(), "now")
    whole = path.read_bytes()
    rng = np.random.default_rng(7)
    for position in rng.integers(0, len(whole), 150).tolist():
        path.write_bytes(whole[:position] + bytes([whole[position] ^ 0xFF]) + whole[position + 1:])
        found = load_register(path, "now")
        assert found is None or equal(found, some_register())
    for length in rng.integers(0, len(whole), 40).tolist():
        path.write_bytes(whole[:length])
        assert load_register(path, "now") is None


def test_pickles_are_not_read(tmp_path):
    path = tmp_path / "r.npz"
    np.savez(path, about=np.array([object()], dtype=object))
    assert load_register(path, "now") is None


@pytest.mark.parametrize("column, values", [
    ("street", [0, 0, 9]), ("area", [5, 0, 0]), ("number", [1, 2]), ("street_starts", [0, 2, 1]),
    ("street_starts", [1, 2, 3]), ("suffix", [-1, 0, 0]), ("variant_streets", [7]),
])
def test_columns_that_do_not_belong_together_are_not_taken(tmp_path, column, values):
    path = tmp_path / "r.npz"
    save_register(path, replace(some_register(), **{column: np.array(values)}), "now")
    assert load_register(path, "now") is None


def test_a_failed_run_leaves_the_earlier_index(tmp_path, monkeypatch):
    path = tmp_path / "r.npz"
    save_register(path, some_register(), "now")

    def full(*args, **columns):
        args[0].write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(register_file.np, "savez", full)
    with pytest.raises(OSError, match="No space left"):
        save_register(path, some_register(), "later")
    assert os.listdir(tmp_path) == ["r.npz"]
    assert load_register(path, "now") is not None


def test_the_index_names_what_it_was_made_of(tmp_path):
    save_register(tmp_path / "r.npz", some_register(), "now")
    with np.load(tmp_path / "r.npz") as stored:
        about = json.loads(stored["about"].tobytes())
    assert (about["fingerprint"], about["title"], about["place"]) == ("now", "Register", "Musterstadt")


# --- texts in few bytes

@given(st.lists(TEXT, max_size=30), st.data())
@settings(max_examples=60, deadline=None)
def test_a_text_column_is_like_an_array_of_texts(texts, data):
    column = TextColumn.of(texts)
    positions = st.lists(st.integers(0, max(len(texts) - 1, 0)), max_size=20 if texts else 0)
    order = np.array(data.draw(positions), dtype=int)
    assert (len(column), column.tolist(), list(column)) == (len(texts), texts, texts)
    assert [column[i] for i in range(len(texts))] == texts
    assert column.take(order).tolist() == [texts[i] for i in order]
    assert column[order].tolist() == [texts[i] for i in order]
    assert np.asarray(column).dtype == object
    cut = len(texts) // 2
    parts = [TextColumn.of(texts[:cut]), TextColumn.of(texts[cut:])]
    assert TextColumn.concatenate(parts).tolist() == texts


def test_a_text_beyond_the_end(tmp_path):
    column = TextColumn.of(["a", None, "c"])
    assert (column[-1], column[1], column[np.array([True, False, True])].tolist()) == ("c", "", ["a", "c"])
    with pytest.raises(IndexError):
        column[3]
