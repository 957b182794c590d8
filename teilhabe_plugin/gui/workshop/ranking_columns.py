"""The columns of the ranking: headings, what they mean in words, and which of them fit into a narrow panel."""
from __future__ import annotations

from dataclasses import dataclass

from ...translation import tr


@dataclass(frozen=True)
class Column:
    """A column of the ranking.

    Attributes
    ----------
    name, title, tip : str
    width : int
        In widths of a digit; the least it needs.
    """

    name: str
    title: str
    tip: str
    width: int


#: names, in the order they stand in
COLUMNS = ("rank", "key", "area", "score", "class", "interval", "moved", "class_moved", "data")
#: what is shown first while there is room; the area itself always is
IMPORTANCE = ("area", "rank", "class", "interval", "score", "moved", "class_moved", "data", "key")


def columns() -> dict[str, Column]:
    """Return the columns by name, in the user's language."""
    found = (
        Column("rank", tr("Rank"), tr("Rank by score: 1 is the most unfavourable area. Areas of equal score share a "
                                      "rank."), 4),
        Column("key", tr("Key"), tr("Key of the area"), 8),
        Column("area", tr("Area"), tr("Name of the area"), 9),
        Column("score", tr("Score"), tr("Score of the index or sub-index that the map shows"), 6),
        Column("class", tr("Class"), tr("Class with its colour on the map; for areas without a class the reason"), 9),
        Column("interval", tr("Rank interval"), tr("Where the rank lies in nine of ten runs that vary weights, "
                                                   "methods and the choice of indicators. The bar spans all ranks, "
                                                   "its line is the rank itself. Grey: still of the state before."),
               9),
        Column("moved", tr("Moved"), tr("Places moved since the workshop was opened: ▲ up, towards rank 1, that is "
                                        "more unfavourable; ▼ down"), 5),
        Column("class_moved", tr("Class moved"), tr("Classes moved since the workshop was opened: ▲ more "
                                                    "unfavourable, ▼ more favourable"), 5),
        Column("data", tr("Data"), tr("Share of the weights whose indicators have a value here"), 6),
    )
    return {each.name: each for each in found}


def fitting(width: int, digit: int, available=COLUMNS) -> list[str]:
    """Return the columns that fit into a width, the most important first in, in the order they stand in.

    Parameters
    ----------
    width : int
        In pixels.
    digit : int
        Width of a digit.
    available : iterable of str
        Columns that there is anything to show in.
    """
    needed, chosen, known = 0, [], columns()
    for name in IMPORTANCE:
        if name not in available:
            continue
        needed += width_of(known[name], digit)
        if needed > width and len(chosen) >= 3:
            break
        chosen.append(name)
    return [name for name in COLUMNS if name in chosen]


def width_of(column: Column, digit: int) -> int:
    """Return the least width of a column in pixels."""
    return column.width * digit + 8
