"""The tab with the make-up of the index: what is counted twice, what belongs together, what does the work."""
from __future__ import annotations

from qgis.PyQt.QtWidgets import QLabel, QVBoxLayout

from ....core.diagnostics import diagnose
from ....core.messages import TeilhabeError
from ....translation import render, tr
from ...background_work import Worker
from ..tab import Tab
from .correlations import CorrelationsPage
from .findings import FindingsText
from .jump import looked_at, show_in_tree
from .matrix import PEARSON, SPEARMAN
from .pages import Pages
from .reliability import ReliabilityPage
from .weights import WeightsPage

#: up to so many values diagnostics are made at once, beyond in the background
AT_ONCE = 20000
#: height in pixels that the findings take at most
_FINDINGS = 112
#: aggregates whose scores are split into contributions without going through orders of the indicators
_QUICK = ("sum", "mean", "copeland")


class DiagnosticsTab(Tab):
    """Findings in words above; correlations, weights and reliability below."""

    NAME = "diagnostics"

    def __init__(self, session, parent=None):
        super().__init__(session, parent)
        self.worker, self.found = Worker(), None
        self.shown, self.pending = (None, ""), {}
        self.findings = FindingsText()
        self.findings.keep_within(_FINDINGS)
        self.about = QLabel()
        self.about.setWordWrap(True)
        self.correlations, self.weights = CorrelationsPage(session), WeightsPage(session)
        self.reliability = ReliabilityPage()
        self.pages = Pages([
            ("correlations", tr("Correlations"), self.correlations),
            ("weights", tr("Weight and influence"), self.weights),
            ("reliability", tr("Belonging together"), self.reliability)])
        column = QVBoxLayout(self.body)
        column.setContentsMargins(6, 6, 6, 6)
        column.setSpacing(4)
        column.addWidget(self.about)
        column.addWidget(self.findings)
        column.addWidget(self.pages, 1)
        for part in (self.findings, self.weights, self.reliability):
            part.wanted.connect(self.show_in_tree)
        self.findings.pair_wanted.connect(self.show_pair)
        self.pages.turned.connect(lambda _name: self._fill_pages())
        self.correlations.chosen.connect(session.select)
        self.weights.told.connect(self._complain)
        session.closed.connect(self.worker.stop)
        self.destroyed.connect(self.worker.stop)

    def title(self) -> str:
        return tr("Diagnostics")

    def needs(self) -> str:
        _index, node = looked_at(self.session)
        if len(list(node.leaves())) < 2:
            return tr("“{title}” has only one indicator: there is nothing to compare.", title=node.title)
        return ""

    # what is shown ---------------------------------------------------------------------------------------------

    def show_result(self) -> None:
        result = self.session.result
        _index, node = looked_at(self.session)
        numbers = self._numerators(result.recipe)
        if result is self.shown[0] and node.id == self.shown[1]:
            self.worker.stop()
            self._say_what(node)
            return
        count = len(self.session.frame) * len(list(node.leaves()))
        is_quick = count <= AT_ONCE and all(each.aggregate[0] in _QUICK for each in node.nodes())
        if is_quick:
            self.worker.stop()
            try:
                self._arrived(result, node, diagnose(result, node.id, numbers), "")
            except TeilhabeError as error:
                self._arrived(result, node, None, render(error))
            return
        self.about.setText(tr("Being computed …"))
        self.about.show()
        self.worker.start(tr("Diagnostics of the index"),
                          lambda cancelled: diagnose(result, node.id, numbers, cancelled),
                          lambda found, fault: self._arrived(result, node, found, fault))

    def _numerators(self, recipe) -> dict[str, str]:
        catalogue = self.session.catalogue
        if catalogue is None:
            return {}
        entries = ((name, catalogue.get(each.catalogue)) for name, each in recipe.indicators.items() if each.catalogue)
        return {name: entry.numerator for name, entry in entries if entry is not None and entry.numerator}

    def _arrived(self, result, node, found, fault: str) -> None:
        if fault or found is None:
            self.about.setText(fault)
            self.about.setVisible(bool(fault))
            return
        if result is not self.session.result:
            return
        self.shown, self.found = (result, node.id), found
        recipe = result.recipe
        self._say_what(node)
        self.findings.show_findings(
            found.findings, recipe, node, with_pairs=True, calm=tr(
                "Nothing conspicuous: no indicators that say nearly the same, none without influence."))
        self.pending = dict.fromkeys(self.pages.names, (recipe, node, found))
        self._fill_pages()

    def _say_what(self, node) -> None:
        other = node.id != self.session.node
        self.about.setText(tr("A cross has no scores; shown is “{title}”.", title=node.title) if other else "")
        self.about.setVisible(other)

    def _fill_pages(self) -> None:
        """Draw the pages that are seen and out of date."""
        for name in self.pages.shown():
            if name in self.pending:
                self.pages.widgets[name].show_found(*self.pending.pop(name))

    def show_selection(self) -> None:
        self.correlations.show_selection()

    # from here to elsewhere ------------------------------------------------------------------------------------

    def show_in_tree(self, item: str) -> None:
        """Select an indicator or node in the tree."""
        show_in_tree(self.session, item)

    def show_pair(self, one: str, two: str) -> None:
        """Show two indicators against each other."""
        self.pages.turn_to("correlations")
        self.correlations.open_pair(one, two)

    def _complain(self, words: str) -> None:
        if self.session.workshop is not None:
            self.session.workshop.tell(words)
        else:
            self.about.setText(words)
            self.about.show()

    # state -----------------------------------------------------------------------------------------------------

    def state(self) -> dict:
        return {"page": self.pages.name, "kind": self.correlations.kind}

    def restore(self, state: dict) -> None:
        if state.get("page") in self.pages.names:
            self.pages.turn_to(state["page"])
        if state.get("kind") in (PEARSON, SPEARMAN):
            self.correlations.set_kind(state["kind"])
