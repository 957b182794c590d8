"""A layout as PDF (vectors and text) and PNG, written beside and renamed into place."""
from __future__ import annotations

import os
import shutil
import stat
from contextlib import contextmanager
from pathlib import Path

from qgis.core import Qgis, QgsLayoutExporter, QgsPrintLayout

from ..core.messages import TeilhabeError, mark
from ..core.replacing import replacing
from .map_texts import PREFIX

DPI = 300
#: how a whole PDF and a whole PNG end, within so many bytes
_ENDS, _TAIL = (b"%%EOF", b"IEND\xaeB`\x82"), 64


def export(layout: QgsPrintLayout, path_pdf: str = "", path_png: str = "", dpi: int = DPI) -> list[str]:
    """Write a layout as PDF and as PNG.

    Must run on the main thread.

    Parameters
    ----------
    layout : QgsPrintLayout
    path_pdf, path_png : str
        "" leaves the format out.
    dpi : int
        Resolution of the PNG; in the PDF it only rounds coordinates.

    Returns
    -------
    list of str
        The files written.

    Raises
    ------
    TeilhabeError
        When a file cannot be written; an earlier file of the same name is then still there.
    """
    written = []
    check_files(path_pdf, path_png)
    layout.refresh()
    for path, write in ((path_pdf, _write_pdf), (path_png, _write_png)):
        if not path:
            continue
        target = Path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        with replacing(target) as part:
            with _title_of(layout):
                result = write(QgsLayoutExporter(layout), str(part), dpi)
            if result != QgsLayoutExporter.Success or not os.path.isfile(part):
                raise TeilhabeError(_fault(result), file=str(target))
            _check_whole(part, target)
        written.append(str(target))
    return written


def check_files(*paths: str) -> None:
    """Refuse files that cannot be written, before a map is made.

    Raises
    ------
    TeilhabeError
        For a folder, a write-protected file, and one file for two formats.
    """
    chosen = [os.path.realpath(path) for path in paths if path]
    for path in chosen:
        if os.path.exists(path) and not os.path.isfile(path):
            raise TeilhabeError(mark("{file} is a folder. Choose a file name."), file=path)
        if os.path.exists(path) and not os.stat(path).st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
            raise TeilhabeError(
                mark("{file} is write-protected. Choose another file or lift the protection."), file=path
            )
        if chosen.count(path) > 1:
            raise TeilhabeError(mark("{file} is chosen for the PDF and for the PNG. Choose two files."), file=path)


def _write_pdf(exporter: QgsLayoutExporter, path: str, dpi: int):
    settings = QgsLayoutExporter.PdfExportSettings()
    settings.dpi = dpi
    settings.forceVectorOutput = True
    settings.rasterizeWholeImage = False
    settings.exportMetadata = True
    settings.appendGeoreference = False
    settings.textRenderFormat = Qgis.TextRenderFormat.AlwaysText
    return exporter.exportToPdf(path, settings)


def _write_png(exporter: QgsLayoutExporter, path: str, dpi: int):
    settings = QgsLayoutExporter.ImageExportSettings()
    settings.dpi = dpi
    settings.generateWorldFile = False
    settings.exportMetadata = False  # GDAL cannot add any to a PNG
    return exporter.exportToImage(path, settings)


def _check_whole(part: Path, target: Path) -> None:
    """Refuse a file that ends too early: on a full drive Qt says nothing."""
    with open(part, "rb") as stream:
        stream.seek(max(0, part.stat().st_size - _TAIL))
        tail = stream.read()
    if not any(end in tail for end in _ENDS):
        raise TeilhabeError(
            mark("There is not enough room for {file}: {free} MB are free on this drive. Nothing was changed; make "
                 "room or choose another folder."),
            file=str(target), free=shutil.disk_usage(target.parent).free // 2**20,
        )


@contextmanager
def _title_of(layout: QgsPrintLayout):
    """Let the file carry the map's title: QGIS writes the project's metadata into it."""
    project = layout.project()
    before, was_dirty = project.metadata(), project.isDirty()
    metadata = project.metadata()
    metadata.setTitle(_title(layout) or layout.name())
    project.setMetadata(metadata)
    try:
        yield
    finally:
        project.setMetadata(before)
        project.setDirty(was_dirty)


def _title(layout: QgsPrintLayout) -> str:
    return layout.createExpressionContext().variable(f"{PREFIX}title") or ""


def _fault(result) -> str:
    if result == QgsLayoutExporter.MemoryError:
        return mark("There is not enough memory for {file}. Choose a lower resolution.")
    return mark("{file} could not be written. Is it open in another program, or is the folder write-protected?")
