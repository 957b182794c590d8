"""Keys of the workshop that QGIS's own window has as well, such as Ctrl+S and Ctrl+Z."""
from __future__ import annotations

from qgis.PyQt.QtCore import QEvent, QObject, Qt
from qgis.PyQt.QtGui import QKeySequence

_KEYS = QKeySequence.StandardKey


class Keys(QObject):
    """Lets save, undo and redo mean the recipe while the focus is in one of the panels.

    Two actions with one shortcut in one window cancel each other; so the panels take the keys before QGIS does.

    Parameters
    ----------
    panels : tuple of QWidget
    save, undo, redo : QAction
    """

    def __init__(self, panels, save, undo, redo):
        super().__init__(panels[0])
        self.taken = ((_KEYS.Save, save), (_KEYS.Undo, undo), (_KEYS.Redo, redo))
        for panel in panels:
            panel.installEventFilter(self)

    def eventFilter(self, watched, event):
        if event.type() not in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            return super().eventFilter(watched, event)
        action = self._action(event)
        if action is None:
            return super().eventFilter(watched, event)
        event.accept()
        if event.type() == QEvent.Type.KeyPress:
            action.trigger()
        return True

    def _action(self, event):
        for key, action in self.taken:
            if event.matches(key):
                return action
        # everywhere, also where the desktop's own key is Ctrl+Shift+Z
        is_other_redo = event.key() == Qt.Key.Key_Y and event.modifiers() == Qt.KeyboardModifier.ControlModifier
        return self.taken[2][1] if is_other_redo else None
