"""Which columns of a list hold the address."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class AddressColumns:
    """Names of the columns of a list, "" for what it does not have.

    `address` holds whole addresses; `street` may hold the number, too. `suffix` holds additions to the number.
    """

    address: str = ""
    street: str = ""
    number: str = ""
    suffix: str = ""
    postcode: str = ""
    place: str = ""
    district: str = ""
    name: str = ""
