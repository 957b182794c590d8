"""Words put together: numbers, lists and the phrase of a method, in the language of a set of phrases."""
from __future__ import annotations

import inspect

from . import aggregate, classes, normalise, treatment, weights

#: where methods and their functions are registered, by the section of the phrases that words them
REGISTRIES = {
    "normalise": normalise.METHODS, "aggregate": aggregate.METHODS, "treatment": treatment.METHODS,
    "missing": treatment.MISSING, "weights": weights.METHODS, "classes": classes.METHODS,
}
#: defaults of class methods and of filling, which have no signature of their own
_DEFAULTS = {"classes": {"ddof": 0, "type": 7, "share": 0.4}, "missing": {"years": 1}}
MINUS = "−"


class Phrases:
    """A language: its texts and how it writes numbers and lists.

    Parameters
    ----------
    texts : dict
        Content of resources/method_text/<language>.json.
    """

    def __init__(self, texts: dict):
        self.texts = texts
        self.format = texts["format"]

    def text(self, *path: str, **details) -> str:
        """Return the text at a path, its braces filled."""
        found = self.texts
        for step in path:
            found = found[step]
        return found.format(**details) if details else found

    def plural(self, count: int, *path: str, **details) -> str:
        """Return the text for one or for many."""
        return self.text(*path, "one" if count == 1 else "many", n=self.count(count), **details)

    def count(self, count: int) -> str:
        """Return a small whole number as a word."""
        words = self.format["numbers"]
        return words[count] if count < len(words) else self.number(count)

    def number(self, value: float, signed: bool = False) -> str:
        """Return a number as the language writes it, with six digits at most behind the decimal sign."""
        text = f"{abs(value):,.6f}".rstrip("0").rstrip(".")
        whole, _, rest = text.partition(".")
        if abs(value) < 10_000:
            whole = whole.replace(",", "")
        text = whole.replace(",", self.format["thousands"]) + (self.format["decimal"] + rest if rest else "")
        sign = MINUS if value < 0 else "+" if signed and value > 0 else ""
        return sign + text

    def percent(self, share: float) -> str:
        """Return a share as percent with one digit at most."""
        return self.format["percent"].format(number=self.number(round(100 * share, 1)))

    def quoted(self, text: str) -> str:
        """Return the text in the language's quotation marks."""
        return text.join(self.format["quotes"])

    def titles(self, titles) -> str:
        """Return titles in quotation marks as a list."""
        return self.list([self.quoted(title) for title in titles])

    def list(self, items, last: str = "") -> str:
        """Return “A, B and C”."""
        items = list(items)
        if len(items) < 2:
            return "".join(items)
        return f"{', '.join(items[:-1])} {last or self.format['and']} {items[-1]}"

    def normalised(self, method: str, settings: dict, has_population: bool, form: str = "long") -> str:
        """Return the participle phrase of a way to normalise."""
        values = with_defaults("normalise", method, settings)
        words = {name: self._value(name, value) for name, value in values.items()}
        words["weighted_sd"] = self.text("values", "weighted_sd", str(bool(values.get("weighted") and has_population)))
        words["weighted"] = self.text("values", "weighted", str(bool(values.get("weighted") and has_population)))
        words["city"] = self.text("values", "city", str(has_population))
        if method == "binary":
            words["threshold"] = self._threshold(values)
        return self.text("normalise", method, form, **words)

    def _threshold(self, values: dict) -> str:
        if values.get("sd") is None:
            return self.text("values", "threshold", "threshold", threshold=self.number(values["threshold"] or 0))
        count = values["sd"]
        name = self.text("values", "sd_count", "one") if count == 1 else self.text(
            "values", "sd_count", "many", n=self.number(count))
        return self.text("values", "threshold", "sd", sd=name)

    def settings(self, section: str, method: str, settings: dict) -> dict[str, str]:
        """Return a method's settings in words, those not given with their defaults."""
        values = with_defaults(section, method, settings)
        return {name: self._value(name, value) for name, value in values.items()}

    def _value(self, name: str, value) -> str:
        known = self.texts["values"].get(name)
        if known is not None and str(value) in known:
            return known[str(value)]
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return self.number(value)
        return "" if value is None else str(value)


def with_defaults(section: str, method: str, settings: dict) -> dict:
    """Return the settings that a method runs with."""
    way = REGISTRIES[section][method]
    known = set(way.settings)
    values = {name: value for name, value in _DEFAULTS.get(section, {}).items() if name in known}
    if section in ("normalise", "aggregate", "treatment"):
        for name, parameter in inspect.signature(way.function).parameters.items():
            if name in known and parameter.default is not inspect.Parameter.empty:
                values[name] = parameter.default
    return {**values, **{name: value for name, value in settings.items() if name in known}}
