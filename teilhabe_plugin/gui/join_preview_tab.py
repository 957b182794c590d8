"""Tab “Preview”: how the file is read, and its first rows."""
from __future__ import annotations

from qgis.PyQt.QtCore import QObject, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QHeaderView

from ..translation import render, tr
from .join_grid import PreviewModel, legend, two_lines

_WIDEST = 170
_LETTERS = 42


class PreviewTab(QObject):
    """Shows sheet, header, encoding, separator and decimal sign as found, and lets them be changed.

    Signals
    -------
    changed(dict)
        Changed attributes of `TableSource`; the table must be read again.
    dropped()
        All changes to the table are to be dropped.
    """

    changed = pyqtSignal(dict)
    dropped = pyqtSignal()

    def __init__(self, form, parent=None):
        super().__init__(parent)
        self.form = form
        header = form.grid.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.sectionResized.connect(lambda column, _old, width: self._label(column, width))
        header.setStyleSheet(
            "QHeaderView::section { background-color: #117c90; color: white; padding: 2px 4px; border: 0; "
            "border-right: 1px solid #5fb3c0; }")
        form.grid.verticalHeader().setDefaultSectionSize(form.grid.fontMetrics().height() + 5)
        for code, title in (("utf-8", "UTF-8"), ("utf-8-sig", tr("UTF-8 with BOM")), ("cp1252", "Windows-1252"),
                            ("utf-16", "UTF-16")):
            form.encoding.addItem(title, code)
        for code, title in ((";", tr("semicolon ;")), (",", tr("comma ,")), ("\t", tr("tab")), ("|", tr("bar |"))):
            form.separator.addItem(title, code)
        for code, title in ((",", tr("comma ,")), (".", tr("point ."))):
            form.decimal.addItem(title, code)
        form.as_found.clicked.connect(lambda _checked=False: self.dropped.emit())
        form.sheet.activated.connect(lambda _i: self.changed.emit({"sheet": form.sheet.currentText()}))
        for name in ("encoding", "separator", "decimal"):
            getattr(form, name).activated.connect(lambda _i, name=name: self._chosen(name))
        for name in ("header_row", "header_lines"):
            getattr(form, name).valueChanged.connect(lambda value, name=name: self.changed.emit({name: value}))

    def _chosen(self, name: str) -> None:
        self.changed.emit({name: getattr(self.form, name).currentData()})

    def show(self, table) -> None:
        """Show a `JoinTable`, None for nothing."""
        raw = table.analysis.table if table is not None else None
        self._show_source(raw, table)
        form = self.form
        old = form.grid.model()
        model = PreviewModel(table.analysis, form.grid) if raw is not None else None
        position = form.grid.horizontalScrollBar().value()
        form.grid.setModel(model)
        if old is not None:
            old.deleteLater()
        form.colours.setText(legend(model.kinds()) if model is not None else "")
        form.colours.setVisible(bool(form.colours.text()))
        self._show_notes(table, raw)
        if model is not None:
            self._fit_columns(model)
            form.grid.horizontalScrollBar().setValue(position)

    def _show_source(self, raw, table) -> None:
        form = self.form
        source, sheets = table.shown_source() if table is not None else (None, ())
        is_text = table is not None and table.is_text_file()
        is_grid = raw is None or raw.source.header_row is not None
        if raw is None and not sheets and not is_text:
            source = None  # nothing that could be set would help
        for name, visible in (("sheet", bool(sheets)), ("encoding", is_text), ("separator", is_text),
                              ("decimal", source is not None), ("header_row", source is not None and is_grid),
                              ("header_lines", source is not None and is_grid)):
            widget = getattr(form, name)
            widget.setVisible(visible)
            getattr(form, f"{name}_label").setVisible(visible)
            widget.blockSignals(True)
        if source is not None:
            form.sheet.clear()
            form.sheet.addItems(sheets)
            form.sheet.setCurrentIndex(form.sheet.findText(source.sheet or ""))
            for name in ("encoding", "separator", "decimal"):
                combo, value = getattr(form, name), getattr(source, name)
                if value and combo.findData(value) < 0:
                    combo.addItem(value, value)
                combo.setCurrentIndex(combo.findData(value))
            form.header_row.setValue(source.header_row or 1)
            form.header_lines.setValue(source.header_lines or 1)
        for name in ("sheet", "encoding", "separator", "decimal", "header_row", "header_lines"):
            getattr(form, name).blockSignals(False)

    def _show_notes(self, table, raw) -> None:
        lines = []
        if table is not None and raw is None:
            lines.append(table.analysis.fault)
        if raw is not None:
            if table.taken_over:
                lines.append(tr("Settings of the earlier edition were taken over."))
            notes = raw.notes + (table.analysis.layout.notes if table.analysis.layout is not None else ())
            lines += [render(note) for note in notes]
        label = self.form.notes
        label.setText("  ·  ".join(lines[:3]) + (" …" if len(lines) > 3 else ""))
        label.setToolTip("\n".join(lines))
        label.setVisible(bool(lines))
        self.form.as_found.setVisible(table is not None and table.is_changed())

    def _fit_columns(self, model) -> None:
        """Let keys and names be read in full and give every other column a fair width."""
        metrics = self.form.grid.fontMetrics()
        for column, heading in enumerate(model.headings):
            longest = max((len(str(model.data(model.index(row, column)))) for row in range(min(20, model.rowCount()))),
                          default=0)
            text = "0" * max(min(longest, _LETTERS), min(len(heading), 14))
            bold = 1.15 if model.is_key(column) else 1
            width = min(int(metrics.horizontalAdvance(text) * bold) + 16, _WIDEST)
            self.form.grid.setColumnWidth(column, width)
            self._label(column, width)
        self.form.grid.horizontalHeader().setFixedHeight(
            (2 if any("\n" in label for label in model.labels) else 1) * metrics.lineSpacing() + 8)

    def _label(self, column: int, width: int) -> None:
        """Shorten a heading to the width of its column; the year stays."""
        model = self.form.grid.model()
        if model is None or column >= len(model.headings):
            return
        first, second = two_lines(model.headings[column])
        label = self.form.grid.fontMetrics().elidedText(first, Qt.TextElideMode.ElideRight, width - 10)
        model.labels[column] = f"{label}\n{second}" if second else label
