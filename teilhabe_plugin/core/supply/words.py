"""Numbers, ways and people of a target group in words, whatever the language."""

from __future__ import annotations

from ..messages import Message, mark
from .reach import MINUTES


def counted(number: float):
    """Return a whole number with the language's sign between thousands, as text or as a `Message`.

    Examples
    --------
    >>> str(counted(214)), str(counted(1234567.2)), str(counted(-1500))
    ('214', '1,234,567', '−1,500')
    """
    whole = round(number)
    if whole < 0:
        return Message(mark("−{number}"), number=counted(-whole))
    if whole < 1000:
        return str(whole)
    return Message(mark("{before},{group}"), before=counted(whole // 1000), group=f"{whole % 1000:03d}")


def signed(number: float):
    """Return a whole number with its sign, “+12” or “−3”; “0” has none."""
    return Message(mark("+{number}"), number=counted(number)) if round(number) > 0 else counted(number)


def way(limit: float, unit: str) -> Message:
    """Return a limit in words, such as “1,000 m” or “10 min”."""
    number = counted(limit) if float(limit).is_integer() else float(limit)
    return Message(mark("{number} min") if unit == MINUTES else mark("{number} m"), number=number)


def people_of(group: str, number: float) -> Message:
    """Return so many people of a group, such as “214 children under 6”; a single one is “1 person (children)”.

    Parameters
    ----------
    group : str
        Name of the group in the plural, "" for people in general.
    number : float
        Rounded to whole people.
    """
    if round(number) == 1:
        return Message(mark("1 person ({group})"), group=group) if group else Message(mark("1 person"))
    if group:
        return Message(mark("{number} {group}"), number=counted(number), group=group)
    return Message(mark("{number} people"), number=counted(number))


def places(number: float) -> Message:
    """Return so many places, “1 place” or “12 places”."""
    if round(number) == 1:
        return Message(mark("1 place"))
    return Message(mark("{number} places"), number=counted(number))
