"""What a right answer to a row is, found without the matching: from all addresses and by brute force.

Verdicts:

``sure``
    What the row says fits one area only: an answer is expected.
``open``
    What the row says fits several areas or none for certain: work list, or an area that is called uncertain.
``another``
    The fault made another address of the register, and nothing in the row speaks against it.
``none``
    No address of this city: an answer is wrong.
"""
from __future__ import annotations

from tests.address_faults.ground import spaced_key, street_key


def resolve(row, ground, style, faults) -> tuple:
    """Return (verdict, true area, x, y, best grade) of a row with its faults."""
    if row.truth == "none":
        verdict = "none"
        if row.whole and street_key(row.whole) in ground.by_street:  # “am Hauptbahnhof” is a street in Essen
            verdict = "another"
        if "unknown street" in faults and _mistakable(row, ground):
            verdict = "another"
        return verdict, "", float("nan"), float("nan"), row.best
    true = row.address
    district = row.district if "district" in style or row.district_form else ""
    place = (ground.areas[true], ground.x[true], ground.y[true], row.best)
    if row.truth == "crossing":
        return ("sure" if len(ground.crossing_areas(row.key, row.second)) == 1 else "open", *place)
    said = (row.says_number, row.says_suffix)
    if row.edits:
        verdict = _after_typing(row, ground, said, district)
        if verdict:
            return (verdict, *place)
    key = ground.key[true]
    lacking = row.says_number is not None and not ground.rows_of(key, *said, row.says_postcode, district)
    if lacking and row.edits == 0 and _other_fits(row, ground, said, district):
        return ("open", *place)
    if row.truth == "street":
        rows = ground.rows_of(key, None, "", row.says_postcode, district)
        return ("sure" if {ground.areas[each] for each in rows} == {ground.areas[true]} else "open", *place)
    fits = ground.rows_of(key, *said, row.says_postcode, district)
    if fits:
        if true not in fits:
            return ("another", *place)
        written = spaced_key(row.street) if not row.edits else ""
        same_name = [each for each in fits if ground.spaced[ground.streets[each]] == written] or fits
        if true not in same_name:
            return ("another", *place)
        return ("sure" if {ground.areas[each] for each in same_name} == {ground.areas[true]} else "open", *place)
    if row.says_postcode and row.says_postcode != ground.postcodes[true]:
        return (_wrong_postcode(row, ground, key, said, district), *place)
    return (_lacking(row, ground, key, district), *place)


def _mistakable(row, ground) -> bool:
    """Return whether a foreign street is within typing errors of one here: nobody can tell it from an error."""
    return bool(ground.near_names.near(row.key, 2))


def _after_typing(row, ground, said, district):
    """Return the verdict when another street is as near as the true one and has such an address."""
    true = row.address
    if row.key != ground.key[true] and row.key in ground.by_street:
        fits = ground.rows_of(row.key, *said, row.says_postcode, district)
        return "another" if fits else "open"  # a street that is here, without the number: for the work list
    if row.edits > 2:
        return "open"
    for place, _edits in ground.near_names.near(row.key, row.edits):
        other = ground.street_keys[place]
        if other == ground.key[true]:
            continue
        fits = ground.rows_of(other, *said, row.says_postcode, district)
        if any(ground.areas[each] != ground.areas[true] for each in fits):
            return "open"
    return ""


def _other_fits(row, ground, said, district) -> bool:
    """Return whether another street within two typing errors has what the street as written has not."""
    near = [ground.street_keys[other] for other, _edits in ground.near_names.near(row.key, 2)]
    return any(ground.rows_of(other, *said, row.says_postcode, district) for other in near if other != row.key)


def _wrong_postcode(row, ground, key, said, district):
    anywhere = ground.rows_of(key, *said, "", district)
    if {ground.areas[each] for each in anywhere} != {ground.areas[row.address]}:
        return "open"
    return "sure" if row.place else "open"  # without a place a wrong postcode may mean another city


def _lacking(row, ground, key, district):
    """Return the verdict on a number that the register lacks: sure when everything around it lies in one area."""
    area = ground.areas[row.address]
    rows = ground.rows_of(key, None, "", row.says_postcode, district)
    number = row.says_number
    same = [each for each in rows if ground.numbers[each] == number]
    if same:
        return "sure" if {ground.areas[each] for each in same} == {area} else "open"
    if {ground.areas[each] for each in rows} == {area}:
        return "sure"
    side = [each for each in rows if (ground.numbers[each] - number) % 2 == 0]
    below = [each for each in side if ground.numbers[each] < number]
    above = [each for each in side if ground.numbers[each] > number]
    if not below or not above:
        return "open"
    nearest = (max(ground.numbers[each] for each in below), min(ground.numbers[each] for each in above))
    around = {ground.areas[each] for each in side if ground.numbers[each] in nearest}
    return "sure" if len(around) == 1 and nearest[1] - nearest[0] <= 8 else "open"
