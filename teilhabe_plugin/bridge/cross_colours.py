"""Colours of the classes of a cross: one way for the rows, another for the columns, as in “Status and dynamics”."""
from __future__ import annotations

from qgis.PyQt.QtGui import QColor

from .class_colours import colour_table

#: rows and columns of the palette
_SIZE = (4, 3)


def cross_colours(rows: int, columns: int) -> list[list[str]]:
    """Return colours for so many rows and columns, the favourable ends first.

    Down the rows the colours get darker; across the columns they go from blue over grey to brown. With 4 × 3 they are
    those of the palette itself, else the steps between them.
    """
    palette = [each["color"] for each in colour_table()["palettes"]["status_dynamik"]["classes"]]
    grid = [palette[row * _SIZE[1]:(row + 1) * _SIZE[1]] for row in range(_SIZE[0])]
    return [[_between(grid, _place(row, rows, _SIZE[0]), _place(column, columns, _SIZE[1]))
             for column in range(columns)] for row in range(rows)]


def _place(position: int, count: int, size: int) -> float:
    return (size - 1) * (position / (count - 1) if count > 1 else 0.5)


def _between(grid: list[list[str]], row: float, column: float) -> str:
    total = [0.0, 0.0, 0.0]
    for i in {int(row), min(int(row) + 1, len(grid) - 1)}:
        for j in {int(column), min(int(column) + 1, len(grid[0]) - 1)}:
            weight = max(1 - abs(row - i), 0) * max(1 - abs(column - j), 0)
            total = [a + weight * b for a, b in zip(total, QColor(grid[i][j]).getRgb()[:3])]
    return "#" + "".join(f"{round(each):02x}" for each in total)
