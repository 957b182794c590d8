"""A comparison in words: how many areas change class, which way, and what the recipes say differently."""
from __future__ import annotations

import numpy as np

from ....bridge.legend_text import number_text
from ....core.comparing import BY_DATA, BY_EXCLUSION, REASONS, SAME, UNKNOWN, Comparison
from ....translation import render, tr, translate

#: indicators that are named for an area
DRIVERS = 3


def summary(comparison: Comparison, high_is_bad: bool) -> list[str]:
    """Return the sentences that stand above everything else."""
    table = comparison.table
    steps = table["schritte"].dropna() * (1 if high_is_bad else -1)
    worse, better, areas = int((steps > 0).sum()), int((steps < 0).sum()), len(steps)
    found = [_moved(worse + better, better, worse, areas)]
    only = int(table["grund"].isin([BY_EXCLUSION, BY_DATA]).sum())
    if only == 1:
        found.append(tr("One area has a class in one of the two only."))
    elif only:
        found.append(tr("{n} areas have a class in one of the two only.", n=only))
    if comparison.correlation == comparison.correlation:
        found.append(tr("Rank correlation (Spearman): {value}", value=number_text(comparison.correlation, 3)))
    return found


def _moved(moved: int, better: int, worse: int, areas: int) -> str:
    if not moved:
        return tr("None of {areas} areas changes class.", areas=areas)
    if not better or not worse:
        way = tr("more favourable") if better else tr("less favourable")
        if moved == 1:
            return tr("One of {areas} areas changes class, to a {way} one.", areas=areas, way=way)
        return tr("{moved} of {areas} areas change class, all to a {way} one.", moved=moved, areas=areas, way=way)
    return tr("{moved} of {areas} areas change class: {better} to a more favourable one, {worse} to a less favourable "
              "one.", moved=moved, areas=areas, better=better, worse=worse)


def rows_of(comparison: Comparison) -> list[dict]:
    """Return the areas that change class or have one in one of the two only, the largest moves first."""
    table = comparison.table[~comparison.table["grund"].isin([SAME, UNKNOWN])]
    size = table["schritte"].abs()
    order = size.fillna(-1).sort_values(ascending=False, kind="stable").index
    found = []
    for key in order:
        row = table.loc[key]
        found.append({
            "key": key, "before": _name(row["name_vorher"]), "after": _name(row["name_nachher"]),
            "before_value": row["klasse_vorher"], "after_value": row["klasse_nachher"], "steps": row["schritte"],
            "difference": float(row["wert_differenz"]), "reason": translate(REASONS[row["grund"]]),
            "drivers": "",
        })
    return found


def drivers_text(comparison: Comparison, key: str, titles: dict[str, str]) -> str:
    """Return the indicators that did it, each with the change of its contribution."""
    return "; ".join(f"{titles.get(name, name)} ({signed(change)})"
                     for name, change in comparison.strongest(key, DRIVERS))


def signed(value: float, decimals: int = 2) -> str:
    """Return a number with its sign, "" for none."""
    if np.isnan(value):
        return ""
    written = number_text(value, decimals)
    return f"+{written}" if value > 0 and written.strip("0,.") else written


def differences_text(before: dict, after: dict, most: int = 6) -> str:
    """Return what the recipes say differently, as lines; the most important first."""
    from ....core.recipe_differences import differences

    found = [render(each) for each in differences(before, after)]
    if len(found) > most:
        found = [*found[:most - 1], tr("and {n} more", n=len(found) - most + 1)]
    return "\n".join(f"• {each}" for each in found)


def _name(value) -> str:
    return value if isinstance(value, str) else ""
