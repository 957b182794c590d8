"""What was found out, in words; what it names can be clicked."""
from __future__ import annotations

from html import escape

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QSizePolicy, QTextBrowser

from ....translation import render, tr

_PAIR = "pair:"


class FindingsText(QTextBrowser):
    """Findings as a list with links.

    Signals
    -------
    wanted(str)
        Id of an indicator or node that was clicked.
    pair_wanted(str, str)
        Two indicators are to be compared.
    """

    wanted = pyqtSignal(str)
    pair_wanted = pyqtSignal(str, str)

    def __init__(self, parent=None):
        super().__init__(parent)
        self.setOpenLinks(False)
        self.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.setAccessibleName(tr("Findings"))
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.document().setDocumentMargin(2)
        self.most = 0
        self.anchorClicked.connect(self._clicked)

    def show_findings(self, findings, recipe, node, calm: str, with_pairs: bool = False) -> None:
        """Show findings, or a calm sentence where there are none."""
        if not findings:
            self.setHtml(f"<p style='margin:2px'>{escape(calm)}</p>")
            self.updateGeometry()
            return
        titles = {name: each.title for name, each in recipe.indicators.items()}
        titles |= {each.id: each.title for each in node.nodes()}
        places = [part.indicator if hasattr(part, "indicator") else part.id
                  for each in node.nodes() for part in each.children]
        rows = []
        for each in findings:
            words = linked(escape(render(each)), [(name, titles[name]) for name in each.items if name in titles])
            if with_pairs and len(each.items) == 2 and all(name in recipe.indicators for name in each.items) \
                    and set(each.items) <= set(places):
                words += f" <a href='{_PAIR}{each.items[0]}/{each.items[1]}'>{escape(tr('Show the areas'))}</a>"
            rows.append(f"<li style='margin-bottom:5px'>{words}</li>")
        self.setHtml(f"<ul style='margin:2px 2px 2px -22px'>{''.join(rows)}</ul>")
        self.updateGeometry()

    def keep_within(self, most: int) -> None:
        """Be as high as the words, but not higher than this."""
        self.most = most
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.updateGeometry()

    def sizeHint(self):
        hint = super().sizeHint()
        if self.most:
            hint.setHeight(min(round(self.document().size().height()) + 4, self.most))
        return hint

    def minimumSizeHint(self):
        return self.sizeHint() if self.most else super().minimumSizeHint()

    def resizeEvent(self, event):
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()

    def _clicked(self, url) -> None:
        target = url.toString()
        if target.startswith(_PAIR):
            self.pair_wanted.emit(*target[len(_PAIR):].split("/"))
        else:
            self.wanted.emit(target)


def linked(words: str, targets: list[tuple[str, str]]) -> str:
    """Return HTML in which the first mention of each title, in the order given, is a link to its id."""
    start = 0
    for name, title in targets:
        title = escape(title)
        place = words.find(title, start)
        if place < 0:
            place = words.find(title)
        if place < 0:
            continue
        link = f"<a href='{escape(name)}'>{title}</a>"
        words = words[:place] + link + words[place + len(title):]
        start = place + len(link)
    return words
