"""Numbers as they are shown in the dialog: in the language of the window."""
from __future__ import annotations

from qgis.PyQt.QtCore import QLocale

from ..translation import language


def count(number) -> str:
    """Return a whole number with the language's sign for thousands."""
    return QLocale(language()).toString(int(number))


def plain(number: float) -> str:
    """Return a number with the language's decimal sign and without a sign for thousands."""
    locale = QLocale(language())
    locale.setNumberOptions(QLocale.NumberOption.OmitGroupSeparator)
    whole = float(number).is_integer() and abs(number) < 1e15
    return locale.toString(int(number)) if whole else locale.toString(float(number), "g", 12)
