"""Assemble build/teilhabe/ and build/teilhabe-<version>.zip from the source tree.

The folder is brought up to date file by file (each one renamed into place), so that a QGIS or a test run that has it
open never sees it half empty. The zip is the same byte for byte whenever the sources are the same. Nothing is done when
no source has changed since the last run.

    /usr/bin/python3 .ci/package.py
"""

from __future__ import annotations

import configparser
import fcntl
import hashlib
import io
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import translations

REPOSITORY = Path(__file__).resolve().parents[1]
BUILD = REPOSITORY / "build"
NAME = "teilhabe"
MOST_BYTES = 25 * 1000 * 1000
FIXED_TIME = (1980, 1, 1, 0, 0, 0)
TOP_FILES = ("metadata.txt", "LICENSE", "CHANGELOG.md")
FOLDERS = {"teilhabe_plugin": "", "resources": "resources/", "styles": "styles/", "sample_data": "sample_data/"}
SKIPPED_FOLDERS = {"__pycache__", "tests"}
SKIPPED_SUFFIXES = {".pyc", ".pyo", ".qm", ".orig", ".rej", ".bak", ".gpkg-shm", ".gpkg-wal", ".npz"}
TS_FILE = "resources/i18n/teilhabe_de.ts"
QM_FILE = "resources/i18n/teilhabe_de.qm"


def source_files(repository: Path = REPOSITORY) -> dict[str, Path]:
    """Path inside the package → source file, sorted."""
    files = {name: repository / name for name in TOP_FILES if (repository / name).is_file()}
    for folder, target in FOLDERS.items():
        root = repository / folder
        for parent, folders, names in os.walk(root):
            folders[:] = sorted(name for name in folders if name not in SKIPPED_FOLDERS and not name.startswith("."))
            for name in names:
                path = Path(parent, name)
                if name.startswith(".") or name.endswith("~") or path.suffix in SKIPPED_SUFFIXES:
                    continue
                files[target + path.relative_to(root).as_posix()] = path
    # the German texts are packed as the translation file made from them
    return {name: files[name] for name in sorted(files) if not name.startswith("resources/i18n/de/")}


def version(repository: Path = REPOSITORY) -> str:
    """The version in metadata.txt."""
    metadata = configparser.ConfigParser(interpolation=None)
    metadata.read(repository / "metadata.txt", encoding="utf-8")
    return metadata["general"]["version"]


def fingerprint(files: dict[str, Path]) -> str:
    """Changes when a source file comes, goes or is written to."""
    digest = hashlib.sha256()
    watched = dict(files)
    for folder in (".ci", "resources/i18n/de"):
        watched.update({str(path): path for path in sorted((REPOSITORY / folder).glob("*")) if path.is_file()})
    for name, path in watched.items():
        status = path.stat()
        digest.update(f"{name}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def compile_translation(ts: str) -> bytes:
    """The .qm file of a .ts text, by Qt's lrelease."""
    lrelease = subprocess.run(
        [str(REPOSITORY / ".ci" / "find_lrelease")], check=False, stdout=subprocess.PIPE, text=True
    ).stdout.strip()
    if not lrelease:
        sys.exit("Qt's lrelease is missing: run .ci/install package, or set LRELEASE to its path.")
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "teilhabe_de.ts"), Path(folder, "teilhabe_de.qm")
        source.write_text(ts, encoding="utf-8")
        subprocess.run([lrelease, "-silent", str(source), "-qm", str(target)], check=True)
        return target.read_bytes()


def contents(files: dict[str, Path]) -> dict[str, bytes]:
    """Path inside the package → bytes of every file that is packed."""
    packed = {name: path.read_bytes() for name, path in files.items()}
    ts = translations.ts_text(translations.collect())
    packed[TS_FILE] = ts.encode("utf-8")
    packed[QM_FILE] = compile_translation(ts)
    return dict(sorted(packed.items()))


def zip_bytes(packed: dict[str, bytes]) -> bytes:
    """A zip with one folder `teilhabe`, fixed times and modes, files in order."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, data in packed.items():
            entry = zipfile.ZipInfo(f"{NAME}/{name}", FIXED_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, data)
    return buffer.getvalue()


def write_in_place(path: Path, data: bytes) -> None:
    """Write beside and rename, unless the file already holds `data`."""
    if path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".part-", delete=False) as part:
        part.write(data)
    os.chmod(part.name, 0o644)
    os.replace(part.name, path)


def bring_up_to_date(folder: Path, packed: dict[str, bytes]) -> None:
    """Make `folder` hold exactly the packed files (Python's own caches of them may stay)."""
    for name, data in packed.items():
        write_in_place(folder / name, data)
    for parent, folders, names in os.walk(folder, topdown=False):
        for name in names:
            path = Path(parent, name)
            if path.relative_to(folder).as_posix() not in packed and not _cache_of_packed(path, folder, packed):
                path.unlink()
        for name in folders:
            path = Path(parent, name)
            if not any(path.iterdir()):
                path.rmdir()


def _cache_of_packed(path: Path, folder: Path, packed: dict[str, bytes]) -> bool:
    if path.parent.name != "__pycache__":
        return False
    source = path.parent.parent / (path.name.split(".")[0] + ".py")
    return source.relative_to(folder).as_posix() in packed


def assemble() -> None:
    """Bring folder and zip up to date; one process at a time."""
    BUILD.mkdir(exist_ok=True)
    with open(BUILD / ".package.lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        files = source_files()
        stamp, archive = BUILD / ".package.stamp", BUILD / f"{NAME}-{version()}.zip"
        now = fingerprint(files)
        made = archive.is_file() and (BUILD / NAME).is_dir() and stamp.is_file()
        if made and stamp.read_text(encoding="utf-8") == now:
            return
        stamp.unlink(missing_ok=True)
        packed = contents(files)
        data = zip_bytes(packed)
        if len(data) > MOST_BYTES:
            largest = sorted(packed, key=lambda name: len(packed[name]), reverse=True)[:5]
            sys.exit(f"The zip has {len(data):,} bytes, allowed are {MOST_BYTES:,}. Largest: {', '.join(largest)}")
        bring_up_to_date(BUILD / NAME, packed)
        for older in BUILD.glob(f"{NAME}-*.zip"):
            if older != archive:
                older.unlink()
        write_in_place(archive, data)
        stamp.write_text(now, encoding="utf-8")
        print(f"{archive.relative_to(REPOSITORY)}: {len(packed)} files, {len(data) / 1e6:.1f} MB")


if __name__ == "__main__":
    assemble()
