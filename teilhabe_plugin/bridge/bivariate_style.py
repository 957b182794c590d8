"""Need × supply as nine fields: fixed colours, the classes of a layer, and the legend as a square."""
from __future__ import annotations

from pathlib import Path

from qgis.core import QgsVectorLayer
from qgis.PyQt.QtCore import QSize, Qt
from qgis.PyQt.QtGui import QImage, QPainter
from qgis.PyQt.QtSvg import QSvgRenderer

from ..core.classes import ClassDef, ClassSet
from ..core.messages import TeilhabeError, mark
from ..core.replacing import replacing
from ..core.supply.need_supply import HIGH, LOW, MIDDLE, title
from ..translation import render, tr
from .class_colours import ink_on
from .class_style import class_style
from .svg_charts import INK, QUIET, svg, text_at

#: id of the class set, and its columns
FIELD, FIELD_NAME = "feld", "feld_name"
CLASS_SET, SUPPLY_SET = "bedarf_versorgung", "versorgung"
#: Colours by (need, supply). The hue tells supply: brown little, grey medium, blue much; the darkness tells need. The
#: lightness falls from field to field, so that grey print keeps the order in which areas are to be looked at.
COLOURS = {
    (HIGH, LOW): "#732112", (HIGH, MIDDLE): "#61535e", (HIGH, HIGH): "#2f80af",
    (MIDDLE, LOW): "#c47a43", (MIDDLE, MIDDLE): "#aaa0a9", (MIDDLE, HIGH): "#8bc4e9",
    (LOW, LOW): "#ebc38b", (LOW, MIDDLE): "#dfdade", (LOW, HIGH): "#d9f0fd",
}
#: colours of the levels of supply where no need is known
SUPPLY_COLOURS = {LOW: "#732112", MIDDLE: "#c47a43", HIGH: "#ebc38b"}
#: pixels per unit of the legend as PNG
_SCALE = 4


def field_number(need: int, supply: int) -> int:
    """Return the number of a field: 1 for high need and low supply … 9 for low need and high supply."""
    return 3 * (HIGH - need) + supply + 1


def field_classes() -> ClassSet:
    """Return the nine fields as classes, the first to look at first."""
    classes = tuple(
        ClassDef(field_number(need, supply), render(title(need, supply)), COLOURS[need, supply])
        for need in (HIGH, MIDDLE, LOW) for supply in (LOW, MIDDLE, HIGH))
    return ClassSet(CLASS_SET, tr("Need and supply"), FIELD, FIELD_NAME, "", classes, "first")


def supply_classes(bounds: tuple[float, float], unit: str) -> ClassSet:
    """Return the levels of supply as classes, for where no need is known."""
    edges = [None, *(bound if abs(bound) != float("inf") else None for bound in bounds), None]
    classes = tuple(ClassDef(level + 1, render(title(-1, level)), SUPPLY_COLOURS[level], edges[level], edges[level + 1])
                    for level in (LOW, MIDDLE, HIGH))
    return ClassSet(SUPPLY_SET, tr("Supply"), FIELD, FIELD_NAME, "versorgungsgrad", classes, "first", unit)


def bivariate_style(layer: QgsVectorLayer, class_set: ClassSet) -> None:
    """Give a layer with the column `FIELD` the colours of its fields and a legend with the number of areas."""
    class_style(layer, class_set)


def legend_svg(counts: dict[int, int] | None = None, columns: tuple[str, str, str] = ("", "", ""),
               rows: tuple[str, str, str] = ("", "", "")) -> str:
    """Return the legend as a square of nine fields.

    Parameters
    ----------
    counts : dict, optional
        Number of areas by number of the field, written into the fields.
    columns, rows : (str, str, str)
        What stands below low, medium and high supply, and below low, medium and high need, such as bounds and classes.
    """
    size, left, top = 62, 120, 34
    parts = [text_at(left, 18, f"{tr('Supply')} →", size=13, weight=600)]
    names = (tr("low"), tr("medium"), tr("high"))
    supply_names = (tr("low"), tr("medium"), tr("good"))
    for column in (LOW, MIDDLE, HIGH):
        for row, need in enumerate((HIGH, MIDDLE, LOW)):
            colour = COLOURS[need, column]
            x, y = left + column * size, top + row * size
            parts.append(f'<rect x="{x}" y="{y}" width="{size}" height="{size}" fill="{colour}" stroke="#ffffff" '
                         f'stroke-width="1.5"/>')
            if counts is not None:
                number = counts.get(field_number(need, column), 0)
                parts.append(text_at(x + size / 2, y + size / 2 + 5, str(number), size=14, anchor="middle",
                                     colour=ink_on(colour)))
        centre = left + (column + 0.5) * size
        parts.append(text_at(centre, top + 3 * size + 16, supply_names[column], anchor="middle"))
        parts.append(text_at(centre, top + 3 * size + 30, columns[column], size=10, anchor="middle", colour=QUIET))
    for row, need in enumerate((HIGH, MIDDLE, LOW)):
        middle = top + (row + 0.5) * size
        parts.append(text_at(left - 8, middle + (0 if rows[need] else 4), names[need], anchor="end"))
        parts.append(text_at(left - 8, middle + 14, rows[need], size=10, anchor="end", colour=QUIET))
    parts.append(f'<g transform="rotate(-90 16 {top + 3 * size})">'
                 + text_at(16, top + 3 * size + 4, f"{tr('Need')} →", size=13, weight=600, colour=INK) + "</g>")
    return svg(left + 3 * size + 16, top + 3 * size + 40, tr("Need and supply"), parts)


def write_legend(path: str, content: str) -> None:
    """Write the legend as SVG or, by the file's ending, as PNG.

    Raises
    ------
    TeilhabeError
        When the picture cannot be written.
    """
    folder = Path(path).absolute().parent
    if not folder.is_dir():
        raise TeilhabeError(mark("The folder {folder} does not exist. Create it or choose another one."),
                            folder=str(folder))
    with replacing(path) as waiting:
        if Path(path).suffix.lower() == ".png":
            drawing = QSvgRenderer(content.encode())
            image = QImage(drawing.defaultSize() * _SCALE if drawing.isValid() else QSize(1, 1),
                           QImage.Format.Format_ARGB32)
            image.fill(Qt.GlobalColor.white)
            painter = QPainter(image)
            drawing.render(painter)
            painter.end()
            if not image.save(str(waiting), "PNG"):
                raise TeilhabeError(mark("The picture {file} cannot be written. Choose another place."), file=path)
        else:
            waiting.write_text(content, encoding="utf-8")
