"""Python's garbage waits while work runs in another thread, and is collected on the main thread afterwards."""

import gc
import threading

import pytest

from .dialog_helpers import wait_for


@pytest.fixture
def collecting():
    from teilhabe.gui import garbage

    before = gc.isenabled()
    garbage._under_way.clear()  # work of other tests that ended with its window
    gc.enable()
    yield
    gc.enable() if before else gc.disable()


def test_collection_is_off_until_the_last_work_has_ended(qgis_app, collecting):
    from teilhabe.gui.garbage import pause, resume

    one, two = object(), object()
    pause(one)
    pause(two)
    resume(one)
    resume(one)
    assert not gc.isenabled()
    resume(two)
    assert gc.isenabled()


def test_collection_is_off_while_a_task_runs(qgis_app, collecting):
    from teilhabe.gui.background_work import Worker

    seen, ended = [], []
    Worker().start("work", lambda cancelled: seen.append(gc.isenabled()), lambda result, fault: ended.append(fault))
    wait_for(lambda: ended)
    assert (seen, ended) == ([False], [""])
    wait_for(gc.isenabled)


def test_collection_comes_back_after_work_that_was_given_up(qgis_app, collecting):
    from teilhabe.gui.background_work import Worker

    worker = Worker()
    worker.start("work", lambda cancelled: None, lambda result, fault: None)
    worker.stop()
    wait_for(gc.isenabled)


def test_work_given_up_while_it_runs_is_waited_for(qgis_app, collecting):
    from teilhabe.gui.background_work import Worker

    begun, go_on = threading.Event(), threading.Event()
    worker = Worker()
    worker.start("work", lambda cancelled: begun.set() or go_on.wait(20), lambda result, fault: None)
    wait_for(begun.is_set)
    worker.stop()
    assert not gc.isenabled()
    go_on.set()
    wait_for(gc.isenabled)
