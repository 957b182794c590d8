"""Working states in the profile folder: what a crash or a project that was not saved would take with it."""
from __future__ import annotations

import hashlib
import json
import uuid
from datetime import datetime, timezone
from pathlib import Path

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QLockFile

from ....bridge.catalogue_files import write_beside

#: states that nobody asked for go after so many days, and beyond so many files
DAYS, MOST = 180, 50


class Store:
    """One file for the project that is open; another QGIS that is open keeps its own.

    Parameters
    ----------
    folder : Path, optional
        By default one in the user's profile.
    """

    def __init__(self, folder: Path | None = None):
        self.folder = folder or Path(QgsApplication.qgisSettingsDirPath()) / "teilhabe" / "workshop"
        self.path: Path | None = None
        self.project = ""
        self._lock: QLockFile | None = None

    def begin(self, project: str) -> dict | None:
        """Take the file that belongs to a project and return the state in it, None for none.

        Parameters
        ----------
        project : str
            File of the project; "" for one that was never saved, which begins with a file of its own.
        """
        self.end()
        self.project = project
        name = hashlib.sha256(project.encode()).hexdigest()[:24] if project else f"new-{uuid.uuid4().hex[:16]}"
        for number in range(1, 9):
            path = self.folder / (f"{name}.json" if number == 1 else f"{name}-{number}.json")
            lock = self._locked(path)
            if lock is not None:
                self.path, self._lock = path, lock
                return _read(path)
        return None

    def follow(self, project: str) -> None:
        """Note that the project was saved to another file: its state moves along."""
        if project != self.project:
            self.remove()
            self.begin(project)

    def end(self) -> None:
        """Let go of the file."""
        if self._lock is not None:
            self._lock.unlock()
        self.path = self._lock = None

    def keep(self, state: dict) -> None:
        """Write the state.

        Raises
        ------
        TeilhabeError, OSError
            When the profile folder cannot be written to.
        """
        if self.path is not None:
            _write(self.path, state | {"project": self.project, "kept": _now()})

    def remove(self) -> None:
        """Remove the state."""
        if self.path is not None:
            self.path.unlink(missing_ok=True)

    def lay_aside(self, state: dict) -> None:
        """Keep a state that cannot be opened now under a name of its own."""
        _write(self.folder / f"new-{uuid.uuid4().hex[:16]}.json", state | {"project": "", "kept": _now()})

    def adopt(self, fits) -> dict | None:
        """Return the newest state of no project that fits, and make it that of the project that is open.

        Parameters
        ----------
        fits : callable
            Says of a state whether it belongs to what is open.
        """
        found = []
        for path in self.folder.glob("new-*.json"):
            if path != self.path:
                state = _read(path)
                if state is not None and state.get("project") == "" and fits(state):
                    found.append((state.get("kept", ""), path, state))
        for _kept, path, state in sorted(found, key=lambda each: each[0], reverse=True):
            lock = self._locked(path)
            if lock is None:
                continue  # another QGIS that is open works on it
            path.unlink(missing_ok=True)
            lock.unlock()
            self.keep(state)
            return state
        return None

    def tidy(self) -> None:
        """Remove states that are old."""
        files = sorted(self.folder.glob("*.json"), key=lambda path: path.stat().st_mtime, reverse=True)
        now = datetime.now().timestamp()
        for position, path in enumerate(files):
            if path != self.path and (position >= MOST or now - path.stat().st_mtime > DAYS * 86400):
                path.unlink(missing_ok=True)

    def _locked(self, path: Path) -> QLockFile | None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            return None
        lock = QLockFile(f"{path}.lock")
        lock.setStaleLockTime(0)  # only the end of its process sets a lock free
        return lock if lock.tryLock(0) else None


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="seconds")


def _read(path: Path) -> dict | None:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _write(path: Path, state: dict) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_beside(str(path), lambda part: part.write_text(json.dumps(state, ensure_ascii=False), encoding="utf-8"))
