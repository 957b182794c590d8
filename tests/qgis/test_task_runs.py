"""A run as every dialog starts it: progress, cancel, errors told once, a window closed before the end."""
import time

import pytest

from .dialog_helpers import messages, run, settle, wait_for

FORM = """<ui version="4.0"><class>Form</class><widget class="QWidget" name="Form">
<layout class="QVBoxLayout" name="column"><item><widget class="QLabel" name="text"/></item></layout></widget></ui>"""


@pytest.fixture(params=["background", "main thread"])
def slow(request, qgis_app, new_project, iface, tmp_path):
    """Return a dialog around an algorithm that takes ten seconds unless it is told to fail or to be quick."""
    from qgis.core import QgsApplication, QgsProcessingAlgorithm, QgsProcessingException, QgsProcessingParameterString
    from qgis.core import QgsProcessingProvider as Provider
    from qgis.PyQt import sip

    class Slow(QgsProcessingAlgorithm):
        def name(self):
            return "slow"

        def displayName(self):
            return "Slow"

        def createInstance(self):
            return Slow()

        def initAlgorithm(self, config=None):
            self.addParameter(QgsProcessingParameterString("MODE", "mode"))

        def flags(self):
            own = QgsProcessingAlgorithm.FlagNoThreading
            return super().flags() | own if request.param == "main thread" else super().flags()

        def processAlgorithm(self, parameters, context, feedback):
            mode = self.parameterAsString(parameters, "MODE", context)
            feedback.pushInfo(f"mode {mode}")
            if mode == "fail":
                raise QgsProcessingException("Spalte „x“: „y“ ist keine Zahl.")
            if mode == "bug":
                raise KeyError("x")
            if mode == "warn":
                feedback.pushWarning("Achtung")
                return {}
            for percent in range(1000):
                if feedback.isCanceled():
                    raise QgsProcessingException("stopped")
                feedback.setProgress(percent / 10)
                time.sleep(0.01)
            return {}

    class TestProvider(Provider):
        def id(self):
            return "teilhabetest"

        def name(self):
            return "Test"

        def loadAlgorithms(self):
            self.addAlgorithm(Slow())

    from teilhabe.gui.base_dialog import BaseDialog

    iface.bar.clearWidgets()
    form = tmp_path / "form.ui"
    form.write_text(FORM, encoding="utf-8")

    class SlowDialog(BaseDialog):
        NAME, ALGORITHM = "slow", "teilhabetest:slow"
        mode = "slow"

        def form_file(self):
            return form

        def title(self):
            return "Slow"

        def parameters(self):
            return {"MODE": self.mode}

    registered = TestProvider()
    QgsApplication.processingRegistry().addProvider(registered)
    dialog = SlowDialog(iface)
    dialog.ready()
    dialog.show()
    yield dialog
    if not sip.isdeleted(dialog):
        dialog.close()
        dialog.deleteLater()
    settle(0)
    QgsApplication.processingRegistry().removeProvider(registered)


def test_cancel_in_the_middle(slow, german):
    from qgis.PyQt.QtCore import QTimer

    QTimer.singleShot(400, slow.frame.cancel.click)
    started = time.monotonic()
    run(slow)
    assert 0.3 < time.monotonic() - started < 5
    assert messages(slow.frame.bar) == ["Abgebrochen. Frühere Ergebnisse sind unverändert."]
    assert not slow.frame.cancel.isVisible()
    assert slow.run_button.isEnabled()


def test_cancel_before_it_begins(slow, german):
    slow.run_button.click()
    slow.cancel()
    wait_for(lambda: not slow.is_running(), 5)
    assert messages(slow.frame.bar) == ["Abgebrochen. Frühere Ergebnisse sind unverändert."]


def test_progress_moves(slow):
    from qgis.PyQt.QtCore import QTimer

    seen = []

    def look():
        seen.append(slow.frame.progress.value())
        if seen[-1] >= 3:
            slow.frame.cancel.click()

    watch = QTimer()
    watch.setInterval(50)
    watch.timeout.connect(look)
    watch.start()
    run(slow)
    watch.stop()
    assert 3 <= max(seen) < 100
    assert seen == sorted(seen)


@pytest.mark.parametrize(("mode", "message"), [
    ("fail", "Spalte „x“: „y“ ist keine Zahl."),
    ("bug", "Ein Programmfehler hat den Lauf beendet (KeyError: 'x'). Einzelheiten stehen im Protokoll."),
])
def test_errors_once_with_details(mode, message, slow, iface, german):
    from qgis.PyQt.QtWidgets import QPushButton

    slow.mode = mode
    run(slow)
    assert messages(slow.frame.bar) == [message]
    assert messages(iface.bar) == []
    assert not slow.frame.log.isVisible()
    next(b for b in slow.frame.bar.findChildren(QPushButton) if b.text() == "Details").click()
    assert slow.frame.log.isVisible()
    assert slow.frame.log.toPlainText().splitlines()[0] == f"mode {mode}"


def test_warnings_are_counted(slow, german):
    slow.mode = "warn"
    run(slow)
    assert messages(slow.frame.bar) == ["Fertig. Eine Warnung steht im Protokoll."]
    assert "⚠ Achtung" in slow.frame.log.toPlainText()


def test_closing_in_mid_run_lets_it_end(slow, iface, german):
    from qgis.PyQt.QtCore import Qt, QTimer
    from teilhabe.gui import task_runner

    slow.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    QTimer.singleShot(300, slow.close)
    QTimer.singleShot(600, lambda: [each.cancel() for each in list(task_runner._running)])
    slow.run_button.click()
    wait_for(lambda: not task_runner._running, 8)
    settle()
    assert messages(iface.bar) == []  # who cancelled knows it


def test_closed_dialog_reports_in_the_main_window(slow, iface, german):
    slow.mode = "fail"
    slow.run_button.click()
    slow.close()
    wait_for(lambda: messages(iface.bar))
    assert len(messages(iface.bar)) == 1
    assert "Spalte „x“: „y“ ist keine Zahl." in messages(iface.bar)[0]


def test_stop_all_ends_every_run(slow):
    from teilhabe.gui import task_runner

    slow.run_button.click()
    if task_runner._running:
        settle(100)
    task_runner.stop_all()
    wait_for(lambda: not slow.is_running(), 5)
    assert task_runner._running == set()
