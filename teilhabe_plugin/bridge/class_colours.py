"""Class colours, fixed by name: one meaning, one colour, on screen and on every page.

The table is ``styles/class_colours.json``. In every palette the favourable class stands first and is light, the
unfavourable end is dark.
"""
from __future__ import annotations

import json
from functools import lru_cache

from qgis.PyQt.QtGui import QColor

from .. import paths
from ..translation import language

SEQUENTIAL = "sequential"


@lru_cache(maxsize=1)
def colour_table() -> dict:
    """Return the colour table as it stands in ``styles/class_colours.json``."""
    return json.loads(paths.style("class_colours.json").read_text(encoding="utf-8"))


def palette_names() -> list[str]:
    """Return the names of all palettes, the generic one last."""
    return [*colour_table()["palettes"], SEQUENTIAL]


def palette_title(palette: str) -> str:
    """Return the heading of a named palette in the user's language."""
    return colour_table()["palettes"][palette]["title"][language()]


def palette_for(names) -> str:
    """Return the first palette that knows every one of these class names, else the generic one."""
    wanted = {_normal(name) for name in names}
    for palette, entry in colour_table()["palettes"].items():
        if wanted and wanted <= set(_colours_by_name(entry)):
            return palette
    return SEQUENTIAL


def colours_for(names, palette: str = "", reverse: bool = False) -> list[str]:
    """Return one colour ``#rrggbb`` per class name.

    Parameters
    ----------
    names : sequence of str
        Class names in their order.
    palette : str
        A palette of `palette_names`; "" takes the palette that knows the names.
    reverse : bool
        True when the unfavourable class stands first. Colours that follow from the name stay as they are.
    """
    palette = palette or palette_for(names)
    entry = colour_table()["palettes"].get(palette)
    if entry is not None:
        known = _colours_by_name(entry)
        if all(_normal(name) in known for name in names):
            return [known[_normal(name)] for name in names]
    ramp = [each["color"] for each in entry["classes"]] if entry else None
    colours = ramp if ramp and len(ramp) == len(names) else _spread(ramp or _sequential(len(names)), len(names))
    return colours[::-1] if reverse else colours


def ink_on(colour: str) -> str:
    """Return the text colour that is readable on a fill."""
    ink = colour_table()["ink"]
    return ink["light"] if lightness(colour) < 58 else ink["dark"]


def halo_on(colour: str) -> str:
    """Return the colour of the halo around a text on a fill: near to the fill, and far from the text."""
    return colour if ink_on(colour) == colour_table()["ink"]["light"] else _mixed(colour, "#ffffff", 0.65)


def lightness(colour: str) -> float:
    """Return the CIE lightness L* (0 black … 100 white) of an sRGB colour."""
    linear = [
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in QColor(colour).getRgbF()[:3]
    ]
    luminance = 0.2126729 * linear[0] + 0.7151522 * linear[1] + 0.0721750 * linear[2]
    return 116 * luminance ** (1 / 3) - 16 if luminance > (6 / 29) ** 3 else luminance * 903.3


def _sequential(count: int) -> list[str]:
    ramps = colour_table()[SEQUENTIAL]
    return ramps.get(str(count)) or ramps[str(min(max(count, 3), 7))]


def _spread(ramp: list[str], count: int) -> list[str]:
    """Return ``count`` colours at even steps along a ramp."""
    if count == 1:
        return [ramp[len(ramp) // 2]]
    colours = []
    for i in range(count):
        position = i * (len(ramp) - 1) / (count - 1)
        low = int(position)
        high, share = min(low + 1, len(ramp) - 1), position - low
        colours.append(_mixed(ramp[low], ramp[high], share))
    return colours


def _mixed(colour: str, other: str, share: float) -> str:
    """Return a colour with a share (0…1) of another in it."""
    pairs = zip(QColor(colour).getRgb()[:3], QColor(other).getRgb()[:3])
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _colours_by_name(entry: dict) -> dict[str, str]:
    return {
        _normal(name): each["color"] for each in entry["classes"] for name in (each["name"], *each["aliases"])
    }


def _normal(name) -> str:
    text = " ".join(str(name).casefold().split())
    return text.replace("−", "-").replace("–", "-").replace("‒", "-")
