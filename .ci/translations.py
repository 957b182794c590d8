"""Collect the texts of the user interface, check the German ones, write the Qt translation file.

The German texts lie in resources/i18n/de/*.json ({"English source": "Deutsch"}). English sources are every literal in
``tr("…")`` and ``mark("…")``, in the report templates too (context "Teilhabe"), and every translatable ``<string>`` of
the .ui files (context = their class).

    /usr/bin/python3 .ci/translations.py          check; exit code 1 and one line per fault
    /usr/bin/python3 .ci/translations.py FILE.ts  write the translation file of what there is
"""

from __future__ import annotations

import argparse
import ast
import json
import re
import sys
import xml.etree.ElementTree as ElementTree
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

REPOSITORY = Path(__file__).resolve().parents[1]
PYTHON_CONTEXT = "Teilhabe"
CALLS = {"tr", "mark"}
IN_TEMPLATE = re.compile(r'\btr\("([^"]+)"')
FIELD = re.compile(r"\{(\w*)(?:[.!:\[][^{}]*)?\}")


@dataclass
class Catalogue:
    """English sources with the places they come from, German texts, and what is wrong with either."""

    sources: dict[tuple[str, str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    german: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def missing(self) -> list[str]:
        """Sources without a German text, with one place each."""
        return [
            f"{places[0]}: no German text for: {source}"
            for (_, source, _), places in sorted(self.sources.items(), key=lambda item: item[1][0])
            if source not in self.german
        ]

    def unused(self) -> list[str]:
        """German texts whose source is nowhere in the code."""
        known = {source for _, source, _ in self.sources}
        return [f"German text for a source that is gone: {text}" for text in sorted(self.german) if text not in known]

    def wrong_fields(self) -> list[str]:
        """German texts that do not have exactly the {fields} of their source."""
        return [
            f"other {{fields}} in German than in: {source}"
            for source, german in sorted(self.german.items())
            if set(FIELD.findall(source)) != set(FIELD.findall(german))
        ]


def collect(repository: Path = REPOSITORY) -> Catalogue:
    """Read sources and German texts of a source tree."""
    catalogue = Catalogue()
    package = repository / "teilhabe_plugin"
    for path in sorted(package.rglob("*.py")):
        _collect_python(path, path.relative_to(repository).as_posix(), catalogue)
    for path in sorted(package.rglob("*.ui")):
        _collect_ui(path, path.relative_to(repository).as_posix(), catalogue)
    for path in sorted((repository / "resources" / "reports").glob("*.html")):
        _collect_template(path, path.relative_to(repository).as_posix(), catalogue)
    _collect_german(repository / "resources" / "i18n" / "de", catalogue)
    return catalogue


def faults(catalogue: Catalogue) -> list[str]:
    """Everything that must be mended before a release, one line each."""
    return catalogue.faults + catalogue.missing() + catalogue.unused() + catalogue.wrong_fields()


def _collect_python(path: Path, name: str, catalogue: Catalogue) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), filename=name)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called = getattr(node.func, "id", getattr(node.func, "attr", None))
        if called not in CALLS:
            continue
        text = node.args[0]
        if isinstance(text, ast.Constant) and isinstance(text.value, str):
            if text.value:
                catalogue.sources[(PYTHON_CONTEXT, text.value, "")].append(f"{name}:{node.lineno}")
        elif not isinstance(text, (ast.Name, ast.Attribute, ast.Subscript)):
            catalogue.faults.append(f"{name}:{node.lineno}: {called}() needs a literal with {{fields}}, no f-string")


def _collect_template(path: Path, name: str, catalogue: Catalogue) -> None:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        for text in IN_TEMPLATE.findall(line):
            catalogue.sources[(PYTHON_CONTEXT, text, "")].append(f"{name}:{number}")


def _collect_ui(path: Path, name: str, catalogue: Catalogue) -> None:
    root = ElementTree.parse(path).getroot()
    context = root.findtext("class") or ""
    if not context:
        catalogue.faults.append(f"{name}: no <class>")
    for node in root.iter("string"):
        text = node.text or ""
        if node.get("notr") == "true" or not any(letter.isalpha() for letter in text):
            continue
        catalogue.sources[(context, text, node.get("comment", ""))].append(name)


def _collect_german(folder: Path, catalogue: Catalogue) -> None:
    origin: dict[str, str] = {}
    for path in sorted(folder.glob("*.json")):
        try:
            pairs = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=list)
        except ValueError as error:
            catalogue.faults.append(f"{path.name}: {error}")
            continue
        for source, german in pairs:
            if not isinstance(german, str) or not german.strip():
                catalogue.faults.append(f"{path.name}: empty German text for: {source}")
            elif source in origin and catalogue.german[source] != german:
                catalogue.faults.append(f"{path.name} and {origin[source]} differ in German for: {source}")
            else:
                origin[source] = path.name
                catalogue.german[source] = german


def ts_text(catalogue: Catalogue) -> str:
    """The Qt translation source of everything that has a German text, in a fixed order."""
    contexts: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for context, source, comment in sorted(catalogue.sources):
        if source in catalogue.german:
            contexts[context].append((source, comment))
    lines = ['<?xml version="1.0" encoding="utf-8"?>', "<!DOCTYPE TS>"]
    lines.append('<TS version="2.1" language="de" sourcelanguage="en">')
    for context in sorted(contexts):
        lines += ["<context>", f"    <name>{escape(context)}</name>"]
        for source, comment in contexts[context]:
            lines += ["    <message>", f"        <source>{escape(source)}</source>"]
            if comment:
                lines.append(f"        <comment>{escape(comment)}</comment>")
            lines += [f"        <translation>{escape(catalogue.german[source])}</translation>", "    </message>"]
        lines.append("</context>")
    return "\n".join([*lines, "</TS>", ""])


def main(arguments: list[str]) -> int:
    """Write the file named in `arguments`, or check."""
    parser = argparse.ArgumentParser(description="Check the German texts, or write the Qt translation file.")
    parser.add_argument("file", nargs="?", metavar="FILE.ts", help="write this file instead of checking")
    file = parser.parse_args(arguments).file
    catalogue = collect()
    if file:
        Path(file).write_text(ts_text(catalogue), encoding="utf-8")
        return 0
    found = faults(catalogue)
    for line in found:
        print(line)
    if not found:
        print(f"translations: {len(catalogue.sources)} texts, all in German")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
