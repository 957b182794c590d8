"""Charts on how sure ranks and classes are, as inline SVG in the map's colours."""
from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np

from ..translation import tr
from .legend_text import count_text, number_text
from .svg_charts import GRID, INK, QUIET, nice_steps, svg, text_at


def rank_chart(title: str, rank: np.ndarray, low: np.ndarray, high: np.ndarray, colours: Sequence[str],
               names: Sequence[str], width: int = 760, height: int = 320) -> str:
    """Return how far every area's rank moves, over its rank in the recipe.

    Parameters
    ----------
    title : str
    rank, low, high : ndarray
        Rank in the recipe and interval over the runs; NaN for an area without rank.
    colours, names : sequence of str
        Colour of each area's class, and what is read when the pointer rests on it.
    """
    there = np.flatnonzero(~np.isnan(rank) & ~np.isnan(low))
    if not len(there):
        return ""
    left, right, top, bottom = 52, 16, 48, 46
    most = float(np.nanmax(rank[there]))
    steps = nice_steps(float((low - rank)[there].min()), float((high - rank)[there].max()))

    def px(value):
        return left + (value - 1) / max(most - 1, 1) * (width - left - right)

    def py(shift):
        return top + (shift - steps[0]) / (steps[-1] - steps[0]) * (height - top - bottom)

    parts = [text_at(0, 16, title, size=14, weight=600),
             text_at(0, 34, tr("Ranks up (−) or down (+) in 90 % of the runs"), colour=QUIET)]
    for step in steps:
        parts.append(f'<path d="M{left},{py(step):.1f}H{width - right}" stroke="{GRID}"/>')
        text = ("+" if step > 0 else "") + number_text(step)
        parts.append(text_at(left - 6, py(step) + 4, text, anchor="end", colour=QUIET))
    for step in [1.0, *(each for each in nice_steps(1, max(most, 2)) if 1 < each <= most)]:
        parts.append(text_at(px(step), height - bottom + 18, count_text(step), anchor="middle", colour=QUIET))
    parts.append(text_at(width - right, height - 6, tr("Rank in the recipe; 1 = most unfavourable"), anchor="end",
                         colour=QUIET))
    thick = min(max((width - left - right) / most * 0.75, 0.8), 8)
    for i in there[np.argsort(rank[there], kind="stable")]:
        y = py(low[i] - rank[i]) - 0.8, py(high[i] - rank[i]) + 0.8
        parts.append(f'<path d="M{px(rank[i]):.1f},{y[0]:.1f}V{y[1]:.1f}" stroke="{colours[i]}" '
                     f'stroke-width="{thick:.1f}"><title>{escape(names[i])}</title></path>')
    parts.append(f'<path d="M{left},{py(0):.1f}H{width - right}" stroke="{INK}" stroke-width="0.8"/>')
    return svg(width, height, title, parts)


def class_bars(title: str, names: Sequence[str], certain: Sequence[int], uncertain: Sequence[int],
               colours: Sequence[str], width: int = 640) -> str:
    """Return a bar for each class, its uncertain areas hatched as on the map."""
    row, top = 26, 44
    label = min(max(len(name) for name in names) * 7 + 16, width // 2)
    most = max(max(a + b for a, b in zip(certain, uncertain)), 1)
    scale = (width - label - 190) / most
    height = top + row * len(names) + 8
    parts = [
        '<defs><pattern id="unsure" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect width="1.2" height="5" fill="#1c1c1c"/></pattern><pattern id="unsure-light" width="5" height="5" '
        'patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="1.2" height="5" fill="#ffffff"/>'
        '</pattern></defs>',
        text_at(0, 16, title, size=14, weight=600),
        text_at(0, 34, tr("Areas; hatched: class not certain"), colour=QUIET),
    ]
    for i, (name, sure, unsure, colour) in enumerate(zip(names, certain, uncertain, colours)):
        y, first, second = top + i * row, sure * scale, unsure * scale
        fill = "unsure-light" if _is_dark(colour) else "unsure"
        box = f'y="{y + 3}" height="{row - 7}" stroke="#8c8c8c" stroke-width="0.5"'
        parts += [
            text_at(label - 8, y + 17, name, anchor="end"),
            f'<rect x="{label}" width="{first:.1f}" {box} fill="{colour}"/>',
            f'<rect x="{label + first:.1f}" width="{second:.1f}" {box} fill="{colour}"/>',
            f'<rect x="{label + first:.1f}" width="{second:.1f}" {box} fill="url(#{fill})"/>',
            text_at(label + first + second + 8, y + 17,
                    tr("{sure} certain, {unsure} not", sure=count_text(sure), unsure=count_text(unsure)), colour=QUIET),
        ]
    return svg(width, height, title, parts)


def source_bars(title: str, names: Sequence[str], first: Sequence[float], total: Sequence[float],
                width: int = 640) -> str:
    """Return the parts of the sources of uncertainty: alone (dark) and together with others (light)."""
    row, top = 26, 44
    label = min(max(len(name) for name in names) * 7 + 16, width // 2)
    most = max(*total, *first, 0.01)
    scale = (width - label - 110) / most
    height = top + row * len(names) + 8
    parts = [text_at(0, 16, title, size=14, weight=600),
             text_at(0, 34, tr("Share in the differences between the runs; dark: by itself"),
                     colour=QUIET)]
    for i, (name, alone, together) in enumerate(zip(names, first, total)):
        y, alone = top + i * row, min(max(alone, 0), max(together, 0))
        parts += [
            text_at(label - 8, y + 17, name, anchor="end"),
            f'<rect x="{label}" y="{y + 3}" width="{max(together, 0) * scale:.1f}" height="{row - 7}" fill="#a9c7d6"/>',
            f'<rect x="{label}" y="{y + 3}" width="{alone * scale:.1f}" height="{row - 7}" fill="#1f5c7a"/>',
            text_at(label + max(together, 0) * scale + 8, y + 17, f"{number_text(100 * together, 0)}\u202f%",
                    colour=QUIET),
        ]
    return svg(width, height, title, parts)


def _is_dark(colour: str) -> bool:
    red, green, blue = (int(colour[k:k + 2], 16) for k in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue < 130
