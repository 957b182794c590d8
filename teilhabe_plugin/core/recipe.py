"""The recipe: everything that turns an indicator table into classes, as one readable JSON file."""
from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field

FORMAT = "teilhabe-recipe/1"


@dataclass(frozen=True)
class Indicator:
    """An indicator of the recipe and the column it is read from (``{year}`` stands for the recipe's year).

    ``treatment`` and ``missing`` are a method and its settings, see `treatment`; ``catalogue`` is the indicator's
    number in the catalogue.
    """

    id: str
    title: str
    column: str
    unit: str = ""
    high_is: str = "unfavourable"
    catalogue: str = ""
    treatment: tuple[str, dict] = ("none", {})
    missing: tuple[str, dict] = ("keep", {})


@dataclass(frozen=True)
class Exclusion:
    """A rule that leaves areas out before anything is computed.

    ``type`` is ``minimum`` (column below value, or empty), ``flag`` (column holds one of values) or ``areas`` (keys).
    """

    type: str
    reason: str
    column: str = ""
    value: float | None = None
    values: tuple = ()


@dataclass(frozen=True)
class Leaf:
    """An indicator in the tree, how it is normalised and how much it counts."""

    indicator: str
    weight: float
    method: str
    settings: dict


@dataclass(frozen=True)
class Node:
    """A sub-index or an index: children, how they are put together, standardised and classed."""

    id: str
    title: str
    children: tuple[Leaf | Node, ...]
    weight: float = 1
    weights: tuple[str, dict] = ("given", {})
    aggregate: tuple[str, dict] = ("mean", {})
    minimum_share: float = 1.0
    standardise: tuple[str, dict] | None = None
    classes: dict | None = None

    def nodes(self) -> Iterator[Node]:
        """Yield all nodes of this tree, children before parents."""
        for child in self.children:
            if isinstance(child, Node):
                yield from child.nodes()
        yield self

    def leaves(self) -> Iterator[Leaf]:
        """Yield all leaves below this node in the recipe's order."""
        for child in self.children:
            if isinstance(child, Leaf):
                yield child
            else:
                yield from child.leaves()


@dataclass(frozen=True)
class Index:
    """A tree with a composite index at its root, and what a high score means."""

    root: Node
    high_means: str = "unfavourable"

    @property
    def id(self) -> str:
        return self.root.id


@dataclass(frozen=True)
class Cross:
    """The cross of two classifications: one named class for each pair of class numbers."""

    id: str
    title: str
    rows: str
    columns: str
    cells: dict[tuple[int, int], dict]


@dataclass(frozen=True)
class Parent:
    """A larger area, such as a district, that scores are averaged to: its key column and, if any, its name column."""

    id: str
    title: str
    column: str
    name_column: str = ""


@dataclass(frozen=True)
class Recipe:
    """A validated recipe; `text` is the JSON it was read from."""

    id: str
    title: str
    area_key: str
    indicators: dict[str, Indicator]
    indices: tuple[Index, ...]
    exclusions: tuple[Exclusion, ...] = ()
    crosses: tuple[Cross, ...] = ()
    version: str = ""
    language: str = "de"
    area_name: str = ""
    year: int | None = None
    reference_year: int | None = None
    population: str = ""
    parents: tuple[Parent, ...] = ()
    catalogue: str = ""
    source: str = ""
    reference_date: str = ""
    method: str = ""
    note: str = ""
    text: str = field(default="", repr=False)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the recipe's content; spaces and order of the keys do not count."""
        content = json.dumps(json.loads(self.text), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(content.encode()).hexdigest()

    def column(self, indicator: str, year: int | None = None) -> str:
        """Return the name of the indicator's column in the year given, or in the recipe's year."""
        template = self.indicators[indicator].column
        return template.replace("{year}", str(year or self.year or ""))

    def indicators_in_use(self) -> list[Indicator]:
        """Return the indicators that a tree or a way to weight or to fill refers to, in the recipe's order."""
        used = {leaf.indicator for index in self.indices for leaf in index.root.leaves()}
        for index in self.indices:
            used |= {node.weights[1].get("reference") for node in index.root.nodes()}
        return [indicator for name, indicator in self.indicators.items() if name in used]

    @property
    def weight_years(self) -> list[int]:
        """The years that weights are estimated from, where a node names some."""
        return sorted({int(year) for index in self.indices for node in index.root.nodes()
                       for year in node.weights[1].get("years", ())})

    def columns(self, year: int | None = None) -> list[str]:
        """Return the columns the recipe reads, each once.

        They are key and name, people, parents, the columns of exclusions and groups, and the indicators, those of the
        reference year and of the years that weights are estimated from included.
        """
        used = self.indicators_in_use()
        names = [
            self.area_key,
            self.area_name,
            self.population,
            *(name for parent in self.parents for name in (parent.column, parent.name_column)),
            *(rule.column for rule in self.exclusions),
            *(each.missing[1].get("group", "") for each in used),
            *(self.column(each.id, year) for each in used),
        ]
        for other in filter(None, (self.reference_year, *self.weight_years)):
            names += [self.column(each.id, other) for each in used]
        return [name for name in dict.fromkeys(names) if name]

    def earlier_columns(self, year: int | None = None) -> list[str]:
        """Return the columns of earlier years that gaps may be filled from; they may be missing.

        Gaps of the reference year are filled in the same way, so that no result depends on what else was read.
        """
        names = []
        for start in filter(None, dict.fromkeys((year or self.year, self.reference_year, *self.weight_years))):
            for each in self.indicators_in_use():
                method, settings = each.missing
                if method == "last_year":
                    names += [self.column(each.id, start - back)
                              for back in range(1, int(settings.get("years", 1)) + 1)]
        return [name for name in dict.fromkeys(names) if name not in self.columns(year)]
