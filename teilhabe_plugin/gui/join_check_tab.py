"""Tab “Check”: what becomes of every row, which repairs are used, and areas chosen by hand."""
from __future__ import annotations

from dataclasses import replace
from html import escape

from qgis.PyQt.QtCore import QObject, QSignalBlocker, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QCompleter, QHeaderView, QTreeWidgetItem

from ..translation import tr
from .join_check_lists import Entry, Group, groups_of, summary_text
from .join_numbers import count

ROW, VALUE, AREA, WHY = range(4)
_SHOWN = 300
_MOST_AREAS = 20_000
_WHAT = Qt.ItemDataRole.UserRole


class CheckTab(QObject):
    """The lists of the join report before the join, with the decisions that are still open.

    Signals
    -------
    changed(TableChoice)
        The choice with the change in it; the table must be matched again.
    """

    changed = pyqtSignal(object)

    def __init__(self, form, parent=None):
        super().__init__(parent)
        self.form, self.table, self.areas = form, None, None
        self.opened = {}
        header = form.rows.header()
        header.setStretchLastSection(True)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for column, width in ((ROW, 90), (VALUE, 150), (AREA, 190)):
            form.rows.setColumnWidth(column, width)
        form.rows.itemChanged.connect(self._checked)
        form.rows.itemSelectionChanged.connect(self._selected)
        form.rows.itemExpanded.connect(lambda item: self._remember_open(item, True))
        form.rows.itemCollapsed.connect(lambda item: self._remember_open(item, False))
        form.assign.clicked.connect(self._assign)
        form.set_aside.clicked.connect(self._set_aside)
        form.by_hand_area.lineEdit().returnPressed.connect(self._assign)

    def set_areas(self, areas) -> None:
        """Offer these areas for the choice by hand."""
        self.areas = areas
        combo = self.form.by_hand_area
        combo.clear()
        if areas is None:
            return
        if len(areas) <= _MOST_AREAS:
            for position, key in enumerate(areas.keys):
                combo.addItem(f"{key}  {areas.name_at(position)}".strip(), key)
            completer = QCompleter(combo.model(), combo)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            combo.setCompleter(completer)
        combo.setCurrentIndex(-1)
        combo.lineEdit().setPlaceholderText(tr("choose area"))

    def show(self, table) -> None:
        """Show a `JoinTable`, None for nothing."""
        other = table is not self.table
        self.table = table
        form, found = self.form, table.analysis if table is not None else None
        if other:
            self.opened = {}
        known = found is not None and found.matching is not None
        form.match_tab.setEnabled(known)
        text = summary_text(found) if known else ""
        if found is not None and found.fault:
            text = f"<b>{escape(found.fault)}</b>" + (f"<br>{text}" if text else "")
        form.summary.setText(text)
        position = form.rows.verticalScrollBar().value()
        with QSignalBlocker(form.rows):
            form.rows.clear()
            groups = groups_of(found, table.choice, self.areas) if known else []
            for group in groups:
                self._add_group(group)
        form.rows.verticalScrollBar().setValue(0 if other else position)
        self._choose_first()
        form.by_hand.setVisible(any(entry.open for group in groups for entry in group.entries))
        self._selected()

    def _choose_first(self) -> None:
        """Choose the first row that waits for an area, so that it can be given one at once."""
        tree = self.form.rows
        tops = [tree.topLevelItem(i) for i in range(tree.topLevelItemCount())]
        for item in (top.child(i) for top in tops if top.isExpanded() for i in range(top.childCount())):
            if (item.data(ROW, _WHAT) or ("", ""))[0] == "row":
                with QSignalBlocker(tree):
                    tree.setCurrentItem(item)
                return

    def _add_group(self, group: Group) -> None:
        top = QTreeWidgetItem(self.form.rows, [f"{group.title} ({count(group.count)})"])
        top.setFirstColumnSpanned(True)
        top.setData(ROW, _WHAT, ("group", group.name))
        font = top.font(ROW)
        font.setBold(group.attention)
        top.setFont(ROW, font)
        top.setToolTip(ROW, group.title)
        if group.repair:
            top.setFlags(top.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            top.setCheckState(ROW, Qt.CheckState.Checked if group.accepted else Qt.CheckState.Unchecked)
            top.setData(ROW, _WHAT, ("repair", group.repair))
        for entry in group.entries[:_SHOWN]:
            self._add_entry(top, entry)
        if len(group.entries) > _SHOWN:
            QTreeWidgetItem(top, ["…", tr("and {n} more; the report lists all", n=len(group.entries) - _SHOWN)])
        top.setExpanded(self.opened.get(group.name, group.attention and group.count <= 30))

    def _add_entry(self, top, entry: Entry) -> None:
        item = QTreeWidgetItem(top, [str(entry.row) if entry.row else "", entry.value, entry.area, entry.why])
        for column in (VALUE, AREA, WHY):
            item.setToolTip(column, item.text(column))
        item.setData(ROW, _WHAT, ("row", entry.value) if entry.open else ("", ""))
        if entry.suggested:
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(AREA, Qt.CheckState.Unchecked)
            item.setData(AREA, _WHAT, entry.suggested)
        elif entry.by_hand:
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(AREA, Qt.CheckState.Checked)
            item.setData(ROW, _WHAT, ("hand", entry.value))

    # decisions -------------------------------------------------------------------------------------------------

    def _checked(self, item, column: int) -> None:
        what, value = item.data(ROW, _WHAT) or ("", "")
        checked = item.checkState(column) == Qt.CheckState.Checked
        if what == "repair" and column == ROW:
            self.changed.emit(self._with_repair(value, checked))
        elif what == "hand" and column == AREA and not checked:
            self.changed.emit(self.table.choice.without_match(value))
        elif column == AREA and checked and item.data(AREA, _WHAT):
            self.changed.emit(self.table.choice.with_match(value, item.data(AREA, _WHAT)))

    def _with_repair(self, kind: str, accepted: bool):
        from ..core.area_keys import REPAIR_KINDS, SAFE_REPAIRS

        now = set(SAFE_REPAIRS if self.table.choice.repairs is None else self.table.choice.repairs)
        now = now | {kind} if accepted else now - {kind}
        return replace(self.table.choice, repairs=tuple(each for each in REPAIR_KINDS if each in now))

    def selected_value(self) -> str:
        """Return the value of the selected row that has no area yet, "" when there is none."""
        items = self.form.rows.selectedItems()
        what, value = (items[0].data(ROW, _WHAT) or ("", "")) if items else ("", "")
        return value if what == "row" else ""

    def _selected(self) -> None:
        value = self.selected_value()
        label = tr("“{value}” belongs to", value=value) if value else tr("Choose a row without area above:")
        self.form.by_hand_label.setText(label)
        key = self._suggested() if value else ""
        self.form.by_hand_area.setCurrentIndex(self.form.by_hand_area.findData(key) if key else -1)
        for widget in (self.form.by_hand_area, self.form.assign, self.form.set_aside):
            widget.setEnabled(bool(value))

    def _suggested(self) -> str:
        """Return the key of the near name of the selected row, "" when there is none."""
        items = self.form.rows.selectedItems()
        return (items[0].data(AREA, _WHAT) or "") if items else ""

    def chosen_key(self) -> str:
        """Return the key that is chosen or typed, "" when it is no area key."""
        combo = self.form.by_hand_area
        text = combo.currentText().strip()
        position = combo.findText(text)
        key = combo.itemData(position) if position >= 0 else text
        return key if self.areas is not None and key in self.areas.index else ""

    def _assign(self, _checked: bool = False) -> None:
        value, key = self.selected_value(), self.chosen_key()
        if value and key:
            self.form.by_hand_area.setCurrentIndex(-1)
            self.changed.emit(self.table.choice.with_match(value, key))

    def _set_aside(self, _checked: bool = False) -> None:
        value = self.selected_value()
        if value:
            self.changed.emit(self.table.choice.with_match(value, None))

    def _remember_open(self, item, is_open: bool) -> None:
        what, name = item.data(ROW, _WHAT) or ("", "")
        if what in ("group", "repair"):
            self.opened[name if what == "group" else f"repair_{name}"] = is_open


