"""Which column of a register tells what: guessed from the headings, checked against the first rows."""

from __future__ import annotations

import re

import pandas as pd

from .street_names import fold_text

#: headings (folded, letters and digits only) of each meaning, the surest first
_HEADINGS = {
    "street": ("strname", "strnam", "strassenname", "strasse", "stn", "street", "addrstreet", "streetname",
               "strassenbezeichnung", "strbez", "strassebez", "namestrasse", "str", "lagebez"),
    "number": ("hnr", "hausnummer", "hsnr", "hausnr", "hausnum", "addrhousenumber", "housenumber", "hnrzahl",
               "hausnummerzahl", "nr", "number", "nummer"),
    "suffix": ("hnrzusatz", "hsnrzu", "hsnrzusatz", "adz", "hausnummernzusatz", "hausnummerzusatz", "hausnrzusatz",
               "hnrzus", "hnrz", "hnrbuchstabe", "adressierungszusatz", "zusatz", "hausnummerbuchstabe", "buchstabe",
               "suffix"),
    "address": ("adresse", "anschrift", "address", "lage", "lagebezeichnung", "strassehausnummer", "strassehnr",
                "strassenr", "strasseundhausnummer", "strhnr", "strnr"),
    "postcode": ("plz", "postleitzahl", "addrpostcode", "postcode", "zip", "zipcode", "plzpost"),
    "place": ("onm", "gemeinde", "gemeindename", "gmdname", "gemname", "ort", "ortsname", "ortsnamepost", "stadt",
              "kommune", "addrcity", "city", "place", "wohnort", "gmd"),
    "district": ("ortsteil", "ortsteilname", "ottname", "pot", "stadtteil", "stadtteilname", "ortname", "stadtbezirk",
                 "bezirksname", "bezname", "bezirk", "addrsuburb", "suburb", "district", "ott"),
    "area": ("gebietsschluessel", "gebietnr", "gebietid", "gebietsid", "gebietskennung", "gebiet", "raumid",
             "sozialraumid", "sozialraumnr", "sozialraum", "plrid", "plr", "planungsraumid", "planungsraum", "lor",
             "statbez", "statistischerbezirk", "statbezirk", "statgebiet", "quartier", "quartierid", "bezirkid",
             "bzrid", "pgrid", "stadtteilnr", "stadtteilid", "blocknr", "baublock", "area", "areakey", "areaid",
             "gliederung", "kgs"),
    "quality": ("qua", "qualitaet", "guete", "qualitaetsangaben", "quality", "lagequalitaet"),
    "id": ("oi", "oid", "adresseid", "adressid", "adrid", "objektid", "objectid", "gmlid", "uuid", "id", "fid"),
    "street_key": ("strschl", "strassenschluessel", "strschluessel", "sss", "strkey", "strassennummer", "strassennr",
                   "streetkey", "strschlnr", "strid"),
    "x": ("x", "ost", "ostwert", "eastwert", "easting", "east", "rechtswert", "rechts", "rw", "xkoordinate", "xkoord",
          "koordx", "xcoord", "coordx", "xwert", "utmx", "etrs89x", "xetrs89", "xutm", "xutm32", "lon", "lng", "long",
          "longitude", "laenge", "geolaenge", "laengengrad", "e"),
    "y": ("y", "nord", "nordwert", "northwert", "northing", "north", "hochwert", "hoch", "hw", "ykoordinate", "ykoord",
          "koordy", "ycoord", "coordy", "ywert", "utmy", "etrs89y", "yetrs89", "yutm", "yutm32", "lat", "latitude",
          "breite", "geobreite", "breitengrad", "n"),
}
_NOT_LETTERS = re.compile(r"[^0-9a-z]+")
#: a heading such as STATBEZ_ID or KITA_PLR_NR is looked up without its tail, too
_KEY_TAIL = re.compile(r"(?:id|nr|nummer|schl|schluessel|key|code)$")
_AREA_STEMS = ("gebiet", "raum", "plr", "lor", "bezirk", "bez", "quartier", "stadtteil", "block", "viertel", "zelle")


def fold_heading(heading) -> str:
    """Return a heading as small letters and digits.

    >>> fold_heading("addr:Hausnummer_Zusatz")
    'addrhausnummerzusatz'
    """
    return _NOT_LETTERS.sub("", fold_text(str(heading)))


def guess_register_columns(columns, sample: pd.DataFrame | None = None) -> dict[str, str]:
    """Say which columns hold what.

    Parameters
    ----------
    columns : sequence of str
        Headings.
    sample : DataFrame, optional
        First rows; a column whose cells cannot be what its heading promises is not taken.

    Returns
    -------
    dict
        Meaning (`register_source.CANONICAL`) → heading, for what was found.

    Examples
    --------
    >>> guess_register_columns(["objectid", "strname", "hsnr", "hsnrzu", "x", "y"])
    {'street': 'strname', 'number': 'hsnr', 'suffix': 'hsnrzu', 'id': 'objectid', 'x': 'x', 'y': 'y'}
    """
    folded = {}
    for column in columns:
        folded.setdefault(fold_heading(column), column)
    found: dict[str, str] = {}
    for meaning, headings in _HEADINGS.items():
        for heading in headings:
            column = folded.get(heading)
            if column is not None and column not in found.values() and _possible(meaning, column, sample):
                found[meaning] = column
                break
    if "area" not in found:
        _add(found, "area", _area_by_stem(folded, found, sample))
    if ("x" in found) != ("y" in found):
        found.pop("x", None)
        found.pop("y", None)
    if "street" in found and "number" in found:
        found.pop("address", None)
    elif "address" in found and "number" not in found:
        found.pop("street", None)
    return found


def _add(found, meaning, column) -> None:
    if column:
        found[meaning] = column


def _area_by_stem(folded, found, sample) -> str:
    """Return a column such as ``KITA_PLR_NR``: named after an area and its number."""
    for name, column in folded.items():
        stem = _KEY_TAIL.sub("", name)
        if stem != name and stem.endswith(_AREA_STEMS) and column not in found.values() \
                and _possible("area", column, sample):
            return column
    return ""


def _possible(meaning: str, column, sample: pd.DataFrame | None) -> bool:
    if sample is None or sample.empty or column not in sample:
        return True
    cells = sample[column].dropna().astype(str).str.strip()
    cells = cells[cells != ""].head(500)
    if cells.empty:
        return meaning not in ("street", "address", "x", "y")
    if meaning in ("x", "y"):
        return cells.str.fullmatch(r"[-+]?\d[\d.,' ]*(?:[eE][-+]?\d+)?").mean() > 0.5
    if meaning in ("street", "address", "place"):
        return cells.str.contains(r"[^\W\d_]{2}", regex=True).mean() > 0.5
    if meaning == "district":
        return cells.str.contains(r"[^\W\d_]{2}", regex=True).mean() > 0.5
    if meaning == "number":
        return cells.str.contains(r"\d", regex=True).mean() > 0.5
    if meaning == "postcode":
        return cells.str.fullmatch(r"\d{4,5}(?:\.0+)?").mean() > 0.5
    return True
