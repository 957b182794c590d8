"""Dialog: how well people are supplied with offers, and where the gaps are."""
from __future__ import annotations

from dataclasses import dataclass

from qgis.core import QgsApplication, QgsMapLayerProxyModel, QgsProject
from qgis.PyQt.QtCore import QTimer, QUrl
from qgis.PyQt.QtGui import QDesktopServices

from ..translation import tr
from . import memory
from .base_dialog import BaseDialog
from .destination_field import DestinationField
from .join_numbers import count, plain
from .layer_guess import choose_layer
from .supply_layers import choose_none, guess_offers
from .supply_offers import OffersBox
from .supply_people import PeopleBox
from .supply_ways import WaysBox
from .task_runner import Job

GAPS = "teilhabe:coveragegaps"


@dataclass(frozen=True)
class SupplyInput:
    """What the dialog asks for.

    Attributes
    ----------
    common : dict
        Parameters that both algorithms know.
    limits : tuple of float
        Ascending.
    standard : float
        The limit that the map shows.
    rules : dict
        Parameters of the supply alone.
    supply, gaps, areas : object
        Destinations.
    offers_out, report : bool
    """

    common: dict
    limits: tuple
    standard: float
    rules: dict
    supply: object
    areas: object
    gaps: object
    offers_out: bool
    report: bool

    def parameters(self) -> dict:
        """Return the parameters of ``teilhabe:supplymeasures``."""
        found = {**self.common, **self.rules, "LIMITS": _list(self.limits), "CATCHMENT": self.standard,
                 "OUTPUT": self.supply}
        if self.offers_out:
            found["OFFERS_OUT"] = "TEMPORARY_OUTPUT"
        return found | self._report()

    def gap_parameters(self) -> dict:
        """Return the parameters of ``teilhabe:coveragegaps``, where the first limit is the one that counts."""
        others = [limit for limit in self.limits if limit != self.standard]
        return {**self.common, "LIMITS": _list([self.standard, *others]), "OUTPUT": self.areas,
                "GAPS": self.gaps} | self._report()

    def _report(self) -> dict:
        return {"REPORT": "TEMPORARY_OUTPUT"} if self.report else {}


class SupplyDialog(BaseDialog):
    """Offers, people and distances in; supply, gaps and need beside supply out."""

    NAME = "supply"
    ALGORITHM = "teilhabe:supplymeasures"
    NEXT = "what_if"
    SIZE = (980, 570)

    def __init__(self, iface):
        super().__init__(iface)
        form = self.form
        self.reports: list[str] = []
        self.offers, self.ways, self.people = OffersBox(form, self), WaysBox(form, self), PeopleBox(form, self)
        form.areas.setFilters(QgsMapLayerProxyModel.Filter.PolygonLayer)
        form.index.setFilters(QgsMapLayerProxyModel.Filter.PolygonLayer)
        form.index.setAllowEmptyLayer(True, tr("no index"))
        form.method.addItems([tr("two-step floating catchment"), tr("three-step floating catchment"),
                              tr("balanced floating catchment")])
        form.decay.addItems([tr("like near ones"), tr("less: in steps"), tr("less: bell curve"), tr("less: gravity"),
                             tr("less: exponentially"), tr("less: linearly")])
        self.supply = DestinationField(self.ALGORITHM, "OUTPUT", self)
        form.supply_place.addWidget(self.supply)
        self.with_gaps = QgsApplication.processingRegistry().algorithmById(GAPS) is not None
        self.gaps = DestinationField(GAPS, "GAPS", self) if self.with_gaps else None
        if self.with_gaps:
            form.gaps_place.addWidget(self.gaps)
        form.gaps_out_label.setVisible(self.with_gaps)
        self._guess_areas()
        self.ready()
        self.ways.ready()
        self.suit()
        self.offers.changed.connect(self.suit)
        for box in (self.offers, self.people, self.ways):
            box.changed.connect(self.refresh)
        form.areas.layerChanged.connect(lambda _layer: self.refresh())
        self.arriving = QTimer(self)
        self.arriving.setSingleShot(True)
        self.arriving.setInterval(120)
        self.arriving.timeout.connect(self.look_again)
        QgsProject.instance().layersAdded.connect(self._arrived)
        self.listening = True
        self.refresh()

    def title(self):
        return tr("Supply and gaps")

    def remembered(self):
        form = self.form
        return {"ways": form.ways, "limits": form.limits, "detour": form.detour, "quota": form.quota,
                "with_report": form.with_report, "with_offers": form.with_offers, "replace": form.replace,
                "method": form.method, "decay": form.decay, "speed": form.speed, "farthest": form.farthest}

    def settings(self) -> SupplyInput:
        form, offers, people = self.form, self.offers, self.people
        areas, index = form.areas.currentLayer(), form.index.currentLayer()
        common = {
            "AREAS": areas.id(), "PEOPLE": people.table.layer_id(), "PEOPLE_FIELDS": people.fields.ticked(),
            "PEOPLE_YEAR": people.year_field() if people.year() else "", "YEAR": people.year(),
            "GROUP": people.group(), "POINTS": people.homes.layer_id() or None, "OFFERS": offers.layer().id(),
            "KIND_FIELD": offers.kind_field(), "KINDS": "; ".join(offers.chosen()),
            "CAPACITY": form.capacity.currentField(), "DATE": form.date.text().strip(),
            "SCENARIO": form.scenario.text().strip(), **self.ways.parameters(),
        }
        if form.quota.value() > 0:
            common["QUOTA"] = form.quota.value()
        if index is not None:
            common["INDEX"] = index.id()
        title = offers.title() if len(offers.kinds.ticked()) == 1 else people.group()
        return SupplyInput(
            common, tuple(self.ways.limits()), self.ways.standard(),
            {"METHOD": form.method.currentIndex(), "DECAY": form.decay.currentIndex()},
            self.supply.value(tr("Supply: {offers}", offers=title)),
            named_scratch(tr("Need and supply: {offers}", offers=title)),
            self.gaps.value(tr("Coverage gaps: {offers}", offers=title)) if self.with_gaps else None,
            form.with_offers.isChecked(), form.with_report.isChecked())

    def jobs(self):
        asked = self.settings()
        jobs = [Job(self.ALGORITHM, asked.parameters())]
        if self.with_gaps:
            jobs.append(Job(GAPS, asked.gap_parameters()))
        return jobs

    def problem(self):
        if self.offers.problem():
            return self.offers.problem()
        if self.form.areas.currentLayer() is None:
            return tr("There is no polygon layer with the areas in the project.")
        return self.people.problem() or self.ways.problem()

    def accept(self):
        self.asked = (self.offers.title(), self.people.group(), self.ways.limits(), self.ways.standard(),
                      self.ways.unit())
        super().accept()

    def success(self, outcome):
        offer, group, limits, standard, unit = self.asked
        found = unreached(outcome.layers[0], limits, unit) if outcome.layers else {}
        parts = []
        if standard in found:
            others = "; ".join(f"{limit_text(limit, unit)}: {count(round(found[limit]))}"
                               for limit in limits if limit != standard and limit in found)
            parts.append(tr("{people} {group} without {offer} within {limit}", people=count(round(found[standard])),
                            group=group, offer=offer, limit=limit_text(standard, unit))
                         + (f" ({others})" if others else ""))
        if self.with_gaps:
            gaps = int(outcome.results[1].get("N_GAPS", 0))
            parts.append(tr("one coverage gap") if gaps == 1 else tr("{n} coverage gaps", n=count(gaps)))
            first = int(outcome.results[1].get("AREAS_FIRST", 0) or 0)
            if first:
                parts.append(tr("one area with high need and low supply") if first == 1 else
                             tr("{n} areas with high need and low supply", n=count(first)))
        return "; ".join(parts) + "."

    def after_run(self, outcome):
        self.reports = [result["REPORT"] for result in reversed(outcome.results) if result.get("REPORT")]
        arrange(outcome.layers, self.offers.layer())
        item = self.frame.bar.currentItem()
        if item is not None and self.reports:
            button = self._button(tr("Open reports") if len(self.reports) > 1 else tr("Open report"),
                                  self.open_reports)
            button.setObjectName("open_report")
            item.layout().insertWidget(max(item.layout().count() - 1, 0), button)
            button.show()
            QTimer.singleShot(50, self._fit_message)  # the text has less room beside the buttons

    def open_reports(self) -> None:
        """Show the reports in the browser."""
        for report in self.reports:
            QDesktopServices.openUrl(QUrl.fromLocalFile(report))

    def suit(self) -> None:
        """Let the target group follow the type of offer."""
        self.people.suit(*self.offers.target())

    def done(self, result):
        if self.listening:
            QgsProject.instance().layersAdded.disconnect(self._arrived)
            self.arriving.stop()
            self.listening = False
        memory.store(self.NAME, self.remembered())
        super().done(result)

    def _guess_areas(self) -> None:
        from ..bridge.project import INDEX, layers_with_role

        form = self.form
        choose_layer(form.areas, self.iface, ("areas", "indicators", "index"))
        indices = layers_with_role(QgsProject.instance(), INDEX)
        if indices:
            form.index.setLayer(indices[0])
        else:
            choose_none(form.index)

    def look_again(self) -> None:
        """Choose what was missing and has come into the project."""
        from ..bridge.project import INDEX, layers_with_role

        form = self.form
        if self.is_running():
            return
        if self.offers.layer() is None:
            form.layer.setLayer(guess_offers())
        if form.areas.currentLayer() is None:
            choose_layer(form.areas, self.iface, ("areas", "indicators", "index"))
        indices = layers_with_role(QgsProject.instance(), INDEX)
        if form.index.currentLayer() is None and indices:
            form.index.setLayer(indices[0])
        self.people.look_again()
        self.refresh()

    def _arrived(self, _layers) -> None:
        self.arriving.start()  # results get their role just after they were added


def limit_text(limit: float, unit: str) -> str:
    """Return a limit in words: 1.000 m."""
    return f"{count(limit) if float(limit).is_integer() else plain(limit)} {unit}"


def named_scratch(title: str):
    """Return a scratch layer with a title as destination."""
    from qgis.core import QgsProcessingOutputLayerDefinition

    value = QgsProcessingOutputLayerDefinition("TEMPORARY_OUTPUT", QgsProject.instance())
    value.destinationName = title
    return value


def unreached(layer_id: str, limits, unit: str) -> dict[float, float]:
    """Return limit → people without an offer within it, as the layer of the supply tells."""
    from ..bridge.frames import read_frame
    from ..bridge.supply_columns import limit_name

    layer = QgsProject.instance().mapLayer(layer_id)
    columns = {limit: f"unversorgt_{limit_name(limit, unit)}" for limit in limits}
    if layer is None:
        return {}
    there = {limit: column for limit, column in columns.items() if layer.fields().lookupField(column) >= 0}
    frame = read_frame(layer, list(there.values()))
    return {limit: float(frame[column].sum()) for limit, column in there.items()}


def arrange(layer_ids, offers) -> None:
    """Show the gaps rather than the plain supply, and points above areas."""
    from ..bridge.project import GAPS as GAPS_ROLE
    from ..bridge.project import NEED_SUPPLY, SUPPLY, role_of
    from .result_layers import results_group

    project = QgsProject.instance()
    group = results_group(project)
    layers = [layer for layer in map(project.mapLayer, layer_ids) if layer is not None]
    by_role = {role_of(layer): layer for layer in layers}
    if SUPPLY in by_role and NEED_SUPPLY in by_role:
        group.findLayer(by_role[SUPPLY].id()).setItemVisibilityChecked(False)
    raised = [by_role[GAPS_ROLE]] if GAPS_ROLE in by_role else []
    raised += [layer for layer in layers if layer.isSpatial() and layer.geometryType() != _polygon()] or [offers]
    for layer in raised:
        node = group.findLayer(layer.id()) if layer is not None else None
        if node is not None:
            copy = node.clone()
            group.insertChildNode(0, copy)
            group.removeChildNode(node)


def _polygon():
    from qgis.core import QgsWkbTypes

    return QgsWkbTypes.GeometryType.PolygonGeometry


def _list(limits) -> str:
    return "; ".join(f"{limit:g}" for limit in limits)
