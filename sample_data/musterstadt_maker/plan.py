"""The drawn plan of Musterstadt in kilometres: what a town planner would put on paper first."""
from __future__ import annotations

BOUNDARY = [
    (0.55, 4.6), (0.2, 5.3), (0.45, 6.1), (0.25, 6.7), (1.0, 7.35), (1.55, 8.15), (2.6, 7.95), (3.3, 8.35), (4.2, 8.3),
    (4.9, 8.95), (5.9, 8.75), (6.8, 8.95), (7.7, 8.5), (8.5, 8.75), (9.5, 8.35), (10.0, 7.8), (10.9, 7.7), (11.3, 6.9),
    (11.85, 6.3), (11.5, 5.4), (11.95, 4.7), (11.6, 3.9), (11.75, 3.1), (10.9, 2.55), (10.6, 1.9), (9.8, 1.75),
    (9.35, 0.95), (8.3, 0.75), (7.7, 0.3), (6.7, 0.55), (5.9, 0.1), (5.1, 0.5), (4.3, 0.35), (3.6, 0.7), (2.7, 0.75),
    (2.45, 1.5), (1.6, 1.85), (1.45, 2.5), (0.6, 2.75), (0.75, 3.6), (0.2, 4.05),
]
RIVER = [(12.8, 3.75), (11.6, 3.5), (10.7, 3.25), (10.0, 2.75), (9.1, 2.95), (8.2, 2.6), (7.3, 2.1), (6.4, 2.0),
         (5.5, 2.3), (4.8, 2.75), (3.95, 2.4), (3.0, 2.7), (2.1, 3.1), (1.2, 2.95), (-0.6, 3.3)]
RIVER_WIDTH, LAKE_AT, LAKE_LENGTH, LAKE_WIDTH = 62.0, (6.75, 2.03), 0.72, 330.0
CANAL = [(-0.8, 6.45), (1.5, 6.62), (3.5, 6.74), (5.5, 6.86), (7.5, 6.84), (9.5, 6.72), (11.0, 6.75), (12.8, 6.95)]
CANAL_WIDTH = 48.0
BASINS = [  # centre line, width in metres
    ([(6.75, 6.86), (6.45, 6.66), (6.0, 6.58), (5.35, 6.52)], 95.0),
    ([(5.0, 6.83), (4.75, 6.63), (4.35, 6.54), (3.75, 6.47)], 85.0),
    ([(6.0, 6.86), (5.75, 6.74), (5.35, 6.69)], 70.0),
]
RAILWAYS = [  # name, kind, points
    ("Hauptbahn Musterstadt", "Fernbahn",
     [(-0.8, 4.95), (1.5, 5.05), (3.3, 5.3), (4.6, 5.42), (5.8, 5.38), (7.2, 5.22), (8.6, 5.45), (10.2, 5.3),
      (12.8, 5.6)]),
    ("Murnetalbahn", "S-Bahn",
     [(7.2, 5.22), (8.1, 5.02), (8.75, 4.4), (9.2, 3.6), (9.45, 2.6), (9.1, 1.7), (8.7, 0.9), (8.6, -0.3)]),
    ("Hafenbahn", "Güterbahn",
     [(3.3, 5.3), (3.75, 5.55), (4.0, 5.95), (4.6, 6.14), (5.6, 6.2), (6.8, 6.24), (8.0, 6.3), (9.2, 6.55),
      (9.9, 7.2), (10.1, 8.0), (10.3, 9.3)]),
]
MAIN_ROADS = {  # source name -> (points, closed, names along the road)
    "ring": ([(5.0, 4.75), (5.2, 5.08), (5.75, 5.22), (6.3, 5.08), (6.6, 4.7), (6.4, 4.25), (5.8, 4.08), (5.25, 4.3)],
             True, ["Königswall", "Ostwall", "Südwall", "Westwall"]),
    "west": ([(5.06, 4.72), (4.2, 4.6), (3.2, 4.62), (2.2, 4.42), (1.2, 4.3), (-0.5, 4.5)], False,
             ["Westerfelder Straße", "Altenroder Straße", "Westfälische Chaussee"]),
    "east": ([(6.52, 4.66), (7.4, 4.5), (8.3, 4.62), (9.4, 4.35), (10.4, 4.6), (11.4, 4.42), (12.6, 4.7)], False,
             ["Marienthaler Straße", "Hellweg", "Lerchenberger Chaussee"]),
    "north": ([(5.78, 5.12), (5.72, 5.8), (5.6, 6.3), (5.62, 7.0), (5.85, 7.8), (5.75, 9.4)], False,
              ["Münsterstraße", "Brückstraße", "Zechenfelder Straße"]),
    "northwest": ([(5.28, 5.0), (4.7, 5.5), (4.0, 5.8), (3.0, 6.2), (2.4, 6.75), (2.1, 7.4), (1.7, 8.8)], False,
                  ["Hafenstraße", "Rosenhügeler Straße", "Wiesenfelder Straße"]),
    "northeast": ([(6.24, 5.0), (6.9, 5.6), (7.7, 6.1), (8.1, 6.75), (8.9, 7.4), (9.2, 9.2)], False,
                  ["Schmiedestraße", "Eichenauer Straße", "Kirchhörner Straße"]),
    "southwest": ([(5.32, 4.37), (4.6, 3.75), (3.6, 3.35), (2.7, 3.3), (2.1, 2.6), (1.2, 1.6)], False,
                  ["Hohenlinder Straße", "Mühlenstraße", "Alte Poststraße"]),
    "south": ([(5.8, 4.16), (5.65, 3.3), (5.15, 2.6), (5.2, 1.8), (5.5, 1.1), (5.3, -0.4)], False,
              ["Theaterstraße", "Murnebrückenstraße", "Südhöher Straße"]),
    "southeast": ([(6.33, 4.32), (7.1, 3.7), (7.9, 3.2), (8.5, 2.5), (8.6, 1.8), (9.7, 1.2), (10.6, 0.6)], False,
                  ["Klosterstraße", "Auenroder Straße", "Steinrather Straße"]),
    "outer": ([(2.75, 4.55), (2.75, 5.6), (2.95, 6.2), (3.3, 7.15), (4.3, 7.65), (5.8, 7.75), (7.1, 7.7), (8.2, 7.45),
               (8.95, 6.9), (9.45, 6.0), (9.75, 5.1), (9.95, 4.45), (9.4, 3.75), (8.4, 3.5), (7.2, 3.55), (6.4, 3.25),
               (5.6, 3.3), (4.5, 3.55), (3.5, 3.75)], True,
              ["Rheinlandallee", "Nordring", "Zechenring", "Eichenauer Ring", "Ostring", "Lindauer Ring", "Murneallee",
               "Südring", "Westring"]),
    "southbank": ([(11.4, 2.2), (10.0, 2.05), (8.6, 1.85), (7.6, 1.35), (6.4, 1.25), (5.3, 1.5), (4.2, 1.75),
                   (3.2, 1.9), (2.2, 2.25), (1.0, 2.1)], False,
                  ["Bergwaldstraße", "Seestraße", "Waldhauser Straße", "Talstraße"]),
    "farwest": ([(1.5, 2.4), (1.35, 3.3), (1.5, 4.33), (1.45, 5.1), (1.6, 5.9), (1.5, 6.6), (1.75, 7.1), (1.85, 7.3)],
                False, ["Kirchweg", "Altenroder Ring", "Westerholzer Straße"]),
    "fareast": ([(10.9, 8.3), (10.6, 7.2), (10.65, 6.2), (10.8, 5.3), (10.75, 4.55), (10.6, 3.7), (10.75, 2.3)], False,
                ["Ziegeleistraße", "Ostheimer Straße", "Heideweg"]),
    "centre_we": ([(4.92, 4.75), (5.5, 4.66), (6.0, 4.7), (6.64, 4.67)], False, ["Große Marktstraße"]),
    "centre_ns": ([(5.78, 5.2), (5.74, 4.7), (5.8, 4.08)], False, ["Bahnhofstraße", "Kirchstraße"]),
    "uppernorth": ([(1.6, 7.15), (3.3, 7.4), (4.4, 8.05), (5.8, 8.2), (7.2, 8.15), (8.4, 8.05), (9.05, 8.0),
                    (10.1, 7.75), (10.75, 7.6)], False,
                   ["Bruchstraße", "Heidkampstraße", "Bruchrandstraße", "Dorfstraße"]),
}
HARBOUR_ROAD = [(2.9, 6.22), (3.1, 6.3), (3.8, 6.3), (4.6, 6.33), (5.62, 6.37), (6.6, 6.44), (7.3, 6.52), (8.0, 6.58)]
HARBOUR_NAMES = ["Speicherstraße", "Hafenrandstraße", "Am Umschlagbahnhof"]
RIVER_BANKS = {"left": ["Am Osterfeld", "Leinpfad", "Am Bootshaus", "Uferstraße", "Mühlenufer", "Fährstraße"],
               "right": ["Auenweg", "Am Wehr", "Seepromenade", "Sonnenufer", "Zum Anleger", "Furtweg"]}

# x, y, name, district, kind of building
AREAS = [
    (5.5, 4.5, "Altstadt", 1, "core"), (6.15, 4.95, "Bahnhofsviertel", 1, "core"),
    (5.75, 3.75, "Theaterviertel", 1, "dense"), (6.95, 4.75, "Ostwallviertel", 1, "dense"),
    (4.45, 5.0, "Westend", 2, "dense"), (4.4, 4.15, "Schlachthofviertel", 2, "dense"),
    (3.3, 4.95, "Lindenhof", 3, "mixed"), (3.3, 4.2, "Am Volkspark", 3, "mixed"),
    (5.4, 6.29, "Hafen", 4, "industry"), (4.95, 5.75, "Kanalviertel", 4, "dense"),
    (6.35, 5.75, "Nordmarkt", 5, "dense"), (7.7, 5.75, "Schmiedeviertel", 5, "dense"),
    (4.85, 7.3, "Zechenfeld", 6, "mixed"), (6.6, 7.25, "Schachtsiedlung", 6, "mixed"),
    (4.7, 8.3, "Nordbruch", 7, "suburb"), (6.7, 8.3, "Mühlenfeld", 7, "suburb"),
    (3.1, 7.7, "Wiesenfeld", 8, "mixed"), (1.7, 7.3, "Bruchhof", 8, "suburb"),
    (1.0, 5.9, "Westerholz", 9, "mixed"), (2.2, 5.9, "Rosenhügel", 9, "mixed"),
    (1.9, 4.8, "Altenrode", 10, "mixed"), (1.2, 3.7, "Mühlenfeld", 10, "suburb"),
    (7.9, 7.9, "Eichenau", 11, "mixed"), (9.4, 7.7, "Kirchhörne", 11, "suburb"),
    (9.0, 6.1, "Ostheim", 12, "mixed"), (10.3, 6.5, "Ziegelei", 12, "mixed"),
    (10.7, 5.0, "Lerchenberg", 13, "suburb"), (9.4, 4.95, "Morgenstern", 13, "mixed"),
    (7.6, 4.95, "Marienthal", 14, "dense"), (7.9, 4.0, "Klosterfeld", 14, "mixed"),
    (7.2, 3.0, "Murnebogen", 15, "mixed"), (4.8, 3.2, "Gartenstadt", 15, "mixed"),
    (3.5, 3.0, "Hohenlinde", 16, "suburb"), (2.4, 3.8, "Kornfeld", 16, "suburb"),
    (4.3, 1.6, "Südhöhe", 17, "villa"), (6.35, 1.45, "Seeblick", 17, "villa"), (2.9, 1.7, "Waldhausen", 17, "villa"),
    (7.9, 1.1, "Bergwald", 18, "villa"), (9.5, 1.9, "Steinrath", 18, "suburb"), (10.5, 3.7, "Auenrode", 18, "suburb"),
]
MORE_SEEDS = ((6.35, 6.4, 8), (6.3, 6.7, 8))  # x, y, place in AREAS: the harbour lies on both sides of the bridge
DISTRICTS = {1: "Mitte", 2: "Westend", 3: "Lindenhof", 4: "Hafen", 5: "Nordstadt", 6: "Zechenfeld", 7: "Nordbruch",
             8: "Wiesenfeld", 9: "Westerholz", 10: "Altenrode", 11: "Eichenau", 12: "Ostheim", 13: "Lerchenberg",
             14: "Marienthal", 15: "Murnetal", 16: "Hohenlinde", 17: "Südhöhe", 18: "Bergwald"}
# block size in hectares, metres between two houses, people per address
KINDS = {"core": (4.5, 34.0, 20.0), "dense": (8.0, 42.0, 27.0), "mixed": (14.0, 50.0, 19.0),
         "suburb": (20.0, 58.0, 14.0), "villa": (22.0, 73.0, 11.0), "industry": (20.0, 140.0, 2.0)}

GREENS = [  # x, y, half width, half height (km), name, kind
    (6.75, 3.85, 0.38, 0.26, "Stadtpark", "Park"), (2.95, 4.15, 0.38, 0.25, "Volkspark", "Park"),
    (7.0, 5.95, 0.28, 0.18, "Nordpark", "Park"), (7.35, 7.15, 0.5, 0.32, "Halde Morgenrot", "Park"),
    (8.95, 5.0, 0.33, 0.2, "Hauptfriedhof", "Friedhof"), (2.1, 5.45, 0.33, 0.22, "Rosenpark", "Park"),
    (7.0, 0.85, 1.05, 0.42, "Bergwald", "Wald"), (0.75, 6.85, 0.6, 0.5, "Westerholz", "Wald"),
    (4.0, 8.1, 0.5, 0.4, "Bruchwald", "Wald"), (11.3, 5.9, 0.5, 0.6, "Ostforst", "Wald"),
    (11.2, 3.9, 0.5, 0.5, "Lerchenwald", "Wald"), (3.5, 0.95, 0.85, 0.45, "Waldhauser Forst", "Wald"),
    (8.6, 8.55, 0.6, 0.32, "Eichenauer Busch", "Wald"), (0.8, 3.5, 0.42, 0.42, "Altenroder Mark", "Wald"),
    (4.0, 3.0, 0.3, 0.2, "Auenpark", "Park"), (10.1, 1.9, 0.5, 0.35, "Steinrather Wald", "Wald"),
    (5.3, 4.45, 0.09, 0.08, "Schlossgarten", "Park"), (9.9, 5.85, 0.3, 0.22, "Ostheimer Wiesen", "Park"),
]
