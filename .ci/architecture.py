"""Check the house plan: who may import whom, what is loaded at start, how long a module may be, what is not shipped.

    /usr/bin/python3 .ci/architecture.py   one line per fault; exit code 1 when there is one
"""

from __future__ import annotations

import ast
import configparser
import re
import sys
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
PACKAGE = "teilhabe_plugin"
MOST_LINES = 400

# Imports run downward only: a layer may import itself and those named after it.
LAYERS = {
    "plugin": {"gui", "processing", "bridge", "core", "shared"},
    "gui": {"processing", "bridge", "core", "shared"},
    "processing": {"bridge", "core", "shared"},
    "bridge": {"core", "shared"},
    "core": set(),
    "shared": {"core"},
}
SHARED_MODULES = {"paths", "translation"}
QT_AND_QGIS = {"qgis", "osgeo", "processing"}
RUN_TIME = {"numpy", "pandas", "scipy", "shapely", "matplotlib", "openpyxl", "jinja2", "yaml"}
FORBIDDEN = {"PyQt5", "PyQt6", "PySide2", "PySide6"}
LAZY = RUN_TIME  # not to be loaded when QGIS starts
STARTED_WITH_QGIS = ("plugin", "gui", "processing")
# A window made of arrays and charts: it is loaded when it is first opened, where `plugin.open` names a missing package.
# In return nothing outside may import it at its top.
FIRST_OPENED = "gui.workshop"
REQUIRED_METADATA = (
    "name", "description", "about", "version", "author", "email", "repository", "tracker", "icon", "tags", "license",
)
FIXED_METADATA = {
    "qgisminimumversion": "3.22",
    "qgismaximumversion": "4.99",
    "hasprocessingprovider": "yes",
    "category": "Vector",
}
STANDARD = set(getattr(sys, "stdlib_module_names", ())) | set(sys.builtin_module_names)


@dataclass(frozen=True)
class Import:
    """One imported module: dotted name as seen from the package (`core.classes`), or another top-level package."""

    name: str
    inside: bool
    line: int
    at_top: bool


def module_name(path: Path, package: Path) -> str:
    """`core/classes.py` → `core.classes`, `core/__init__.py` → `core`."""
    parts = path.relative_to(package).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def layer_of(module: str) -> str:
    """The layer a module inside the package belongs to."""
    first = module.split(".")[0]
    if first in SHARED_MODULES:
        return "shared"
    return first if first in LAYERS else "plugin"


def imports_of(tree: ast.Module, module: str, is_package: bool, known: set[str]) -> list[Import]:
    """Every import of a module, those for type checkers left out."""
    found: list[Import] = []
    package_parts = module.split(".") if is_package else module.split(".")[:-1]
    package_parts = [part for part in package_parts if part]

    def visit(node: ast.AST, at_top: bool) -> None:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            for child in node.orelse:
                visit(child, at_top)
            return
        if isinstance(node, ast.Import):
            for alias in node.names:
                name = alias.name
                inside = name.split(".")[0] in {PACKAGE, "teilhabe"}
                found.append(Import(name.partition(".")[2] if inside else name, inside, node.lineno, at_top))
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                base = package_parts[: len(package_parts) - node.level + 1]
                base = base + (node.module.split(".") if node.module else [])
                for alias in node.names:
                    full = ".".join([*base, alias.name])
                    found.append(Import(full if full in known else ".".join(base), True, node.lineno, at_top))
            else:
                name = node.module or ""
                inside = name.split(".")[0] in {PACKAGE, "teilhabe"}
                found.append(Import(name.partition(".")[2] if inside else name, inside, node.lineno, at_top))
        inner = at_top and not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
        for child in ast.iter_child_nodes(node):
            visit(child, inner)

    visit(tree, True)
    return found


def faults_of_package(package: Path) -> list[str]:
    """Every breach of the house plan in a package folder."""
    paths = {module_name(path, package): path for path in sorted(package.rglob("*.py"))}
    known = set(paths)
    faults: list[str] = []
    imports: dict[str, list[Import]] = {}
    for module, path in paths.items():
        text = path.read_text(encoding="utf-8")
        place = f"{package.name}/{path.relative_to(package).as_posix()}"
        tree = ast.parse(text, filename=place, feature_version=(3, 9))
        imports[module] = imports_of(tree, module, path.name == "__init__.py", known)
        faults += _import_faults(module, place, imports[module])
        faults += _text_faults(place, text, tree)
    for module in paths:
        if layer_of(module) in STARTED_WITH_QGIS and not _is_first_opened(module):
            faults += _start_faults(module, imports)
    return faults


def _is_first_opened(module: str) -> bool:
    return module == FIRST_OPENED or module.startswith(f"{FIRST_OPENED}.")


def _import_faults(module: str, place: str, imports: list[Import]) -> list[str]:
    layer = layer_of(module)
    faults = []
    for entry in imports:
        where = f"{place}:{entry.line}"
        top = entry.name.split(".")[0]
        if entry.inside:
            target = layer_of(entry.name)
            if target != layer and target not in LAYERS[layer]:
                faults.append(f"{where}: {layer} must not import {entry.name} ({target})")
        elif top in FORBIDDEN:
            faults.append(f"{where}: import Qt from qgis.PyQt, not {top}")
        elif top in QT_AND_QGIS:
            if layer == "core":
                faults.append(f"{where}: core knows no QGIS and no Qt, but imports {entry.name}")
        elif top not in RUN_TIME and STANDARD and top not in STANDARD:
            faults.append(f"{where}: {top} is none of the packages that come with QGIS for Windows")
    return faults


def _text_faults(place: str, text: str, tree: ast.Module) -> list[str]:
    faults = []
    lines = text.count("\n") + (not text.endswith("\n"))
    if lines > MOST_LINES:
        faults.append(f"{place}: {lines} lines, allowed are {MOST_LINES}; split it by reason to change")
    if Path(place).stem in {"utils", "helpers", "misc", "common"}:
        faults.append(f"{place}: a module is named after what it does")
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert):
            faults.append(f"{place}:{node.lineno}: assert is no check in shipped code (python -O drops it)")
        elif isinstance(node, ast.Name) and node.id == "NotImplementedError":
            faults.append(f"{place}:{node.lineno}: NotImplementedError is shipped")
    for number, line in enumerate(text.splitlines(), 1):
        if re.search(r"#.*\b(TODO|FIXME|XXX)\b", line):
            faults.append(f"{place}:{number}: a reminder is shipped")
    return faults


def _start_faults(module: str, imports: dict[str, list[Import]]) -> list[str]:
    """Packages loaded with QGIS because `module` imports them at its top, directly or through others."""
    faults = []
    seen: set[str] = set()
    queue: list[tuple[str, ...]] = [(module,)]
    while queue:
        chain = queue.pop()
        if chain[-1] in seen or chain[-1] not in imports:
            continue
        seen.add(chain[-1])
        for entry in imports[chain[-1]]:
            if not entry.at_top:
                continue
            if entry.inside:
                if _is_first_opened(entry.name):
                    way = " → ".join([*chain, entry.name])
                    faults.append(f"{way}: loaded at the first opening; import it inside the function that opens it")
                elif layer_of(entry.name) not in STARTED_WITH_QGIS:  # those are looked at themselves
                    queue.append((*chain, entry.name))
            elif entry.name.split(".")[0] in LAZY:
                way = " → ".join([*chain, entry.name])
                faults.append(f"{way}: loaded at start; import it inside the function that needs it")
    return faults


def faults_of_metadata(path: Path) -> list[str]:
    """What QGIS or the plugin repository would not accept in metadata.txt."""
    metadata = configparser.ConfigParser(interpolation=None)
    metadata.read(path, encoding="utf-8")
    general = metadata["general"] if metadata.has_section("general") else {}
    faults = []
    for key in REQUIRED_METADATA:
        if not general.get(key, "").strip():
            faults.append(f"metadata.txt: {key} is missing")
    for key, value in FIXED_METADATA.items():
        if general.get(key) != value:
            faults.append(f"metadata.txt: {key} is {general.get(key)!r}, not {value!r}")
    if "supportsqt6" in general:
        faults.append("metadata.txt: supportsQt6 is set although nobody has tested it")
    if not re.fullmatch(r"\d+\.\d+\.\d+", general.get("version", "")):
        faults.append("metadata.txt: version is not of the form 1.2.3")
    if general.get("icon") and not (path.parent / general["icon"]).is_file():
        faults.append(f"metadata.txt: there is no {general['icon']}")
    if (path.parent / "pyproject.toml").is_file():
        pyproject = (path.parent / "pyproject.toml").read_text(encoding="utf-8")
        if f'version = "{general.get("version")}"' not in pyproject:
            faults.append("pyproject.toml and metadata.txt differ in version")
    return faults


def main() -> int:
    """Print every fault of this repository."""
    found = faults_of_package(REPOSITORY / PACKAGE) + faults_of_metadata(REPOSITORY / "metadata.txt")
    for line in found:
        print(line)
    if not found:
        print("house plan: kept")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
