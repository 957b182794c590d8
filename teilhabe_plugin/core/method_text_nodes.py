"""The part of the method text on one index: how its nodes are made, weighted, standardised and classed."""
from __future__ import annotations

from .classes import ClassSet
from .phrases import Phrases, with_defaults
from .recipe import Index, Leaf, Node, Recipe

#: so many indicators are named in a sentence; more are left to the table
MOST_NAMES = 5
#: ways to put children together for which equal weights need no mention
_WEIGHTS_GO_WITHOUT_SAYING = ("sum", "count", "median", "max", "min", "mazziotta_pareto")


def index_section(recipe: Recipe, index: Index, words: Phrases) -> list[str]:
    """Return the sentences on one index, from the sub-indices up to the root; "" parts the paragraphs."""
    explained = {(leaf.method, _frozen(leaf.settings)) for each in recipe.indices for leaf in each.root.leaves()}
    sentences = []
    for nodes in _alike(index.root):
        sentences += _formed(nodes, index, words)
        node = nodes[0]
        if len(nodes) > 1 or len(node.children) > 1:
            sentences += _put_together(recipe, node, words)
        if node.standardise is not None:
            method, settings = node.standardise
            known = (method, _frozen(settings)) in explained
            phrase = words.normalised(method, settings, bool(recipe.population), "short" if known else "long")
            sentences.append(words.text("node", "standardise_again" if known else "standardise", phrase=phrase))
            explained.add((method, _frozen(settings)))
        if node.classes is not None:
            sentences.append(_classed(node.classes, words))
        sentences.append("")
    if index.root.classes is not None or any(node.classes for node in index.root.nodes()):
        sentences.append(words.text("classes", "rule"))
    sentences.append(words.text("direction", index.high_means, title=words.quoted(index.root.title)))
    turned = list(dict.fromkeys(
        recipe.indicators[leaf.indicator].title for leaf in index.root.leaves()
        if recipe.indicators[leaf.indicator].high_is != index.high_means
    ))
    if len(turned) > MOST_NAMES:
        sentences.append(words.text("direction", "turned_long", n=words.count(len(turned))))
    elif turned:
        sentences.append(words.plural(len(turned), "direction", "turned", list=words.titles(turned)))
    return sentences


def _alike(root: Node) -> list[list[Node]]:
    """Return the nodes in groups that are made in the same way, children before parents."""
    groups: dict[tuple, list[Node]] = {}
    for node in root.nodes():
        weights = [child.weight for child in node.children]
        given = "equal" if len(set(weights)) == 1 else tuple(weights)
        key = (node is root, _depth(node), len(node.children) == 1, str(node.weights), given, str(node.aggregate),
               str(node.standardise), str(node.classes))
        # different weights name their children, so such nodes stand alone
        groups.setdefault(key if given == "equal" else (*key, node.id), []).append(node)
    return list(groups.values())


def _depth(node: Node) -> int:
    return 1 + max((_depth(child) for child in node.children if isinstance(child, Node)), default=0)


def _formed(nodes: list[Node], index: Index, words: Phrases) -> list[str]:
    single = "_single" if len(nodes[0].children) == 1 else ""
    if len(nodes) > 1:
        return [words.text("node", f"many{single}", titles=words.titles(node.title for node in nodes))]
    node = nodes[0]
    leaves = sum(isinstance(child, Leaf) for child in node.children)
    parts = [words.plural(count, "node", name)
             for name, count in (("leaves", leaves), ("nodes", len(node.children) - leaves)) if count]
    kind = "root" if node is index.root else "one"
    return [words.text("node", f"{kind}{single}", title=words.quoted(node.title), parts=words.list(parts))]


def _put_together(recipe: Recipe, node: Node, words: Phrases) -> list[str]:
    if len(node.children) == 1:
        return []
    method, settings = node.aggregate
    weighting, weight_settings = node.weights
    weights = [child.weight for child in node.children]
    equal = weighting == "equal" or (weighting == "given" and len(set(weights)) == 1)
    sentences = [words.text("aggregate", method, "equal" if equal else "weighted",
                            **words.settings("aggregate", method, settings))]
    if method in ("median", "max", "min", "mazziotta_pareto"):
        return sentences
    shares = words.list([
        words.text("weights", "item", share=words.percent(child.weight / sum(weights)),
                   title=words.quoted(_title(recipe, child))) for child in node.children])
    if weighting == "given" and equal:
        if method not in _WEIGHTS_GO_WITHOUT_SAYING:
            sentences.append(words.text("weights", "given_equal"))
    elif weighting == "correlation":
        reference = words.quoted(recipe.indicators[weight_settings["reference"]].title)
        sentences.append(words.text("weights", weighting, reference=reference))
    elif weighting == "equal_influence" and len(set(weights)) > 1:
        sentences.append(words.text("weights", "equal_influence_given", list=shares))
    elif weighting == "given":
        sentences.append(words.text("weights", "given", list=shares))
    else:
        sentences.append(words.text("weights", weighting))
    if "years" in weight_settings:
        years = words.list(str(int(year)) for year in weight_settings["years"])
        sentences.append(words.plural(len(weight_settings["years"]), "weights", "years", years=years))
    return sentences


def _title(recipe: Recipe, child: Leaf | Node) -> str:
    return recipe.indicators[child.indicator].title if isinstance(child, Leaf) else child.title


def _classed(spec: dict, words: Phrases) -> str:
    count = words.text("classes", "count", n=words.count(len(spec["classes"])))
    settings = with_defaults("classes", spec["method"], spec)
    details = words.settings("classes", spec["method"], {key: value for key, value in spec.items() if key != "bounds"})
    if spec["method"] == "sd":
        details["bounds"] = words.text("classes", "sd_bounds",
                                       list=words.list(words.number(each, signed=True) for each in spec["bounds"]))
        details["ddof"] = words.text("values", "ddof_short", str(settings["ddof"]))
    elif spec["method"] == "fixed":
        details["bounds"] = words.list(words.number(each) for each in spec["bounds"])
    elif "share" in settings:
        details["share"] = words.percent(settings["share"])
    return words.text("classes", spec["method"], count=count, **details)


def class_tables(recipe: Recipe, words: Phrases, class_sets=()) -> list[tuple[str, list[str], list[list[str]]]]:
    """Return heading, columns and rows of the tables of classes: each root's, and those computed with their bounds."""
    computed: dict[str, ClassSet] = {each.id: each for each in class_sets}
    tables = []
    for index in recipe.indices:
        root = index.root
        if root.classes is None:
            continue
        columns = [words.text("table", "class"), words.text("table", "name")]
        entries = root.classes["classes"]
        rows = [[str(each["value"]), each["name"]] for each in entries]
        if "bounds" in root.classes:
            is_sd = root.classes["method"] == "sd"
            columns.append(words.text("table", "interval_sd" if is_sd else "interval"))
            edges = [None, *root.classes["bounds"], None]
            for i, row in enumerate(rows):
                row.append(_interval(words, edges[i], edges[i + 1], is_sd))
        if root.id in computed and (root.classes["method"] != "fixed"):
            columns.append(words.text("table", "value"))
            for row, each in zip(rows, computed[root.id].classes):
                lower, upper = (None if edge is None else round(edge, 3) for edge in (each.lower, each.upper))
                row.append(_interval(words, lower, upper))
        tables.append((words.text("headings", "classes", title=root.title), columns, rows))
    return tables


def _interval(words: Phrases, lower: float | None, upper: float | None, signed: bool = False) -> str:
    lower, upper = (None if edge is None else words.number(edge, signed) for edge in (lower, upper))
    if lower is None:
        return "" if upper is None else words.text("table", "up_to", upper=upper)
    return words.text("table", "above", lower=lower) if upper is None else words.text(
        "table", "between", lower=lower, upper=upper)


def _frozen(settings: dict) -> tuple:
    return tuple(sorted(settings.items()))
