"""The method text as a page for printing (HTML) and as Markdown."""
from __future__ import annotations

from html import escape

from .method_text import MethodText

_STYLE = """
body { font-family: "Source Sans 3", "Noto Sans", Arial, sans-serif; font-size: 11pt; line-height: 1.4; color: #1c1c1c;
  background: #fff; max-width: 48em; margin: 2em auto; padding: 0 1em; }
h1 { font-size: 18pt; line-height: 1.2; margin: 0 0 1em; }
h2 { font-size: 12.5pt; margin: 1.5em 0 .4em; page-break-after: avoid; }
p { margin: 0 0 .6em; } ul { margin: 0 0 .6em; padding-left: 1.3em; }
table { border-collapse: collapse; width: 100%; font-size: 9pt; }
th, td { text-align: left; vertical-align: top; padding: .25em .6em .25em 0; border-bottom: .5pt solid #bfbfbf; }
th { border-bottom: 1pt solid #1c1c1c; }
thead { display: table-header-group; } tr { page-break-inside: avoid; }
@page { margin: 20mm; }
@media print { body { margin: 0; max-width: none; padding: 0; } }
"""


def to_html(text: MethodText, language: str) -> str:
    """Return the text as a page of its own, without anything from outside."""
    parts = [f"<h1>{escape(text.title)}</h1>"]
    for section in text.sections:
        parts.append(f"<h2>{escape(section.heading)}</h2>")
        parts += [f"<p>{escape(paragraph)}</p>" for paragraph in section.paragraphs]
        if section.points:
            parts.append("<ul>" + "".join(f"<li>{escape(point)}</li>" for point in section.points) + "</ul>")
    for table in text.tables:
        parts.append(f"<h2>{escape(table.heading)}</h2>")
        head = "".join(f"<th>{escape(column)}</th>" for column in table.columns)
        rows = ("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in table.rows)
        parts.append(f"<table><thead><tr>{head}</tr></thead><tbody>\n" + "\n".join(rows) + "\n</tbody></table>")
    body = "\n".join(parts)
    return (f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n<title>{escape(text.title)}'
            f"</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n")


def to_markdown(text: MethodText) -> str:
    """Return the text as Markdown."""
    lines = [f"# {text.title}"]
    for section in text.sections:
        lines += ["", f"## {section.heading}"]
        for paragraph in section.paragraphs:
            lines += ["", paragraph]
        if section.points:
            lines += ["", *(f"- {point}" for point in section.points)]
    for table in text.tables:
        lines += ["", f"## {table.heading}", "", _row(table.columns), _row(["---"] * len(table.columns))]
        lines += [_row(row) for row in table.rows]
    return "\n".join(lines) + "\n"


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
