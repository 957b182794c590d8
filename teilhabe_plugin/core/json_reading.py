"""Reading JSON with errors that name the place: a value, and the path that leads to it."""
from __future__ import annotations

import difflib
import json
import sys

from .messages import Message, TeilhabeError, mark

_MISSING = object()
#: whole numbers in JSON may have any number of digits
_LARGEST, _LARGEST_WHOLE = sys.float_info.max, 2**53


def parse(text: str, name: str) -> Place:
    """Return the root of the document.

    Parameters
    ----------
    text : str
    name : str
        Name of the document in messages, usually the file's path.

    Raises
    ------
    TeilhabeError
        When the text is no JSON object; names line and column.
    """
    try:
        value = json.loads(text)
        json.dumps(value, ensure_ascii=False).encode("utf-8")  # fails for halves of characters such as \\ud800
    except json.JSONDecodeError as error:
        raise TeilhabeError(
            mark("{file}, line {line}, column {column}: this is not valid JSON ({reason})."),
            file=name, line=error.lineno, column=error.colno, reason=error.msg,
        ) from error
    except (RecursionError, ValueError) as error:  # Python's own limits
        raise TeilhabeError(
            mark("{file} cannot be read: lists or objects are nested too deeply, a number has too many digits, or a "
                 "text holds half a character (\\ud800)."),
            file=name,
        ) from error
    return Place(value, "$", name).object()


class Place:
    """A JSON value and its path, such as ``$.indices[0].children[2].weight``."""

    def __init__(self, value, path: str, name: str):
        self.value, self.path, self.name = value, path, name

    def fail(self, template: str, **details):
        """Raise an error that begins with the document's name and the path."""
        raise TeilhabeError(
            mark("{file}, {path}: {problem}"),
            file=self.name, path=self.path, problem=Message(template, **details),
        )

    def object(self) -> Place:
        """Return this place, which must hold an object."""
        if not isinstance(self.value, dict):
            self.fail(mark("an object in braces is expected, found {value}."), value=_short(self.value))
        return self

    def only(self, *names: str) -> Place:
        """Refuse names that the format does not know; they are mostly typing errors."""
        for name in self.object().value:
            if name not in names:
                close = difflib.get_close_matches(name, names, 1)
                if close:
                    self.fail(mark("“{name}” is not known here. Is “{close}” meant?"), name=name, close=close[0])
                self.fail(mark("“{name}” is not known here. Possible are: {names}."), name=name,
                          names=", ".join(names))
        return self

    def has(self, name: str) -> bool:
        """Say whether the name is there and not null."""
        return self.object().value.get(name) is not None

    def at(self, name: str) -> Place:
        """Return the place of a required name."""
        if name not in self.object().value:
            self.fail(mark("“{name}” is missing."), name=name)
        return Place(self.value[name], f"{self.path}.{name}", self.name)

    def items(self, name: str, at_least: int = 0) -> list[Place]:
        """Return the places in a list."""
        if at_least == 0 and not self.has(name):
            return []
        place = self.at(name)
        if not isinstance(place.value, list):
            place.fail(mark("a list in brackets is expected, found {value}."), value=_short(place.value))
        if len(place.value) < at_least:
            place.fail(mark("at least {count} entries are needed."), count=at_least)
        return [Place(value, f"{place.path}[{i}]", self.name) for i, value in enumerate(place.value)]

    def text(self, name: str, default=_MISSING) -> str:
        """Return a text that is not empty."""
        if default is not _MISSING and not self.has(name):
            return default
        place = self.at(name)
        if not isinstance(place.value, str) or (default is _MISSING and not place.value.strip()):
            place.fail(mark("a text is expected, found {value}."), value=_short(place.value))
        return place.value

    def number(self, name: str, default=_MISSING, positive: bool = False) -> float:
        """Return a finite number, above 0 where it must be ``positive``."""
        if default is not _MISSING and not self.has(name):
            return default
        place = self.at(name)
        value = place.as_number()
        if positive and value <= 0:
            place.fail(mark("a number above 0 is expected, found {value}."), value=_short(value))
        return value

    def as_number(self) -> float:
        """Return this place's own value, a finite number."""
        value = self.value
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) <= _LARGEST:
            self.fail(mark("a number is expected, found {value}."), value=_short(value))
        return value

    def whole(self, name: str, default=_MISSING) -> int:
        """Return a whole number that a database field can hold."""
        value = self.number(name, default)
        if value is not default and (value != int(value) or abs(value) > _LARGEST_WHOLE):
            self.at(name).fail(mark("a whole number is expected, found {value}."), value=_short(value))
        return value if value is default else int(value)

    def choice(self, name: str, choices, default=_MISSING):
        """Return one of the given values."""
        if default is not _MISSING and not self.has(name):
            return default
        place = self.at(name)
        # bool is an int in Python, but true is not 1 in a recipe
        kinds_differ = isinstance(place.value, bool) != isinstance(choices[0], bool)
        if isinstance(place.value, (list, dict)) or kinds_differ or place.value not in choices:
            place.fail(mark("{value} is not possible. Possible are: {choices}."), value=_short(place.value),
                       choices=", ".join(_short(choice) for choice in choices))
        return place.value


def _short(value) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:57] + "…"
