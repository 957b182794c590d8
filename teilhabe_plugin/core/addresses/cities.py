"""Germany's large cities by name: an address that names one belongs there, whether or not a register knows it."""

from __future__ import annotations

from .street_names import fold_place

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
