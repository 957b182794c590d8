"""Fixtures every test folder can use."""

import os
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY))  # for `import teilhabe_plugin.core`; pytest 6 has no `pythonpath`


@pytest.fixture(scope="session")
def berlin() -> Path:
    """Folder with Berlin's published tables; they are no part of the project and may be absent."""
    folder = Path(os.environ.get("TEILHABE_DATA") or REPOSITORY.parent / "shared" / "data" / "berlin")
    if not (folder / "planungsraeume_2021.gpkg").is_file():
        pytest.skip(f"real data not here (no {folder}); set TEILHABE_DATA to the folder with Berlin's tables")
    return folder


@pytest.fixture(scope="session")
def essen() -> Path:
    """Folder with Essen's published house coordinates; they are no part of the project and may be absent."""
    base = Path(os.environ.get("TEILHABE_DATA") or REPOSITORY.parent / "shared" / "data" / "berlin").parent
    folder = base / "essen"
    if not folder.is_dir():
        pytest.skip(f"real data not here (no {folder}); set TEILHABE_DATA to the folder with Berlin's tables beside it")
    return folder
