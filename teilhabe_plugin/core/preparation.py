"""Before the tree: exclusions, gaps filled, extremes treated; each changed cell is remembered."""
from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from . import treatment
from .indicator_columns import exclusion_reasons, indicator_matrix, numbers_in
from .messages import Message, TeilhabeError, mark
from .recipe import Indicator, Node, Recipe
from .tree import Data, evaluate

#: a year in the name of a column
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


@dataclass
class Prepared:
    """A year's indicators, ready for the tree.

    Attributes
    ----------
    raw : ndarray, shape (areas, indicators)
        As they stand in the table.
    ready : ndarray, shape (areas, indicators)
        Filled and treated; excluded areas are NaN.
    filled : ndarray of object, shape (areas, indicators)
        How a gap was filled ("group_median", "last_year"), else None.
    reasons : ndarray of object, shape (areas,)
        Why an area is left out, else None.
    fitted : dict
        Indicator id → settings of its treatment that were estimated: the power of a Box-Cox transform.
    weights : dict
        Node id → weights that were estimated from several years together.
    """

    names: list[str]
    raw: np.ndarray
    ready: np.ndarray
    filled: np.ndarray
    reasons: np.ndarray
    population: np.ndarray | None
    notes: list[Message] = field(default_factory=list)
    fitted: dict[str, dict] = field(default_factory=dict)
    weights: dict[str, np.ndarray] = field(default_factory=dict)

    @property
    def valid(self) -> np.ndarray:
        """Which areas are computed."""
        return pd.isna(self.reasons)

    def data(self) -> Data:
        """Return the valid areas' part for the tree."""
        valid = self.valid
        matrix = self.ready if valid.all() else np.asfortranarray(self.ready[valid])
        population = None if self.population is None else self.population[valid]
        return Data(matrix, {name: j for j, name in enumerate(self.names)}, population, self.weights)


def prepare(recipe: Recipe, frame: pd.DataFrame, year: int | None) -> Prepared:
    """Return the indicators of a year after exclusions, filling and treatment.

    Raises
    ------
    TeilhabeError
        When a column is missing or holds what is no number, or fewer than two areas are left.
    """
    raw, names = indicator_matrix(recipe, frame, year)
    reasons, notes = exclusion_reasons(recipe, frame)
    population = numbers_in(recipe, frame, recipe.population) if recipe.population else None
    if population is not None:
        population = np.nan_to_num(population)
        if population.min(initial=0) < 0:
            raise TeilhabeError(mark("Column “{column}”, area {key}: {value:g} people are not possible."),
                                column=recipe.population, key=frame[recipe.area_key].iloc[int(population.argmin())],
                                value=float(population.min()))
    prepared = Prepared(names, raw, raw, np.full(raw.shape, None, object), reasons, population, notes)
    indicators = [recipe.indicators[name] for name in names]
    if any(each.missing[0] != "keep" or each.treatment[0] != "none" for each in indicators):
        prepared.ready = raw.copy(order="F")
        _leave_out_gaps(prepared, indicators, recipe, frame)
        if _needs_fit(recipe, indicators, year):
            prepared.fitted = prepare(recipe, frame, recipe.reference_year).fitted
        for j, indicator in enumerate(indicators):
            _fill(prepared, j, indicator, recipe, frame, year)
            _treat(prepared, j, indicator)
    if recipe.weight_years:
        prepared.weights = _weights_of_years(recipe, frame)
    prepared.notes += _mixed_years(recipe, year)
    if prepared.valid.sum() < 2:
        raise TeilhabeError(mark("Only {count} areas are left after the exclusions; an index needs two at least."),
                            count=int(prepared.valid.sum()))
    return prepared


def _weights_of_years(recipe: Recipe, frame: pd.DataFrame) -> dict[str, np.ndarray]:
    """Return the weights of the nodes that name years, estimated from all areas of all these years as one table."""
    plain = replace(recipe, indices=tuple(replace(each, root=_without_years(each.root)) for each in recipe.indices))
    found: dict[str, np.ndarray] = {}
    for index, own in zip(plain.indices, recipe.indices):
        asked = {node.id: tuple(node.weights[1]["years"]) for node in own.root.nodes() if "years" in node.weights[1]}
        for years in dict.fromkeys(asked.values()):
            parts = [prepare(plain, frame, int(year)).data() for year in years]
            people = None if parts[0].population is None else np.concatenate([each.population for each in parts])
            together = Data(np.vstack([each.matrix for each in parts]), parts[0].position, people)
            weights = evaluate(plain, index, together).weights
            found.update({name: weights[name] for name, wanted in asked.items() if wanted == years})
    return found


def _without_years(node: Node) -> Node:
    """Return the tree with weights estimated from the data at hand."""
    method, settings = node.weights
    return replace(node, weights=(method, {name: value for name, value in settings.items() if name != "years"}),
                   children=tuple(_without_years(child) if isinstance(child, Node) else child
                                  for child in node.children))


def _mixed_years(recipe: Recipe, year: int | None) -> list[Message]:
    """Say so when the indicators’ columns are of different years."""
    years: dict[str, list[str]] = {}
    for indicator in recipe.indicators_in_use():
        found = _YEAR.findall(recipe.column(indicator.id, year))
        if found:
            years.setdefault(found[-1], []).append(indicator.title)
    if len(years) < 2:
        return []
    most = max(years, key=lambda each: len(years[each]))
    others = "; ".join(f"{each}: {', '.join(years[each])}" for each in sorted(years) if each != most)
    return [Message(mark("The index mixes years: most indicators are of {year}, but {others}."), year=most,
                    others=others)]


def _leave_out_gaps(prepared: Prepared, indicators: list[Indicator], recipe: Recipe, frame: pd.DataFrame) -> None:
    for j, indicator in enumerate(indicators):
        if indicator.missing[0] == "area_out":
            gaps = np.isnan(prepared.raw[:, j]) & prepared.valid
            if gaps.any():
                reason = f"{indicator.title}: k. A." if recipe.language == "de" else f"{indicator.title}: n/a"
                prepared.reasons[gaps] = reason
                prepared.notes.append(Message(
                    mark("{count} areas left out ({reason}): {keys}"), count=int(gaps.sum()), reason=reason,
                    keys=", ".join(frame.loc[gaps, recipe.area_key].astype(str)),
                ))


def _fill(prepared: Prepared, j: int, indicator: Indicator, recipe: Recipe, frame: pd.DataFrame, year) -> None:
    method, settings = indicator.missing
    column = prepared.ready[:, j]
    valid = prepared.valid
    gaps = np.isnan(column) & valid
    if method not in ("group_median", "last_year") or not gaps.any():
        return
    if method == "group_median":
        groups = frame[settings["group"]].astype(object).where(frame[settings["group"]].notna(), None).to_numpy()
        filled = np.where(valid, column, np.nan)
        filled = treatment.group_median(filled, np.where(valid, groups, None))
    else:
        start, years = year or recipe.year, int(settings.get("years", 1))
        names = [recipe.column(indicator.id, start - back) for back in range(1, years + 1)]
        earlier = [numbers_in(recipe, frame, name) for name in names if name in frame]
        filled = treatment.fill_from(column, earlier)
    done = gaps & ~np.isnan(filled)
    prepared.ready[done, j] = filled[done]
    prepared.filled[done, j] = method
    if done.any():
        prepared.notes.append(Message(
            mark("“{title}”: {count} gaps filled ({method}): {keys}"), title=indicator.title, count=int(done.sum()),
            method=method, keys=", ".join(frame.loc[done, recipe.area_key].astype(str)),
        ))


def _needs_fit(recipe: Recipe, indicators: list[Indicator], year: int | None) -> bool:
    """Say whether a transform must be that of the reference year, so that the years share one scale."""
    return recipe.reference_year not in (None, year) and any(
        each.treatment[0] == "boxcox" and "power" not in each.treatment[1] for each in indicators)


def _treat(prepared: Prepared, j: int, indicator: Indicator) -> None:
    method, settings = indicator.treatment
    if method == "none":
        return
    valid = prepared.valid
    try:
        if method == "boxcox" and "power" not in settings and not np.isnan(prepared.ready[valid, j]).all():
            if indicator.id not in prepared.fitted:
                prepared.fitted[indicator.id] = {"power": treatment.box_cox_power(prepared.ready[valid, j])}
            power = prepared.fitted[indicator.id]["power"]
            prepared.notes.append(Message(mark("“{title}”: Box-Cox transform with the power {power:.4f}."),
                                          title=indicator.title, power=power))
            settings = {"power": power}
        with np.errstate(all="ignore"):
            treated = treatment.treat(prepared.ready[valid, j], method, settings)
    except TeilhabeError as error:
        raise TeilhabeError(mark("“{title}”: {problem}"), title=indicator.title, problem=error.message) from error
    if not np.isfinite(treated[~np.isnan(prepared.ready[valid, j])]).all():
        raise TeilhabeError(mark("“{title}”: “{method}” gives numbers that are too large."), title=indicator.title,
                            method=method)
    changed = int((treated != prepared.ready[valid, j])[~np.isnan(treated)].sum())
    prepared.ready[valid, j] = treated
    if method in ("winsorise", "percentile"):
        prepared.notes.append(Message(
            mark("“{title}”: {count} extreme values pulled in ({method})."), title=indicator.title, count=changed,
            method=method,
        ))
