"""The method of a recipe in sentences and tables that a committee paper can print."""
from __future__ import annotations

from dataclasses import dataclass, field

from .catalogue import Catalogue
from .classes import ClassSet
from .method_text_nodes import class_tables, index_section
from .phrases import Phrases
from .recipe import Exclusion, Recipe


@dataclass
class Section:
    """A heading, sentences ("" begins a new paragraph), and points of a list."""

    heading: str
    sentences: list[str] = field(default_factory=list)
    points: list[str] = field(default_factory=list)

    @property
    def paragraphs(self) -> list[str]:
        """The sentences as running text."""
        found: list[list[str]] = [[]]
        for sentence in self.sentences:
            if sentence:
                found[-1].append(sentence)
            else:
                found.append([])
        return [" ".join(sentences) for sentences in found]


@dataclass
class Table:
    """A table of texts."""

    heading: str
    columns: list[str]
    rows: list[list[str]]


@dataclass
class MethodText:
    """The whole text."""

    title: str
    sections: list[Section]
    tables: list[Table]


def method_text(recipe: Recipe, texts: dict, catalogue: Catalogue | None = None, year: int | None = None,
                class_sets: tuple[ClassSet, ...] | list[ClassSet] = ()) -> MethodText:
    """Return the method of a recipe in words.

    Parameters
    ----------
    recipe : Recipe
        With the catalogue's names, where there is one (`catalogue.apply_to_recipe`).
    texts : dict
        Content of resources/method_text/<language>.json.
    catalogue : Catalogue, optional
        For numbers, sources and pooled years.
    year : int, optional
        Instead of the recipe's year.
    class_sets : sequence of ClassSet, optional
        Classes as computed: their bounds are put beside those of the recipe.
    """
    words = Phrases(texts)
    writer = _Writer(recipe, words, catalogue, year or recipe.year)
    sections = [writer.data(), writer.exclusions(), writer.missing(), writer.treatment(), writer.normalisation()]
    for index in recipe.indices:
        sections.append(Section(index.root.title, index_section(recipe, index, words)))
    nodes = {node.id: node.title for index in recipe.indices for node in index.root.nodes()}
    for cross in recipe.crosses:
        sentence = words.text("cross", rows=words.quoted(nodes[cross.rows]), columns=words.quoted(nodes[cross.columns]),
                              n=words.count(len(cross.cells)))
        sections.append(Section(cross.title, [sentence]))
    if recipe.parents:
        key = "parents" if recipe.population else "parents_unweighted"
        sections.append(Section(words.text("headings", "parents"),
                                [words.text(key, list=words.titles(each.title for each in recipe.parents))]))
    if recipe.note:
        sections.append(Section(words.text("headings", "note"), [recipe.note]))
    tables = [writer.indicator_table()]
    tables += [Table(heading, columns, rows) for heading, columns, rows in class_tables(recipe, words, class_sets)]
    return MethodText(words.text("headings", "title", title=recipe.title), sections, tables)


class _Writer:
    """The parts of the text that concern all indices."""

    def __init__(self, recipe: Recipe, words: Phrases, catalogue: Catalogue | None, year: int | None):
        self.recipe, self.words, self.catalogue, self.year = recipe, words, catalogue, year
        leaves = {leaf.indicator for index in recipe.indices for leaf in index.root.leaves()}
        self.indicators = [each for each in recipe.indicators.values() if each.id in leaves]

    def section(self, name: str) -> Section:
        return Section(self.words.text("headings", name))

    def entries(self):
        """Yield the indicators' entries in the catalogue."""
        for indicator in self.indicators if self.catalogue else ():
            entry = self.catalogue.get(indicator.catalogue)
            if entry is not None:
                yield entry

    def data(self) -> Section:
        words, recipe, section = self.words, self.recipe, self.section("data")
        count = len(self.indicators)
        add = section.sentences.append
        add(words.plural(count, "data", "indicators"))
        if self.year and any("{year}" in each.column for each in self.indicators):
            add(words.text("data", "year", year=self.year))
        if recipe.reference_date and self.year == recipe.year:
            add(words.text("data", "reference_date", date=recipe.reference_date))
        if recipe.source:
            add(words.text("data", "source", source=recipe.source))
        if self.catalogue is not None:
            version = words.text("data", "version", version=self.catalogue.version) if self.catalogue.version else ""
            add(words.text("data", "catalogue", title=words.quoted(self.catalogue.title), version=version))
        pooled = [each for each in self.entries() if each.pool_years > 1]
        if pooled:
            items = [words.text("data", "pool", each.pool, title=words.quoted(each.label),
                                years=words.count(each.pool_years)) for each in pooled]
            add(words.text("data", "pooled", verb=words.plural(len(items), "data", "pooled_verb"),
                           list=words.list(items)))
        limited = [words.text("data", "minimum_item", title=words.quoted(each.label),
                              minimum=words.number(each.minimum_denominator))
                   for each in self.entries() if each.minimum_denominator]
        if limited:
            add(words.text("data", "minimum", list=words.list(limited)))
        proposals = [each.number for each in self.entries() if each.status == "proposal"]
        if len(proposals) == count:
            add(words.text("data", "all_proposals"))
        elif proposals:
            add(words.text("data", "proposals", verb=words.plural(len(proposals), "data", "verb"),
                           list=words.list(proposals)))
        return section

    def exclusions(self) -> Section:
        words, section = self.words, self.section("exclusions")
        section.points = [self.exclusion(rule) for rule in self.recipe.exclusions]
        out = [each.title for each in self.indicators if each.missing[0] == "area_out"]
        if out:
            section.points.append(words.text("exclusions", "area_out",
                                             list=words.list(map(words.quoted, out), words.text("exclusions", "or"))))
        section.sentences.append(words.text("exclusions", "intro" if section.points else "none"))
        return section

    def exclusion(self, rule: Exclusion) -> str:
        words = self.words
        values = words.list([words.quoted(str(value)) if rule.type == "flag" else str(value) for value in rule.values],
                            words.text("exclusions", "or") if rule.type == "flag" else "")
        return words.text("exclusions", rule.type, column=words.quoted(rule.column), values=values, reason=rule.reason,
                          value="" if rule.value is None else words.number(rule.value))

    def missing(self) -> Section:
        words, section = self.words, self.section("missing")
        add = section.sentences.append
        groups = _grouped(self.indicators, lambda each: each.missing)
        filling = {key: titles for key, titles in groups.items() if key[0] not in ("keep", "area_out")}
        for (method, settings), titles in filling.items():
            settings = dict(settings)
            if method == "last_year":
                add(words.plural(int(settings.get("years", 1)), "missing", method, list=words.titles(titles),
                                 years=words.count(int(settings.get("years", 1)))))
            else:
                add(words.text("missing", method, list=words.titles(titles), group=words.quoted(settings["group"])))
        if filling:
            add(words.text("missing", "marked"))
        if any(key[0] == "keep" for key in groups):
            add(words.text("missing", "keep_rest" if filling else "keep"))
        self.minimum_shares(add)
        return section

    def minimum_shares(self, add) -> None:
        words = self.words
        shares: dict[float, list[str]] = {}
        for index in self.recipe.indices:
            for node in index.root.nodes():
                if len(node.children) > 1:  # a single part is there or not
                    shares.setdefault(node.minimum_share, []).append(node.title)
        if set(shares) <= {1}:
            add(words.text("missing", "all_needed"))
            return
        if len(shares) == 1:
            needed = words.text("missing", "share_part", share=words.percent(min(shares)))
        else:
            parts = [words.text("missing", "share_of", share=words.percent(share), list=words.titles(titles))
                     for share, titles in sorted(shares.items())]
            needed = words.text("missing", "share_parts", list=words.list(parts))
        add(words.text("missing", "share", needed=needed))
        add(words.text("missing", "carried"))

    def treatment(self) -> Section:
        words, section = self.words, self.section("treatment")
        groups = _grouped(self.indicators, lambda each: each.treatment)
        treated = {key: titles for key, titles in groups.items() if key[0] != "none"}
        for (method, settings), titles in treated.items():
            settings = dict(settings)
            key = method
            if method == "log" and settings.get("add"):
                key = "log_add"
            elif method == "boxcox" and "power" in settings:
                key = "boxcox_power"
            section.sentences.append(words.text(
                "treatment", key, list=words.titles(titles), verb=words.plural(len(titles), "treatment", "verb"),
                **words.settings("treatment", method, settings),
            ))
        if not treated:
            section.sentences.append(words.text("treatment", "none"))
        elif len(treated) < len(groups):
            section.sentences.append(words.text("treatment", "rest"))
        return section

    def normalisation(self) -> Section:
        words, section = self.words, self.section("normalise")
        groups: dict[tuple, list[str]] = {}
        for index in self.recipe.indices:
            for leaf in index.root.leaves():
                titles = groups.setdefault((leaf.method, tuple(sorted(leaf.settings.items()))), [])
                title = self.recipe.indicators[leaf.indicator].title
                if title not in titles:
                    titles.append(title)
        for (method, settings), titles in groups.items():
            phrase = words.normalised(method, dict(settings), bool(self.recipe.population))
            section.sentences.append(
                words.text("normalise", "all", phrase=phrase) if len(groups) == 1 else
                words.text("normalise", "some", list=words.titles(titles), phrase=phrase,
                           verb=words.plural(len(titles), "normalise", "verb")))
        if self.recipe.reference_year:
            section.sentences.append(words.text("reference", "year", year=self.recipe.reference_year))
        else:
            yearly = any("{year}" in each.column for each in self.indicators)
            section.sentences.append(words.text("reference", "each_year" if yearly else "areas"))
        return section

    def indicator_table(self) -> Table:
        words = self.words
        columns = ("number", "indicator", "node", "weight", "direction", "unit", "source")
        rows = []
        for index in self.recipe.indices:
            for node in index.root.nodes():
                total = sum(child.weight for child in node.children)
                for child in node.children:
                    if hasattr(child, "indicator"):
                        rows.append(self.indicator_row(node, child, total))
        used = [j for j in range(len(columns)) if any(row[j] for row in rows)]
        return Table(words.text("headings", "indicators"), [words.text("table", columns[j]) for j in used],
                     [[row[j] for j in used] for row in rows])

    def indicator_row(self, node, leaf, total: float) -> list[str]:
        words, indicator = self.words, self.recipe.indicators[leaf.indicator]
        entry = self.catalogue.get(indicator.catalogue) if self.catalogue else None
        method = node.weights[0]
        weight = (words.percent(leaf.weight / total) if method == "given" else
                  words.percent(1 / len(node.children)) if method == "equal" else words.text("table", "estimated"))
        name = entry.name if entry else indicator.title
        if entry and entry.data == "none":
            name = words.text("table", "no_data", name=name)
        return [entry.number if entry else "", name, node.title, weight, words.text("table", indicator.high_is),
                indicator.unit, entry.source if entry else ""]


def _grouped(indicators, key) -> dict[tuple, list[str]]:
    """Return the titles of the indicators that share a method and its settings."""
    groups: dict[tuple, list[str]] = {}
    for indicator in indicators:
        method, settings = key(indicator)
        groups.setdefault((method, tuple(sorted(settings.items()))), []).append(indicator.title)
    return groups
