"""What can be crossed: nodes with classes, and an index with itself in another year."""
from __future__ import annotations

from dataclasses import replace

import numpy as np

from ....bridge.class_colours import colour_table
from ....core.class_editing import FEWEST
from ....core.cross_editing import classed_nodes, with_classes_followed
from ....core.index import compute
from ....core.recipe_editing import entry_at, is_leaf, paths
from ....translation import tr
from ..classes.names import proposed_names
from .cells import Cells, cells_of, side_of


class Choice:
    """The sides of the matrix.

    Attributes
    ----------
    rows, columns : str
        Ids of nodes; `columns` may be "@2022" for the rows' index in that year.
    """

    def __init__(self, session):
        self.session = session
        self.rows = self.columns = ""
        self._years: tuple = (None, {})

    def possible_rows(self) -> list[tuple[str, str]]:
        """Return id and title of the nodes with classes that were computed."""
        known = {each.id for each in self.session.result.class_sets}
        return [(name, title) for name, title in classed_nodes(self.session.document) if name in known]

    def possible_columns(self) -> list[tuple[str, str]]:
        """Return what the rows can be crossed with."""
        others = [each for each in self.possible_rows() if each[0] != self.rows]
        title = dict(self.possible_rows()).get(self.rows, "")
        return others + [(f"@{year}", tr("{title} {year}", title=title, year=year))
                         for year in self.session.years if year != self.session.year]

    def settle(self) -> None:
        """Choose what is there: the cross looked at, else what was chosen, else the recipe's first cross."""
        rows = dict(self.possible_rows())
        if self.rows not in rows:
            cross = next(iter(self.session.document.get("crosses") or []), None)
            usual = (cross["rows"], cross["columns"]) if cross else [*rows, "", ""][:2]
            self.rows, self.columns = usual if usual[0] in rows else ("", "")
        columns = [name for name, _title in self.possible_columns()]
        if self.columns not in columns:
            self.columns = columns[0] if columns else ""

    def follow(self, node_id: str) -> None:
        """Show a cross of the recipe."""
        for each in self.session.document.get("crosses") or []:
            if each["id"] == node_id:
                self.rows, self.columns = each["rows"], each["columns"]

    @property
    def is_over_time(self) -> bool:
        """Say whether an index is crossed with itself in another year."""
        return self.columns.startswith("@")

    def cells(self) -> Cells:
        """Return the matrix.

        Raises
        ------
        TeilhabeError
            When another year cannot be computed.
        """
        session = self.session
        rows = side_of(session.result, self.rows)
        if not self.is_over_time:
            return cells_of(session.result, session.document, rows, side_of(session.result, self.columns))
        year = int(self.columns[1:])
        columns = side_of(self._result(year), self.rows, f"{rows.title} {year}")
        rows = replace(rows, title=f"{rows.title} {session.year}")
        moves = colour_table()["moves"]
        colours = [[moves[2 + int(np.clip(row - column, -2, 2))] for column in range(len(columns.names))]
                   for row in range(len(rows.names))]
        return Cells(rows, columns, colours, [["" for _ in columns.names] for _ in rows.names])

    def _result(self, year: int):
        if self._years[0] is not self.session.result:
            self._years = (self.session.result, {})
        if year not in self._years[1]:
            self._years[1][year] = compute(self.session.recipe, self.session.frame, year)
        return self._years[1][year]

    def moves(self, cells: Cells) -> str:
        """Say how many areas were in a better or worse class in the other year."""
        there = cells.known
        steps = cells.rows.positions[there] - cells.columns.positions[there]
        return tr("{worse} areas are in a less favourable class than in {year}, {better} in a more favourable one, "
                  "{same} in the same.", worse=int((steps > 0).sum()), better=int((steps < 0).sum()),
                  same=int((steps == 0).sum()), year=self.columns[1:])

    # classes for those that have none --------------------------------------------------------------------------

    def without_classes(self) -> list:
        """Return the paths of the nodes without classes."""
        document = self.session.document
        return [path for path in paths(document) if not is_leaf(entry_at(document, path))
                and not entry_at(document, path).get("classes")]

    def with_all_classes(self) -> dict:
        """Return the document with classes for every node: those of its index, else fifths."""
        document = self.session.document
        for path in self.without_classes():
            root = entry_at(document, path[:1])
            classes = root.get("classes")
            if not classes or classes["method"] == "fixed":
                high_first = root.get("high_means", "unfavourable") == "unfavourable"
                names = proposed_names(5, high_first, document.get("language") or "de")
                classes = {"method": "quantile",
                           "classes": [{"value": number, "name": name} for number, name in enumerate(names, 1)]}
            document = with_classes_followed(document, path, classes)
        return document

    def can_give(self) -> bool:
        """Say whether classes for all nodes would make a matrix."""
        return len(self.without_classes()) + len(self.possible_rows()) >= FEWEST
