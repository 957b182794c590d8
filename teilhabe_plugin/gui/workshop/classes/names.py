"""Names proposed for so many classes: those that the colour table knows, in the direction of the index."""
from __future__ import annotations

from collections.abc import Sequence

from ....bridge.class_colours import colour_table, palette_for
from ....translation import tr

#: number of classes → which steps of a palette of 3, 4 or 5 are named, favourable first
_STEPS = {"status": {2: (0, 2), 3: (0, 1, 2), 4: (0, 1, 2, 3)}, "dynamik": {2: (0, 2), 3: (0, 1, 2)},
          "teilhabe": {5: (0, 1, 2, 3, 4), 2: (1, 3), 3: (1, 2, 3), 4: (1, 2, 3, 4)}}


def proposed_names(count: int, high_first: bool, language: str = "de", like: Sequence[str] = ()) -> list[str]:
    """Return names of classes from the lowest score to the highest.

    Parameters
    ----------
    count : int
    high_first : bool
        A high score is unfavourable.
    language : {"de", "en"}
        Of the recipe.
    like : sequence of str
        Names that the classes have now; their palette is taken where it has names for so many classes.
    """
    wanted = palette_for(like) if like else ""
    for palette in dict.fromkeys((wanted, "status", "teilhabe")):
        steps = _STEPS.get(palette, {}).get(count)
        if steps is not None:
            classes = colour_table()["palettes"][palette]["classes"]
            names = [_name(classes[step], language) for step in steps]
            return names if high_first else names[::-1]
    names = [tr("class {number}", number=number) for number in range(1, count + 1)]
    names[0] = tr("class {number} (lowest values)", number=1)
    names[-1] = tr("class {number} (highest values)", number=count)
    return names


def names_for(entries: Sequence[dict], count: int, high_first: bool, language: str = "de") -> list[str]:
    """Return names for another number of classes: proposed ones, or those given by hand with some more or fewer."""
    names = [each["name"] for each in entries]
    if names == proposed_names(len(names), high_first, language, names) or _is_ours(names):
        return proposed_names(count, high_first, language, names)
    kept = names[:count]
    number = len(kept) + 1
    while len(kept) < count:
        name = tr("class {number}", number=number)
        kept += [] if name in kept else [name]
        number += 1
    return kept


def _is_ours(names: Sequence[str]) -> bool:
    return len(names) > 1 and names[0] == tr("class {number} (lowest values)", number=1)


def _name(entry: dict, language: str) -> str:
    """Return a class name; the last alias is the English one."""
    return entry["aliases"][-1] if language == "en" else entry["name"]
