"""Faults in the house number, and numbers that the register lacks."""
from __future__ import annotations

import datetime

from tests.address_faults.rows import INTERPOLATED, STREET

_MONTHS = ("Jan", "Feb", "Mrz", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez")
_ADDITIONS = (", Hinterhaus", " (Hinterhaus)", " HH", ", 2. OG", " 2.OG links", ", EG", " EG rechts",
              ", 1. Etage", ", 3. Stock",
              ", Seitenflügel", ", Vorderhaus", " (Hof)", ", 1. Hof", ", Eingang Hofseite", ", Haus 2", ", Gebäude C",
              ", Aufgang B", ", Whg. 12", ", 4. OG, Zimmer 411", ", Untergeschoss")
_CARE = ("c/o Meier", "c/o Caritasverband", "c/o Grundschule Sonnenfeld", "c/o AWO e. V.")
_INSIDE = ("im Rathaus", "im Gemeindehaus", "in der Grundschule", "im Bürgerzentrum", "Mehrgenerationenhaus")


def has_suffix(ground):
    return ground.suffixes != ""


def plain(ground):
    return (ground.suffixes == "") & ~ground.held


def suffix_form(row, ground, chance):
    row.suffix = chance.choice((" A", " a", "/a", " / A", "A", "-a", " - a"))
    row.suffix = row.suffix.replace("A", row.says_suffix.upper()).replace("a", row.says_suffix)


def range_of_numbers(row, ground, chance):
    last = int(row.number) + 2 * chance.randrange(1, 4)
    row.number = row.number + chance.choice(("-{}", " - {}", "–{}", " bis {}", "/{}")).format(last)


def list_of_numbers(row, ground, chance):
    number = int(row.number)
    more = chance.choice((f", {number + 2}", f" + {number + 2}", f" u. {number + 2}", f", {number}a",
                          f" und {number}b", f"/{number}a"))
    row.number += more


def small_number(ground):
    return plain(ground) & (ground.numbers > 1) & (ground.numbers <= 29)  # the first of a month may be “5-24”


def excel_date(row, ground, chance):
    """Let a spreadsheet take “12-1” or “9/10” for a date."""
    day, month = int(row.number), chance.randrange(1, 13)
    date = datetime.datetime(2024, month, day) if day <= 28 else datetime.datetime(2024, 3, day)
    month, row.dated = date.month, True
    name = _MONTHS[month - 1]
    row.number = chance.choice((f"{day:02d}. {name}", f"{day}. {name}", f"2024-{month:02d}-{day:02d} 00:00:00",
                                f"{day:02d}.{month:02d}.2024"))
    if chance.random() < 0.4:
        row.value = date


def decimal_number(row, ground, chance):
    if chance.random() < 0.5:
        row.value = float(row.number)
    row.number += chance.choice((".0", ",0"))


def number_in_street(row, ground, chance):
    row.joined = True


def number_first(row, ground, chance):
    row.first = row.joined = True


def addition(row, ground, chance):
    row.addition = chance.choice(_ADDITIONS)


def care_of(row, ground, chance):
    if chance.random() < 0.5:
        row.addition = ", " + chance.choice(_CARE)
    else:
        row.before, row.joined = chance.choice(_CARE) + ", ", True


def inside(row, ground, chance):
    if chance.random() < 0.5:
        row.addition = chance.choice((", {}", " ({})")).format(chance.choice(_INSIDE))
    else:
        row.before, row.joined = chance.choice(_INSIDE) + ", ", True


def number_missing(row, ground, chance):
    row.number = row.suffix = ""
    row.says_number, row.says_suffix = None, ""
    row.truth, row.best = "street", STREET


def between(ground):
    """Return the addresses held back whose street has numbers of the same side below and above."""
    return _held(ground, True)


def beyond(ground):
    """Return the addresses held back that were the highest number of their street."""
    return _held(ground, False)


def _held(ground, inner):
    chosen = ground.held & (ground.suffixes == "")
    for row in list(chosen.nonzero()[0]):
        others = [ground.numbers[other] for other in ground.by_street.get(ground.key[row], ())]
        same = [number for number in others if (number - ground.numbers[row]) % 2 == 0]
        low, high = any(n < ground.numbers[row] for n in same), any(n > ground.numbers[row] for n in others)
        known = ground.numbers[row] in others
        chosen[row] = not known and (low and any(n > ground.numbers[row] for n in same) if inner else low and not high)
    return chosen


def held_back(row, ground, chance):
    row.best = INTERPOLATED


def far_number(row, ground, chance):
    """Write a number that the street never had."""
    highest = max(ground.numbers[other] for other in ground.by_street[row.key])
    row.number, row.suffix = str(highest + 200 + chance.randrange(500)), ""
    row.says_number, row.says_suffix = int(row.number), ""
    row.truth, row.best = "street", INTERPOLATED + 1


def suffix_missing(row, ground, chance):
    row.suffix = row.says_suffix = ""


def suffix_extra(row, ground, chance):
    used = {ground.suffixes[other] for other in ground.by_street[row.key] if ground.numbers[other] == row.says_number}
    row.suffix = row.says_suffix = next(letter for letter in "cdefghklmnpqrstuvwxyz" if letter not in used)
    row.best = INTERPOLATED
