"""Text that a spreadsheet would run as a formula, made harmless and read back."""

from __future__ import annotations

#: a cell that begins with one of these is a formula to a spreadsheet, or becomes one when a blank in front is cut off
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
GUARD = "'"
#: letters that a spreadsheet's cell holds
LONGEST = 32_767


def guarded(value):
    """Return the value for a spreadsheet: an apostrophe stands before text that would be a formula.

    Examples
    --------
    >>> guarded("=1+1"), guarded("Ackerstraße 1"), guarded(-5)
    ("'=1+1", 'Ackerstraße 1', -5)
    """
    return GUARD + value if isinstance(value, str) and value.startswith(STARTS) else value


def unguarded(value):
    """Return what `guarded` was given."""
    if isinstance(value, str) and value.startswith(GUARD) and value[1:].startswith(STARTS):
        return value[1:]
    return value


def cell_text(text: str) -> str:
    """Return a text as a workbook's cell can hold it: no formula, no control characters, not too long."""
    return guarded("".join(letter for letter in text if letter >= " " or letter in "\t\n"))[:LONGEST]
