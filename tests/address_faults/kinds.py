"""All kinds of faults by name."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Callable

from tests.address_faults import numbering, placing, spelling
from tests.address_faults.ground import street_key


@dataclass(frozen=True)
class Kind:
    """A fault: which addresses can bear it, and what it does to a row; one of a group at a time."""

    name: str
    group: str
    apply: Callable
    fits: Callable
    needs: str = ""  # what the list must have: "postcode", "place"


def _named(test):
    return lambda ground: ground.by_name(test) & ~ground.held


def _shown(ground):
    return ~ground.held


_UMLAUT = _named(lambda name: any(letter in name for letter in "äöüÄÖÜ"))
_LONG = _named(lambda name: len(street_key(name)) >= 4)
KINDS = {kind.name: kind for kind in (
    Kind("Str.", "spelling", spelling.strasse_short, _named(spelling.has_strasse)),
    Kind("ss for ß", "spelling", spelling.strasse_ss, _named(lambda name: "ß" in name)),
    Kind("ae for ä", "spelling", spelling.umlauts, _UMLAUT),
    Kind("ä in two parts", "spelling", spelling.decomposed, _UMLAUT),
    Kind("apart or together", "spelling", spelling.words, _named(spelling.has_strasse)),
    Kind("hyphens", "spelling", spelling.hyphens, _named(lambda name: "-" in name or name.count(" ") > 0)),
    Kind("St./Sankt", "spelling", spelling.sankt, _named(lambda name: "Sankt" in name or "St." in name)),
    Kind("Pl.", "spelling", spelling.platz_short, _named(lambda name: name.lower().endswith("platz"))),
    Kind("Dr.-, Bgm.", "spelling", spelling.title, _named(spelling.titled)),
    Kind("capital letters", "letters", spelling.capitals, _shown),
    Kind("small letters", "letters", spelling.small, _shown),
    Kind("blanks", "blanks", spelling.blanks, _shown),
    Kind("former name", "typing", spelling.former_name,
         lambda ground: ~ground.held & [name in ground.renamed for name in ground.streets]),
    Kind("letter inserted", "typing", spelling.insert, _LONG),
    Kind("letter left out", "typing", spelling.delete, _LONG),
    Kind("wrong letter", "typing", spelling.substitute, _LONG),
    Kind("letters swapped", "typing", spelling.transpose, _LONG),
    Kind("two typing errors", "typing", spelling.two_errors, _named(spelling.long_name)),
    Kind("ä without dots", "typing", spelling.dots_lost, _UMLAUT),
    Kind("12 A, 12/a", "number", numbering.suffix_form, lambda ground: numbering.has_suffix(ground) & ~ground.held),
    Kind("12-14", "number", numbering.range_of_numbers, numbering.plain),
    Kind("9, 9a", "number", numbering.list_of_numbers, numbering.plain),
    Kind("number as date", "number", numbering.excel_date, numbering.small_number),
    Kind("number as decimal", "number", numbering.decimal_number, numbering.plain),
    Kind("number in street", "joined", numbering.number_in_street, _shown),
    Kind("number first", "joined", numbering.number_first, _shown),
    Kind("Hinterhaus, 2. OG", "addition", numbering.addition, _shown),
    Kind("c/o", "addition", numbering.care_of, _shown),
    Kind("im Rathaus", "addition", numbering.inside, _shown),
    Kind("postcode missing", "place", placing.postcode_missing, placing.with_postcode, "postcode"),
    Kind("place missing", "place", placing.place_missing, _shown, "place"),
    Kind("postcode of another part", "place", placing.postcode_of_another, placing.with_postcode, "postcode"),
    Kind("postcode mistyped", "place", placing.postcode_mistyped, placing.with_postcode, "postcode"),
    Kind("postcode without 0", "place", placing.zero_lost, placing.zero_postcode, "postcode"),
    Kind("district with place", "place", placing.district_part,
         lambda ground: placing.has_districts(ground) & ~ground.held, "place"),
    Kind("district for place", "place", placing.district_for_place,
         lambda ground: (ground.of_district != "") & ~ground.held, "place"),
    Kind("place in street", "place", placing.place_in_street, _shown, "place"),
    Kind("number missing", "alone", numbering.number_missing, _shown),
    Kind("number lacking, inside", "alone", numbering.held_back, numbering.between),
    Kind("number lacking, at the end", "alone", numbering.held_back, numbering.beyond),
    Kind("number far beyond", "alone", numbering.far_number, _shown),
    Kind("suffix missing", "alone", numbering.suffix_missing,
         lambda ground: numbering.has_suffix(ground) & ~ground.held),
    Kind("suffix too many", "alone", numbering.suffix_extra, numbering.plain),
    Kind("other city", "alone", placing.other_place, _shown, "place"),
    Kind("unknown street", "alone", placing.unknown_street, lambda ground: ~ground.held & bool(ground.foreign)),
    Kind("P.O. box", "alone", placing.post_box, _shown),
    Kind("landmark", "alone", placing.landmark, _shown),
    Kind("crossing", "alone", placing.crossing, placing.can_cross),
    Kind("empty row", "alone", placing.empty, _shown),
)}
#: groups whose faults may come together in one row
MIXED = ("spelling", "letters", "blanks", "typing", "number", "joined", "addition", "place")
