"""Every text of the user interface has a German one, and faults in them are found."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def translations():
    specification = importlib.util.spec_from_file_location("ci_translations", REPOSITORY / ".ci" / "translations.py")
    module = importlib.util.module_from_spec(specification)
    sys.modules[specification.name] = module
    specification.loader.exec_module(module)
    return module


@pytest.fixture
def tree(tmp_path):
    """Write a small source tree: Python text, .ui text, German texts by file name."""

    def write(python="", ui="", german=None):
        package = tmp_path / "teilhabe_plugin"
        package.mkdir(exist_ok=True)
        (package / "module.py").write_text(python, encoding="utf-8")
        if ui:
            (package / "dialog.ui").write_text(ui, encoding="utf-8")
        folder = tmp_path / "resources" / "i18n" / "de"
        folder.mkdir(parents=True, exist_ok=True)
        for name, texts in (german or {}).items():
            (folder / name).write_text(json.dumps(texts), encoding="utf-8")
        return tmp_path

    return write


UI = """<ui version="4.0"><class>JoinDialog</class><widget class="QDialog" name="JoinDialog">
<property name="windowTitle"><string>Join tables &amp; more</string></property>
<property name="a"><string notr="true">teilhabe:join</string></property>
<property name="b"><string>…</string></property>
<property name="c"><string comment="on a button">Join</string></property>
</widget></ui>"""


def test_every_text_of_the_plugin_is_there_in_german(translations):
    catalogue = translations.collect()
    assert translations.faults(catalogue) == []
    assert len(catalogue.sources) > 50


def test_literals_are_collected_from_python_and_ui(translations, tree):
    python = 'tr("Join")\nself.tr("A" "B")\nraise E(mark("{n} areas"))\ntr(name)\nother("no")\ntr("")\n'
    catalogue = translations.collect(tree(python, UI))
    assert sorted(catalogue.sources) == [
        ("JoinDialog", "Join", "on a button"),
        ("JoinDialog", "Join tables & more", ""),
        ("Teilhabe", "AB", ""),
        ("Teilhabe", "Join", ""),
        ("Teilhabe", "{n} areas", ""),
    ]
    assert catalogue.faults == []


@pytest.mark.parametrize(
    ("python", "german", "fault"),
    [
        ('tr("Join")', {}, "teilhabe_plugin/module.py:1: no German text for: Join"),
        ('tr(f"{n} areas")', {}, "teilhabe_plugin/module.py:1: tr() needs a literal with {fields}, no f-string"),
        ('mark("a" + b)', {}, "teilhabe_plugin/module.py:1: mark() needs a literal with {fields}, no f-string"),
        ("", {"a.json": {"Join": "Verbinden"}}, "German text for a source that is gone: Join"),
        ('tr("{n} areas")', {"a.json": {"{n} areas": "{m} Gebiete"}}, "other {fields} in German than in: {n} areas"),
        ('tr("{n:.1f} %")', {"a.json": {"{n:.1f} %": "{k:.1f} %"}}, "other {fields} in German than in: {n:.1f} %"),
        (
            'tr("Join")',
            {"a.json": {"Join": "Verbinden"}, "b.json": {"Join": "Abgleichen"}},
            "b.json and a.json differ in German for: Join",
        ),
    ],
)
def test_a_fault_is_found(translations, tree, python, german, fault):
    assert translations.faults(translations.collect(tree(python, german=german))) == [fault]


def test_format_fields_may_be_written_another_way_in_german(translations, tree):
    german = {"a.json": {"{share:.1f} of {n}": "{n}: {share:.2f}"}}
    assert translations.faults(translations.collect(tree('tr("{share:.1f} of {n}")', german=german))) == []


def test_the_translation_file_has_contexts_in_order_and_escapes(translations, tree):
    german = {"a.json": {"Join": "Verbinden", "Join tables & more": "Tabellen & mehr", "a < b": "a < b"}}
    text = translations.ts_text(translations.collect(tree('tr("a < b")\ntr("Untranslated")', UI, german)))
    assert text == """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>JoinDialog</name>
    <message>
        <source>Join</source>
        <comment>on a button</comment>
        <translation>Verbinden</translation>
    </message>
    <message>
        <source>Join tables &amp; more</source>
        <translation>Tabellen &amp; mehr</translation>
    </message>
</context>
<context>
    <name>Teilhabe</name>
    <message>
        <source>a &lt; b</source>
        <translation>a &lt; b</translation>
    </message>
</context>
</TS>
"""
