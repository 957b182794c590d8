"""Joining a table to areas, against pandas alone."""
from __future__ import annotations

import os
import tempfile

import numpy as np
import pandas as pd

from teilhabe_plugin.core.area_keys import Areas
from teilhabe_plugin.core.joining import JoinRequest, join_tables
from teilhabe_plugin.core.layout_guess import guess_layout
from teilhabe_plugin.core.table_reading import read_table
from teilhabe_plugin.core.table_source import RawTable, TableSource
from tests.bench.invented import indicator_frame
from tests.bench.yardstick import SEED, compare


def comparisons(rows: int, runs: int, columns: int = 50) -> list:
    table = indicator_frame(rows, columns).sample(frac=1, random_state=SEED).reset_index(drop=True)
    layer = pd.DataFrame({"key": [f"{number:08d}" for number in range(rows)]})
    areas = Areas.from_frame(layer, "key")
    raw = RawTable(tuple(table.columns), table, np.arange(2, rows + 2), TableSource("table"))
    layout = guess_layout(raw, areas)
    size = f"{rows:,} × {columns}"

    def join_ours():
        return join_tables(areas, [JoinRequest(raw, layout)])

    def join_pandas():
        return layer.merge(table, on="key", how="left")

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "table.csv")
        table.to_csv(path, sep=";", decimal=",", index=False)

        def file_ours():
            read = read_table(path, areas.texts)
            return join_tables(areas, [JoinRequest(read, guess_layout(read, areas))])

        def file_pandas():
            return layer.merge(pd.read_csv(path, sep=";", decimal=",", dtype={"key": str}), on="key", how="left")

        _check(join_ours().frame, join_pandas())
        return [
            compare(f"join of {size}, with report", "pandas merge", join_ours, join_pandas, runs),
            compare(f"CSV file of {size}: read, guess, join", "pandas read_csv told all, merge",
                    file_ours, file_pandas, min(runs, 3)),
        ]


def _check(ours: pd.DataFrame, rival: pd.DataFrame) -> None:
    """A fast wrong answer does not count."""
    if not np.array_equal(ours[rival.columns[1:]].to_numpy(float), rival.iloc[:, 1:].to_numpy(float), equal_nan=True):
        raise RuntimeError("the joins differ")
