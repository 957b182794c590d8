"""The page with weights and what they do, and weights that give each part the influence its weight says."""
from __future__ import annotations

from qgis.PyQt.QtCore import QPoint, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QHBoxLayout, QLabel, QMenu, QScrollArea, QToolButton, QVBoxLayout, QWidget

from ....core.effects import effect_findings, effects
from ....core.index import compute
from ....core.messages import TeilhabeError
from ....core.recipe_editing import entry_at, path_of_node, text_of, with_values
from ....core.recipe_reading import read_recipe
from ....translation import render, tr
from .correlations import words_label
from .effects import EffectsChart
from .findings import FindingsText

METHOD = "equal_influence"
#: height in pixels that the words take at most
_FINDINGS = 96


class WeightsPage(QWidget):
    """Bars, words where they differ, and a button that proposes weights.

    Signals
    -------
    wanted(str)
        An indicator or node is to be shown in the tree.
    told(str)
        Why something cannot be done.
    """

    wanted = pyqtSignal(str)
    told = pyqtSignal(str)

    def __init__(self, session, parent=None):
        super().__init__(parent)
        self.session, self.node = session, None
        self.chart = EffectsChart()
        self.chart.set_words(tr("Weight and influence"))
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(self.chart)
        self.area = area
        self.findings = FindingsText()
        self.findings.keep_within(_FINDINGS)
        self.propose = QToolButton()
        self.propose.setText(tr("Equal influence"))
        self.propose.setToolTip(tr("Find weights with which each part has as much influence as its weight says; parts "
                                   "with the same weight get the same influence. Can be undone."))
        self.propose.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.words = words_label()
        row = QHBoxLayout()
        self.head = QLabel(tr("What the parts are meant to count, and how far they move the index"))
        self.head.setWordWrap(True)
        row.addWidget(self.head, 1)
        row.addWidget(self.propose, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.findings)
        column.addWidget(area, 1)
        column.addWidget(self.words)
        self.propose.clicked.connect(lambda _checked=False: self._ask())
        self.chart.picked.connect(self.wanted.emit)
        self.chart.told.connect(self._tell)
        self.findings.wanted.connect(self.wanted.emit)

    def show_found(self, recipe, node, found) -> None:
        """Show weights and influence of the parts of a node."""
        self.node = node
        rows = effects(recipe, node, found)
        self.findings.show_findings(effect_findings(rows), recipe, node, calm=tr(
            "No part does far more or far less than its weight says."))
        self.chart.show_rows(rows)
        self.propose.setEnabled(bool(self.choices()))
        self._tell("")

    def _tell(self, words: str) -> None:
        self.words.setText(words or tr("Influence: share in the differences of the index between the areas. A click "
                                       "shows the part in the tree."))

    # equal influence -------------------------------------------------------------------------------------------

    def choices(self) -> list[tuple[str, list[str]]]:
        """Return what weights can be proposed for: a text and the ids of the nodes."""
        document, found = self.session.document, []
        root = self.node
        below = [each.id for each in root.nodes() if each is not root and len(each.children) > 1]
        top = [root.id] if len(root.children) > 1 else []

        def is_set(node_id):
            path = path_of_node(document, node_id)
            method = entry_at(document, path).get("weights") if path is not None else None
            return (method.get("method") if isinstance(method, dict) else method) == METHOD

        has_dimensions = any(hasattr(child, "children") for child in root.children)
        names = ((tr("Parts of “{title}”", title=root.title), top),
                 (tr("Indicators within each dimension"), below if has_dimensions else []),
                 (tr("On all levels"), [*top, *below] if top and below else []))
        found += [(text, nodes) for text, nodes in names if nodes and not all(map(is_set, nodes))]
        given = [node for node in (*top, *below) if is_set(node)]
        if given:
            found.append((tr("Back to the weights as stated"), given))
        return found

    def _ask(self) -> None:
        found = self.choices()
        back = tr("Back to the weights as stated")
        if len(found) == 1:
            self.apply(found[0][1], found[0][0] == back)
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text, nodes in found:
            menu.addAction(text, lambda nodes=nodes, text=text: self.apply(nodes, text == back))
        menu.popup(self.propose.mapToGlobal(QPoint(0, self.propose.height())))

    def apply(self, nodes: list[str], is_back: bool = False) -> None:
        """Give nodes weights of equal influence, or those stated again, as one step that can be undone."""
        document = self.session.document
        for node in nodes:
            path = path_of_node(document, node)
            if path is not None:
                document = with_values(document, path, weights=None if is_back else {"method": METHOD})
        try:
            compute(read_recipe(text_of(document), document.get("title", "")), self.session.frame, self.session.year)
        except TeilhabeError as error:
            self.told.emit(render(error))
            return
        self.session.edit(tr("Weights as stated") if is_back else tr("Equal influence"), document)
