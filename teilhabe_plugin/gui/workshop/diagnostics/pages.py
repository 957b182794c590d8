"""Several views of one thing: one at a time where it is narrow, the first one beside the others where it is wide."""
from __future__ import annotations

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QButtonGroup, QHBoxLayout, QSplitter, QStackedWidget, QToolButton, QVBoxLayout, QWidget

#: from so many pixels on the first page stands beside the others
WIDE = 860


class Pages(QWidget):
    """Pages with a row of buttons.

    Parameters
    ----------
    pages : list of (name, text, widget)
    parent : QWidget, optional

    Signals
    -------
    turned(str)
        Another page is seen.
    """

    turned = pyqtSignal(str)

    def __init__(self, pages: list[tuple[str, str, QWidget]], parent=None):
        super().__init__(parent)
        self.names = [name for name, _text, _page in pages]
        self.widgets = {name: page for name, _text, page in pages}
        self.buttons: dict[str, QToolButton] = {}
        self.group = QButtonGroup(self)
        self.row = QHBoxLayout()
        self.row.setSpacing(2)
        for name, text, _page in pages:
            button = QToolButton()
            button.setText(text)
            button.setCheckable(True)
            button.setAutoRaise(True)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.clicked.connect(lambda _checked=False, name=name: self.turn_to(name))
            self.group.addButton(button)
            self.row.addWidget(button)
            self.buttons[name] = button
        self.row.addStretch(1)
        self.split, self.left, self.stack = QSplitter(), QWidget(), QStackedWidget()
        column = QVBoxLayout(self.left)
        column.setContentsMargins(0, 0, 6, 0)
        self.split.addWidget(self.left)
        self.split.addWidget(self.stack)
        self.split.setChildrenCollapsible(False)
        self.split.setSizes([500, 500])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(self.row)
        column.addWidget(self.split, 1)
        for name in self.names:
            self.stack.addWidget(self.widgets[name])
        self.left.hide()
        self.is_wide = False
        self.turn_to(self.names[0])

    @property
    def name(self) -> str:
        """Name of the page that was turned to last."""
        return next(name for name, button in self.buttons.items() if button.isChecked())

    def shown(self) -> list[str]:
        """Return the names of the pages that are seen."""
        return [self.names[0], self.name] if self.is_wide and self.name != self.names[0] else [self.name]

    def turn_to(self, name: str) -> None:
        """Show a page."""
        if self.is_wide and name == self.names[0]:
            name = self.names[1]
        self.buttons[name].setChecked(True)
        self.stack.setCurrentWidget(self.widgets[name])
        self.turned.emit(name)

    def _arrange(self, is_wide: bool) -> None:
        first, current = self.widgets[self.names[0]], self.name
        self.is_wide = is_wide
        self.buttons[self.names[0]].setVisible(not is_wide)
        self.left.setVisible(is_wide)
        if is_wide:
            self.stack.removeWidget(first)
            self.left.layout().addWidget(first)
            first.show()
        else:
            self.left.layout().removeWidget(first)
            self.stack.insertWidget(0, first)
        self.turn_to(current)

    def resizeEvent(self, event):
        super().resizeEvent(event)
        is_wide = event.size().width() >= WIDE
        if is_wide != self.is_wide:
            self._arrange(is_wide)
