"""Small areas and tables for the tests of reading and joining."""

import numpy as np
import pandas as pd

from teilhabe_plugin.core.area_keys import Areas
from teilhabe_plugin.core.header_rows import grid_to_table
from teilhabe_plugin.core.table_source import TableSource

KEYS = ["01100101", "01100102", "02200201", "02200202", "04300414", "06100102"]
NAMES = ["Stülerstraße", "Großer Tiergarten", "Am Bach", "Neue Mühle", "Schloßstraße", "Schloßstraße"]
DISTRICTS = ["Mitte", "Mitte", "Kreuzberg", "Kreuzberg", "Charlottenburg", "Steglitz"]


def six_areas(**changes):
    """Six areas in four districts; two bear one name."""
    frame = pd.DataFrame({"KEY": KEYS, "NAME": NAMES, "BEZIRK": DISTRICTS})
    for name, values in changes.items():
        frame[name] = values
    return Areas.from_frame(frame, "KEY", "NAME")


def table(rows, areas=None, path="tabelle.csv", **source):
    """A table from rows as they would stand in a file, the header first."""
    areas = areas if areas is not None else six_areas()
    return grid_to_table(rows, list(range(1, len(rows) + 1)), TableSource(path, **source), areas.texts)


def floats(values):
    """Plain list with None for NaN."""
    return [None if np.isnan(value) else value for value in values]
