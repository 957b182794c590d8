"""The columns of the ranking: headings, what they mean in words, and which of them fit into a narrow panel."""
from __future__ import annotations

from dataclasses import dataclass

from ....translation import tr


@dataclass(frozen=True)
class Column:
    """A column of the ranking.

    Attributes
    ----------
    name, title, tip : str
    """

    name: str
    title: str
    tip: str


#: names, in the order they stand in
COLUMNS = ("rank", "key", "area", "score", "class", "interval", "moved", "class_moved", "data")
#: what is shown first while there is room; the area itself always is
IMPORTANCE = ("area", "rank", "class", "interval", "moved", "score", "class_moved", "data", "key")
#: shown before names and classes are whole
INDISPENSABLE = IMPORTANCE[:4]


def columns() -> dict[str, Column]:
    """Return the columns by name, in the user's language."""
    found = (
        Column("rank", tr("Rank"), tr("Rank by score: 1 is the most unfavourable area. Areas of equal score share a "
                                      "rank.")),
        Column("key", tr("Key"), tr("Key of the area")),
        Column("area", tr("Area"), tr("Name of the area")),
        Column("score", tr("Value"), tr("Score of the index or sub-index that the map shows")),
        Column("class", tr("Class"), tr("Class with its colour on the map; for areas without a class the reason")),
        Column("interval", tr("Rank interval"), tr("Where the rank lies in nine of ten runs that vary weights, "
                                                   "methods and the choice of indicators. The line spans all ranks, "
                                                   "its mark is the rank itself. Grey: still of the state before.")),
        Column("moved", tr("Moved"), tr("Places moved since the workshop was opened: ▲ up, towards rank 1, that is "
                                        "more unfavourable; ▼ down")),
        Column("class_moved", tr("Class moved"), tr("Classes moved since the workshop was opened: ▲ more "
                                                    "unfavourable, ▼ more favourable")),
        Column("data", tr("Data"), tr("Share of the weights whose indicators have a value here")),
    )
    return {each.name: each for each in found}


def fitting(width: int, needs: dict[str, int], wishes: dict[str, int]) -> list[str]:
    """Return the columns that fit into a width, the most important first in, in the order they stand in.

    Parameters
    ----------
    width : int
        In pixels.
    needs : dict
        Pixels that each column needs that there is anything to show in.
    wishes : dict
        Pixels beyond these that names and classes need to be read whole: they get them before the columns come that
        the ranking can do without.
    """
    needed, chosen = 0, []
    for name in IMPORTANCE:
        if name not in needs:
            continue
        needed += needs[name]
        whole = needed + (0 if name in INDISPENSABLE else sum(wishes.get(each, 0) for each in ("area", "class")))
        if whole > width and len(chosen) >= 3:
            break
        chosen.append(name)
    return [name for name in COLUMNS if name in chosen]
