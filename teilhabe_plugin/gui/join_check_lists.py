"""The lists of the tab “Check”: rows and areas by what becomes of them."""
from __future__ import annotations

from dataclasses import dataclass
from html import escape

from ..translation import render, tr, translate
from .join_numbers import count as number


@dataclass(frozen=True)
class Entry:
    """A line of a list.

    Attributes
    ----------
    row : int
        Row in the file, 0 for none.
    value, area, why : str
    open : bool
        The row has no area; one can be chosen by hand.
    suggested : str
        Key of an area with a near name.
    by_hand : bool
        The area was chosen by hand; the choice can be taken back.
    """

    row: int
    value: str
    area: str = ""
    why: str = ""
    open: bool = False
    suggested: str = ""
    by_hand: bool = False


@dataclass(frozen=True)
class Group:
    """A list with its title; a list of repairs can be accepted or not."""

    name: str
    title: str
    entries: tuple = ()
    attention: bool = False
    repair: str = ""
    accepted: bool = False

    @property
    def count(self) -> int:
        """Number of entries."""
        return len(self.entries)


def groups_of(analysis, choice, areas) -> list[Group]:
    """Return the lists that are not empty, those that need a decision first."""
    found = analysis.matching
    groups = _open_rows(found) + _repairs(found, choice) + _by_hand(found, choice, areas)
    report = analysis.report
    if report is not None:
        groups += [
            Group("areas", tr("Areas without row"), tuple(
                Entry(0, "", _area(area.key, area.name)) for area in report.areas_without_row), True),
            Group("duplicates", tr("Rows that stand more than once"), tuple(
                Entry(each.row, each.what, _area(each.key, each.name), render(each.outcome))
                for each in report.duplicates), True),
            Group("bad", tr("Text in number columns"), tuple(
                Entry(cell.row, cell.value, "", cell.column) for cell in report.bad_cells), True),
            Group("sums", tr("Sums of counts before and after"), tuple(_sum(each) for each in report.sums)),
            Group("renamed", tr("Fields with another name"), tuple(
                Entry(0, each.wanted, each.given, render(each.why)) for each in report.renamed), True),
        ]
    groups += [
        Group("names", tr("Keys that match, but bear another name"), tuple(
            Entry(each.row, f"{each.value} {each.name}".strip(), "", render(each.why)) for each in found.other_names)),
        Group("summary", tr("Summary rows and notes"), tuple(
            Entry(each.row, each.label, "", _summary_kind(each.kind)) for each in found.summary)),
        Group("empty", tr("Empty rows"), tuple(Entry(row, "") for row in found.empty)),
    ]
    return [group for group in groups if group.entries]


def summary_text(analysis) -> str:
    """Return in one line how many areas and rows find each other."""
    report, found = analysis.report, analysis.matching
    if report is None:
        return ""
    areas = report.areas_joined + len(report.areas_without_row)
    parts = [tr("{n} matched", n=number(report.matched))]
    for count, text in (
            (len(report.unmatched), tr("without area")), (report.duplicates_left_out, tr("doubled, left out")),
            (len(found.summary), tr("summary rows and notes")), (report.other_years, tr("of other years")),
            (len(found.empty), tr("empty"))):
        if count:
            parts.append(f"{text}: {number(count)}")
    first = tr("{n} of {all} areas matched", n=number(report.areas_joined), all=number(areas))
    second = tr("{n} rows: {parts}", n=number(report.rows), parts=", ".join(parts))
    beginning = "" if analysis.table.complete else tr("Only the first rows so far:") + " "
    return f"{escape(beginning)}<b>{escape(first)}</b> &nbsp;·&nbsp; {escape(second)}"


def _open_rows(found) -> list[Group]:
    offered = {repair.row for repair in found.offered}
    near = {each.row: each for each in found.suggestions}
    ambiguous = {reference.row for reference in found.ambiguous}
    lost, several = [], []
    for reference in found.unmatched:
        if reference.row in offered:
            continue
        suggestion = near.get(reference.row)
        area, key = "", ""
        if suggestion is not None:
            area, key = tr("take: {area}", area=_area(suggestion.key, suggestion.name)), suggestion.key
        value = reference.value or reference.name
        why = render(reference.why)
        if reference.value and reference.name:
            why = f"{reference.name}: {why}"
        entry = Entry(reference.row, value, area, why, open=bool(value), suggested=key)
        (several if reference.row in ambiguous else lost).append(entry)
    return [Group("ambiguous", tr("Rows that fit several areas"), tuple(several), True),
            Group("lost", tr("Rows without area"), tuple(lost), True)]


def _repairs(found, choice) -> list[Group]:
    from ..bridge.join_report_html import REPAIR_TITLES
    from ..core.area_keys import REPAIR_KINDS, SAFE_REPAIRS

    accepted = SAFE_REPAIRS if choice.repairs is None else choice.repairs
    groups = []
    for kind in REPAIR_KINDS:
        repairs = sorted(each for each in (*found.repairs, *found.offered) if kind in each.kinds)
        if not repairs:
            continue
        examples = ", ".join(f"{_visible(value)} → {key}" for value, key in list(
            dict.fromkeys((each.value, each.key) for each in repairs))[:2])
        title = tr("Use repair: {kind} – {examples}", kind=translate(REPAIR_TITLES[kind]), examples=examples)
        entries = tuple(Entry(each.row, _visible(each.value), _area(each.key, each.name),
                              "" if len(each.kinds) < 2 else ", ".join(
                                  translate(REPAIR_TITLES[name]) for name in each.kinds)) for each in repairs)
        groups.append(Group(f"repair_{kind}", title, entries, attention=kind not in accepted, repair=kind,
                            accepted=kind in accepted))
    return sorted(groups, key=lambda group: group.accepted)


def _by_hand(found, choice, areas) -> list[Group]:
    from ..core.area_keys import BY_HAND

    rows = {repair.value.strip(): repair.row for repair in found.repairs if BY_HAND in repair.kinds}
    rows.update({entry.label: entry.row for entry in found.summary if entry.kind == "set_aside"})
    entries = []
    for value, key in choice.matches.items():
        if value.strip() not in rows:
            continue  # stems from an earlier edition
        area = tr("set aside")
        if key:
            position = int(areas.index.get_indexer([key])[0]) if areas is not None else -1
            area = _area(key, areas.name_at(position)) if position >= 0 else key
        entries.append(Entry(rows[value.strip()], value, area, tr("decided by hand"), by_hand=True))
    return [Group("hand", tr("Decided by hand"), tuple(entries))]


def _sum(each) -> Entry:
    why = tr("{before} in the table, {after} in the result", before=number(each.before), after=number(each.after))
    if each.total is not None:
        why += ", " + tr("{total} in its row of totals", total=number(each.total))
    return Entry(each.total_row, each.column, each.field, why)


def _summary_kind(kind: str) -> str:
    from ..bridge.join_report_html import SUMMARY_TITLES

    return translate(SUMMARY_TITLES[kind])


def _area(key: str, name: str) -> str:
    return f"{key}  {name}".strip()


def _visible(value: str) -> str:
    """Show blanks at the ends of a value."""
    return tr("“{value}”", value=value) if value != value.strip() else value
