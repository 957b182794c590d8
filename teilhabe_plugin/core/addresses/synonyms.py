"""Former street names: a table of old and new names."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from ..messages import TeilhabeError, mark
from .street_names import compact, normal_street

_OLD = ("alt", "frueher", "ehemal", "bisher", "vorher", "old", "former", "previous", "synonym", "umgangs")
_NEW = ("neu", "jetzt", "heut", "aktuell", "amtlich", "gueltig", "new", "current", "offiziell", "official")


@dataclass(frozen=True)
class Synonyms:
    """Former and other names of streets.

    Attributes
    ----------
    pairs : tuple of (str, str)
        Old and new name, as written in the table.
    """

    pairs: tuple = ()

    def __post_init__(self):
        table: dict[str, list] = {}
        for old, new in self.pairs:
            names = table.setdefault(compact(normal_street(old)), [])
            if compact(normal_street(new)) not in names:
                names.append(compact(normal_street(new)))
        object.__setattr__(self, "_table", table)

    def __len__(self) -> int:
        return len(self.pairs)

    def new_names(self, name: str) -> tuple:
        """Return the names, without spaces, that a name without spaces has now; a name renamed twice is followed.

        >>> Synonyms((("Kaiserstraße", "Bergstr."), ("Bergstraße", "Hafenstraße"))).new_names("kaiserstrasse")
        ('bergstrasse', 'hafenstrasse')
        """
        found: list = []
        waiting = list(self._table.get(name, ()))
        while waiting:
            new = waiting.pop(0)
            if new not in found and new != name:
                found.append(new)
                waiting += self._table.get(new, ())
        return tuple(found)


NO_SYNONYMS = Synonyms()


def read_synonyms(frame: pd.DataFrame) -> Synonyms:
    """Read a table of former street names.

    The columns are known by words in their titles (“alter Name”, “früher”, “neuer Name”, “heute” …); where these say
    nothing, the first text column is the old and the second the new name. Rows without either are left out.

    Raises
    ------
    TeilhabeError
        When there are not two columns.
    """
    titles = {column: normal_street(str(column)) for column in frame.columns}
    old = next((column for column, title in titles.items() if _speaks(title, _OLD)), None)
    new = next((column for column, title in titles.items() if column != old and _speaks(title, _NEW)), None)
    texts = [column for column in frame.columns if _is_text(frame[column])]
    old = old if old is not None else next((column for column in texts if column != new), None)
    new = new if new is not None else next((column for column in texts if column != old), None)
    if old is None or new is None:
        raise TeilhabeError(mark("The table of former street names needs two columns: the old name and the new one. "
                                 "It has: {columns}."), columns=", ".join(map(str, frame.columns)))
    kept = frame[[old, new]].dropna().astype(str).apply(lambda column: column.str.strip())
    kept = kept[(kept[old] != "") & (kept[new] != "")]
    return Synonyms(tuple(zip(kept[old], kept[new])))


def _speaks(title, words) -> bool:
    return any(part.startswith(word) for part in title.split() for word in words)


def _is_text(column) -> bool:
    given = column.dropna().astype(str)
    return bool(given.str.contains(r"[^\W\d_]", regex=True).mean() > 0.5) if len(given) else False
