"""What fields and their values are called: the words of the workbook, so that window and Excel speak alike."""
from __future__ import annotations

from functools import lru_cache

from ...translation import language, tr


@lru_cache(maxsize=2)
def _words(which: str) -> dict:
    from ...bridge.catalogue_files import workbook_words

    return workbook_words(which)


def words(which: str = "") -> dict:
    """Return the workbook's words in a language, by default the user's."""
    return _words(which or language())


def heading(field: str, part: str = "indicators") -> str:
    """Return what a field is called; ``part`` is "indicators", "history" or "catalogue"."""
    found = words()[part][field]
    return found if isinstance(found, str) else found[0]


def meaning(field: str) -> str:
    """Return what belongs into a field of an indicator, and what is allowed there."""
    own = {
        "number": tr("Identifies the indicator, such as 3.3 or A.1: letters and digits, parted by . - or _, each "
                     "number once. Recipes refer to it."),
        "dimension": tr("Group of the indicator. Dimensions are kept under “Catalogue and dimensions”."),
        "factor": tr("100 for percent, 1000 for per 1,000, 1 for means and ratios. A number above 0."),
        "pool_years": tr("So many years are put together; 1: single years. A whole number from 1."),
        "minimum_denominator": tr("Values with a smaller denominator are not shown; 0: no limit."),
        "numerator": tr("What is counted. Needed for every calculation from counts."),
        "denominator": tr("What it is related to. Needed for every calculation from counts."),
    }
    return own.get(field) or words()["indicators"][field][1]


def master_meaning(field: str) -> str:
    """Return what belongs into a field of the catalogue itself."""
    return {
        "id": tr("Short name without blanks: letters and digits, parted by . - or _. Recipes can name the catalogue by "
                 "it."),
        "title": tr("What the catalogue is called in lists and method texts."),
        "version": tr("Edition of the whole catalogue, such as 1.2."),
        "date": tr("Day of this edition, such as 31.12.2025."),
        "language": tr("Language of the texts; the Excel workbook gets its headings in it."),
        "publisher": tr("Office that publishes the catalogue."),
        "note": tr("What readers of the catalogue have to know."),
    }[field]


def choices(field: str) -> dict[str, str]:
    """Return value → text for a field with a list, the empty value included where it is allowed."""
    found = dict(words()["values"][field])
    return {"": tr("not stated"), **found} if field == "status" else found


def decimal_sign() -> str:
    """Return the language's decimal sign."""
    return "," if language() == "de" else "."


def difference_row(change) -> tuple[str, str, str, str, str]:
    """Return a `core.catalogue.Change` as number, name, what differs, before and after."""
    if change.kind == "added":
        return change.number, change.name, tr("new indicator"), "", ""
    if change.kind == "removed":
        return change.number, change.name, tr("indicator removed"), "", ""
    values = words()["values"].get(change.field, {})
    before, after = (_shown(change.field, values.get(value, value)) for value in (change.before, change.after))
    own = {"order": tr("Order of the indicators"), "history": tr("History"),
           "dimensions": words()["headings"]["dimensions"]}
    if change.number:
        name = own.get(change.field) or heading(change.field)
    else:
        name = own.get(change.field) or words()["catalogue"].get(change.field, change.field)
    return change.number, change.name if change.number else tr("Catalogue"), name, before, after


def _shown(field: str, value) -> str:
    from ...core.catalogue_editing_checks import date_shown, number_shown

    if isinstance(value, (int, float)):
        return number_shown(value, decimal_sign())
    return date_shown(value, language()) if field == "date" else str(value)
