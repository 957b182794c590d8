"""A recipe and its catalogue in one file, to be passed on."""
from __future__ import annotations

import json
from dataclasses import dataclass

from .catalogue import Catalogue
from .catalogue_reading import read_catalogue
from .messages import TeilhabeError, mark
from .recipe_reading import read_recipe

FORMAT = "teilhabe-exchange/1"


@dataclass(frozen=True)
class Parcel:
    """What is passed on.

    Attributes
    ----------
    document : dict
        The recipe as JSON values.
    catalogue : Catalogue or None
        The catalogue that it names, None where there is none.
    """

    document: dict
    catalogue: Catalogue | None = None


def is_parcel(values: object) -> bool:
    """Say whether JSON values are those of a file to be passed on."""
    return isinstance(values, dict) and values.get("format") == FORMAT


def packed(parcel: Parcel) -> str:
    """Return the text of the file.

    Raises
    ------
    TeilhabeError
        When the recipe is not valid: nobody could open it.
    """
    read_recipe(json.dumps(parcel.document), str(parcel.document.get("title", "")))
    values = {"format": FORMAT, "recipe": parcel.document}
    if parcel.catalogue is not None:
        values["catalogue"] = json.loads(parcel.catalogue.to_json())
    return json.dumps(values, ensure_ascii=False, indent=2) + "\n"


def unpacked(text: str, name: str) -> Parcel:
    """Return what a file holds, recipe and catalogue checked.

    Raises
    ------
    TeilhabeError
        When one of them is not valid, or the file is none of this kind.
    """
    try:
        values = json.loads(text)
    except ValueError as error:
        raise TeilhabeError(mark("{file} is no JSON file."), file=name) from error
    if not is_parcel(values) or not isinstance(values.get("recipe"), dict):
        raise TeilhabeError(mark("{file} holds no recipe to be imported."), file=name)
    read_recipe(json.dumps(values["recipe"]), name)
    catalogue = values.get("catalogue")
    if catalogue is None:
        return Parcel(values["recipe"])
    return Parcel(values["recipe"], read_catalogue(json.dumps(catalogue), name))
