"""Answers against the truth: what was found, how sure it claims to be, and whether it is right."""
from __future__ import annotations

import numpy as np
import pandas as pd

GRADE_NAMES = {1: "exact", 2: "normalised", 3: "interpolated", 4: "nearest", 5: "street", 6: "district", 7: "none"}
#: an answer of these grades that is not right is a wrong hit
CLAIMED = 3


def judge(located, written, ground) -> pd.DataFrame:
    """Return one line per row: what is true, what was answered, and the judgement.

    ``right``: the true area. ``wrong``: graded exact, normalised or interpolated, and another area; or exact or
    normalised and another address than the true one; or such a grade where no address of the city is meant.
    ``false sure``: of another grade, and the area is wrong and called certain. ``too sure``: the right area, graded
    better than what the row says allows.
    """
    table = written.truth.copy()
    table["grade"] = np.asarray(located.grade, dtype=int)
    table["answer"] = np.asarray(located.area, dtype=object)
    table["sure"] = np.asarray(located.area_sure, dtype=bool)
    table["found"] = np.asarray(located.found, dtype=object)
    away = np.hypot(np.asarray(located.x) - table["x"], np.asarray(located.y) - table["y"])
    table["away"] = away
    claimed = (table["grade"] <= CLAIMED).to_numpy()
    true = table["verdict"] != "none"
    true &= table["area"] != ""  # a foreign street that looks like one of ours has no place here either
    table["right"] = true & (table["answer"] == table["area"])
    other = ~table["right"]
    point = (table["grade"] <= 2) & (table["best"] == 1) & (away > 1.0)
    table["wrong"] = claimed & (other | point)
    # what is no address may have a postcode all in one area, and that is then said
    table["false sure"] = ~claimed & table["sure"] & (table["answer"] != "") & other & (true | (table["grade"] < 6))
    table["too sure"] = table["right"] & (table["grade"] <= 2) & (table["best"] > 2)
    table["silent"] = (table["answer"] == "") & true
    return table


def by_fault(judged: pd.DataFrame) -> pd.DataFrame:
    """Return per fault: rows, share with the right area among the resolvable, wrong hits and what else went amiss."""
    return _summary(judged, "fault")


def by_grade(judged: pd.DataFrame) -> pd.DataFrame:
    """Return the same per grade."""
    return _summary(judged.assign(answered=judged["grade"].map(GRADE_NAMES)), "answered")


def _summary(judged, column) -> pd.DataFrame:
    lines = []
    for name, part in [*judged.groupby(column, sort=False), ("all", judged)]:
        sure, decided = part[part["verdict"] == "sure"], part[part["verdict"] != "another"]
        lines.append({
            column: name, "rows": len(part), "resolvable": len(sure),
            "right %": round(100 * sure["right"].mean(), 2) if len(sure) else np.nan,
            "wrong": int(decided["wrong"].sum()), "claimed": int((decided["grade"] <= CLAIMED).sum()),
            "false sure": int(decided["false sure"].sum()), "too sure": int(decided["too sure"].sum()),
            "another": len(part) - len(decided), "wrong of another": int(part["wrong"].sum() - decided["wrong"].sum()),
        })
    return pd.DataFrame(lines).set_index(column)


def recall(judged: pd.DataFrame) -> float:
    """Return the share of resolvable rows that got the right area."""
    return float(judged.loc[judged["verdict"] == "sure", "right"].mean())


def wrong_per_10000(judged: pd.DataFrame) -> float:
    """Return wrong hits per 10,000 rows graded exact, normalised or interpolated; ambiguous faults apart."""
    decided = judged[(judged["verdict"] != "another") & (judged["grade"] <= CLAIMED)]
    return 10_000 * float(decided["wrong"].mean()) if len(decided) else 0.0
