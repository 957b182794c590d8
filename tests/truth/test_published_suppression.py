"""Cell suppression as the literature prints it.

Fischetti and Salazar-González (2001), Solving the cell suppression problem on tabular data with linear constraints,
Management Science 47(7), 1008–1027: investments by activity (rows) and region (columns). The cell activity II, region C
(22) is sensitive; with the cells II/A, III/A and III/C hidden as well, an attacker can say no more of it than that it
lies between 5 and 30.
"""
import numpy as np

from teilhabe_plugin.core.disclosure import audit, cross, hierarchy
from teilhabe_plugin.core.suppression import suppress

INVESTMENTS = np.array([
    [20, 50, 10, 80],
    [8, 19, 22, 49],
    [17, 32, 12, 61],
    [45, 101, 44, 190],
], float)
STRUCTURE = cross(hierarchy([3, 3, 3, -1]), hierarchy([3, 3, 3, -1]))


def test_the_attackers_interval():
    published = INVESTMENTS.copy()
    published[[1, 1, 2, 2], [0, 2, 0, 2]] = np.nan
    found = audit(published.ravel(), STRUCTURE, width=25)
    interval = dict(zip(found.cells.tolist(), zip(found.low, found.high)))
    assert interval[1 * 4 + 2] == (5, 30)
    assert interval == {4: (0, 25), 6: (5, 30), 8: (0, 25), 10: (4, 29)}
    assert found.passed


def test_the_published_table_gives_itself_away_without_complementary_cells():
    published = INVESTMENTS.copy()
    published[1, 2] = np.nan
    found = audit(published.ravel(), STRUCTURE)
    assert (found.low[0], found.high[0]) == (22, 22) and not found.passed


def test_our_pattern_is_no_larger_than_the_optimal_one():
    """Four hidden cells are the least: a cycle through the sensitive cell needs two rows and two columns."""
    sensitive = np.zeros(16, bool)
    sensitive[1 * 4 + 2] = True
    found = suppress(INVESTMENTS.ravel(), STRUCTURE, 1, primary=sensitive, width=10)
    assert found.hidden.sum() == 4 and found.audit.passed
    assert (found.audit.high - found.audit.low >= 10).all()
