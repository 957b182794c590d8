"""What the columns of a table mean: shown to the user, changed by the user, used by the join."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace

from .messages import Message, TeilhabeError, mark
from .signs import SignReading

NUMBER, TEXT, SKIP = "number", "text", "skip"
WIDE, LONG = "wide", "long"
ALL_YEARS, LATEST_YEAR = "all", "latest"


@dataclass(frozen=True)
class ColumnLayout:
    """How one column goes into the result.

    Attributes
    ----------
    column : str
        Heading in the table.
    role : str
        ``"number"``, ``"text"`` or ``"skip"``.
    field : str
        Field name in the result, without year.
    alias, unit : str
    year : int, optional
    decimal : str, optional
        Decimal sign, None to find it.
    scale : float
        Factor for every value: 100 where a workbook shows 0.123 as 12.3 %.
    """

    column: str
    role: str = NUMBER
    field: str = ""
    alias: str = ""
    unit: str = ""
    year: int | None = None
    decimal: str | None = None
    scale: float = 1.0

    @property
    def name(self) -> str:
        """Field name with the year, where one is known."""
        return f"{self.field}_{self.year}" if self.year else self.field


@dataclass(frozen=True)
class TableLayout:
    """The roles of all columns.

    Attributes
    ----------
    kind : str
        ``"wide"`` (one row per area) or ``"long"`` (one row per area, indicator and year).
    key_column : str
        Column with the area keys, "" when none was found.
    name_column, district_column : str
        Columns with area names and with the district; they help where a key does not match.
    columns : tuple of ColumnLayout
        Value columns of a wide table; of a long table without indicator column, too.
    indicator_column, year_column, unit_column : str
        Of a long table.
    value_column, numerator_column, denominator_column : str
        Of a long table with indicator column: a value, or a share of two counts, or both.
    factor : float, optional
        Factor of the quotient for all indicators; None takes `factors`.
    factors : tuple of (str, float)
        Indicator and its factor: 1,000 where it says "je 1.000", 1 for a mean (the numerator can be larger than the
        denominator, or the indicator is called an index), otherwise 100 for a share in percent.
    signs : tuple of SignReading
        Readings that differ from the default.
    codes : tuple of float
        Numbers that stand for "missing".
    notes : tuple of Message
        What the guess rests on.
    """

    kind: str = WIDE
    key_column: str = ""
    name_column: str = ""
    district_column: str = ""
    columns: tuple[ColumnLayout, ...] = ()
    indicator_column: str = ""
    year_column: str = ""
    unit_column: str = ""
    value_column: str = ""
    numerator_column: str = ""
    denominator_column: str = ""
    factor: float | None = None
    factors: tuple[tuple[str, float], ...] = ()
    signs: tuple[SignReading, ...] = ()
    codes: tuple[float, ...] = ()
    notes: tuple[Message, ...] = ()

    def to_dict(self) -> dict:
        """Plain dict for JSON; notes are left out."""
        return asdict(replace(self, notes=()))

    def changed(self, changes: dict) -> TableLayout:
        """This layout with the user's changes, as they stand in the JSON settings.

        Entries of ``columns`` are matched by heading and replace only what they name; columns that are not named keep
        their guess.

        Raises
        ------
        TeilhabeError
            When a change names something that is not there.
        """
        known = {field.name for field in fields(self)} - {"columns", "signs", "codes", "factors", "notes"}
        values = {name: changes[name] for name in known if name in changes}
        if "codes" in changes:
            values["codes"] = tuple(float(code) for code in changes["codes"])
        if "factors" in changes:
            values["factors"] = tuple({**dict(self.factors), **changes["factors"]}.items())
        if "signs" in changes:
            values["signs"] = tuple(SignReading(**sign) for sign in changes["signs"])
        if "columns" in changes:
            values["columns"] = self._changed_columns(changes["columns"])
        layout = replace(self, **values)
        if layout.kind not in (WIDE, LONG):
            raise TeilhabeError(mark("The layout “{kind}” is not known. Possible are wide and long."), kind=layout.kind)
        return layout

    def _changed_columns(self, changes):
        columns = {column.column: column for column in self.columns}
        names = {field.name for field in fields(ColumnLayout)}
        for change in changes:
            heading = change.get("column", "")
            wrong = set(change) - names
            if wrong:
                raise TeilhabeError(
                    mark("Column “{column}”: the setting “{name}” is not known."), column=heading, name=sorted(wrong)[0]
                )
            if change.get("role", NUMBER) not in (NUMBER, TEXT, SKIP):
                raise TeilhabeError(
                    mark("Column “{column}”: the role “{role}” is not known. Possible are number, text and skip."),
                    column=heading,
                    role=change["role"],
                )
            columns[heading] = replace(columns.get(heading) or ColumnLayout(heading, field=heading), **change)
        return tuple(columns.values())

    def check(self, table) -> None:
        """Refuse a layout that does not fit the table."""
        if not self.key_column:
            raise TeilhabeError(
                mark(
                    "{table}: no column holds the keys or names of the areas. Choose the key column; the columns are: "
                    "{columns}."
                ),
                table=table.title,
                columns=", ".join(table.columns[:8]) + (" …" if len(table.columns) > 8 else ""),
            )
        used = [self.key_column, self.name_column, self.district_column]
        used += [column.column for column in self.columns if column.role != SKIP]
        if self.kind == LONG:
            used += [
                self.indicator_column,
                self.year_column,
                self.unit_column,
                self.value_column,
                self.numerator_column,
                self.denominator_column,
            ]
        for name in used:
            if name and name not in table.columns:
                raise TeilhabeError(
                    mark("{table} has no column “{column}”. The columns are: {columns}."),
                    table=table.title,
                    column=name,
                    columns=", ".join(table.columns),
                )
        if self.kind == LONG and self.indicator_column:
            if bool(self.numerator_column) != bool(self.denominator_column):
                raise TeilhabeError(
                    mark("{table}: numerator and denominator belong together; one of the two columns is not chosen."),
                    table=table.title,
                )
            if not self.value_column and not self.numerator_column:
                raise TeilhabeError(
                    mark("{table}: choose the column with the values, or numerator and denominator."), table=table.title
                )


def choose_years(wanted: str, available) -> set:
    """The years that the user wants.

    Parameters
    ----------
    wanted : str
        ``"all"``, ``"latest"``, or years and ranges such as ``"2020, 2023-2025"``.
    available : iterable of int
        Years of one indicator.

    Raises
    ------
    TeilhabeError
        When `wanted` cannot be read.
    """
    available = set(available)
    text = (wanted or ALL_YEARS).strip().lower()
    if text in (ALL_YEARS, "alle", ""):
        return available
    if text in (LATEST_YEAR, "letztes", "neuestes"):
        return {max(available)} if available else set()
    years = set()
    for part in text.replace(";", ",").split(","):
        ends = [end.strip() for end in part.replace("–", "-").split("-")]
        if not all(len(end) == 4 and end.isascii() and end.isdigit() for end in ends) or len(ends) > 2:
            raise TeilhabeError(
                mark("Years “{years}” cannot be read. Write all, latest, or years such as 2020, 2023-2025."),
                years=wanted,
            )
        years.update(range(int(ends[0]), int(ends[-1]) + 1))
    return available & years
