"""The report on how sure an index is: ranks, classes, what moves them, what the indicators do, where like areas lie."""
from __future__ import annotations

import numpy as np
import pandas as pd

from ..core.contributions import Contributions
from ..core.diagnostics import Diagnostics
from ..core.messages import Message
from ..core.robustness import CERTAIN, Robustness
from ..core.robustness_notes import SOURCE_TITLES
from ..core.sensitivity import LeftOut, SobolIndices
from ..translation import translate
from .class_style import class_colours
from .legend_text import number_text
from .report_page import render_page
from .robustness_output import Clusters, cluster_classes
from .svg_robustness import class_bars, rank_chart, source_bars

#: areas whose contributions are printed, and pairs of indicators
FIRST_AREAS, FIRST_PAIRS = 10, 15
_NO_CLASS = "#8a8a8a"


def report_html(result: Robustness, sobol: SobolIndices | None, output: Message, left_out: LeftOut | None,
                made_up: Diagnostics, parts: Contributions | None, clusters: Clusters | None,
                drift: pd.DataFrame | None = None, notes: list[Message] = ()) -> str:
    """Return the report in the user's language."""
    recipe, node = result.result.recipe, result.node
    width = result.rank_high - result.rank_low
    return render_page(
        "robustness_report.html", title=node.title, recipe=recipe.title, year=result.result.year, runs=result.runs,
        counts=result.counts, has_classes=bool(result.classes), areas=int((~np.isnan(result.rank)).sum()),
        level=100 * CERTAIN, width=float(np.nanmedian(width)), notes=[*result.notes, *notes],
        ranks=_rank_chart(result), classes=_class_chart(result), uncertain=_uncertain(result),
        sources=_source_chart(sobol, output), source_rows=_source_rows(sobol),
        left_out=_left_out(result, left_out), findings=made_up.findings, influence=_influence(result, made_up),
        pairs=_pairs(result, made_up), alphas=_alphas(result, made_up), components=_components(result, made_up),
        drift=_drift(drift), parts=_parts(result, parts), clusters=_clusters(clusters),
        moran=clusters and clusters.overall,
    )


def _names(result: Robustness) -> tuple[list[str], list[str]]:
    recipe, values = result.result.recipe, result.result.values
    keys = [str(key) for key in values[recipe.area_key]]
    names = values[recipe.area_name] if recipe.area_name else [""] * len(keys)
    return keys, ["" if pd.isna(name) else str(name) for name in names]


def _colours(result: Robustness) -> list[str]:
    class_set = next((each for each in result.result.class_sets if each.id == result.node.id), None)
    if class_set is None:
        return []
    fixed = class_colours(class_set)
    return [fixed[each.value] for each in result.classes]


def _rank_chart(result: Robustness) -> str:
    keys, names = _names(result)
    palette = _colours(result)
    colours = [palette[position] if position >= 0 else _NO_CLASS for position in result.position]
    texts = [
        f"{key} {name}: {number_text(rank, 0)} ({number_text(low, 0)}–{number_text(high, 0)})" if rank == rank else ""
        for key, name, rank, low, high in zip(keys, names, result.rank, np.nan_to_num(result.rank_low),
                                              np.nan_to_num(result.rank_high))
    ]
    return rank_chart(result.node.title, result.rank, result.rank_low, result.rank_high, colours, texts)


def _class_chart(result: Robustness) -> str:
    if not result.classes:
        return ""
    certain = [int(((result.position == k) & result.certain).sum()) for k in range(len(result.classes))]
    every = [int((result.position == k).sum()) for k in range(len(result.classes))]
    return class_bars(result.node.title, [each.name for each in result.classes], certain,
                      [a - b for a, b in zip(every, certain)], _colours(result))


def _uncertain(result: Robustness) -> list[dict]:
    """Return the areas whose class is not sure, the least sure first."""
    if not result.classes:
        return []
    keys, names = _names(result)
    other = result.other
    chosen = np.flatnonzero((result.position >= 0) & ~result.certain)
    chosen = chosen[np.argsort(result.sureness[chosen], kind="stable")]
    return [{
        "key": keys[i], "name": names[i], "own": result.classes[result.position[i]].name,
        "share": 100 * result.sureness[i],
        "other": result.classes[other[i]].name if other[i] >= 0 else "",
        "other_share": 100 * result.shares[i, other[i]] if other[i] >= 0 else None,
        "rank": result.rank[i], "low": result.rank_low[i], "high": result.rank_high[i],
    } for i in chosen]


def _source_chart(sobol: SobolIndices | None, output: Message) -> dict | None:
    if sobol is None:
        return None
    titles = [translate(SOURCE_TITLES[name]) for name in sobol.names]
    order = np.argsort(-sobol.total, kind="stable")
    svg = source_bars("", [titles[i] for i in order], sobol.first[order].tolist(), sobol.total[order].tolist())
    return {"svg": svg, "output": output, "mean": sobol.mean, "runs": sobol.runs}


def _source_rows(sobol: SobolIndices | None) -> list[dict]:
    if sobol is None:
        return []
    rows = [{
        "name": translate(SOURCE_TITLES[name]), "first": 100 * first, "first_low": 100 * a[0], "first_high": 100 * a[1],
        "total": 100 * total, "total_low": 100 * b[0], "total_high": 100 * b[1],
    } for name, first, a, total, b in zip(sobol.names, sobol.first, sobol.first_interval, sobol.total,
                                          sobol.total_interval)]
    return sorted(rows, key=lambda row: -row["total"])


def _left_out(result: Robustness, left_out: LeftOut | None) -> list[dict]:
    return [] if left_out is None else left_out.table(result.result.recipe).to_dict("records")


def _influence(result: Robustness, made_up: Diagnostics) -> list[dict]:
    recipe = result.result.recipe
    stated = _stated(result)
    rows = [{"title": recipe.indicators[name].title, "stated": 100 * stated.get(name, np.nan), "real": 100 * share}
            for name, share in made_up.influence.items()]
    return sorted(rows, key=lambda row: -row["real"])


def _drift(drift: pd.DataFrame | None) -> dict | None:
    """Return the influence of each indicator in the first and the last year, the largest change first."""
    if drift is None or drift["jahr"].nunique() < 2:
        return None
    first, last = int(drift["jahr"].min()), int(drift["jahr"].max())
    rows = drift[drift["jahr"] == last]
    rows = rows.reindex(rows["veraenderung"].abs().sort_values(ascending=False, kind="stable").index)
    return {"first": first, "last": last, "rows": [
        {"title": row.titel, "before": 100 * (row.wirkung - row.veraenderung), "after": 100 * row.wirkung,
         "change": 100 * row.veraenderung} for row in rows.itertuples()]}


def _stated(result: Robustness) -> dict[str, float]:
    """Return the share of each indicator by the weights of all nodes above it."""
    evaluation, shares = result.result.evaluations[result.index.id], {}

    def walk(node, share):
        weights = evaluation.weights[node.id] / evaluation.weights[node.id].sum()
        for child, weight in zip(node.children, weights):
            if hasattr(child, "indicator"):
                shares[child.indicator] = shares.get(child.indicator, 0) + share * weight
            else:
                walk(child, share * weight)

    walk(result.node, 1.0)
    return shares


def _pairs(result: Robustness, made_up: Diagnostics) -> list[dict]:
    recipe = result.result.recipe
    ordered = sorted(made_up.pairs, key=lambda pair: -abs(np.nan_to_num(pair.pearson)))[:FIRST_PAIRS]
    return [{"first": recipe.indicators[pair.first].title, "second": recipe.indicators[pair.second].title,
             "within": pair.within, "pearson": pair.pearson, "spearman": pair.spearman} for pair in ordered]


def _alphas(result: Robustness, made_up: Diagnostics) -> list[dict]:
    titles = {node.id: node.title for node in result.node.nodes()}
    return [{"title": titles[node], "alpha": alpha.value, "count": len(alpha.without)}
            for node, alpha in made_up.alphas.items()]


def _components(result: Robustness, made_up: Diagnostics) -> dict | None:
    found = made_up.components
    if found is None:
        return None
    shown = min(max(found.above_one, 1), 4, len(found.variances))
    recipe = result.result.recipe
    return {
        "explained": [100 * share for share in found.explained[:shown]],
        "rows": [{"title": recipe.indicators[name].title, "loadings": found.loadings[j, :shown].tolist()}
                 for j, name in enumerate(made_up.indicators)],
    }


def _parts(result: Robustness, parts: Contributions | None) -> dict | None:
    """Return the contributions of dimensions, or of indicators where there are none, for the first areas by rank."""
    if parts is None:
        return None
    by_dimension = any(parts.dimensions)
    titles = {node.id: node.title for node in result.node.nodes()}
    titles |= {name: each.title for name, each in result.result.recipe.indicators.items()}
    found = parts.of_dimensions() if by_dimension else parts.of_indicators()
    inside = np.flatnonzero(pd.isna(result.result.values["ausschluss"]))
    keys, names = _names(result)
    scores = np.asarray(result.result.values[f"{result.node.id}_index"], float)
    order = [i for i in np.argsort(result.rank[inside], kind="stable") if not np.isnan(result.rank[inside[i]])]
    return {
        "heads": [titles.get(name, result.node.title) for name in found],
        "rows": [{"key": keys[inside[i]], "name": names[inside[i]], "score": scores[inside[i]], "base": parts.base[i],
                  "parts": [values[i] for values in found.values()]} for i in order[:FIRST_AREAS]],
    }


def _clusters(clusters: Clusters | None) -> list[dict]:
    if clusters is None:
        return []
    return [{"name": each.name, "color": each.color, "count": clusters.counts[each.value]}
            for each in cluster_classes().classes[1:]]
