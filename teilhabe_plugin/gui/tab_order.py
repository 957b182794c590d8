"""The order in which the Tab key goes through a form: as it is read, not as its widgets were made."""
from __future__ import annotations

from collections.abc import Iterator

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QAbstractItemView, QLayout, QSplitter, QTabWidget, QWidget


def order_tabs(form: QWidget, before: QWidget) -> None:
    """Let the Tab key go through a form after the widget ``before``, and out of its tables again.

    Parameters
    ----------
    form : QWidget
    before : QWidget
        Takes focus itself, in the same window.
    """
    for view in form.findChildren(QAbstractItemView):
        view.setTabKeyNavigation(False)  # inside a table the arrows lead
    for widget in in_order(form):
        takes_focus = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None
        if takes_focus and widget.window() is form.window():  # lists of combo boxes are windows of their own
            QWidget.setTabOrder(before, widget)
            before = widget


def in_order(widget: QWidget) -> Iterator[QWidget]:
    """Yield a widget and all within it, as splitters, pages and layouts arrange them."""
    yield widget
    if isinstance(widget, QSplitter):
        parts = [widget.widget(i) for i in range(widget.count())]
    elif isinstance(widget, QTabWidget):
        parts = [widget.tabBar(), *(widget.widget(i) for i in range(widget.count()))]
    else:
        parts = list(_of_layout(widget.layout())) if widget.layout() is not None else []
        others = widget.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        parts = [*(other for other in others if other not in parts), *parts]
    for part in parts:
        yield from in_order(part)


def _of_layout(layout: QLayout) -> Iterator[QWidget]:
    for i in range(layout.count()):
        item = layout.itemAt(i)
        if item.widget() is not None:
            yield item.widget()
        elif item.layout() is not None:
            yield from _of_layout(item.layout())
