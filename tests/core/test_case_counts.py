"""Counting cases: what counts, in which columns, what is hidden, and that no message quotes the list."""
import datetime
import traceback

import numpy as np
import pandas as pd
import pytest

from teilhabe_plugin.core.addresses.case_columns import groups_of, weights_of, years_of, yes_of
from teilhabe_plugin.core.addresses.case_counts import (
    ALL,
    FLAG,
    HOUSE,
    SPREAD,
    CaseRules,
    Cases,
    count_cases,
)
from teilhabe_plugin.core.addresses.case_secrecy import guarded
from teilhabe_plugin.core.addresses.grades import DISTRICT, EXACT, NEAREST, NONE, NORMALISED, STREET
from teilhabe_plugin.core.count_spec import Protection
from teilhabe_plugin.core.messages import Message, TeilhabeError

OPEN = CaseRules(protection=Protection(threshold=0))


def texts(values):
    return np.array(values, dtype=object)


def cases(areas, grades=None, **more):
    """Records in these areas, exact unless said otherwise."""
    size = len(areas)
    found = {"area": texts(areas), "grade": np.full(size, EXACT) if grades is None else np.array(grades),
             "sure": np.zeros(size, bool), "by_hand": np.zeros(size, bool), "no_address": np.zeros(size, bool)}
    found |= {name: np.asarray(value) for name, value in more.items()}
    return Cases(**found)


def repeated(**counts):
    """Records per area: repeated(a=3) are three records in a."""
    return [area for area, count in counts.items() for _ in range(count)]


# what counts

GRADES = [EXACT, NORMALISED, NEAREST, STREET, STREET, DISTRICT, NONE, NONE]


def mixed():
    return cases(["a", "a", "a", "a", "b", "b", "", ""], GRADES, sure=np.array([1, 1, 0, 1, 0, 0, 0, 0], bool),
                 no_address=np.array([0, 0, 0, 0, 0, 0, 0, 1], bool))


@pytest.mark.parametrize("places, expected", [("near", [4, 0]), (HOUSE, [2, 0]), (ALL, [4, 2])])
def test_which_places_count(places, expected):
    result = count_cases(mixed(), ["a", "b"], CaseRules(places=places, protection=Protection(threshold=0)))
    assert result.frame["faelle"].tolist() == expected
    assert result.everything == 8


def test_what_is_not_counted_is_told_by_reason():
    result = count_cases(mixed(), ["a", "b"], OPEN)
    assert [(str(label), number) for label, number in result.counted] == [
        ("exact", 1), ("exact after normalising", 1), ("nearest house number", 1), ("street only", 1)]
    assert [(str(label), number) for label, number in result.others] == [
        ("without an address (empty, P.O. box)", 1), ("address not located", 1),
        ("located, but the area is not sure", 2)]
    assert result.all_counted == 4


def test_decisions_by_hand_count_whatever_their_grade():
    result = count_cases(cases(["a"], [NONE], by_hand=[True]), ["a"], OPEN)
    assert result.frame["faelle"].tolist() == [1]
    assert [str(label) for label, _ in result.counted] == ["decided by hand"]


def test_areas_of_another_layer_are_outside():
    result = count_cases(cases(["a", "x", ""]), ["a"], OPEN)
    assert [(str(label), number) for label, number in result.others] == [("outside the areas", 2)]


def test_condition_year_and_number_come_first():
    data = cases(["a"] * 5, wanted=np.array([True, True, False, True, True]), year=[2024, 0, 2024, 2024, 2023],
                 cases=[2, 1, 1, np.nan, 3])
    result = count_cases(data, ["a"], OPEN)
    assert result.frame.to_dict("records") == [
        {"key": "a", "faelle_2023": 3, "faelle_2024": 2, FLAG: False}]
    assert [str(label) for label, _ in result.others] == [
        "left out by the condition", "without a year", "without a number of cases"]


def test_groups_and_years_become_columns_with_their_total():
    data = cases(["a", "a", "b", "b"], group=texts(["w", "m", "w", ""]), year=[2023, 2023, 2024, 2024])
    result = count_cases(data, ["a", "b", "c"], OPEN)
    assert list(result.frame) == [
        "key", "faelle_ohne_angabe_2023", "faelle_m_2023", "faelle_w_2023", "faelle_2023", "faelle_ohne_angabe_2024",
        "faelle_m_2024", "faelle_w_2024", "faelle_2024", FLAG]
    assert result.frame["faelle_2023"].tolist() == [2, 0, 0]
    assert result.frame["faelle_w_2024"].tolist() == [0, 1, 0]


def test_long_form_has_a_row_per_area_and_year():
    data = cases(["a", "b"], year=[2023, 2024])
    result = count_cases(data, ["a", "b"], CaseRules(long=True, protection=Protection(threshold=0)))
    assert result.frame[["key", "jahr", "faelle"]].values.tolist() == [
        ["a", 2023, 1], ["b", 2023, 0], ["a", 2024, 0], ["b", 2024, 1]]


def test_areas_without_addresses_have_no_count():
    result = count_cases(cases(["a"] * 5 + ["c"] * 4), ["a", "b", "c"], covered=[True, False, False])
    assert result.frame["faelle"].fillna(-1).tolist() == [5, -1, 4]  # somebody put cases into c by hand
    assert not result.frame[FLAG].any()
    assert str(result.notes[0]) == "Areas without a single address in the register: 1. They have no count, not 0."


# protection

def test_three_is_the_default_threshold_and_zeros_are_shown():
    result = count_cases(cases(repeated(a=2, b=5, c=9)), ["a", "b", "c", "d"])
    # a is hidden, b with it, for the total is known
    assert result.frame["faelle"].tolist()[2:] == [9, 0]
    assert result.frame["faelle"].isna().tolist() == [True, True, False, False]
    assert result.frame[FLAG].tolist() == [True, True, False, False]
    assert (result.hidden, result.all_counted) == (2, 16)


def attack(shown, column_totals=None):
    """Hidden cells that follow by subtraction in a row of groups and total or in a column with a known total."""
    hidden = np.isnan(shown)
    given = [tuple(cell) for cell in np.argwhere(hidden & (hidden.sum(axis=1, keepdims=True) == 1))]
    for column in range(shown.shape[1]):
        rows = np.flatnonzero(hidden[:, column])
        if len(rows) == 1 and column_totals is not None and not np.isnan(column_totals[column]):
            given.append((rows[0], column))
    return given


@pytest.mark.parametrize("seed", range(6))
def test_nothing_follows_by_subtraction(seed):
    random = np.random.default_rng(seed)
    keys = [f"{i:02d}" for i in range(20)]
    data = cases(random.choice(keys, 150), group=texts(random.choice(["x", "y", "z"], 150).tolist()))
    result = count_cases(data, keys, parents=[["p" if i < 7 else "q" for i in range(20)]])
    names = [column.name for column in result.columns]
    shown = result.frame[names].to_numpy(float)
    assert np.isnan(shown).any()
    assert not ((shown > 0) & (shown < 3)).any()
    hidden_totals = {name for label, name in result.hidden_totals if label == ""}
    known = [np.nan if name in hidden_totals else 1 for name in names]
    assert attack(shown, known) == []
    # the totals of the parents are known as well, unless they are named as secret
    for parent, rows in (("p", slice(0, 7)), ("q", slice(7, 20))):
        secret = {name for label, name in result.hidden_totals if label == parent}
        assert attack(shown[rows], [np.nan if name in secret else 1 for name in names]) == []


def test_small_numbers_of_the_report_are_hidden_too():
    grades = [EXACT] * 10 + [NORMALISED] * 5 + [NEAREST] + [NONE] * 2 + [DISTRICT] * 6
    data = cases(["a"] * 16 + [""] * 2 + ["a"] * 6, grades)
    result = count_cases(data, ["a"])
    counted = {str(label): number for label, number in result.counted}
    others = {str(label): number for label, number in result.others}
    assert counted["nearest house number"] is None
    assert list(counted.values()).count(None) >= 2 or result.all_counted is None
    assert others["address not located"] is None
    assert list(others.values()).count(None) >= 2 or result.everything is None or result.all_counted is None


def test_one_record_of_many_cases_is_a_single_household():
    data = cases(["a", "b", "b", "b", "c", "c", "c"], cases=[8, 3, 3, 3, 4, 4, 4])
    result = count_cases(data, ["a", "b", "c"])
    assert np.isnan(result.frame["faelle"][0])
    assert result.frame["faelle"].isna().sum() >= 2


def test_rare_groups_are_merged_and_not_named():
    data = cases(["a"] * 22, group=texts(["w"] * 10 + ["m"] * 9 + ["Tuvalu", "Nauru", "Kiribati"]))
    result = count_cases(data, ["a"])
    assert [column.name for column in result.columns] == ["faelle_m", "faelle_w", "faelle_andere", "faelle"]
    assert result.frame["faelle_andere"].tolist() == [3]
    assert "Tuvalu" not in str([str(note) for note in result.notes])
    assert str(result.notes[0]) == "Groups with fewer than 3 cases in all: 3. They are counted together as “other”."


def test_names_are_no_groups_and_are_not_quoted():
    data = cases(["a"] * 50, group=texts([f"Meier {i}" for i in range(50)]))
    with pytest.raises(TeilhabeError) as caught:
        count_cases(data, ["a"])
    assert "50 different values" in str(caught.value)
    assert "Meier" not in str(caught.value)


def test_spreading_does_not_lift_small_counts_over_the_threshold():
    """Two cases in a, and as many without an area as with one: 4 would be shown, were it not for the two."""
    data = cases(repeated(a=2, b=8, c=10) + [""] * 20, [EXACT] * 20 + [NONE] * 20)
    result = count_cases(data, ["a", "b", "c"], CaseRules(unknown=SPREAD))
    assert np.isnan(result.frame["faelle"][0]) and np.isnan(result.frame["faelle"][1])
    assert result.frame["faelle"][2] == 20
    assert "Cases without a known area were spread" in str([str(note) for note in result.notes])


def test_spreading_uses_one_factor_for_all_groups():
    data = cases(["a"] * 6 + ["b"] * 4 + [""] * 5, [EXACT] * 10 + [NONE] * 5,
                 group=texts(["x", "y"] * 5 + ["x"] * 5))
    result = count_cases(data, ["a", "b"], CaseRules(unknown=SPREAD, protection=Protection(threshold=0)))
    assert result.frame[["faelle_x", "faelle_y", "faelle"]].values.tolist() == [[4.5, 4.5, 9], [3, 3, 6]]


def test_rounding():
    data = cases(repeated(a=7, b=5, c=9), group=texts(["x"] * 10 + ["y"] * 11))
    rules = CaseRules(protection=Protection(threshold=0, rounding="nearest", base=3))
    result = count_cases(data, ["a", "b", "c"], rules)
    assert result.frame[["faelle_x", "faelle_y", "faelle"]].values.tolist() == [[6, 0, 6], [3, 3, 6], [0, 9, 9]]
    controlled = CaseRules(protection=Protection(threshold=0, rounding="controlled", base=3, seed="s"))
    frame = count_cases(data, ["a", "b", "c"], controlled).frame
    assert (frame["faelle_x"] + frame["faelle_y"]).tolist() == frame["faelle"].tolist()
    assert (frame["faelle"] % 3 == 0).all()


def test_without_a_threshold_the_danger_is_said():
    notes = [str(note) for note in count_cases(cases(["a"]), ["a"], OPEN).notes]
    assert notes[0] == ("Nothing is suppressed: the result holds counts of single persons and must not leave the "
                        "office.")


def test_an_empty_list_counts_nothing():
    result = count_cases(cases([]), ["a", "b"])
    assert result.frame["faelle"].tolist() == [0, 0]
    assert (result.everything, result.counted, result.others) == (0, [], [])


# columns

def frame(values):
    return pd.DataFrame({"Spalte": pd.Series(values, dtype=object)})


def test_years_are_read_from_years_dates_and_school_years():
    values = [2023, 2023.0, "2023", "01.09.2023", "2023-09-01", "2023/24", "1.9.23", "3.5.98",
              datetime.date(2023, 9, 1), datetime.datetime(2023, 9, 1), None, ""]
    assert years_of(frame(values), "Spalte", range(12)).tolist() == [2023] * 7 + [1998, 2023, 2023, 0, 0]


def test_numbers_of_cases_are_whole_and_not_negative():
    assert weights_of(frame([1, "2", " 1.200 ", 3.0]), "Spalte", range(4)).tolist() == [1, 2, 1200, 3]
    assert np.isnan(weights_of(frame([None, ""]), "Spalte", range(2))).all()


def test_groups_are_texts():
    assert groups_of(frame(["w ", 1.0, None, 2]), "Spalte").tolist() == ["w", "1", "", "2"]


def test_yes_and_no():
    assert yes_of(frame(["ja", "Nein", "x", None, 1, 0, True]), "Spalte", range(7)).tolist() == [
        True, False, True, False, True, False, True]


@pytest.mark.parametrize("read, values", [(years_of, ["Zwirbelmann"]), (weights_of, ["Zwirbelmann"]),
                                          (weights_of, [-3]), (weights_of, [1.5]), (yes_of, ["Zwirbelmann"])])
def test_faults_name_row_and_column_and_nothing_else(read, values):
    with pytest.raises(TeilhabeError) as caught:
        read(frame(values), "Spalte", [17])
    assert "“Spalte”, row 17" in str(caught.value)
    assert "Zwirbelmann" not in str(caught.value) and "Zwirbelmann" not in repr(caught.value.args)


def test_a_missing_column_does_not_list_the_headings():
    with pytest.raises(TeilhabeError) as caught:
        groups_of(pd.DataFrame({"Zwirbelmann, Ackerstraße 12": [1]}), "gibtesnicht")
    assert "Zwirbelmann" not in str(caught.value)


# secrecy

def whole_trace(error):
    return "".join(traceback.format_exception(type(error), error, error.__traceback__, chain=True))


@pytest.mark.parametrize("fault", [
    ValueError("could not convert 'Zwirbelmann'"), KeyError("Zwirbelmann"),
    TeilhabeError("Row {row}, column “{column}”: “{value}” is no number.", row=3, column="S", value="Zwirbelmann"),
    TeilhabeError("{problem}", problem=Message("“{text}” is odd", text="Zwirbelmann"))])
def test_what_goes_wrong_is_told_without_content(fault):
    def work():
        raise fault

    with pytest.raises(TeilhabeError) as caught:
        guarded(work)
    assert "Zwirbelmann" not in whole_trace(caught.value)
    assert caught.value.__context__ is None and caught.value.__cause__ is None


def test_row_and_column_stay_in_the_message():
    def work():
        raise TeilhabeError("Row {row}, column “{column}”: “{value}” is no number.", row=3, column="S", value="x")

    with pytest.raises(TeilhabeError) as caught:
        guarded(work)
    assert str(caught.value) == "Row 3, column “S”: “…” is no number."
