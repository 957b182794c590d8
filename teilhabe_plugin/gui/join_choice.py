"""What the user has decided about one table, and how that is kept for next year's edition of the file."""
from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from pathlib import Path

from qgis.core import QgsSettings

REMEMBERED = "teilhabe/join/tables"
_YEAR_OR_DATE = re.compile(r"(?:19|20)\d\d(?:[-_.]?\d\d){0,2}|\d{1,2}[-_.]\d{1,2}[-_.](?:19|20)\d\d")


@dataclass(frozen=True)
class TableChoice:
    """Only what differs from what was found; empty means: everything as found.

    Attributes
    ----------
    source : dict
        Changed attributes of `core.table_source.TableSource`.
    layout : dict
        Changed attributes of `core.table_layout.TableLayout`; ``columns`` is a dict heading → changes.
    repairs : tuple of str, optional
        Accepted kinds of repair, None for the safe ones.
    matches : dict
        Value in the table → area key, None to set its rows aside.
    years : str
    """

    source: dict = field(default_factory=dict)
    layout: dict = field(default_factory=dict)
    repairs: tuple | None = None
    matches: dict = field(default_factory=dict)
    years: str = "all"

    def with_source(self, **changes) -> TableChoice:
        """Return this choice with other ways of reading; another sheet or header sets the columns free again."""
        source = {**self.source, **changes}
        if "sheet" in changes:
            source = {name: value for name, value in source.items() if name not in ("header_row", "header_lines")}
        if "header_row" in changes and "header_lines" not in changes:
            source.pop("header_lines", None)
        kept = {name: value for name, value in self.layout.items() if name in ("signs", "codes")}
        free = {"sheet", "header_row", "header_lines", "separator", "encoding"} & set(changes)
        return replace(self, source=source, layout=kept if free else self.layout)

    def with_layout(self, **changes) -> TableChoice:
        """Return this choice with other roles of columns."""
        return replace(self, layout={**self.layout, **changes})

    def with_column(self, heading: str, **changes) -> TableChoice:
        """Return this choice with one column changed."""
        columns = dict(self.layout.get("columns", {}))
        columns[heading] = {**columns.get(heading, {}), **changes}
        return self.with_layout(columns=columns)

    def with_match(self, value: str, key: str | None) -> TableChoice:
        """Return this choice with the rows of a value given to an area, or set aside."""
        return replace(self, matches={**self.matches, value: key})

    def without_match(self, value: str) -> TableChoice:
        """Return this choice without the decision on a value."""
        return replace(self, matches={name: key for name, key in self.matches.items() if name != value})

    def entry(self, table: str, columns=None) -> dict:
        """Return the table's entry in the settings of ``teilhabe:joinindicators``.

        Parameters
        ----------
        table : str
            File name, path or layer id.
        columns : collection of str, optional
            Headings that the table has; decisions on others are left out: they stem from an earlier edition.
        """
        layout = {name: value for name, value in self.layout.items() if name != "columns" and (
            columns is None or not name.endswith("_column") or not value or value in columns)}
        headings = [{"column": heading, **change} for heading, change in self.layout.get("columns", {}).items()
                    if columns is None or heading in columns]
        entry = {"table": table, **self.source, **layout}
        if headings:
            entry["columns"] = headings
        if self.repairs is not None:
            entry["repairs"] = list(self.repairs)
        if self.matches:
            entry["matches"] = self.matches
        if self.years != "all":
            entry["years"] = self.years
        return entry

    def settings(self, columns=None):
        """Return the decisions as the algorithm reads them (`core.join_settings.TableSettings`)."""
        from ..core.join_settings import read_settings

        return read_settings(json.dumps({"tables": [self.entry("*", columns)]})).tables[0]

    def to_dict(self) -> dict:
        """Return a plain dict for JSON."""
        return {"source": self.source, "layout": self.layout, "matches": self.matches, "years": self.years,
                "repairs": None if self.repairs is None else list(self.repairs)}

    @classmethod
    def from_dict(cls, values: dict) -> TableChoice:
        """Inverse of `to_dict`."""
        repairs = values.get("repairs")
        return cls(dict(values.get("source") or {}), dict(values.get("layout") or {}),
                   None if repairs is None else tuple(repairs), dict(values.get("matches") or {}),
                   str(values.get("years") or "all"))


def edition_name(name: str) -> str:
    """Return a file or layer name without year and date, so that every edition of a file has the same.

    Examples
    --------
    >>> edition_name("/daten/Soziales_31.12.2025.xlsx") == edition_name("Soziales_31.12.2026.xlsx")
    True
    """
    return _YEAR_OR_DATE.sub("#", Path(name).name.casefold())


def remember(name: str, choice: TableChoice) -> None:
    """Keep the choice for this name; what is as found is not kept."""
    key = f"{REMEMBERED}/{edition_name(name)}"
    if choice == TableChoice():
        QgsSettings().remove(key)
    else:
        QgsSettings().setValue(key, json.dumps(choice.to_dict(), ensure_ascii=False))


def remembered(name: str) -> TableChoice:
    """Return what was kept for this name; an unreadable entry counts as none."""
    text = QgsSettings().value(f"{REMEMBERED}/{edition_name(name)}", "", type=str)
    try:
        return TableChoice.from_dict(json.loads(text)) if text else TableChoice()
    except (ValueError, AttributeError, TypeError):
        return TableChoice()
