"""What is looked at, with the colours of its classes."""
from __future__ import annotations

from dataclasses import dataclass, fields

from ...bridge.class_style import class_colours
from ...core.index import IndexResult
from ...core.node_view import NodeView, choices, node_view
from ...translation import tr

__all__ = ["View", "choices", "view_of"]


@dataclass(frozen=True, eq=False)
class View(NodeView):
    """Scores, classes and colours of one index, sub-index or cross.

    Attributes
    ----------
    colours : dict
        Class value → "#rrggbb".
    """

    colours: dict

    def colour_of(self, row: int) -> str:
        """Return the colour of an area's class, "" for none."""
        own = self.class_of(row)
        return self.colours[own.value] if own is not None else ""


def view_of(result: IndexResult, node_id: str) -> View:
    """Return what a node looks like; the first index where there is no such node."""
    fifths = (tr("lowest fifth"), tr("second fifth"), tr("third fifth"), tr("fourth fifth"), tr("highest fifth"))
    found = node_view(result, node_id, fifths)
    return View(**{field.name: getattr(found, field.name) for field in fields(found)},
                colours=class_colours(found.class_set))
