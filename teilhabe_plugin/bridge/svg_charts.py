"""Charts for reports as inline SVG: few lines, direct labels, the map's colours and fonts."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from .legend_text import number_text

INK, QUIET, GRID = "#222222", "#5a5a5a", "#d9dee1"
#: distinct in grey print, too; more lines than these are too many for one chart
LINE_COLOURS = ("#1f5c7a", "#b35900", "#5b8c2a", "#7a3b69", "#333333", "#8a8a8a")
_FONT = 'font-family="Segoe UI, Noto Sans, DejaVu Sans, Arial, sans-serif"'


@dataclass(frozen=True)
class Line:
    """A line of a chart, with an interval around it where ``low`` and ``high`` are given; NaN leaves a gap."""

    name: str
    values: Sequence[float]
    low: Sequence[float] | None = None
    high: Sequence[float] | None = None


def nice_steps(low: float, high: float, count: int = 5) -> list[float]:
    """Return round numbers, about ``count`` of them, that reach from below ``low`` to above ``high``."""
    if low == high:
        low, high = low - 1, high + 1
    raw = (high - low) / count
    power = 10.0 ** np.floor(np.log10(raw))
    step = power * min((each for each in (1, 2, 2.5, 5, 10) if each * power >= raw - 1e-12), default=10)
    first = np.floor(low / step + 1e-9)
    last = np.ceil(high / step - 1e-9)
    return [round(float(k * step), 10) for k in np.arange(first, last + 1)]


def line_chart(title: str, x: Sequence[int], lines: Sequence[Line], unit: str = "", width: int = 640,
               height: int = 260) -> str:
    """Return lines over the years as SVG.

    Parameters
    ----------
    title : str
    x : sequence of int
        The years, ascending.
    lines : sequence of Line
        Each is labelled at its right end.
    unit : str
        Written above the axis.
    """
    left, right, top, bottom = 52, 150 if len(lines) > 1 else 40, 44, 28
    everything = [v for line in lines for part in (line.values, line.low, line.high) if part is not None for v in part]
    known = np.array(everything, float)
    known = known[~np.isnan(known)]
    if not len(known):
        return ""
    steps = nice_steps(float(known.min()), float(known.max()))
    decimals = max(len(f"{step:.10f}".rstrip("0").partition(".")[2]) for step in steps)

    def px(value):
        return left + (value - x[0]) / max(x[-1] - x[0], 1) * (width - left - right)

    def py(value):
        return height - bottom - (value - steps[0]) / (steps[-1] - steps[0]) * (height - top - bottom)

    parts = [text_at(0, 16, title, size=14, weight=600), text_at(0, 34, unit, colour=QUIET)]
    for step in steps:
        parts.append(f'<path d="M{left},{py(step):.1f}H{width - right}" stroke="{GRID}"/>')
        parts.append(text_at(left - 6, py(step) + 4, number_text(step, decimals), anchor="end", colour=QUIET))
    for year in _every(x, 8):
        parts.append(text_at(px(year), height - 8, str(year), anchor="middle", colour=QUIET))
    ends = _apart([_last(line.values) for line in lines], py)
    for line, colour, end in zip(lines, LINE_COLOURS * 9, ends):
        if line.low is not None and line.high is not None:
            parts.append(_band(x, line, px, py, colour))
        parts.append(_path(x, line.values, px, py, colour))
        if end is not None and len(lines) > 1:
            parts.append(text_at(width - right + 8, end + 4, line.name, colour=colour))
    return svg(width, height, title, parts)


def bar_chart(title: str, names: Sequence[str], values: Sequence[float], unit: str = "", width: int = 640) -> str:
    """Return horizontal bars with their numbers, in the order given; negative ones go to the left."""
    row, top = 22, 44
    label = min(max((len(name) for name in names), default=0) * 7 + 12, width // 2)
    height = top + row * len(names) + 8
    low, high = min(0.0, *values, 0.0), max(0.0, *values, 0.0)
    scale = (width - label - 110) / ((high - low) or 1)
    zero = label + 50 - low * scale
    parts = [text_at(0, 16, title, size=14, weight=600), text_at(0, 34, unit, colour=QUIET)]
    for i, (name, value) in enumerate(zip(names, values)):
        y = top + i * row
        start = zero + min(value, 0) * scale
        parts.append(text_at(label - 8, y + 15, name, anchor="end"))
        parts.append(f'<rect x="{start:.1f}" y="{y + 3}" width="{abs(value) * scale:.1f}" height="{row - 6}" '
                     f'fill="{LINE_COLOURS[0] if value >= 0 else LINE_COLOURS[1]}"/>')
        at, anchor = (start - 5, "end") if value < 0 else (start + value * scale + 5, "start")
        parts.append(text_at(at, y + 15, number_text(value, 2), anchor=anchor, colour=QUIET))
    parts.append(f'<line x1="{zero:.1f}" x2="{zero:.1f}" y1="{top}" y2="{height - 8}" stroke="{INK}"/>')
    return svg(width, height, title, parts)


def svg(width: int, height: int, title: str, parts: list[str]) -> str:
    """Return a picture made of parts; the title is read out by screen readers."""
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
            f'style="max-width:100%" role="img" aria-label="{escape(title)}">' + "".join(parts) + "</svg>")


def text_at(x: float, y: float, text: str, size: int = 12, anchor: str = "start", colour: str = INK,
            weight: int = 400) -> str:
    """Return a text at a place, "" for none."""
    return (f'<text x="{x:.1f}" y="{y:.1f}" {_FONT} font-size="{size}" font-weight="{weight}" fill="{colour}" '
            f'text-anchor="{anchor}">{escape(text)}</text>') if text else ""


def _path(x, values, px, py, colour: str) -> str:
    commands, pen_down = [], False
    for year, value in zip(x, values):
        if np.isnan(value):
            pen_down = False
            continue
        commands.append(f"{'L' if pen_down else 'M'}{px(year):.1f},{py(value):.1f}")
        pen_down = True
    dots = "".join(f'<circle cx="{px(a):.1f}" cy="{py(b):.1f}" r="2.5" fill="{colour}"/>'
                   for a, b in zip(x, values) if not np.isnan(b))
    return f'<path d="{" ".join(commands)}" fill="none" stroke="{colour}" stroke-width="2"/>{dots}'


def _band(x, line: Line, px, py, colour: str) -> str:
    there = [i for i in range(len(x)) if not np.isnan(line.low[i]) and not np.isnan(line.high[i])]
    points = [f"{px(x[i]):.1f},{py(line.high[i]):.1f}" for i in there]
    points += [f"{px(x[i]):.1f},{py(line.low[i]):.1f}" for i in reversed(there)]
    return f'<polygon points="{" ".join(points)}" fill="{colour}" fill-opacity="0.15"/>'


def _every(x: Sequence[int], most: int) -> list[int]:
    step = -(-len(x) // most)
    return list(x)[::-1][::step]


def _last(values) -> float | None:
    there = [value for value in values if not np.isnan(value)]
    return there[-1] if there else None


def _apart(values: list[float | None], py, least: float = 15) -> list[float | None]:
    """Return the heights of the labels, moved apart where they would overlap."""
    order = sorted((i for i, value in enumerate(values) if value is not None), key=lambda i: py(values[i]))
    heights: list[float | None] = [None] * len(values)
    before = -np.inf
    for i in order:
        heights[i] = before = max(py(values[i]), before + least)
    return heights
