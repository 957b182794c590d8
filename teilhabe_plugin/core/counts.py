"""Indicators from counts: shares, rates, means and ratios of two groups, pooled over years, with how sure they are.

Counts are matrices with one row per area and one column per year, years ascending. NaN is a missing count.
"""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import intervals
from .messages import Message, TeilhabeError, mark
from .shrinkage import shrink

KINDS = ("share", "rate", "mean", "ratio")
POOLING = ("sum", "mean")
INTERVALS = ("auto", "none", "wilson", "wilson_corrected", "byar", "poisson", "ratio")
SHRINKAGE = ("none", "global", "parent")
CHANGES = ("none", "absolute", "percent", "points")

#: intervals that fit a kind; the first one is what "auto" takes
FITTING = {
    "share": ("wilson", "wilson_corrected", "byar", "poisson"),
    "rate": ("byar", "poisson"),
    "mean": ("none", "byar", "poisson"),
    "ratio": ("ratio",),
}

#: why a value is missing → the sentence for it
REASONS = {
    "missing": mark("count missing"),
    "not_a_count": mark("negative or infinite count"),
    "above_denominator": mark("numerator above denominator"),
    "no_denominator": mark("denominator is 0"),
    "below_minimum": mark("denominator below {minimum:g}"),
    "missing_year": mark("a year of the pooled years is missing"),
    "no_comparison": mark("no value in the year compared with"),
    "comparison_zero": mark("value is 0 in the year or group compared with"),
    "suppressed": mark("suppressed (statistical confidentiality)"),
}


@dataclass(frozen=True)
class CountRule:
    """How an indicator is made from counts.

    Attributes
    ----------
    kind : {"share", "rate", "mean", "ratio"}
        share: cases among people (numerator ≤ denominator); rate: events per people; mean: a sum per people, such as
        teeth per child; ratio: the share of one group over the share of another.
    factor : float
        100 for percent, 1000 for per 1,000, 1 for means and ratios.
    pool_years : int
        Numerators and denominators of so many years up to each year are summed.
    pool : {"sum", "mean"}
        "mean" takes the mean of the yearly values instead, every year counting the same.
    minimum_years : int
        So many of the pooled years must be there, 0 for all.
    minimum_denominator : float
        Values from a smaller (pooled) denominator are missing.
    interval : str
        One of `INTERVALS`; "auto" takes the one that fits the kind (none for means, whose spread counts do not tell).
    level : float
    shrink : {"none", "global", "parent"}
        Empirical-Bayes shrinkage; intervals stay those of the values as counted.
    change : {"none", "absolute", "percent", "points"}
        Change against ``change_years`` years before; "points" are percentage points of shares in percent.
    few_cases, few_people, few_cv : float
        A value rests on few cases when its numerator or denominator is smaller, or its coefficient of variation
        greater, than this.
    """

    kind: str = "share"
    factor: float = 100
    pool_years: int = 1
    pool: str = "sum"
    minimum_years: int = 0
    minimum_denominator: float = 0
    interval: str = "auto"
    level: float = 0.95
    shrink: str = "none"
    change: str = "none"
    change_years: int = 1
    few_cases: float = 5
    few_people: float = 20
    few_cv: float = 0.30

    def __post_init__(self):
        for name, allowed in (("kind", KINDS), ("pool", POOLING), ("interval", INTERVALS), ("shrink", SHRINKAGE),
                              ("change", CHANGES)):
            if getattr(self, name) not in allowed:
                raise TeilhabeError(mark("{setting}: “{value}” is not possible. Possible are: {choices}."),
                                    setting=name, value=getattr(self, name), choices=", ".join(allowed))
        for name, least in (("pool_years", 1), ("change_years", 1), ("minimum_years", 0)):
            if getattr(self, name) < least:
                raise TeilhabeError(mark("{setting} must be {least} at least."), setting=name, least=least)
        if not 0 < self.level < 1:
            raise TeilhabeError(mark("The confidence level must lie between 0 and 1, found {value}."),
                                value=self.level)
        if self.interval not in ("auto", "none", *FITTING[self.kind]):
            raise TeilhabeError(mark("The interval “{interval}” does not fit a {kind}. Fitting are: {choices}."),
                                interval=self.interval, kind=self.kind, choices=", ".join(FITTING[self.kind]))
        if self.change == "points" and (self.kind != "share" or self.factor != 100):
            raise TeilhabeError(mark("Percentage points need a share in percent (factor 100)."))
        if self.kind == "ratio" and self.shrink != "none":
            raise TeilhabeError(mark("A ratio of two groups cannot be shrunk; shrink the two shares."))

    @property
    def method(self) -> str:
        """The interval that is computed."""
        if self.pool == "mean" and self.pool_years > 1:
            return "none"
        return FITTING[self.kind][0] if self.interval == "auto" else self.interval

    def reason(self, code: str) -> Message:
        """Return the sentence for a reason code."""
        return Message(REASONS[code], minimum=self.minimum_denominator)


@dataclass(frozen=True)
class Counted:
    """An indicator, every attribute a matrix (areas, years).

    Attributes
    ----------
    value : ndarray of float
        The indicator, or its change.
    numerator, denominator : ndarray of float
        What it was made from, summed over the pooled years.
    raw : ndarray of float
        The value before shrinking and before the change.
    low, high : ndarray of float
        Confidence limits, of the change where there is one.
    weight : ndarray of float
        Share of the area's own value in the shrunk one; 1 without shrinkage.
    variation : ndarray of float
        Coefficient of variation of the raw value.
    few : ndarray of bool
        The value rests on few cases.
    reason : ndarray of str
        Code out of `REASONS` where the value is missing, "" elsewhere.
    """

    value: np.ndarray
    numerator: np.ndarray
    denominator: np.ndarray
    raw: np.ndarray
    low: np.ndarray
    high: np.ndarray
    weight: np.ndarray
    variation: np.ndarray
    few: np.ndarray
    reason: np.ndarray


def pooled(counts, years, span: int, usable=None, minimum: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return the sums over the last ``span`` calendar years and the number of years in each.

    Parameters
    ----------
    counts : array_like, shape (areas, years)
    years : sequence of int, ascending
        A year that is not there counts as missing, not as 0.
    span : int
    usable : ndarray of bool, shape (areas, years), optional
        Counts that may go in; those that are not NaN by default.
    minimum : int
        Sums of fewer years are NaN; 0 for all of ``span``.
    """
    counts = np.asarray(counts, float)
    usable = ~np.isnan(counts) if usable is None else usable
    filled = np.where(usable, counts, 0)
    sums, numbers = np.empty_like(filled), np.empty(filled.shape, int)
    years = np.asarray(years)
    for j, year in enumerate(years):
        window = (years > year - span) & (years <= year)
        sums[:, j] = filled[:, window].sum(axis=1)
        numbers[:, j] = usable[:, window].sum(axis=1)
    return np.where(numbers >= (minimum or span), sums, np.nan), numbers


def compute(rule: CountRule, numerator, denominator, years=None, numerator_2=None, denominator_2=None,
            parents=None, hidden=None) -> Counted:
    """Make an indicator from counts.

    Parameters
    ----------
    rule : CountRule
    numerator, denominator : array_like, shape (areas,) or (areas, years)
    years : sequence of int, ascending, optional
        Needed for pooling and change.
    numerator_2, denominator_2 : array_like, optional
        The group compared with, for ratios.
    parents : array_like, shape (areas,), optional
        For shrinkage towards the parent.
    hidden : sequence of ndarray of bool, shape (areas, years), optional
        Pooled numerators and denominators (of both groups, for ratios) that are suppressed. They go before anything
        is computed from them: whatever is given back follows from what is shown.
    """
    x, n = _matrix(numerator), _matrix(denominator)
    years = list(range(x.shape[1])) if years is None else list(years)
    _check(rule, x, n, years, numerator_2, denominator_2, parents)
    first, second = Group(rule, x, n, years), None
    if rule.kind == "ratio":
        second = Group(rule, _matrix(numerator_2), _matrix(denominator_2), years)
    if hidden is not None:
        for group, masks in ((first, hidden[:2]), (second, hidden[2:])):
            if group is not None:
                group.hide(*masks)
    reason = first.reason
    raw = rule.factor * first.value
    if second is not None:
        reason = np.where(reason == "", second.reason, reason)
        reason = np.where((reason == "") & (second.value == 0), "comparison_zero", reason)
        with np.errstate(divide="ignore", invalid="ignore"):
            raw = rule.factor * first.value / second.value
    raw = np.where(reason == "", raw, np.nan)
    low, high = _limits(rule, first, second)
    variation, few = _doubt(rule, first, second)
    value, weight = _shrunk(rule, first, raw, parents)
    if rule.change != "none":
        value, low, high, reason, few = _change(rule, years, first, value, low, high, reason, few)
    there = reason == ""
    low, high = np.where(there, low, np.nan), np.where(there, high, np.nan)
    return Counted(np.where(there, value, np.nan), first.x, first.n, raw, low, high, np.where(there, weight, np.nan),
                   variation, few & there, reason)


class Group:
    """Pooled counts of one group, its share or rate (without the factor), and why it is missing."""

    def __init__(self, rule: CountRule, numerator, denominator, years):
        x, n = _matrix(numerator), _matrix(denominator)
        reason = np.full(x.shape, "", dtype="U20")
        # the first reason that holds is kept
        for code, holds in (
            ("missing", np.isnan(x) | np.isnan(n)),
            ("not_a_count", (x < 0) | (n < 0) | np.isinf(x) | np.isinf(n)),
            ("above_denominator", (x > n) if rule.kind in ("share", "ratio") else np.zeros(x.shape, bool)),
        ):
            reason[(reason == "") & holds] = code
        self.usable = usable = reason == ""
        self.x, self.years_used = pooled(x, years, rule.pool_years, usable, rule.minimum_years)
        self.n, _ = pooled(n, years, rule.pool_years, usable, rule.minimum_years)
        if rule.pool_years > 1:
            gone = np.isnan(self.x)
            reason = np.where(gone, np.where(usable, "missing_year", reason), "")
        self.reason = reason
        self.reason[(self.reason == "") & (self.n == 0)] = "no_denominator"
        self.reason[(self.reason == "") & (self.n < rule.minimum_denominator)] = "below_minimum"
        with np.errstate(divide="ignore", invalid="ignore"):
            value = self.x / self.n
            if rule.pool == "mean" and rule.pool_years > 1:
                yearly = usable & (n > 0)
                sums, numbers = pooled(np.where(yearly, x / n, np.nan), years, rule.pool_years, yearly,
                                       rule.minimum_years)
                value = sums / numbers
        self.reason[(self.reason == "") & np.isnan(value)] = "no_denominator"
        self.value = np.where(self.reason == "", value, np.nan)

    def hide(self, numerators: np.ndarray, denominators: np.ndarray) -> None:
        """Take suppressed counts out, and the values they went into."""
        self.x = np.where(numerators, np.nan, self.x)
        self.n = np.where(denominators, np.nan, self.n)
        self.reason = np.where(numerators | denominators, "suppressed", self.reason)
        self.value = np.where(self.reason == "", self.value, np.nan)


def _limits(rule: CountRule, first: Group, second: Group | None) -> tuple[np.ndarray, np.ndarray]:
    method = rule.method
    if method == "none":
        return np.full(first.x.shape, np.nan), np.full(first.x.shape, np.nan)
    if method == "ratio":
        low, high = intervals.ratio(first.x, first.n, second.x, second.n, rule.level)
    elif method in ("wilson", "wilson_corrected"):
        low, high = intervals.wilson(first.x, first.n, rule.level, continuity=method == "wilson_corrected")
    else:
        low, high = (intervals.byar if method == "byar" else intervals.poisson_exact)(first.x, rule.level)
        with np.errstate(divide="ignore", invalid="ignore"):
            low, high = low / first.n, high / first.n
    return rule.factor * low, rule.factor * high


def _doubt(rule: CountRule, first: Group, second: Group | None) -> tuple[np.ndarray, np.ndarray]:
    """Return coefficient of variation and the flag for few cases."""
    proportion = rule.kind in ("share", "ratio")
    variation = intervals.coefficient_of_variation(first.x, first.n, proportion)
    few = (first.x < rule.few_cases) | (first.n < rule.few_people)
    if second is not None:
        variation = np.hypot(variation, intervals.coefficient_of_variation(second.x, second.n, proportion))
        few |= (second.x < rule.few_cases) | (second.n < rule.few_people)
    return variation, few | (variation > rule.few_cv)


def _shrunk(rule: CountRule, first: Group, raw: np.ndarray, parents) -> tuple[np.ndarray, np.ndarray]:
    value, weight = raw.copy(), np.ones(raw.shape)
    if rule.shrink == "none":
        return value, weight
    for j in range(raw.shape[1]):
        there = first.reason[:, j] == ""
        result = shrink(np.where(there, first.x[:, j], np.nan), first.n[:, j],
                        parents if rule.shrink == "parent" else None, rule.kind == "share")
        value[:, j], weight[:, j] = rule.factor * result.estimate, result.weight
    return value, weight


def _change(rule, years, first, value, low, high, reason, few):
    """Return change, its limits, reasons and flag against ``change_years`` before."""
    back = [years.index(year - rule.change_years) if year - rule.change_years in years else -1 for year in years]
    none = np.array([j < 0 for j in back])

    def before(matrix, empty):
        return np.where(none, empty, matrix[:, back])

    earlier = before(value, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        change = 100 * (value / earlier - 1) if rule.change == "percent" else value - earlier
    reason = np.where((reason == "") & np.isnan(earlier), "no_comparison", reason)
    if rule.change == "percent":
        reason = np.where((reason == "") & (earlier == 0), "comparison_zero", reason)
    few = few | before(few, False)
    # overlapping years are not independent, shrunk values lean on one another: no limits then
    if rule.method == "none" or rule.shrink != "none" or rule.change_years < rule.pool_years:
        nothing = np.full(value.shape, np.nan)
        return change, nothing, nothing, reason, few
    if rule.change != "percent":
        low, high = intervals.difference(value, low, high, earlier, before(low, np.nan), before(high, np.nan))
    elif rule.kind == "ratio":
        low = high = np.full(value.shape, np.nan)
    else:
        low, high = (100 * (limit - 1) for limit in intervals.ratio(
            first.x, first.n, before(first.x, np.nan), before(first.n, np.nan), rule.level, rule.kind == "share"))
    return change, low, high, reason, few


def _matrix(values) -> np.ndarray:
    values = np.asarray(values, float)
    return values[:, None] if values.ndim == 1 else values


def _check(rule: CountRule, x, n, years, x2, n2, parents) -> None:
    if rule.kind == "ratio" and (x2 is None or n2 is None):
        raise TeilhabeError(mark("A ratio of two groups needs numerator and denominator of the second group."))
    if rule.shrink == "parent" and parents is None:
        raise TeilhabeError(mark("Shrinking towards the parent area needs a field with the parent’s key."))
    shapes = {x.shape, n.shape} | ({_matrix(x2).shape, _matrix(n2).shape} if rule.kind == "ratio" else set())
    if len(shapes) > 1 or x.shape[1] != len(years):
        raise ValueError(f"shapes differ: {sorted(shapes)}, {len(years)} years")
    if any(later <= earlier for earlier, later in zip(years, years[1:])):
        raise TeilhabeError(mark("The years {years} do not ascend, or one stands twice."),
                            years=", ".join(str(year) for year in years))
