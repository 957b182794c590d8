"""What the tree of the workshop shows of a recipe: one row per index, sub-index and indicator."""
from __future__ import annotations

from dataclasses import dataclass, field

from ....core.recipe_editing import deviations, entry_at, indicator_entry, is_leaf, paths, setting_at
from ....core.recipe_paths import children_at
from ....core.recipe_shares import shares_of, weight_of
from ....translation import render, tr
from ..properties.words import decimal_sign, setting_text, setting_title

#: ways to weight whose shares the recipe states
STATED = ("given", "equal_influence")


@dataclass
class Row:
    """A row of the tree; `number` stands for it in Qt's indexes.

    Attributes
    ----------
    path : tuple of int
    key : tuple
        Node id, or node id of the parent, indicator and its count there; stays when the recipe changes.
    title : str
    share, overall : float or None
        Among the siblings and in the whole index; None for an index.
    is_stated : bool
        The share is one that the recipe states, not one that is estimated.
    marks : list of str
        Deviations from the default, in words.
    fault : str
        Why the recipe cannot be computed, where this row is to blame.
    """

    number: int
    path: tuple
    key: tuple
    title: str
    is_leaf: bool
    parent: Row | None
    place: int
    share: float | None = None
    overall: float | None = None
    is_stated: bool = True
    marks: list[str] = field(default_factory=list)
    fault: str = ""
    note: str = ""
    children: list[Row] = field(default_factory=list)

    @property
    def node_id(self) -> str:
        """Id of the index or sub-index, "" for an indicator."""
        return "" if self.is_leaf else self.key[0]

    def shown(self) -> tuple:
        """Return everything that is drawn; two rows that look alike give the same."""
        return (self.title, self.share, self.overall, self.is_stated, tuple(self.marks), self.fault, self.note)


def rows_of(session) -> list[Row]:
    """Return all rows of the session's recipe, parents before children."""
    if not session.is_open:
        return []
    document, by_path, rows = session.document, {}, []
    for path in paths(document):
        entry = entry_at(document, path)
        parent = by_path.get(path[:-1])
        leaf = is_leaf(entry)
        row = Row(len(rows), path, _key(entry, parent), _title(document, entry), leaf, parent, path[-1])
        if parent is not None:
            parent.children.append(row)
            shares, row.is_stated = _shares(session, parent)
            row.share = shares[row.place]
            row.overall = row.share * (1 if parent.overall is None else parent.overall)
        row.marks = [f"{setting_title(name)}: {setting_text(name, value, document)}"
                     for name, value in deviations(document, path).items()]
        row.note = _note(session, document, path, entry, leaf)
        if session.fault is not None and session.fault.path == path:
            row.fault = render(session.fault.message)
        rows.append(row)
        by_path[path] = row
    return rows


def _key(entry: dict, parent: Row | None) -> tuple:
    if not is_leaf(entry):
        return (entry.get("id", ""),)
    same = [each for each in parent.children if each.is_leaf and each.key[1] == entry["indicator"]]
    return (parent.key[0], entry["indicator"], len(same))


def _title(document: dict, entry: dict) -> str:
    if is_leaf(entry):
        entry = indicator_entry(document, entry["indicator"]) or {"title": entry["indicator"]}
    return entry.get("title", "")


def _shares(session, parent: Row) -> tuple[list[float], bool]:
    """Return the shares of a row's children as they count, and whether the recipe states them."""
    document = session.document
    children = children_at(document, parent.path)
    stated = shares_of([weight_of(each) for each in children])
    method = setting_at(document, parent.path, "weights")["method"]
    if method in STATED:
        return stated, True
    if method == "equal":
        return [1 / len(children)] * len(children), False
    used = used_weights(session, parent.node_id)
    return (shares_of(used), False) if len(used) == len(children) else (stated, False)


def used_weights(session, node_id: str) -> list[float]:
    """Return the weights that the last result used for a node's children, [] without a result."""
    if session.result is None:
        return []
    found = (each.weights.get(node_id) for each in session.result.evaluations.values())
    return next(([float(each) for each in weights] for weights in found if weights is not None), [])


def _note(session, document: dict, path: tuple, entry: dict, leaf: bool) -> str:
    """Return one line about what the row is, for its tooltip."""
    if not leaf:
        count = len(entry.get("children") or [])
        return tr("one part") if count == 1 else tr("{n} parts", n=count) if count else tr(
            "Still empty: drag indicators here, or add them from “More indicators”.")
    indicator = indicator_entry(document, entry["indicator"]) or {}
    column = (indicator.get("column") or entry["indicator"]).replace("{year}", str(session.year or ""))
    parts = [tr("Column {column}", column=column)]
    if indicator.get("unit"):
        parts.append(tr("unit: {unit}", unit=indicator["unit"]))
    high = indicator.get("high_is", "unfavourable")
    parts.append(tr("a high value is unfavourable") if high == "unfavourable" else tr("a high value is favourable"))
    if column not in session.frame.columns:
        parts.append(tr("the layer has no such column"))
    return " · ".join(parts)


def percent_text(share: float | None) -> str:
    """Return a share as percent with at most one digit behind the decimal sign."""
    if share is None:
        return ""
    text = f"{100 * share:.1f}"
    text = text[:-2] if text.endswith(".0") else text.replace(".", decimal_sign())
    return tr("{number} %", number=text)
