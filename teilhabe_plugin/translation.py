"""German and English: one context for every text in Python."""
from __future__ import annotations

from functools import lru_cache

from qgis.PyQt.QtCore import QCoreApplication, QLocale, QSettings, QTranslator

from . import paths

CONTEXT = "Teilhabe"


def language() -> str:
    """Return ``"de"`` or ``"en"``, as QGIS is set."""
    if QSettings().value("locale/overrideFlag", False, type=bool):
        name = QSettings().value("locale/userLocale", "", type=str)
    else:
        name = QLocale().name()
    return "de" if name.lower().startswith("de") else "en"


def translate(text: str) -> str:
    """Return the text in the user's language."""
    return QCoreApplication.translate(CONTEXT, text)


def tr(text: str, **details) -> str:
    """Return the text in the user's language, its braces filled with the details."""
    translated = translate(text)
    return translated.format(**details) if details else translated


def render(message) -> str:
    """Return a core `Message` (or the message of a `TeilhabeError`) in the user's language."""
    return getattr(message, "message", message).render(translate)


def render_in(message, which: str) -> str:
    """Return a core `Message` in a language, "de" or "en", whatever that of QGIS is: for what goes into a file."""
    return message.render(str if which == "en" else _german())


@lru_cache(maxsize=1)
def _german():
    """Return what turns an English text into German, apart from the translator that QGIS uses."""
    translator = QTranslator()
    translator.load(str(paths.resource("i18n", "teilhabe_de.qm")))
    return lambda text: translator.translate(CONTEXT, text) or text


def install_translator() -> QTranslator | None:
    """Load the German texts where QGIS is German; the caller keeps the object and removes it again."""
    if language() != "de":
        return None
    translator = QTranslator()
    if not translator.load(str(paths.resource("i18n", "teilhabe_de.qm"))):
        return None
    QCoreApplication.installTranslator(translator)
    return translator
