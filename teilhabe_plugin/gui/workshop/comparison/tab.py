"""Who changes class against another state of the recipe, another recipe, year or result, and which indicator did it."""
from __future__ import annotations

from html import escape

from qgis.gui import QgsCollapsibleGroupBoxBasic
from qgis.PyQt.QtCore import QMimeData, Qt
from qgis.PyQt.QtWidgets import (
    QApplication,
    QComboBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ....bridge.class_style import class_colours
from ....core.comparing import compare
from ....translation import render, tr
from ...errors import expected, in_words
from ..tab import Tab
from .drivers import Drivers
from .list import MovedList, cells, headings
from .matrix import CrossTable
from .scatter import ScatterChart
from .sources import FILE, OPENED, YEAR, Source, Sources, choices, node_before
from .words import differences_text, drivers_text, rows_of, summary

#: last entry of the list: a file is asked for
_CHOOSE = "choose"


class ComparisonTab(Tab):
    """The working recipe against something else."""

    NAME = "comparison"

    def __init__(self, session, parent=None):
        super().__init__(session, parent)
        self.sources = Sources(session)
        self.source, self.files = Source(OPENED), []
        self.comparison, self.rows = None, []
        self._listed: list = []
        self.drivers = Drivers(self)
        self.drivers.found.connect(self._drivers_found)
        self.drivers.failed.connect(lambda message: self.words.setText(f"{self.words.text()}\n{render(message)}"))
        self._build()

    def title(self) -> str:
        return tr("Comparison")

    def needs(self) -> str:
        view = self.session.view()
        if view is not None and self.session.node in [each.id for each in self.session.result.recipe.crosses]:
            return tr("A cross of two classifications has no score to compare. Choose an index or sub-index under "
                      "“Map shows”.")
        if view is not None and view.is_provisional:
            return tr("“{title}” has no classes in the recipe, so nobody can change class.", title=view.title)
        return ""

    # widgets ---------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        column = QVBoxLayout(self.body)
        column.setContentsMargins(6, 6, 6, 6)
        row = QHBoxLayout()
        self.choice = QComboBox()
        self.choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.choice.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        label = QLabel(tr("&Compare with"))
        label.setBuddy(self.choice)
        self.choice.setAccessibleName(tr("Compare with"))
        self.choice.activated.connect(self._source_chosen)
        row.addWidget(label)
        row.addWidget(self.choice, 1)
        column.addLayout(row)
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse
                                           | Qt.TextInteractionFlag.TextSelectableByKeyboard)
        self.words.setAccessibleName(tr("Comparison"))
        font = self.words.font()
        font.setBold(True)
        self.headline = QLabel()
        self.headline.setWordWrap(True)
        self.headline.setFont(font)
        self.headline.setTextInteractionFlags(self.words.textInteractionFlags())
        self.fault = QLabel()
        self.fault.setWordWrap(True)
        self.fault.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.page = QScrollArea()
        self.page.setWidgetResizable(True)
        self.page.setFrameShape(QFrame.Shape.NoFrame)
        self.page.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget()
        rows = QVBoxLayout(inner)
        rows.setContentsMargins(0, 0, 4, 0)
        self.matrix, self.list, self.scatter = CrossTable(), MovedList(), ScatterChart()
        self.matrix_note = QLabel(tr("Rows: before, columns: after. A click on a cell selects its areas on the map."))
        self.matrix_note.setWordWrap(True)
        self.boxes = {
            "matrix": _box(tr("Classes before and after"), self.matrix_note, self.matrix),
            "list": _box(tr("Areas that change class"), self.list),
            "scatter": _box(tr("Scores before and after"), self.scatter),
        }
        self.boxes["scatter"].setCollapsed(True)
        rows.addWidget(self.headline)
        rows.addWidget(self.words)
        for box in self.boxes.values():
            rows.addWidget(box, 100 if box is self.boxes["list"] else 0)
        rows.addStretch(1)
        self.page.setWidget(inner)
        column.addWidget(self.page, 1)
        column.addWidget(self.fault, 1)
        self.copy = QPushButton(tr("Copy &table"))
        self.copy.setToolTip(tr("The areas that change class, for spreadsheets and word processors"))
        self.copy.clicked.connect(lambda _checked=False: self.copy_table())
        buttons = QHBoxLayout()
        buttons.addWidget(self.copy)
        buttons.addStretch(1)
        column.addLayout(buttons)
        self.matrix.cell_chosen.connect(self._cell_chosen)
        self.list.areas_chosen.connect(self.session.select)
        self.scatter.picked.connect(lambda key: self.session.select([self._places()[key]]))
        self.boxes["scatter"].collapsedStateChanged.connect(lambda _closed: self._draw_scatter())

    # what it is compared with ----------------------------------------------------------------------------------

    def _fill_choice(self) -> None:
        groups = choices(self.session, self.files)
        if groups == self._listed:
            self.choice.setCurrentIndex(self.choice.findData(self.source.to_list()))
            return
        self._listed = groups
        known = [source for _heading, entries in groups for _title, source in entries]
        if self.source not in known:
            self.source = Source(OPENED)
        self.choice.clear()
        for heading, entries in groups:
            self._add_heading(heading)
            for title, source in entries:
                self.choice.addItem(f"  {title}", source.to_list())
        self.choice.insertSeparator(self.choice.count())
        self.choice.addItem(tr("Recipe file …"), [_CHOOSE, ""])
        self.choice.setCurrentIndex(self.choice.findData(self.source.to_list()))

    def _add_heading(self, text: str) -> None:
        self.choice.addItem(text)
        item = self.choice.model().item(self.choice.count() - 1)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        font = item.font()
        font.setBold(True)
        item.setFont(font)

    def _source_chosen(self, position: int) -> None:
        kind, which = self.choice.itemData(position) or ("", "")
        if kind == _CHOOSE:
            self._ask_for_file()
        elif kind:
            self.compare_with(Source(kind, which))

    def _ask_for_file(self) -> None:
        folder = str(self.session.path_of_file.parent) if self.session.path_of_file else ""
        path, _filter = QFileDialog.getOpenFileName(self, tr("Recipe file"), folder, tr("Recipes (*.json)"))
        if path:
            self.files = [path, *(each for each in self.files if each != path)]
            self.compare_with(Source(FILE, path))
        else:
            self.choice.setCurrentIndex(self.choice.findData(self.source.to_list()))

    def compare_with(self, source: Source) -> None:
        """Compare with something else."""
        self.source = source
        if self.is_shown():
            self.show_result()
            self.show_selection()
        else:
            self.outdate()

    # what is shown ---------------------------------------------------------------------------------------------

    def show_result(self) -> None:
        self._fill_choice()
        self.drivers.stop()
        self.comparison, fault = None, ""
        try:
            self.before = self.sources.before(self.source)
            self.node = node_before(self.before.result, self.session.result, self.session.node)
            self.comparison = compare(self.before.result, self.session.result, self.node, self.session.node,
                                      split=False)
        except expected() as error:
            fault = in_words(error)
        has = self.comparison is not None
        self.page.setVisible(has)
        self.fault.setVisible(not has)
        self.fault.setText(fault)
        self.copy.setEnabled(has)
        if has:
            self._show()

    def _show(self) -> None:
        session, comparison = self.session, self.comparison
        view, before = session.view(), self.before
        sets = [next(each for each in result.class_sets if each.id == name)
                for result, name in ((before.result, self.node), (session.result, view.node_id))]
        self.colours = (class_colours(sets[0]), view.colours)
        headline, *more = summary(comparison, view.high_first)
        self.headline.setText(headline)
        different = "" if self.source.kind == YEAR else differences_text(before.document, session.document)
        if different:
            more.append(tr("The recipes differ:") + "\n" + different)
        elif self.source.kind != YEAR:
            more.append(tr("The recipes say the same."))
        more += [render(each) for each in (*before.notes, *comparison.notes)]
        self.words.setText("\n".join(more))
        self.words.setAccessibleDescription(" ".join([headline, *more]))
        self.matrix.fill(comparison.crossing, *sets, self.colours, view.high_first)
        self.matrix.setAccessibleDescription(headline)
        self.titles = {name: each.title for result in (before.result, session.result)
                       for name, each in result.recipe.indicators.items()}
        self.rows = rows_of(comparison)
        self.list.fill(self.rows, self._places(), session.names, self.colours)
        self.list.setAccessibleDescription(headline)
        self.boxes["list"].setTitle(tr("Areas that change class ({n})", n=len(self.rows)) if self.rows else
                                    tr("Areas that change class"))
        self.boxes["list"].setVisible(bool(self.rows))
        self._draw_scatter()
        self.drivers.start(comparison, before.result, session.result, (self.node, session.node))

    def _drivers_found(self, keys) -> None:
        by_key = {each["key"]: each for each in self.rows}
        for key in keys:
            by_key[key]["drivers"] = drivers_text(self.comparison, key, self.titles)
            self.list.set_drivers(key, by_key[key]["drivers"])

    def _draw_scatter(self) -> None:
        if self.comparison is None or self.boxes["scatter"].isCollapsed():
            return
        self.scatter.show_scores(self.comparison.table, self.colours[1],
                                 (tr("Before: {name}", name=self.before.title), tr("After: working recipe")))
        self.scatter.set_words(tr("Scores before and after"), self.headline.text())
        self.scatter.show_chosen([self.session.keys[row] for row in self.session.selection])

    def _places(self) -> dict[str, int]:
        return {key: row for row, key in enumerate(self.session.keys)}

    def show_selection(self) -> None:
        if self.comparison is None:
            return
        self.list.show_chosen(self.session.selection)
        if not self.boxes["scatter"].isCollapsed():
            self.scatter.show_chosen([self.session.keys[row] for row in self.session.selection])

    def _cell_chosen(self, row: int, column: int) -> None:
        """Select the areas of a cell, or those of a whole row or column."""
        table, crossing = self.comparison.table, self.comparison.crossing
        wanted = table["name_vorher"].notna() & table["name_nachher"].notna()
        if row >= 0:
            wanted &= table["name_vorher"] == crossing.index[row]
        if column >= 0:
            wanted &= table["name_nachher"] == crossing.columns[column]
        places = self._places()
        self.session.select(places[key] for key in table.index[wanted])

    # taking it elsewhere ---------------------------------------------------------------------------------------

    def copy_table(self) -> None:
        """Put the areas that change class into the clipboard, with the sentences above."""
        self.drivers.finish()
        names, places = self.session.names, self._places()
        rows = [cells(each, names[places[each["key"]]]) for each in self.rows]
        heads = headings()
        title = tr("{after} against {before}", after=self.session.view().title, before=self.before.title)
        said = [title, self.headline.text(), *self.words.text().split("\n")]
        data = QMimeData()
        data.setText("\n".join([*said, "", *("\t".join(row) for row in (heads, *rows))]))
        data.setHtml("".join(f"<p>{escape(each)}</p>" for each in said)
                     + '<table border="1" cellspacing="0" cellpadding="3"><tr>'
                     + "".join(f"<th>{escape(each)}</th>" for each in heads) + "</tr>"
                     + "".join("<tr>" + "".join(f"<td>{escape(each)}</td>" for each in row) + "</tr>" for row in rows)
                     + "</table>")
        QApplication.clipboard().setMimeData(data)

    # kept ------------------------------------------------------------------------------------------------------

    def state(self) -> dict:
        return {"source": self.source.to_list(), "files": self.files,
                "folded": [name for name, box in self.boxes.items() if box.isCollapsed()]}

    def restore(self, state: dict) -> None:
        self.files = [str(each) for each in state.get("files", ())]
        kept = state.get("source")
        if isinstance(kept, list) and len(kept) == 2:
            self.source = Source(str(kept[0]), str(kept[1]))
        if "folded" in state:
            for name, box in self.boxes.items():
                box.setCollapsed(name in state["folded"])


def _box(title: str, *widgets) -> QgsCollapsibleGroupBoxBasic:
    box = QgsCollapsibleGroupBoxBasic(title)
    column = QVBoxLayout(box)
    column.setContentsMargins(6, 4, 6, 6)
    for widget in widgets:
        column.addWidget(widget)
    return box
