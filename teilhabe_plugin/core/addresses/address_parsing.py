"""The addresses of a list: cells of one or several columns become one row of parts each.

Each different cell is read once; what a column of its own says comes before what stood with the street.
"""

from __future__ import annotations

from typing import Callable

import numpy as np
import pandas as pd

from ..messages import Cancelled
from . import parsed
from .address_columns import AddressColumns
from .cells import column_of, texts_of
from .number_cells import NumberCells, number_cells
from .parsed import ParsedAddresses
from .place_cells import merge_places
from .street_names import normal_street
from .text_batches import read_texts
from .vocabulary import NO_VOCABULARY, Vocabulary


def parse_addresses(frame: pd.DataFrame, columns: AddressColumns, vocabulary: Vocabulary | None = None,
                    cancelled: Callable[[], bool] | None = None) -> ParsedAddresses:
    """Return what each row of a list says about its address.

    Parameters
    ----------
    frame : DataFrame
        Cells may be text, numbers, dates or missing.
    columns : AddressColumns
        At least one of `address` and `street`. Where a row's street is empty, its address is read.
    vocabulary : Vocabulary, optional
        What the registers know; decides what form alone cannot (“Straße 614 12”, “Berlin-Mitte”).
    cancelled : callable, optional

    Raises
    ------
    Cancelled
        When `cancelled` says so.
    """
    vocabulary = vocabulary or NO_VOCABULARY
    codes, texts = texts_of(_text_cells(frame, columns))
    read = read_texts(texts, vocabulary, cancelled)
    fields = {name: getattr(read, name)[codes] for name in ParsedAddresses.__dataclass_fields__}
    if columns.number or columns.suffix:
        _merge_numbers(fields, number_cells(frame, columns.number, columns.suffix, vocabulary, not columns.postcode))
    if cancelled and cancelled():
        raise Cancelled
    merge_places(fields, frame, columns, vocabulary)
    return ParsedAddresses(**fields)


def _text_cells(frame: pd.DataFrame, columns: AddressColumns):
    """Return the cells that hold the street; of rows without, those of the whole address."""
    if not columns.street or not columns.address or columns.street == columns.address:
        name = columns.street or columns.address
        return column_of(frame, name) if name else np.full(len(frame), None, dtype=object)
    street = column_of(frame, columns.street).to_numpy(dtype=object, copy=True)
    codes, texts = texts_of(street)
    empty = np.array([not text.strip() for text in texts], dtype=bool)[codes]
    street[empty] = column_of(frame, columns.address).to_numpy(dtype=object)[empty]
    return street


def _merge_numbers(fields: dict[str, np.ndarray], cells: NumberCells) -> None:
    """Put the numbers of their own columns before those that stood with the street.

    Where both say different numbers, the one with the street becomes a further number.
    """
    own, in_text = cells.number >= 0, fields["number"] >= 0
    repeated = own & in_text
    alone = own & ~in_text
    for name in ("suffix", "more", "is_range"):
        fields[name] = np.where(alone, getattr(cells, name), fields[name])
    for row in np.flatnonzero(repeated):
        same = cells.number[row] == fields["number"][row]
        if same:
            fields["suffix"][row] = cells.suffix[row] or fields["suffix"][row]
            fields["more"][row] = cells.more[row] or fields["more"][row]
            fields["is_range"][row] |= cells.is_range[row]
        else:
            said = (int(fields["number"][row]), fields["suffix"][row])
            fields["suffix"][row], fields["more"][row] = cells.suffix[row], (*cells.more[row], said)
            fields["repairs"][row] |= parsed.SEVERAL_NUMBERS
            fields["is_range"][row] = False
    for row in np.flatnonzero(in_text & ~own & cells.has_suffix & ~fields["suffix"].astype(bool)):
        fields["suffix"][row] = cells.suffix[row]
    fields["number"] = np.where(own, cells.number, fields["number"]).astype(np.int32)
    fields["repairs"] |= cells.repairs
    # a name with a number is a street to look for
    for row in np.flatnonzero(own & (fields["kind"] == parsed.LANDMARK)):
        fields["kind"][row], fields["normal"][row] = parsed.ADDRESS, normal_street(fields["street"][row])
