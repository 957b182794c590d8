"""The tables of a gap analysis as an Excel workbook: areas by rank, gaps, how it was computed."""
from __future__ import annotations

from ..translation import render, tr
from .gap_output import GapResult, area_frame, gap_frame
from .gap_report import settings_in_words
from .supply_workbook import save_sheets


def write_workbook(path: str, result: GapResult) -> None:
    """Write the workbook."""
    areas, area_specs = area_frame(result)
    areas = areas.sort_values(["rang", area_specs[0].name], na_position="last").reset_index(drop=True)
    gaps, gap_specs = gap_frame(result)
    save_sheets(path, [(tr("Need and supply"), areas, area_specs), (tr("Coverage gaps"), gaps, gap_specs)],
                [*settings_in_words(result), *(render(note) for note in result.notes)])
