"""The panel right of the map: the evaluations of the working result as tabs."""
from __future__ import annotations

from importlib import import_module

from qgis.core import Qgis, QgsMessageLog
from qgis.gui import QgsDockWidget
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QLabel, QMenu, QTabWidget, QToolButton, QVBoxLayout, QWidget

from ...translation import tr

#: name, module and class; made when first seen
TABS = (
    ("why", "why.tab.WhyTab"),
    ("ranking", "ranking.tab.RankingTab"),
    ("classes", "classes.tab.ClassesTab"),
    ("matrix", "matrix.tab.MatrixTab"),
    ("diagnostics", "diagnostics.tab.DiagnosticsTab"),
    ("years", "years.tab.YearsTab"),
    ("comparison", "comparison.tab.ComparisonTab"),
    ("robustness", "robustness.tab.RobustnessTab"),
)
#: of the panel at first
WIDTH = 460


def titles() -> dict[str, tuple[str, str]]:
    """Return the text on each tab and its tooltip."""
    return {
        "why": (tr("Why?"), tr("Why is this area in its class?")),
        "ranking": (tr("Ranking"), tr("All areas by score, with class and the interval of their rank")),
        "classes": (tr("Classes"), tr("How the scores are distributed, and the bounds of the classes")),
        "matrix": (tr("Matrix"), tr("Two indices crossed, such as status and dynamics")),
        "diagnostics": (tr("Diagnostics"), tr("Which indicators say the same, and which do the work")),
        "years": (tr("Years"), tr("How the areas and the gap between them develop")),
        "comparison": (tr("Comparison"), tr("Who changes class against another recipe or edition, and why")),
        "robustness": (tr("Certainty"), tr("How sure ranks and classes are")),
    }


class ResultsDock(QgsDockWidget):
    """Tabs with evaluations.

    Parameters
    ----------
    session : Session
    parent : QWidget
    """

    def __init__(self, session, parent):
        super().__init__(tr("Index workshop: evaluation"), parent)
        self.session = session
        self.setObjectName("teilhabeWorkshopResults")
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.setUsesScrollButtons(True)
        self.tabs.tabBar().setElideMode(Qt.TextElideMode.ElideNone)
        self.tabs.tabBar().setStyleSheet("QTabBar::tab { padding: 4px 6px; }")
        self.tabs.setAccessibleName(tr("Evaluations"))
        self.made: dict[str, QWidget] = {}
        self.kept: dict[str, dict] = {}
        for name, _place in TABS:
            text, tip = titles()[name]
            self.tabs.addTab(_Place(), text)
            self.tabs.setTabToolTip(self.tabs.count() - 1, tip)
        self.tabs.setCornerWidget(self._list_button())
        self.tabs.currentChanged.connect(self.make)
        self.visibilityChanged.connect(self._seen)
        self.setWidget(self.tabs)
        self.resize(WIDTH, self.height())

    def _list_button(self) -> QToolButton:
        """Return a button that lists all evaluations: in a narrow panel not every tab is seen."""
        button, menu = QToolButton(), QMenu(self)
        button.setText("☰")
        button.setAutoRaise(True)
        button.setToolTip(tr("All evaluations"))
        button.setAccessibleName(tr("All evaluations"))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        for name, _place in TABS:
            text, tip = titles()[name]
            action = menu.addAction(text, lambda name=name: self.show_tab(name))
            action.setToolTip(tip)
        menu.setToolTipsVisible(True)
        button.setMenu(menu)
        return button

    def name(self) -> str:
        """Return the name of the tab that is in front."""
        return TABS[self.tabs.currentIndex()][0]

    def show_tab(self, name: str) -> QWidget | None:
        """Bring a tab to the front and return it."""
        self.tabs.setCurrentIndex([each for each, _place in TABS].index(name))
        self.make()
        return self.made.get(name)

    def _seen(self, visible: bool) -> None:
        if visible:
            self.make()

    def make(self, _position: int = 0) -> None:
        """Make the tab in front if it was not seen before."""
        name, place = TABS[self.tabs.currentIndex()]
        if name in self.made:
            return
        module, cls = place.rsplit(".", 1)
        holder = self.tabs.currentWidget()
        try:
            tab = getattr(import_module(f".{module}", __package__), cls)(self.session, holder)
        except ImportError as error:  # a package is missing
            from ...processing.base import missing_package

            QgsMessageLog.logMessage(str(error), "Teilhabe", Qgis.MessageLevel.Warning)
            holder.layout().addWidget(_note(missing_package(error)))
            return
        if name in self.kept:
            tab.restore(self.kept[name])
        self.made[name] = tab
        holder.layout().addWidget(tab)

    def state(self) -> dict:
        """Return the tab in front and what the tabs keep."""
        return {"tab": self.name(), "tabs": self.kept | {name: tab.state() for name, tab in self.made.items()}}

    def restore(self, state: dict) -> None:
        """Put back what `state` returned."""
        self.kept = {name: kept for name, kept in dict(state.get("tabs", {})).items() if isinstance(kept, dict)}
        for name, tab in self.made.items():
            tab.restore(self.kept.get(name, {}))
        if state.get("tab") in dict(TABS):
            self.show_tab(state["tab"])


class _Place(QWidget):
    """Where a tab will be."""

    def __init__(self):
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)


def _note(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return label
