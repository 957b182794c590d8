"""Lists of a city through reading and matching, judged."""
from __future__ import annotations

import pandas as pd

from teilhabe_plugin.core.addresses.address_columns import AddressColumns
from teilhabe_plugin.core.addresses.address_parsing import parse_addresses
from teilhabe_plugin.core.addresses.matching import MatchSettings, locate
from teilhabe_plugin.core.addresses.register_building import build_register
from teilhabe_plugin.core.addresses.synonyms import read_synonyms
from teilhabe_plugin.core.addresses.vocabulary import vocabulary_of
from tests.address_faults.judging import judge
from tests.address_faults.lists import STYLES, write_list


class Proof:
    """A city's register as the matching sees it."""

    def __init__(self, ground, crs=""):
        self.ground = ground
        self.register = build_register(ground.visible(), ground.place, crs, ground.place)
        self.vocabulary = vocabulary_of([self.register])
        self.synonyms = read_synonyms(ground.synonyms())

    def located(self, written, **settings):
        """Return the answers to a list."""
        parsed = parse_addresses(written.frame, AddressColumns(**written.columns), self.vocabulary)
        return locate(parsed, [self.register], self.synonyms, MatchSettings(**settings))

    def judged(self, rows, seed, styles=tuple(STYLES), faults=1, kinds=None, **settings) -> pd.DataFrame:
        """Return the judged rows of one list of `rows` per style."""
        parts = []
        for style in styles:
            written = write_list(self.ground, rows, seed, style, faults, kinds)
            table = judge(self.located(written, **settings), written, self.ground).assign(style=style)
            table["text"] = [" | ".join(str(cell) for cell in row if cell is not None and cell == cell)
                             for row in written.frame.to_numpy(object)]
            parts.append(table)
        return pd.concat(parts, ignore_index=True)
