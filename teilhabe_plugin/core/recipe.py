"""The recipe: everything that turns an indicator table into classes, as one readable JSON file."""
from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Iterator

FORMAT = "teilhabe-recipe/1"


@dataclass(frozen=True)
class Indicator:
    """An indicator of the recipe and the column it is read from (``{year}`` stands for the recipe's year)."""

    id: str
    title: str
    column: str
    unit: str = ""
    high_is: str = "unfavourable"


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

    def columns(self, year: int | None = None) -> list[str]:
        """Return the columns the recipe reads: key, name, those of the exclusions, the indicators; each once."""
        used = {leaf.indicator for index in self.indices for leaf in index.root.leaves()}
        names = [
            self.area_key,
            self.area_name,
            *(rule.column for rule in self.exclusions),
            *(self.column(each, year) for each in self.indicators if each in used),
        ]
        return [name for name in dict.fromkeys(names) if name]
