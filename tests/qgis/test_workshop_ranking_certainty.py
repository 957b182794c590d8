"""Rank intervals in the background: the numbers of the core, once per state, dropped when the recipe changed."""
import numpy as np
import pytest

from .workshop_rank_town import OUT, Workshop, document, town, wait

INTERVAL = 5


@pytest.fixture
def session(new_project, provider):
    from teilhabe.gui.workshop.session import Session

    layer = town()
    new_project.addMapLayer(layer)
    session = Session(Workshop())
    session.open(layer, document())
    yield session
    session.close()


@pytest.fixture
def tab(session):
    from teilhabe.gui.workshop.ranking.tab import RankingTab

    tab = RankingTab(session)
    tab.show()
    wait(lambda: tab.rows is not None and not tab.is_old)
    yield tab
    tab.close()
    tab.deleteLater()


def column(tab, number):
    return [tab.model.data(tab.model.index(place, number)) for place in range(tab.model.rowCount())]


def settled(tab):
    return not tab.waiting.isActive() and not tab.is_old


def expected(session, node="lage"):
    from teilhabe.core.robustness import robustness

    return robustness(session.recipe, session.frame, session.year, node, runs=200, seed=1)


def ready(tab):
    session = tab.session
    return session.certainty is not None and not session.certainty.is_stale(session)


def test_the_intervals_are_those_of_the_core(tab, session):
    wait(lambda: ready(tab))
    run = expected(session)
    frame = session.certainty.frame
    np.testing.assert_array_equal(frame["rank_low"], run.rank_low)
    np.testing.assert_array_equal(frame["rank_high"], run.rank_high)
    np.testing.assert_allclose(frame["sureness"], run.sureness)
    assert (session.certainty.source, session.certainty.runs, session.certainty.node) == ("quick", 200, "lage")
    row = tab.model.row_at(0)
    assert column(tab, INTERVAL)[0] == (f"{int(run.rank_low[row])}–{int(run.rank_high[row])}"
                                       if run.rank_low[row] != run.rank_high[row] else f"{int(run.rank_low[row])}")
    assert np.isnan(frame["rank_low"][OUT])
    assert frame["other_name"][run.other.argmax()] == run.classes[run.other.max()].name


def test_only_uncertain_areas(tab, session):
    wait(lambda: ready(tab))
    run = expected(session)
    tab.filters.uncertain.click()
    shown = sorted(tab.model.order.tolist())
    assert shown == np.flatnonzero((run.position >= 0) & ~run.certain).tolist()
    assert 0 < len(shown) < 34


def test_old_intervals_are_grey_until_the_new_ones_are_there(tab, session):
    wait(lambda: ready(tab))
    first = session.certainty
    session.edit("weight", document(weight=5))
    wait(lambda: settled(tab) and tab.rows.view is session.view())
    assert session.certainty is first and first.is_stale(session)
    assert tab.rows.is_stale
    row = tab.model.row_at(0)
    assert "state before" in tab.model.tip(row, "interval")
    np.testing.assert_array_equal(tab.rows.low, first.frame["rank_low"])
    wait(lambda: ready(tab))
    assert not tab.rows.is_stale
    np.testing.assert_array_equal(tab.rows.high, expected(session).rank_high)
    session.undo()
    assert session.certainty is first  # known already: no second run
    assert not tab.estimator.worker.is_busy()


def test_changes_in_a_row_lead_to_one_run(tab, session, monkeypatch):
    from teilhabe.gui.workshop import certainty

    wait(lambda: ready(tab))
    calls = []
    whole = certainty.robustness

    def counted(*args, **more):
        calls.append(args[0].fingerprint)
        return whole(*args, **more)

    monkeypatch.setattr(certainty, "robustness", counted)
    for step in range(6):
        session.edit("weight", document(weight=2 + step), "slider")
        wait(lambda: settled(tab))
    wait(lambda: ready(tab))
    assert calls == [session.fingerprint]


def test_a_run_that_was_overtaken_is_dropped(tab, session, monkeypatch):
    import threading

    from teilhabe.gui.workshop import certainty

    wait(lambda: ready(tab))
    whole, begun, go_on, ended = certainty.robustness, threading.Event(), threading.Event(), []

    def slow(*args, **more):
        begun.set()
        go_on.wait(10)
        try:
            return whole(*args, **more)
        except Exception as error:
            ended.append(str(error))
            raise

    monkeypatch.setattr(certainty, "robustness", slow)
    session.edit("weight", document(weight=3))
    wait(begun.is_set)
    overtaken = session.fingerprint
    monkeypatch.setattr(certainty, "robustness", whole)
    session.edit("weight", document(weight=4))
    go_on.set()
    wait(lambda: ready(tab))
    assert session.certainty.fingerprint == session.fingerprint != overtaken
    assert ended == ["Cancelled by the user. Nothing was written."]
    assert overtaken not in {key[0] for key in tab.estimator.known}


def test_a_fault_of_the_runs_leaves_the_ranking_alone(new_project, provider, monkeypatch):
    from teilhabe.core.messages import TeilhabeError
    from teilhabe.gui.workshop import certainty
    from teilhabe.gui.workshop.ranking.tab import RankingTab
    from teilhabe.gui.workshop.session import Session

    calls = []

    def faulty(*_args, **_more):
        calls.append(1)
        raise TeilhabeError("no runs today")

    monkeypatch.setattr(certainty, "robustness", faulty)
    layer = town()
    new_project.addMapLayer(layer)
    session = Session(Workshop())
    session.open(layer, document())
    tab = RankingTab(session)
    tab.show()
    wait(lambda: "no runs today" in tab.note.text())
    assert tab.model.rowCount() == 36
    tab.show_result()
    tab.estimator._begin()
    assert calls == [1]  # what failed is not tried again and again
    tab.close()
    session.close()


@pytest.mark.parametrize("ending", ["close", "layer", "delete"])
def test_closing_while_it_runs_is_safe(new_project, provider, monkeypatch, ending):
    import threading

    from qgis.PyQt import sip
    from qgis.PyQt.QtTest import QTest
    from teilhabe.gui.workshop import certainty
    from teilhabe.gui.workshop.ranking.tab import RankingTab
    from teilhabe.gui.workshop.session import Session

    whole, begun, go_on, ended = certainty.robustness, threading.Event(), threading.Event(), []

    def slow(*args, **more):
        begun.set()
        go_on.wait(10)
        try:
            return whole(*args, **more)
        finally:
            ended.append(more["cancelled"]())

    monkeypatch.setattr(certainty, "robustness", slow)
    layer = town()
    new_project.addMapLayer(layer)
    session = Session(Workshop())
    session.open(layer, document())
    tab = RankingTab(session)
    tab.show()
    wait(begun.is_set)
    if ending == "close":
        session.close()
    elif ending == "layer":
        other = town(seed=4)
        new_project.addMapLayer(other)
        session.open(other, document())
    else:
        tab.close()
        sip.delete(tab)
        sip.delete(session)
    go_on.set()
    wait(lambda: ended)
    assert ended[0] is True  # it was told to stop
    if ending == "layer":
        monkeypatch.setattr(certainty, "robustness", whole)
        wait(lambda: ready(tab))
        np.testing.assert_array_equal(session.certainty.frame["rank_low"], expected(session).rank_low)
    QTest.qWait(50)
    if ending != "delete":
        tab.close()
        session.close()
        assert session.certainty is None


def test_another_index_gets_intervals_of_its_own(tab, session):
    wait(lambda: ready(tab))
    session.look_at("geld")
    wait(lambda: settled(tab) and tab.rows.view.node_id == "geld")
    assert not column(tab, INTERVAL)[0]  # those of the other index mean nothing here
    assert not tab.filters.uncertain.isEnabled()
    wait(lambda: ready(tab))
    np.testing.assert_array_equal(tab.rows.low, expected(session, "geld").rank_low)
