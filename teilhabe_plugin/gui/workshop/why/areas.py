"""What the explanation of an area is made from: profiles of the session's result, certainty and neighbours."""
from __future__ import annotations

from qgis.core import QgsExpression, QgsFeatureRequest

from ....core.area_certainty import Certainty, certainty_from
from ....core.area_profile import AreaProfile, Profiles
from ....core.area_sentences import neighbours_in_words, notes, sentences
from ....translation import render


class Areas:
    """Profiles of the areas of a session; worked out anew when result or index are others.

    Parameters
    ----------
    session : Session
    """

    def __init__(self, session):
        self.session = session
        self._made, self._for = None, (None, "")
        self._around: dict[tuple[str, int], list[int]] = {}

    @property
    def profiles(self) -> Profiles:
        """Profiles of what the session shows."""
        session = self.session
        if self._made is None or self._for[0] is not session.result or self._for[1] != session.node:
            view = session.view()
            provisional = (view.class_set, view.positions) if view.is_provisional else (None, None)
            self._made = Profiles(session.result, session.frame, view.node_id, session.catalogue,
                                  class_set=provisional[0], positions=provisional[1])
            self._for = (session.result, session.node)
        return self._made

    def profile(self, row: int) -> AreaProfile:
        """Return the profile of an area."""
        return self.profiles.of(row, self.certainty(row))

    def certainty(self, row: int) -> Certainty | None:
        """Return how sure the area's class is, None where it is not known of this recipe."""
        known = self.session.certainty
        if known is None or known.is_stale(self.session):
            return None
        cells = known.frame.iloc[row]
        return certainty_from(cells["sureness"], cells["other_name"], cells["other_share"], cells["rank_low"],
                              cells["rank_high"])

    def words(self, profile: AreaProfile) -> tuple[list[str], list[str]]:
        """Return the two sentences, and what is to be known besides."""
        more = [render(each) for each in notes(profile)]
        beside = self._neighbours(profile)
        return [render(each) for each in sentences(profile)], [*more, *([beside] if beside else [])]

    def _neighbours(self, profile: AreaProfile) -> str:
        positions = self.session.view().positions
        if positions[profile.row] < 0:
            return ""
        known = [positions[each] for each in self.around(profile.row) if positions[each] >= 0]
        if not known:
            return ""
        return render(neighbours_in_words(sum(each == positions[profile.row] for each in known), len(known)))

    def around(self, row: int) -> list[int]:
        """Return the rows of the areas that touch an area."""
        layer = self.session.layer()
        if layer is None:
            return []
        place = (layer.id(), row)
        if place not in self._around:
            self._around[place] = self._touching(layer, row)
        return self._around[place]

    def _touching(self, layer, row: int) -> list[int]:
        key_field, keys = self.session.name_columns[0], self.session.keys
        field = layer.fields().indexOf(key_field)
        if field < 0:
            return []
        wanted = QgsExpression.createFieldEqualityExpression(key_field, _as_typed(layer, field, keys[row]))
        own = next(iter(layer.getFeatures(QgsFeatureRequest().setFilterExpression(wanted)
                                          .setSubsetOfAttributes([field]))), None)
        if own is None or own.geometry().isNull():
            return []
        box = own.geometry().boundingBox()
        box.grow(max(box.width(), box.height()) * 1e-6)
        rows = {key: each for each, key in enumerate(keys)}
        request = QgsFeatureRequest(box).setSubsetOfAttributes([field])
        found = {rows.get(str(each[field])) for each in layer.getFeatures(request)
                 if each.id() != own.id() and each.geometry().intersects(own.geometry())}
        return sorted(found - {None, row})


def _as_typed(layer, field: int, key: str):
    """Return the key as the field holds it."""
    return float(key) if layer.fields()[field].isNumeric() else key
