"""The make-up of an index: which indicators say the same, which belong together, which do the work."""
from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import combinations
from typing import Callable

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from .contributions import contributions, influence, influence_by_leaf
from .decimals import decimal
from .index import IndexResult, compute
from .messages import Message, TeilhabeError, check_cancelled, mark
from .recipe import Leaf, Node, Recipe
from .reliability import Alpha, Components, cronbach, principal_components
from .robustness import find_node
from .weights import effective

#: correlations from here on are named
SAME, OPPOSED = 0.9, -0.3
#: words that do not make two indicators akin
_COMMON_WORDS = {"anteil", "anteile", "quote", "anzahl", "jahre", "jahren", "personen", "einwohner", "veränderung",
                 "share", "number", "years", "people", "change", "above", "unter", "ohne"}
#: fewer complete areas say nothing about reliability
_FEWEST = 10


class Finding(Message):
    """What was found out, in plain words.

    Attributes
    ----------
    items : tuple of str
        Ids of the indicators and nodes that it is about, in the order in which it names them.
    """

    __slots__ = ("items",)

    def __init__(self, template: str, items: tuple[str, ...], **details):
        super().__init__(template, **details)
        self.items = items


@dataclass(frozen=True)
class Pair:
    """Two indicators of an index, turned so that both point where the index points.

    ``within`` is the title of the dimension they share, "" when they stand in different ones.
    """

    first: str
    second: str
    within: str
    pearson: float
    spearman: float
    areas: int


@dataclass
class Diagnostics:
    """What was found out about one index.

    Attributes
    ----------
    indicators : list of str
        In the order of the tree, each once.
    pairs : list of Pair
    pearson, spearman : ndarray, shape (indicators, indicators)
    alphas : dict
        Node id → Cronbach's alpha of its children; nodes with two children or more.
    components : Components or None
        Of all indicators; None where too few areas have all values.
    weights, effective : dict
        Node id → stated weights, and shares in the variance of the node's value, of its children.
    influence : dict
        Indicator → share in the variance of the index; empty where scores cannot be split.
    by_leaf : ndarray
        The same for each place in the tree where an indicator stands, in the order of `Node.leaves`.
    findings : list of Finding
        In plain words.
    """

    indicators: list[str]
    pairs: list[Pair]
    pearson: np.ndarray
    spearman: np.ndarray
    alphas: dict[str, Alpha] = field(default_factory=dict)
    components: Components | None = None
    weights: dict[str, np.ndarray] = field(default_factory=dict)
    effective: dict[str, np.ndarray] = field(default_factory=dict)
    influence: dict[str, float] = field(default_factory=dict)
    by_leaf: np.ndarray = field(default_factory=lambda: np.empty(0))
    findings: list[Finding] = field(default_factory=list)

    def between(self, within: bool) -> list[Pair]:
        """Return the pairs within dimensions, or those across them, the closest first."""
        chosen = [pair for pair in self.pairs if bool(pair.within) == within]
        return sorted(chosen, key=lambda pair: -abs(np.nan_to_num(pair.pearson)))


def diagnose(result: IndexResult, node: str = "", numerators: dict[str, str] | None = None,
             cancelled: Callable[[], bool] | None = None) -> Diagnostics:
    """Look into the make-up of a computed index.

    Parameters
    ----------
    result : IndexResult
    node : str
        Id of an index or sub-index; the first index by default.
    numerators : dict, optional
        Indicator → what is counted, such as the numerator in the catalogue; the same text twice is pointed out.
    cancelled : callable, optional
        Asked while scores are split where that takes long.
    """
    recipe = result.recipe
    index, chosen = find_node(recipe, node)
    evaluation = result.evaluations[index.id]
    columns, places, homes = {}, {}, {}
    for each in chosen.nodes():
        for j, child in enumerate(each.children):
            if isinstance(child, Leaf):
                columns.setdefault(child.indicator, evaluation.normalised[each.id, j])
                places.setdefault(child.indicator, []).append(each.title)
                homes.setdefault(child.indicator, each)
    names = list(dict.fromkeys(leaf.indicator for leaf in chosen.leaves()))
    matrix = np.column_stack([columns[name] for name in names])
    pearson, spearman, areas = correlations(matrix)
    pairs = [
        Pair(names[i], names[j], homes[names[i]].title if homes[names[i]] is homes[names[j]] else "",
             float(pearson[i, j]), float(spearman[i, j]), int(areas[i, j]))
        for i, j in combinations(range(len(names)), 2)
    ]
    found = Diagnostics(names, pairs, pearson, spearman)
    for each in chosen.nodes():
        scores = evaluation.children[each.id]
        found.weights[each.id] = evaluation.weights[each.id]
        if len(each.children) > 1 and (~np.isnan(scores).any(axis=1)).sum() >= _FEWEST:
            found.alphas[each.id] = cronbach(scores)
            found.effective[each.id] = effective(scores, evaluation.weights[each.id])
    if len(names) > 1 and (~np.isnan(matrix).any(axis=1)).sum() >= _FEWEST:
        found.components = principal_components(matrix)
    if not any(each.aggregate[0] == "copeland" for each in chosen.nodes()):
        parts = contributions(chosen, evaluation, cancelled=cancelled)
        found.by_leaf = influence_by_leaf(parts, evaluation.scores[chosen.id])
        found.influence = influence(parts, evaluation.scores[chosen.id])
    found.findings = [
        *_doubled(recipe, places), *_alike(recipe, found, homes, result, numerators or {}),
        *_same_numerators(recipe, names, numerators), *_reliability(recipe, chosen, found), *_idle(recipe, found),
    ]
    return found


def correlations(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return Pearson's and Spearman's correlations of the columns and the number of areas behind each.

    Each pair is taken over the areas that have both values; NaN below three of them, and where one does not vary.
    """
    count = matrix.shape[1]
    pearson, spearman = np.full((count, count), np.nan), np.full((count, count), np.nan)
    there = ~np.isnan(matrix)
    areas = there.T.astype(int) @ there.astype(int)
    if there.all() and len(matrix) > 2:
        with np.errstate(invalid="ignore", divide="ignore"):
            pearson = np.atleast_2d(np.corrcoef(matrix, rowvar=False))
            spearman = np.atleast_2d(np.corrcoef(rankdata(matrix, axis=0), rowvar=False))
        return pearson, spearman, areas
    for i in range(count):
        for j in range(i, count):
            both = there[:, i] & there[:, j]
            x, y = matrix[both, i], matrix[both, j]
            if both.sum() < 3 or x.min() == x.max() or y.min() == y.max():
                continue
            pearson[i, j] = pearson[j, i] = np.corrcoef(x, y)[0, 1]
            spearman[i, j] = spearman[j, i] = np.corrcoef(rankdata(x), rankdata(y))[0, 1]
    return pearson, spearman, areas


def _title(recipe: Recipe, name: str) -> str:
    return recipe.indicators[name].title


def _name_and_title(recipe: Recipe, child: Leaf | Node) -> tuple[str, str]:
    if isinstance(child, Leaf):
        return child.indicator, _title(recipe, child.indicator)
    return child.id, child.title


def _doubled(recipe: Recipe, places: dict[str, list[str]]) -> list[Finding]:
    return [
        Finding(mark("“{title}” stands in the index {count} times ({places}): it counts more than its weight says."),
                (name,), title=_title(recipe, name), count=len(where), places=", ".join(where))
        for name, where in places.items() if len(where) > 1
    ]


def _alike(recipe: Recipe, found: Diagnostics, homes: dict[str, Node], result: IndexResult,
           numerators: dict[str, str]) -> list[Finding]:
    """Name indicators that say the same, stand in one another, or work against each other."""
    notes = []
    for pair in sorted(found.pairs, key=lambda each: -abs(np.nan_to_num(each.pearson))):
        titles = {"first": _title(recipe, pair.first), "second": _title(recipe, pair.second)}
        both = (pair.first, pair.second)
        part = _part_of(recipe, result, pair, numerators)
        if part is not None:
            notes.append(Finding(
                mark("“{part}” is nowhere above “{whole}” and runs with it (r = {r}): if the one is a part of the "
                     "other, the part counts twice."), part,
                part=_title(recipe, part[0]), whole=_title(recipe, part[1]), r=decimal(pair.pearson, 2),
            ))
        if pair.pearson >= SAME and pair.within:
            notes.append(Finding(
                mark("“{first}” and “{second}” in “{dimension}” say nearly the same (r = {r}): together they count "
                     "almost twice. One of them, or half the weight each, would do."), both,
                **titles, dimension=pair.within, r=decimal(pair.pearson, 2),
            ))
        elif pair.pearson >= SAME:
            notes.append(Finding(
                mark("“{first}” ({dimension}) and “{second}” ({other}) say nearly the same (r = {r}): the same "
                     "thing counts in two dimensions."), both,
                **titles, dimension=homes[pair.first].title, other=homes[pair.second].title, r=decimal(pair.pearson, 2),
            ))
        elif pair.pearson <= OPPOSED and pair.within:
            notes.append(Finding(
                mark("“{first}” and “{second}” in “{dimension}” work against each other (r = {r}): they cancel "
                     "each other out. Is the direction of both right?"), both,
                **titles, dimension=pair.within, r=decimal(pair.pearson, 2),
            ))
    return notes


def _part_of(recipe: Recipe, result: IndexResult, pair: Pair, numerators: dict[str, str]) -> tuple[str, str] | None:
    """Return (part, whole) where one indicator may be counted in the other.

    They have unit and direction in common and a word of their names, run together, and the one is nowhere above the
    other.
    """
    one, two = recipe.indicators[pair.first], recipe.indicators[pair.second]
    akin = one.unit and one.unit == two.unit and one.high_is == two.high_is and pair.pearson >= SAME
    words = [_words(f"{each.title} {numerators.get(each.id, '')}") for each in (one, two)]
    if not akin or not any(a in b or b in a for a in words[0] for b in words[1]):
        return None
    a, b = (np.asarray(result.values[recipe.column(each.id, result.year)], float) for each in (one, two))
    both = ~np.isnan(a) & ~np.isnan(b)
    a, b = a[both], b[both]
    if len(a) < _FEWEST or min(a.min(), b.min()) < 0 or (a == b).all():
        return None
    if (a <= b).all():
        return pair.first, pair.second
    return (pair.second, pair.first) if (b <= a).all() else None


def _words(text: str) -> set[str]:
    """Return the words that say what is counted."""
    found = {word.casefold() for word in re.findall(r"[^\W\d_]{5,}", text)}
    return found - _COMMON_WORDS


def _same_numerators(recipe: Recipe, names: list[str], numerators: dict[str, str] | None) -> list[Finding]:
    groups: dict[str, list[str]] = {}
    for name in names:
        text = " ".join((numerators or {}).get(name, "").casefold().split())
        if text:
            groups.setdefault(text, []).append(name)
    return [
        Finding(mark("The same people are counted in {titles} (“{numerator}”)."), tuple(members),
                titles=", ".join(f"“{_title(recipe, name)}”" for name in members), numerator=numerators[members[0]])
        for members in groups.values() if len(members) > 1
    ]


def _reliability(recipe: Recipe, chosen: Node, found: Diagnostics) -> list[Finding]:
    notes = []
    for node in chosen.nodes():
        alpha = found.alphas.get(node.id)
        if alpha is None:
            continue
        if alpha.value < 0.5:
            notes.append(Finding(
                mark("“{title}” puts together what hardly belongs together (Cronbach’s alpha {alpha}): its score "
                     "says less than its parts."), (node.id,), title=node.title, alpha=decimal(alpha.value, 2),
            ))
        best = int(np.nanargmax(alpha.without)) if not np.isnan(alpha.without).all() else -1
        if best >= 0 and alpha.without[best] > alpha.value + 0.05:
            child = node.children[best]
            name, title = _name_and_title(recipe, child)
            notes.append(Finding(
                mark("“{child}” fits the rest of “{title}” badly: without it Cronbach’s alpha is {without} instead "
                     "of {alpha}."), (name, node.id), child=title, title=node.title,
                without=decimal(alpha.without[best], 2), alpha=decimal(alpha.value, 2),
            ))
    return notes


def _idle(recipe: Recipe, found: Diagnostics) -> list[Finding]:
    """Name indicators that do less than a third of an equal share in the index."""
    count = len(found.influence)
    return [
        Finding(mark("“{title}” has hardly any influence on the index: {share} % of its differences between the "
                     "areas."), (name,), title=_title(recipe, name), share=decimal(100 * share, 1))
        for name, share in found.influence.items() if count > 1 and share < 1 / (3 * count)
    ]


def weight_drift(
    recipe: Recipe,
    frame: pd.DataFrame,
    years: list[int],
    node: str = "",
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> tuple[pd.DataFrame, list[Message]]:
    """Return the effective weight of each indicator in several years.

    Returns
    -------
    (table, notes)
        Columns ``jahr``, ``indikator``, ``titel``, ``wirkung`` (share in the variance of the index, adding up to 1 in
        each year) and ``veraenderung`` since the first year; a note for each year that could not be computed, and for
        each indicator whose share changed by a quarter of an equal share or more.
    """
    index, chosen = find_node(recipe, node)
    rows, notes, first = [], [], {}
    for number, year in enumerate(sorted(years)):
        check_cancelled(cancelled)
        try:
            result = compute(recipe, frame, year)
        except TeilhabeError as error:
            notes.append(Message(mark("{year}: {problem}"), year=year, problem=error.message))
            continue
        evaluation = result.evaluations[index.id]
        shares = influence(contributions(chosen, evaluation), evaluation.scores[chosen.id])
        first = first or shares
        rows += [(year, name, _title(recipe, name), share, share - first[name]) for name, share in shares.items()]
        if progress is not None:
            progress(100 * (number + 1) / len(years))
    table = pd.DataFrame(rows, columns=["jahr", "indikator", "titel", "wirkung", "veraenderung"])
    if table["jahr"].nunique() > 1:
        last = table[table["jahr"] == table["jahr"].max()]
        for row in last[last["veraenderung"].abs() >= 1 / (4 * len(first))].itertuples():
            notes.append(Message(
                mark("The influence of “{title}” has changed: {after:.0f} % of the differences in {year}, "
                     "{before:.0f} % in {start}."),
                title=row.titel, after=100 * row.wirkung, before=100 * (row.wirkung - row.veraenderung), year=row.jahr,
                start=int(table["jahr"].min()),
            ))
    return table, notes
