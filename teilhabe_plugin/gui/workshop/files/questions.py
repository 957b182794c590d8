"""Questions about files and unsaved changes."""
from __future__ import annotations

from qgis.PyQt.QtWidgets import QMessageBox

CANCEL = "cancel"


def ask(parent, title: str, text: str, choices: tuple[tuple[str, str], ...], details: str = "") -> str:
    """Ask a question and return the name of the answer; `CANCEL` where the window is closed.

    Parameters
    ----------
    parent : QWidget
    title, text : str
    choices : tuple of (name, button text)
        The first is the proposal.
    details : str
        More text below the question.
    """
    box = QMessageBox(parent)
    box.setObjectName("teilhabeQuestion")
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle(title)
    box.setText(text)
    box.setInformativeText(details)
    buttons = {}
    for name, words in choices:
        role = QMessageBox.ButtonRole.RejectRole if name == CANCEL else QMessageBox.ButtonRole.ActionRole
        button = box.addButton(words, role)
        button.setObjectName(name)
        buttons[name] = button
        if name == CANCEL:
            box.setEscapeButton(button)
    box.setDefaultButton(buttons[choices[0][0]])
    box.exec()
    clicked = box.clickedButton()
    box.deleteLater()
    return next((name for name, button in buttons.items() if button is clicked), CANCEL)
