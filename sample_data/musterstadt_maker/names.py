"""Invented street names: each district has its theme, as the quarters of real cities have."""
from __future__ import annotations

from .geometry import random_state

THEMES = {  # district -> (stems for compounds, whole names)
    1: ("Töpfer Weber Gerber Glocken Münz Salz Brunnen Turm Rathaus Tuchmacher Stifts Kapellen Fleischer Rosen Zwinger",
        ["Am Alten Markt", "Kleine Marktstraße", "Hinter der Mauer", "An der Stadtmauer", "Schlossstraße", "Alte Gasse",
         "Domhof", "Am Spritzenhaus", "Große Gildestraße", "Kleine Gildestraße"]),
    2: ("Bremer Oldenburger Hamburger Lübecker Kieler Stader Emdener Leeraner Verdener Celler Lüneburger Husumer", []),
    3: ("Linden Ahorn Ulmen Akazien Platanen Kastanien Erlen Pappel Eschen Ebereschen Robinien", ["Am Volkspark"]),
    4: ("Kran Speicher Anker Lotsen Matrosen Werft Kontor Stapel Reeder Schiffer Lager Silo",
        ["Am Hafenbecken", "An der Schleuse", "Am Kohlenkai", "Zum Umschlag", "Am Nordkanal", "Kaistraße"]),
    5: ("Schmiede Amboss Esse Hammer Walzwerk Gießerei Former Dreher Schlosser Kessel Eisen Stahl Hütten",
        ["Am Hochofen", "Nordmarkt", "Am Walzwerk"]),
    6: ("Zechen Schacht Hauer Steiger Stollen Flöz Gruben Knappen Lampen Kokerei Förder Bergmanns Kumpel",
        ["Glückaufstraße", "Am Förderturm", "An der Waschkaue", "Barbarastraße", "Zur Halde"]),
    7: ("Torf Moor Schilf Binsen Birken Erlenbruch Reiher Kranich Storchen Wollgras",
        ["Im Nordbruch", "Am Bruchgraben", "Zum Heidkamp"]),
    8: ("Wiesen Klee Anger Heu Sensen Weiden Grummet Schäfer Hirten Melker Koppel", ["Am Anger", "Im Wiesengrund"]),
    9: ("Rosen Nelken Tulpen Astern Dahlien Veilchen Primel Krokus Ginster Flieder Jasmin Malven Lavendel Mohn",
        ["Am Rosenhügel", "Auf dem Westerholz"]),
    10: ("Mühlen Müller Mehl Roggen Weizen Gersten Hafer Korn Dinkel Garben Ähren Scheunen",
         ["Am Mühlenfeld", "Alter Kirchweg"]),
    11: ("Eichen Buchen Tannen Fichten Kiefern Lärchen Wacholder Hasel Weißdorn Schlehen Holunder",
         ["Unter den Eichen", "Am Kirchbrink"]),
    12: ("Ziegler Lehm Ton Brenner Former Töpfergruben Maurer Zimmerer Dachdecker Steinmetz Feldbrand Ofen",
         ["An der Ziegelei", "Zum Ringofen"]),
    13: ("Lerchen Amsel Drossel Finken Meisen Zeisig Staren Schwalben Kuckuck Sperber Bussard Falken Habicht Specht",
         ["Vogelsang", "Am Lerchenberg"]),
    14: ("Kloster Abtei Prior Kreuz Marien Josef Anna Elisabeth Ursula Martin Nikolai Georg Pilger",
         ["Am Klosterhof", "Im Marienthal"]),
    15: ("Garten Beeren Apfel Kirsch Birnen Pflaumen Quitten Fluss Wehr Fischer Otter Eisvogel Weidenufer",
         ["An der Murne", "Zum Murnebogen", "Am Wehrhaus"]),
    16: ("Acker Pflug Ernte Sichel Feld Raps Flachs Hopfen Höfe Bauern Dresch Linsen", ["Hohe Linde", "Am Kornfeld"]),
    17: ("Panorama Sonnen Höhen Villen Aussichts Belvedere Hang Weinberg Terrassen Abend",
         ["Anna-Ebert-Straße", "Wilhelm-Tasch-Straße", "Klara-Ohlendorf-Weg", "Otto-Brinkmeyer-Straße",
          "Doktor-Heintze-Weg", "Johanna-Quast-Allee", "Schloßblick", "Am Südhang"]),
    18: ("Berg Wald Fuchs Dachs Reh Hirsch Keiler Luchs Marder Förster Köhler Quellen Steinbruch Farn Moos",
         ["Am Steinrath", "Zum Bergwald", "An der Quelle", "Im Siepen"]),
}
SUFFIXES = ("straße", "weg", "straße", "allee", "pfad", "straße", "weg", "hof", "stieg", "ring", "kamp")
TRADES = ("Emma-Rautert", "Friedrich-Kolk", "Hedwig-Niebaum", "Gustav-Pelster", "Marta-Uhlenbrock", "Theo-Wiesmann",
          "Luise-Sandfort", "Karl-Möllenhoff", "Ida-Grönefeld", "Ernst-Jürgensmeier", "Rosa-Lindhorst", "Paul-Vößing")


def _compound(stem, suffix):
    if stem.endswith(("er", "Er")) and stem in THEMES[2][0].split():
        return f"{stem} {suffix.capitalize()}"
    return stem + suffix


class Names:
    """Hands out unused names by district."""

    def __init__(self, used):
        self._used = set(used)
        random = random_state("names")
        self._lists = {}
        for district, (stems, whole) in THEMES.items():
            stems = stems.split()
            compounds = []
            for turn in range(len(SUFFIXES)):
                compounds += [_compound(stem, SUFFIXES[(turn + place) % len(SUFFIXES)])
                              for place, stem in enumerate(stems)]
            first, rest = compounds[:len(stems)], compounds[len(stems):]
            head = whole + first
            random.shuffle(head)
            self._lists[district] = head + rest
        self._persons = [f"{name}-Straße" for name in TRADES]
        random.shuffle(self._persons)
        self._count = 0

    def take(self, district):
        """Return the next free name of a district."""
        self._count += 1
        if self._count % 19 == 0 and self._persons:
            return self._persons.pop()
        names = self._lists[district]
        while True:
            name = names.pop(0)
            if name not in self._used:
                self._used.add(name)
                return name
