"""The working recipe in the project and, against crashes, in the profile: nothing is lost, and found again by role."""
from __future__ import annotations

import json

from qgis.core import Qgis, QgsProject
from qgis.PyQt.QtCore import QObject, QTimer
from qgis.PyQt.QtWidgets import QPushButton

from ....core.messages import TeilhabeError
from ....translation import tr
from ...errors import in_words
from .state import Working, from_values, layer_of, open_in, same_state, to_values, working_of
from .store import Store

SCOPE, KEY = "teilhabe", "/workshop/working"
#: milliseconds from a change to the moment it is kept
DELAY = 400
#: tag and type that take the place of the scratch layer's in a saved project: QGIS passes over what it does not know
PASSED_OVER = "teilhabe-scratch"


class ProjectState(QObject):
    """Keeps the session's state and brings it back.

    Parameters
    ----------
    dock : WorkshopDock
    """

    def __init__(self, dock):
        super().__init__(dock)
        self.dock, self.session = dock, dock.session
        self.store = Store()
        self.working: Working | None = None
        self.in_project: dict | None = None
        self.is_opening = False
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.setInterval(DELAY)
        self.timer.timeout.connect(self.keep)
        self.listening = True
        for signal, slot in self._signals():
            signal.connect(slot)

    def _signals(self):
        project, session = QgsProject.instance(), self.session
        return (
            (session.opened, self._changed), (session.recipe_changed, self._changed),
            (session.state_changed, self._changed), (session.node_changed, self._looked),
            (session.computed, self._looked), (session.closed, self._closed),
            (project.writeProject, self._writing_project), (project.writeMapLayer, self._writing_layer),
            (project.projectSaved, self._project_saved),
        )

    # opening ---------------------------------------------------------------------------------------------------

    def open(self) -> bool:
        """Open the working recipe that belongs to the project; say whether there was one that could be opened."""
        project = QgsProject.instance()
        kept = self.store.begin(project.fileName())
        self.in_project = self._project_values()
        self._tell_unreadable()
        if kept is not None and same_state(kept, self.in_project):
            self.store.remove()
            kept = None
        if kept is not None and self._open_values(kept, str):
            self._tell_restored(kept)
            return True
        if self.in_project is not None and self._open_values(self.in_project, project.readPath):
            return True
        for left in (kept, self.in_project):
            if left is not None:
                self._lay_aside(left)
        return self._adopt()

    def _adopt(self) -> bool:
        """Open what was left behind without a project, where a layer fits it."""
        project = QgsProject.instance()

        def fits(values: dict) -> bool:
            working = from_values(values)
            return working is not None and working.is_dirty and layer_of(working, project) is not None

        try:
            found = self.store.adopt(fits)
        except (TeilhabeError, OSError):
            return False
        if found is None or not self._open_values(found, str):
            return False
        self._tell_restored(found)
        return True

    def _open_values(self, values: dict, read) -> bool:
        working = from_values(values, read)
        layer = layer_of(working, QgsProject.instance()) if working is not None else None
        if layer is None:
            return False
        self.is_opening = True
        try:
            open_in(self.session, working, layer)
        except TeilhabeError as error:
            self.dock.tell(in_words(error))
            return False
        finally:
            self.is_opening = False
        self.working = working_of(self.session)
        return True

    def _lay_aside(self, values: dict) -> None:
        """Keep what cannot be opened now: its layer is not there."""
        working = from_values(values, QgsProject.instance().readPath)
        if working is None or not working.is_dirty:
            return
        try:
            self.store.lay_aside(to_values(working))
            self.store.remove()
        except (TeilhabeError, OSError) as error:
            self.dock.tell(in_words(error))

    def _project_values(self) -> dict | None:
        text, _found = QgsProject.instance().readEntry(SCOPE, KEY, "")
        try:
            return json.loads(text) if text else None
        except ValueError:
            return None

    def _tell_unreadable(self) -> None:
        """Say in QGIS's own bar, where it stays, that what the project holds is passed over."""
        text, _found = QgsProject.instance().readEntry(SCOPE, KEY, "")
        if text and from_values(self.in_project) is None:
            self.dock.iface.messageBar().pushWarning(tr("Index workshop"), tr(
                "The working recipe kept in this project cannot be read and is passed over."))

    def _tell_restored(self, values: dict) -> None:
        button = QPushButton(tr("Discard"))
        button.setObjectName("teilhabeWorkshopDiscard")
        button.clicked.connect(lambda _checked=False: self.discard_restored())
        title = self.session.document.get("title", "")
        self.dock.tell(tr("Changes to “{recipe}” that were not saved have been restored ({when}).", recipe=title,
                          when=_when(values.get("kept", ""))), Qgis.MessageLevel.Info, button)

    def discard_restored(self) -> None:
        """Go back to what the project, or else the file, holds."""
        self.store.remove()
        self.dock.bar.clearWidgets()
        if self.in_project is None or not self._open_values(self.in_project, QgsProject.instance().readPath):
            self.discard()
            return
        self.keep()

    def discard(self) -> None:
        """Go back to what was saved last; the step can be undone as long as the recipe is open."""
        if self.session.is_open:
            self.session.edit(tr("back to the state saved last"), self.session.origin.document)
            self.keep()

    # keeping ---------------------------------------------------------------------------------------------------

    def _changed(self) -> None:
        """Note the new state and keep it soon."""
        self.working = working_of(self.session)
        if not self.is_opening:
            self.timer.start()

    def _looked(self) -> None:
        self.working = working_of(self.session)

    def _closed(self) -> None:
        """Keep the last state of areas that are gone; the project may be another one already."""
        if self.timer.isActive():
            self.timer.stop()
            self._keep_in_profile()
        self.working = None

    def keep(self) -> None:
        """Write the state into the project, and into the profile as long as the project is not saved."""
        self.timer.stop()
        if self.working is None:
            return
        if self.working.is_dirty or self._project_values() is not None:  # opening alone changes no project
            self._keep_in_project()
        self._keep_in_profile()

    def _keep_in_project(self) -> None:
        project = QgsProject.instance()
        text = json.dumps(to_values(self.working, project.writePath), ensure_ascii=False, sort_keys=True)
        if project.readEntry(SCOPE, KEY, "")[0] != text:
            project.writeEntry(SCOPE, KEY, text)

    def _keep_in_profile(self) -> None:
        try:
            values = to_values(self.working)
            if self.working.is_dirty and not same_state(values, self._absolute(self.in_project)):
                self.store.keep(values)
            else:
                self.store.remove()
        except (TeilhabeError, OSError) as error:
            self.dock.tell(tr("The working state cannot be kept in the profile folder. {reason}",
                              reason=in_words(error)))

    def _absolute(self, values: dict | None) -> dict | None:
        working = from_values(values, QgsProject.instance().readPath)
        return to_values(working) if working is not None else None

    def close(self) -> None:
        """Keep the state for the last time and let go of the project."""
        if self.listening:
            self.listening = False
            self.keep()
            for signal, slot in self._signals():
                signal.disconnect(slot)
            self.store.tidy()
            self.store.end()

    # the project is saved --------------------------------------------------------------------------------------

    def _writing_project(self, document) -> None:
        """Let the saved project hold the state of this moment, and the layers as if the workshop were closed."""
        if self.working is not None:
            self._keep_in_project()
        preview = self.dock.preview
        nodes = document.elementsByTagName("layer-tree-layer")
        for position in range(nodes.count() - 1, -1, -1):
            node = nodes.at(position).toElement()
            if node.attribute("id") in preview.hidden:
                node.setAttribute("checked", "Qt::Checked")
            elif preview.layer_id and node.attribute("id") == preview.layer_id:
                node.parentNode().removeChild(node)

    def _writing_layer(self, layer, element, _document) -> None:
        if self.dock.preview.layer_id and layer.id() == self.dock.preview.layer_id:
            while element.hasChildNodes():
                element.removeChild(element.firstChild())
            element.setAttribute("type", PASSED_OVER)
            element.setTagName(PASSED_OVER)

    def _project_saved(self) -> None:
        self.timer.stop()
        self.store.follow(QgsProject.instance().fileName())
        self.in_project = self._project_values()
        self.store.remove()


def _when(moment: str) -> str:
    """Return an ISO time as a date and time of day in local time."""
    from datetime import datetime

    try:
        return datetime.fromisoformat(moment).astimezone().strftime("%d.%m.%Y %H:%M")
    except (TypeError, ValueError):
        return tr("at an unknown time")
