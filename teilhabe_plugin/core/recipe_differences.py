"""What differs between two recipes, in words: for a file that two people changed, and for one that was passed on."""
from __future__ import annotations

from .messages import Message, TeilhabeError, mark
from .recipe_paths import entry_at, is_leaf, paths
from .recipe_shares import shares

_DOCUMENT = {
    "title": mark("title"), "version": mark("version"), "language": mark("language"), "area_key": mark("area key"),
    "area_name": mark("area name"), "year": mark("year"), "reference_year": mark("reference year"),
    "population": mark("people"), "catalogue": mark("catalogue"), "source": mark("source"),
    "reference_date": mark("reference date"), "method": mark("method"), "note": mark("note"),
}
_LISTS = {"exclusions": mark("the rules that leave areas out are others"), "parents": mark("larger areas are others"),
          "crosses": mark("the crosses of indices are others")}
_OF_INDICATOR = {"title": mark("title"), "column": mark("column"), "unit": mark("unit"),
                 "high_is": mark("meaning of a high value"), "catalogue": mark("number in the catalogue"),
                 "treatment": mark("treatment of outliers"), "missing": mark("rule for missing values")}
_OF_NODE = {"title": mark("title"), "high_means": mark("meaning of a high score"), "aggregate": mark("aggregation"),
            "standardise": mark("standardisation"), "minimum_share": mark("least share of data"),
            "weights": mark("way to weight"), "classes": mark("classes")}
_OF_LEAF = {"normalise": mark("normalisation")}
#: values of these kinds are shown, others only said to differ
_SHOWN = (str, int, float)
_MOST_LETTERS = 60
_WORDS = {"favourable": Message(mark("favourable")), "unfavourable": Message(mark("unfavourable"))}


def differences(before: dict, after: dict) -> list[Message]:
    """Return what another recipe says differently, most important first.

    Parameters
    ----------
    before, after : dict
        Recipes as JSON values; they need not be valid.

    Returns
    -------
    list of Message
        Empty where both say the same.
    """
    found = [*_tree(before, after), *_indicators(before, after)]
    for name, words in _DOCUMENT.items():
        found += _value(Message(mark("recipe")), words, before.get(name), after.get(name))
    found += [Message(words) for name, words in _LISTS.items() if (before.get(name) or []) != (after.get(name) or [])]
    if not found and before != after:
        found.append(Message(mark("details that change no number")))
    return found


def _indicators(before: dict, after: dict) -> list[Message]:
    old, new = (_by_id(each.get("indicators")) for each in (before, after))
    found = []
    for name, entry in new.items():
        if name in old:
            for key, words in _OF_INDICATOR.items():
                found += _value(_quoted(entry), words, old[name].get(key), entry.get(key))
    return found


def _tree(before: dict, after: dict) -> list[Message]:
    old, new = _places(before), _places(after)
    found = [Message(mark("“{title}” is new"), title=new[name][1]) for name in new if name not in old]
    found += [Message(mark("“{title}” is gone"), title=old[name][1]) for name in old if name not in new]
    for name, (entry, title, parent, share) in new.items():
        if name not in old:
            continue
        entry_before, _title, parent_before, share_before = old[name]
        if parent != parent_before:
            found.append(Message(mark("“{title}” stands in another place of the tree"), title=title))
        elif f"{share:.1%}" != f"{share_before:.1%}":
            found.append(Message(mark("“{title}”: share {before:.1f} % → {after:.1f} %"), title=title,
                                 before=100 * share_before, after=100 * share))
        for key, words in (_OF_LEAF if is_leaf(entry) else _OF_NODE).items():
            found += _value(Message(mark("“{title}”"), title=title), words, entry_before.get(key), entry.get(key))
    return found


def _places(document: dict) -> dict[str, tuple]:
    """Return entry, title, parent and share of each place of the trees; an indicator may have several."""
    titles = {name: each.get("title", name) for name, each in _by_id(document.get("indicators")).items()}
    found = {}
    for path in _paths(document):
        entry = entry_at(document, path)
        parent = entry_at(document, path[:-1]) if len(path) > 1 else {}
        own = parent.get("id", "")
        if is_leaf(entry):
            name = f"{entry['indicator']} in {own}" if _is_used_twice(document, entry["indicator"]) \
                else f"indicator {entry['indicator']}"
            title = titles.get(entry["indicator"], entry["indicator"])
        else:
            name, title = f"node {entry.get('id', path)}", entry.get("title", "")
        found[name] = entry, title, own, _share(document, path)
    return found


def _paths(document: dict) -> list:
    try:
        return list(paths(document))
    except (TeilhabeError, AttributeError, TypeError, KeyError):
        return []  # not a recipe's tree; what can be compared without it is compared


def _share(document: dict, path) -> float:
    if len(path) < 2:
        return 1.0
    try:
        return shares(document, path[:-1])[path[-1]]
    except (TeilhabeError, TypeError, ValueError):
        return 0.0


def _is_used_twice(document: dict, indicator: str) -> bool:
    return sum(entry_at(document, path).get("indicator") == indicator for path in _paths(document)) > 1


def _by_id(entries) -> dict[str, dict]:
    return {each["id"]: each for each in entries or [] if isinstance(each, dict) and "id" in each}


def _quoted(entry: dict) -> Message:
    return Message(mark("“{title}”"), title=entry.get("title", entry["id"]))


def _value(where: Message, words: str, before, after) -> list[Message]:
    if before == after:
        return []
    before, after = (_WORDS.get(each, each) if isinstance(each, str) else each for each in (before, after))
    shown = [each for each in (before, after) if isinstance(each, (*_SHOWN, Message)) and not isinstance(each, bool)]
    if len(shown) == 2 and all(len(str(each)) <= _MOST_LETTERS for each in shown):
        return [Message(mark("{where}: {what} “{before}” → “{after}”"), where=where, what=Message(words),
                        before=before, after=after)]
    return [Message(mark("{where}: {what} differs"), where=where, what=Message(words))]
