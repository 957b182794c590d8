"""Decimal numbers inside messages: the sign between whole and fraction is translated like any other text."""
from __future__ import annotations

from .messages import DECIMAL, Message


def decimal(value: float, digits: int) -> Message:
    """Return a number with so many digits, as a detail of a message; “0.95” becomes “0,95” in German."""
    text = f"{abs(value):.{digits}f}"
    sign = "−" if value < 0 and float(text) else ""
    whole, _, fraction = text.partition(".")
    if not fraction:
        return Message("{sign}{whole}", sign=sign, whole=whole)
    return Message(DECIMAL, sign=sign, whole=whole, fraction=fraction)
