"""Panel: what if an offer opened, closed, moved or had more places? All measures before and after, at once."""
from __future__ import annotations

from pathlib import Path

from qgis.core import Qgis, QgsApplication, QgsProject
from qgis.gui import QgsDockWidget
from qgis.PyQt import uic
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtGui import QIcon, QKeySequence
from qgis.PyQt.QtWidgets import QAction, QHeaderView

from .. import paths
from ..translation import render, tr
from .base_dialog import fit_message
from .errors import expected, in_words
from .join_numbers import count, plain
from .task_runner import Run
from .what_if_apply import job_of
from .what_if_base import ALGORITHM
from .what_if_files import ChangeFiles
from .what_if_map import ScenarioMap
from .what_if_mouse import OfferMouse
from .what_if_session import Session
from .what_if_tables import KEY, areas_model, figures_model, number
from .what_if_tool import CLOSE, MOVE, OPEN, RESIZE

UI = Path(__file__).resolve().parent / "ui"
#: of the panel at first
WIDTH = 430


class WhatIfDock(QgsDockWidget):
    """Changes to the offers of a supply result; nothing is written before “Apply”.

    Parameters
    ----------
    iface : QgisInterface
    """

    def __init__(self, iface):
        super().__init__(tr("Teilhabe: what if"), iface.mainWindow())
        self.iface, self.canvas = iface, iface.mapCanvas()
        self.setObjectName("teilhabeWhatIf")
        self.setWindowIcon(QIcon(str(paths.resource("icons", "what_if.svg"))))
        self.panel = uic.loadUi(str(UI / "what_if_dock.ui"))
        self.setWidget(self.panel)
        self.session, self.map = Session(self), ScenarioMap()
        self.selected, self.run, self.open_for_user = "", None, True
        self.resizing = QTimer(self)
        self.resizing.setSingleShot(True)
        self.resizing.setInterval(350)
        self.resizing.timeout.connect(self.resize_offer)
        self.arriving = QTimer(self)
        self.arriving.setSingleShot(True)
        self.arriving.setInterval(150)
        self.arriving.timeout.connect(self.fill_results)
        self._connect()
        iface.addTabifiedDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self, ["teilhabeSteps"], True)
        iface.mainWindow().resizeDocks([self], [WIDTH], Qt.Orientation.Horizontal)
        self.fill_results()

    def _connect(self) -> None:
        panel, session = self.panel, self.session
        session.changed.connect(self.show_result)
        session.busy.connect(self.show_busy)
        session.failed.connect(self.tell)
        self.mouse, self.files = OfferMouse(self), ChangeFiles(self)
        for button, icon, keys, do in (
                (panel.undo, "/mActionUndo.svg", QKeySequence.StandardKey.Undo, session.undo),
                (panel.redo, "/mActionRedo.svg", QKeySequence.StandardKey.Redo, session.redo)):
            button.setIcon(QgsApplication.getThemeIcon(icon))
            button.clicked.connect(lambda _checked=False, do=do: do())
            action = QAction(self)
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(lambda _checked=False, do=do: do())
            self.addAction(action)
        panel.result.activated.connect(lambda _row: self.start())
        panel.places.valueChanged.connect(self._places_changed)
        panel.propose.clicked.connect(lambda _checked=False: self.propose())
        panel.measure.activated.connect(lambda _row: self.show_areas())
        panel.remove.clicked.connect(lambda _checked=False: self.remove())
        panel.discard.clicked.connect(lambda _checked=False: self.session.replace(()))
        panel.apply.clicked.connect(lambda _checked=False: self.apply())
        for signal, slot in self._project_signals():
            signal.connect(slot)
        self.listening = True
        for view in (panel.city, panel.areas):
            view.verticalHeader().hide()
            view.verticalHeader().setDefaultSectionSize(view.fontMetrics().height() + 6)
            view.horizontalHeader().setHighlightSections(False)
            view.setTabKeyNavigation(False)

    def _project_signals(self):
        project = QgsProject.instance()
        return ((project.layersAdded, self._layers_added), (project.layersWillBeRemoved, self._layers_going),
                (project.cleared, self._project_cleared))

    # what it starts from ---------------------------------------------------------------------------------------

    def fill_results(self) -> None:
        """List the results of the supply, the newest first; begin with it where nothing is shown yet."""
        from ..bridge.project import SUPPLY, layers_with_role, provenance_of

        box, before = self.panel.result, self.panel.result.currentData()
        layers = [layer for layer in layers_with_role(QgsProject.instance(), SUPPLY)
                  if provenance_of(layer).get("algorithm") == ALGORITHM]
        box.clear()
        for layer in layers:
            box.addItem(layer.name(), layer.id())
        if before is not None and box.findData(before) >= 0:
            box.setCurrentIndex(box.findData(before))
        elif layers or self.session.what_if is not None or before is not None:
            self.start()
            return
        self.refresh()

    def start(self) -> None:
        """Read the chosen result anew; earlier changes are given up."""
        self.panel.bar.clearWidgets()
        self.map.clear()
        self.select("")
        try:
            self.session.start(self.layer())
        except expected() as error:  # a package is missing
            self.tell(in_words(error))
        self.refresh()

    def layer(self):
        """Return the result that the changes start from, None for none."""
        identity = self.panel.result.currentData()
        return QgsProject.instance().mapLayer(identity) if identity else None

    # places ----------------------------------------------------------------------------------------------------

    def select(self, offer: str) -> None:
        """Let the spin box show the places of an offer, or those of a new one."""
        self.resizing.stop()
        panel, self.selected = self.panel, ""
        if offer:
            own = self.session.states().set_index("id").loc[offer]
            panel.places_label.setText(tr("P&laces: {offer}", offer=_short(str(own["name"]) or offer)))
            panel.places.setValue(0 if own["places"] != own["places"] else float(own["places"]))
        else:
            panel.places_label.setText(tr("P&laces of a new offer"))
            panel.places.setValue(self._usual_places())
        self.selected = offer

    def resize_offer(self) -> None:
        """Give the chosen offer the number of places in the spin box."""
        from ..core.supply.scenario import Change

        if self.selected and self.session.result is not None:
            self.session.add(Change(RESIZE, self.selected, capacity=float(self.panel.places.value())))

    def propose(self) -> None:
        """Open more offers where they reach the most people."""
        if self.session.result is not None and not self.session.is_busy():
            self.panel.bar.clearWidgets()
            self.session.propose(self.panel.propose_count.value(), self.new_places())

    # the list of changes ---------------------------------------------------------------------------------------

    def remove(self) -> None:
        """Take the chosen change out of the list."""
        row = self.panel.changes.currentRow()
        if 0 <= row < len(self.session.changes):
            self.session.remove(row)

    def apply(self) -> None:
        """Write the supply with the changes by the registered algorithm."""
        layer = self.layer()
        if layer is None or self.run is not None or not self.session.changes:
            return
        self.run = Run([job_of(self.session, layer)])
        self.run.done.connect(self._applied)
        self.show_busy(tr("Computing the supply with the changes …"))
        self.run.start()
        self.refresh()

    def _applied(self, outcome) -> None:
        self.run = None
        if not self.open_for_user:
            return
        self.show_busy("")
        if outcome.ok:
            self.map.raise_layers()
            self.tell(tr("The result is a new layer in the project."), Qgis.MessageLevel.Success)
        elif not outcome.cancelled:
            self.tell(outcome.error, Qgis.MessageLevel.Critical)
        self.refresh()

    # what is shown ---------------------------------------------------------------------------------------------

    def show_result(self) -> None:
        """Show the measures after the changes."""
        session, panel = self.session, self.panel
        if session.result is None:
            self.map.clear()
            self.mouse.leave_tool()
            self.select("")
            for view in (panel.city, panel.areas):
                view.setModel(None)
            panel.tabs.setTabText(1, tr("Areas"))
        else:
            from ..bridge.what_if import figures, measures_of

            if self.map.areas() is None and self.map.offers() is None:
                self.map.open(session.base.case)
                self._fill_measures(measures_of(session.base, session.what_if.before))
                self.select("")
            self._table(panel.city, figures_model(
                figures(session.base, session.what_if.before, session.result), panel.city))
            self.show_areas()
            ids = set(session.states()["id"])
            if self.selected and self.selected not in ids:
                self.select("")
        self._fill_changes()
        self.refresh()

    def show_areas(self) -> None:
        """Show in table and map how the areas change."""
        session, panel = self.session, self.panel
        if session.result is None or panel.measure.currentData() is None:
            return
        from ..bridge.what_if import area_changes

        column, decimals = panel.measure.currentData()
        good = -1 if column == "unplaced" else 1
        frame = area_changes(session.what_if.before, session.result, column)
        model = areas_model(frame, decimals, good, panel.areas)
        panel.areas.setSortingEnabled(False)
        self._table(panel.areas, model)
        panel.areas.setSortingEnabled(True)
        panel.areas.sortByColumn(3, Qt.SortOrder.DescendingOrder)
        panel.areas.selectionModel().currentRowChanged.connect(self._area_chosen)
        panel.areas.setVisible(model.rowCount() > 0)
        panel.areas_hint.setVisible(model.rowCount() == 0)
        panel.tabs.setTabText(1, tr("Areas ({n})", n=model.rowCount()) if model.rowCount() else tr("Areas"))
        self.map.show(frame, session.states(), panel.measure.currentText(), decimals, good)

    def refresh(self) -> None:
        """Enable what can be done."""
        session, panel = self.session, self.panel
        ready = session.result is not None and not session.is_busy() and self.run is None
        for widget in (*self.mouse.buttons.values(), panel.places, panel.propose, panel.propose_count, panel.load):
            widget.setEnabled(ready)
        for widget in (panel.discard, panel.apply, panel.save, panel.remove):
            widget.setEnabled(ready and bool(session.changes))
        panel.undo.setEnabled(ready and bool(session.past))
        panel.redo.setEnabled(ready and bool(session.future))
        panel.tabs.setEnabled(session.result is not None)
        panel.about.setText(self._about())

    def show_busy(self, text: str) -> None:
        """Say what is being waited for."""
        self.panel.waiting.setVisible(bool(text))
        self.panel.waiting.setFormat(text)
        self.panel.about.setVisible(not text)
        if text:
            self.panel.about.setText(text)
            self.panel.about.setVisible(True)
        QTimer.singleShot(0, self.refresh)

    def tell(self, text: str, level=Qgis.MessageLevel.Warning) -> None:
        """Show one message in place of any other."""
        self.panel.bar.clearWidgets()
        self.panel.bar.pushWidget(self.panel.bar.createMessage(text), level)
        QTimer.singleShot(0, lambda: fit_message(self.panel.bar))

    def _about(self) -> str:
        session = self.session
        if session.is_busy() or self.run is not None:
            return self.panel.waiting.format()
        if session.result is None:
            if self.layer() is None:
                return tr("Compute the supply first: “Supply and gaps”. Its result is what the changes start from.")
            return ""
        base = session.base
        limits = "; ".join(count(limit) if limit == int(limit) else plain(limit) for limit in base.rules.limits)
        how = {"straight": tr("straight line"), "detour": tr("straight line × detour factor")}.get(
            base.reach.how, tr("along a network"))
        offers = ", ".join(base.case.kinds) or tr("all types")
        return tr("{offers} for {group}: {people} people, {n} offers; {how}, {limits} {unit}.", offers=offers,
                  group=base.case.group, people=count(round(base.case.people.sum())), n=count(base.case.chosen.sum()),
                  how=how, limits=limits, unit=base.reach.unit)

    def _fill_measures(self, measures) -> None:
        box = self.panel.measure
        box.clear()
        for column, title, decimals in measures:
            box.addItem(render(title), (column, decimals))

    def _fill_changes(self) -> None:
        panel, session = self.panel, self.session
        panel.changes.clear()
        if session.result is not None:
            names = dict(zip(session.result.case.offers.ids, session.result.case.offers.names))
            panel.changes.addItems([_change_text(change, str(names.get(change.offer) or change.offer))
                                    for change in session.changes])
            panel.changes.setCurrentRow(len(session.changes) - 1)
        many = len(session.changes)
        panel.tabs.setTabText(2, tr("Changes ({n})", n=many) if many else tr("Changes"))

    def _table(self, view, model) -> None:
        old, place = view.model(), view.verticalScrollBar().value()
        view.setModel(model)
        if old is not None:
            old.deleteLater()
        header = view.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, 2, 3):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        view.verticalScrollBar().setValue(place)

    def _area_chosen(self, index, _before=None) -> None:
        if index.isValid():
            self.map.select(int(index.data(KEY)), self.canvas)

    def _usual_places(self) -> float:
        if self.session.result is None:
            return 0.0
        case = self.session.base.case
        known = sorted(value for value in case.offers.capacity[case.chosen] if value == value)
        return float(round(known[len(known) // 2])) if known else 0.0

    def new_places(self) -> float:
        """Return the places that a new offer gets."""
        if self.session.what_if.before.has_capacity:
            return float(self.panel.places.value()) if not self.selected else self._usual_places()
        return float("nan")

    def _places_changed(self, _value: float) -> None:
        if self.selected:
            self.resizing.start()

    # the project -----------------------------------------------------------------------------------------------

    def _layers_added(self, _layers) -> None:
        self.arriving.start()  # results get their role just after they were added

    def _layers_going(self, ids) -> None:
        self.map.forget(ids)
        if self.panel.result.currentData() in ids:
            self.panel.result.removeItem(self.panel.result.currentIndex())
            self.panel.result.setCurrentIndex(-1)
            self.session.clear()
        self.arriving.start()

    def _project_cleared(self) -> None:
        self.map.forget({self.map.areas_id, self.map.offers_id})
        self.panel.result.clear()
        self.session.clear()
        self.panel.bar.clearWidgets()

    def closeEvent(self, event):
        self.open_for_user = False
        self.arriving.stop()
        self.resizing.stop()
        if self.listening:
            for signal, slot in self._project_signals():
                signal.disconnect(slot)
            self.mouse.stop()
            self.listening = False
        self.session.blockSignals(True)
        self.session.clear()
        self.map.clear()
        super().closeEvent(event)


def _short(text: str) -> str:
    return text if len(text) <= 28 else f"{text[:27]}…"


def _change_text(change, name: str) -> str:
    if change.kind == OPEN:
        return tr("opened: {offer}", offer=name) + _places_text(change.capacity)
    if change.kind == CLOSE:
        return tr("closed: {offer}", offer=name)
    if change.kind == MOVE:
        return tr("moved: {offer}", offer=name)
    return tr("places: {offer}", offer=name) + _places_text(change.capacity)


def _places_text(capacity: float) -> str:
    return "" if capacity != capacity else ", " + tr("{n} places", n=number(capacity, 0))
