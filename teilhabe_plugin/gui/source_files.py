"""Where the table files of a join lie on this computer.

A result records of its files only name and fingerprint, for a path may tell a person's name and travels with the layer.
The paths themselves are kept in the settings of the user's profile, found again by the fingerprint.
"""
from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from qgis.core import QgsProject, QgsSettings

KEY = "teilhabe/join/source_files"
#: so many files are kept, the newest first
MOST_FILES = 200
#: larger files count as changed when their size or time is another; they are not read for it
MOST_BYTES = 500_000_000


@dataclass(frozen=True)
class SourceFile:
    """A file as it was when it was joined."""

    sha256: str
    path: str
    size: int
    time: int

    def is_touched(self) -> bool:
        """Say, without reading it, whether the file may have changed; a file that is gone has not."""
        found = _stat(self.path)
        return found is not None and found != (self.size, self.time)

    def is_changed(self) -> bool:
        """Say whether the file holds something else now."""
        from ..bridge.provenance import file_fingerprint

        if not self.is_touched():
            return False
        if _stat(self.path)[0] > MOST_BYTES:
            return True
        try:
            return file_fingerprint(self.path) != self.sha256
        except OSError:
            return False  # another program holds it; its next change is looked at again


def note(outcome, paths: Sequence[str]) -> None:
    """Keep where the files of a join lie, once it has ended well.

    Parameters
    ----------
    outcome : gui.task_runner.Outcome
    paths : sequence of str
        The files in the order in which the algorithm got them.
    """
    from ..bridge.project import provenance_of

    layers = filter(None, map(QgsProject.instance().mapLayer, outcome.layers))
    records = [each for layer in layers for each in file_inputs(provenance_of(layer))]
    waiting = list(paths)
    kept = _kept()
    for record in records:
        path = next((path for path in waiting if Path(path).name == record["file"]), None)
        found = _stat(path) if path is not None else None
        if found is not None:
            waiting.remove(path)
            kept.pop(record["sha256"], None)
            kept[record["sha256"]] = [os.path.abspath(path), *found]
    newest = dict(list(kept.items())[-MOST_FILES:])
    QgsSettings().setValue(KEY, json.dumps(newest, ensure_ascii=False))


def known_files(record: dict) -> list[SourceFile]:
    """Return the files that a result was made from, as far as this user's profile knows where they are."""
    inputs = file_inputs(record)
    kept = _kept() if inputs else {}
    return [SourceFile(each["sha256"], *kept[each["sha256"]]) for each in inputs if each["sha256"] in kept]


def file_inputs(record: dict) -> list[dict]:
    """Return what a record says about the files that were read, without the layers."""
    inputs = record.get("inputs", [])
    return [each for each in inputs if isinstance(each, dict) and not each.get("layer_id")
            and each.get("file") and each.get("sha256")]


def _kept() -> dict:
    """Return [path, size, time] by fingerprint; entries of another form count as none."""
    try:
        kept = json.loads(QgsSettings().value(KEY, "", type=str) or "{}")
    except ValueError:
        return {}
    if not isinstance(kept, dict):
        return {}
    return {sha256: entry for sha256, entry in kept.items()
            if isinstance(entry, list) and [type(each) for each in entry] == [str, int, int]}


def _stat(path: str) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns
