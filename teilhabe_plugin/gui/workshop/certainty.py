"""How sure ranks and classes of the working recipe are: quick runs in the background, full ones from their layer."""
from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
import pandas as pd
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QObject, QTimer

from ...core.robustness import CERTAIN, Robustness, robustness
from ...translation import tr
from ..background_work import Worker
from .robustness.layers import layers_of

#: runs that are enough for an interval of ranks while the recipe is being made
RUNS, SEED = 200, 1
#: milliseconds without a change before the runs begin
REST = 400
#: results that are kept for undo, other years and other indices
KEPT = 40

QUICK, FULL = "quick", "full"


@dataclass(frozen=True, eq=False)
class Certainty:
    """Rank intervals and certainty of the classes of one index.

    Attributes
    ----------
    node : str
        Id of the index.
    fingerprint : str
        Of the recipe.
    year : int or None
    frame : DataFrame
        One row per area in the order of the session: ``rank_low``, ``rank_high``, ``rank_median``, ``sureness`` (share
        of the runs that gave the area's own class), ``other_name``, ``other_share``; NaN and None where nothing is
        known.
    source : {"quick", "full"}
    runs : int
    """

    node: str
    fingerprint: str
    year: int | None
    frame: pd.DataFrame
    source: str
    runs: int

    @property
    def key(self) -> tuple:
        """What it was computed for."""
        return self.fingerprint, self.year, self.node

    def is_stale(self, session) -> bool:
        """Say whether the session shows something else by now."""
        return self.key != key_of(session) or len(self.frame) != len(session.frame)

    @property
    def uncertain(self) -> np.ndarray:
        """Where the class could be another one."""
        return self.frame["sureness"].to_numpy(float) < CERTAIN - 1e-12


def key_of(session) -> tuple:
    """Return what decides on the certainty of what a session shows."""
    year = session.result.year if session.result is not None else None
    return session.fingerprint, year, session.node


def frame_of(result: Robustness) -> pd.DataFrame:
    """Return the columns of `Certainty.frame` from the runs."""
    other = result.other
    rows = np.arange(len(other))
    names = np.array([each.name for each in result.classes] or [""], object)
    there = other >= 0
    return pd.DataFrame({
        "rank_low": result.rank_low, "rank_high": result.rank_high, "rank_median": result.rank_median,
        "sureness": result.sureness,
        "other_name": np.where(there, names[np.maximum(other, 0)], None),
        "other_share": np.where(there, result.shares[rows, other], np.nan) if len(result.classes) else np.nan,
    })


def certainty_of(session) -> Estimator:
    """Return what keeps the certainty of a session up to date; there is one per session."""
    found = session.findChild(Estimator)
    return found if found is not None else Estimator(session)


class Estimator(QObject):
    """Keeps `Session.certainty` up to date for those who ask for it.

    What is known already is set at once. What is not is computed after `request`, when the changes have come to rest,
    and dropped when the recipe changes meanwhile.

    Parameters
    ----------
    session : Session
        Becomes the parent.
    """

    def __init__(self, session):
        super().__init__(session)
        self.session = session
        self.worker = Worker()
        self.known: OrderedDict[tuple, Certainty] = OrderedDict()
        self.failed: dict[tuple, str] = {}
        self.waiting = QTimer(self)
        self.waiting.setSingleShot(True)
        self.waiting.setInterval(REST)
        self.waiting.timeout.connect(self._begin)
        self.under_way: tuple | None = None
        session.computed.connect(self._changed)
        session.node_changed.connect(self._changed)
        session.opened.connect(self.forget)
        session.closed.connect(self.forget)
        self.layers = layers_of(session)
        self.layers.changed.connect(self._layers_changed)

    def request(self) -> None:
        """Ask for the certainty of what is shown now; it comes with `Session.certainty_changed`."""
        self._use_full()
        if self._use_known() or not self._can():
            return
        if self.under_way != key_of(self.session):
            self.waiting.start()

    def take_full(self) -> None:
        """Use what a layer of the project says of what is shown, without runs."""
        self._use_full()
        self._use_known()

    def offer(self, certainty: Certainty) -> None:
        """Take a certainty that somebody else worked out; that of full runs counts more."""
        before = self.known.get(certainty.key)
        if before is not None and before.source == FULL and certainty.source == QUICK:
            return
        self.known[certainty.key] = certainty
        self.known.move_to_end(certainty.key)
        while len(self.known) > KEPT:
            self.known.popitem(last=False)
        self._use_known()

    def forget(self) -> None:
        """Give up what is under way and forget what is known: the areas are others."""
        self.stop()
        self.known.clear()
        self.failed.clear()

    def stop(self) -> None:
        """Give up what is under way."""
        self.waiting.stop()
        self.worker.stop()
        self.under_way = None

    def fault(self) -> str:
        """Return why there are no intervals for what is shown, "" where nothing went wrong."""
        return self.failed.get(key_of(self.session), "")

    def _layers_changed(self) -> None:
        """Take what a new layer says, and forget what layers said that are gone."""
        self.known = OrderedDict((key, each) for key, each in self.known.items() if each.source == QUICK)
        self._use_full()

    def _use_full(self) -> None:
        key = key_of(self.session)
        full = self.layers.find(fresh=True) if self.session.result is not None else None
        if full is not None and (key not in self.known or self.known[key].source == QUICK):
            self.offer(Certainty(*_names(key), full.certainty_frame(), FULL, full.runs))

    def _changed(self) -> None:
        if self.under_way is not None and self.under_way != key_of(self.session):
            self.stop()
        self._use_known()

    def _use_known(self) -> bool:
        """Set what is known of what is shown; say whether there was something."""
        session, found = self.session, self.known.get(key_of(self.session))
        if found is None or len(found.frame) != len(session.frame):
            return False
        if session.certainty is not found:
            session.set_certainty(found)
        return True

    def _can(self) -> bool:
        session = self.session
        if session.result is None or session.fault is not None or key_of(session) in self.failed:
            return False
        return any(node.id == session.node for index in session.result.recipe.indices for node in index.root.nodes())

    def _begin(self) -> None:
        if not self._can() or self._use_known():
            return
        session, key = self.session, key_of(self.session)
        # the session never changes recipe or frame in place; a shallow copy has caches of its own
        recipe, frame, (_sha, year, node) = session.result.recipe, session.frame.copy(deep=False), key

        def work(cancelled):
            return frame_of(robustness(recipe, frame, year, node, runs=RUNS, seed=SEED,
                                       cancelled=lambda: cancelled() or sip.isdeleted(session)))

        self.under_way = key
        self.worker.start(tr("Rank intervals"), work, lambda result, fault: self._arrived(key, result, fault))

    def _arrived(self, key: tuple, result, fault: str) -> None:
        if sip.isdeleted(self.session):
            return
        self.under_way = None
        if result is None:
            self.failed[key] = fault
            self.session.certainty_changed.emit()
            return
        self.offer(Certainty(*_names(key), result, QUICK, RUNS))


def _names(key: tuple) -> tuple:
    fingerprint, year, node = key
    return node, fingerprint, year
