"""German and English words of the page of results."""
from __future__ import annotations

GRADES = {
    "de": {1: "genau", 2: "genau nach Vereinheitlichung", 3: "zwischen benachbarten Hausnummern",
           4: "nächste Hausnummer", 5: "nur Straße", 6: "nur Postleitzahl oder Ortsteil", 7: "nicht verortet"},
    "en": {1: "exact", 2: "exact after normalising", 3: "between the neighbouring house numbers",
           4: "nearest house number", 5: "street only", 6: "postcode or district only", 7: "not located"},
}
#: fault → (German, English)
FAULTS = {
    "Str.": ("Str., str.", "Str., str."),
    "ss for ß": ("ss statt ß", "ss for ß"),
    "ae for ä": ("ae statt ä", "ae for ä"),
    "ä in two parts": ("ä als Buchstabe mit Zeichen", "ä as letter and mark"),
    "apart or together": ("getrennt oder zusammengeschrieben", "words apart or together"),
    "hyphens": ("Bindestriche", "hyphens"),
    "St./Sankt": ("St. und Sankt", "St. and Sankt"),
    "Pl.": ("Pl.", "Pl."),
    "Dr.-, Bgm.": ("Dr.-, Doktor, Bgm.", "Dr.-, Doktor, Bgm."),
    "capital letters": ("Großbuchstaben", "capital letters"),
    "small letters": ("Kleinbuchstaben", "small letters"),
    "blanks": ("Leerzeichen", "blanks"),
    "former name": ("früherer Straßenname", "former street name"),
    "letter inserted": ("Buchstabe zu viel", "letter inserted"),
    "letter left out": ("Buchstabe fehlt", "letter left out"),
    "wrong letter": ("falscher Buchstabe", "wrong letter"),
    "letters swapped": ("Buchstaben vertauscht", "letters swapped"),
    "two typing errors": ("zwei Tippfehler", "two typing errors"),
    "ä without dots": ("ä ohne Punkte", "ä without dots"),
    "12 A, 12/a": ("12 A, 12/a", "12 A, 12/a"),
    "12-14": ("12-14", "12-14"),
    "9, 9a": ("9, 9a", "9, 9a"),
    "number as date": ("Hausnummer als Datum", "number turned into a date"),
    "number as decimal": ("12.0", "12.0"),
    "number in street": ("Hausnummer im Straßenfeld", "number in the street's cell"),
    "number first": ("Hausnummer vor der Straße", "number before the street"),
    "Hinterhaus, 2. OG": ("Hinterhaus, 2. OG", "Hinterhaus, 2. OG"),
    "c/o": ("c/o", "c/o"),
    "im Rathaus": ("im Rathaus", "im Rathaus (inside a house)"),
    "postcode missing": ("Postleitzahl fehlt", "postcode missing"),
    "place missing": ("Ort fehlt", "place missing"),
    "postcode of another part": ("Postleitzahl eines anderen Stadtteils", "postcode of another part"),
    "postcode mistyped": ("Postleitzahl vertippt", "postcode mistyped"),
    "postcode without 0": ("Postleitzahl ohne führende 0", "postcode without its leading 0"),
    "district with place": ("Ortsteil beim Ort", "district beside the place"),
    "district for place": ("Ortsteil statt Ort", "district for the place"),
    "place in street": ("Ort im Straßenfeld", "place in the street's cell"),
    "number missing": ("ohne Hausnummer", "no house number"),
    "number lacking, inside": ("Nummer fehlt im Register, mittendrin", "number lacking in the register, inside"),
    "number lacking, at the end": ("Nummer fehlt im Register, am Ende", "number lacking in the register, at the end"),
    "number far beyond": ("Nummer weit jenseits der letzten", "number far beyond the last"),
    "suffix missing": ("Zusatz fehlt", "suffix missing"),
    "suffix too many": ("Zusatz, den es nicht gibt", "suffix that does not exist"),
    "other city": ("Adresse einer anderen Stadt", "address of another city"),
    "unknown street": ("unbekannte Straße", "unknown street"),
    "P.O. box": ("Postfach", "P.O. box"),
    "landmark": ("Name statt Adresse", "name in place of an address"),
    "crossing": ("Kreuzung zweier Straßen", "crossing of two streets"),
    "empty row": ("leere Zeile", "empty row"),
}
_STYLE = """body { font-family: sans-serif; line-height: 1.45; max-width: 56em; margin: 2em auto; padding: 0 1em; \
color: #222; background: #fff; }
h1, h2 { line-height: 1.2; }
h2 { margin-top: 1.8em; }
a { color: #014163; }
table { border-collapse: collapse; }
td, th { border-top: 1px solid #ccc; padding: .25em .6em .25em 0; text-align: right; vertical-align: top; }
td:first-child, th:first-child { text-align: left; }""".replace("{", "{{").replace("}", "}}")
_HEAD = '<!DOCTYPE html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n<style>\n'
_DE = """<h1>Wie gut Adressen gefunden werden</h1>
<p>{rows} Adressen mit je einem Fehler, aus drei Registern gezogen, in neun Schreibweisen (eine Spalte, mehrere \
Spalten, verschiedene Reihenfolgen). Zu jeder ist bekannt, wo sie wirklich liegt. Ein Teil der Hausnummern ist aus \
dem Register genommen, damit auch fehlende Nummern einen bekannten Ort haben. Berlin (Bezirke 01 bis 06) hat nur \
Gebiete, Essen nur Koordinaten; als Gebiete dienen dort Quadrate von 1 km.</p>
<p><b>Entscheidbar</b> ist eine Zeile, wenn das, was sie sagt, nur in ein Gebiet passt; das wird ohne das Verfahren \
bestimmt. <b>Falsch</b> ist eine Zeile der Stufen genau, genau nach Vereinheitlichung oder zwischen Hausnummern mit \
anderem Gebiet oder, außer bei fehlenden Nummern, mit anderem Punkt. <b>Zu sicher</b> ist ein falsches Gebiet \
anderer Stufen, das als sicher gilt. <b>Andere Adresse</b>: Der Fehler hat aus der Adresse eine andere gemacht, die \
es gibt und der nichts in der Zeile widerspricht (12a ohne den Zusatz ist 12); solche Zeilen zählen sonst nicht \
mit.</p>
<h2>Ein Fehler je Zeile</h2>
{cities}
<h2>Nach Stufen</h2>
<p>Unter den drei ersten Stufen: falsche Zeilen. Unter den anderen: falsche Gebiete, die als sicher gelten.</p>
{grades}
<h2>Nach Fehlern</h2>
<p>Anteil der entscheidbaren Zeilen mit richtigem Gebiet in Prozent und Zahl der falschen Zeilen. Wo es keine \
Antwort gibt: Anteil der Zeilen ohne Straße („keine“).</p>
{faults}
<h2>Drei Fehler je Zeile</h2>
{mixed}
<h2>Echte Listen</h2>
<ul>
<li>Musterstadt: 243 von 243 Angeboten mit Hausnummer auf ihrem Punkt; 3 von 6 ohne Hausnummer mit sicherem Gebiet, \
3 offen; 3 Postfächer ohne Ort.</li>
<li>Berlin, Bezirke 01–06: 1.651 von 1.653 Kitas im Gebiet ihrer amtlichen Koordinaten, keine falsch. Die beiden \
anderen stehen mit einem Straßennamen in der Liste, der seit 2022 nicht mehr gilt; mit ihm in der Tabelle früherer \
Namen werden auch sie gefunden.</li>
<li>Alle 482 Schulen im Gebiet ihrer Koordinaten.</li>
<li>Jugendfreizeiteinrichtungen: alle 206 bis auf eine („Rudolf-Mosse-Szr.“ kann offen bleiben) und eine, deren \
veröffentlichte Koordinaten zu einem anderen Haus desselben Trägers gehören.</li>
<li>Essen: alle Adressen, geschrieben wie im Register, auf ihrem Punkt.</li>
</ul>
<p>Daten: Geoportal Berlin, Stadt Essen (dl-de/by-2-0); Musterstadt ist erfunden. Die Tabellen schreibt \
<code>python3 -m tests.address_faults.publish</code> im Quelltext neu.</p>
"""
_EN = """<h1>How well addresses are found</h1>
<p>{rows} addresses with one fault each, drawn from three registers, written in nine ways (one column, several \
columns, different orders). Where each of them truly lies is known. Some house numbers are held back from the \
register, so that numbers it lacks have a known place, too. Berlin (districts 01 to 06) has areas only, Essen \
coordinates only; squares of 1 km stand for its areas.</p>
<p>A row is <b>decidable</b> when what it says fits one area only; that is found without the method. A row of the \
grades exact, exact after normalising or between house numbers is <b>wrong</b> when its area is another one or, \
except for lacking numbers, its point is. <b>Too sure</b> is a wrong area of another grade that is called certain. \
<b>Another address</b>: the fault has made another address that exists and that nothing in the row speaks against \
(12a without its suffix is 12); such rows do not count otherwise.</p>
<h2>One fault per row</h2>
{cities}
<h2>By grade</h2>
<p>In the first three grades: wrong rows. In the others: wrong areas that are called certain.</p>
{grades}
<h2>By fault</h2>
<p>Share of decidable rows with the right area in per cent, and the number of wrong rows. Where there is no answer: \
share of rows without a street (“none”).</p>
{faults}
<h2>Three faults per row</h2>
{mixed}
<h2>Real lists</h2>
<ul>
<li>Sample city: 243 of 243 offers with a house number on their point; 3 of 6 without number with a certain area, 3 \
left open; 3 P.O. boxes without a place.</li>
<li>Berlin, districts 01–06: 1,651 of 1,653 day-care centres in the area of their official coordinates, none wrong. \
The two others stand in the list with a street name that has not been valid since 2022; with it in the table of \
former names they are found, too.</li>
<li>All 482 schools in the area of their coordinates.</li>
<li>Youth centres: all 206 but one (“Rudolf-Mosse-Szr.” may stay open) and one whose published coordinates belong to \
another house of the same body.</li>
<li>Essen: all addresses, written as in the register, on their point.</li>
</ul>
<p>Data: Geoportal Berlin, Stadt Essen (dl-de/by-2-0); the sample city is invented. <code>python3 -m \
tests.address_faults.publish</code> in the source tree writes the tables anew.</p>
"""


def _whole(lang, title, body) -> str:
    return _HEAD.format(lang=lang, title=title) + _STYLE + "\n</style>\n</head>\n<body>\n" + body + "</body>\n</html>\n"


TEXTS = {
    "de": {
        "page": _whole("de", "Teilhabe – Trefferquote beim Verorten", _DE),
        "sample": "Musterstadt", "berlin": "Berlin", "essen": "Essen", "silent": "keine: {n}",
        "city_head": ("Liste", "Zeilen", "entscheidbar", "davon richtiges Gebiet, %", "Stufen 1–3", "davon falsch",
                      "falsch je 10.000", "zu sicher", "andere Adresse"),
        "grade_head": ("Stufe", "Zeilen", "richtiges Gebiet, %", "falsch", "je 10.000"),
        "fault_head": ("Fehler", "Musterstadt, %", "falsch", "Berlin, %", "falsch", "Essen, %", "falsch"),
    },
    "en": {
        "page": _whole("en", "Teilhabe – how well addresses are found", _EN),
        "sample": "Sample city", "berlin": "Berlin", "essen": "Essen", "silent": "none: {n}",
        "city_head": ("List", "Rows", "decidable", "right area, %", "grades 1–3", "wrong", "wrong per 10,000",
                      "too sure", "another address"),
        "grade_head": ("Grade", "Rows", "right area, %", "wrong", "per 10,000"),
        "fault_head": ("Fault", "Sample city, %", "wrong", "Berlin, %", "wrong", "Essen, %", "wrong"),
    },
}
