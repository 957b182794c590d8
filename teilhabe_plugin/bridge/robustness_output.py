"""How sure an index is, as a layer and a table of contributions; clusters of like areas."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from qgis.core import QgsVectorLayer, QgsWkbTypes

from ..core.classes import ClassDef, ClassSet
from ..core.contributions import Contributions
from ..core.index import EXCLUSION, spread_out
from ..core.messages import Message, TeilhabeError
from ..core.neighbours import contiguity
from ..core.robustness import Robustness
from ..core.spatial import LocalMoran, Moran, local_moran, moran
from ..translation import tr
from . import project
from .class_style import class_style
from .feedback import cancelled_of
from .frames import read_keyed_geometries
from .layer_output import FieldSpec, write_layer
from .uncertain_style import CERTAIN_COLUMN, hatch_uncertain

CLUSTER, CLUSTER_NAME = "cluster", "cluster_name"
#: with more areas fewer random maps are drawn
_MANY_AREAS = 3000


@dataclass(frozen=True)
class Clusters:
    """Spatial correlation of an index, turned so that high is unfavourable; one value per area of the table."""

    overall: Moran
    local: LocalMoran

    @property
    def counts(self) -> dict[int, int]:
        """Return the number of areas in each kind of cluster."""
        found = np.bincount(self.local.cluster, minlength=5)
        return {kind: int(found[kind]) for kind in range(1, 5)}


def table_names() -> dict[str, str]:
    """Return destination parameter → name of the table where the destination names none."""
    return {"OUTPUT": tr("Robustness"), "CONTRIBUTIONS": tr("Contributions")}


def cluster_classes() -> ClassSet:
    """Return the kinds of clusters as classes with their colours."""
    names = (tr("no cluster"), tr("unfavourable among unfavourable"), tr("favourable among unfavourable"),
             tr("favourable among favourable"), tr("unfavourable among favourable"))
    colours = ("#efefef", "#76212d", "#b9c7ee", "#1e4496", "#efba83")
    return ClassSet(CLUSTER, tr("Spatial clusters"), CLUSTER, CLUSTER_NAME, "",
                    tuple(ClassDef(value, name, colour) for value, (name, colour) in enumerate(zip(names, colours))))


def find_clusters(layer: QgsVectorLayer, result: Robustness, seed: int,
                  feedback) -> tuple[Clusters | None, Message | None]:
    """Return the clusters of the scores, or None and why there are none."""
    if layer.geometryType() != QgsWkbTypes.PolygonGeometry:
        return None, None
    recipe = result.result.recipe
    keys, shapes = read_keyed_geometries(layer, recipe.area_key, feedback=feedback)
    shape_of = dict(zip(keys, shapes))
    values = np.asarray(result.result.values[f"{result.node.id}_index"], float)
    values = values if result.index.high_means == "unfavourable" else -values
    overall, local = (999, 9999) if len(values) <= _MANY_AREAS else (199, 999)
    try:
        near = contiguity([shape_of.get(key) for key in result.result.values[recipe.area_key]],
                          cancelled=cancelled_of(feedback))
        return Clusters(moran(values, near, overall, seed),
                        local_moran(values, near, local, seed, cancelled=cancelled_of(feedback))), None
    except TeilhabeError as error:
        if feedback.isCanceled():
            raise
        return None, error.message


def write_areas(algorithm, parameters, name, context, feedback, layer, result: Robustness, clusters: Clusters | None,
                provenance: dict) -> str:
    """Write the areas with ranks, shares of the classes and clusters; uncertain classes are hatched."""
    frame = result.frame()
    class_set = next((each for each in result.result.class_sets if each.id == result.node.id), None)
    class_sets = [class_set] if class_set is not None else []
    if class_set is not None:
        frame.insert(frame.columns.get_loc(EXCLUSION), "aussage", statements(result))
    if clusters is not None:
        kinds = cluster_classes()
        there = ~np.isnan(frame[f"{result.node.id}_index"].to_numpy(float))
        numbers = np.where(there, clusters.local.cluster, np.nan)
        names = {each.value: each.name for each in kinds.classes}
        at = frame.columns.get_loc(EXCLUSION)
        frame.insert(at, "moran_lokal", clusters.local.value)
        frame.insert(at + 1, "moran_p", clusters.local.p)
        frame.insert(at + 2, CLUSTER, numbers)
        frame.insert(at + 3, CLUSTER_NAME, [names.get(number) for number in numbers])
        class_sets.append(kinds)

    def style(written: QgsVectorLayer) -> None:
        project.set_class_sets(written, [each.to_dict() for each in class_sets])
        if class_sets:
            class_style(written, class_sets[0])
        if class_set is not None:
            hatch_uncertain(written, class_set, CERTAIN_COLUMN, result.counts["AREAS_UNCERTAIN"])

    return write_layer(
        algorithm, parameters, name, context, feedback, frame=frame, specs=_specs(frame, result), geometry_layer=layer,
        key=result.result.recipe.area_key, style=style, layer_name=table_names()["OUTPUT"],
        role=project.ROBUSTNESS, provenance=provenance,
    )


def statements(result: Robustness) -> list[str | None]:
    """Return for each area how sure its class is, in words."""
    names = [each.name for each in result.classes]
    found = []
    for position, certain, other, share in zip(result.position, result.certain, result.other, result.sureness):
        if position < 0:
            found.append(None)
        elif certain:
            found.append(tr("certain"))
        elif other < 0:
            found.append(tr("not certain"))
        elif share < 0.5:
            found.append(tr("rather “{name}”", name=names[other]))
        else:
            found.append(tr("could be “{name}”", name=names[other]))
    return found


def _specs(frame: pd.DataFrame, result: Robustness) -> list[FieldSpec]:
    recipe, node = result.result.recipe, result.node
    aliases = {
        f"{node.id}_index": node.title, f"{node.id}_klasse": tr("{title}: class", title=node.title),
        f"{node.id}_name": tr("{title}: name of the class", title=node.title),
        "rang": tr("Rank (1 = most unfavourable)"), "rang_median": tr("Rank: median of the runs"),
        "rang_von": tr("Rank: 5th percentile"), "rang_bis": tr("Rank: 95th percentile"),
        "klasse_anteil": tr("Share of the runs with this class"), "klasse_sicher": tr("Class certain (1) or not (0)"),
        "andere_klasse": tr("Most frequent other class"), "andere_anteil": tr("Share of the runs with the other class"),
        "aussage": tr("How certain the class is"), "moran_lokal": tr("Local Moran’s I"),
        "moran_p": tr("Local Moran’s I: probability by chance"), CLUSTER: tr("Spatial cluster"),
        CLUSTER_NAME: tr("Spatial cluster in words"), EXCLUSION: tr("Reason for exclusion"),
    }
    for each in result.classes:
        aliases[f"anteil_{each.value}"] = tr("Share of the runs with the class “{name}”", name=each.name)
    texts = {recipe.area_key, recipe.area_name, f"{node.id}_name", "andere_klasse", "aussage", CLUSTER_NAME, EXCLUSION}
    whole = {f"{node.id}_klasse", "rang", "rang_von", "rang_bis", "klasse_sicher", CLUSTER}
    return [FieldSpec(name, "text" if name in texts else "integer" if name in whole else "real",
                      alias=aliases.get(name, "")) for name in frame.columns]


def contributions_table(result: Robustness, parts: Contributions) -> pd.DataFrame:
    """Return one row per area and place of an indicator in the tree; base and contributions add up to the score."""
    recipe, valid = result.result.recipe, ~pd.isna(result.result.values[f"{result.node.id}_index"])
    inside = pd.isna(result.result.values[EXCLUSION])
    titles = {node.id: node.title for node in result.node.nodes()}
    keys = np.asarray(result.result.values[recipe.area_key], object)
    score = np.asarray(result.result.values[f"{result.node.id}_index"], float)
    base = spread_out(parts.base, inside)
    blocks = []
    for k, (indicator, dimension) in enumerate(zip(parts.indicators, parts.dimensions)):
        blocks.append(pd.DataFrame({
            recipe.area_key: keys[valid], "index_id": result.node.id, "dimension": titles.get(dimension),
            "indikator": indicator, "titel": recipe.indicators[indicator].title,
            "beitrag": spread_out(parts.parts[:, k], inside)[valid], "basis": base[valid], "wert": score[valid],
        }))
    return pd.concat(blocks, ignore_index=True)


def write_contributions(algorithm, parameters, name, context, feedback, result: Robustness, parts: Contributions,
                        provenance: dict) -> str:
    """Write the table of contributions."""
    table = contributions_table(result, parts)
    aliases = {"beitrag": tr("Contribution to the score"), "basis": tr("Score of an average area"),
               "wert": result.node.title, "titel": tr("Indicator"), "dimension": tr("Dimension")}
    specs = [FieldSpec(column, "real" if column in ("beitrag", "basis", "wert") else "text",
                       alias=aliases.get(column, "")) for column in table.columns]
    return write_layer(algorithm, parameters, name, context, feedback, frame=table, specs=specs,
                       layer_name=table_names()["CONTRIBUTIONS"], role=project.VALUES,
                       provenance=provenance)
