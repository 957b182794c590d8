"""Catalogue files: JSON and Excel read and written, the plugin's own found by name."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Callable

from .. import paths
from ..core.catalogue import Catalogue, Change
from ..core.catalogue_reading import load_catalogue
from ..core.catalogue_workbook import write_workbook
from ..core.catalogue_workbook_reading import read_workbook
from ..core.messages import Message, TeilhabeError, mark
from ..core.replacing import replacing
from ..translation import language

LANGUAGES = ("de", "en")


def catalogue_from(name: str) -> Catalogue:
    """Return the catalogue of a file, or of the plugin's own when only its name is given."""
    if not name:
        raise TeilhabeError(mark("No catalogue is chosen."))
    own = paths.resource("catalogues", name if name.endswith(".json") else f"{name}.json")
    if Path(name).name == name and not Path(name).exists() and own.exists():
        return load_catalogue(own)
    return load_catalogue(name)


def workbook_words(which: str) -> dict:
    """Return sheets, headings and values of the workbook in a language."""
    return json.loads(paths.resource("catalogue_workbook", f"{which}.json").read_text(encoding="utf-8"))


def method_phrases(which: str) -> dict:
    """Return the phrases of the method text in a language."""
    return json.loads(paths.resource("method_text", f"{which}.json").read_text(encoding="utf-8"))


def import_workbook(path: str) -> Catalogue:
    """Return the catalogue that a workbook holds, in whatever language its headings are."""
    if not Path(path).is_file():
        raise TeilhabeError(mark("The workbook {file} does not exist."), file=path)
    return read_workbook(path, {which: workbook_words(which) for which in LANGUAGES}, path)


def export_workbook(catalogue: Catalogue, path: str) -> None:
    """Write the workbook with headings in the catalogue's language."""
    write_beside(path, lambda part: write_workbook(catalogue, part, workbook_words(catalogue.language)))


def save_catalogue(catalogue: Catalogue, path: str) -> None:
    """Write the catalogue as JSON."""
    write_beside(path, lambda part: part.write_text(catalogue.to_json(), encoding="utf-8"))


def write_beside(path: str, write: Callable[[Path], object]) -> None:
    """Let a file be written beside its target and put it into place; a failure leaves an earlier file as it was."""
    target = Path(path)
    if not target.absolute().parent.is_dir():
        raise TeilhabeError(mark("The folder {folder} does not exist."), folder=str(target.absolute().parent))
    with replacing(target) as part:
        write(part)


def described(change: Change) -> Message:
    """Return a change with the field's heading and its values in the user's language."""
    words = workbook_words(language())
    fields = {**words["catalogue"], "dimensions": words["headings"]["dimensions"],
              **{name: heading for name, (heading, _) in words["indicators"].items()}}
    values = words["values"].get(change.field, {})
    return Change(change.kind, change.number, change.name, fields.get(change.field, change.field),
                  values.get(change.before, change.before), values.get(change.after, change.after)).message()
