"""How many areas each class of a cross has, as bars from left to right."""
from __future__ import annotations

import numpy as np
import pandas as pd

from ....bridge.legend_text import count_text
from ....translation import tr
from ..chart import SELECTED, Chart, emptied


class CrossBars(Chart):
    """A bar per class; a click gives the areas of its class."""

    def __init__(self, parent=None):
        super().__init__(parent)
        self.positions, self.axes, self.names = np.empty(0, int), None, ()
        self.selection: tuple[int, ...] = ()
        self.canvas.mpl_connect("button_press_event", self._pressed)

    def show_counts(self, names, colours, positions, selection=()) -> None:
        """Draw the classes, the first one on top."""
        self.names, self.positions, self.selection = tuple(names), positions, tuple(selection)
        counts = np.bincount(positions[positions >= 0], minlength=len(names))
        chosen = positions[list(selection)] if len(selection) else np.empty(0, int)
        marked = np.bincount(chosen[chosen >= 0], minlength=len(names))
        emptied(self.figure)
        with self.style():
            self.axes = axes = self.figure.add_subplot()
            places = np.arange(len(names))
            axes.barh(places, counts, color=colours, edgecolor="#5f6a70", linewidth=0.6, height=0.78)
            axes.barh(places[marked > 0], marked[marked > 0], color=SELECTED, alpha=0.85, height=0.78)
            for place, count in enumerate(counts.tolist()):
                axes.annotate(count_text(count), (count, place), xytext=(4, 0), textcoords="offset points",
                              va="center")
            axes.set_yticks(places)
            axes.set_yticklabels(names)
            axes.tick_params(axis="y", length=0)
            axes.set_xticks([])
            axes.spines["bottom"].set_visible(False)
            axes.set_xlim(0, max(counts.max(initial=0), 1) * 1.12)
            axes.set_ylim(len(names) - 0.4, -0.6)
        self.table = pd.DataFrame({tr("Class"): list(names), tr("Areas"): counts})
        self.draw()

    def _pressed(self, event) -> None:
        if event.button != 1 or self.axes is None or event.y is None:
            return
        place = round(float(self.axes.transData.inverted().transform((event.x, event.y))[1]))
        if 0 <= place < len(self.names):
            self.picked.emit(np.flatnonzero(self.positions == place).tolist())
