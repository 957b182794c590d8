"""In words: what the runs varied and how far, and what was asked for but could not be."""
from __future__ import annotations

from functools import reduce

from .decimals import decimal
from .messages import Message, mark
from .recipe import Node
from .run_summary import has_scale_of_its_own
from .variants import VariantModel

#: source of uncertainty → what the user calls it
SOURCE_TITLES = {
    "normalisation": mark("Normalisation"),
    "weights": mark("Weights"),
    "aggregation": mark("Aggregation"),
    "left_out": mark("Choice of indicators"),
    "sampling": mark("Chance in the counts"),
}
#: method → what the user calls it
METHOD_TITLES = {
    "z": mark("z-score"),
    "robust_z": mark("robust z-score (median)"),
    "standard": mark("standard score (mean 100)"),
    "minmax": mark("min–max"),
    "rank": mark("rank"),
    "percentile": mark("percentile rank"),
    "exponential": mark("exponential rank"),
    "mean": mark("arithmetic mean"),
    "sum": mark("sum"),
    "geometric": mark("geometric mean"),
    "harmonic": mark("harmonic mean"),
    "median": mark("median"),
    "max": mark("highest value"),
    "min": mark("lowest value"),
    "borda": mark("Borda ranking"),
    "copeland": mark("Copeland ranking"),
}


def notes_on(model: VariantModel, node: Node, runs: int, seed: int) -> list[Message]:
    """Return one sentence for each source of uncertainty, and one for each that has nothing to vary."""
    notes = [Message(mark("{runs} runs, seed {seed}."), runs=runs, seed=seed)]
    settings = model.uncertainty
    if "normalisation" in model.sources:
        notes.append(Message(mark("Normalisation: as in the recipe or {methods}; all equally likely."),
                             methods=_methods(model.normalisations)))
    if "aggregation" in model.sources:
        notes.append(Message(mark("Aggregation: as in the recipe or {methods}; all equally likely. Scores are "
                                  "stretched to 1…100 before a geometric or harmonic mean."),
                             methods=_methods(model.aggregations)))
    if "weights" in model.sources:
        template = (mark("Weights: each changed by up to ± {spread} %, their sum in each node kept.")
                    if settings.weight_law == "even" else
                    mark("Weights: drawn around those of the recipe (Dirichlet distribution, {spread} %)."))
        percent = 100 * settings.weight_spread
        notes.append(Message(template, spread=decimal(percent, 0 if abs(percent - round(percent)) < 1e-9 else 1)))
    if "left_out" in model.sources:
        notes.append(Message(mark("Choice of indicators: none or one of the {count} left out, all equally likely."),
                             count=len(model.indicators)))
    if "sampling" in model.sources:
        titles = [model.recipe.indicators[each.indicator].title for each in settings.errors]
        notes.append(Message(mark("Chance in the counts: {titles}."), titles="; ".join(titles)))
    notes += [_idle(source) for source in settings.sources if source not in model.sources]
    other_methods = {"normalisation", "aggregation"} & set(model.sources)
    fixed = node.classes is not None and node.classes["method"] == "fixed"
    if fixed and other_methods and not has_scale_of_its_own(node):
        notes.append(Message(mark("Fixed class bounds only mean something on the recipe’s own scale; in runs with "
                                  "other methods they are carried over by mean and standard deviation.")))
    return notes


def _idle(source: str) -> Message:
    if source == "sampling":
        return Message(mark("Chance in the counts was not varied: no denominators or standard errors are given."))
    return Message(mark("{source}: there is nothing to vary in this index."), source=Message(SOURCE_TITLES[source]))


def _methods(ways: list) -> Message:
    titles = [Message(METHOD_TITLES.get(way[0], way[0])) for way in ways if way is not None]
    return reduce(lambda first, second: Message("{first}, {second}", first=first, second=second), titles)
