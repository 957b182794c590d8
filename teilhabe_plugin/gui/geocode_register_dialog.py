"""Window: how a register is read, where the guess is wrong."""
from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from qgis.core import QgsCoordinateReferenceSystem
from qgis.gui import QgsProjectionSelectionWidget
from qgis.PyQt import uic
from qgis.PyQt.QtCore import QAbstractTableModel, Qt
from qgis.PyQt.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QLabel, QVBoxLayout

from ..translation import tr
from .join_grid import cell_text

UI = Path(__file__).resolve().parent / "ui"
SAMPLE = 30


def meanings() -> dict[str, str]:
    """Return what a column of a register may tell, by its name in `core.addresses.register_source.CANONICAL`."""
    return {
        "street": tr("Street"), "number": tr("Number"), "suffix": tr("Addition"), "address": tr("Street and number"),
        "postcode": tr("Postcode"), "place": tr("Place"), "district": tr("Part of town"), "area": tr("Area key"),
        "id": tr("Official id"), "street_key": tr("Street key"), "quality": tr("Quality"), "x": tr("Easting"),
        "y": tr("Northing"),
    }


def forms() -> dict[str, str]:
    """Return the layouts of a register file."""
    return {"auto": tr("recognise"), "hk": tr("house coordinates (HK-DE)"), "gebref": tr("gebref.txt"),
            "table": tr("table with headings")}


class RegisterDialog(QDialog):
    """Shows the first rows of a register and which column means what; `source()` returns the choice.

    Parameters
    ----------
    source : RegisterSource
    description : bridge.registers.RegisterDescription
        What was found out about it.
    parent : QWidget, optional
    """

    def __init__(self, source, description, parent=None):
        super().__init__(parent)
        self.given, self.description = source, description
        self.setObjectName("teilhabeRegisterDialog")
        self.setWindowTitle(tr("Address register: {name}", name=source.name))
        self.form = uic.loadUi(str(UI / "geocode_register_dialog.ui"))
        column = QVBoxLayout(self)
        column.addWidget(self.form)
        self.resize(820, 520)
        self.boxes: dict[str, QComboBox] = {}
        self._fill()
        self._add_buttons()

    def source(self):
        """Return the register with what was changed by hand."""
        found = dict(self.description.columns)
        columns = tuple((meaning, box.currentData() or "") for meaning, box in self.boxes.items()
                        if (box.currentData() or "") != found.get(meaning, ""))
        kept = tuple(pair for pair in self.given.columns if pair[0] not in dict(columns)
                     and self.boxes[pair[0]].currentData() == pair[1])
        crs = self.form.crs.crs().authid()
        return replace(self.given, columns=(*kept, *columns), form=self.form.layout_form.currentData(),
                       crs=crs if crs != self.description.crs or self.given.crs else "",
                       place=self.form.place.text().strip())

    def _fill(self) -> None:
        form, found = self.form, self.description
        for name, title in forms().items():
            form.layout_form.addItem(title, name)
        form.layout_form.setCurrentIndex(max(form.layout_form.findData(self.given.form), 0))
        form.layout_form.setEnabled(not self.given.is_layer)
        form.place.setText(self.given.place)
        form.crs.setCrs(QgsCoordinateReferenceSystem(self.given.crs or found.crs))
        form.crs.setOptionVisible(QgsProjectionSelectionWidget.CrsOption.CrsNotSet, True)
        form.sample.setModel(SampleModel(found.sample, form.sample))
        form.sample.verticalHeader().setDefaultSectionSize(form.sample.fontMetrics().height() + 6)
        form.sample.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        form.problems.setText("\n".join(_texts(found.problems)))
        form.problems.setVisible(bool(found.problems))
        headings = [str(name) for name in found.sample.columns]
        columns = {**dict(found.columns), **dict(self.given.columns)}
        for i, (meaning, title) in enumerate(meanings().items()):
            label, box = QLabel(title), QComboBox()
            box.setObjectName(f"column_{meaning}")
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(8)
            box.addItem("–", "")
            for heading in headings:
                box.addItem(heading, heading)
            box.setCurrentIndex(max(box.findData(columns.get(meaning, "")), 0))
            label.setBuddy(box)
            row, half = i % 5, i // 5
            form.columns_grid.addWidget(label, row, 2 * half)
            form.columns_grid.addWidget(box, row, 2 * half + 1)
            form.columns_grid.setColumnStretch(2 * half + 1, 1)
            self.boxes[meaning] = box

    def _add_buttons(self) -> None:
        role = QDialogButtonBox.ButtonRole
        ok = self.form.buttons.addButton(tr("Apply"), role.AcceptRole)
        cancel = self.form.buttons.addButton(tr("Cancel"), role.RejectRole)
        ok.setObjectName("ok")
        cancel.setObjectName("cancel")
        ok.setDefault(True)
        self.form.buttons.accepted.connect(self.accept)
        self.form.buttons.rejected.connect(self.reject)


class SampleModel(QAbstractTableModel):
    """The first rows of a register."""

    def __init__(self, frame, parent=None):
        super().__init__(parent)
        self.frame = frame.iloc[:SAMPLE]

    def rowCount(self, parent=None):
        return 0 if parent is not None and parent.isValid() else len(self.frame)

    def columnCount(self, parent=None):
        return 0 if parent is not None and parent.isValid() else len(self.frame.columns)

    def data(self, index, role=Qt.ItemDataRole.DisplayRole):
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return cell_text(self.frame.iat[index.row(), index.column()])
        return None

    def headerData(self, section, orientation, role=Qt.ItemDataRole.DisplayRole):
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return str(self.frame.columns[section]) if orientation == Qt.Orientation.Horizontal else section + 1


def _texts(messages) -> list[str]:
    from ..translation import render

    return [message if isinstance(message, str) else render(message) for message in messages]
