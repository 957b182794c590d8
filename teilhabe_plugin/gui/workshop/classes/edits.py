"""The classes of the node looked at: as the recipe has them, and every change as a step of the session."""
from __future__ import annotations

import numpy as np

from ....core.class_editing import (
    Basis,
    basis_of,
    basis_scores,
    with_bound,
    with_count,
    with_entry,
    with_method,
    with_multiple,
)
from ....core.cross_editing import sub_indices, with_classes_followed, with_cross_class, with_same_classes
from ....core.messages import TeilhabeError, mark
from ....core.recipe_editing import entry_at, path_of_node
from ....translation import tr
from .names import names_for, proposed_names
from .table import COLOUR, LOWER, MULTIPLE, NAME, NUMBER, UPPER


class ClassEdits:
    """What the tab does to the recipe.

    Parameters
    ----------
    session : Session
    """

    def __init__(self, session):
        self.session = session
        self._scores: tuple = (None, "", np.empty(0))

    # as it is --------------------------------------------------------------------------------------------------

    @property
    def node(self) -> str:
        """Return the id of the node looked at."""
        view = self.session.view()
        return view.node_id if view is not None else ""

    @property
    def path(self):
        """Return the node's place in the tree, None for a cross."""
        return path_of_node(self.session.document, self.node) if self.node else None

    def spec(self) -> dict | None:
        """Return the node's classes; those proposed where it has none, None for a cross."""
        path = self.path
        if path is None:
            return None
        return entry_at(self.session.document, path).get("classes") or self.proposed()

    def proposed(self) -> dict:
        """Return classes for a node without any: those of its index, else fifths."""
        root = entry_at(self.session.document, self.path[:1])
        if root.get("classes") and root["classes"]["method"] != "fixed":
            return root["classes"]
        high_first = self.session.view().high_first
        names = proposed_names(5, high_first, self._language())
        return {"method": "quantile", "classes": [{"value": i, "name": name} for i, name in enumerate(names, 1)]}

    def scores(self) -> np.ndarray:
        """Return the scores that the bounds are taken from: those of the reference year where there is one."""
        result = self.session.result
        if self._scores[0] is not result or self._scores[1] != self.node:
            self._scores = (result, self.node, basis_scores(result, self.session.frame, self.node))
        return self._scores[2]

    def basis(self) -> Basis:
        """Return these scores with the bounds as they are."""
        return basis_of(self.scores(), self.spec())

    def _language(self) -> str:
        return self.session.document.get("language") or "de"

    # changes ---------------------------------------------------------------------------------------------------

    def write(self, spec: dict | None, label: str, merge: str = "") -> None:
        """Write other classes of the node into the recipe."""
        self.session.edit(label, with_classes_followed(self.session.document, self.path, spec), merge)

    def give(self) -> None:
        """Give the node the classes proposed."""
        self.write(self.proposed(), tr("Classes for “{title}”", title=self._title()))

    def take(self) -> None:
        """Take the node's classes away."""
        self.write(None, tr("No classes for “{title}”", title=self._title()))

    def choose_method(self, method: str) -> None:
        """Find the bounds in another way."""
        self.write(with_method(self.spec(), method, self.basis()), tr("Method of the classes"))

    def choose_setting(self, name: str, value) -> None:
        """Give the method another setting."""
        spec = self.spec()
        self.write(with_method(spec, spec["method"], self.basis(), **{name: value}), tr("Setting of the classes"),
                   f"classes:{name}:{self.node}")

    def choose_count(self, count: int) -> None:
        """Make more or fewer classes."""
        spec = self.spec()
        names = names_for(spec["classes"], count, self.session.view().high_first, self._language())
        self.write(with_count(spec, names, self.basis()), tr("Number of classes"), f"classes:count:{self.node}")

    def change_cell(self, row: int, column: int, value) -> None:
        """Carry out what was typed into the table.

        Raises
        ------
        TeilhabeError
            When the value is impossible.
        """
        if column in (LOWER, UPPER, MULTIPLE):
            place = row - 1 if column == LOWER else row
            spec = self.spec()
            self._check_ascends(place, column, value)
            changed = with_multiple(spec, place, value) if column == MULTIPLE else \
                with_bound(spec, place, value, self.basis())
            self.write(changed, tr("Class bound"))
            return
        key = {NUMBER: "value", NAME: "name", COLOUR: "color"}[column]
        label = {NUMBER: tr("Number of a class"), NAME: tr("Name of a class"), COLOUR: tr("Colour of a class")}[column]
        if self.path is None:
            self.session.edit(label, with_cross_class(self.session.document, self.node, row, **{key: value}))
        else:
            self.write(with_entry(self.spec(), row, **{key: value}), label)

    def _check_ascends(self, place: int, column: int, value: float) -> None:
        """Say between which values a bound has to lie."""
        from ....bridge.legend_text import number_text

        bounds = list(self.spec()["bounds"]) if column == MULTIPLE else list(self.basis().bounds)
        low = bounds[place - 1] if place > 0 else None
        high = bounds[place + 1] if place + 1 < len(bounds) else None
        if low is not None and value <= low:
            raise TeilhabeError(mark("A value above {bound} is expected: the bounds must ascend."),
                                bound=number_text(low))
        if high is not None and value >= high:
            raise TeilhabeError(mark("A value below {bound} is expected: the bounds must ascend."),
                                bound=number_text(high))

    def same_for_all(self) -> None:
        """Give the node's classes to all sub-indices."""
        self.session.edit(tr("Same classes for all sub-indices"), with_same_classes(self.session.document, self.path))

    def has_sub_indices(self) -> bool:
        """Say whether the index that the node belongs to has other sub-indices."""
        return bool(sub_indices(self.session.document, self.path))

    def can_same(self) -> bool:
        """Say whether another sub-index has other classes."""
        document, path = self.session.document, self.path
        own = entry_at(document, path).get("classes")
        return bool(own) and any(entry_at(document, each).get("classes") != own for each in sub_indices(document, path))

    def original(self) -> dict | None:
        """Return the node's classes as the recipe was opened or saved, None where it had none."""
        document = self.session.origin.document
        path = path_of_node(document, self.node)
        return entry_at(document, path).get("classes") if path is not None else None

    def can_reset(self) -> bool:
        """Say whether the classes differ from those of the recipe as it was opened or saved."""
        document, path = self.session.document, self.path
        return path_of_node(self.session.origin.document, self.node) is not None \
            and self.original() != entry_at(document, path).get("classes")

    def reset(self) -> None:
        """Return to the classes of the recipe as it was opened or saved."""
        self.write(self.original(), tr("Back to the recipe’s classes"))

    def _title(self) -> str:
        return self.session.view().title
