"""Recipe files: read with their faults in words, written beside and put into place, those used last."""
from __future__ import annotations

import json
import os
from pathlib import Path

from qgis.core import QgsSettings

from ....bridge.catalogue_files import write_beside
from ....core.catalogue_reading import FORMAT as CATALOGUE_FORMAT
from ....core.messages import TeilhabeError, mark
from ....core.recipe_editing import text_of
from ....core.recipe_reading import read_recipe
from ....processing.compute_index import recipe_path, shipped_recipes

RECENT = "teilhabe/workshop/recent_files"
FOLDER = "teilhabe/workshop/folder"
MOST_RECENT = 8


def text_on_disk(path: Path) -> str:
    """Return a file's text.

    Raises
    ------
    TeilhabeError, OSError
        When there is none or it is not stored as UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise TeilhabeError(
            mark("{file} is not stored as UTF-8 text. Save the recipe as UTF-8."), file=path) from error
    except FileNotFoundError as error:
        raise TeilhabeError(mark("The recipe {file} does not exist."), file=path) from error


def read_document(path: Path) -> dict:
    """Return the recipe of a file as its JSON values, checked."""
    text = text_on_disk(path)
    read_recipe(text, str(path))
    return json.loads(text)


def document_on_disk(path: Path) -> dict | None:
    """Return what a file holds now as JSON values; None where there is no file or nothing that can be read."""
    try:
        found = json.loads(text_on_disk(path))
    except (TeilhabeError, OSError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def write_document(path: Path, document: dict) -> None:
    """Write a recipe; a failure leaves an earlier file as it was.

    Raises
    ------
    TeilhabeError, OSError
        When it cannot be written; a catalogue never gives way to a recipe.
    """
    path = path.resolve()
    found = document_on_disk(path)
    if found is not None and found.get("format") == CATALOGUE_FORMAT:
        raise TeilhabeError(mark("{file} is a catalogue and not a recipe. Choose another name."), file=path)
    if path.exists() and not os.access(path, os.W_OK):
        raise TeilhabeError(mark("{file} is write-protected. Save the recipe under another name or in another folder."),
                            file=path)
    write_beside(str(path), lambda part: part.write_text(text_of(document), encoding="utf-8"))


def same(first: dict | None, second: dict | None) -> bool:
    """Say whether two recipes say the same; the order of keys and spaces do not count."""
    return json.dumps(first, sort_keys=True) == json.dumps(second, sort_keys=True)


def template_of(document: dict) -> dict | None:
    """Return the recipe of the plugin that another one was made from, as its id says; None for none."""
    wanted = document.get("id")
    found = (json.loads(recipe_path(name).read_text(encoding="utf-8")) for name, _title in shipped_recipes())
    return next((each for each in found if each.get("id") == wanted), None)


def recent_files() -> list[Path]:
    """Return the recipe files used last, the newest first."""
    return [Path(each) for each in QgsSettings().value(RECENT, [], type=list) or [] if each]


def note_used(path: Path) -> None:
    """Put a file at the head of those used last, and remember its folder."""
    files = [str(path), *(str(each) for each in recent_files() if each != path)]
    QgsSettings().setValue(RECENT, files[:MOST_RECENT])
    QgsSettings().setValue(FOLDER, str(path.parent))


def folder() -> str:
    """Return the folder that was used last."""
    return QgsSettings().value(FOLDER, "", type=str)


def as_json_file(path: str) -> Path:
    """Return a chosen path with the ending of recipes."""
    return Path(path if path.lower().endswith(".json") else f"{path}.json")
