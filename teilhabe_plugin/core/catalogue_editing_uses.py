"""Who refers to the numbers of a catalogue: recipes and other indicators; and what becomes of numbers in an edit."""
from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from .catalogue import Catalogue, Entry

_TEXTS = ("question", "numerator", "denominator", "statement", "source", "note")


@dataclass(frozen=True)
class Use:
    """A recipe that takes an indicator from the catalogue.

    Attributes
    ----------
    number : str
        As the recipe names it.
    recipe : str
        The recipe's title.
    title : str
        What the recipe calls the indicator.
    column : str
        Where the recipe reads it; ``{year}`` stands for a year.
    """

    number: str
    recipe: str
    title: str
    column: str


def uses(recipes: Iterable, names: Iterable[str]) -> list[Use]:
    """Return where recipes refer to a catalogue.

    Parameters
    ----------
    recipes : iterable
        Documents of recipes; whatever is no recipe is passed over.
    names : iterable of str
        What the catalogue is called: its id, its file's name.
    """
    names, found = {_stem(name) for name in names if name}, []
    for recipe in recipes:
        if not isinstance(recipe, dict) or _stem(recipe.get("catalogue")) not in names:
            continue
        for indicator in _objects(recipe.get("indicators")):
            number, name = indicator.get("catalogue"), str(indicator.get("id", ""))
            if isinstance(number, str) and number:
                found.append(Use(number, str(recipe.get("title", "")), str(indicator.get("title", name)),
                                 str(indicator.get("column", name))))
    return list(dict.fromkeys(found))


def recipes_using(found: Iterable[Use], number: str) -> list[str]:
    """Return the titles of the recipes that refer to a number, each once."""
    return list(dict.fromkeys(use.recipe for use in found if use.number == number))


def mentions(catalogue: Catalogue, number: str) -> list[int]:
    """Return the positions of the other indicators whose texts name a number.

    A number of digits only, such as 3, could mean anything in a text and is not looked for.
    """
    if not number or number.isdecimal():
        return []
    pattern = re.compile(rf"(?<![\w.,\-]){re.escape(number)}(?![\w\-]|[.,]\d)")
    return [i for i, entry in enumerate(catalogue.entries) if entry.number != number and
            any(pattern.search(getattr(entry, name)) for name in _TEXTS)]


def former_number(before: Catalogue, after: Catalogue, position: int) -> str:
    """Return the number that an indicator had before it was renumbered, "" where it was not.

    An indicator whose number is new is the same as one whose number is gone, where both have one name or all else in
    common.
    """
    entry = after.entries[position]
    if entry.number in before.by_number:
        return ""
    gone = [each for each in before.entries if each.number not in after.by_number]
    alike = [each for each in gone if _content(each) == _content(entry)] or \
        [each for each in gone if each.name == entry.name]
    return alike[0].number if len(alike) == 1 else ""


def lost_numbers(before: Catalogue, after: Catalogue, found: Iterable[Use]) -> list[str]:
    """Return the numbers that recipes refer to and that an edit took away, in the order they had."""
    used = {use.number for use in found}
    return [each.number for each in before.entries if each.number in used and each.number not in after.by_number]


def _content(entry: Entry) -> dict:
    return {name: value for name, value in asdict(entry).items() if name != "number"}


def _stem(name) -> str:
    return name[:-5] if isinstance(name, str) and name.endswith(".json") else name if isinstance(name, str) else ""


def _objects(values) -> list[dict]:
    return [each for each in values if isinstance(each, dict)] if isinstance(values, list) else []
