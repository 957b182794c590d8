"""What the user has decided about tables, as JSON: one text that dialog, model and script hand to the algorithm.

{"conflicts": "suffix",
 "tables": [{"table": "soziales.xlsx", "sheet": "2025", "header_row": 4, "header_lines": 2,
             "key_column": "Nr.", "columns": [{"column": "1.1 Kinder | 2025", "role": "skip"}],
             "signs": [{"sign": "–", "value": null, "reason": "keine Meldung"}], "codes": [-9999],
             "matches": {"Schlosstr.": "04300414", "Umland": null},
             "repairs": ["leading_zeros", "name"], "duplicates": "first", "years": "latest",
             "text_in_numbers": "missing"}]}
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from pathlib import Path

from .area_keys import REPAIR_KINDS, SAFE_REPAIRS, Areas
from .joining import REFUSE, SUFFIX, TAKE_AS_MISSING, JoinRequest
from .json_reading import Place, parse
from .layout_guess import guess_layout
from .messages import TeilhabeError, mark
from .placing import DUPLICATE_RULES, LEAVE_OUT
from .table_layout import LONG, NUMBER, SKIP, TEXT, WIDE, ColumnLayout, TableLayout
from .table_source import RawTable, TableSource

_SOURCE = ("sheet", "encoding", "separator", "decimal", "header_row", "header_lines")
_LAYOUT_TEXTS = (
    "key_column",
    "name_column",
    "district_column",
    "indicator_column",
    "year_column",
    "unit_column",
    "value_column",
    "numerator_column",
    "denominator_column",
)
_RULES = ("repairs", "duplicates", "years", "text_in_numbers", "matches")
_ALL_TABLES = "*"


@dataclass(frozen=True)
class JoinRules:
    """Rules for tables for which nothing else is said."""

    repairs: tuple[str, ...] = SAFE_REPAIRS
    duplicates: str = LEAVE_OUT
    years: str = "all"
    text_in_numbers: str = REFUSE
    matches: dict = field(default_factory=dict)


@dataclass(frozen=True)
class TableSettings:
    """What is said about one table."""

    table: str
    source: dict = field(default_factory=dict)
    layout: dict = field(default_factory=dict)
    rules: dict = field(default_factory=dict)


@dataclass(frozen=True)
class JoinSettings:
    """The whole text, checked."""

    tables: tuple[TableSettings, ...] = ()
    conflicts: str = SUFFIX

    def for_table(self, *names: str) -> TableSettings:
        """What is said about a table that goes by these names (path, file name, layer name, layer id)."""
        wanted = {name for name in names if name} | {Path(name).name for name in names if name}
        merged = TableSettings(names[0])
        for settings in self.tables:
            if settings.table == _ALL_TABLES or settings.table in wanted or Path(settings.table).name in wanted:
                merged = TableSettings(
                    names[0],
                    {**merged.source, **settings.source},
                    {**merged.layout, **settings.layout},
                    {**merged.rules, **settings.rules},
                )
        return merged

    def check_names(self, names) -> None:
        """Refuse settings for a table that is not joined; they are mostly typing errors."""
        known = {name for name in names if name} | {Path(name).name for name in names if name}
        for settings in self.tables:
            if settings.table != _ALL_TABLES and settings.table not in known and Path(settings.table).name not in known:
                raise TeilhabeError(
                    mark("The settings name the table “{table}”, which is not among the tables: {tables}."),
                    table=settings.table,
                    tables=", ".join(sorted({Path(name).name for name in names if name})),
                )


def read_settings(text: str, name: str = "SETTINGS") -> JoinSettings:
    """Read and check the settings; an empty text means "find out everything".

    Raises
    ------
    TeilhabeError
        Names the JSON path of what is wrong.
    """
    if not (text or "").strip():
        return JoinSettings()
    root = parse(text, name).only("conflicts", "tables")
    conflicts = root.choice("conflicts", (SUFFIX, REFUSE), SUFFIX)
    return JoinSettings(tuple(_table(place) for place in root.items("tables")), conflicts)


def _table(place: Place) -> TableSettings:
    place.only("table", *_SOURCE, "kind", *_LAYOUT_TEXTS, "factor", "factors", "columns", "signs", "codes", *_RULES)
    source = {name: place.text(name, "") or None for name in _SOURCE[:4] if place.has(name)}
    source.update({name: place.whole(name) for name in _SOURCE[4:] if place.has(name)})
    layout = {name: place.text(name, "") for name in _LAYOUT_TEXTS if name in place.value}
    if place.has("kind"):
        layout["kind"] = place.choice("kind", (WIDE, LONG))
    if place.has("factor"):
        layout["factor"] = place.number("factor", positive=True)
    if place.has("factors"):
        factors = place.at("factors").object()
        layout["factors"] = {label: factors.number(label, positive=True) for label in factors.value}
    if place.has("columns"):
        layout["columns"] = [_column(item) for item in place.items("columns")]
    if place.has("signs"):
        layout["signs"] = [_sign(item) for item in place.items("signs")]
    if "codes" in place.value:
        layout["codes"] = [_code(item) for item in place.items("codes")]
    return TableSettings(place.text("table"), source, layout, _rules(place))


def _rules(place: Place) -> dict:
    rules = {}
    if "repairs" in place.value:
        rules["repairs"] = tuple(_choice(item, REPAIR_KINDS) for item in place.items("repairs"))
    if place.has("duplicates"):
        rules["duplicates"] = place.choice("duplicates", DUPLICATE_RULES)
    if place.has("years"):
        rules["years"] = str(place.at("years").value)
    if place.has("text_in_numbers"):
        rules["text_in_numbers"] = place.choice("text_in_numbers", (REFUSE, TAKE_AS_MISSING))
    if place.has("matches"):
        matches = place.at("matches").object()
        rules["matches"] = {value: matches.text(value, "") or None for value in matches.value}
    return rules


def _column(place: Place) -> dict:
    place.only(*(each.name for each in fields(ColumnLayout)))
    column = {"column": place.text("column")}
    if place.has("role"):
        column["role"] = place.choice("role", (NUMBER, TEXT, SKIP))
    for name in ("field", "alias", "unit"):
        if name in place.value:
            column[name] = place.text(name, "")
    if "year" in place.value:
        column["year"] = place.whole("year", None)
    if "decimal" in place.value:
        column["decimal"] = place.choice("decimal", (",", "."), None)
    if place.has("scale"):
        column["scale"] = place.number("scale", positive=True)
    return column


def _sign(place: Place) -> dict:
    place.only("sign", "value", "reason")
    return {"sign": place.text("sign"), "value": place.number("value", None), "reason": place.text("reason", "")}


def _code(place: Place) -> float:
    if isinstance(place.value, bool) or not isinstance(place.value, (int, float)):
        place.fail(mark("a number is expected, found {value}."), value=place.value)
    return float(place.value)


def _choice(place: Place, choices) -> str:
    if place.value not in choices:
        place.fail(
            mark("{value} is not possible. Possible are: {choices}."), value=place.value, choices=", ".join(choices)
        )
    return place.value


def source_with(path: str, settings: TableSettings) -> TableSource:
    """The source of a file with what the settings say about reading it."""
    return replace(TableSource(path), **settings.source)


def make_request(table: RawTable, areas: Areas, settings: TableSettings, rules: JoinRules) -> JoinRequest:
    """A request with the guessed layout, changed as the settings say."""
    layout: TableLayout = guess_layout(table, areas).changed(settings.layout)
    merged = replace(rules, **settings.rules)
    return JoinRequest(
        table,
        layout,
        merged.repairs,
        {**rules.matches, **merged.matches},
        merged.duplicates,
        merged.years,
        merged.text_in_numbers,
    )
