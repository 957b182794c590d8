"""The areas that tables are joined to, and how a key is found that is not written as the layer writes it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from .field_names import fold
from .messages import TeilhabeError, mark

LEADING_ZEROS, DECIMAL_TAIL, BLANKS, DASHES, CASE, NAME, BY_HAND = (
    "leading_zeros",
    "decimal_tail",
    "blanks",
    "dashes",
    "case",
    "name",
    "by_hand",
)
#: repairs that can be accepted as a kind
REPAIR_KINDS = (LEADING_ZEROS, DECIMAL_TAIL, BLANKS, DASHES, CASE, NAME)
#: repairs that cannot lead to a wrong area and are accepted where nothing else is said
SAFE_REPAIRS = (LEADING_ZEROS, DECIMAL_TAIL, BLANKS, DASHES)

#: what the kinds of repair are called
REPAIR_TITLES = {
    LEADING_ZEROS: mark("leading zeros restored"),
    DECIMAL_TAIL: mark("“.0” at the end removed"),
    BLANKS: mark("blanks removed"),
    DASHES: mark("dashes made equal"),
    CASE: mark("upper and lower case made equal"),
    NAME: mark("name instead of key"),
    BY_HAND: mark("matched by hand"),
}

_DASHES = str.maketrans(dict.fromkeys("–—‑−‐‒―", "-"))
_BLANK = re.compile(r"[\s\u00a0\u2009\u202f\u200b\ufeff]+")
_TAIL = re.compile(r"(\d)[.,]0+\Z")
_MANY = 5


@dataclass(frozen=True, eq=False)
class Areas:
    """Keys and names of the areas, in the order of the layer.

    Attributes
    ----------
    keys : ndarray of str
    names : ndarray of str, optional
    groups : frozenset of str
        What larger units are called: texts that several areas share in another field, such as districts.
    group_of : dict of str to ndarray
        All other text fields, to tell areas of the same name apart.
    fields : tuple of str
        Field names of the layer, which results must not take.
    """

    keys: np.ndarray
    names: np.ndarray | None = None
    groups: frozenset = frozenset()
    group_of: dict = field(default_factory=dict)
    fields: tuple[str, ...] = ()

    @classmethod
    def from_frame(cls, frame: pd.DataFrame, key_field: str, name_field: str = "", ids=None) -> Areas:
        """Take the areas from the layer's attributes.

        Parameters
        ----------
        frame : DataFrame
        key_field, name_field : str
        ids : sequence, optional
            Feature ids for messages.

        Raises
        ------
        TeilhabeError
            When the key field has gaps or a key stands twice.
        """
        ids = np.asarray(ids if ids is not None else np.arange(1, len(frame) + 1))
        if key_field not in frame.columns:
            raise TeilhabeError(mark("The area layer has no field “{field}”."), field=key_field)
        if not len(frame):
            raise TeilhabeError(mark("The area layer holds no areas."))
        keys = as_keys(frame[key_field])
        gaps = np.flatnonzero([not isinstance(key, str) or not _BLANK.sub("", key) for key in keys])
        if len(gaps):
            raise TeilhabeError(
                mark(
                    "The key field “{field}” is empty in {n} areas (feature ids {ids}). Fill in the "
                    "keys or choose another field."
                ),
                field=key_field,
                n=len(gaps),
                ids=_some(ids[gaps]),
            )
        doubled = pd.Series(keys).duplicated(keep=False).to_numpy()
        if doubled.any():
            first = keys[np.flatnonzero(doubled)[0]]
            raise TeilhabeError(
                mark(
                    "The key field “{field}” is not unique: {n} areas share a key, for example “{key}” "
                    "(feature ids {ids}). Choose the field that names every area once."
                ),
                field=key_field,
                n=int(doubled.sum()),
                key=first,
                ids=_some(ids[keys == first]),
            )
        names = as_keys(frame[name_field]) if name_field else None
        group_of, groups = {}, set()
        for column in frame.columns:
            if column in (key_field, name_field) or not _is_text(frame[column]):
                continue
            group_of[str(column)] = values = as_keys(frame[column])
            unique = {value for value in values if isinstance(value, str) and value}
            if len(unique) <= 0.7 * len(frame):
                groups |= unique
        return cls(keys, names, frozenset(groups), group_of, tuple(str(column) for column in frame.columns))

    def __len__(self):
        return len(self.keys)

    def name_at(self, position: int) -> str:
        """Name of an area, "" when the layer bears none."""
        if self.names is None or not isinstance(self.names[position], str):
            return ""
        return self.names[position]

    @cached_property
    def index(self) -> pd.Index:
        """Positions by key."""
        return pd.Index(self.keys, dtype=object)

    @cached_property
    def texts(self) -> frozenset:
        """Keys and names, by which a table's rows and sheets are told from its headings."""
        names = () if self.names is None else (name for name in self.names if isinstance(name, str) and name)
        return frozenset((*self.keys, *names))

    @cached_property
    def by_canonical(self) -> dict:
        """Positions by the key without zeros, blanks, dashes' shapes and case."""
        return _lookup(canonical(key) for key in self.keys)

    @cached_property
    def by_name(self) -> dict:
        """Positions by folded name."""
        if self.names is None:
            return {}
        return _lookup(fold_name(name) if isinstance(name, str) else "" for name in self.names)

    @cached_property
    def folded_groups(self) -> frozenset:
        """Names of larger units, folded."""
        return frozenset(fold_name(name) for name in self.groups)

    @cached_property
    def folded_fields(self) -> frozenset:
        """Everything the other text fields say, folded."""
        return frozenset(
            fold_name(value)
            for values in self.group_of.values()
            for value in set(values)
            if isinstance(value, str) and value
        )

    @cached_property
    def prefixes(self) -> dict:
        """Number of areas by proper beginning of their keys (two characters at least)."""
        counts = {}
        for key in self.keys:
            for end in range(2, len(key)):
                counts[key[:end]] = counts.get(key[:end], 0) + 1
        return {prefix: n for prefix, n in counts.items() if n > 1}


def as_keys(column) -> np.ndarray:
    """A column as texts: 1101 becomes "1101"; texts stay as they are; missing becomes None."""
    values = column.to_numpy(dtype=object) if isinstance(column, pd.Series) else np.asarray(column, dtype=object)
    if pd.api.types.infer_dtype(values, skipna=False) == "string":
        return values
    missing = pd.isna(values)
    return np.array([None if gap else _text(value) for value, gap in zip(values, missing)], dtype=object)


def _text(value):
    if isinstance(value, str):
        return value
    if isinstance(value, (float, np.floating)):
        return str(int(value)) if float(value).is_integer() else repr(float(value))
    return str(value)


def canonical(key: str, tail: bool = False) -> str:
    """The part of a key that no office software changes."""
    text = _BLANK.sub("", key.translate(_DASHES)).casefold()
    if tail:
        text = _TAIL.sub(r"\1", text)
    return text.lstrip("0") or text[-1:]


def fold_name(name: str) -> str:
    """A name without case, umlauts, blanks, dashes and points; "str." reads as "strasse"."""
    text = fold(name.translate(_DASHES))
    text = re.sub(r"str\.(?=\W|\Z)", "strasse", text)
    return re.sub(r"[^a-z0-9]+", "", text)


def needed_repairs(value: str, key: str) -> tuple[str, ...]:
    """The kinds of repair that lead from a table's value to the area key."""
    kinds = []
    if _BLANK.search(value) or _BLANK.search(key):
        kinds.append(BLANKS)
    text, target = _BLANK.sub("", value), _BLANK.sub("", key)
    if text.translate(_DASHES) != text:
        kinds.append(DASHES)
    text, target = text.translate(_DASHES), target.translate(_DASHES)
    if DASHES not in kinds and text == target and value != key and not kinds:
        kinds.append(DASHES)
    if text.casefold() != target.casefold() and _TAIL.search(text) and canonical(text) != canonical(target):
        kinds.append(DECIMAL_TAIL)
        text = _TAIL.sub(r"\1", text)
    if text.casefold() != target.casefold():
        kinds.append(LEADING_ZEROS)
    text, target = text.lstrip("0"), target.lstrip("0")
    if text != target:
        kinds.append(CASE)
    return tuple(kinds)


def _lookup(texts) -> dict:
    found = {}
    for position, text in enumerate(texts):
        if text:
            found.setdefault(text, []).append(position)
    return found


def _is_text(column) -> bool:
    return column.dtype == object or pd.api.types.is_string_dtype(column.dtype)


def _some(ids) -> str:
    text = ", ".join(str(i) for i in ids[:_MANY])
    return f"{text}, …" if len(ids) > _MANY else text
