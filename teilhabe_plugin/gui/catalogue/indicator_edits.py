"""What the menu “Indicator” does: add, copy, remove, move and sort indicators."""
from __future__ import annotations

from qgis.PyQt.QtCore import QObject

from ...translation import tr
from .place import INDICATORS, Where
from .questions import ask


class IndicatorEdits(QObject):
    """Edits to the list of a window's catalogue."""

    def __init__(self, window):
        super().__init__(window)
        self.window, self.session = window, window.session

    def add(self) -> None:
        """Add an indicator behind the chosen one and let its name be typed."""
        from ...core.catalogue_editing import added

        if not self.session.can_edit:
            return
        catalogue, position = self.session.catalogue, self.window.list.current
        chosen = self.window.list.dimension.currentData()
        known = [each.number for each in catalogue.dimensions]
        dimension = chosen if chosen in known else catalogue.entries[position].dimension if position >= 0 else ""
        catalogue, place = added(catalogue, position, dimension)
        self._insert(tr("new indicator"), catalogue, place)

    def duplicate(self) -> None:
        """Copy the chosen indicator under the next free number."""
        from ...core.catalogue_editing import duplicated

        if self.session.can_edit and self.window.list.current >= 0:
            self._insert(tr("indicator duplicated"), *duplicated(self.session.catalogue, self.window.list.current))

    def _insert(self, label: str, catalogue, place: int) -> None:
        self.window.list.current = place
        self.session.edit(label, catalogue, Where(INDICATORS, place, "name"))
        self.window.go_to(Where(INDICATORS, place, "name"))

    def remove(self) -> None:
        """Remove the chosen indicators; asks where recipes refer to them."""
        from ...core.catalogue_editing import removed
        from ...core.catalogue_editing_uses import recipes_using

        positions = self.window.list.selected()
        if not self.session.can_edit or not positions:
            return
        entries = [self.session.catalogue.entries[i] for i in positions]
        used = [f"{each.label}: {', '.join(recipes)}" for each in entries
                for recipes in [recipes_using(self.window.recipes.uses(), each.number)] if recipes]
        if used and ask(self.window, tr("Remove indicators"),
                        tr("Recipes refer to what is to be removed. They keep computing, but without the catalogue’s "
                           "names and units for it."),
                        [("remove", tr("Remove"), "lose"), ("cancel", tr("Cancel"), "cancel")],
                        "\n".join(used[:12])) != "remove":
            return
        label = tr("{indicator} removed", indicator=entries[0].label) if len(entries) == 1 else \
            tr("{n} indicators removed", n=len(entries))
        self.window.list.current = min(positions[0], len(self.session.catalogue.entries) - len(positions) - 1)
        self.session.edit(label, removed(self.session.catalogue, positions), Where(INDICATORS, positions[0]))
        self.window.form.show_position(self.window.list.current)
        self.window.list.view.setFocus()

    def move(self, step: int) -> None:
        """Move the chosen indicator before or behind its neighbour in sight."""
        from ...core.catalogue_editing import moved

        target = self.window.list.neighbour(step)
        if self.session.can_edit and target >= 0:
            position, self.window.list.current = self.window.list.current, target
            self.window.form.position = target
            self.session.edit(tr("order of the indicators"), moved(self.session.catalogue, position, target),
                              Where(INDICATORS, target))

    def sort(self) -> None:
        """Put the indicators in the order of their numbers; the chosen one stays chosen."""
        from ...core.catalogue_editing import sorted_by_number

        if not self.session.can_edit:
            return
        catalogue = sorted_by_number(self.session.catalogue)
        if self.window.list.current >= 0:
            entry = self.session.catalogue.entries[self.window.list.current]
            self.window.list.current = self.window.form.position = catalogue.entries.index(entry)
        self.session.edit(tr("order of the indicators"), catalogue, Where())

    def step(self, by: int) -> None:
        """Go to the next indicator in sight; the same field stays in focus."""
        position, field = self.window.list.neighbour(by), self.window.focused_field()
        if position >= 0:
            self.window.go_to(Where(INDICATORS, position, field))
