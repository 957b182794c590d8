"""Where the addresses of a list lie, how sure that is, and what else they could be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Located:
    """`m` rows of a list; row ``i`` of every array is row ``i`` of the list.

    Attributes
    ----------
    grade : ndarray of int8, shape (m,)
        See `grades`.
    score : ndarray of float32, shape (m,)
        0…100: how well the best candidate fits what the row says; 0 when there is none.
    margin : ndarray of float32, shape (m,)
        Score of the best candidate less that of the second best one; the whole score when there is no second. Other
        streets are only looked for when the row's own street does not settle it.
    register : ndarray of int16, shape (m,)
        Which of the registers, -1 when none. A row that was not located has the register of its `ties` and `second`.
    address : ndarray of int64, shape (m,)
        Position of the address in that register, -1 when the place is none of its addresses (interpolated, street,
        district, none).
    street : ndarray of int64, shape (m,)
        Position of the street in that register, -1 when it is not known.
    x, y : ndarray of float64, shape (m,)
        Coordinates in the register's CRS, NaN when there are none.
    radius : ndarray of float64, shape (m,)
        The place lies within that many metres, NaN when not known.
    area : ndarray of object, shape (m,)
        Area key, "" when not known.
    area_sure : ndarray of bool, shape (m,)
        The area is certain although the point may not be.
    found : ndarray of object, shape (m,)
        The register's address, or its street, in words.
    second : ndarray of object, shape (m,)
        The second-best candidate in words, "" without.
    ties : ndarray of object, shape (m,)
        Addresses (positions in the register) that fit equally well: tuple of int, () when the best one stands alone.
    messages : ndarray of object, shape (m,)
        What was repaired, why nothing was found, what to correct: tuple of `Message`.
    """

    grade: np.ndarray
    score: np.ndarray
    margin: np.ndarray
    register: np.ndarray
    address: np.ndarray
    street: np.ndarray
    x: np.ndarray
    y: np.ndarray
    radius: np.ndarray
    area: np.ndarray
    area_sure: np.ndarray
    found: np.ndarray
    second: np.ndarray
    ties: np.ndarray
    messages: np.ndarray

    def __len__(self) -> int:
        return len(self.grade)
