"""From the joined table to what a recipe needs: the indicator matrix and the excluded areas."""
from __future__ import annotations

import difflib

import numpy as np
import pandas as pd

from .messages import Message, TeilhabeError, mark
from .recipe import Exclusion, Recipe


def indicator_matrix(recipe: Recipe, frame: pd.DataFrame, year: int | None) -> tuple[np.ndarray, list[str]]:
    """Return the indicators in use as numbers.

    Returns
    -------
    (matrix, names) : ndarray of shape (areas, indicators), list of indicator ids

    Raises
    ------
    TeilhabeError
        When a column is not there, or holds text or infinite values; names column, area and value.
    """
    _check_columns(recipe, frame, year)
    names = [indicator.id for indicator in recipe.indicators_in_use()]
    matrix = np.empty((len(frame), len(names)), order="F")  # all work goes down the columns
    for j, name in enumerate(names):
        matrix[:, j] = numbers_in(recipe, frame, recipe.column(name, year))
    return matrix, names


def exclusion_reasons(recipe: Recipe, frame: pd.DataFrame) -> tuple[np.ndarray, list[Message]]:
    """Return why each area is left out (None: it is not), and a note per rule.

    The first rule that fits gives the reason.

    Returns
    -------
    (reasons, notes) : object ndarray of shape (areas,), list of Message
    """
    reasons = np.full(len(frame), None, object)
    notes = []
    for rule in recipe.exclusions:
        fits = _hits(rule, recipe, frame)
        hit = fits & pd.isna(reasons)
        reasons[hit] = rule.reason
        if rule.type == "areas":
            notes += _unknown_areas(rule, recipe, frame)
        elif rule.type == "flag" and not fits.any():
            notes.append(Message(mark("No area is left out by the rule “{reason}” (column “{column}”)."),
                                 reason=rule.reason, column=rule.column))
        if hit.any():
            notes.append(Message(
                mark("{count} areas left out ({reason}): {keys}"), count=int(hit.sum()), reason=rule.reason,
                keys=", ".join(frame.loc[hit, recipe.area_key].astype(str)),
            ))
    return reasons, notes


def _check_columns(recipe: Recipe, frame: pd.DataFrame, year: int | None) -> None:
    missing = [name for name in recipe.columns(year) if name not in frame]
    if not missing:
        return
    close = difflib.get_close_matches(missing[0], [str(name) for name in frame.columns], 1)
    hint = Message(mark(" Is “{column}” meant?"), column=close[0]) if close else ""
    raise TeilhabeError(
        mark("The recipe “{recipe}” needs columns that the layer does not have: {columns}.{hint} Join the tables with "
             "these indicators first, or choose another year."),
        recipe=recipe.title, columns=", ".join(missing), hint=hint,
    )


def numbers_in(recipe: Recipe, frame: pd.DataFrame, column: str) -> np.ndarray:
    """Return a column as real numbers.

    Raises
    ------
    TeilhabeError
        When it holds text or infinite values; names column, area and value.
    """
    if pd.api.types.is_numeric_dtype(frame[column]):
        values = frame[column].to_numpy(float, na_value=np.nan)
        wrong = np.isinf(values)
    else:
        dated = pd.api.types.is_datetime64_any_dtype(frame[column])  # pandas counts nanoseconds otherwise
        numbers = pd.Series(np.nan, index=frame.index) if dated else pd.to_numeric(frame[column], errors="coerce")
        values = numbers.to_numpy(float, na_value=np.nan)
        wrong = (np.isnan(values) & frame[column].notna().to_numpy()) | np.isinf(values)
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise TeilhabeError(
            mark("Column “{column}”, area {key}: “{value}” is not a finite number ({count} such values in all). "
                 "Correct the table and join it again."),
            column=column, key=frame[recipe.area_key].iloc[row], value=frame[column].iloc[row], count=int(wrong.sum()),
        )
    return values


def _hits(rule: Exclusion, recipe: Recipe, frame: pd.DataFrame) -> np.ndarray:
    if rule.type == "areas":
        return frame[recipe.area_key].astype(str).isin([str(value) for value in rule.values]).to_numpy()
    if rule.type == "flag":
        return frame[rule.column].map(_as_text).isin([_as_text(value) for value in rule.values]).to_numpy()
    values = numbers_in(recipe, frame, rule.column)
    return np.isnan(values) | (values < rule.value)


def _as_text(value) -> str | None:
    """Return a flag as text: 1, 1.0 and "1" are the same flag, and so are true and 1."""
    if pd.isna(value):
        return None
    if isinstance(value, (bool, np.bool_)):
        return str(int(value))
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        return str(int(value))
    return str(value)


def _unknown_areas(rule: Exclusion, recipe: Recipe, frame: pd.DataFrame) -> list[Message]:
    unknown = sorted(set(map(str, rule.values)) - set(frame[recipe.area_key].astype(str)))
    if not unknown:
        return []
    return [Message(mark("The recipe leaves out areas that the layer does not have: {keys}"), keys=", ".join(unknown))]
