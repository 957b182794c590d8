"""How far a project has come: what is done, what is missing, what is out of date."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from qgis.core import QgsMapLayer, QgsProject

from ..translation import tr

TODO, DONE, STALE = "todo", "done", "stale"


@dataclass(frozen=True)
class StepState:
    """State of one step and what stands below its heading."""

    state: str
    text: str


def states(project: QgsProject, changed: frozenset = frozenset()) -> dict[str, StepState]:
    """Return the state of every step by its name.

    Parameters
    ----------
    project : QgsProject
    changed : frozenset of str
        Ids of results whose input is known to have changed since (see `staleness`).
    """
    from ..bridge import project as roles

    areas = roles.layers_with_role(project, roles.AREAS)
    joined = roles.layers_with_role(project, roles.INDICATORS)
    indices = roles.layers_with_role(project, roles.INDEX)
    return {
        "areas": _areas(areas, joined or indices),
        "join": _joined(joined, changed),
        "compute": _computed(indices, joined, changed),
        "style": _styled(indices),
        "print": _printed(project, indices),
    }


def date_text(created: str) -> str:
    """Return the day of an ISO time stamp as it is written in the user's language, in local time."""
    from qgis.PyQt.QtCore import QDate, QLocale

    from ..translation import language

    try:
        day = datetime.fromisoformat(created).astimezone().date()
    except ValueError:
        return ""
    if language() == "de":
        return day.strftime("%d.%m.%Y")
    return QLocale("en").toString(QDate(day.year, day.month, day.day), "d MMM yyyy")


def _areas(areas: list, later: list) -> StepState:
    if areas:
        return StepState(DONE, tr("{n} areas", n=areas[0].featureCount()))
    if later:
        return StepState(DONE, tr("{count} areas in “{layer}”", layer=later[0].name(), count=later[0].featureCount()))
    return StepState(TODO, tr("Choose the layer with the areas."))


def _joined(joined: list, changed: frozenset) -> StepState:
    if not joined:
        return StepState(TODO, tr("No tables joined yet."))
    newest = joined[0]
    record = _record(newest)
    tables = [each.get("file") or each.get("name", "") for each in record.get("inputs", [])[1:]]
    text = ", ".join(filter(None, tables)) or newest.name()
    text = _dated(text, record)
    if newest.id() in changed:
        return StepState(STALE, tr("{what}. The areas or tables have changed since: join again.", what=text))
    return StepState(DONE, text)


def _computed(indices: list, joined: list, changed: frozenset) -> StepState:
    if not indices:
        return StepState(TODO, tr("No index computed yet."))
    newest = indices[0]
    record = _record(newest)
    title = record.get("title") or newest.name()
    if record.get("year") and str(record["year"]) not in title:
        title = f"{title} {record['year']}"
    text = _dated(title, record)
    if newest.id() in changed:
        return StepState(STALE, tr("{what}. The indicators have changed since: compute again.", what=text))
    if joined and str(_record(joined[0]).get("created", "")) > str(record.get("created", "")):
        return StepState(STALE, tr("{what}. Tables were joined again since: compute again.", what=text))
    return StepState(DONE, text)


def _styled(indices: list) -> StepState:
    from ..bridge.class_sets import stored_class_sets
    from ..bridge.class_style import SHOWN

    if indices:
        shown = str(indices[0].customProperty(SHOWN, "") or "")
        for each in stored_class_sets(indices[0]):
            if each.id == shown:
                return StepState(DONE, tr("The map shows “{title}”.", title=each.title))
    return StepState(TODO, tr("No classes shown yet."))


def _printed(project: QgsProject, indices: list) -> StepState:
    layouts = [layout for layout in project.layoutManager().printLayouts() if _is_own(layout)]
    if not layouts:
        return StepState(TODO, tr("No map printed yet."))
    names = ", ".join(sorted(layout.name() for layout in layouts))
    newest = {indices[0].id()} if indices else set()
    if newest and not any(newest & _layers_of(layout) for layout in layouts):
        return StepState(STALE, tr("{what}. The maps do not show the newest index: print again.", what=names))
    return StepState(DONE, names)


def _is_own(layout) -> bool:
    names = layout.customProperty("variableNames") or []
    names = [names] if isinstance(names, str) else names
    return any(str(name).startswith("teilhabe_") for name in names)


def _layers_of(layout) -> set[str]:
    from qgis.core import QgsLayoutItemMap

    found: set[str] = set()
    for item in layout.items():
        if isinstance(item, QgsLayoutItemMap):
            found |= {layer.id() for layer in item.layers()}
            if item.followVisibilityPreset():
                themes = layout.project().mapThemeCollection()
                found |= set(themes.mapThemeVisibleLayerIds(item.followVisibilityPresetName()))
    return found


def _record(layer: QgsMapLayer) -> dict:
    from ..bridge.project import provenance_of

    return provenance_of(layer)


def _dated(text: str, record: dict) -> str:
    day = date_text(str(record.get("created", "")))
    return f"{text} ({day})" if day else text
