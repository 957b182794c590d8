"""The way from an average area to an area's score, as rows that can be drawn: dimensions, and their indicators."""
from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

BASE, STEP, INSIDE, SCORE = "base", "step", "inside", "score"


@dataclass(frozen=True)
class Row:
    """A row of the waterfall.

    Attributes
    ----------
    kind : {"base", "step", "inside", "score"}
    id, label : str
    start, end : float
        Where its bar begins and ends; equal for base and score.
    amount : float
        What is written: the contribution, or the score; NaN where it is missing.
    is_open : bool or None
        Whether a dimension shows its indicators; None where there is nothing to open.
    """

    kind: str
    id: str
    label: str
    start: float
    end: float
    amount: float
    is_open: bool | None = None


def rows_of(profile, opened: Collection[str], base_label: str, score_label: str) -> list[Row]:
    """Return the rows from base to score.

    Parameters
    ----------
    profile : AreaProfile
        Or what has its `base`, `score`, `steps` and `indicators`.
    opened : collection of str
        Dimensions that show their indicators.
    base_label, score_label : str
    """
    titles = {each.id: each.title for each in profile.indicators}
    rows, at = [Row(BASE, "", base_label, profile.base, profile.base, profile.base)], profile.base
    for step in profile.steps:
        end = at + float(np.nan_to_num(step.contribution))
        is_open = step.id in opened if step.parts else None
        rows.append(Row(STEP, step.id, step.title, at, end, step.contribution, is_open))
        if is_open:
            inner = at
            for name, value in step.parts:
                to = inner + float(np.nan_to_num(value))
                rows.append(Row(INSIDE, name, titles.get(name, name), inner, to, value))
                inner = to
        at = end
    rows.append(Row(SCORE, "", score_label, profile.score, profile.score, profile.score))
    return rows
