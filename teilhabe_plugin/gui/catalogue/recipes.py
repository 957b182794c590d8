"""The recipes that are known here: shipped ones, those beside the catalogue, used last, and in the project's layers."""
from __future__ import annotations

import json
from pathlib import Path

from qgis.core import QgsProject, QgsSettings

from ... import paths

LARGEST = 2_000_000


class KnownRecipes:
    """Reads recipes once and says which refer to the session's catalogue.

    Parameters
    ----------
    session : CatalogueSession
    """

    def __init__(self, session):
        self.session, self._documents, self._uses = session, None, (None, [])

    def forget(self) -> None:
        """Read anew when they are asked for: layers or files may have changed."""
        self._documents, self._uses = None, (None, [])

    def uses(self) -> list:
        """Return where recipes refer to the catalogue, as `core.catalogue_editing_uses.Use`."""
        from ...core.catalogue_editing_uses import uses

        names = self.names()
        if self._documents is None:
            self._documents = [*shipped(), *in_files(self._files()), *in_layers()]
        if self._uses[0] != names:
            self._uses = (names, uses(self._documents, names))
        return self._uses[1]

    def names(self) -> tuple[str, ...]:
        """Return what recipes may call the catalogue: its id and its file, as saved and as it is now."""
        session = self.session
        if not session.is_open:
            return ()
        found = [session.saved.id, session.catalogue.id]
        if session.path is not None:
            found.append(session.path.stem)
        return tuple(dict.fromkeys(found))

    def _files(self) -> list[Path]:
        from ..compute_dialog import RECENT

        files = [Path(each) for each in QgsSettings().value(RECENT, [], type=list)]
        if self.session.path is not None and not self.session.is_template:
            files += sorted(self.session.path.parent.glob("*.json"))[:200]
        return list(dict.fromkeys(files))


def shipped() -> list:
    """Return the documents of the recipes that come with the plugin."""
    return in_files(sorted(paths.resource("recipes").glob("*.json")))


def in_files(files) -> list:
    """Return the JSON documents in files; what cannot be read is passed over."""
    found = []
    for path in files:
        try:
            if path.stat().st_size <= LARGEST:
                found.append(json.loads(path.read_text(encoding="utf-8-sig")))
        except (OSError, ValueError, RecursionError):
            continue
    return found


def in_layers() -> list:
    """Return the recipes that the project's layers were computed with."""
    from ...bridge.project import provenance_of

    found = []
    for layer in QgsProject.instance().mapLayers().values():
        recipe = provenance_of(layer).get("recipe")
        try:
            found.append(json.loads(recipe) if isinstance(recipe, str) else recipe)
        except ValueError:
            continue
    return [each for each in found if isinstance(each, dict)]
