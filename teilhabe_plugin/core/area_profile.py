"""Why an area has its class: its score taken apart, and where each of its indicators stands among all areas."""
from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from .area_cases import CaseColumns, Cases
from .area_certainty import Certainty, certainty_of
from .area_figures import MISSING, Figures, Spread, rank_of
from .catalogue import Catalogue
from .classes import ClassSet
from .contributions import Contributions, contributions
from .index import EXCLUSION, IndexResult
from .messages import TeilhabeError
from .recipe import Index, Leaf, Node


@dataclass(frozen=True)
class IndicatorProfile:
    """One indicator of one area.

    Attributes
    ----------
    id, title, unit : str
    high_is : {"unfavourable", "favourable"}
    value : float
        In its unit; a filled value where one was filled in, NaN where it is missing.
    used : float
        What went on into the index: `value` unless it was capped or transformed.
    state : str
        What was done to the value: one of `FILLED_GROUP`, `FILLED_YEAR`, `CAPPED`, `TRANSFORMED`, `MISSING`,
        `AS_IT_IS` of `area_figures`.
    contribution : float
        To the score, over all places where it stands; NaN where it is missing or cannot be told.
    rank, of : int
        1 for the most unfavourable value among so many; 0 where it is missing. Equal values share the better place.
    percentile : float
        Share of the other areas, in percent, whose value is more favourable; equal ones count half.
    city, district : float
        The mean of the areas' own values, weighted by people where the recipe names them.
    spread : Spread
    decimals : int
        Digits that its values are worth writing with.
    cases : Cases
    """

    id: str
    title: str
    unit: str
    high_is: str
    value: float
    used: float
    state: str
    contribution: float
    rank: int
    of: int
    percentile: float
    city: float
    district: float
    spread: Spread
    decimals: int
    cases: Cases

    @property
    def side(self) -> int:
        """1 where the value is less favourable than the city's, −1 where it is more, 0 where it is equal or unknown."""
        if np.isnan(self.value) or np.isnan(self.city) or abs(self.value - self.city) < 0.5 * 10.0**-self.decimals:
            return 0
        return 1 if (self.value > self.city) == (self.high_is == "unfavourable") else -1


@dataclass(frozen=True)
class Part:
    """A step from the base to the score: a dimension with its indicators, or an indicator right below the node.

    ``parts`` holds the indicators' ids and contributions within the dimension; it is empty for an indicator.
    """

    id: str
    title: str
    contribution: float
    parts: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class AreaProfile:
    """One area and one index or sub-index.

    Attributes
    ----------
    row : int
        In the table.
    key, name : str
        ``name`` is "" where it has none of its own.
    node_id, title : str
    is_cross : bool
        A cross of two classifications has a class, but no score.
    high_is_bad : bool
        A high score is unfavourable.
    score : float
    class_name : str
        "" for none.
    is_provisional : bool
        The class is none of the recipe's.
    rank, of, tied : int
        1 for the most unfavourable score; how many other areas have the same one.
    excluded : str
        Why the area is left out, "" where it is not.
    base : float
        The score of an average area with the same data missing.
    steps : tuple of Part
        From base to score; ``base`` + their contributions = ``score``. Empty where the score cannot be split.
    way : str
        As in `Contributions`; "" where the score cannot be split.
    indicators : tuple of IndicatorProfile
        In the order of the tree, each once.
    share, minimum_share : float
        Share of the data behind the score and what the recipe asks for.
    origin : tuple of (str, str)
        Of a cross: titles and class names that it is made of.
    people : Cases
    district_title, district : str
        What the larger area is called, and its name; "" without one.
    certainty : Certainty or None
    """

    row: int
    key: str
    name: str
    node_id: str
    title: str
    is_cross: bool
    high_is_bad: bool
    score: float
    class_name: str
    is_provisional: bool
    rank: int
    of: int
    tied: int
    excluded: str
    base: float
    steps: tuple[Part, ...]
    way: str
    indicators: tuple[IndicatorProfile, ...]
    share: float
    minimum_share: float
    origin: tuple[tuple[str, str], ...]
    people: Cases
    district_title: str
    district: str
    certainty: Certainty | None = None

    @property
    def label(self) -> str:
        """Key and name."""
        return f"{self.key} {self.name}" if self.name else self.key

    def burden(self, contribution: float) -> float:
        """Return a contribution counted so that what is unfavourable is above 0."""
        return contribution if self.high_is_bad else -contribution

    @property
    def missing(self) -> tuple[IndicatorProfile, ...]:
        """The indicators without a value."""
        return tuple(each for each in self.indicators if each.state == MISSING)


class Profiles:
    """Profiles of the areas of a result for one index, sub-index or cross.

    What is the same for all areas is worked out once.

    Parameters
    ----------
    result : IndexResult
    frame : DataFrame
        What it was computed from; further columns tell districts and numbers of cases.
    node : str
        Id of an index, sub-index or cross.
    catalogue : Catalogue, optional
        May name the columns with numbers of cases.
    threshold : int
        Smaller numbers of cases are not told.
    class_set, positions : ClassSet, ndarray, optional
        Provisional classes for a node to which the recipe gives none.
    """

    def __init__(self, result: IndexResult, frame: pd.DataFrame, node: str, catalogue: Catalogue | None = None,
                 threshold: int = 10, class_set: ClassSet | None = None, positions: np.ndarray | None = None):
        self.result, self.frame = result, frame.reset_index(drop=True)
        recipe = result.recipe
        self.cross = next((each for each in recipe.crosses if each.id == node), None)
        wanted = (self.cross.rows, self.cross.columns) if self.cross is not None else (node,)
        self.places: list[tuple[Index, Node]] = [
            (index, each) for name in wanted for index in recipe.indices for each in index.root.nodes()
            if each.id == name]
        own = next((each for each in result.class_sets if each.id == node), None)
        self.is_provisional = own is None and class_set is not None
        self.class_set, self._given = own or class_set, positions
        self.valid = pd.isna(np.asarray(result.values[EXCLUSION], object))
        self.inside = np.cumsum(self.valid) - 1
        self.columns = CaseColumns(self.frame, recipe, result.year, catalogue, threshold)
        self._figures: dict[str, Figures] = {}

    @property
    def index(self) -> Index:
        return self.places[0][0]

    @property
    def node(self) -> Node:
        return self.places[0][1]

    @cached_property
    def scores(self) -> np.ndarray:
        """Score of each area; NaN throughout for a cross."""
        if self.cross is not None:
            return np.full(len(self.valid), np.nan)
        return np.asarray(self.result.values[f"{self.node.id}_index"], float)

    @cached_property
    def people(self) -> np.ndarray:
        """People of each area, 1 where the recipe names none."""
        column = self.result.recipe.population
        if not column:
            return np.ones(len(self.frame))
        return np.nan_to_num(pd.to_numeric(self.frame[column], errors="coerce").to_numpy(float, na_value=np.nan))

    @cached_property
    def leaves(self) -> list[Leaf]:
        """The indicators below the node, each once, in the order of the tree."""
        found = {leaf.indicator: leaf for _, node in self.places for leaf in node.leaves()}
        return list(found.values())

    @cached_property
    def districts(self) -> np.ndarray:
        """Key of the smallest larger area of each area, None without one."""
        parents = self.result.recipe.parents
        if not parents or parents[0].column not in self.frame:
            return np.full(len(self.frame), None, object)
        keys = self.frame[parents[0].column].astype(object)
        return keys.where(keys.notna(), None).to_numpy()

    def in_rank_order(self) -> list[int]:
        """Return the rows from the most unfavourable score on; areas without one follow in the table's order."""
        worst_first = -self.scores if self._high_is_bad else self.scores
        return np.argsort(worst_first, kind="stable").tolist()

    @property
    def _high_is_bad(self) -> bool:
        return self.index.high_means == "unfavourable"

    def of(self, row: int, robustness=None) -> AreaProfile:
        """Return the profile of the area in this row of the table.

        Parameters
        ----------
        row : int
        robustness : Robustness, DataFrame or Certainty, optional
            Of this node, the table that its algorithm writes, or what is known of the area already.
        """
        recipe, scores = self.result.recipe, self.scores
        key = str(self.frame[recipe.area_key].iloc[row])
        name = self.frame[recipe.area_name].iloc[row] if recipe.area_name in self.frame else ""
        name = name.strip() if isinstance(name, str) and name.strip() != key else ""
        parts = None if not self.valid[row] or self.cross is not None else self._contributions(row)
        rank, of, tied = rank_of(scores, row, self._high_is_bad)
        excluded = self.result.values[EXCLUSION][row]
        split = parts is not None and not np.isnan(scores[row])
        own = {name: float(values[0]) for name, values in parts.of_indicators().items()} if split else {}
        district_title, district = self._district(row)
        return AreaProfile(
            row, key, name, self.cross.id if self.cross else self.node.id,
            self.cross.title if self.cross else self.node.title, self.cross is not None, self._high_is_bad,
            float(scores[row]), self._class_name(row), self.is_provisional, rank, of, tied,
            "" if self.valid[row] else str(excluded), float(parts.base[0]) if split else float("nan"),
            self._steps(parts) if split else (), parts.way if split else "",
            tuple(self._indicator(leaf, row, own) for leaf in self.leaves)
            if self.valid[row] else (),
            self._share(row), self.node.minimum_share, self._origin(row), self.columns.people(row),
            district_title, district, certainty_of(robustness, key, recipe.area_key),
        )

    def _class_name(self, row: int) -> str:
        if self.class_set is None:
            return ""
        if self.is_provisional:
            return self.class_set.classes[self._given[row]].name if self._given[row] >= 0 else ""
        name = self.result.values[self.class_set.name_column][row]
        return name if isinstance(name, str) else ""

    def _origin(self, row: int) -> tuple[tuple[str, str], ...]:
        if self.cross is None:
            return ()
        names = [self.result.values[f"{node.id}_name"][row] for _, node in self.places]
        return tuple((node.title, name if isinstance(name, str) else "")
                     for (_, node), name in zip(self.places, names))

    def _share(self, row: int) -> float:
        if self.cross is not None or not self.valid[row]:
            return float("nan")
        return float(self.result.values[f"{self.node.id}_anteil"][row])

    def _district(self, row: int) -> tuple[str, str]:
        if self.districts[row] is None:
            return "", ""
        parent = self.result.recipe.parents[0]
        name = self.frame[parent.name_column].iloc[row] if parent.name_column in self.frame else None
        return parent.title, name if isinstance(name, str) and name.strip() else str(self.districts[row])

    # taken apart -----------------------------------------------------------------------------------------------

    def _contributions(self, row: int) -> Contributions | None:
        try:
            return contributions(self.node, self.result.evaluations[self.index.id], areas=[int(self.inside[row])])
        except TeilhabeError:  # “copeland” compares areas and has no parts
            return None

    def _steps(self, parts: Contributions) -> tuple[Part, ...]:
        recipe, titles = self.result.recipe, {node.id: node.title for node in self.node.nodes()}
        groups: dict[str, list[tuple[str, float]]] = {}
        order: list[tuple[str, str]] = []
        for indicator, dimension, value in zip(parts.indicators, parts.dimensions, parts.parts[0]):
            place = ("dimension", dimension) if dimension else ("indicator", indicator)
            if place not in order:
                order.append(place)
            groups.setdefault(place, []).append((indicator, float(value)))
        found = []
        for place in order:
            kind, name = place
            values = [value for _, value in groups[place]]
            total = float(np.nansum(values)) if not np.isnan(values).all() else float("nan")
            if kind == "indicator":
                found.append(Part(name, recipe.indicators[name].title, total))
            else:
                found.append(Part(name, titles[name], total, tuple(groups[place])))
        return tuple(found)

    # one indicator ---------------------------------------------------------------------------------------------

    def _indicator(self, leaf: Leaf, row: int, contributed: dict[str, float]) -> IndicatorProfile:
        indicator = self.result.recipe.indicators[leaf.indicator]
        figures = self._figures.get(indicator.id)
        if figures is None:
            figures = self._figures[indicator.id] = Figures(self.result, indicator, self.valid, self.people,
                                                            self.districts)
        value, state = float(figures.values[row]), figures.state(row)
        rank, of, tied = rank_of(figures.values, row, indicator.high_is == "unfavourable")
        percentile = 100 * (of - rank - tied / 2) / (of - 1) if rank and of > 1 else float("nan")
        contribution = contributed.get(indicator.id, float("nan"))
        return IndicatorProfile(
            indicator.id, indicator.title, indicator.unit, indicator.high_is, value, float(figures.used[row]), state,
            contribution, rank, of, percentile, figures.city, figures.district(row), figures.spread, figures.decimals,
            self.columns.of(indicator, row, value if state != MISSING else float("nan")),
        )
