"""The edits that tree, properties and pool make: each one step of the history, with its words for “Undo”."""
from __future__ import annotations

from qgis.core import Qgis
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ....core import recipe_editing as editing
from ....core.messages import TeilhabeError
from ....core.recipe_editing import title_at
from ....core.recipe_paths import children_at
from ....translation import render, tr
from ..properties.words import setting_text, setting_title
from .rows import percent_text


class Edits(QObject):
    """Changes of a session's recipe.

    Signals
    -------
    failed(str)
        An edit was not possible, and why.
    placed(list)
        Paths of what was moved, added or grouped, where it stands now.
    """

    failed = pyqtSignal(str)
    placed = pyqtSignal(list)

    def __init__(self, session, parent=None):
        super().__init__(parent)
        self.session = session
        #: (path of the parent, position) of the shares that stay, by the keys of the rows
        self.locked: set[tuple] = set()
        #: a slider is being drawn
        self.in_hand = False

    # places ----------------------------------------------------------------------------------------------------

    def move(self, paths: list[tuple], parent: tuple, row: int) -> bool:
        """Move parts below another node, before its child `row` (Qt's way to count), −1 for the end."""
        return self._try(lambda: self._moved(paths, parent, row))

    def _moved(self, paths, parent, row):
        document = self.session.document
        moving = [editing.entry_at(document, path) for path in _outermost(paths)]
        titles = [title_at(document, path) for path in _outermost(paths)]
        target = editing.entry_at(document, parent)["id"] if parent else None
        siblings = children_at(document, parent)
        row = len(siblings) if row < 0 else row
        anchor = next((each for each in reversed(siblings[:row]) if not any(each is one for one in moving)), None)
        for entry in moving:
            path = _path_of(document, entry)
            into = editing.path_of_node(document, target) if target is not None else ()
            others = [each for each in children_at(document, into) if each is not entry]
            position = next((i + 1 for i, each in enumerate(others) if each is anchor), 0)
            document, _path = editing.moved(document, path, into, position)
            anchor = entry
        if len(titles) == 1:
            label = tr("Move “{title}”", title=titles[0])
        else:
            label = tr("Move {n} parts", n=len(titles))
        self._edit(label, document, [_path_of(document, entry) for entry in moving])

    def nudge(self, path: tuple, by: int) -> bool:
        """Move a part up (−1) or down (1) among its siblings."""
        size = len(children_at(self.session.document, path[:-1]))
        if not 0 <= path[-1] + by < size:
            return False
        return self.move([path], path[:-1], path[-1] + by + (1 if by > 0 else 0))

    def step_out(self, path: tuple) -> bool:
        """Move a part out of its sub-index, behind it."""
        return len(path) > 2 and self.move([path], path[:-2], path[-2] + 1)

    def step_in(self, path: tuple) -> bool:
        """Move a part to the end of the sub-index before it."""
        if len(path) < 2 or path[-1] == 0:
            return False
        before = (*path[:-1], path[-1] - 1)
        if editing.is_leaf(editing.entry_at(self.session.document, before)):
            return False
        return self.move([path], before, -1)

    # parts -----------------------------------------------------------------------------------------------------

    def add(self, indicators: list[dict], parent: tuple, row: int = -1) -> bool:
        """Add indicators to a node, before its child `row`."""
        def do():
            document, placed = self.session.document, []
            position = len(children_at(document, parent)) if row < 0 else row
            for number, indicator in enumerate(indicators):
                document, path = editing.with_indicator(document, parent, position + number, indicator)
                placed.append(path)
            if len(indicators) == 1:
                label = tr("Add “{title}”", title=indicators[0]["title"])
            else:
                label = tr("Add {n} indicators", n=len(indicators))
            self._edit(label, document, placed)
        return self._try(do)

    def add_node(self, parent: tuple, title: str) -> bool:
        """Add an empty sub-index, or an index for the parent ()."""
        def do():
            document = self.session.document
            document, path = editing.with_node(document, parent, len(children_at(document, parent)), title)
            self._edit(tr("Add “{title}”", title=title), document, [path])
        return self._try(do)

    def remove(self, paths: list[tuple]) -> bool:
        """Remove parts with all that is below them."""
        def do():
            document, gone = self.session.document, _outermost(paths)
            if len(gone) == 1:
                label = tr("Remove “{title}”", title=title_at(document, gone[0]))
            else:
                label = tr("Remove {n} parts", n=len(gone))
            self._edit(label, editing.removed(document, gone), [])
        return self._try(do)

    def group(self, paths: list[tuple], title: str) -> bool:
        """Put parts together into a new sub-index."""
        def do():
            document, path = editing.grouped(self.session.document, paths, title)
            self._edit(tr("Group as “{title}”", title=title), document, [path])
        return self._try(do)

    def dissolve(self, path: tuple) -> bool:
        """Put the children of a sub-index in its place."""
        def do():
            document = self.session.document
            count = len(children_at(document, path))
            label = tr("Dissolve “{title}”", title=title_at(document, path))
            placed = [(*path[:-1], path[-1] + place) for place in range(count)]
            self._edit(label, editing.dissolved(document, path), placed)
        return self._try(do)

    def rename(self, path: tuple, title: str) -> bool:
        """Give an index, a sub-index or an indicator another name."""
        def do():
            document, before = self.session.document, title_at(self.session.document, path)
            if title.strip() == before:
                return
            entry = editing.entry_at(document, path)
            if editing.is_leaf(entry):
                new = editing.with_indicator_values(document, entry["indicator"], title=title.strip())
            else:
                new = editing.with_values(document, path, title=title.strip())
            self._edit(tr("Rename “{before}” to “{title}”", before=before, title=title.strip()), new)
        return self._try(do)

    # weights ---------------------------------------------------------------------------------------------------

    def set_share(self, path: tuple, share: float, locked=(), base: dict | None = None, movement: int = 0) -> bool:
        """Give a part another share; the siblings that are not locked give way.

        While a slider is moved, `base` is the recipe as it was before and `movement` counts the movements: the siblings
        keep their proportions however far the slider goes, and each movement is one step.
        """
        def do():
            document = base or self.session.document
            label = tr("Weight of “{title}” to {share}", title=title_at(document, path), share=percent_text(share))
            self._edit(label, editing.with_share(document, path, share, locked), merge=f"share {path} {movement}")
        return self._try(do)

    def scale_share(self, path: tuple, factor: float, locked=()) -> bool:
        """Let a part count a factor as much as before among its siblings that are not locked."""
        def do():
            document = self.session.document
            held = editing.shares(document, path[:-1])
            own, free = held[path[-1]], 1 - sum(held[each] for each in locked)
            share = free * factor * own / (free + (factor - 1) * own)
            label = tr("Weight of “{title}” to {share}", title=title_at(document, path), share=percent_text(share))
            self._edit(label, editing.with_share(document, path, share, locked))
        return self._try(do)

    def equal_weights(self, path: tuple) -> bool:
        """Give all children of a node the same weight."""
        def do():
            document = self.session.document
            self._edit(tr("Equal weights in “{title}”", title=title_at(document, path)),
                       editing.equal_weights(document, path))
        return self._try(do)

    # settings --------------------------------------------------------------------------------------------------

    def set_value(self, path: tuple, name: str, value, merge: str = "") -> bool:
        """Change a setting of a node, a leaf or its indicator; None takes the default."""
        def do():
            document = self.session.document
            entry = editing.entry_at(document, path)
            if name in ("treatment", "missing"):
                new = editing.with_indicator_values(document, entry["indicator"], **{name: value})
            else:
                new = editing.with_values(document, path, **{name: value})
            words = setting_text(name, editing.setting_at(new, path, name), new)
            label = tr("{setting} of “{title}”: {value}", setting=setting_title(name), title=title_at(document, path),
                       value=words)
            self._edit(label, new, merge=merge)
        return self._try(do)

    def set_of_indicator(self, indicator: str, label: str, **values) -> bool:
        """Change what an indicator is: column, unit, direction."""
        return self._try(lambda: self._edit(
            label, editing.with_indicator_values(self.session.document, indicator, **values)))

    def set_direction(self, path: tuple, value: str) -> bool:
        """Say what a high score of an index means."""
        def do():
            document = self.session.document
            self._edit(tr("Direction of “{title}”", title=title_at(document, path)),
                       editing.with_values(document, path, high_means=value))
        return self._try(do)

    def normalise_all(self, path: tuple) -> bool:
        """Give all indicators of a node the normalisation that one of them has."""
        def do():
            document = self.session.document
            entry, parent = editing.entry_at(document, path), path[:-1]
            new = document
            for place, child in enumerate(children_at(document, parent)):
                if editing.is_leaf(child):
                    new = editing.with_values(new, (*parent, place), normalise=entry.get("normalise"))
            self._edit(tr("Normalise all indicators in “{title}” alike", title=title_at(document, parent)), new)
        return self._try(do)

    # shared ----------------------------------------------------------------------------------------------------

    def _edit(self, label: str, document: dict, placed=None, merge: str = "") -> None:
        lost = editing.lost_crosses(self.session.document, document)
        self.session.edit(label, document, merge=merge)
        if placed:
            self.placed.emit(placed)
        if lost:
            self._tell(tr("The cross “{title}” went as well, because it needs both indices. “Undo” brings it back.",
                          title=", ".join(lost)))

    def _tell(self, text: str) -> None:
        tell = getattr(self.session.workshop, "tell", None)
        if tell is not None:
            tell(text, Qgis.MessageLevel.Info)

    def _try(self, do) -> bool:
        try:
            do()
        except TeilhabeError as error:
            text = render(error.message)
            self.failed.emit(text)
            self._tell(text)
            return False
        return True


def _outermost(paths) -> list[tuple]:
    chosen = sorted({tuple(path) for path in paths})
    return [path for path in chosen if not any(path[:len(other)] == other for other in chosen if other != path)]


def _path_of(document: dict, entry: dict) -> tuple:
    return next(path for path in editing.paths(document) if editing.entry_at(document, path) is entry)
