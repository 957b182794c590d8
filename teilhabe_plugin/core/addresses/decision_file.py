"""Decisions as a file that people can read, keep, and pass on: JSON, one decision per line, sorted."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
from dataclasses import asdict
from pathlib import Path

from ..json_reading import Place, parse
from ..messages import TeilhabeError, mark
from .decision_model import ADDRESS, KINDS, POINT, TEXT, Conflict, Decision, Decisions

FORMAT = "teilhabe-decisions"
VERSION = 1
_TEXTS = ("address", "address_id", "crs", "area", "text", "note", "created")


def read_decisions(path: str | Path) -> Decisions:
    """Read a file of decisions; a file that does not exist yet holds none.

    Raises
    ------
    TeilhabeError
        When the file is no such file, is damaged (names the line), or was written by a newer version.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return Decisions()
    except UnicodeDecodeError as error:
        raise TeilhabeError(mark("{file} is not stored as UTF-8 text. Save the decisions as UTF-8."),
                            file=path) from error
    return decisions_from_text(text, str(path))


def decisions_from_text(text: str, name: str = "decisions") -> Decisions:
    """Return the decisions of a JSON text; `name` stands for it in messages."""
    root = parse(text, name)
    if root.value.get("format") != FORMAT:
        raise TeilhabeError(mark("{file} holds no decisions about addresses. Choose the file that the work list has "
                                 "written."), file=name)
    version = root.whole("version")
    if version > VERSION:
        raise TeilhabeError(mark("{file} was written by a newer version of the plugin (format {version}; this one "
                                 "knows {known}). Update the plugin."), file=name, version=version, known=VERSION)
    root.only("format", "version", "decisions", "undone")
    history = [_decision(place) for place in root.items("decisions")]
    undone = {_identity(place) for place in root.items("undone")}
    return Decisions().merged_with(Decisions(tuple(history), frozenset(undone)))[0]


def decisions_to_text(decisions: Decisions) -> str:
    """Return the JSON text, the same for the same decisions."""
    history = sorted(decisions.history, key=lambda each: (each.key, each.created))
    lines = [json.dumps(_filled(each), ensure_ascii=False, allow_nan=False) for each in history]
    undone = [json.dumps({"key": key, "created": created}, ensure_ascii=False)
              for key, created in sorted(decisions.undone)]
    return (f'{{\n"format": "{FORMAT}",\n"version": {VERSION},\n"decisions": {_list(lines)},\n'
            f'"undone": {_list(undone)}\n}}\n')


def write_decisions(path: str | Path, decisions: Decisions) -> tuple[Decisions, tuple[Conflict, ...]]:
    """Write decisions; what somebody else has added to the file meanwhile is kept.

    There is either the whole new file or the untouched earlier one.

    Parameters
    ----------
    path : str or Path
    decisions : Decisions

    Returns
    -------
    Decisions
        What the file holds now.
    tuple of Conflict
        Where somebody else decided differently; the later decision counts.

    Raises
    ------
    TeilhabeError
        When there is a file that is none of decisions; it is not overwritten.
    """
    path = Path(path)
    merged, conflicts = decisions.merged_with(read_decisions(path))
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with open(part, "x", encoding="utf-8", errors="replace", newline="\n") as file:
            file.write(decisions_to_text(merged))
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, part)
        os.replace(part, path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            part.unlink()
    return merged, conflicts


def _list(lines: list[str]) -> str:
    return "[\n" + ",\n".join(lines) + "\n]" if lines else "[]"


def _filled(decision: Decision) -> dict:
    return {name: value for name, value in asdict(decision).items() if value not in ("", None)}


def _decision(place: Place) -> Decision:
    place.only("key", "kind", "x", "y", *_TEXTS)
    kind = place.choice("kind", KINDS)
    texts = {name: place.text(name, "") for name in _TEXTS}
    x, y = place.number("x", None), place.number("y", None)
    if kind == POINT and (x is None or y is None):
        place.fail(mark("a point on the map needs “x” and “y”."))
    if kind == ADDRESS and not (texts["address"] or texts["address_id"]):
        place.fail(mark("a picked address needs “address” or “address_id”."))
    if kind == TEXT and not texts["text"].strip():
        place.fail(mark("a typed address needs “text”."))
    return Decision(place.text("key"), kind, x=x, y=y, **texts)


def _identity(place: Place) -> tuple[str, str]:
    place.only("key", "created")
    return place.text("key"), place.text("created", "")
