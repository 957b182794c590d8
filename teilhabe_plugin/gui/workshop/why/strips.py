"""Where each indicator of an area stands among all areas: a dot on a range, with the city's and the district's mark."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.patches import Rectangle

from ....core.area_figures import MISSING
from ....core.area_profile import IndicatorProfile
from ....core.area_sentences import amount, state_in_words
from ....translation import render, tr
from .look import TOP, Look, RowChart, ends, look_of, text

#: room for the rank on the right
_RANK = "000 / 000"


@dataclass(frozen=True)
class Strip:
    """A row: an indicator, or the heading of a dimension where there is none; ``other`` is that of a second area."""

    heading: str = ""
    indicator: IndicatorProfile | None = None
    other: IndicatorProfile | None = None


class Strips(RowChart):
    """All indicators of an area, dimension by dimension."""

    def __init__(self, parent=None):
        super().__init__(parent)
        self.profile, self.other = None, None
        self.places: list[tuple[float, float, Strip]] = []
        self.pointed = ""

    def show_profile(self, profile, view, other=None) -> None:
        """Draw an area's indicators, and those of another area beside them."""
        self.profile, self.view, self.other = profile, view, other
        self.redraw()

    def point_at(self, indicator: str) -> None:
        """Point out an indicator."""
        if indicator != self.pointed:
            self.pointed = indicator
            self.redraw()

    def strips(self) -> list[Strip]:
        """Return what is drawn, from top to bottom."""
        if self.profile is None:
            return []
        found, others = [], {each.id: each for each in self.other.indicators} if self.other is not None else {}
        inside = {name: step for step in self.profile.steps for name, _ in step.parts}
        last = None
        for each in self.profile.indicators:
            step = inside.get(each.id)
            if step is not None and step is not last:
                found.append(Strip(step.title))
            last = step
            found.append(Strip("", each, others.get(each.id)))
        return found

    def look(self, is_print: bool = False) -> Look:
        bad, good = ends(self.view)
        return look_of(self, bad, good, is_print)

    # rows ------------------------------------------------------------------------------------------------------

    def wanted_height(self, width: float, look: Look) -> float:
        return sum(self._height(strip, look) for strip in self.strips()) + self._key_height(width, look)

    def _height(self, strip: Strip, look: Look) -> float:
        return look.height + (9 if strip.indicator is None else 21)

    def _key_height(self, width: float, look: Look) -> float:
        return len(self._key_lines(width, look)) * (look.height + 4) + look.height + 6 + TOP

    def paint(self, axes, width: float, look: Look) -> None:
        top, self.places = self._key(axes, width, look), []
        for strip in self.strips():
            height = self._height(strip, look)
            self.places.append((top, top + height, strip))
            if strip.indicator is None:
                text(axes, 2, top + height - look.height / 2 - 1, strip.heading, look, ha="left", weight="bold",
                     color=look.quiet)
            else:
                self._strip(axes, strip, top, width, look)
            top += height

    def _strip(self, axes, strip: Strip, top: float, width: float, look: Look) -> None:
        each, line = strip.indicator, top + look.height / 2 + 1
        if each.id == self.pointed:
            axes.add_patch(Rectangle((0, top - 2), width, look.height + 20, facecolor=look.line, alpha=0.35, zorder=0))
        value = render(amount(each.value, each)) if each.rank else tr("no data")
        if strip.other is not None:
            value = tr("{first} | {second}", first=value,
                       second=render(amount(strip.other.value, each)) if strip.other.rank else tr("no data"))
        used = look.width(value, True) + 10
        text(axes, width - 3, line, value, look, ha="right", weight="bold",
             color=look.ink if each.rank else look.quiet)
        text(axes, 2, line, look.fitted(each.title, width - used - 6), look, ha="left")
        middle = top + look.height + 10
        right = width - look.width(_RANK) - 8
        scale = self._scale(each, 8, right - 6)
        if scale is None:
            return
        self._range(axes, each, scale, middle, look)
        for profile, marker in ((strip.other, "s"), (each, "o")):
            if profile is not None and profile.rank:
                axes.plot(scale(profile.value), middle, marker=marker, markersize=8.5 if marker == "o" else 7,
                          color=self._colour(profile, look), markeredgecolor=look.ink, markeredgewidth=0.9, zorder=5)
        words = tr("{rank} / {of}", rank=each.rank, of=each.of) if each.rank else ""
        if each.state == MISSING:
            state = state_in_words(each)
            words = ""
            text(axes, scale.middle, middle, f" {look.fitted(render(state), right - 60)} ", look, ha="center",
                 color=look.quiet, style="italic", zorder=6,
                 bbox={"facecolor": look.paper, "edgecolor": "none", "pad": 0.5})
        text(axes, width - 3, middle, words, look, ha="right", color=look.quiet)

    def _range(self, axes, each: IndicatorProfile, scale, middle: float, look: Look) -> None:
        spread = each.spread
        axes.plot([scale(spread.lowest), scale(spread.highest)], [middle, middle], color=look.line, linewidth=2,
                  solid_capstyle="round", zorder=1)
        a, b = sorted((scale(spread.lower), scale(spread.upper)))
        axes.add_patch(Rectangle((a, middle - 4.5), max(b - a, 1.5), 9, facecolor=look.line, edgecolor="none",
                                 zorder=2))
        if not np.isnan(each.city):
            axes.plot([scale(each.city)] * 2, [middle - 7.5, middle + 7.5], color=look.accent, linewidth=1.8, zorder=3)
        if not np.isnan(each.district) and self.profile.district:
            axes.plot(scale(each.district), middle, marker="D", markersize=5.2, markerfacecolor=look.paper,
                      markeredgecolor=look.accent, markeredgewidth=1.2, zorder=6)

    def _scale(self, each: IndicatorProfile, left: float, right: float):
        """Return what turns values into pixels, less favourable ones on the same side as in the scores."""
        low, high = each.spread.lowest, each.spread.highest
        if np.isnan(low):
            return None
        if high <= low:
            low, high = low - 1, high + 1
        bad_right = self.profile.high_is_bad
        is_turned = (each.high_is == "unfavourable") != bad_right
        return _Line(low, high, left, right, is_turned)

    def _colour(self, each: IndicatorProfile, look: Look) -> str:
        return {1: look.bad, -1: look.good}.get(each.side, look.paper)

    # the key ---------------------------------------------------------------------------------------------------

    def _entries(self) -> list[tuple[str, str]]:
        if self.other is not None:
            found = [("own", self.profile.label), ("other", self.other.label)]
        else:
            found = [("sides", tr("less or more favourable than the city"))]
        found.append(("city", tr("city")))
        if self.profile.district:
            found.append(("district", f"{self.profile.district_title} {self.profile.district}"))
        return [*found, ("half", tr("middle half of the areas"))]

    def _key_lines(self, width: float, look: Look) -> list[list[tuple[str, str, float]]]:
        lines, used = [[]], 2.0
        for kind, words in self._entries():
            words = look.fitted(words, width - _indent(kind) - 4)
            needed = _indent(kind) + look.width(words) + 14
            if lines[-1] and used + needed > width:
                lines.append([])
                used = 2.0
            lines[-1].append((kind, words, used))
            used += needed
        return lines

    def _key(self, axes, width: float, look: Look) -> float:
        """Draw what the marks mean, and which side is the favourable one; return where the rows begin."""
        top = float(TOP)
        for line in self._key_lines(width, look):
            middle = top + look.height / 2
            for kind, words, x in line:
                self._mark(axes, kind, x + 8, middle, look)
                text(axes, x + _indent(kind) - 1, middle, words, look, ha="left", color=look.quiet)
            top += look.height + 4
        middle = top + look.height / 2
        bad, good = tr("less favourable"), tr("more favourable")
        left, right = (f"← {good}", f"{bad} →") if self.profile.high_is_bad else (f"← {bad}", f"{good} →")
        end = width - look.width(_RANK) - 14
        text(axes, 2, middle, left, look, ha="left", color=look.quiet)
        text(axes, end, middle, right, look, ha="right", color=look.quiet)
        text(axes, width - 3, middle, tr("Rank"), look, ha="right", color=look.quiet)
        return top + look.height + 4

    def _mark(self, axes, kind: str, x: float, y: float, look: Look) -> None:
        if kind in ("own", "other"):
            axes.plot(x, y, marker="o" if kind == "own" else "s", markersize=8 if kind == "own" else 7,
                      color=look.line, markeredgecolor=look.ink, markeredgewidth=0.9)
        elif kind == "sides":
            for place, colour in ((x - 4, look.bad), (x + 7, look.good)):
                axes.plot(place, y, marker="o", markersize=8, color=colour, markeredgecolor=look.ink,
                          markeredgewidth=0.9)
        elif kind == "city":
            axes.plot([x, x], [y - 7, y + 7], color=look.accent, linewidth=1.8)
        elif kind == "district":
            axes.plot(x, y, marker="D", markersize=5.2, markerfacecolor=look.paper, markeredgecolor=look.accent,
                      markeredgewidth=1.2)
        else:
            axes.add_patch(Rectangle((x - 8, y - 4.5), 16, 9, facecolor=look.line, edgecolor="none"))

    def at(self, y: float) -> None:
        strip = next((strip for top, bottom, strip in self.places if top <= y < bottom), None)
        if strip is not None and strip.indicator is not None:
            self.picked.emit(strip.indicator.id)


def _indent(kind: str) -> float:
    """Return the room for a mark of the key."""
    return 28 if kind == "sides" else 20


class _Line:
    """From values to pixels."""

    def __init__(self, low: float, high: float, left: float, right: float, is_turned: bool):
        self.low, self.high, self.left, self.right, self.is_turned = low, high, left, right, is_turned
        self.middle = (left + right) / 2

    def __call__(self, value: float) -> float:
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        share = 1 - share if self.is_turned else share
        return self.left + share * (self.right - self.left)
