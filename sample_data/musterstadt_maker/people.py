"""People by age group, area and year; the layer's number is that of 31.12.2025."""
from __future__ import annotations

import numpy as np

from . import plan
from .geometry import random_state

YEARS = tuple(range(2012, 2026))
AGE_GROUPS = ("unter 3", "3 bis 5", "6 bis 9", "10 bis 14", "15 bis 17", "18 bis 26", "27 bis 44", "45 bis 64",
              "65 bis 79", "80 und älter")
TOTAL, HARBOUR, HARBOUR_PEOPLE = 260418, "0401", 214
SHARES = np.array([2.8, 2.9, 3.7, 4.6, 2.8, 10.3, 24.0, 27.6, 14.3, 7.0]) / 100.0
POOR = np.array([0.13, 0.12, 0.11, 0.10, 0.09, 0.09, 0.06, -0.05, -0.14, -0.16])  # what one unit of deprivation changes


def rounded(shares, total):
    """Return whole numbers in the given proportion that add up to ``total`` (largest remainders)."""
    exact = np.asarray(shares, dtype=float) / np.sum(shares) * total
    whole = np.floor(exact).astype(int)
    order = np.argsort(-(exact - whole), kind="stable")
    whole[order[:int(total) - whole.sum()]] += 1
    return whole


def make_people(areas, addresses, need):
    """Return an array (area × year × age group) of people.

    Parameters
    ----------
    need : ndarray
        Latent deprivation of each area, mean 0, standard deviation 1.
    """
    random = random_state("people")
    houses = {area.number: 0 for area in areas}
    for address in addresses:
        houses[address.area] += 1
    weight = np.array([houses[area.number] * plan.KINDS[area.kind][2] for area in areas], dtype=float)
    weight *= random.uniform(0.9, 1.1, len(areas))
    harbour = [area.number for area in areas].index(HARBOUR)
    weight[harbour] = 0.0
    now = rounded(weight, TOTAL - HARBOUR_PEOPLE)
    now[harbour] = HARBOUR_PEOPLE

    years = np.array(YEARS) - YEARS[-1]
    city = 1.0 + 0.0035 * years + 0.004 * np.exp(-((np.array(YEARS) - 2016.5) / 1.5) ** 2)
    city = city / city[-1]
    growth = random.normal(0.0, 0.004, len(areas)) + 0.0015 * need
    people = np.empty((len(areas), len(YEARS), len(AGE_GROUPS)), dtype=int)
    old = np.array([0.28 if area.kind == "villa" else 0.08 if area.kind == "suburb" else 0.0 for area in areas])
    young = np.array([0.3 if area.kind == "core" else 0.15 if area.kind == "dense" else 0.0 for area in areas])
    for place in range(len(areas)):
        own = random.normal(0.0, 0.06, len(AGE_GROUPS))
        for step, offset in enumerate(years):
            total = now[place] if offset == 0 else int(round(now[place] * city[step] * (1.0 + growth[place] * offset)
                                                             * (1.0 + random.normal(0.0, 0.003))))
            shares = SHARES * np.exp(POOR * need[place] + own + random.normal(0.0, 0.012, len(AGE_GROUPS)))
            shares[5:7] *= np.exp(young[place])
            shares[8:] *= np.exp(old[place])
            shares[:3] *= 1.0 + 0.006 * (offset + 6)
            shares[9] *= 1.0 + 0.012 * offset
            people[place, step] = rounded(shares, total)
    return people
