"""A gap analysis as layers and table: areas by need and supply, gaps as polygons, the people without an offer."""
from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import pandas as pd
from qgis.core import QgsVectorLayer

from ..core.field_names import unique_name
from ..core.messages import Message, mark
from ..core.supply.gap_analysis import SHARE, GapAnalysis, Place
from ..core.supply.need_supply import HIGH, LOW, reason, title
from ..core.supply.reach import MINUTES
from ..core.supply.words import way
from ..translation import render, tr
from . import bivariate_style, gap_style, project
from .gap_inputs import Need
from .layer_output import FieldSpec, Points, Shapes, write_layer
from .legend_text import number_text
from .provenance import layer_file, provenance
from .snapshot import original_id
from .supply_case import SupplyCase

AREAS, GAPS, UNREACHED = "OUTPUT", "GAPS", "UNREACHED"


@dataclass(frozen=True, eq=False)
class GapResult:
    """An analysis with what is needed to name things.

    Attributes
    ----------
    case : SupplyCase
    need : Need
    place : Place
    analysis : GapAnalysis
    group : str
        Name of the target group in sentences, "" when none was given.
    unit : str
        Unit of the limits.
    how : str
        How distances were measured, see `Reach.how`.
    notes : tuple of Message
    """

    case: SupplyCase
    need: Need
    place: Place
    analysis: GapAnalysis
    group: str
    unit: str
    how: str
    notes: tuple[Message, ...] = ()

    @property
    def has_quota(self) -> bool:
        """Whether a quota was given."""
        return bool(np.isfinite(self.analysis.rules.quota))

    def limit(self, limit: float) -> Message:
        """Return a limit in words."""
        return way(limit, self.unit)

    @property
    def limits(self) -> list[float]:
        """Limits in ascending order."""
        return sorted(set(self.analysis.rules.limits))

    def names(self, columns: str) -> dict[float, str]:
        """Return limit → name of its column, such as ``ohne_700``."""
        return {limit: f"{columns}_{f'{limit:g}'.replace('.', '_')}" for limit in self.limits}

    def reasons(self) -> list[str]:
        """Return for each area why it stands where it stands, in the user's language."""
        found, areas, compared = self.analysis, self.analysis.areas, self.analysis.need_supply
        standard = self.limit(found.rules.limits[0])
        balance = areas["balance_floating"] if self.has_quota else np.full(len(areas), np.nan)
        nobody = ~(areas["people"] > 0)
        return [
            tr("nobody of the target group") if none else
            render(reason(need, supply, self.group, unreached, standard, missing))
            for none, need, supply, unreached, missing in zip(
                nobody, compared.need, compared.supply, areas["unreached"], balance)]


def table_names() -> dict[str, str]:
    """Return destination parameter → name of the table where the destination names none."""
    return {AREAS: tr("Need and supply"), GAPS: tr("Coverage gaps"), UNREACHED: tr("People without an offer")}


def numbers_of(result: GapResult) -> dict[str, float]:
    """Return the algorithm's numbers."""
    found = result.analysis
    unreached = found.unreached_people
    fields = found.need_supply.cell
    return {
        "N_GAPS": len(found.gaps.table), "N_UNREACHED": float(unreached[found.position(found.rules.limits[0])]),
        "UNREACHED_SHARE": float(100 * unreached[found.position(found.rules.limits[0])] / found.people),
        "UNREACHED_LOW": float(unreached.min()), "UNREACHED_HIGH": float(unreached.max()),
        "AREAS_FIRST": int((fields == 3 * HIGH + LOW).sum()),
    }


def record_of(algorithm, result: GapResult, layers: dict) -> dict:
    """Return what is stored with the results: inputs with fingerprints, settings, versions."""
    case, rules = result.case, result.analysis.rules
    prints = {
        "AREAS": fingerprint(case.totals), "PEOPLE": fingerprint(case.totals),
        "POINTS": fingerprint(case.demand.points, case.people), "INDEX": fingerprint(result.need.level),
        "OFFERS": fingerprint(case.offers.points, case.offers.capacity, case.offers.radius, case.chosen),
    }
    inputs = [{"name": layer.name(), "layer_id": original_id(layer), "file": layer_file(layer).rpartition("/")[2],
               "role": name, "sha256": prints.get(name, "")} for name, layer in layers.items() if layer is not None]
    return provenance(
        algorithm.id(), inputs, title=tr("Need and supply"), group=case.group, kinds=list(case.kinds), year=case.year,
        scenario=case.scenario, limits=list(rules.limits), detours=list(rules.factors), unit=result.unit,
        quota=None if np.isnan(rules.quota) else rules.quota, supply_by=result.analysis.supply_by,
        bounds=[bound if np.isfinite(bound) else None for bound in result.analysis.bounds],
        gap_distance=rules.distance, least_people=rules.least_people)


def fingerprint(*arrays) -> str:
    """Return the SHA-256 of numbers."""
    digest = hashlib.sha256()
    for values in arrays:
        digest.update(np.ascontiguousarray(np.asarray(values, float)).tobytes())
    return digest.hexdigest()


def supply_title(result: GapResult) -> tuple[str, str]:
    """Return what the supply is measured by, and its unit."""
    if result.analysis.supply_by == SHARE:
        limit = render(result.limit(result.analysis.rules.limits[0]))
        return tr("people with an offer within {limit}", limit=limit), "%"
    if result.analysis.supply_by == "places":
        return tr("places per 100 of the target group, over the borders of areas"), tr("per 100")
    return tr("places per 100 of the target group in the area"), tr("per 100")


def class_set(result: GapResult):
    """Return the classes that the map shows: nine fields, or the levels of supply where no need is known."""
    if result.analysis.has_need:
        return bivariate_style.field_classes()
    return bivariate_style.supply_classes(result.analysis.bounds, supply_title(result)[1])


def area_frame(result: GapResult) -> tuple[pd.DataFrame, list[FieldSpec]]:
    """Return the areas with key, name, field of the matrix, rank, reason and numbers."""
    found, areas, compared = result.analysis, result.analysis.areas, result.analysis.need_supply
    supply_areas = result.case.areas
    key, name = supply_areas.key_field, supply_areas.name_field
    keys = supply_areas.areas.keys
    if found.has_need:
        fields = [bivariate_style.field_number(need, supply) if need >= 0 and supply >= 0 else None
                  for need, supply in zip(compared.need, compared.supply)]
        titles = [render(title(need, supply)) if field else None
                  for field, need, supply in zip(fields, compared.need, compared.supply)]
    else:
        fields = [int(level) + 1 if level >= 0 else None for level in compared.supply]
        titles = [render(title(-1, level)) if level >= 0 else None for level in compared.supply]
    supply_text, supply_unit = supply_title(result)
    limit = render(result.limit(found.rules.limits[0]))
    goal = tr("quota") if result.has_quota else tr("city as a whole")
    columns, taken = {}, set()

    def add(column, values, kind, alias, unit="", comment=""):
        column = unique_name(column, taken)
        taken.add(column)
        columns[column] = (values, FieldSpec(column, kind, alias=alias, unit=unit, comment=comment))

    add(key, keys, "text", tr("Area key"))
    if name:
        add(name, supply_areas.names, "text", tr("Name of the area"))
    add("rang", found.rank, "integer", tr("Rank (1 = look here first)"))
    add("bedarf", [_level(level) for level in compared.need], "text", tr("Need"))
    add("versorgung", [_level(level) for level in compared.supply], "text", tr("Supply"))
    add(bivariate_style.FIELD, fields, "integer", tr("Need and supply: number of the field"))
    add(bivariate_style.FIELD_NAME, titles, "text", tr("Need and supply"))
    add("grund", result.reasons(), "text", tr("Why"))
    add("versorgungsgrad", areas["supply"], "real", supply_text, supply_unit)
    add("personen", areas["people"], "real", tr("People of the target group"))
    add("angebote", areas["offers"], "integer", tr("Offers in the area"))
    if areas["capacity"].notna().any():
        add("plaetze", areas["capacity"], "real", tr("Places in the area"))
        add("plaetze_je_100", areas["places_per_100"], "real", tr("Places in the area per 100"))
        add("plaetze_von", areas["rate_low"], "real", tr("Places per 100: at least, given the uncertain offers"))
        add("plaetze_bis", areas["rate_high"], "real", tr("Places per 100: at most, given the uncertain offers"))
        add("plaetze_umkreis", areas["places_floating"], "real",
            tr("Places per 100 within {limit}, over the borders of areas", limit=limit))
        add("saldo", areas["balance"], "real",
            tr("Places above (+) or below (−) the {goal}, inside the borders", goal=goal))
        add("saldo_umkreis", areas["balance_floating"], "real",
            tr("Places above (+) or below (−) the {goal}, over the borders", goal=goal))
    for number, (each, column) in enumerate(result.names("ohne").items()):
        add(column, areas[f"unreached_{number}"], "real",
            tr("People without an offer within {limit}", limit=render(result.limit(each))))
    add("anteil_ohne", areas["share"], "real", tr("Share without an offer within {limit}", limit=limit), "%")
    add("ohne_sicher_von", areas["rough_low"], "real",
        tr("Without an offer within {limit}: at least, given the uncertain offers", limit=limit))
    add("ohne_sicher_bis", areas["rough_high"], "real",
        tr("Without an offer within {limit}: at most, given the uncertain offers", limit=limit))
    add("ohne_min", areas["low"], "real", tr("People without an offer: fewest of all variants"))
    add("ohne_max", areas["high"], "real", tr("People without an offer: most of all variants"))
    add("ausschluss", _exclusions(result, fields), "text", tr("Reason for exclusion"))
    frame = pd.DataFrame({column: values if isinstance(values, list) else np.asarray(values)
                          for column, (values, _spec) in columns.items()})
    return frame, [spec for _values, spec in columns.values()]


def write_areas(algorithm, parameters, context, feedback, result: GapResult, record: dict) -> str:
    """Write the areas in the colours of their fields."""
    frame, specs = area_frame(result)
    classes = class_set(result)

    def style(layer: QgsVectorLayer) -> None:
        project.set_class_sets(layer, [classes.to_dict()])
        bivariate_style.bivariate_style(layer, classes)

    return write_layer(
        algorithm, parameters, AREAS, context, feedback, frame=frame, specs=specs,
        geometry_layer=result.case.areas.layer, key=result.case.areas.key_field, style=style,
        layer_name=table_names()[AREAS], role=project.NEED_SUPPLY, provenance=record)


def gap_frame(result: GapResult) -> tuple[pd.DataFrame, list[FieldSpec]]:
    """Return the gaps, most people first."""
    found, table = result.analysis, result.analysis.gaps.table
    areas, offers = result.case.areas, result.case.offers
    owner, nearest = table["area"].astype(int), table["nearest_offer"].astype(int)
    unit = "min" if result.unit == MINUTES else "m"
    share = 100 * found.shares
    columns = [
        ("luecke", np.arange(1, len(table) + 1), "integer", tr("Number of the gap"), ""),
        ("personen", table["people"], "real", tr("People without an offer"), ""),
        ("gebiet", [areas.areas.keys[i] if i >= 0 else None for i in owner], "text",
         tr("Key of the area with most of them"), ""),
        ("gebiet_name", [areas.names[i] if i >= 0 else None for i in owner], "text",
         tr("Area with most of them"), ""),
        ("angebot", [offer_name(offers, i) for i in nearest], "text", tr("Nearest offer"), ""),
        ("weg_min", table["way_least"], "real", tr("Nearest offer: shortest way"), unit),
        ("weg_mittel", table["way_mean"], "real", tr("Nearest offer: mean way"), unit),
        ("punkte", table["points"], "integer", tr("Addresses or grid points"), ""),
        ("uebersteht", found.survived, "integer", tr("Variants that the gap survives"), ""),
        ("varianten", np.full(len(table), len(found.variants)), "integer", tr("Variants"), ""),
        ("bestand", survival_texts(result), "text", tr("How well the gap holds"), ""),
        ("anteil_min", share.min(axis=1) if len(table) else [], "real",
         tr("Share of its people without an offer: least of all variants"), "%"),
        ("anteil_max", share.max(axis=1) if len(table) else [], "real",
         tr("Share of its people without an offer: most of all variants"), "%"),
        ("verschwindet_ab", found.vanishes, "real", tr("Limit from which nobody of the gap is without an offer"),
         unit),
    ]
    for limit, column in result.names("ohne").items():
        columns.append((column, table["people"].to_numpy(float) * found.shares[:, found.position(limit)], "real",
                        tr("People without an offer within {limit}", limit=render(result.limit(limit))), ""))
    frame = pd.DataFrame({name: values if isinstance(values, list) else np.asarray(values)
                          for name, values, *_rest in columns})
    return frame, [FieldSpec(name, kind, alias=alias, unit=unit) for name, _values, kind, alias, unit in columns]


def survival_texts(result: GapResult) -> list[str]:
    """Return for each gap which limits and detour factors it survives, and whether uncertain offers may close it."""
    found = result.analysis
    factors, rough = found.rules.factors, any(variant.rough for variant in found.variants)
    texts = []
    for gap in range(len(found.gaps.table)):
        always, later, never = [], [], []
        for limit in result.limits:
            from_factor = next((each for each in factors if found.holds(gap, limit, each)), None)
            words = render(result.limit(limit))
            if from_factor is None:
                never.append(words)
            elif from_factor == factors[0]:
                always.append(words)
            else:
                later.append(tr("at {limit} from detour factor {factor}", limit=words,
                                factor=number_text(from_factor, 1)))
        parts = [tr("holds at {limits}", limits=", ".join(always))] if always else []
        parts += later
        if never:
            parts.append(tr("not at {limits}", limits=", ".join(never)))
        if rough and not found.holds(gap, found.rules.limits[0], found.rules.base, 1):
            parts.append(tr("not certain, as some offers are only roughly located"))
        texts.append("; ".join(parts))
    return texts


def write_gaps(algorithm, parameters, context, feedback, result: GapResult, record: dict) -> str:
    """Write the gaps as outlined polygons with the number of people."""
    frame, specs = gap_frame(result)
    return write_layer(
        algorithm, parameters, GAPS, context, feedback, frame=frame, specs=specs,
        points=Shapes(result.analysis.gaps.polygons, result.case.areas.crs), style=gap_style.gap_style,
        layer_name=table_names()[GAPS], role=project.GAPS, provenance=record)


def write_unreached(algorithm, parameters, context, feedback, result: GapResult, record: dict,
                    ways: np.ndarray, nearest_offer: np.ndarray) -> str:
    """Write the demand points without an offer within the standard limit."""
    case, found = result.case, result.analysis
    people = np.nan_to_num(case.people)
    chosen = np.flatnonzero(found.unreached & (people > 0) & np.isfinite(case.demand.points).all(axis=1))
    gap, area = found.gaps.gap_of_point[chosen], np.asarray(case.demand.area)[chosen]
    frame = pd.DataFrame({
        "personen": people[chosen], "gebiet": [case.areas.areas.keys[i] if i >= 0 else None for i in area],
        "luecke": np.where(gap >= 0, gap + 1.0, np.nan),
        "angebot": [offer_name(case.offers, i) for i in nearest_offer[chosen]], "weg": ways[chosen]})
    texts = {"personen": ("real", tr("People without an offer"), ""), "gebiet": ("text", tr("Area key"), ""),
             "luecke": ("integer", tr("Number of the gap"), ""), "angebot": ("text", tr("Nearest offer"), ""),
             "weg": ("real", tr("Way"), "min" if result.unit == MINUTES else "m")}
    return write_layer(
        algorithm, parameters, UNREACHED, context, feedback, frame=frame,
        specs=[FieldSpec(name, kind, alias=alias, unit=unit) for name, (kind, alias, unit) in texts.items()],
        points=Points(case.demand.x[chosen], case.demand.y[chosen], case.areas.crs), style=gap_style.unreached_style,
        layer_name=table_names()[UNREACHED], role=project.VALUES, provenance=record)


def _level(level: int) -> str | None:
    return render(Message((mark("low"), mark("medium"), mark("high"))[level])) if level >= 0 else None


def _exclusions(result: GapResult, fields) -> list[str | None]:
    """Return why an area has no field, None for those that have one."""
    compared, people = result.analysis.need_supply, result.analysis.areas["people"]
    found = []
    for field, count, supply in zip(fields, people, compared.supply):
        if field is not None:
            found.append(None)
        elif not count > 0:
            found.append(tr("nobody of the target group") if count == 0 else tr("number of people not known"))
        elif supply < 0:
            found.append(tr("supply not known"))
        else:
            found.append(tr("need not known"))
    return found


def offer_name(offers, position: int) -> str | None:
    """Return the name of an offer, with its number where others are called alike; None for none."""
    if position < 0:
        return None
    name, number = offers.names[position], offers.ids[position] or str(offers.row[position])
    if not name:
        return number
    return f"{name} ({number})" if (offers.names == name).sum() > 1 else name
