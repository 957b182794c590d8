"""Indices over the years: the panel, trends, who moved class, and whether the gap between the areas widens."""
from __future__ import annotations

from typing import Callable

import numpy as np
import pandas as pd
from scipy import stats

from .index import IndexResult, compute
from .messages import Cancelled, Message, TeilhabeError, check_cancelled, mark
from .recipe import Recipe

#: resamples behind an interval of a gap
RESAMPLES = 999
MEASURES = ("streuung", "p90_p10", "p90_zu_p10", "spannweite")


def years_in(recipe: Recipe, columns) -> list[int]:
    """Return the years for which all of the recipe's indicators are there, ascending; [] when it names no year."""
    templates = [each.column for each in recipe.indicators_in_use() if "{year}" in each.column]
    if not templates:
        return []
    columns = set(columns)
    before, after = templates[0].split("{year}", 1)
    found = set()
    for name in columns:
        middle = name[len(before):len(name) - len(after)] if name.startswith(before) and name.endswith(after) else ""
        if middle.isdigit() and len(middle) == 4:
            found.add(int(middle))
    return sorted(y for y in found if all(t.replace("{year}", str(y)) in columns for t in templates))


def compute_years(
    recipe: Recipe,
    frame: pd.DataFrame,
    years=None,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> dict[int, IndexResult]:
    """Compute the recipe for several years.

    Each year is measured against itself, or all against the recipe's reference year.

    Parameters
    ----------
    years : sequence of int, optional
        All years that the columns allow by default.

    Raises
    ------
    TeilhabeError
        When no year is complete.
    """
    years = years_in(recipe, frame.columns) if years is None else sorted(years)
    if not years:
        raise TeilhabeError(
            mark("For no year are all indicators of “{recipe}” there. Join the tables with all years first."),
            recipe=recipe.title,
        )
    results = {}
    for i, year in enumerate(years):
        check_cancelled(cancelled)
        try:
            results[year] = compute(recipe, frame, year)
        except Cancelled:
            raise
        except TeilhabeError as error:
            raise TeilhabeError(mark("{year}: {problem}"), year=year, problem=error.message) from error
        if progress is not None:
            progress(100 * (i + 1) / len(years))
    return results


def panel(results: dict[int, IndexResult], column: str) -> pd.DataFrame:
    """Return one column of all years side by side: areas by year, the area key as index."""
    key = next(iter(results.values())).recipe.area_key
    return pd.DataFrame({
        year: result.frame.set_index(key)[column] for year, result in results.items()
    })


def trends(values: pd.DataFrame, level: float = 0.95) -> pd.DataFrame:
    """Return the linear trend of each area over the years, with an interval.

    Parameters
    ----------
    values : DataFrame, areas × years
        NaN is left out; fewer than three values give no interval, fewer than two no trend.
    level : float
        Level of the interval of the slope (t distribution, ordinary least squares).

    Returns
    -------
    DataFrame
        ``steigung`` (per year), ``untergrenze``, ``obergrenze``, ``jahre`` (number of values), ``richtung``:
        "steigend" or "fallend" where the interval does not hold 0, else "unverändert"; None without an interval.
    """
    x = np.array(values.columns, float)
    y = values.to_numpy(float)
    there = ~np.isnan(y)
    count = there.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        x_mean = (there * x).sum(axis=1) / count
        y_mean = np.where(there, y, 0).sum(axis=1) / count
        dx = np.where(there, x - x_mean[:, None], 0)
        dy = np.where(there, y - y_mean[:, None], 0)
        sxx = (dx**2).sum(axis=1)
        slope = (dx * dy).sum(axis=1) / sxx
        rest = ((dy - slope[:, None] * dx) ** 2).sum(axis=1)
        half = stats.t.ppf((1 + level) / 2, np.maximum(count - 2, 1)) * np.sqrt(rest / (count - 2) / sxx)
    half = np.where(count >= 3, half, np.nan)
    low, high = slope - half, slope + half
    direction = np.where(low > 0, "steigend", np.where(high < 0, "fallend", "unverändert")).astype(object)
    direction[np.isnan(low)] = None
    return pd.DataFrame({"steigung": slope, "untergrenze": low, "obergrenze": high, "jahre": count,
                         "richtung": direction}, index=values.index)


def gap_measures(values: np.ndarray) -> dict[str, float]:
    """Return how far the areas are apart in one year: spread, P90 − P10, P90 / P10, best to worst.

    The ratio is None where P10 is not above 0, as with standardised scores. Without any value nothing is returned.
    """
    there = values[~np.isnan(values)]
    if not len(there):
        return {}
    p10, p90 = np.percentile(there, [10, 90])
    return {
        "streuung": float(np.std(there)),
        "p90_p10": float(p90 - p10),
        "p90_zu_p10": float(p90 / p10) if p10 > 0 else None,
        "spannweite": float(there.max() - there.min()),
    }


def gap_over_time(values: pd.DataFrame, seed: int = 1, level: float = 0.95, relative: bool = False,
                  cancelled: Callable[[], bool] | None = None) -> pd.DataFrame:
    """Return the gap between the areas for every year, with an interval, and the change since the first year.

    “Geht die Schere auseinander?” – The interval is that of a bootstrap over areas; the same areas are drawn in all
    years, so that the change is that of the same areas.

    Parameters
    ----------
    values : DataFrame, areas × years
        An indicator, or scores measured against a fixed reference year; scores standardised per year have the same
        spread in every year.
    seed : int
    level : float
        Of the intervals.
    relative : bool
        Give the change as a share of what it was in the first year.

    Returns
    -------
    DataFrame
        One row per year and measure: ``jahr``, ``mass``, ``wert``, ``untergrenze``, ``obergrenze``, ``veraenderung``
        since the first year with ``veraenderung_unten`` and ``veraenderung_oben``: over the areas that have a value in
        both years, so that an area that comes or goes does not move the gap.
    """
    rng = np.random.default_rng(seed)
    matrix = values.to_numpy(float)
    draws = rng.integers(0, len(matrix), (RESAMPLES, len(matrix)))
    tail = 100 * (1 - level) / 2
    own = []
    for column in matrix.T:
        check_cancelled(cancelled)
        own.append((gap_measures(column), _gaps_by_row(column[draws])))
    rows: list[dict] = []
    first: dict[str, int] = {}
    for j, year in enumerate(values.columns):
        check_cancelled(cancelled)
        common: dict[int, tuple] = {}
        for measure, value in own[j][0].items():
            if value is None:
                continue
            start = first.setdefault(measure, j)
            if start not in common:
                common[start] = _in_common(matrix, start, j, own, draws)
            (before, before_samples), (after, after_samples) = common[start]
            low, high = _limits(own[j][1][measure], tail)
            known = before and None not in (before[measure], after[measure])
            change = after[measure] - before[measure] if known else np.nan
            changes = after_samples[measure] - before_samples[measure]
            if relative:
                change = change / before[measure] if known and before[measure] > 0 else np.nan
                there = before_samples[measure] > 0
                changes = changes[there] / before_samples[measure][there]
            change_low, change_high = _limits(changes, tail)
            rows.append({"jahr": year, "mass": measure, "wert": value, "untergrenze": low, "obergrenze": high,
                         "veraenderung": change, "veraenderung_unten": change_low,
                         "veraenderung_oben": change_high})
    return pd.DataFrame(rows)


def _limits(samples: np.ndarray, tail: float) -> np.ndarray:
    there = samples[~np.isnan(samples)]
    return np.percentile(there, [tail, 100 - tail]) if len(there) else np.array([np.nan, np.nan])


def _in_common(matrix: np.ndarray, i: int, j: int, own: list, draws: np.ndarray) -> list[tuple]:
    """Return the gaps of two years, and those of the resamples, over the areas that have both values."""
    there = ~np.isnan(matrix[:, [i, j]])
    if (there[:, 0] == there[:, 1]).all():
        return [own[i], own[j]]
    columns = np.where(there.all(axis=1)[:, None], matrix[:, [i, j]], np.nan).T
    return [(gap_measures(column), _gaps_by_row(column[draws])) for column in columns]


def _gaps_by_row(samples: np.ndarray) -> dict[str, np.ndarray]:
    some = ~np.isnan(samples).all(axis=1)
    if not some.all():  # of few areas with a value none may be drawn
        found = _gaps_by_row(samples[some]) if some.any() else {name: np.empty(0) for name in MEASURES}
        full = {name: np.full(len(samples), np.nan) for name in found}
        for name, values in found.items():
            full[name][some] = values
        return full
    gaps = bool(np.isnan(samples).any())  # numpy's NaN-aware functions are some ten times slower
    percentile, spread = (np.nanpercentile, np.nanstd) if gaps else (np.percentile, np.std)
    highest, lowest = (np.nanmax, np.nanmin) if gaps else (np.max, np.min)
    p10, p90 = percentile(samples, [10, 90], axis=1)
    return {
        "streuung": spread(samples, axis=1),
        "p90_p10": p90 - p10,
        "p90_zu_p10": np.divide(p90, p10, out=np.full(len(p10), np.nan), where=p10 > 0),
        "spannweite": highest(samples, axis=1) - lowest(samples, axis=1),
    }


def moves(classes: pd.DataFrame, first: int, last: int, order) -> tuple[pd.DataFrame, list[Message]]:
    """Return who changed class between two years.

    Parameters
    ----------
    classes : DataFrame, areas × years, class numbers
    first, last : int
    order : sequence of int
        The class numbers from the class of the lowest scores to that of the highest.

    Returns
    -------
    (table, notes)
        The table has the area key as index, ``von``, ``nach`` and ``schritte`` (number of classes moved, with sign) for
        areas with a class in both years; the notes say which areas lack one.
    """
    both = classes[[first, last]].dropna()
    position = {value: i for i, value in enumerate(order)}
    table = pd.DataFrame({"von": both[first].astype(int), "nach": both[last].astype(int)})
    table["schritte"] = both[last].map(position).astype(int) - both[first].map(position).astype(int)
    lacking = classes.index.difference(both.index)
    notes = []
    if len(lacking):
        notes.append(Message(mark("{count} areas have no class in one of the two years: {keys}"), count=len(lacking),
                             keys=", ".join(map(str, lacking))))
    return table, notes
