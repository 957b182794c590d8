"""Where the files that come with the plugin lie.

In the installed plugin the folders ``resources``, ``styles`` and ``sample_data`` stand inside the package; in a
source checkout they stand beside it.
"""
from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def _root() -> Path:
    return PACKAGE if (PACKAGE / "resources").is_dir() else PACKAGE.parent


def resource(*parts: str) -> Path:
    """Return the path of a file below ``resources``."""
    return _root().joinpath("resources", *parts)


def style(*parts: str) -> Path:
    """Return the path of a file below ``styles``."""
    return _root().joinpath("styles", *parts)


def sample(*parts: str) -> Path:
    """Return the path of a file below ``sample_data``."""
    return _root().joinpath("sample_data", *parts)


def metadata() -> Path:
    """Return the path of ``metadata.txt``."""
    return _root() / "metadata.txt"
