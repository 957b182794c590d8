"""The last inputs of a dialog, kept in QGIS's settings under ``teilhabe/<dialog>/``."""
from __future__ import annotations

from qgis.core import QgsSettings
from qgis.gui import QgsFileWidget
from qgis.PyQt.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QLineEdit, QRadioButton, QSpinBox


def store(dialog: str, widgets: dict) -> None:
    """Keep what the widgets hold."""
    settings = QgsSettings()
    for name, widget in widgets.items():
        settings.setValue(f"teilhabe/{dialog}/{name}", _value(widget))


def restore(dialog: str, widgets: dict) -> None:
    """Put back what was kept; a choice that is no longer offered is left as it is."""
    settings = QgsSettings()
    for name, widget in widgets.items():
        key = f"teilhabe/{dialog}/{name}"
        if settings.contains(key):
            _put(widget, settings.value(key))


def _value(widget):
    if isinstance(widget, (QCheckBox, QRadioButton)):
        return widget.isChecked()
    if isinstance(widget, QComboBox):
        return widget.currentText() if widget.currentData() is None else widget.currentData()
    if isinstance(widget, (QSpinBox, QDoubleSpinBox)):
        return widget.value()
    if isinstance(widget, QgsFileWidget):
        return widget.filePath()
    if isinstance(widget, QLineEdit):
        return widget.text()
    raise TypeError(f"no memory for {type(widget).__name__}")


def _put(widget, value) -> None:
    if isinstance(widget, (QCheckBox, QRadioButton)):
        widget.setChecked(str(value).lower() in ("true", "1"))
    elif isinstance(widget, QComboBox):
        found = [i for i in range(widget.count()) if str(widget.itemData(i)) == str(value)]
        position = found[0] if found else widget.findText(str(value))
        if position >= 0:
            widget.setCurrentIndex(position)
    elif isinstance(widget, QSpinBox):
        if str(value).lstrip("-").isdigit():
            widget.setValue(int(value))
    elif isinstance(widget, QDoubleSpinBox):
        widget.setValue(_number(value, widget.value()))
    elif isinstance(widget, QgsFileWidget):
        widget.setFilePath(str(value or ""))
    elif isinstance(widget, QLineEdit):
        widget.setText(str(value or ""))


def _number(value, otherwise: float) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return otherwise
