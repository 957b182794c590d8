"""On how many cases a value of an area rests, told so that no small count can be read or worked out.

Numbers of cases stand in the columns that “Indicators from counts” writes beside an indicator, or in columns that are
named as the catalogue words numerator or denominator (“Kinder unter 18 Jahren”: kinder_unter_18_jahren_2025). They are
told in tens only, so that the difference between two of them gives nobody away; below the threshold, and where so few
are left beside the cases, there are only words.
"""
from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from .catalogue import Catalogue, Entry
from .field_names import field_name
from .messages import Message, mark
from .recipe import Indicator, Recipe

#: endings of the columns beside an indicator, see `count_table`
NUMERATOR, DENOMINATOR, FEW = "_zaehler", "_nenner", "_wenige"
#: why there is no value, or what is to be known of it: from counts, and from a joined table's signs
REMARKS = ("_hinweis", "_grund")
#: numbers of cases are rounded to multiples of it
BASE = 10
_WORD = re.compile(r"\w+")
UNKNOWN, SMALL, ABOUT = "unknown", "small", "about"


@dataclass(frozen=True)
class Cases:
    """What may be told of a number of cases.

    Attributes
    ----------
    kind : {"unknown", "small", "about"}
    threshold : int
        Numbers below it are “small”.
    number : int
        Cases in tens, −1 where only `among` is known.
    among : int
        People or cases they are among, in tens; −1 where it is not known.
    is_uncertain : bool
        The value is marked as resting on few cases.
    remark : str
        Why there is no value, or what is to be known of it, in the words of the table.
    """

    kind: str = UNKNOWN
    threshold: int = BASE
    number: int = -1
    among: int = -1
    is_uncertain: bool = False
    remark: str = ""

    def message(self) -> Message | None:
        """Return the number of cases in a few words, None where nothing is known."""
        if self.kind == SMALL:
            return Message(mark("fewer than {threshold}"), threshold=self.threshold)
        if self.kind != ABOUT:
            return None
        if self.number < 0:
            return Message(mark("among about {among}"), among=grouped(self.among))
        if self.among < 0:
            return Message(mark("about {number}"), number=grouped(self.number))
        return Message(mark("about {number} of {among}"), number=grouped(self.number), among=grouped(self.among))


def grouped(number: float) -> str:
    """Return a whole number, from five digits on with a thin space for the thousands."""
    text = f"{abs(number):,.0f}"
    text = text.replace(",", "\u202f") if abs(number) >= 10_000 else text.replace(",", "")
    return f"−{text}" if number < 0 and text.strip("0") else text


class CaseColumns:
    """Finds the columns with numbers of cases and reads them.

    Parameters
    ----------
    frame : DataFrame
    recipe : Recipe
    year : int or None
    catalogue : Catalogue, optional
    threshold : int
    """

    def __init__(self, frame: pd.DataFrame, recipe: Recipe, year: int | None, catalogue: Catalogue | None = None,
                 threshold: int = BASE):
        self.frame, self.recipe, self.catalogue = frame, recipe, catalogue
        self.year, self.threshold = year or recipe.year, max(int(threshold), BASE)
        self.names = {str(name).casefold(): name for name in frame.columns}

    def people(self, row: int) -> Cases:
        """Return how many people live in the area."""
        number = self._number(self.recipe.population, row)
        if np.isnan(number):
            return Cases(threshold=self.threshold)
        if number < self.threshold:
            return Cases(SMALL, self.threshold)
        return Cases(ABOUT, self.threshold, _tens(number))

    def of(self, indicator: Indicator, row: int, value: float) -> Cases:
        """Return on how many cases an indicator's value rests.

        Parameters
        ----------
        indicator : Indicator
        row : int
        value : float
            The value as it is shown, NaN where there is none: nothing is told of its cases then.
        """
        column = self.recipe.column(indicator.id, self.year)
        entry = self.catalogue.get(indicator.catalogue) if self.catalogue is not None else None
        few = self._cell(column + FEW, row)
        remarks = [str(each).strip() for each in (self._cell(column + ending, row) for ending in REMARKS)
                   if isinstance(each, str)]
        told = Cases(threshold=self.threshold, is_uncertain=bool(few) if few is not None else False,
                     remark=next(filter(None, remarks), ""))
        if np.isnan(value):
            return told
        among = self._first((column + DENOMINATOR, *self._named(entry, "denominator")), row)
        number = self._first((column + NUMERATOR, *self._named(entry, "numerator")), row)
        return self._told(told, number, among, value, _kind(entry, indicator))

    def _told(self, told: Cases, number: float, among: float, value: float, kind: tuple[str, float]) -> Cases:
        name, factor = kind
        if name == "mean":  # a sum of teeth or square metres is no number of people
            number = float("nan")
        elif np.isnan(number) and not np.isnan(among) and name in ("share", "rate"):
            return self._told_of_base(told, value / factor * among, among, name)
        known = [each for each in (number, among) if not np.isnan(each)]
        if not known:
            return told
        if self._is_small(known, name):
            return replace(told, kind=SMALL)
        return replace(told, kind=ABOUT, number=-1 if np.isnan(number) else _tens(number),
                       among=-1 if np.isnan(among) else _tens(among))

    def _told_of_base(self, told: Cases, worked_out: float, among: float, name: str) -> Cases:
        """Return the base alone, and only where the number that follows from it is not small either."""
        small = self._is_small([worked_out, among], name)
        return replace(told, kind=SMALL) if small else replace(told, kind=ABOUT, among=_tens(among))

    def _is_small(self, known: list[float], name: str) -> bool:
        others = [known[1] - known[0]] if name == "share" and len(known) == 2 else []
        return min(*known, *others, np.inf) < self.threshold - 1e-9

    def _named(self, entry: Entry | None, name: str) -> tuple[str, ...]:
        """Return the names that a column with what the catalogue words may have."""
        text = getattr(entry, name) if entry is not None else ""
        if not text:
            return ()
        year = str(self.year or "")
        base, plain = field_name(text).name, text.replace("{year}", year)
        if base.count("_") + 1 < len(_WORD.findall(text)):  # cut short: another wording may have become the same name
            return (plain,)
        return plain, f"{base}_{year}", base

    def _first(self, columns: tuple[str, ...], row: int) -> float:
        return next((number for number in (self._number(each, row) for each in columns) if not np.isnan(number)),
                    float("nan"))

    def _number(self, column: str, row: int) -> float:
        value = self._cell(column, row)
        if isinstance(value, bool) or not isinstance(value, (int, float, np.integer, np.floating)):
            return float("nan")
        return float(value)

    def _cell(self, column: str, row: int):
        """Return a cell, None where column or value is missing."""
        name = self.names.get(column.casefold()) if column else None
        if name is None:
            return None
        value = self.frame[name].iloc[row]
        return None if pd.isna(value) else value


def _kind(entry: Entry | None, indicator: Indicator) -> tuple[str, float]:
    """Return the kind of calculation and its factor; what is in percent is taken for a share."""
    if entry is not None and entry.kind != "value":
        return entry.kind, entry.factor or 1
    return ("share", 100.0) if indicator.unit.strip() == "%" else ("value", 1.0)


def _tens(number: float) -> int:
    return int(BASE * np.floor(number / BASE + 0.5))
