"""The supply of a city worked out with dictionaries and loops, from the files themselves: an oracle without numpy.

Nothing of the plugin is used, and nothing is vectorised, merged or cut off early: every person, way and place is looked
at one by one.
"""
from __future__ import annotations

import csv
import math
from collections import defaultdict
from fractions import Fraction


def people_of_last_year(path, columns) -> dict[str, int]:
    """Return {area key: people} of the last year of the table."""
    with open(path, encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter=";"))
    last = max(row["Jahr"] for row in rows)
    return {row["Gebiet-Nr."]: sum(int(row[name]) for name in columns) for row in rows if row["Jahr"] == last}


def spread_by_hand(totals: dict, homes: list) -> list[int]:
    """Give every home (area, weight) whole people by largest remainders, the first of equal ones first."""
    of_area = defaultdict(list)
    for number, (area, _weight) in enumerate(homes):
        of_area[area].append(number)
    people = [0] * len(homes)
    for area, numbers in of_area.items():
        weights = {number: Fraction(homes[number][1]) for number in numbers}
        if not sum(weights.values()):
            weights = dict.fromkeys(numbers, Fraction(1))
        shares = {number: totals[area] * weight / sum(weights.values()) for number, weight in weights.items()}
        for number, share in shares.items():
            people[number] = math.floor(share)
        left = totals[area] - sum(people[number] for number in numbers)
        for number in sorted(numbers, key=lambda one: (-(shares[one] - math.floor(shares[one])), one))[:left]:
            people[number] += 1
    return people


class Hand:
    """All measures of one case.

    Parameters
    ----------
    homes : list of (area key, people)
    offers : list of (area key or None, places or None)
    ways : list of dict
        For every home the way to each offer {position of the offer: way}; an offer without way is not in it.
    totals : dict
        People per area.
    limits : list of float
    weight : callable
        Way → weight of an offer, 0 beyond the catchment.
    method : str
        two_step, three_step or balanced.
    """

    def __init__(self, homes, offers, ways, totals, limits, weight, method):
        self.homes, self.offers, self.ways = homes, offers, ways
        self.totals, self.limits = totals, limits
        self.weights = [{offer: weight(way) for offer, way in here.items() if weight(way) > 0} for here in ways]
        self.method = method
        self.places = [place or 0 for _area, place in offers]
        self.per_person = self._per_person()
        self.available = self._available()
        self.taken, self.unplaced = self._assigned()

    def _parts(self):
        """Return the weights with which people ask for offers, and with which offers serve homes."""
        own = [{offer: weight / sum(here.values()) for offer, weight in here.items()} for here in self.weights]
        if self.method == "two_step":
            return self.weights, self.weights
        if self.method == "three_step":
            both = [{offer: share * here[offer] for offer, share in shares.items()}
                    for shares, here in zip(own, self.weights)]
            return both, both
        of_offer = defaultdict(float)
        for here in self.weights:
            for offer, weight in here.items():
                of_offer[offer] += weight
        return own, [{offer: weight / of_offer[offer] for offer, weight in here.items()} for here in self.weights]

    def _per_person(self) -> list[float]:
        asking, serving = self._parts()
        asked = defaultdict(float)
        for (_area, people), here in zip(self.homes, asking):
            for offer, weight in here.items():
                asked[offer] += people * weight
        return [sum(weight * self.places[offer] / asked[offer] for offer, weight in here.items() if asked[offer])
                for here in serving]

    def asked(self) -> dict[int, float]:
        """Return the weighted people in the catchment of each offer."""
        found = dict.fromkeys(range(len(self.offers)), 0.0)
        for (_area, people), here in zip(self.homes, self.weights):
            for offer, weight in here.items():
                found[offer] += people * weight
        return found

    def _available(self) -> list[float]:
        asked = self.asked()
        return [people * sum(weight * self.places[offer] / asked[offer] for offer, weight in here.items()
                             if asked[offer])
                for (_area, people), here in zip(self.homes, self.weights)]

    def _assigned(self):
        """Serve the shortest ways first."""
        left = [people for _area, people in self.homes]
        free, taken = list(self.places), [0] * len(self.offers)
        queue = sorted((way, home, offer) for home, here in enumerate(self.ways) for offer, way in here.items()
                       if way <= self.limits[0])
        for _way, home, offer in queue:
            served = min(left[home], free[offer])
            left[home] -= served
            free[offer] -= served
            taken[offer] += served
        return taken, left

    def of_homes(self) -> list[dict]:
        """Return the measures of every home."""
        rows = []
        for home, here in enumerate(self.ways):
            near = sorted(here.values())
            rows.append({
                "nearest": near[0] if near else None, "second": near[1] if len(near) > 1 else None,
                "within": [sum(way <= limit for way in near) for limit in self.limits],
                "rate": 100 * self.per_person[home], "unplaced": self.unplaced[home],
                "reachable": sum(self.places[offer] for offer, way in here.items() if way <= self.limits[0])})
        return rows

    def of_areas(self, quota) -> dict[str, dict]:
        """Return the measures of every area."""
        homes = self.of_homes()
        found = {}
        for area, total in self.totals.items():
            here = [(people, homes[number], number) for number, (own, people) in enumerate(self.homes) if own == area]
            places = sum(self.places[number] for number, (own, _place) in enumerate(self.offers) if own == area)
            rate = sum(people * row["rate"] for people, row, _number in here) / total
            reached = [sum(people for people, row, _number in here if row["within"][at])
                       for at in range(len(self.limits))]
            way = [(row["nearest"], people) for people, row, _number in here if people and row["nearest"] is not None]
            second = [(row["second"], people) for people, row, _number in here if people and row["second"] is not None]
            found[area] = {
                "zielgruppe": total, "angebote": sum(own == area for own, _place in self.offers), "plaetze": places,
                "plaetze_je_100": 100 * places / total, "plaetze_je_100_umkreis": rate,
                "saldo": places - quota * total / 100,
                "saldo_umkreis": None if self.method == "balanced" else (rate - quota) * total / 100,
                "plaetze_erreichbar": sum(people * row["reachable"] for people, row, _number in here) / total,
                "plaetze_verfuegbar": sum(self.available[number] for _people, _row, number in here),
                "ohne_platz": sum(row["unplaced"] for _people, row, _number in here),
                "weg_mittel": _mean(way), "weg_median": _quantile(way, 0.5), "weg_90": _quantile(way, 0.9),
                "weg_n": _mean(second)}
            for at, limit in enumerate(self.limits):
                found[area] |= {f"erreicht_{limit}": reached[at], f"anteil_{limit}": 100 * reached[at] / total,
                                f"unversorgt_{limit}": total - reached[at]}
        return found

    def of_offers(self) -> list[dict]:
        """Return the measures of every offer."""
        asked, rows = self.asked(), []
        for offer, places in enumerate(self.places):
            near = [(people, here[offer], sum(way <= self.limits[0] for way in here.values()))
                    for (_area, people), here in zip(self.homes, self.ways) if offer in here]
            row = {"nur_dieses": sum(people for people, way, several in near if way <= self.limits[0] and several == 1),
                   "nachfrage": asked[offer], "plaetze_je_100": 100 * places / asked[offer] if asked[offer] else 0,
                   "belegt": self.taken[offer], "auslastung": 100 * self.taken[offer] / places if places else None}
            for limit in self.limits:
                row[f"erreicht_{limit}"] = sum(people for people, way, _several in near if way <= limit)
            rows.append(row)
        return rows

    def gini(self) -> float:
        """Half the mean difference between the supply of two persons, by their mean; pair by pair."""
        some = [(people, rate) for (_area, people), rate in zip(self.homes, self.per_person) if people]
        number, mean = sum(people for people, _rate in some), _mean([(rate, people) for people, rate in some])
        gaps = sum(one * other * abs(rate - another) for one, rate in some for other, another in some)
        return gaps / number**2 / 2 / mean


def _mean(pairs):
    weight = sum(people for _value, people in pairs)
    return sum(value * people for value, people in pairs) / weight if weight else None


def _quantile(pairs, level):
    """The smallest value that at least this share of the people does not exceed."""
    number, so_far = sum(people for _value, people in pairs), 0
    for value, people in sorted(pairs):
        so_far += people
        if so_far >= level * number - 1e-9:
            return value
    return None
