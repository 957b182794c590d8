"""What an offer is called on the map: its field of action, guessed by words, and the categories of the legend."""
from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np

from ..addresses.street_names import fold_place
from ..messages import Message, TeilhabeError, mark

#: more categories than this cannot be told apart on a map
MOST = 12


@dataclass(frozen=True)
class ActionField:
    """A field of action and the words in a type of offer that tell of it (folded: small letters, ä as ae)."""

    id: str
    title: str
    words: tuple[str, ...]


#: the first one whose word is in the type counts, so that a paediatrician is health and a debt advice no school
ACTION_FIELDS = (
    ActionField("livelihood", mark("Securing a livelihood"), (
        "schuldner", "tafel", "sozialberat", "jobcenter", "arbeitslos", "erwerbslos", "beschaeftigung", "kleider",
        "existenz", "sozialkaufhaus", "grundsicherung", "mittagstisch", "berufsberat", "jobcoach")),
    ActionField("housing", mark("Housing"), (
        "wohn", "obdach", "miet", "notunterkunft", "notschlaf", "frauenhaus")),
    ActionField("health", mark("Health promotion"), (
        "arzt", "aerzt", "praxis", "praxen", "klinik", "krankenhaus", "gesundheit", "hebamme", "sucht", "drogen",
        "apotheke", "therap", "pflegedienst", "pflegeheim", "altenpflege",
        "pflegeberat", "pflegestuetz", "vorsorge", "ernaehrung", "fruehehilfe", "psych", "impf", "zahn")),
    ActionField("education", mark("Education and integration"), (
        "sprach", "hausaufgaben", "lern", "bibliothek", "buecherei", "schul", "gymnasium", "volkshochschule", "vhs",
        "integration", "migration", "gefluechtet", "fluechtling", "bildung", "nachhilfe", "deutschkurs", "ausbildung")),
    ActionField("families", mark("Children, young people and families"), (
        "kita", "kindertages", "kindergarten", "krippe", "hort", "kinder", "jugend", "familie", "eltern",
        "spielplatz", "spielmobil", "tagespflege", "erziehung")),
    ActionField("leisure", mark("Sport, culture and leisure"), (
        "sport", "verein", "schwimm", "turnen", "kultur", "theater", "museum", "musik", "freizeit", "kino", "garten")),
    ActionField("meeting", mark("Advice and meeting places"), (
        "senior", "begegnung", "nachbarschaft", "treff", "buergerhaus", "stadtteil", "quartier", "berat", "ehrenamt",
        "selbsthilfe", "inklusion", "behinder")),
)
NO_FIELD = mark("no field of action")


def guess_field(kind: str) -> ActionField | None:
    """Return the field of action that a type of offer belongs to, None when no word tells.

    Examples
    --------
    >>> guess_field("Kinderarzt").id, guess_field("Schuldnerberatung").id, guess_field("Musikschule").id
    ('health', 'livelihood', 'education')
    """
    folded = fold_place(kind)
    return next((field for field in ACTION_FIELDS if any(word in folded for word in field.words)), None)


def fields_from_text(text: str) -> dict[str, str]:
    """Return folded type → field of action of a text such as ``Kita = Bildung; Tafel = Existenzsicherung``.

    Raises
    ------
    TeilhabeError
        For a part without “=”.
    """
    found = {}
    for part in filter(None, (each.strip() for each in re.split(r"[;\n]", text))):
        kind, sign, field = (each.strip() for each in part.partition("="))
        if not (sign and kind and field):
            raise TeilhabeError(mark("“{value}”: write type of offer = field of action, separated by semicolons."),
                                value=part)
        found[fold_place(kind)] = field
    return found


def field_of(kind: str, stated: str = "", table: dict[str, str] | None = None) -> str | Message:
    """Return the field of action of an offer: by the user's table, as the list states it, or guessed by words."""
    own = (table or {}).get(fold_place(kind))
    if own or stated:
        return own or stated
    guessed = guess_field(kind)
    return Message(guessed.title if guessed is not None else NO_FIELD)


@dataclass(frozen=True, eq=False)
class Categories:
    """The categories of a legend, the most frequent first, “other” last.

    Attributes
    ----------
    names : tuple of str
    of_row : ndarray of int
        Position of the category of every row.
    counts : tuple of int
        Rows of each category, those that do not count left out.
    has_other : bool
        Whether the last category gathers all others.
    gathered : tuple of str
        What it gathers.
    """

    names: tuple[str, ...]
    of_row: np.ndarray
    counts: tuple[int, ...]
    has_other: bool
    gathered: tuple[str, ...] = ()


def categories_of(texts, other: str, unstated: str, most: int = MOST, counts_as=None) -> Categories:
    """Return the categories of rows; beyond the `most` most frequent ones all are `other`.

    Parameters
    ----------
    texts : sequence of str
        "" for rows that state nothing: they are `unstated`.
    other, unstated : str
        Names of these two categories.
    most : int
    counts_as : sequence of int, optional
        Rows with the same number count once, for measures that are drawn in several areas.
    """
    names = [str(text).strip() or unstated for text in texts]
    identity = np.arange(len(names)) if counts_as is None else np.asarray(counts_as)
    first = np.zeros(len(names), dtype=bool)
    first[np.unique(identity, return_index=True)[1]] = True
    frequency = Counter(name for name, counted in zip(names, first) if counted)
    ranked = sorted(frequency, key=lambda name: (name == unstated, -frequency[name], name))
    kept = ranked if len(ranked) <= most else ranked[:most]
    gathered = tuple(ranked[len(kept):])
    shown = tuple(kept) + ((other,) if gathered else ())
    position = {name: i for i, name in enumerate(kept)}
    of_row = np.array([position.get(name, len(kept)) for name in names], dtype=int)
    counts = np.bincount(of_row[first], minlength=len(shown)) if len(names) else np.zeros(len(shown), dtype=int)
    return Categories(shown, of_row, tuple(int(count) for count in counts), bool(gathered), gathered)
