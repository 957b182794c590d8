"""Taking the explanation of an area elsewhere: as text with its figures, and as a picture for a paper."""
from __future__ import annotations

from html import escape

from qgis.PyQt.QtCore import QMimeData, QRectF, QSizeF, Qt
from qgis.PyQt.QtGui import QColor, QFont, QImage, QPainter, QPen, QTextDocument

from ....translation import tr
from .table import CASES, DISTRICT, NOTE, cells, groups, headings

#: width of the picture in pixels before it is drawn twice as fine, as wide as a page's text
WIDTH, MARGIN, FACTOR = 680, 16, 2
#: twice as fine as a screen of 96 dots per inch: pasted into a text, the picture is as large as it was meant to be
_DOTS_PER_METRE = round(FACTOR * 96 / 0.0254)


def source_line(recipe) -> str:
    """Return where the figures come from, as one line."""
    parts = [tr("Source: {source}", source=recipe.source) if recipe.source else "",
             tr("as of {date}", date=recipe.reference_date) if recipe.reference_date else "",
             tr("Recipe: {title}", title=f"{recipe.title} {recipe.version}".strip())]
    return "; ".join(filter(None, parts))


def footnotes(profile, recipe) -> list[str]:
    """Return what has to be known to read the figures."""
    found = []
    if profile.way == "shapley":
        found.append(tr("Contributions: mean effect over all orders of the indicators (Shapley values)."))
    elif profile.way == "orders":
        found.append(tr("Contributions: mean effect over 200 orders of the indicators, drawn by chance (Shapley "
                        "values, estimated)."))
    if any(each.cases.message() for each in profile.indicators):
        found.append(tr("Cases in tens; fewer than {threshold} are not told.",
                        threshold=profile.indicators[0].cases.threshold))
    if profile.district:
        found.append(tr("City and district: mean of the areas, weighted by people.") if recipe.population else
                     tr("City and district: mean of the areas, each counting once."))
    else:
        found.append(tr("City: mean of the areas, weighted by people.") if recipe.population else
                     tr("City: mean of the areas, each counting once."))
    return found


def table_of(profile) -> tuple[list[str], list[list[str]]]:
    """Return headings and rows of the figures; columns without anything are left out."""
    rows = []
    for title, _contribution, members in groups(profile):
        rows += [[each_text if i else (f"{title}: {each_text}" if title else each_text)
                  for i, each_text in enumerate(cells(each))] for each in members]
    heads = headings(profile)
    kept = [i for i in range(len(heads)) if i not in (DISTRICT, CASES, NOTE) or any(row[i] for row in rows)]
    return [heads[i] for i in kept], [[row[i] for i in kept] for row in rows]


def mime_of(heading: str, sentences: list[str], profiles: list, recipe) -> QMimeData:
    """Return the explanation for the clipboard: plain text, and with a table for word processors."""
    plain, html = [heading, "", *sentences], [f"<h3>{escape(heading)}</h3>",
                                              *(f"<p>{escape(each)}</p>" for each in sentences)]
    for profile in profiles:
        if not profile.indicators:
            continue
        heads, rows = table_of(profile)
        if len(profiles) > 1:
            plain += ["", profile.label]
            html.append(f"<h4>{escape(profile.label)}</h4>")
        plain += ["", "\t".join(heads), *("\t".join(row) for row in rows)]
        html.append('<table border="1" cellspacing="0" cellpadding="3"><tr>'
                    + "".join(f"<th>{escape(each)}</th>" for each in heads) + "</tr>"
                    + "".join("<tr>" + "".join(f"<td>{escape(each)}</td>" for each in row) + "</tr>" for row in rows)
                    + "</table>")
    notes = [*(footnotes(profiles[0], recipe) if profiles[0].indicators else []), source_line(recipe)]
    data = QMimeData()
    data.setText("\n".join([*plain, "", *notes]))
    data.setHtml("".join([*html, *(f"<p><small>{escape(each)}</small></p>" for each in notes)]))
    return data


def picture(heading: str, chip: str, sentences: list[str], charts: list[tuple[str, object]], notes: list[str],
            font: QFont) -> QImage:
    """Return heading, sentences, charts and source as one picture on white.

    Parameters
    ----------
    heading : str
    chip : str
        Colour of the class, "" for none.
    sentences : list of str
    charts : list of (str, RowChart)
        Each with its title.
    notes : list of str
        Written small below.
    font : QFont
    """
    inner = WIDTH - 2 * MARGIN
    head = _document(f"<b>{escape(heading)}</b>", font, inner - (26 if chip else 0), 1.35)
    body = _document("".join(f'<p style="margin:0 0 6px 0">{escape(each)}</p>' for each in sentences), font, inner)
    foot = _document("".join(f'<p style="margin:0">{escape(each)}</p>' for each in notes), font, inner, 0.85, "#5a5a5a")
    drawn = [(_document(f"<b>{escape(title)}</b>", font, inner), chart.image(inner, FACTOR)) for title, chart in charts]
    height = 2 * MARGIN + head.size().height() + 8 + body.size().height() + 8 + foot.size().height()
    height += sum(title.size().height() + 4 + image.height() / FACTOR + 12 for title, image in drawn)
    page = QImage(round(WIDTH * FACTOR), round(height * FACTOR), QImage.Format.Format_RGB32)
    page.setDevicePixelRatio(FACTOR)
    page.fill(Qt.GlobalColor.white)
    painter = QPainter(page)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    top = float(MARGIN)
    if chip:
        painter.setBrush(QColor(chip))
        painter.setPen(QPen(QColor("#5a5a5a"), 0.8))
        painter.drawRect(QRectF(MARGIN, top + (head.size().height() - 16) / 2, 16, 16))
    top = _draw(painter, head, MARGIN + (26 if chip else 0), top) + 8
    top = _draw(painter, body, MARGIN, top) + 4
    for title, image in drawn:
        top = _draw(painter, title, MARGIN, top) + 4
        painter.drawImage(QRectF(MARGIN, top, inner, image.height() / FACTOR), image)
        top += image.height() / FACTOR + 12
    _draw(painter, foot, MARGIN, top)
    painter.end()
    page.setDevicePixelRatio(1)
    page.setDotsPerMeterX(_DOTS_PER_METRE)
    page.setDotsPerMeterY(_DOTS_PER_METRE)
    return page


def _document(html: str, font: QFont, width: float, size: float = 1.0, colour: str = "#1c1c1c") -> QTextDocument:
    document, own = QTextDocument(), QFont(font)
    if own.pointSizeF() > 0:
        own.setPointSizeF(own.pointSizeF() * size)
    else:
        own.setPixelSize(max(round(own.pixelSize() * size), 1))
    document.setDefaultFont(own)
    document.setDocumentMargin(0)
    document.setHtml(f'<div style="color:{colour}">{html}</div>')
    document.setPageSize(QSizeF(width, -1))
    document.setTextWidth(width)
    return document


def _draw(painter: QPainter, document: QTextDocument, x: float, y: float) -> float:
    painter.save()
    painter.translate(x, y)
    document.drawContents(painter)
    painter.restore()
    return y + document.size().height()
