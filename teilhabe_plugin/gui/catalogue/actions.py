"""Menus, tool bar and keys of the window, from one table."""
from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Callable

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QSize, Qt, QUrl
from qgis.PyQt.QtGui import QDesktopServices, QKeySequence
from qgis.PyQt.QtWidgets import QAction, QMenu, QToolBar, QToolButton

from ... import paths
from ...translation import language, tr
from .files import recent, templates

KEY = QKeySequence.StandardKey


@dataclass(frozen=True)
class Command:
    """A menu entry; ``icon`` is a name in QGIS's theme, "" for none; in the tool bar where ``in_bar``."""

    name: str
    text: str
    icon: str
    keys: tuple
    do: Callable
    in_bar: bool = False


class Actions:
    """Makes the actions of a window and lets those be used that can be used now.

    Parameters
    ----------
    window : CatalogueWindow
    """

    def __init__(self, window):
        self.window, self.by_name = window, {}
        self.bar = QToolBar(tr("Indicator catalogue"))
        self.bar.setObjectName("catalogueBar")
        self.bar.setMovable(False)
        self.bar.setIconSize(QSize(20, 20))
        self.bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        window.addToolBar(self.bar)
        self.recent_menu, self.template_menu = QMenu(tr("Opened last"), window), QMenu(tr("Templates"), window)
        for title, commands in self._menus():
            menu = window.menuBar().addMenu(title)
            for command in commands:
                if command is None:
                    menu.addSeparator()
                    self.bar.addSeparator()
                elif isinstance(command, QMenu):
                    menu.addMenu(command)
                else:
                    self._add(menu, command)
        self.recent_menu.aboutToShow.connect(self._fill_recent)
        self.template_menu.aboutToShow.connect(self._fill_templates)

    def _menus(self) -> tuple:
        window, files, exchange, edits = self.window, self.window.files, self.window.exchange, self.window.edits
        return (
            (tr("&File"), (
                Command("new", tr("New"), "mActionFileNew.svg", (KEY.New,), files.new, True),
                Command("open", tr("Open …"), "mActionFileOpen.svg", (KEY.Open,), files.choose, True),
                self.recent_menu, self.template_menu, None,
                Command("save", tr("Save"), "mActionFileSave.svg", (KEY.Save,), files.save, True),
                Command("save_as", tr("Save as …"), "mActionFileSaveAs.svg", ("Ctrl+Shift+S",), files.save_as), None,
                Command("import", tr("Import from Excel …"), "mActionSharingImport.svg", (), exchange.import_),
                Command("export", tr("Export to Excel …"), "mActionSharingExport.svg", (), exchange.export),
                Command("compare", tr("Compare editions …"), "", (), exchange.compare),
                Command("close", tr("Close"), "", (KEY.Close,), window.close))),
            (tr("&Edit"), (
                Command("undo", tr("Undo"), "mActionUndo.svg", (KEY.Undo,), window.undo, True),
                Command("redo", tr("Redo"), "mActionRedo.svg", (KEY.Redo, "Ctrl+Y", "Ctrl+Shift+Z"), window.redo,
                        True), None,
                Command("search", tr("Search"), "", (KEY.Find,), window.focus_search),
                Command("next_problem", tr("Next entry to be mended"), "", ("F8",), window.next_problem))),
            (tr("&Indicator"), (
                Command("add", tr("Add indicator"), "symbologyAdd.svg", ("Ctrl+Shift+N",), edits.add, True),
                Command("duplicate", tr("Duplicate"), "mActionEditCopy.svg", ("Ctrl+D",), edits.duplicate, True),
                Command("remove", tr("Remove"), "symbologyRemove.svg", (), edits.remove, True), None,
                Command("up", tr("Move up"), "mActionArrowUp.svg", ("Ctrl+Shift+Up",), lambda: edits.move(-1), True),
                Command("down", tr("Move down"), "mActionArrowDown.svg", ("Ctrl+Shift+Down",), lambda: edits.move(1),
                        True),
                Command("sort", tr("Sort by number"), "", (), edits.sort),
                Command("previous", tr("Previous indicator"), "", ("Ctrl+PgUp",), lambda: edits.step(-1)),
                Command("next", tr("Next indicator"), "", ("Ctrl+PgDown",), lambda: edits.step(1)))),
            (tr("&Help"), (Command("help", tr("Help"), "mActionHelpContents.svg", ("F1",), show_help),)),
        )

    def _add(self, menu: QMenu, command: Command) -> None:
        action = QAction(command.text, self.window)
        action.setObjectName(f"catalogue_{command.name}")
        if command.icon:
            action.setIcon(QgsApplication.getThemeIcon(f"/{command.icon}"))
        if command.keys:
            keys = {QKeySequence(each).toString(): QKeySequence(each) for each in command.keys}
            action.setShortcuts(list(keys.values()))  # each once: the same twice would be ambiguous
        action.triggered.connect(lambda _checked=False: command.do())
        menu.addAction(action)
        self.by_name[command.name] = action
        if command.in_bar:
            self.bar.addAction(action)
            button = self.bar.widgetForAction(action)
            if isinstance(button, QToolButton):
                button.setAccessibleName(command.text)
                if command.name in ("undo", "redo", "up", "down"):
                    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
                button.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def refresh(self) -> None:
        """Let those actions be used that can be used now."""
        session, indicators = self.window.session, self.window.list
        position = indicators.current
        able = {
            "save": session.is_dirty or session.is_template, "save_as": session.is_open, "export": session.is_open,
            "compare": session.is_open, "undo": bool(session.undo_label), "redo": bool(session.redo_label),
            "next_problem": bool(session.problems), "add": session.can_edit,
            "duplicate": session.can_edit and position >= 0, "remove": session.can_edit and position >= 0,
            "up": session.can_edit and indicators.neighbour(-1) >= 0,
            "down": session.can_edit and indicators.neighbour(1) >= 0, "sort": session.can_edit,
            "previous": indicators.neighbour(-1) >= 0, "next": indicators.neighbour(1) >= 0,
        }
        for name, enabled in able.items():
            self.by_name[name].setEnabled(enabled)
        for name, title, label in (("undo", tr("Undo"), session.undo_label), ("redo", tr("Redo"), session.redo_label)):
            action = self.by_name[name]
            action.setText(f"{title}: {label}" if label else title)
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            action.setToolTip(f"{action.text()} ({keys})")

    def _fill_recent(self) -> None:
        self.recent_menu.clear()
        for path in recent():
            action = self.recent_menu.addAction(Path(path).name)
            action.setToolTip(path)
            action.triggered.connect(lambda _checked=False, path=path: self.window.files.open_if_may(path))
        self.recent_menu.setToolTipsVisible(True)
        if not self.recent_menu.actions():
            self.recent_menu.addAction(tr("none")).setEnabled(False)

    def _fill_templates(self) -> None:
        self.template_menu.clear()
        for path, title in templates():
            action = self.template_menu.addAction(title)
            action.triggered.connect(lambda _checked=False, path=path: self.window.files.open_if_may(str(path)))


def show_help() -> None:
    """Open the page of the manual about the catalogue."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(paths.resource("help", language(), "catalogue.html"))))
