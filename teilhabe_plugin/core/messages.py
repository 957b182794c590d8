"""Messages and errors that can be shown in the user's language.

Core knows no translation: it hands out English templates with named details. ``render`` translates the template and
then fills the details in; it is called where the text meets the user.
"""
from __future__ import annotations

from string import Formatter
from typing import Callable


def mark(text: str) -> str:
    """Mark an English template so that it is collected for translation."""
    return text


#: a number with digits behind its decimal sign; the sign is translated like any other text
DECIMAL = mark("{sign}{whole}.{fraction}")


class _Filling(Formatter):
    """Fills braces; fractions are written as the language does: decimal sign, minus, space before the percent sign."""

    def __init__(self, decimal_sign: str):
        self.decimal_sign = decimal_sign

    def format_field(self, value, format_spec: str) -> str:
        text = super().format_field(value, format_spec)
        if self.decimal_sign == "." or not isinstance(value, float):
            return text
        return text.replace(".", self.decimal_sign).replace("-", "−").replace("%", "\u202f%")


class Message:
    """A sentence for the user: an English template and the details that go into its braces."""

    __slots__ = ("template", "details")

    def __init__(self, template: str, **details):
        self.template = template
        self.details = details

    def render(self, translate: Callable[[str], str] = str) -> str:
        """Return the sentence, its template passed through ``translate``; details may be messages themselves."""
        details = {
            name: value.render(translate) if isinstance(value, Message) else value
            for name, value in self.details.items()
        }
        decimal_sign = translate(DECIMAL).format(sign="", whole="", fraction="")
        return _Filling(decimal_sign).vformat(translate(self.template), (), details)

    def __str__(self) -> str:
        return self.render()

    def __repr__(self) -> str:
        return f"Message({str(self)!r})"

    def __eq__(self, other) -> bool:
        return isinstance(other, Message) and (self.template, self.details) == (other.template, other.details)

    __hash__ = None


class TeilhabeError(Exception):
    """Something the user can mend. Names file, sheet, row, column and value as far as they are known."""

    def __init__(self, template: str, **details):
        super().__init__(template, details)
        self.message = Message(template, **details)

    def __str__(self) -> str:
        return str(self.message)


class Cancelled(TeilhabeError):
    """The user stopped the run; nothing was written."""

    def __init__(self):
        super().__init__(mark("Cancelled by the user. Nothing was written."))


def check_cancelled(cancelled: Callable[[], bool] | None) -> None:
    """Raise `Cancelled` when the given callable says so."""
    if cancelled is not None and cancelled():
        raise Cancelled()
