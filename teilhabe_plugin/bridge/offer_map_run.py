"""A supply map from layers to layer, list and print layout; the layout follows the layer into the project."""
from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsProcessingLayerPostProcessorInterface,
    QgsProcessingUtils,
    QgsProject,
    QgsVectorLayer,
)

from ..core.classes import ClassSet
from ..core.messages import TeilhabeError, mark
from . import project as roles
from .class_sets import choose_class_set, class_sets_of
from .feedback import push
from .frames import read_frame
from .layout_export import export
from .map_texts import german_date
from .offer_map_layer import layer_name
from .offer_map_layout import OfferPage, make_offer_layout
from .offer_map_places import read_area_places
from .offer_map_rows import MapRows, RowSettings, read_rows
from .offer_map_style import Look, offer_map_style
from .provenance import layer_input, provenance

#: Processing keeps no reference to post-processors that Python knows of; the newest ones are kept here
_followers: deque = deque(maxlen=50)


@dataclass(frozen=True, eq=False)
class Sources:
    """What a supply map is made from.

    Attributes
    ----------
    offers : QgsVectorLayer
    projects : QgsVectorLayer or None
    areas : QgsVectorLayer or None
    class_set : ClassSet or None
    background : tuple of QgsMapLayer
    """

    offers: QgsVectorLayer
    projects: QgsVectorLayer | None
    areas: QgsVectorLayer | None
    class_set: ClassSet | None
    background: tuple


def sources_of(project: QgsProject, offers, projects, areas, chosen: str, background) -> Sources:
    """Return the layers; areas and backgrounds that are not named are those of the project."""
    if areas is None:
        found = [layer for role in (roles.INDEX, roles.AREAS) for layer in roles.layers_with_role(project, role)]
        areas = next(iter(found), None)
    if not background:
        background = roles.layers_with_role(project, roles.BACKGROUND)
    class_set = None
    if areas is not None and (chosen or class_sets_of(areas)):
        from .class_style import SHOWN

        class_set = choose_class_set(areas, chosen or str(areas.customProperty(SHOWN, "") or ""))
    return Sources(offers, projects, areas, class_set, tuple(background))


def rows_of(sources: Sources, settings: RowSettings, fields: dict[str, str], context, feedback) -> MapRows:
    """Read the rows; `fields` names the areas' fields key, name and district, "" for those to be found."""
    crs = measured_crs(sources)
    areas = None
    if sources.areas is not None:
        areas = read_area_places(sources.areas, crs, fields.get("key", ""), fields.get("name", ""),
                                 fields.get("district", ""), sources.background, context, feedback)
    rows = read_rows(sources.offers, sources.projects, areas, crs, settings, context, feedback)
    push(feedback, rows.notes)
    return rows


def measured_crs(sources: Sources) -> QgsCoordinateReferenceSystem:
    """Return the coordinate system of the result: in metres where one of the layers is."""
    layers = [layer for layer in (sources.offers, sources.areas, sources.projects) if layer is not None]
    valid = [layer.crs() for layer in layers if layer.crs().isValid()]
    if not valid:
        raise TeilhabeError(mark("The layer “{layer}” has no coordinate reference system. Set it in the layer’s "
                                 "properties."), layer=sources.offers.name())
    return next((crs for crs in valid if not crs.isGeographic()), valid[0])


def record_of(algorithm, sources: Sources, settings: RowSettings, feedback) -> dict:
    """Return the record that is stored with the result."""
    inputs = [layer_input(layer, layer.name(), read_frame(layer, feedback=feedback))
              for layer in (sources.offers, sources.projects) if layer is not None]
    return provenance(algorithm.id(), inputs, title=sources.offers.name(), category=settings.category,
                      reference_date=german_date(settings.day.isoformat()))


class Printer:
    """Makes the layout, and makes it anew when Processing has put the layer into the project."""

    def __init__(self, project: QgsProject, rows: MapRows, look: Look, page: OfferPage):
        self.project, self.rows, self.look, self.page = project, rows, look, page
        self.awaited = ""

    def print(self, result: str, context, feedback, files: tuple[str, str], dpi: int) -> str:
        """Make the layout of a result, write its files, return its name."""
        found = QgsProcessingUtils.mapLayerFromString(result, context)
        layer = found.clone() if found is not None else None
        if layer is None:
            raise TeilhabeError(mark("The layer “{layer}” could not be opened for printing."), layer=result)
        offer_map_style(layer, self.look)  # an earlier result of the same name may still lie open
        layer.setName(layer_name())
        roles.set_role(layer, roles.OFFER_MAP)  # Processing opens results without their stored style
        self.project.addMapLayer(layer, False)
        will_load = context.willLoadLayerOnCompletion(result)
        try:
            layout, notes = make_offer_layout(self.project, layer, self.rows, self.look, self.page)
            name = layout.name()
            push(feedback, notes, warning=True)
            export(layout, *files, dpi=dpi)
        finally:
            if will_load:  # Processing would take the layer for its own: it knows layers by their source
                self._take_away(layer)
        if will_load:
            self._follow(result, context)
        else:
            root = self.project.layerTreeRoot()
            (root.findGroup("Teilhabe") or root).insertLayer(0, layer)
        return name

    def _take_away(self, layer: QgsVectorLayer) -> None:
        manager = self.project.layoutManager()
        made = manager.layoutByName(self.page.layout_name())
        if made is not None:
            manager.removeLayout(made)
        self.project.removeMapLayer(layer.id())

    def _follow(self, result: str, context) -> None:
        details = context.layerToLoadOnCompletionDetails(result)
        _followers.append(_Follower(self, details.postProcessor()))
        details.setPostProcessor(_followers[-1])

    def take_over(self, layer: QgsVectorLayer) -> None:
        """Make the layout with the layer that the project has now."""
        if self.project.mapLayer(layer.id()) is None:
            self.awaited = layer.id()
            self.project.layersAdded.connect(self._arrived)
        else:
            make_offer_layout(self.project, layer, self.rows, self.look, self.page)

    def _arrived(self, layers) -> None:
        arrived = next((layer for layer in layers if layer.id() == self.awaited), None)
        if arrived is not None:
            self.project.layersAdded.disconnect(self._arrived)
            self.take_over(arrived)


class _Follower(QgsProcessingLayerPostProcessorInterface):
    """Dresses the layer as usual, then lets the layout follow it."""

    def __init__(self, printer: Printer, dresser):
        super().__init__()
        self.printer, self.dresser = printer, dresser

    def postProcessLayer(self, layer, context, feedback):
        if self.dresser is not None:
            self.dresser.postProcessLayer(layer, context, feedback)
        if isinstance(layer, QgsVectorLayer):
            self.printer.take_over(layer)
