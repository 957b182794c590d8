"""What stands in an address besides the address: storeys, back buildings, “c/o”, telephone numbers, landmarks."""

from __future__ import annotations

import re

from .street_names import fold_text

_STOREYS = (r"\d{1,2}\.?\s*(?:-\s*\d{1,2}\.?\s*)?(?:(?:og|ug|dg)\b|etage|stock(?:werk)?\b|obergeschoss|untergeschoss|"
            r"geschoss)|\d{1,2}\.\s*(?:hof\b|hinterhof|hinterhaus|hh\b|qg\b|aufgang|eingang)")
_OWN_NUMBER = (r"(?:block|trakt|gebaeude|gebaeudeteil|geb\.?|aufgang|aufg\.|eingang|treppenhaus|zimmer|zi\.|raum|"
               r"apartment|app\.|wohnung|whg\.?|wohneinheit|halle|tor|fluegel|bauteil|hof|ebene|parzelle|parz\.|laube|"
               r"stellplatz|fach)\s*:?\s*(?:nr\.?\s*)?(?:\d{1,4}\s*[a-z]?|[a-z]|[ivx]{1,4})\b"
               r"|haus\s*:?\s*(?:\d{1,4}\s*[a-z]?|[a-z]|[ivx]{1,4})\b")
_PLAIN = (r"(?:hinterhaus|hths?\.?|hh|vorderhaus|vdhs\.?|vh|seitenfluegel|sfl?\.?|quergebaeude|qg|gartenhaus|gh|remise|"
          r"hinterhof|innenhof|souterrain|e\.?\s?g\.?|erdgeschoss|o\.?g\.?|obergeschoss|u\.?g\.?|untergeschoss|d\.?g\.?|"
          r"dachgeschoss|hochparterre|parterre|keller|links|rechts|mitte links|mitte rechts|hofseite|rueckseite|"
          r"rueckgebaeude|nebengebaeude|anbau|pavillon|container|schulgebaeude|hauptgebaeude|altbau|neubau)")
_OTHERS = (r"(?:c/o|c\.o\.|co\.|z\.?\s?hd\.?|zu haenden|zugang|eingang|zufahrt|einfahrt|aufgang|gebaeude|"
           r"o\.\s?h?nr\.?|ohne (?:haus)?(?:nummer|nr\.?)|s/n|"
           r"seiteneingang|hofeingang|nebeneingang|hintereingang|ueber den hof)")
_POSITIONS = (r"(?:bei|b\.|im|in der|in den|in|i\.|ggue\.?|ggb\.?|gegenueber|neben|hinter|vor dem|nahe|naehe|am|an der|"
              r"an)")
_HEAD = re.compile(rf"(?:{_STOREYS}|{_OWN_NUMBER}|{_PLAIN}(?![a-z0-9-])|{_OTHERS}(?![a-z0-9]))")
_POSITION_HEAD = re.compile(rf"{_POSITIONS}\s+\S")
_CONTACT = re.compile(r"^(?:tel(?:efon)?|fon|fax|telefax|mobil|handy|e-?mail|mail|www|https?|internet)\b"
                      r"|@|\bwww\.|https?:")
_PO_BOX = re.compile(r"^(?:postfach|postf\.?|pf\.?|p\.?\s?o\.?\s?box|schliessfach|postschliessfach)\s*:?\s*"
                     r"(?:nr\.?\s*)?[\d\s./]*$")
_PLACES_TO_BE = (
    r"(?:rathaus|stadtpark|volkspark|park|bahnhof|hauptbahnhof|s-bahnhof|u-bahnhof|bhf|krankenhaus|klinikum|klinik|kirche|"
    r"gemeindehaus|gemeindezentrum|stadthalle|buergerhaus|buergerzentrum|turnhalle|sporthalle|schwimmbad|hallenbad|freibad|"
    r"sportplatz|sportanlage|stadion|schule|grundschule|gesamtschule|gymnasium|hauptschule|realschule|foerderschule|kita|"
    r"kindergarten|bibliothek|stadtbibliothek|buecherei|stadtbuecherei|jugendzentrum|jugendheim|museum|einkaufszentrum|"
    r"feuerwache|polizei|polizeiwache|friedhof|schloss|schlosspark|zoo|universitaet|volkshochschule|vhs|theater|"
    r"moschee|pfarrheim|pfarrhaus|pfarrzentrum|spielplatz|aula|mensa|foyer|kiosk|buergerpark|stadtgarten|westpark|"
    r"nordpark|suedpark|ostpark|marktplatz|innenstadt|zentrum|altstadt|stadtmitte|fussgaengerzone|haltestelle)")
_BEFORE_LANDMARK = rf"(?:{_POSITIONS}|am|beim|zum|zur|vor der|das|die|der|ehem\.?|ehemalige[rs]?|altes?|neues?)"
_LANDMARK = re.compile(rf"^{_BEFORE_LANDMARK}\s+(?:.*[\s-])?{_PLACES_TO_BE}\b"
                       rf"|^(?:[\w.-]+\s+){{0,3}}[\w-]*{_PLACES_TO_BE}$"
                       rf"|^{_PLACES_TO_BE}\s+[\w-]+(?:\s+[\w-]+)?$"
                       r"|^(?:gegenueber|neben|naehe|ggue)\b")
_REMARK = re.compile(
    r"etage|geschoss|stock|^hof$|plaetze|gruppen?\b|kinder|klingel|^bitte|^siehe|^nur\b|^ab\b|^bis\b|^alt$|^neu$|^nach\b|"
    r"verwaltung|hauptsitz|\bsitz$|standort|filiale|aussenstelle|nebenstelle|zweigstelle|gelaende|seite$|raum$|raeume$|"
    r"uhr$|geschlossen|ehemals|^frueher|^jetzt|umzug|^links|^rechts|^mitte$|^hinten|^vorne?$|gegenueber|^ecke\b|^nahe\b|"
    r"telefon|^tel\b|^fax|^mobil")
_LABEL = re.compile(r"^(?:eingang|zugang|zufahrt|einfahrt|aufgang|c/o|z\.?\s?hd\.?)\s*:")
_FACILITY = re.compile(
    r"(?:^|[\s-])(?:[a-z]*(?:kita|kiga|kindergarten|kinderladen|kindertagesstaette|krippe|hort|schule|gymnasium|kolleg|zentrum|"
    r"haus|heim|treff|treffpunkt|cafe|verein|stiftung|amt|praxis|buero|klub|club|werk|gruppe|stelle|dienst|laden|"
    r"gemeinde|kirche|staette|station|initiative|projekt|villa|station)|e\.\s?v\.?|ggmbh|gmbh|awo|drk|caritas|"
    r"diakonie|skf|asb|froebel|lebenshilfe|herrn?|frau|familie|fam\.)(?![a-z])")


def starts_with_addition(folded: str) -> int:
    """Return the length of the addition that a folded text begins with, 0 when it begins with none.

    >>> starts_with_addition("2. og links"), starts_with_addition("hofstrasse 3")
    (5, 0)
    """
    found = _HEAD.match(folded)
    return found.end() if found else 0


def is_remark(text: str) -> bool:
    """Return whether a text behind an address says something about the house or what is in it: “III. Etage”, “Plätze”.

    >>> is_remark("III. Etage"), is_remark("Bernau")
    (True, False)
    """
    return bool(_REMARK.search(fold_text(text)))


def is_addition(text: str) -> bool:
    """Return whether a whole text adds to an address: “Hinterhaus”, “c/o Müller”, “im Rathaus”, “Tel. 12 34”."""
    folded = fold_text(text)
    return bool(_HEAD.match(folded) or _CONTACT.search(folded))


def is_labelled(text: str) -> bool:
    """Return whether a text names itself an addition, whatever follows: “Eingang: Ackerstr. 12”."""
    return bool(_LABEL.match(fold_text(text)))


def says_where(text: str) -> bool:
    """Return whether a text describes a position behind an address: “im Rathaus”, “bei Müller”."""
    return bool(_POSITION_HEAD.match(fold_text(text)))


def is_contact(text: str) -> bool:
    """Return whether a text is a telephone number, a mail address or a web page."""
    return bool(_CONTACT.search(fold_text(text)))


def is_po_box(text: str) -> bool:
    """Return whether a text is a P.O. box: “Postfach 12 34”, “PF 1234”."""
    return bool(_PO_BOX.match(fold_text(text)))


def is_landmark(text: str) -> bool:
    """Return whether a text names a building or a park in place of an address: “im Rathaus”, “Stadtpark”."""
    return bool(_LANDMARK.search(fold_text(text)))


def is_facility(text: str) -> bool:
    """Return whether a text is the name of an institution, a body or a person rather than of a place."""
    return bool(_FACILITY.search(fold_text(text)))
