"""From the record of a result layer to what the work list needs: rows, registers, former names, decisions, areas."""
from __future__ import annotations

from dataclasses import fields
from typing import Callable

from qgis.core import QgsCoordinateReferenceSystem, QgsProject, QgsVectorLayer

from .work_list_rows import WorkRow

HAND, ONLINE = "hand", "online"


def columns_of(kept: dict, frame):
    """Return the columns of the addresses: as recorded, else as they look."""
    from ..core.addresses.address_columns import AddressColumns, guess_address_columns

    known = kept.get("columns")
    if isinstance(known, dict):
        names = {field.name for field in fields(AddressColumns)}
        return AddressColumns(**{name: value for name, value in known.items()
                                 if name in names and value in frame.columns})
    return guess_address_columns(frame)


def match_settings(kept: dict):
    """Return how the list was matched."""
    from ..core.addresses.matching import MatchSettings

    known = kept.get("settings")
    names = {field.name for field in fields(MatchSettings)}
    return MatchSettings(**{name: value for name, value in (known if isinstance(known, dict) else {}).items()
                            if name in names})


def work_rows(offers, columns, first: int = 1) -> list[WorkRow]:
    """Return the rows of a result layer.

    Parameters
    ----------
    offers : bridge.decided_rows.OfferRows
    columns : AddressColumns
    first : int
        Number of the first row in the list, as its user counts.
    """
    from ..core.addresses.decisions import decision_keys
    from ..core.addresses.work_list import given_addresses

    frame = offers.list_part()
    keys, given = decision_keys(frame, columns), given_addresses(frame, columns)
    names = [_text(value) for value in frame[columns.name]] if columns.name else [""] * len(frame)
    own = {name: [_text(value) for value in offers.column(name)]
           for name in ("adr_guete", "adr_hinweis", "adr_gefunden", "adr_herkunft")}
    grades = [int(value) if value == value and value is not None else 7 for value in offers.column("adr_stufe")]
    rows = []
    for i, fid in enumerate(offers.frame.index.tolist()):
        row = WorkRow(int(fid), first + i, str(keys[i]), names[i], given[i], grades[i], own["adr_guete"][i],
                      own["adr_hinweis"][i], own["adr_gefunden"][i], own["adr_herkunft"][i] == HAND,
                      own["adr_herkunft"][i] == ONLINE)
        row.needed = row.by_hand or not row.is_settled
        rows.append(row)
    return rows


def first_row(kept: dict) -> int:
    """Return the number of the first row below the header of the list, 1 where it is no file."""
    source = kept.get("list")
    if not isinstance(source, dict) or not source.get("header_row"):
        return 1
    return int(source["header_row"]) + int(source.get("header_lines") or 1)


def take_values(row: WorkRow, values: dict) -> None:
    """Bring a row up to what the layer holds now."""
    row.grade = int(values["adr_stufe"] or 7)
    row.grade_text, row.reason = _text(values["adr_guete"]), _text(values["adr_hinweis"])
    row.found = _text(values["adr_gefunden"])
    row.by_hand, row.online = values["adr_herkunft"] == HAND, values["adr_herkunft"] == ONLINE
    row.needed = row.needed or row.by_hand or not row.is_settled


def prepare_sources(kept: dict, decisions_path: str, crs: QgsCoordinateReferenceSystem) -> Callable:
    """Return the work that reads everything else; what belongs to the main thread is taken here.

    Parameters
    ----------
    kept : dict
        `bridge.geocode_output.settings_of`.
    decisions_path : str
    crs : QgsCoordinateReferenceSystem
        Reference system of the result.
    """
    from ..bridge.registers import open_registers
    from ..bridge.snapshot import snapshot
    from ..core.messages import TeilhabeError, mark

    sources = register_sources(kept)
    if not sources:
        raise TeilhabeError(mark("The layer does not say which address registers it was located with, and the project "
                                 "knows none. Locate the list again."))
    area_layer = QgsProject.instance().mapLayer(str(kept.get("areas") or ""))
    areas = snapshot(area_layer) if isinstance(area_layer, QgsVectorLayer) else None
    area_key = str(kept.get("area_key") or "")
    layers = [QgsProject.instance().mapLayer(source.layer_id) for source in sources if source.is_layer]
    copies = {layer.id(): snapshot(layer) for layer in layers if isinstance(layer, QgsVectorLayer)}

    def work(_cancelled):
        from .work_list_session import Sources

        registers = open_registers(sources, areas if area_key else None, area_key, None, layers=copies)
        return Sources(registers, read_synonym_file(kept.get("synonyms")), read_decisions_or_none(decisions_path),
                       _area_places(areas, area_key, crs))

    return work


def register_sources(kept: dict) -> list:
    """Return the registers named in the record, else those of the project."""
    from ..bridge.project_registers import project_registers
    from ..core.addresses.register_source import RegisterSource

    known = [RegisterSource.from_dict(each) for each in kept.get("registers") or () if isinstance(each, dict)]
    return known or list(project_registers(QgsProject.instance()))


def read_synonym_file(path):
    """Return the former street names of a file, none where there is no file."""
    from ..bridge.table_sources import read_file
    from ..core.addresses.synonyms import NO_SYNONYMS, read_synonyms

    return read_synonyms(read_file(path).cells) if path and isinstance(path, str) else NO_SYNONYMS


def read_decisions_or_none(path: str):
    """Return the decisions of a file, none where no file is chosen."""
    from ..core.addresses.decisions import NO_DECISIONS, read_decisions

    return read_decisions(path) if path else NO_DECISIONS


def _area_places(layer, key: str, crs):
    from qgis.core import QgsProcessingFeedback

    from ..bridge.geocode_places import read_area_places

    if layer is None or not key or layer.crs() != crs:
        return None
    return read_area_places(layer, key, QgsProcessingFeedback(False))


def _text(value) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
