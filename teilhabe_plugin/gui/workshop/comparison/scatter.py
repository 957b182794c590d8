"""Scores before and after: on the line nothing changed; areas that change class stand out."""
from __future__ import annotations

import numpy as np
from qgis.PyQt.QtGui import QPalette

from ....translation import tr
from ..chart import NEUTRAL, SELECTED, Chart, emptied

#: how near in pixels a click must be
_NEAR = 12


class ScatterChart(Chart):
    """One dot per area in the colour of its class; `picked` gives its key."""

    def __init__(self, parent=None):
        super().__init__(parent)
        self.setMinimumHeight(260)
        self.points = None
        self.marks = None
        self.canvas.mpl_connect("button_press_event", self._pressed)

    def show_scores(self, table, colours: dict, labels: tuple[str, str]) -> None:
        """Draw the scores.

        Parameters
        ----------
        table : DataFrame
            `Comparison.table`.
        colours : dict
            Class value → colour, after.
        labels : (str, str)
            Of the axes.
        """
        known = table[["wert_vorher", "wert_nachher"]].notna().all(axis=1)
        self.points = table[known]
        self.table = self.points[["wert_vorher", "wert_nachher"]].reset_index().rename(columns={
            "wert_vorher": tr("Before"), "wert_nachher": tr("After")})
        emptied(self.figure)
        with self.style():
            axes = self.figure.add_subplot()
            x, y = (self.points[name].to_numpy(float) for name in ("wert_vorher", "wert_nachher"))
            ink = self.palette().color(QPalette.ColorRole.Text).name()
            if len(x):
                both = [float(min(x.min(), y.min())), float(max(x.max(), y.max()))]
                axes.plot(both, both, color=NEUTRAL, linewidth=0.8, zorder=1)
            moved = self.points["schritte"].fillna(0).to_numpy() != 0
            fills = np.array([colours.get(value, NEUTRAL) for value in self.points["klasse_nachher"]], object)
            for where, size, edge, width in ((~moved, 20, NEUTRAL, 0.4), (moved, 46, ink, 1.2)):
                axes.scatter(x[where], y[where], s=size, c=fills[where].tolist() or None, edgecolors=edge,
                             linewidths=width, zorder=2 + (size > 20))
            self.marks = axes.scatter([], [], s=110, facecolors="none", edgecolors=SELECTED, linewidths=1.8, zorder=5)
            axes.set_xlabel(labels[0])
            axes.set_ylabel(labels[1])
        self.draw()

    def show_chosen(self, keys) -> None:
        """Ring the selected areas."""
        if self.marks is None:
            return
        chosen = self.points[self.points.index.isin(list(keys))]
        self.marks.set_offsets(chosen[["wert_vorher", "wert_nachher"]].to_numpy(float).reshape(-1, 2))
        self.draw()

    def _pressed(self, event) -> None:
        if event.inaxes is None or event.button != 1 or self.points is None or not len(self.points):
            return
        places = event.inaxes.transData.transform(self.points[["wert_vorher", "wert_nachher"]].to_numpy(float))
        far = np.hypot(places[:, 0] - event.x, places[:, 1] - event.y)
        if far.min() <= _NEAR * self.devicePixelRatioF():
            self.picked.emit(self.points.index[int(far.argmin())])
