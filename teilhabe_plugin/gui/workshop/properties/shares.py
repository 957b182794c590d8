"""Weights as sliders: one row per part of an index or sub-index, with a lock; shares always add up to 100 %."""
from __future__ import annotations

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QFont, QFontMetrics
from qgis.PyQt.QtWidgets import QGridLayout, QHBoxLayout, QSlider, QToolButton, QVBoxLayout, QWidget

from ....translation import tr
from .rows import note
from .widgets import Number

#: steps of a slider
_STEPS = 1000
#: that a slider is wide at least, and with a name beside it
_NARROW, _USABLE = 60, 76
_TINY = 1e-6


class ShareRow(QWidget):
    """One part: name, slider, number and lock.

    Signals
    -------
    moved(float)
        The share that is wanted, 0…1.
    held(bool)
        The slider is taken in hand, or let go.
    locked(bool)
    """

    moved = pyqtSignal(float)
    held = pyqtSignal(bool)
    locked = pyqtSignal(bool)

    def __init__(self, parent=None):
        super().__init__(parent)
        grid = self.grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(4)
        grid.setVerticalSpacing(0)
        self.name = note("")
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, _STEPS)
        self.slider.setSingleStep(10)
        self.slider.setPageStep(50)
        self.slider.setMinimumWidth(_NARROW)
        self.number = Number(0, 100, 1, 1, tr(" %"))
        self.number.setButtonSymbols(Number.ButtonSymbols.NoButtons)
        self.number.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.lock = QToolButton()
        self.lock.setCheckable(True)
        self.lock.setAutoRaise(True)
        self.beside = 0
        grid.addWidget(self.name, 0, 0, 1, 4)
        for column, widget in enumerate((self.slider, self.number, self.lock), 1):
            grid.addWidget(widget, 1, column)
        grid.setColumnStretch(1, 1)
        self.slider.valueChanged.connect(lambda value: self.moved.emit(value / _STEPS))
        self.slider.sliderPressed.connect(lambda: self.held.emit(True))
        self.slider.sliderReleased.connect(lambda: self.held.emit(False))
        self.number.valueChanged.connect(lambda value: self.moved.emit(value / 100))
        self.lock.toggled.connect(self.locked)
        self.lock.toggled.connect(lambda _on: self._show_lock())
        self._show_lock()

    def _show_lock(self) -> None:
        name = "/locked.svg" if self.lock.isChecked() else "/unlocked.svg"
        self.lock.setIcon(QgsApplication.getThemeIcon(name))
        self.lock.setToolTip(tr("Locked: this share stays when others change") if self.lock.isChecked()
                             else tr("Lock: keep this share when others change"))

    def name_width(self) -> int:
        """Return how wide the name is in one line; bold, so that nothing moves when another part is selected."""
        font = QFont(self.name.font())
        font.setBold(True)
        return QFontMetrics(font).horizontalAdvance(self.name.text()) + 2

    def inputs_width(self, slider: int) -> int:
        """Return how wide the inputs are with a slider of a width."""
        widths = (slider, self.number.sizeHint().width(), self.lock.sizeHint().width())
        return sum(widths) + len(widths) * self.grid.horizontalSpacing()

    def minimumSizeHint(self):
        """Return what is needed with the name above the inputs, where it goes when the panel gets narrow."""
        return QSize(self.inputs_width(_NARROW), super().minimumSizeHint().height())

    def put_name(self, beside: int) -> None:
        """Put the name left of the inputs, in a column of a width, or above them for 0."""
        if beside != self.beside:
            self.beside = beside
            self.grid.removeWidget(self.name)
            self.name.setWordWrap(not beside)
            self.grid.addWidget(self.name, *((1, 0) if beside else (0, 0, 1, 4)))
            self.grid.setColumnMinimumWidth(0, beside)

    def show_row(self, row, is_locked: bool, most: float, can_change: bool, reason: str, is_bold: bool) -> None:
        """Show a part; `most` is the share that the locked ones leave."""
        if self.name.text() != row.title:
            self.name.setText(row.title)
            self.slider.setAccessibleName(tr("Weight of “{title}”", title=row.title))
            self.number.setAccessibleName(tr("Weight of “{title}” in percent", title=row.title))
            self.lock.setAccessibleName(tr("Lock the weight of “{title}”", title=row.title))
        font = self.name.font()
        if font.bold() != is_bold:
            font.setBold(is_bold)
            self.name.setFont(font)
        for widget in (self.slider, self.number):
            widget.setEnabled(can_change and not is_locked)
            widget.setToolTip(reason)
        self.lock.setEnabled(not reason)
        for widget, value, limit in ((self.slider, round(_STEPS * row.share), int(_STEPS * most + 0.5)),
                                     (self.number, round(100 * row.share, 1), 100 * most)):
            widget.blockSignals(True)
            widget.setMaximum(max(limit, value))
            if widget.value() != value and not (widget is self.slider and self.slider.isSliderDown()):
                widget.setValue(value)
            widget.blockSignals(False)
        if self.lock.isChecked() != is_locked:
            self.lock.blockSignals(True)
            self.lock.setChecked(is_locked)
            self.lock.blockSignals(False)
            self._show_lock()


class ShareGroup(QWidget):
    """The parts of one index or sub-index."""

    def __init__(self, edits, parent=None):
        super().__init__(parent)
        self.edits, self.above, self.bold = edits, None, None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(2)
        head = QHBoxLayout()
        self.title = note("")
        self.equal = QToolButton()
        self.equal.setText(tr("All equal"))
        self.equal.clicked.connect(lambda _checked=False: self.edits.equal_weights(self.above.path))
        head.addWidget(self.title, 1)
        head.addWidget(self.equal)
        column.addLayout(head)
        self.why = note("", faint=True)
        column.addWidget(self.why)
        self.rows: list[ShareRow] = []
        self.column = column
        self.movement, self.base = 0, None

    def show_parts(self, above, title: str, reason: str = "", bold=None) -> None:
        """Show the parts of a row; `reason` says why their shares cannot be set, `bold` is the row that is selected."""
        self.above, self.bold = above, bold
        self.title.setText(title)
        self.why.setText(reason)
        self.why.setVisible(bool(reason))
        parts = above.children
        self.equal.setEnabled(not reason and len(parts) > 1 and max(each.share for each in parts)
                              - min(each.share for each in parts) > _TINY)
        while len(self.rows) < len(parts):
            self._add_row()
        locked = [each.key in self.edits.locked for each in parts]
        free = sum(not each for each in locked)
        for place, widget in enumerate(self.rows):
            widget.setVisible(place < len(parts))
            if place < len(parts):
                row = parts[place]
                held = sum(each.share for each, is_locked in zip(parts, locked) if is_locked and each is not row)
                others = free - (not locked[place])
                widget.show_row(row, locked[place], max(1 - held, row.share), others > 0 and not reason, reason,
                                bold is not None and row.key == bold.key)
        self._fit_names()

    def resizeEvent(self, event):
        super().resizeEvent(event)
        self._fit_names()

    def _fit_names(self) -> None:
        """Put the names beside the sliders where all of them fit into a line."""
        shown = [row for row in self.rows if not row.isHidden()]
        if shown:
            widest = max(row.name_width() for row in shown)
            fits = widest + max(row.inputs_width(_USABLE) for row in shown) <= self.width()
            for row in shown:
                row.put_name(widest if fits else 0)

    def _add_row(self) -> None:
        widget, place = ShareRow(), len(self.rows)
        widget.moved.connect(lambda share: self._moved(place, share))
        widget.held.connect(self._held)
        widget.locked.connect(lambda on: self._locked(place, on))
        self.column.addWidget(widget)
        chain = (self.rows[-1].lock if self.rows else self.equal, widget.slider, widget.number, widget.lock)
        for one, other in zip(chain, chain[1:]):  # what comes later would be the last that Tab reaches
            self.setTabOrder(one, other)
        self.rows.append(widget)

    def _held(self, is_held: bool) -> None:
        """Remember the shares at the beginning of a movement: they are what the others keep the proportions of."""
        self.movement += 1
        self.edits.in_hand = is_held
        self.base = self.edits.session.document if is_held else None

    def _moved(self, place: int, share: float) -> None:
        parts = self.above.children
        if place >= len(parts):
            return
        row = parts[place]
        locked = [each for each in parts if each.key in self.edits.locked and each is not row]
        most = max(1 - sum(each.share for each in locked), 0)
        self.edits.set_share(row.path, min(share, most), [each.place for each in locked], self.base, self.movement)

    def _locked(self, place: int, is_locked: bool) -> None:
        row = self.above.children[place]
        (self.edits.locked.add if is_locked else self.edits.locked.discard)(row.key)
        self.show_parts(self.above, self.title.text(), self.why.text(), self.bold)
