"""What goes into the zip, that it is the same every time, and that the house plan holds."""

from __future__ import annotations

import configparser
import importlib.util
import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]


def load(name: str):
    """One of the build scripts as a module."""
    specification = importlib.util.spec_from_file_location(f"ci_{name}", REPOSITORY / ".ci" / f"{name}.py")
    module = importlib.util.module_from_spec(specification)
    sys.modules[specification.name] = module
    specification.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def package():
    return load("package")


@pytest.fixture(scope="module")
def architecture():
    return load("architecture")


@pytest.fixture(scope="module")
def packed(package):
    return package.contents(package.source_files())


@pytest.fixture(scope="module")
def archive(package, packed):
    return zipfile.ZipFile(io.BytesIO(package.zip_bytes(packed)))


def test_everything_lies_in_one_folder_with_the_files_qgis_asks_for(archive):
    names = archive.namelist()
    assert {name.split("/")[0] for name in names} == {"teilhabe"}
    assert {"teilhabe/metadata.txt", "teilhabe/__init__.py", "teilhabe/LICENSE"} <= set(names)
    assert "teilhabe/resources/i18n/teilhabe_de.qm" in names
    assert "teilhabe/resources/icons/teilhabe.svg" in names
    assert "teilhabe/core/messages.py" in names


def test_nothing_that_is_for_developers_only_is_packed(archive):
    unwanted = [
        name
        for name in archive.namelist()
        if name.endswith((".pyc", ".orig", "~"))
        or any(part in {"tests", "__pycache__", "i18n/de"} or part.startswith(".") for part in name.split("/"))
    ]
    assert unwanted == []
    assert not any(name.startswith("teilhabe/resources/i18n/de/") for name in archive.namelist())


def test_the_zip_is_small_enough_for_the_plugin_repository(package, packed):
    assert len(package.zip_bytes(packed)) < 25_000_000


def test_the_zip_is_the_same_byte_for_byte_whatever_the_file_times(package, packed):
    shuffled = dict(sorted(package.contents(package.source_files()).items()))
    assert package.zip_bytes(shuffled) == package.zip_bytes(packed)
    with zipfile.ZipFile(io.BytesIO(package.zip_bytes(packed))) as archive:
        entries = archive.infolist()
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)


def test_hidden_files_caches_and_german_sources_are_left_out(package, tmp_path):
    for name in (
        "metadata.txt", "teilhabe_plugin/__init__.py", "teilhabe_plugin/core/table.py", "teilhabe_plugin/.hidden",
        "teilhabe_plugin/core/__pycache__/table.cpython-311.pyc", "teilhabe_plugin/tests/test_x.py",
        "resources/i18n/de/base.json", "resources/icons/join.svg", "styles/class_colours.json", "styles/.directory/x",
        "sample_data/musterstadt/areas.gpkg", "sample_data/musterstadt/areas.gpkg-wal", "docs/page.md",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    assert list(package.source_files(tmp_path)) == [
        "__init__.py",
        "core/table.py",
        "metadata.txt",
        "resources/icons/join.svg",
        "sample_data/musterstadt/areas.gpkg",
        "styles/class_colours.json",
    ]


def test_the_assembled_folder_loses_what_is_gone_and_keeps_unchanged_files(package, tmp_path):
    folder = tmp_path / "teilhabe"
    package.bring_up_to_date(folder, {"__init__.py": b"1", "core/old.py": b"2", "core/kept.py": b"3"})
    (folder / "core" / "__pycache__").mkdir()
    (folder / "core" / "__pycache__" / "old.cpython-311.pyc").touch()
    (folder / "core" / "__pycache__" / "kept.cpython-311.pyc").touch()
    before = (folder / "core" / "kept.py").stat().st_ino
    package.bring_up_to_date(folder, {"__init__.py": b"changed", "core/kept.py": b"3"})
    left = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    assert left == ["__init__.py", "core/__pycache__/kept.cpython-311.pyc", "core/kept.py"]
    assert (folder / "__init__.py").read_bytes() == b"changed"
    assert (folder / "core" / "kept.py").stat().st_ino == before


def test_packed_metadata(archive):
    metadata = configparser.ConfigParser(interpolation=None)
    metadata.read_string(archive.read("teilhabe/metadata.txt").decode("utf-8"))
    general = metadata["general"]
    assert general["name"] == "Teilhabe"
    assert general["qgisMinimumVersion"] == "3.22"
    assert general["qgisMaximumVersion"] == "4.99"
    assert general["hasProcessingProvider"] == "yes"
    assert "supportsQt6" not in general
    assert f"teilhabe/{general['icon']}" in archive.namelist()


def test_metadata_of_the_repository_is_complete(architecture):
    assert architecture.faults_of_metadata(REPOSITORY / "metadata.txt") == []


def test_metadata_faults_are_found(architecture, tmp_path):
    path = tmp_path / "metadata.txt"
    path.write_text("[general]\nname=X\nversion=1\nqgisMinimumVersion=3.22\nsupportsQt6=True\n", encoding="utf-8")
    faults = architecture.faults_of_metadata(path)
    assert "metadata.txt: description is missing" in faults
    assert "metadata.txt: hasprocessingprovider is None, not 'yes'" in faults
    assert "metadata.txt: version is not of the form 1.2.3" in faults
    assert "metadata.txt: supportsQt6 is set although nobody has tested it" in faults


def test_the_house_plan_is_kept(architecture):
    assert architecture.faults_of_package(REPOSITORY / "teilhabe_plugin") == []


@pytest.mark.parametrize(
    ("module", "text", "fault"),
    [
        ("core/a.py", "from qgis.core import QgsProject", "core knows no QGIS and no Qt, but imports qgis.core"),
        ("core/a.py", "def f():\n    from ..bridge import frames", "core must not import bridge.frames (bridge)"),
        ("core/a.py", "from ..translation import tr", "core must not import translation (shared)"),
        ("bridge/a.py", "from ..gui import dock", "bridge must not import gui"),
        ("processing/a.py", "from ..gui.dock import Dock", "processing must not import gui.dock (gui)"),
        ("gui/a.py", "from .. import plugin", "gui must not import plugin"),
        ("gui/a.py", "from PyQt5.QtCore import Qt", "import Qt from qgis.PyQt, not PyQt5"),
        ("gui/a.py", "import pandas as pd", "gui.a → pandas: loaded at start"),
        ("processing/a.py", "from ..bridge import frames", "processing.a → bridge.frames → numpy: loaded at start"),
        ("gui/a.py", "from .workshop import dock", "gui.a → gui.workshop: loaded at the first opening"),
        ("bridge/a.py", "import requests", "requests is none of the packages that come with QGIS for Windows"),
        ("core/a.py", "assert True", "assert is no check in shipped code"),
        ("core/a.py", "x = 1\n" * 401, "401 lines, allowed are 400"),
        ("core/utils.py", "", "a module is named after what it does"),
    ],
)
def test_a_breach_of_the_house_plan_is_found(architecture, tmp_path, module, text, fault):
    if fault.startswith("requests") and sys.version_info < (3, 10):
        text, fault = "import PyQt6", "not PyQt6"  # the list of the standard library came with Python 3.10
    package = tmp_path / "teilhabe_plugin"
    for name, content in {
        "__init__.py": "", "plugin.py": "", "paths.py": "", "translation.py": "import qgis", "core/__init__.py": "",
        "bridge/__init__.py": "", "bridge/frames.py": "import numpy", "processing/__init__.py": "",
        "gui/__init__.py": "", "gui/dock.py": "", module: text,
    }.items():
        path = package / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    faults = architecture.faults_of_package(package)
    assert len(faults) == 1
    assert fault in faults[0]


def test_what_the_house_plan_allows(architecture, tmp_path):
    package = tmp_path / "teilhabe_plugin"
    for name, content in {
        "__init__.py": "def classFactory(iface):\n    from .plugin import Plugin\n    return Plugin(iface)\n",
        "plugin.py": "from .gui import dock\nfrom .translation import tr\n",
        "translation.py": "from qgis.PyQt.QtCore import QCoreApplication\nfrom . import paths\n",
        "paths.py": "from pathlib import Path\n",
        "core/__init__.py": "",
        "core/index.py": "import numpy as np\nfrom .messages import mark\n",
        "core/messages.py": "",
        "gui/__init__.py": "",
        "gui/dock.py": "from ..core.messages import mark\ndef run():\n    import pandas\n    from ..core import index",
    }.items():
        path = package / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    assert architecture.faults_of_package(package) == []


def test_the_scripts_of_the_build_say_what_they_cannot_do():
    wrong = subprocess.run(
        ["bash", str(REPOSITORY / ".ci" / "install"), "everything"], check=False, capture_output=True, text=True
    )
    assert wrong.returncode == 2
    assert wrong.stderr == "usage: .ci/install [package | lint | run | test]\n"


def test_installing_in_a_profile_replaces_the_earlier_plugin(package, tmp_path):
    package.assemble()
    plugin = tmp_path / "profile" / "python" / "plugins" / "teilhabe"
    plugin.mkdir(parents=True)
    (plugin / "left_over.py").touch()
    subprocess.run(
        [sys.executable, str(REPOSITORY / ".ci" / "install_plugin.py"), str(tmp_path / "profile")],
        check=True, capture_output=True,
    )
    assert (plugin / "metadata.txt").is_file()
    assert not (plugin / "left_over.py").exists()
    assert [path.name for path in plugin.parent.iterdir()] == ["teilhabe"]
