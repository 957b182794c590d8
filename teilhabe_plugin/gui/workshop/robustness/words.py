"""What the runs gave, in sentences."""
from __future__ import annotations

import numpy as np

from ....bridge.legend_text import number_text
from ....core.robustness import CERTAIN
from ....core.robustness_notes import SOURCE_TITLES
from ....translation import tr, translate
from .layers import DATA, NODE, RECIPE, YEAR, LayerResult


def summary(result: LayerResult) -> list[str]:
    """Return what the result says of all areas, the most important first."""
    rank, low, high = (result.numbers(name) for name in ("rang", "rang_von", "rang_bis"))
    ranked = ~np.isnan(rank)
    sentences = []
    if result.class_set is not None:
        sure, positions = result.numbers("klasse_anteil"), result.positions
        known = (positions >= 0) & ~np.isnan(sure)
        certain = int((known & (sure >= CERTAIN - 1e-12)).sum())
        flips = int(known.sum()) - certain
        sentences.append(tr("In {certain} of {all} areas the class is certain: at least {level} % of the {runs} runs "
                            "give it.", certain=certain, all=int(known.sum()), level=number_text(100 * CERTAIN, 0),
                            runs=number_text(result.runs, 0)))
        sentences.append(_flips(result, known, sure, flips))
    if ranked.any():
        width = float(np.median((high - low)[ranked]))
        sentences.append(tr("Half of the areas keep their rank within {places} places or fewer.",
                            places=number_text(width, 0)) if width else
                         tr("Half of the areas keep their rank exactly."))
    return sentences


def _flips(result: LayerResult, known: np.ndarray, sure: np.ndarray, flips: int) -> str:
    if not flips:
        return tr("No area could change its class.")
    other = result.texts("andere_klasse")
    names = [each.name for each in result.class_set.classes]
    pairs: dict[frozenset, int] = {}
    for row in np.flatnonzero(known & (sure < CERTAIN - 1e-12)):
        if other[row] in names:
            pair = frozenset((names[result.positions[row]], other[row]))
            pairs[pair] = pairs.get(pair, 0) + 1
    first = tr("One area could change its class") if flips == 1 else tr("{n} areas could change their class", n=flips)
    if not pairs or flips == 1:
        return f"{first}."
    pair, count = max(pairs.items(), key=lambda each: each[1])
    one, two = sorted(pair, key=names.index)
    return tr("{flips}, {count} of them between “{one}” and “{two}”.", flips=first, count=count, one=one, two=two)


def of_area(result: LayerResult, row: int, name: str) -> str:
    """Return what the result says of one area."""
    rank, low, high = (result.numbers(column)[row] for column in ("rang", "rang_von", "rang_bis"))
    if np.isnan(rank):
        return tr("{name}: no rank", name=name)
    words = tr("{name}: rank {rank}, in nine of ten runs {low} to {high}.", name=name, rank=number_text(rank, 0),
               low=number_text(low, 0), high=number_text(high, 0))
    shares = result.shares[row] if result.class_set is not None else np.empty(0)
    there = [(share, each.name) for share, each in zip(shares, result.class_set.classes if len(shares) else ())
             if share > 0]
    if not there:
        return words
    parts = [f"{title} {percent(share)}" for share, title in sorted(there, reverse=True)]
    return f"{words} {tr('Class:')} {', '.join(parts)}."


def percent(share: float) -> str:
    """Return a share as a percentage; what is neither nothing nor all is not written as 0 or 100."""
    if 0 < share < 0.005:
        return "< 1\u202f%"
    if 0.995 <= share < 1:
        return "> 99\u202f%"
    decimals = 1 if share < CERTAIN - 1e-12 and round(100 * share) >= 100 * CERTAIN else 0  # 94.9 is not yet 95
    return f"{number_text(100 * share, decimals)}\u202f%"


def out_of_date(record: dict, reasons: tuple[str, ...], title: str) -> str:
    """Return why a result does not hold for what is shown.

    Parameters
    ----------
    record : dict
    reasons : tuple of str
        From `RobustnessLayers.reasons`.
    title : str
        Of the index that is looked at.
    """
    if not reasons:
        return ""
    if reasons == (NODE,):
        return tr("This result is about “{other}”, the map shows “{title}”.", other=record.get("title", ""),
                  title=title)
    texts = {
        RECIPE: tr("the recipe was changed"), YEAR: tr("it is of the year {year}", year=record.get("year")),
        DATA: tr("the data of the areas were changed"),
        NODE: tr("it is about “{title}”", title=record.get("title", "")),
    }
    return tr("This result is out of date: {reasons}.", reasons=", ".join(texts[each] for each in reasons))


def made(record: dict) -> str:
    """Return in words what was varied."""
    parts = []
    for source in record.get("sources", ()):
        text = translate(SOURCE_TITLES[source]) if source in SOURCE_TITLES else source
        if source == "weights":
            text = f"{text} ± {number_text(100 * float(record.get('weight_spread', 0)), 0)}\u202f%"
        parts.append(text)
    return tr("Varied: {what}; {runs} runs, seed {seed}.", what=", ".join(parts) or "–",
              runs=number_text(record.get("runs", 0), 0), seed=record.get("seed", ""))
