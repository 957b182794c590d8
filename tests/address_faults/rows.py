"""One row of a list: what it says, and what is true of it."""
from __future__ import annotations

#: the best grade that a right answer can have (numbers as in `core.addresses.grades`)
EXACT, INTERPOLATED, STREET, DISTRICT, NONE = 1, 3, 5, 6, 7


class Row:
    """A true address on its way to the list; faults change what is written and, where they must, what is said."""

    __slots__ = ("address", "street", "number", "suffix", "postcode", "place", "district", "addition", "before",
                 "whole", "joined", "first", "letters", "value", "key", "edits", "says_number", "says_suffix",
                 "says_postcode", "truth", "best", "empty", "dated", "district_form", "second")

    def __init__(self, ground, address):
        name = ground.streets[address]
        self.address = address
        self.street, self.suffix = ground.names[name], ground.suffixes[address]
        self.number = str(ground.numbers[address])
        self.postcode, self.place, self.district = ground.postcodes[address], ground.place, ground.of_district[address]
        self.addition = self.before = self.whole = self.letters = self.district_form = self.second = ""
        self.joined = self.first = self.empty = self.dated = False
        self.value = None  # what a spreadsheet's cell holds in place of the number's text
        self.key, self.edits = ground.keys[name], 0
        self.says_number, self.says_suffix = int(self.number), self.suffix
        self.says_postcode = self.postcode
        self.truth, self.best = "address", EXACT
