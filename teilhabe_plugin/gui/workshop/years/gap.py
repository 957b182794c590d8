"""The gap between the areas over the years, with an interval."""
from __future__ import annotations

import numpy as np
import pandas as pd

from ....bridge.legend_text import number_text
from ....translation import tr
from ..why.look import text
from .chart import TOP, YearChart


def measures() -> dict[str, tuple[str, str]]:
    """Return the measures of a gap: its name in a list, and as the beginning of a sentence."""
    return {
        "streuung": (tr("Spread (standard deviation)"), tr("The spread")),
        "p90_p10": (tr("P90 − P10: between the upper and the lower tenth"), tr("The distance P90 − P10")),
        "p90_zu_p10": (tr("P90 / P10: ratio of the upper to the lower tenth"), tr("The ratio P90 / P10")),
        "spannweite": (tr("Range: highest to lowest area"), tr("The range")),
    }


class GapChart(YearChart):
    """One measure over the years."""

    def __init__(self, session, parent=None):
        super().__init__(parent)
        self.session, self.rows, self.unit = session, pd.DataFrame(), ""

    def show_gap(self, rows: pd.DataFrame, years, title: str, unit: str) -> None:
        """Draw the rows of `over_time.gap_over_time` of one measure."""
        self.rows, self.years, self.year, self.unit = rows, tuple(years), self.session.year, unit
        self.is_empty = rows.empty
        self.table = pd.DataFrame({
            tr("Year"): rows["jahr"], title: rows["wert"], tr("lower limit (95 %)"): rows["untergrenze"],
            tr("upper limit (95 %)"): rows["obergrenze"]}) if len(rows) else None
        self.redraw()

    def paint(self, width, height, look) -> None:
        rows = self.rows
        values, low, high = (rows[name].to_numpy(float) for name in ("wert", "untergrenze", "obergrenze"))
        base = 1.0 if rows["mass"].iloc[0] == "p90_zu_p10" else 0.0
        axes = self.frame_axes(width, height, look, np.concatenate([values, low, high]), 44, low=base)
        years = rows["jahr"].to_numpy(float)
        axes.fill_between(years, low, high, color=look.accent, alpha=0.18, linewidth=0)
        axes.plot(years, values, color=look.accent, linewidth=2.2, marker="o", markersize=4)
        for place, side in ((0, "left"), (len(years) - 1, "right")):
            axes.annotate(number_text(values[place], 2), (years[place], values[place]), xytext=(0, 9),
                          textcoords="offset points", ha=side if side == "left" else "center", color=look.accent,
                          weight="bold")
        text(self.plane(), 6, TOP / 2, tr("shaded: 95 % interval"), look, ha="left", color=look.quiet,
             fontsize=self.font_size(0.92))

    def hover(self, x, y) -> None:
        year = self.year_at(x)
        there = self.rows[self.rows["jahr"] == year] if year is not None and len(self.rows) else ()
        self.told.emit(self.words(there.iloc[0]) if len(there) else "")

    def words(self, row) -> str:
        """Return a year's value in words."""
        return tr("{year}: {value} (95 % interval {low} to {high})", year=int(row["jahr"]),
                  value=number_text(row["wert"], 2), low=number_text(row["untergrenze"], 2),
                  high=number_text(row["obergrenze"], 2))

    def press_twice(self, x, y) -> None:
        year = self.year_at(x)
        if year is not None:
            self.picked.emit(year)

    def key(self, name) -> bool:
        if name not in ("left", "right") or not self.years:
            return False
        place = self.years.index(self.year) if self.year in self.years else len(self.years) - 1
        self.picked.emit(self.years[min(max(place + (1 if name == "right" else -1), 0), len(self.years) - 1)])
        return True


def gap_words(rows: pd.DataFrame, measure: str, areas: int) -> str:
    """Say whether the gap has become wider since the first year.

    Parameters
    ----------
    rows : DataFrame
        Of one measure, from ``gap_over_time(…, relative=True)``.
    measure : str
    areas : int
        With a value in the first and the last year.
    """
    if len(rows) < 2:
        return tr("This measure cannot be given for these values.")
    last, first = rows.iloc[-1], rows.iloc[0]
    change, low, high = (last[name] for name in ("veraenderung", "veraenderung_unten", "veraenderung_oben"))
    name, start, end = measures()[measure][1], int(first["jahr"]), int(last["jahr"])
    if np.isnan(change) or np.isnan(low):
        return tr("{measure} was {before} in {start} and is {after} in {end}.", measure=name, start=start, end=end,
                  before=number_text(first["wert"], 2), after=number_text(last["wert"], 2))
    interval = tr("95 % interval: {low} to {high}", low=signed_percent(low), high=signed_percent(high))
    share = f"{number_text(abs(100 * change), 0)}\u202f%"
    if change > 0:
        words = tr("{measure} has grown by {share} from {start} to {end} ({interval}).", measure=name, share=share,
                   start=start, end=end, interval=interval)
    else:
        words = tr("{measure} has shrunk by {share} from {start} to {end} ({interval}).", measure=name, share=share,
                   start=start, end=end, interval=interval)
    if low > 0:
        verdict = tr("The areas have drifted apart.")
    elif high < 0:
        verdict = tr("The areas have come closer together.")
    else:
        verdict = tr("The change is within chance.")
    return f"{words} {verdict} " + tr("Compared are the {areas} areas with a value in both years.",
                                      areas=number_text(areas, 0))


def signed_percent(share: float) -> str:
    """Return a share in percent with its sign."""
    words = number_text(100 * share, 0)
    return f"{'+' if round(100 * share) > 0 else ''}{words}\u202f%"
