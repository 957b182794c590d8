"""A recipe's document as readable JSON, in the style of the shipped recipes."""
from __future__ import annotations

import json

WIDTH = 116


def text_of(document: dict) -> str:
    """Return the document as JSON: two blanks per level, umlauts as they are, short objects on one line."""
    return _written(document, 0, 0) + "\n"


def _written(value, level: int, before: int) -> str:
    line = json.dumps(value, ensure_ascii=False, allow_nan=False)
    if not isinstance(value, (dict, list)) or not value:
        return line
    if level and not _holds_objects(value) and before + len(line) <= WIDTH:
        return line
    inner = "  " * (level + 1)
    if isinstance(value, dict):
        parts = []
        for name, each in value.items():
            start = f"{inner}{json.dumps(name, ensure_ascii=False)}: "
            parts.append(start + _written(each, level + 1, len(start)))
        opening, closing = "{", "}"
    else:
        parts = [inner + _written(each, level + 1, len(inner)) for each in value]
        opening, closing = "[", "]"
    return opening + "\n" + ",\n".join(parts) + "\n" + "  " * level + closing


def _holds_objects(value) -> bool:
    """Say whether there is a list of objects inside; such a list has one object on each line."""
    if isinstance(value, list):
        return any(isinstance(each, (dict, list)) for each in value)
    return any(_holds_objects(each) for each in value.values() if isinstance(each, (dict, list)))
