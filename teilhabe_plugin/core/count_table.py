"""From a table of counts to a table of indicators: read, protect, compute, and say what came out."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Callable

import numpy as np
import pandas as pd

from .count_data import CountData, collect
from .count_protection import HiddenCell, Tree, hide, rounded, tree_of
from .count_spec import CountIndicator, Protection
from .counts import Counted, CountRule, compute
from .messages import Message, mark


@dataclass(frozen=True)
class CountColumn:
    """A column of the result; ``kind`` is text, integer, real, boolean or reason (codes of `counts.REASONS`)."""

    name: str
    kind: str
    title: Message
    unit: str = ""
    rule: CountRule | None = None


@dataclass
class CountTable:
    """Indicators of all areas.

    Attributes
    ----------
    frame : DataFrame
        One row per area in the order of the input, labelled with the row of the input the area first stands in.
    columns : list of CountColumn
        Without those that were only passed on.
    hidden : list of HiddenCell
    notes : list of Message
    values, missing, few : int
        Values computed, missing ones, and those that rest on few cases.
    """

    frame: pd.DataFrame
    columns: list[CountColumn]
    hidden: list[HiddenCell]
    notes: list[Message] = field(default_factory=list)
    values: int = 0
    missing: int = 0
    few: int = 0

    def hidden_frame(self, area: str, total: str) -> pd.DataFrame:
        """Return the hidden counts as a table; ``area`` and ``total`` are the words for the two kinds of rows."""
        return pd.DataFrame({
            "gebiet": [cell.key for cell in self.hidden],
            "art": [total if cell.is_total else area for cell in self.hidden],
            "jahr": pd.Series([cell.year or None for cell in self.hidden], dtype=object),
            "spalte": [cell.column for cell in self.hidden],
            "ableitbar_von": np.array([cell.low for cell in self.hidden], float),
            "ableitbar_bis": np.array([np.nan if np.isinf(cell.high) else cell.high for cell in self.hidden], float),
        })


def indicators_from_counts(
    frame: pd.DataFrame,
    key: str,
    indicators: list[CountIndicator],
    protection: Protection | None = None,
    *,
    year_field: str = "",
    parents: tuple[str, ...] = (),
    keep: tuple[str, ...] = (),
    latest_only: bool = False,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> CountTable:
    """Compute indicators from a table of counts.

    Parameters
    ----------
    frame : DataFrame
        Wide or long; see `count_data.collect`.
    key : str
        Column with the area key.
    indicators : list of CountIndicator
    protection : Protection, optional
    year_field : str
        Column with the year in long tables.
    parents : tuple of str
        Columns with the keys of the parent areas, the smallest parents first. Their totals count as known; the first
        is what values are shrunk towards.
    keep : tuple of str
        Further columns that are passed on (from the first row of each area).
    latest_only : bool
        Give back only the last year of each indicator.
    """
    protection = protection or Protection()
    frame = frame.reset_index(drop=True)
    data = collect(frame, key, indicators, year_field)
    first_rows = frame.iloc[data.rows]
    tree = tree_of(data.keys, [first_rows[name].tolist() for name in parents])
    masks, cells = ({}, [])
    if protection.threshold > 0:
        masks, cells = hide(data, indicators, protection, tree, progress, cancelled)
    shown = data if protection.rounding == "none" else rounded(data, indicators, protection, tree)
    passed_on = list(dict.fromkeys([key, *keep, *parents]))
    result = CountTable(first_rows[passed_on].copy(), [], cells)
    made = {}
    for indicator in indicators:
        towards = first_rows[parents[0]].tolist() if parents else None
        counted = compute(indicator.rule, *shown.matrices(indicator)[:2], shown.years[indicator.id],
                          *shown.matrices(indicator)[2:], parents=towards, hidden=masks.get(indicator.id))
        years = list(enumerate(shown.years[indicator.id]))
        for j, year in years[-1:] if latest_only else years:
            _add(made, result, indicator, counted, j, year if shown.dated else None)
    clash = [name for name in made if name in result.frame]
    result.frame = pd.concat([result.frame.drop(columns=clash), pd.DataFrame(made, index=result.frame.index)], axis=1)
    _note_protection(result, data, protection, tree)
    return result


def _add(made: dict, result: CountTable, indicator: CountIndicator, counted: Counted, j: int, year) -> None:
    rule = indicator.rule
    name = indicator.id if year is None else f"{indicator.id}_{year}"
    title = Message("{title}", title=indicator.title or indicator.id) if year is None else Message(
        mark("{title} {year}"), title=indicator.title or indicator.id, year=year)

    def add(ending: str, values, kind: str, template: str, unit: str = "") -> None:
        made[name + ending] = values[:, j]
        result.columns.append(CountColumn(name + ending, kind, Message(template, title=title), unit, rule))

    add("", counted.value, "real", "{title}", _unit(indicator))
    add("_zaehler", counted.numerator, "real", mark("{title}: numerator"))
    add("_nenner", counted.denominator, "real", mark("{title}: denominator"))
    if rule.method != "none":
        add("_unten", counted.low, "real", mark("{title}: lower confidence limit"), _unit(indicator))
        add("_oben", counted.high, "real", mark("{title}: upper confidence limit"), _unit(indicator))
    if rule.shrink != "none" or rule.change != "none":
        add("_roh", counted.raw, "real", mark("{title}: value as counted"), indicator.unit)
    if rule.shrink != "none":
        add("_gewicht", counted.weight, "real", mark("{title}: weight of the area’s own value"))
    add("_vk", counted.variation, "real", mark("{title}: coefficient of variation"))
    add("_wenige", counted.few, "boolean", mark("{title}: rests on few cases"))
    add("_hinweis", counted.reason, "reason", mark("{title}: why there is no value"))
    reasons = counted.reason[:, j]
    result.values += int((reasons == "").sum())
    result.missing += int((reasons != "").sum())
    result.few += int(counted.few[:, j].sum())
    for code in sorted(set(reasons) - {""}):
        result.notes.append(Message(mark("{title}: {count} areas without a value ({reason})"), title=title,
                                    count=int((reasons == code).sum()), reason=rule.reason(code)))


def _unit(indicator: CountIndicator) -> Message | str:
    return {"percent": "%", "points": Message(mark("percentage points"))}.get(indicator.rule.change, indicator.unit)


def _note_protection(result: CountTable, data: CountData, protection: Protection, tree: Tree) -> None:
    if protection.threshold > 0:
        totals = sum(cell.is_total for cell in result.hidden)
        result.notes.append(Message(
            mark("Suppression below {threshold:g}: {areas} counts of areas are hidden. The audit found no interval "
                 "that gives one away."), threshold=protection.threshold, areas=len(result.hidden) - totals))
        if totals:
            result.notes.append(Message(
                mark("{count} totals of parent areas must not be published either; see the report."), count=totals))
    if protection.rounding != "none":
        result.notes.append(Message(mark("All counts are rounded to multiples of {base}; values are computed from "
                                         "rounded counts."), base=protection.base))
    if protection.rounding in ("random", "controlled") and not protection.seed:
        result.notes.append(Message(mark("The rounding has no seed: whoever knows the areas’ keys can repeat its "
                                         "chance and narrow the counts down. Give a seed and keep it secret.")))
