"""A reach as a file: computed once, used again as long as its points, offers and network are the same."""
from __future__ import annotations

import hashlib
import json
import os
import zipfile
from dataclasses import dataclass, replace
from datetime import datetime, timezone

import numpy as np
from qgis.core import QgsCoordinateReferenceSystem, QgsVectorLayer

from ..core.messages import Message, TeilhabeError, mark
from ..core.replacing import replacing
from ..core.supply.reach import Reach
from .frames import read_geometries
from .provenance import versions

FORMAT = "teilhabe-reach/1"
_ARRAYS = ("starts", "offer", "cost", "points", "offers", "counted", "about")
_CENTIMETRES = 100

_HOW = {"straight": mark("straight line"), "detour": mark("straight line times a detour factor"),
        "network": mark("along a network")}


@dataclass(frozen=True, eq=False)
class StoredReach:
    """What a file holds.

    Attributes
    ----------
    path : str
    reach : Reach
    points, offers : ndarray, shape (m, 2) and (n, 2)
        Where they lay when the reach was computed; NaN for those without a place.
    counted : ndarray of bool, shape (n,)
        Offers that took part.
    about : dict
        Settings, coordinate system, network, versions and when it was made.
    """

    path: str
    reach: Reach
    points: np.ndarray
    offers: np.ndarray
    counted: np.ndarray
    about: dict

    def note(self) -> Message:
        """Return what is used, in words."""
        return Message(mark("Ways are taken from {file}: {how}, up to {limit} {unit}, computed on {day}."),
                       file=os.path.basename(self.path), how=Message(_HOW.get(self.reach.how, mark("along a network"))),
                       limit=_plain(self.reach.limit), unit=self.reach.unit, day=_day(str(self.about.get("created"))))

    def reach_of(self, points: np.ndarray, offers: np.ndarray, counted: np.ndarray,
                 crs: QgsCoordinateReferenceSystem, network: QgsVectorLayer | None = None) -> Reach:
        """Return the reach of these points and offers.

        Points may come in another order or be fewer; offers that count no longer are taken out.

        Raises
        ------
        TeilhabeError
            When points, offers, coordinate system or network are not those that the file was made with.
        """
        file = os.path.basename(self.path)
        if crs.authid() != self.about.get("crs"):
            raise TeilhabeError(mark("{file} holds ways in {known}, and the areas are in {crs}. Compute the ways again "
                                     "with these areas."), file=file, known=self.about.get("crs"), crs=crs.authid())
        known = self.about.get("network")
        if network is not None and known and network_fingerprint(network) != known.get("sha256"):
            raise TeilhabeError(mark("The network “{layer}” is not the one that {file} was computed with ({known}), or "
                                     "it has changed since. Compute the ways again."), layer=network.name(), file=file,
                                known=known.get("name"))
        if len(offers) != len(self.offers) or (_codes(offers) != _codes(self.offers)).any():
            moved = int((_codes(offers) != _codes(self.offers)).sum()) if len(offers) == len(self.offers) else 0
            raise TeilhabeError(mark("The offers are not those that {file} was computed with: {known} then, {count} "
                                     "now, {moved} at another place. Compute the ways again."), file=file,
                                known=len(self.offers), count=len(offers), moved=moved)
        new = np.flatnonzero(np.asarray(counted, bool) & ~self.counted & np.isfinite(self.offers).all(axis=1))
        if len(new):
            raise TeilhabeError(mark("{count} offers count now that did not when {file} was computed (row {row} of the "
                                     "offers is the first). Compute the ways again."), file=file, count=len(new),
                                row=int(new[0]) + 1)
        reach = _rows(self.reach, self._rows_of(points))
        return reach.without(np.flatnonzero(self.counted & ~np.asarray(counted, bool)))

    def _rows_of(self, points: np.ndarray) -> np.ndarray:
        """Return the stored row of each point, matched by its coordinates."""
        wanted, there = _codes(points), _codes(self.points)
        order = np.argsort(there, kind="stable")
        place = np.minimum(np.searchsorted(there[order], wanted), max(len(there) - 1, 0))
        found = order[place] if len(there) else np.full(len(wanted), -1)
        missing = int((there[found] != wanted).sum()) if len(there) else len(wanted)
        if missing:
            raise TeilhabeError(mark("{count} of {points} demand points are not among those that {file} was computed "
                                     "with. Compute the ways again with these points."), count=missing,
                                points=len(wanted), file=os.path.basename(self.path))
        return found


def save_reach(path: str, reach: Reach, points: np.ndarray, offers: np.ndarray, counted: np.ndarray,
               crs: QgsCoordinateReferenceSystem, settings: dict, network: QgsVectorLayer | None = None) -> None:
    """Write a reach beside its target and put it into place.

    Parameters
    ----------
    path : str
    reach : Reach
    points, offers : ndarray, shape (m, 2) and (n, 2)
    counted : ndarray of bool, shape (n,)
        Offers that took part.
    crs : QgsCoordinateReferenceSystem
        Of the coordinates.
    settings : dict
        How the ways were measured, as JSON values.
    network : QgsVectorLayer, optional
    """
    about = {
        "format": FORMAT, "created": datetime.now(timezone.utc).isoformat(timespec="seconds"), "crs": crs.authid(),
        "n_offers": reach.n_offers, "limit": reach.limit, "unit": reach.unit, "how": reach.how, "settings": settings,
        "versions": versions(), "points_sha256": _sha(points), "offers_sha256": _sha(offers),
    }
    if network is not None:
        about["network"] = {"name": network.name(), "sha256": network_fingerprint(network)}
    with replacing(path) as waiting, open(waiting, "wb") as file:
        np.savez_compressed(
            file, starts=reach.starts, offer=reach.offer, cost=reach.cost, points=np.asarray(points, float),
            offers=np.asarray(offers, float), counted=np.asarray(counted, bool),
            about=np.frombuffer(json.dumps(about, ensure_ascii=False).encode(), dtype=np.uint8))


def load_reach(path: str) -> StoredReach:
    """Return the reach of a file.

    Raises
    ------
    TeilhabeError
        For a file that is not there, is none of ours, or is damaged.
    """
    if not os.path.isfile(path):
        raise TeilhabeError(mark("The file {file} with the ways does not exist."), file=path)
    try:
        with open(path, "rb") as file, np.load(file, allow_pickle=False) as data:
            arrays = {name: data[name] for name in _ARRAYS}
        about = json.loads(arrays["about"].tobytes().decode())
        reach = Reach(arrays["starts"], arrays["offer"], arrays["cost"], int(about["n_offers"]), float(about["limit"]),
                      str(about["unit"]), str(about["how"]))
    except (ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise _damaged(path) from error
    stored = StoredReach(path, reach, arrays["points"], arrays["offers"], arrays["counted"], about)
    if about.get("format") != FORMAT or not _fits(stored):
        raise _damaged(path)
    return stored


def network_fingerprint(layer: QgsVectorLayer) -> str:
    """Return the SHA-256 of a network's lines in their order."""
    digest = hashlib.sha256()
    for wkb in read_geometries(layer):
        digest.update(wkb or b"-")
    return digest.hexdigest()


def _fits(stored: StoredReach) -> bool:
    reach = stored.reach
    return (
        reach.n_points == len(stored.points) and reach.n_offers == len(stored.offers) == len(stored.counted)
        and reach.starts.dtype.kind == reach.offer.dtype.kind == "i" and int(reach.starts[0]) == 0
        and len(reach.offer) == len(reach.cost) == int(reach.starts[-1]) and bool((np.diff(reach.starts) >= 0).all())
        and bool((reach.cost >= 0).all()) and bool((reach.cost <= reach.limit).all())
        and (not len(reach) or 0 <= reach.offer.min() <= reach.offer.max() < reach.n_offers)
        and stored.about.get("points_sha256") == _sha(stored.points)
        and stored.about.get("offers_sha256") == _sha(stored.offers))


def _damaged(path: str) -> TeilhabeError:
    return TeilhabeError(mark("{file} is no file with computed ways, or it is damaged. Compute the ways again."),
                         file=path)


def _rows(reach: Reach, rows: np.ndarray) -> Reach:
    """Return a reach whose points are these rows."""
    counts = np.diff(reach.starts)[rows]
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    entries = np.arange(starts[-1]) + np.repeat(reach.starts[:-1][rows] - starts[:-1], counts)
    return replace(reach, starts=starts, offer=reach.offer[entries], cost=reach.cost[entries])


def _codes(points: np.ndarray) -> np.ndarray:
    """Return one comparable value per point: its coordinates in centimetres, a fixed one for points without place."""
    there = np.isfinite(points).all(axis=1)
    whole = np.where(there[:, None], np.round(np.nan_to_num(points) * _CENTIMETRES), -1).astype(np.int64)
    return whole[:, 0] * np.int64(2**31) + whole[:, 1]


def _sha(points: np.ndarray) -> str:
    return hashlib.sha256(np.ascontiguousarray(np.asarray(points, float)).tobytes()).hexdigest()


def _day(text: str) -> str:
    """Return 31.12.2025 for a time such as 2025-12-31T08:00."""
    return ".".join(reversed(text[:10].split("-")))


def _plain(value: float):
    return int(value) if float(value).is_integer() else value
