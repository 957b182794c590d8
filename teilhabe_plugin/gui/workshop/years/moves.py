"""Who changed class between the first and the last year, in words."""
from __future__ import annotations

from html import escape

import numpy as np
import pandas as pd
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QTextBrowser

from ....bridge.legend_text import number_text
from ....core.over_time import moves
from ....translation import tr

#: areas of a group that are named; the link selects all of them
_NAMED = 40


class MovesText(QTextBrowser):
    """Groups of areas by the number of classes that they moved; names and groups can be clicked.

    Signals
    -------
    chosen(list)
        Areas are to be selected.
    """

    chosen = pyqtSignal(list)

    def __init__(self, session, parent=None):
        super().__init__(parent)
        self.session = session
        self.groups: dict[int, list[int]] = {}
        self.setOpenLinks(False)
        self.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.setAccessibleName(tr("Areas that changed class"))
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self.anchorClicked.connect(self._clicked)

    def show_moves(self, panel, node, high_is_bad: bool) -> None:
        """Show who moved.

        Parameters
        ----------
        panel : YearPanel
        node : Node
        high_is_bad : bool
            A class of high scores is unfavourable.
        """
        self.groups = {}
        if node.id not in panel.positions:
            self.setHtml(f"<p>{escape(tr('“{title}” has no classes of its own.', title=node.title))}</p>")
            return
        first, last = panel.years[0], panel.years[-1]
        places = panel.positions[node.id]
        frame = pd.DataFrame(np.where(places < 0, np.nan, places), columns=list(panel.years))
        names = [each.name for each in panel.class_sets[node.id].classes]
        table, _notes = moves(frame, first, last, range(len(names)))
        for row, steps in table["schritte"].items():
            if steps:
                self.groups.setdefault(int(steps) * (1 if high_is_bad else -1), []).append(int(row))
        moved = sum(map(len, self.groups.values()))
        lacking = int((np.isnan(frame[first]) != np.isnan(frame[last])).sum())
        parts = [tr("{moved} of {areas} areas changed class from {first} to {last}.", moved=number_text(moved, 0),
                    areas=number_text(len(table), 0), first=first, last=last) if moved else
                 tr("None of the {areas} areas changed class from {first} to {last}.",
                    areas=number_text(len(table), 0), first=first, last=last)]
        if lacking:
            parts.append(tr("{count} areas have a class in one of the two years only.", count=number_text(lacking, 0)))
        html = [f"<p>{escape(' '.join(parts))}</p>"]
        for steps in sorted(self.groups, key=lambda each: (-abs(each), -each)):
            html.append(self._group(steps, table, names))
        self.setHtml("".join(html))

    def _group(self, steps: int, table: pd.DataFrame, names: list[str]) -> str:
        rows = sorted(self.groups[steps], key=lambda row: self.session.names[row].casefold())
        count = abs(steps)
        if steps > 0:
            head = tr("One class less favourable: {areas} areas", areas=len(rows)) if count == 1 else \
                tr("{steps} classes less favourable: {areas} areas", steps=count, areas=len(rows))
        else:
            head = tr("One class more favourable: {areas} areas", areas=len(rows)) if count == 1 else \
                tr("{steps} classes more favourable: {areas} areas", steps=count, areas=len(rows))
        listed = []
        for row in rows[:_NAMED]:
            before, after = (names[int(table.loc[row, name])] for name in ("von", "nach"))
            listed.append(f"<a href='area:{row}'>{escape(self.session.names[row])}</a> "
                          f"({escape(before)} → {escape(after)})")
        if len(rows) > _NAMED:
            listed.append(escape(tr("and {count} more", count=len(rows) - _NAMED)))
        return f"<p><b><a href='group:{steps}'>{escape(head)}</a></b><br>{', '.join(listed)}</p>"

    def _clicked(self, url) -> None:
        kind, _colon, value = url.toString().partition(":")
        self.chosen.emit(self.groups.get(int(value), []) if kind == "group" else [int(value)])
