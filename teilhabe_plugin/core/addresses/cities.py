"""Places that no register need know: Germany's large cities by name, and names that are shaped like a place's."""

from __future__ import annotations

import re

from .street_names import fold_place, fold_text

#: cities with more than about 100,000 inhabitants (Federal Statistical Office), as lists write them
_NAMES = (
    "Berlin", "Hamburg", "München", "Köln", "Frankfurt", "Frankfurt am Main", "Stuttgart", "Düsseldorf", "Leipzig",
    "Dortmund", "Essen", "Bremen", "Dresden", "Hannover", "Nürnberg", "Duisburg", "Bochum", "Wuppertal", "Bielefeld",
    "Bonn", "Münster", "Mannheim", "Karlsruhe", "Augsburg", "Wiesbaden", "Mönchengladbach", "Gelsenkirchen", "Aachen",
    "Braunschweig", "Chemnitz", "Kiel", "Halle", "Halle (Saale)", "Magdeburg", "Freiburg", "Krefeld", "Mainz", "Lübeck",
    "Erfurt", "Oberhausen", "Rostock", "Kassel", "Hagen", "Potsdam", "Saarbrücken", "Hamm", "Ludwigshafen", "Oldenburg",
    "Mülheim", "Mülheim an der Ruhr", "Osnabrück", "Leverkusen", "Heidelberg", "Darmstadt", "Solingen", "Herne",
    "Neuss", "Regensburg", "Paderborn", "Ingolstadt", "Offenbach", "Würzburg", "Fürth", "Ulm", "Heilbronn", "Pforzheim",
    "Wolfsburg", "Göttingen", "Bottrop", "Reutlingen", "Koblenz", "Erlangen", "Bremerhaven", "Remscheid",
    "Bergisch Gladbach", "Recklinghausen", "Trier", "Jena", "Moers", "Salzgitter", "Siegen", "Gütersloh", "Hildesheim",
    "Hanau", "Kaiserslautern", "Cottbus", "Schwerin", "Witten", "Esslingen", "Ludwigsburg", "Gera", "Düren", "Tübingen",
    "Flensburg", "Iserlohn", "Gießen", "Ratingen", "Lünen", "Marl", "Konstanz", "Zwickau", "Wien", "Zürich", "Basel",
    "Salzburg", "Graz",
)
_FOLDED = frozenset(map(fold_place, _NAMES))


def is_large_city(text: str) -> bool:
    """Return whether a text is the name of a large city, a district behind it allowed.

    >>> is_large_city("Hamburg-Altona"), is_large_city("Müller")
    (True, False)
    """
    if len(text) > 60:
        return False
    if fold_place(text) in _FOLDED:
        return True
    first = text.replace("(", "-").replace("/", "-").split("-", 1)
    return len(first) == 2 and fold_place(first[0]) in _FOLDED


#: what names of German towns, villages and quarters end with
_ENDINGS = re.compile(
    r"(?:aue?|bach|beck|bergen|berg|born|bruecken?|brunn|buettel|burg|dorff?|felde?|fleth|furth?|hafen|hagen|hausen|heim|"
    r"hof(?:en)?|holz|horst|[^aeiou]ingen|itz|kirch|kirchen|koelln|lar|leben|lin|loh|moos|muende|nau|nick|ow|ppin|rade|"
    r"rath?|ro[dt][ae]?|scheid|see|stadt|staedt|stedt|stein|thal|tal|thin|ungen|walde?|wede|weiler|werder|wig|zell)$")
_BEFORE = re.compile(r"^(?:(?:gross|hanse|kreis)?stadt|gemeinde|samtgemeinde|amt|markt)\s+")


def looks_like_place(text: str) -> bool:
    """Return whether a name, alone, is more likely that of a place than of anything else.

    >>> [looks_like_place(text) for text in ("Bernau", "Gemeinde Ahrensfelde", "Hohen Neuendorf", "Sonnenschein")]
    [True, True, True, False]
    """
    if is_large_city(text):
        return True
    words = _BEFORE.sub("", fold_text(text)).replace("-", " ").split()
    return 0 < len(words) <= 3 and all(word.isalpha() for word in words) and len(words[-1]) > 3 and bool(
        _ENDINGS.search(words[-1]))
