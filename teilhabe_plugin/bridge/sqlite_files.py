"""GeoPackages as the SQLite databases they are: copied with all their tables, and put back in one transaction.

The finished copy is not renamed over a GeoPackage that is there already: layers that QGIS has open would go on with
the old file, and what is edited in them later would be lost; Windows would not even allow it. SQLite's own backup puts
the copy into the file in one transaction instead. If that fails half-way, SQLite rolls it back.
"""
from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing

#: seconds to wait for another reader or writer
PATIENCE = 10
#: SQLite's result codes; Python names them from 3.11 on
_BUSY, _LOCKED = 5, 6


def copy_database(source: str, target: str) -> None:
    """Copy a database with what still lies in its write-ahead log; the source may be in use."""
    with closing(sqlite3.connect(source)) as database, closing(sqlite3.connect(target)) as copy:
        _backup(database, copy)


def put_database(source: str, target: str) -> None:
    """Replace the content of an existing database in one transaction; open layers stay connected."""
    with closing(sqlite3.connect(source)) as database, closing(sqlite3.connect(target)) as copy:
        _backup(database, copy)


def settle(path: str) -> None:
    """Bring everything into the file itself, so that it can be moved alone."""
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.execute("PRAGMA journal_mode=DELETE")


def count_rows(path: str, table: str) -> int:
    """Return the number of rows that really are in the table."""
    with closing(sqlite3.connect(path)) as database:
        quoted = table.replace('"', '""')
        return database.execute(f'SELECT count(*) FROM "{quoted}"').fetchone()[0]  # nosec B608 quoted


def forget_style(path: str, table: str, name: str) -> None:
    """Drop an earlier style of this name: QGIS would ask in a window whether to overwrite it."""
    with closing(sqlite3.connect(path)) as database, database:
        if database.execute("SELECT 1 FROM sqlite_master WHERE name = 'layer_styles'").fetchone():
            database.execute("DELETE FROM layer_styles WHERE f_table_name = ? AND styleName = ?", (table, name))


def remove_side_files(path: str) -> None:
    """Remove a write-ahead log that belongs to no database any more."""
    for tail in ("-wal", "-shm", "-journal"):
        if os.path.exists(path + tail):
            os.remove(path + tail)


def _backup(database: sqlite3.Connection, copy: sqlite3.Connection) -> None:
    """Copy everything in one step; give up when somebody else holds a lock for too long, where SQLite would not."""
    deadline = time.monotonic() + PATIENCE

    def check(status: int, remaining: int, total: int) -> None:
        if status in (_BUSY, _LOCKED) and time.monotonic() > deadline:
            raise sqlite3.OperationalError("database is locked")

    database.backup(copy, progress=check)
