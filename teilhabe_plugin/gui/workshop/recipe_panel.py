"""The panel left of the map: areas, recipe, what is shown, tree, and what is written."""
from __future__ import annotations

from qgis.core import QgsApplication, QgsMapLayerProxyModel
from qgis.gui import QgsMapLayerComboBox
from qgis.PyQt.QtCore import QSize, Qt
from qgis.PyQt.QtGui import QIcon, QKeySequence
from qgis.PyQt.QtWidgets import (
    QAction,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QStyle,
    QToolBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ... import paths
from ...translation import tr
from .panel_parts import EndedLabel, MessageArea, labelled
from .tree.panel import TreePanel
from .view import choices

_LINKS = Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard

#: link to the window that joins tables
JOIN = "#join"


class RecipePanel(QWidget):
    """Shows what a session holds; what buttons do is connected by the dock.

    Parameters
    ----------
    session : Session
    files : FilesMenu
        Gives the button of the recipe's files.

    Attributes
    ----------
    bar : MessageArea
    areas, node, year : combo boxes
        The layer with the areas, what is looked at, and the year.
    undo, redo, ask, catalogue, evaluation : QAction
    tree : TreePanel
    status, nothing : QLabel
        What is said below the tree, and in its place where no areas are open.
    help : QToolButton
    apply : QPushButton
    buttons, above_buttons : layouts
        The row below, for what belongs beside “Apply”, and what comes above it meanwhile.
    """

    def __init__(self, session, files):
        super().__init__()
        self.session, self.files = session, files
        self.column = QVBoxLayout(self)
        self.column.setSpacing(4)
        self.column.setContentsMargins(6, 4, 6, 6)
        self.bar = MessageArea()
        self.column.addWidget(self.bar)
        self._add_areas()
        self._add_tools(files)
        self._add_choices()
        self.tree, self.nothing = TreePanel(session), QLabel()
        self.nothing.setWordWrap(True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.setMargin(12)
        self.nothing.setTextInteractionFlags(_LINKS)
        self.nothing.linkActivated.connect(self._follow_link)
        self.content = QStackedWidget()
        for each in (self.tree, self.nothing):
            self.content.addWidget(each)
        self.column.addWidget(self.content, 1)
        self._add_foot()

    def _add_areas(self) -> None:
        self.areas = QgsMapLayerComboBox()
        self.areas.setFilters(QgsMapLayerProxyModel.Filter.PolygonLayer)
        self.areas.setToolTip(tr("Layer with the indicators of the areas"))
        self.column.addLayout(labelled(tr("&Areas"), self.areas))

    def _add_tools(self, files) -> None:
        self.recipe_title = EndedLabel()
        self.tools = QToolBar()
        side = self.style().pixelMetric(QStyle.PixelMetric.PM_SmallIconSize, None, self)
        self.tools.setIconSize(QSize(side, side))
        self.tools.setObjectName("teilhabeWorkshopTools")
        theme = QgsApplication.getThemeIcon
        self.undo = self._action(theme("/mActionUndo.svg"), tr("Undo"), QKeySequence.StandardKey.Undo)
        self.redo = self._action(theme("/mActionRedo.svg"), tr("Redo"), QKeySequence.StandardKey.Redo)
        self.tools.addSeparator()
        files.add_to(self.tools)
        self.tools.addSeparator()
        self.ask = self._action(theme("/mActionIdentify.svg"), tr("Ask for an area: click it on the map"))
        self.ask.setCheckable(True)
        self.catalogue = self._action(theme("/mActionOpenTable.svg"), tr("Indicator catalogue …"))
        self.evaluation = self._action(QIcon(str(paths.resource("icons", "ranking.svg"))), tr("Show the evaluations"))
        space = QWidget()
        space.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.tools.addWidget(space)
        self.help = QToolButton()
        self.help.setIcon(theme("/mActionHelpContents.svg"))
        self.help.setToolTip(tr("Help"))
        self.help.setAccessibleName(tr("Help"))
        self.tools.addWidget(self.help)
        self.column.addWidget(self.recipe_title)
        self.column.addWidget(self.tools)

    def _action(self, icon: QIcon, text: str, keys=None) -> QAction:
        action = QAction(icon, text, self)
        if keys is not None:
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.tools.addAction(action)
        button = self.tools.widgetForAction(action)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAccessibleName(text)
        return action

    def _add_choices(self) -> None:
        self.node = QComboBox()
        self.node.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.node.setToolTip(tr("Which index, sub-index or cross the map and the evaluations show"))
        self.year = QComboBox()
        self.year.setToolTip(tr("Year that is computed"))
        self.year.setAccessibleName(tr("Year"))
        row = labelled(tr("Map &shows"), self.node)
        row.addWidget(self.year)
        self.column.addLayout(row)

    def _add_foot(self) -> None:
        self.status = QLabel()
        self.status.setWordWrap(True)
        self.status.linkActivated.connect(self._follow_link)
        self.apply = QPushButton(tr("Apply"))
        self.apply.setToolTip(tr("Write the index as a layer: with the algorithm “Compute index” and this recipe"))
        self.above_buttons = QVBoxLayout()
        self.column.addLayout(self.above_buttons)
        self.buttons = QHBoxLayout()
        self.buttons.addWidget(self.status, 1)
        self.buttons.addWidget(self.apply)
        self.column.addLayout(self.buttons)

    def _follow_link(self, link: str) -> None:
        """Lead from the status to what is at fault, or to the window that joins tables."""
        if link != JOIN:
            self.tree.show_fault()
            return
        action = self.files.dock.iface.mainWindow().findChild(QAction, "teilhabe_join")
        if action is not None:
            action.trigger()

    # what is shown ---------------------------------------------------------------------------------------------

    def show_areas(self, layer, preview) -> None:
        """Choose the layer with the areas; the scratch layer is not offered."""
        self.content.setCurrentWidget(self.tree)
        self.areas.blockSignals(True)
        self.areas.setExceptedLayerList([each for each in (preview,) if each is not None])
        self.areas.setLayer(layer)
        self.areas.blockSignals(False)

    def show_choices(self) -> None:
        """List what can be looked at, and the years."""
        session, node, year = self.session, self.node, self.year
        if session.recipe is None:
            return
        wanted = choices(session.recipe)
        if wanted != [(node.itemData(i), node.itemText(i)) for i in range(node.count())]:
            node.clear()
            for name, title in wanted:
                node.addItem(title, name)
        self.show_node()
        if session.years != [year.itemData(i) for i in range(year.count())][::-1]:
            year.clear()
            for each in reversed(session.years):
                year.addItem(str(each), each)
        year.setCurrentIndex(year.findData(session.year))
        year.setVisible(len(session.years) > 1)

    def show_node(self) -> None:
        """Choose what is looked at."""
        self.node.setCurrentIndex(self.node.findData(self.session.node))

    def show_counts(self, is_running: bool) -> None:
        """Say below the tree how many areas have a class, or that the map stands still; why is said at the node."""
        session, view = self.session, self.session.view()
        if session.fault is not None:
            self.status.setText(tr('The map shows the last valid state. <a href="#">Why?</a>'))
        elif view is not None:
            out, known = sum(each is not None for each in view.excluded), int((view.positions >= 0).sum())
            missing = len(view.positions) - known - out
            parts = [tr("{n} areas with a class", n=known), tr("{n} left out", n=out) if out else "",
                     tr("{n} without data", n=missing) if missing else ""]
            self.status.setText(", ".join(part for part in parts if part))
        flags = _LINKS if session.fault is not None else Qt.TextInteractionFlag.NoTextInteraction
        self.status.setTextInteractionFlags(flags)  # Tab stops at it where there is a link only
        self.apply.setEnabled(session.is_open and session.fault is None and not is_running)

    def show_state(self) -> None:
        """Name recipe and file, whether it was changed, and what can be undone."""
        session = self.session
        if not session.is_open:
            return
        title = session.document.get("title") or tr("Recipe")
        file = session.path_of_file
        text = f"{title} – {file.name}" if file else title
        self.recipe_title.show_text(text, tr("(changed)") if session.is_dirty else "")
        self.recipe_title.setToolTip(f"{title}\n{file if file else tr('Not saved as a file yet')}")
        for action, label, words in ((self.undo, session.undo_text, tr("Undo")),
                                     (self.redo, session.redo_text, tr("Redo"))):
            action.setEnabled(bool(label))
            action.setToolTip(f"{words}: {label}" if label else words)

    def show_empty(self) -> None:
        """Say that nothing is open, and what to do."""
        self.recipe_title.show_text("")
        self.nothing.setText(tr('No layer with indicators is open. <a href="{join}">Join the tables to the areas</a> '
                                "first, or choose a layer above.", join=JOIN))
        self.content.setCurrentWidget(self.nothing)
        self.status.setText("")
        self.node.clear()
        self.year.clear()
        self.apply.setEnabled(False)
