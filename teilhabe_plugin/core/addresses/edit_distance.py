"""How many typing errors lie between two names: optimal string alignment, for many pairs at once.

One error is a letter too many, missing, wrong, or two neighbours swapped (Damerau 1964, without editing a swapped pair
again). Computed with the bit-parallel scheme of Hyyrö (2003): a column of the alignment is one 64-bit word, and numpy
does one letter of all pairs at a time.
"""

from __future__ import annotations

import numpy as np

LONGEST = 64  # letters of a name: one bit each
LETTERS = 42  # 0 no letter, 1…26 a…z, 27…36 digits, 37…40 ä ö ü ß, 41 any other

_CODES = np.full(256, LETTERS - 1, dtype=np.uint8)
_CODES[0] = 0
_CODES[ord("a"): ord("z") + 1] = np.arange(1, 27)
_CODES[ord("0"): ord("9") + 1] = np.arange(27, 37)
_CODES[[ord(letter) for letter in "äöüß"]] = np.arange(37, 41)


def encode(names) -> tuple[np.ndarray, np.ndarray]:
    """Return the letters of names as numbers, one row per name, filled up with 0, and the lengths.

    Names longer than `LONGEST` have the length 0: they are not compared.
    """
    lengths = np.array([len(name) for name in names], dtype=np.int64)
    lengths[lengths > LONGEST] = 0
    width = max(int(lengths.max(initial=0)), 1)
    kept = [name.encode("latin-1", "replace") if length else b"" for name, length in zip(names, lengths)]
    letters = _CODES[np.array(kept, dtype=f"S{width}").view(np.uint8).reshape(len(kept), width)]
    return letters, lengths


def distances(first, first_lengths, second, second_lengths, pairs_first, pairs_second) -> np.ndarray:
    """Return the distance of pairs of names.

    Parameters
    ----------
    first, first_lengths, second, second_lengths : ndarray
        Two lists of names as `encode` returns them.
    pairs_first, pairs_second : ndarray of int
        Which names to compare.

    Returns
    -------
    ndarray of int16, one distance per pair
    """
    order = np.argsort(-second_lengths[pairs_second], kind="stable")
    left, right = pairs_first[order], pairs_second[order]
    used, left = np.unique(left, return_inverse=True)
    masks = _masks(first[used])
    lengths, columns = first_lengths[used][left].astype(np.uint64), second_lengths[right]
    distance = lengths.astype(np.int16)
    last = np.maximum(lengths, 1) - np.uint64(1)
    one = np.uint64(1)
    n = len(left)
    diagonal, before = np.zeros(n, np.uint64), np.zeros(n, np.uint64)
    up, down = np.full(n, ~np.uint64(0)), np.zeros(n, np.uint64)
    for column in range(int(columns.max(initial=0))):
        n = int(np.searchsorted(-columns, -column, side="left"))  # pairs whose second name has this letter
        match = masks[left[:n], second[right[:n], column]]
        vertical = up[:n]
        swapped = ((~diagonal[:n] & match) << one) & before[:n]
        diagonal = (((match & vertical) + vertical) ^ vertical) | match | down[:n] | swapped
        plus = down[:n] | ~(diagonal | vertical)
        minus = diagonal & vertical
        distance[:n] += ((plus >> last[:n]) & one).astype(np.int16)
        distance[:n] -= ((minus >> last[:n]) & one).astype(np.int16)
        plus = (plus << one) | one
        up = (minus << one) | ~(diagonal | plus)
        down = plus & diagonal
        before = match
    distance = np.where(lengths == 0, columns, distance).astype(np.int16)
    result = np.empty_like(distance)
    result[order] = distance
    return result


def _masks(letters) -> np.ndarray:
    """Return for every name and letter the bits of the positions where the name has that letter."""
    masks = np.zeros((len(letters), LETTERS), dtype=np.uint64)
    rows = np.arange(len(letters))
    for position in range(letters.shape[1]):
        masks[rows, letters[:, position]] |= np.uint64(1) << np.uint64(position)
    masks[:, 0] = 0
    return masks
