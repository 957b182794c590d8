"""Properties of what is selected in the workshop's tree."""
from __future__ import annotations

from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from ....translation import tr
from .forms import LeafForm, NodeForm
from .offers import Offers
from .rows import fault_ink, note

#: milliseconds of rest after a change before it is looked up again what the data allow
REST = 300


class PropertiesPanel(QScrollArea):
    """The form that fits what is selected.

    Parameters
    ----------
    session : Session
    edits : Edits
    parent : QWidget, optional
    """

    def __init__(self, session, edits, parent=None):
        super().__init__(parent)
        self.session = session
        self.offers = Offers(session)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(tr("Properties"))
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(4, 4, 4, 4)
        self.fault = note("")
        self.fault.setObjectName("fault")
        ink = fault_ink(self.palette())
        self.fault.setStyleSheet(f"#fault {{ color: {ink}; border: 1px solid {ink}; padding: 4px; }}")
        column.addWidget(self.fault)
        self.empty = note("", faint=True)
        self.node, self.leaf = NodeForm(session, edits, self.offers), LeafForm(session, edits, self.offers)
        for widget in (self.empty, self.node, self.leaf):
            column.addWidget(widget)
        column.addStretch(1)
        self.setWidget(inner)
        self.waiting = QTimer(self)
        self.waiting.setSingleShot(True)
        self.waiting.setInterval(REST)
        self.waiting.timeout.connect(self.look_at_data)
        self.show_row(None)

    def form(self):
        """Return the form that is shown, None where nothing is selected."""
        return next((each for each in (self.node, self.leaf) if not each.isHidden()), None)

    def show_row(self, row, count: int = 1) -> None:
        """Show the properties of a row; `count` rows are selected."""
        form = None
        if row is not None and count <= 1:
            form = self.leaf if row.is_leaf else self.node
        before = self.form()
        for each in (self.node, self.leaf):
            each.setVisible(each is form)
        self.empty.setVisible(form is None)
        if form is None:
            self.empty.setText(tr("{n} parts are selected. The menu of the tree groups or removes them.", n=count)
                               if row is not None else tr("Select an index, a sub-index or an indicator above."))
        else:
            another = form is not before or form.row is None or form.row.key != row.key
            form.show_row(row)
            if another:
                self.verticalScrollBar().setValue(0)
            self.waiting.start()
        fault = row.fault if row is not None else ""
        if not fault and self.session.fault is not None and self.session.fault.path is None:
            fault = self.session.fault_text
        self.fault.setText(fault)
        self.fault.setVisible(bool(fault))

    def look_at_data(self) -> None:
        """Grey out what the data do not allow."""
        self.waiting.stop()
        form = self.form()
        if form is not None and self.session.is_open:
            form.look_at_data()
