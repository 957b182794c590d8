"""One QGIS without a window, and the assembled plugin as the package ``teilhabe``."""
import gc
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# the settings of whoever runs the tests stay as they are, and runs beside each other do not see each other's
os.environ["XDG_CONFIG_HOME"] = tempfile.mkdtemp(prefix="teilhabe-settings-")
ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"

subprocess.run([sys.executable, str(ROOT / ".ci" / "package.py")], check=True, cwd=ROOT)
sys.path[:0] = [str(BUILD), "/usr/share/qgis/python/plugins", "/usr/share/qgis/python"]


def pytest_sessionfinish(session, exitstatus):
    session.config.teilhabe_exitstatus = int(exitstatus)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config):
    """Leave without taking QGIS down: while Python clears away what it still holds, 3.22 and 3.44 can crash."""
    if "qgis.core" in sys.modules:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(config.teilhabe_exitstatus)


@pytest.fixture(scope="session")
def qgis_app(tmp_path_factory):
    """Return a running QgsApplication with a profile of its own."""
    from qgis.core import QgsApplication

    profile = tmp_path_factory.mktemp("profile")
    app = QgsApplication([], True, str(profile))
    QgsApplication.initQgis()
    from processing.core.Processing import Processing

    Processing.initialize()
    # The application is not torn down: QGIS 3.22 crashes at exit when Python still holds layers.
    return app


@pytest.fixture(scope="session")
def provider(qgis_app):
    """Return the registered provider."""
    from qgis.core import QgsApplication
    from teilhabe.processing.provider import TeilhabeProvider

    provider = TeilhabeProvider()
    QgsApplication.processingRegistry().addProvider(provider)
    return provider


@pytest.fixture
def new_project(qgis_app):
    """Return the empty project instance; it is cleared afterwards."""
    from qgis.core import QgsProject

    project = QgsProject.instance()
    project.clear()
    yield project
    project.clear()


@pytest.fixture(scope="session")
def iface(qgis_app):
    """Return a QGIS interface with real widgets behind it."""
    from .window import Window

    return Window()


@pytest.fixture
def german(qgis_app):
    """Set the user interface to German for one test."""
    from qgis.PyQt.QtCore import QCoreApplication, QLocale, QSettings
    from teilhabe.translation import install_translator

    before = QLocale()
    QLocale.setDefault(QLocale("de_DE"))
    QSettings().setValue("locale/overrideFlag", True)
    QSettings().setValue("locale/userLocale", "de")
    translator = install_translator()
    yield translator
    QCoreApplication.removeTranslator(translator)
    QSettings().remove("locale/overrideFlag")
    QSettings().remove("locale/userLocale")
    QLocale.setDefault(before)


@pytest.fixture(scope="module", autouse=True)
def garbage_on_the_main_thread():
    """Collect garbage after each module and at no other time: QGIS's widgets and layers must not be destroyed in the
    thread of a task, where Python's collector may happen to run."""
    gc.disable()
    yield
    gc.collect()
