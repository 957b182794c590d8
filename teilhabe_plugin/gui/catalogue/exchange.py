"""Excel out and in again, and two editions held against each other."""
from __future__ import annotations

from pathlib import Path

from qgis.core import Qgis
from qgis.PyQt.QtCore import QObject, Qt
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
)

from ...translation import tr
from ..errors import expected, in_words
from .differences import DifferencesDialog, DifferencesTable, counted
from .files import folder, recent, templates
from .place import Where

NOW, SAVED, CHOOSE = "now", "saved", "choose"


class Exchange(QObject):
    """What the menu entries for Excel and editions do."""

    def __init__(self, window):
        super().__init__(window)
        self.window, self.session = window, window.session

    def export(self) -> None:
        """Write the catalogue as a workbook."""
        from ...bridge.catalogue_files import export_workbook
        from ...core.catalogue_editing_checks import cleaned

        if not self.session.is_open or not self.window.files.can_save():
            return
        path = self.session.path
        name = path.stem if path is not None else self.session.catalogue.id
        start = folder() if path is None or self.session.is_template else str(path.parent)
        target, _filter = QFileDialog.getSaveFileName(self.window, tr("Export to Excel"),
                                                      str(Path(start) / f"{name}.xlsx"),
                                                      tr("Excel workbooks (*.xlsx)"))
        if not target:
            return
        target = target if target.lower().endswith(".xlsx") else f"{target}.xlsx"
        try:
            export_workbook(cleaned(self.session.catalogue), target)
        except expected() as error:
            self.window.tell(in_words(error), Qgis.MessageLevel.Critical)
            return
        self.window.tell(tr("“{catalogue}”: {count} indicators written.", catalogue=Path(target).name,
                            count=len(self.session.catalogue.entries)), Qgis.MessageLevel.Success,
                         (tr("Open"), lambda: _open(target)))

    def import_(self) -> None:
        """Read a workbook; what it changes is shown before it is taken."""
        from ...bridge.catalogue_files import import_workbook
        from ...core.catalogue_editing_history import differences

        path, _filter = QFileDialog.getOpenFileName(self.window, tr("Import from Excel"), folder(),
                                                    tr("Excel workbooks (*.xlsx)"))
        if not path:
            return
        self.window.bar.clearWidgets()
        try:
            imported = import_workbook(path)
        except expected() as error:
            self.window.tell(in_words(error), Qgis.MessageLevel.Critical)
            return
        if self.session.is_template:
            self._open_imported(imported, path)
            return
        changes = differences(self.session.catalogue, imported)
        if not changes:
            self.window.tell(tr("The workbook holds the same as this window; nothing was changed."),
                             Qgis.MessageLevel.Info)
            return
        dialog = DifferencesDialog(
            self.window, tr("Import from Excel"),
            tr("Before: this window. After: {file}.", file=Path(path).name) + " " + counted(changes) + " " +
            tr("Nothing is saved yet; the import can be undone."), changes, tr("Take over"))
        taken = dialog.exec() == QDialog.DialogCode.Accepted
        dialog.deleteLater()
        if taken:
            self.session.edit(tr("import from Excel"), imported, Where())
            self.window.refresh(anew=True)
            self.window.tell(tr("Taken over from {file}: {changes}", file=Path(path).name, changes=counted(changes)),
                             Qgis.MessageLevel.Success)

    def _open_imported(self, imported, path: str) -> None:
        """Begin with an imported catalogue: a template is not changed."""
        from ...core.catalogue_editing import empty_catalogue

        self.session.open(imported, saved=empty_catalogue(imported.title, imported.language))
        self.window.tell(tr("“{file}” is open as a new catalogue that is not saved yet.", file=Path(path).name),
                         Qgis.MessageLevel.Success, (tr("Save as …"), self.window.files.save_as))

    def compare(self) -> None:
        """Hold two editions against each other."""
        dialog = CompareDialog(self.window)
        dialog.exec()
        dialog.deleteLater()


class CompareDialog(QDialog):
    """Two editions to choose, and their differences."""

    def __init__(self, window):
        super().__init__(window)
        self.session = window.session
        self.setObjectName("teilhabeCatalogueCompare")
        self.setWindowTitle(tr("Compare editions"))
        self.resize(1000, 520)
        column = QVBoxLayout(self)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.before, self.after = self._box("before"), self._box("after")
        form.addRow(tr("&Before"), self.before)
        form.addRow(tr("&After"), self.after)
        column.addLayout(form)
        self.about = QLabel()
        self.about.setObjectName("about")
        self.about.setWordWrap(True)
        column.addWidget(self.about)
        self.table = DifferencesTable()
        column.addWidget(self.table, 1)
        buttons = QDialogButtonBox()
        copy = QPushButton(tr("Copy list"))
        copy.setObjectName("copy")
        copy.setAutoDefault(False)
        copy.clicked.connect(lambda _checked=False: self.table.copy())
        buttons.addButton(copy, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(tr("Close"), QDialogButtonBox.ButtonRole.RejectRole).setObjectName("close")
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)
        self.before.setCurrentIndex(max(self.before.findData(SAVED), 0))
        self.after.setCurrentIndex(max(self.after.findData(NOW), 0))
        for box in (self.before, self.after):
            box.activated.connect(lambda _row, box=box: self._activated(box))
        self.show_differences()

    def _box(self, name: str) -> QComboBox:
        box = QComboBox()
        box.setObjectName(name)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        path = self.session.path
        box.addItem(tr("This window"), NOW)
        if path is not None and not self.session.is_template:
            box.addItem(tr("As saved: {file}", file=path.name), SAVED)
        for each in recent():
            if path is None or Path(each) != path:
                box.addItem(Path(each).name, each)
                box.setItemData(box.count() - 1, each, Qt.ItemDataRole.ToolTipRole)
        for each, title in templates():
            box.addItem(tr("Template: {title}", title=title), str(each))
        box.insertSeparator(box.count())
        box.addItem(tr("Choose file …"), CHOOSE)
        return box

    def _activated(self, box: QComboBox) -> None:
        if box.currentData() == CHOOSE:
            path, _filter = QFileDialog.getOpenFileName(self, tr("Open indicator catalogue"), folder(),
                                                        tr("Catalogues (*.json)"))
            if path and box.findData(path) < 0:
                box.insertItem(0, Path(path).name, path)
            box.setCurrentIndex(box.findData(path) if path else 0)
        self.show_differences()

    def show_differences(self) -> None:
        """Show how the two editions differ."""
        from ...core.catalogue_editing_history import differences

        self.table.setRowCount(0)
        try:
            before, after = (self._catalogue(box.currentData()) for box in (self.before, self.after))
        except expected() as error:
            self.about.setText(in_words(error))
            return
        changes = differences(before, after)
        self.table.show_changes(changes)
        self.about.setText(counted(changes) if changes else tr("The two editions are the same."))

    def _catalogue(self, which: str):
        from ...core.catalogue_reading import load_catalogue

        if which == NOW:
            return self.session.catalogue
        return load_catalogue(self.session.path if which == SAVED else which)


def _open(path: str) -> None:
    from qgis.PyQt.QtCore import QUrl
    from qgis.PyQt.QtGui import QDesktopServices

    QDesktopServices.openUrl(QUrl.fromLocalFile(path))
