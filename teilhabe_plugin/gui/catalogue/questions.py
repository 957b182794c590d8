"""Questions before something is lost, with buttons that say what they do."""
from __future__ import annotations

from qgis.PyQt.QtWidgets import QMessageBox

ROLES = {"yes": QMessageBox.ButtonRole.AcceptRole, "lose": QMessageBox.ButtonRole.DestructiveRole,
         "other": QMessageBox.ButtonRole.ActionRole, "cancel": QMessageBox.ButtonRole.RejectRole}


def ask(parent, title: str, text: str, answers: list[tuple[str, str, str]], more: str = "") -> str:
    """Ask and return the key of the answer; Esc is the last of them.

    Parameters
    ----------
    answers : list of (key, text, role)
        Role is one of `ROLES`; the first answer is the default.
    """
    box = QMessageBox(QMessageBox.Icon.Question, title, text, parent=parent)
    box.setObjectName("teilhabeCatalogueQuestion")
    if more:
        box.setInformativeText(more)
    buttons = {}
    for key, label, role in answers:
        button = box.addButton(label, ROLES[role])
        button.setObjectName(key)
        buttons[key] = button
    box.setDefaultButton(buttons[answers[0][0]])
    box.setEscapeButton(buttons[answers[-1][0]])
    try:
        box.exec()
        clicked = box.clickedButton()
        return next((key for key, button in buttons.items() if button is clicked), answers[-1][0])
    finally:
        box.deleteLater()
