"""From located records to counts per area: which records count, in which columns, and what is left out and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Callable

import numpy as np
import pandas as pd

from ..count_protection import Tree, tree_of
from ..count_spec import Protection
from ..field_names import field_name, unique_name
from ..messages import Message, TeilhabeError, check_cancelled, mark
from .case_protection import Hidden, Summary, YearTable, hide, rounded, rounded_number, totals
from .grades import GRADES, NEAREST, NONE, NORMALISED

#: which places count
HOUSE, NEAR, ALL = "house", "near", "all"
#: what becomes of records without an area
LEAVE_OUT, SPREAD = "leave_out", "spread"
#: why a record is not counted
FILTERED, NO_YEAR, NO_CASES, NO_ADDRESS, NOT_FOUND, UNSURE, OUTSIDE = (
    "filtered", "no_year", "no_cases", "no_address", "not_found", "unsure", "outside")
REASONS = {
    FILTERED: mark("left out by the condition"),
    NO_YEAR: mark("without a year"),
    NO_CASES: mark("without a number of cases"),
    NO_ADDRESS: mark("without an address (empty, P.O. box)"),
    NOT_FOUND: mark("address not located"),
    UNSURE: mark("located, but the area is not sure"),
    OUTSIDE: mark("outside the areas"),
}
BY_HAND = 0
#: a field with more values is no group, it could be a name
MOST_GROUPS = 40
FLAG = "geschuetzt"
NOT_STATED, OTHER = mark("not stated"), mark("other")
#: what columns of these groups are called
_NAMES = {NOT_STATED: "ohne_angabe", OTHER: "andere"}


@dataclass(frozen=True, eq=False)
class Cases:
    """Records of a list; row for row.

    Attributes
    ----------
    area : ndarray of object
        Area key, "" where none is known.
    grade : ndarray of int
        See `grades`.
    sure : ndarray of bool
        The area is certain.
    by_hand : ndarray of bool
        The place was decided by hand.
    no_address : ndarray of bool
        There was nothing to locate.
    group : ndarray of object, optional
        Text, "" where not given.
    year : ndarray of int, optional
        0 where not given.
    cases : ndarray of float, optional
        Number of cases of each record, NaN where not given; one by default.
    wanted : ndarray of bool, optional
        Records that the condition keeps; all by default.
    """

    area: np.ndarray
    grade: np.ndarray
    sure: np.ndarray
    by_hand: np.ndarray
    no_address: np.ndarray
    group: np.ndarray | None = None
    year: np.ndarray | None = None
    cases: np.ndarray | None = None
    wanted: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.area)


@dataclass(frozen=True)
class CaseRules:
    """How cases are counted.

    Attributes
    ----------
    places : {"house", "near", "all"}
        Only where the house itself was found; or also between and beside known numbers, and wherever the area is
        certain; or every place with an area.
    unknown : {"leave_out", "spread"}
        Cases without a known area are left out, or spread over the areas like the others.
    name : str
        What the columns begin with.
    long : bool
        A row per area and year instead of a column per year.
    protection : Protection
    """

    places: str = NEAR
    unknown: str = LEAVE_OUT
    name: str = "faelle"
    long: bool = False
    protection: Protection = Protection(threshold=3)


@dataclass(frozen=True)
class CaseColumn:
    """A column of counts; `group` (text or Message) is "" for the total, `year` 0 without."""

    name: str
    group: object
    year: int


@dataclass
class CaseCounts:
    """Counts of all areas.

    Attributes
    ----------
    frame : DataFrame
        ``key``, ``jahr`` in the long form, the counts (NaN where hidden), and `FLAG`.
    columns : list of CaseColumn
    counted, others : list of (Message, number or None)
        The counted cases by grade, the others by reason; None where the number is hidden.
    all_counted, everything : number or None
    hidden : int
        Hidden counts of areas.
    hidden_totals : list of (str, str)
        Parent area ("" for the whole) and column of the totals that must not be published either.
    notes : list of Message
    """

    frame: pd.DataFrame
    columns: list[CaseColumn]
    counted: list = field(default_factory=list)
    others: list = field(default_factory=list)
    all_counted: float | None = None
    everything: float | None = None
    hidden: int = 0
    hidden_totals: list[tuple[str, str]] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)


def count_cases(cases: Cases, keys: Sequence[str], rules: CaseRules = CaseRules(), *, parents: Sequence = (),
                covered=None, cancelled: Callable[[], bool] | None = None) -> CaseCounts:
    """Count located records per area.

    Parameters
    ----------
    cases : Cases
    keys : sequence of str
        Keys of all areas; those without cases get 0.
    covered : sequence of bool, optional
        Areas in which the registers have addresses, all by default. In the others nothing could be found: they get no
        count, unless a case was put there by hand.
    rules : CaseRules
    parents : sequence of sequences
        For each level above the areas the parent of each area, the smallest parents first; their totals count as known.
    """
    keys = [str(key) for key in keys]
    if len(set(keys)) < len(keys):
        raise TeilhabeError(mark("The area keys are not unique; every area needs a key of its own."))
    tree = tree_of(keys, [list(level) for level in parents])
    notes: list[Message] = []
    weight = np.ones(len(cases)) if cases.cases is None else cases.cases
    area = pd.Categorical(cases.area, categories=keys).codes.astype(np.int64)
    reason = reasons_of(cases, area, weight, rules)
    weight = np.nan_to_num(weight)
    group, titles = _groups(cases, reason == "", weight, rules, notes)
    years = [0] if cases.year is None else sorted(set(cases.year[reason == ""].tolist()))
    if not years:
        years = sorted(set(cases.year[cases.year > 0].tolist())) or [0]
    tables, raw = [], []
    for year in years:
        check_cancelled(cancelled)
        rows = np.flatnonzero((reason == "") & (True if cases.year is None else cases.year == year))
        at = area[rows] * len(titles) + group[rows]
        shape = len(keys), len(titles)
        amounts, records = (np.bincount(at, each, minlength=shape[0] * shape[1]).reshape(shape)
                            for each in (weight[rows], np.ones(len(rows))))
        raw.append(amounts)
        tables.append(YearTable(totals(tree, amounts), totals(tree, records)))
    summary, grades, reasons = _summary(cases, reason, weight)
    hidden = hide(tables, tree, summary, rules.protection, cancelled)
    factors = [_factor(cases, reason, weight, year, rules) for year in years]
    result = _result(keys, titles, years, raw, factors, hidden, tree, rules)
    _tell(result, summary, grades, reasons, hidden, rules)
    if covered is not None:
        notes += _without_addresses(result, keys, covered)
    result.notes = [*notes, *_notes(result, hidden, tree, rules, factors)]
    return result


def reasons_of(cases: Cases, area: np.ndarray, weight: np.ndarray, rules: CaseRules) -> np.ndarray:
    """Return for each record why it is not counted, "" where it is; the first reason that applies."""
    known = cases.area != ""
    fine = cases.by_hand | {
        HOUSE: cases.grade <= NORMALISED, NEAR: cases.sure | (cases.grade <= NEAREST),
        ALL: np.ones(len(cases), bool)}[rules.places]
    nothing = np.zeros(len(cases), bool)
    tests = [
        (FILTERED, nothing if cases.wanted is None else ~cases.wanted),
        (NO_YEAR, nothing if cases.year is None else cases.year == 0),
        (NO_CASES, np.isnan(weight)),
        (NO_ADDRESS, cases.no_address & (cases.grade == NONE) & ~known),
        (NOT_FOUND, (cases.grade == NONE) & ~known),
        (OUTSIDE, known & fine & (area < 0) | ~known & (cases.grade <= NEAREST)),
        (UNSURE, ~known | ~fine),
    ]
    found = np.full(len(cases), "", dtype=object)
    for name, applies in reversed(tests):
        found[applies] = name
    return found


def _groups(cases: Cases, counted, weight, rules: CaseRules, notes: list) -> tuple[np.ndarray, list[str]]:
    """Return the position of each record's group, and the groups; rare ones are merged so that none is told by name."""
    if cases.group is None:
        return np.zeros(len(cases), np.int64), [""]
    names = sorted(set(cases.group[counted].tolist()))
    if len(names) > MOST_GROUPS:
        raise TeilhabeError(
            mark("The field for the groups has {count} different values; {most} at most can become columns. Names, "
                 "addresses and dates are no groups."), count=len(names), most=MOST_GROUPS)
    position = {name: i for i, name in enumerate(names)}
    code = np.array([position.get(name, 0) for name in cases.group], np.int64)
    titles = [Message(NOT_STATED) if name == "" else name for name in names]
    rows = np.flatnonzero(counted)
    records = np.bincount(code[rows], minlength=len(names))
    amounts = np.bincount(code[rows], weight[rows], minlength=len(names))
    rare = np.flatnonzero((records < rules.protection.threshold) | (amounts < rules.protection.threshold))
    if len(rare):
        notes.append(Message(mark("Groups with fewer than {threshold:g} cases in all: {count}. They are counted "
                                  "together as “other”."), count=len(rare), threshold=rules.protection.threshold))
        kept = [i for i in range(len(names)) if i not in set(rare.tolist())]
        moved = np.full(len(names), len(kept), np.int64)
        moved[kept] = np.arange(len(kept))
        code, titles = moved[code], [*(titles[i] for i in kept), Message(OTHER)]
    return code, titles or [""]


def _summary(cases: Cases, reason, weight) -> tuple[Summary, list[int], list[str]]:
    """Return the numbers of the report, the grades and the reasons they stand for."""
    grade = np.where(cases.by_hand, BY_HAND, cases.grade)
    counted = reason == ""
    grades = sorted(set(grade[counted].tolist()))
    reasons = [name for name in REASONS if (reason == name).any()]
    # a record without a number of cases stands for one
    amount = np.where(reason == NO_CASES, 1, weight)
    return Summary(tuple(float(weight[counted & (grade == each)].sum()) for each in grades),
                   tuple(float(amount[reason == name].sum()) for name in reasons)), grades, reasons


def _factor(cases: Cases, reason, weight, year: int, rules: CaseRules) -> float:
    """Return by what counts of a year are multiplied so that cases without an area are spread over all.

    One factor for all groups: what is shown tells no more than the counts themselves.
    """
    if rules.unknown != SPREAD:
        return 1.0
    rows = np.ones(len(reason), bool) if cases.year is None else cases.year == year
    known = float(weight[rows & (reason == "")].sum())
    lost = float(weight[rows & np.isin(reason, (NO_ADDRESS, NOT_FOUND, UNSURE))].sum())
    return 1.0 if known == 0 else (known + lost) / known


def _result(keys, titles, years, raw, factors, hidden: Hidden, tree: Tree, rules: CaseRules) -> CaseCounts:
    labels = [*titles, ""] if len(titles) > 1 else titles
    shown = []
    for year, counts, factor, mask in zip(years, raw, factors, hidden.years):
        values = rounded(counts * factor, tree, rules.protection, year)
        shown.append(np.where(mask[:tree.areas], np.nan, np.round(values, 2)))
    taken, names = ["key", "jahr", FLAG], []
    for label in labels:
        ending = _NAMES[label.template] if isinstance(label, Message) else label and field_name(label).base
        base = f"{rules.name}_{ending}" if ending else rules.name
        names.append(unique_name(base, [*taken, *names]))
    flags = [mask[:tree.areas].any(axis=1) for mask in hidden.years]
    secret = [(str(tree.labels[node]), f"{names[column]}_{year}" if year else names[column])
              for year, mask in zip(years, hidden.years) for node, column in np.argwhere(mask).tolist()
              if node >= tree.areas]
    if rules.long and years != [0]:
        parts = [pd.DataFrame({"key": keys, "jahr": year, **dict(zip(names, values.T)), FLAG: flag})
                 for year, values, flag in zip(years, shown, flags)]
        columns = [CaseColumn(name, label, 0) for name, label in zip(names, labels)]
        return CaseCounts(pd.concat(parts, ignore_index=True), columns, hidden_totals=secret)
    data, columns = {"key": keys}, []
    for year, values in zip(years, shown):
        for name, label, column in zip(names, labels, values.T):
            columns.append(CaseColumn(f"{name}_{year}" if year else name, label, year))
            data[columns[-1].name] = column
    data[FLAG] = np.logical_or.reduce(flags) if flags else np.zeros(len(keys), bool)
    return CaseCounts(pd.DataFrame(data), columns, hidden_totals=secret)


def _without_addresses(result: CaseCounts, keys, covered) -> list[Message]:
    """Take the zeros out of areas in which no address is known; return what to say of it."""
    bare = {key for key, known in zip(keys, covered) if not known}
    names = [column.name for column in result.columns]
    rows = result.frame["key"].isin(bare) & (result.frame[names] == 0).all(axis=1)
    result.frame.loc[rows, names] = np.nan
    count = result.frame.loc[rows, "key"].nunique()
    return [Message(mark("Areas without a single address in the register: {count}. They have no count, not 0."),
                    count=count)] if count else []


def _tell(result: CaseCounts, summary: Summary, grades, reasons, hidden: Hidden, rules: CaseRules) -> None:
    def number(value, mask):
        return None if mask else rounded_number(value, rules.protection)

    result.counted = [(Message(mark("decided by hand")) if grade == BY_HAND else Message(GRADES[grade][1]),
                       number(value, mask)) for grade, value, mask in zip(grades, summary.counted, hidden.counted)]
    result.others = [(Message(REASONS[name]), number(value, mask))
                     for name, value, mask in zip(reasons, summary.others, hidden.others)]
    result.all_counted = number(sum(summary.counted), hidden.all_counted)
    result.everything = number(sum(summary.counted) + sum(summary.others), hidden.everything)


def _notes(result: CaseCounts, hidden: Hidden, tree: Tree, rules: CaseRules, factors) -> list[Message]:
    protection, notes = rules.protection, []
    result.hidden = int(sum(mask[:tree.areas].sum() for mask in hidden.years))
    if protection.threshold > 0:
        notes.append(Message(
            mark("Counts below {threshold:g} are suppressed; counts of areas hidden: {areas}, among them those that "
                 "would give another one away."), threshold=protection.threshold, areas=result.hidden))
        if result.hidden_totals:
            notes.append(Message(
                mark("Totals of parent areas or of the whole that must not be published either: {count}."),
                count=len(result.hidden_totals)))
    else:
        notes.append(Message(mark("Nothing is suppressed: the result holds counts of single persons and must not leave "
                                  "the office.")))
    if protection.rounding != "none":
        notes.append(Message(mark("All counts are rounded to multiples of {base}."), base=protection.base))
    if protection.rounding in ("random", "controlled") and not protection.seed:
        notes.append(Message(mark("The rounding has no seed: whoever knows the areas’ keys can repeat its chance and "
                                  "narrow the counts down. Give a seed and keep it secret.")))
    if rules.unknown == SPREAD and max(factors) > 1:
        notes.append(Message(mark("Cases without a known area were spread over the areas like the others; counts have "
                                  "decimals therefore.")))
    elif rules.unknown == LEAVE_OUT and any(value is None or value > 0 for _, value in result.others):
        notes.append(Message(mark("Cases without a known area are in no count.")))
    return notes
