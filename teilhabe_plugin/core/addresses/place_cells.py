"""Postcodes, places and districts in columns of their own."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from . import parsed
from .cells import column_of, is_nothing, texts_of, tidy
from .place_parts import NOWHERE, PlaceParts, read_place
from .vocabulary import Vocabulary


class PlaceCells(NamedTuple):
    """What one column says about the place, one entry per row; `said` marks rows where it says anything."""

    postcode: np.ndarray
    place: np.ndarray
    district: np.ndarray
    text: np.ndarray
    restored: np.ndarray


def place_cells(frame: pd.DataFrame, column: str, vocabulary: Vocabulary, district: bool = False) -> PlaceCells:
    """Return what a column says about the place; with `district` a single unknown name is a district."""
    codes, texts = texts_of(column_of(frame, column))
    found = [_read(text, vocabulary, district) for text in texts]
    return PlaceCells(
        np.array([each.postcode for each in found], dtype=np.int32)[codes],
        np.array([each.place for each in found], dtype=object)[codes],
        np.array([each.district for each in found], dtype=object)[codes],
        np.array([each.text for each in found], dtype=object)[codes],
        np.array([each.restored for each in found], dtype=bool)[codes])


def merge_places(fields: dict[str, np.ndarray], frame: pd.DataFrame, columns, vocabulary: Vocabulary) -> None:
    """Put what the columns of postcode, place and district say before what stood with the street."""
    for column, is_district in ((columns.postcode, False), (columns.place, False), (columns.district, True)):
        if not column:
            continue
        cells = place_cells(frame, column, vocabulary, is_district)
        given = cells.postcode >= 0
        if column != columns.postcode and columns.postcode:
            given &= fields["postcode"] < 0
        fields["postcode"] = np.where(given, cells.postcode, fields["postcode"]).astype(np.int32)
        fields["repairs"][given & cells.restored] |= parsed.ZERO_RESTORED
        for name, values in (("place", cells.place), ("district", cells.district)):
            given = values.astype(bool)
            if is_district and name == "place":
                given &= ~fields["place"].astype(bool)
            fields[name] = np.where(given, values, fields[name])
            if name == "place":
                fields["place_text"] = np.where(given, cells.text, fields["place_text"])


def _read(text: str, vocabulary: Vocabulary, district: bool) -> PlaceParts:
    text = tidy(text)
    if is_nothing(text):
        return NOWHERE
    found = read_place(text, vocabulary)
    if district and found.place and not found.district and not found.known:
        return found._replace(place="", district=found.place)
    return found
