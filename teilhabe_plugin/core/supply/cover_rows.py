"""Coverage problems made small: demand points with the same sites merged, needless sites and rows dropped."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from .reach import Reach

#: products up to which sites or rows are compared with each other
_MOST_PRODUCTS = 40_000_000


def merged(reach: Reach, weight: np.ndarray) -> tuple[sparse.csr_matrix, np.ndarray, np.ndarray]:
    """Merge the demand points that reach the same sites.

    Returns
    -------
    (csr_matrix of 0 and 1, shape (groups, sites); ndarray of weights, shape (groups,); ndarray of int, shape (m,))
        The last one is the group of each point, -1 for points without weight or site.
    """
    counts = np.diff(reach.starts)
    rows = np.flatnonzero((counts > 0) & (weight > 0))
    # two sums of random numbers per set stand for the set; equal ones of different sets do not occur in practice
    random = np.random.RandomState(7).randint(1, 2**62, size=(2, reach.n_offers), dtype=np.int64).astype(np.uint64)
    signatures = []
    for numbers in random:
        running = np.concatenate([np.zeros(1, np.uint64), np.cumsum(numbers[reach.offer])])
        signatures.append((running[reach.starts[1:]] - running[reach.starts[:-1]])[rows])
    order = np.lexsort(signatures)
    one, two = (signature[order] for signature in signatures)
    fresh = np.ones(len(rows), dtype=bool)
    fresh[1:] = (one[1:] != one[:-1]) | (two[1:] != two[:-1])
    group = np.empty(len(rows), dtype=np.int64)
    group[order] = np.cumsum(fresh) - 1
    chosen = rows[order[fresh]]
    lengths = counts[chosen]
    entries = np.repeat(reach.starts[chosen] - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths)
    columns = reach.offer[entries + np.arange(lengths.sum())]
    matrix = sparse.csr_matrix((np.ones(len(columns)), columns, np.concatenate([[0], np.cumsum(lengths)])),
                               shape=(len(chosen), reach.n_offers))
    group_of = np.full(reach.n_points, -1, dtype=np.int64)
    group_of[rows] = group
    return matrix, np.bincount(group, weights=weight[rows], minlength=len(chosen)), group_of


def merged_rows(groups: sparse.csr_matrix, weight: np.ndarray) -> tuple[sparse.csr_matrix, np.ndarray]:
    """Merge the rows of a matrix that have become equal; rows without site are dropped."""
    as_reach = Reach(groups.indptr.astype(np.int64), groups.indices, np.zeros(len(groups.indices)), groups.shape[1],
                     1.0)
    matrix, weights, _group = merged(as_reach, weight)
    return matrix, weights


def useful_sites(groups: sparse.csr_matrix) -> np.ndarray:
    """Return the sites that some best answer can do with.

    Of a site and another one that reaches all its people and more (or the same), only the latter is needed.

    A choice with the lesser site gets no worse with the other one in its place, and one with both loses nothing
    without the lesser one.
    """
    groups = groups.tocsr()
    sizes = np.asarray(groups.sum(axis=0)).ravel()
    n_sites = groups.shape[1]
    if float((np.diff(groups.indptr).astype(float) ** 2).sum()) > _MOST_PRODUCTS:
        return np.flatnonzero(sizes > 0)
    common = (groups.T @ groups).tocoo()
    inside = (common.data == sizes[common.row]) & (common.row != common.col)
    lesser, greater = common.row[inside], common.col[inside]
    drop = (sizes[greater] > sizes[lesser]) | (greater < lesser)
    needed = sizes > 0
    needed[np.unique(lesser[drop])] = False
    return np.flatnonzero(needed[:n_sites])


def hard_rows(groups: sparse.csr_matrix) -> np.ndarray:
    """Return the rows that must be looked at when all are to be covered: a row all of whose sites another row's
    sites include makes that other row needless."""
    groups = groups.tocsr()
    sizes = np.diff(groups.indptr)
    columns = np.asarray(groups.sum(axis=0)).ravel()
    if float((columns**2).sum()) > _MOST_PRODUCTS:
        return np.arange(groups.shape[0])
    common = (groups @ groups.T).tocoo()
    inside = (common.data == sizes[common.row]) & (common.row != common.col)
    easier = common.col[inside & ((sizes[common.col] > sizes[common.row]) | (common.row < common.col))]
    kept = np.ones(groups.shape[0], dtype=bool)
    kept[easier] = False
    return np.flatnonzero(kept)
