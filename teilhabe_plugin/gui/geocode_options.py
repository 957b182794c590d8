"""Tab “Options” of the dialog: how to match, files beside the list, the online service."""
from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..translation import tr

#: services in the order of the algorithm's parameter ONLINE; 0 is none
NOMINATIM, BKG = 1, 2


@dataclass(frozen=True)
class Options:
    """What the tab says."""

    typing_errors: int
    interpolate: bool
    nearest: bool
    street_only: bool
    district_only: bool
    place: str
    synonyms: str
    decisions: str
    service: int
    url: str
    auth: str

    def parameters(self) -> dict:
        """Return the parameters of ``teilhabe:geocodeoffers``."""
        found = {
            "TYPING_ERRORS": self.typing_errors, "INTERPOLATE": self.interpolate, "NEAREST": self.nearest,
            "STREET_ONLY": self.street_only, "DISTRICT_ONLY": self.district_only, "REGISTER_PLACE": self.place,
            "SYNONYMS": self.synonyms, "DECISIONS": self.decisions, "ONLINE": self.service,
        }
        if self.service:
            found |= {"ONLINE_URL": self.url, "ONLINE_AUTH": self.auth}
        return found

    def matching(self):
        """Return them as `core.addresses.matching.MatchSettings`."""
        from ..core.addresses.matching import MatchSettings

        return MatchSettings(typing_errors=self.typing_errors, interpolate=self.interpolate, nearest=self.nearest,
                             street_only=self.street_only, district_only=self.district_only, place=self.place)


class OptionsTab(QObject):
    """The widgets of the tab.

    Signals
    -------
    changed()
        Matching would give something else now.
    """

    changed = pyqtSignal()

    def __init__(self, form, parent=None):
        super().__init__(parent)
        self.form = form
        form.synonyms.setFilter(tr("Tables (*.csv *.tsv *.txt *.xlsx *.xlsm *.ods);;All files (*)"))
        form.decisions.setFilter(tr("Decisions (*.json *.xlsx *.csv)"))
        form.decisions.setStorageMode(QgsFileWidget.StorageMode.SaveFile)
        form.decisions.setConfirmOverwrite(False)
        form.online_service.addItem(tr("service like Nominatim"), NOMINATIM)
        form.online_service.addItem(tr("BKG geocoder"), BKG)
        form.online_url.setPlaceholderText("https://…")
        self.show_notice()
        form.typing_errors.valueChanged.connect(lambda _value: self.changed.emit())
        for name in self.checks():
            getattr(form, name).toggled.connect(lambda _on: self.changed.emit())
        form.place.editingFinished.connect(self.changed.emit)
        for widget in (form.synonyms, form.decisions):
            widget.fileChanged.connect(lambda _path: self.changed.emit())
        form.online_group.toggled.connect(lambda _on: self.online_changed())
        form.online_url.textChanged.connect(lambda _text: self.online_changed())

    def checks(self) -> tuple[str, ...]:
        """Return the names of the check boxes."""
        return "interpolate", "nearest", "street_only", "district_only"

    def remembered(self) -> dict:
        """Return what is kept until the next time: never that an online service is asked."""
        form = self.form
        return {"typing_errors": form.typing_errors, "place": form.place, "online_url": form.online_url,
                "online_service": form.online_service, **{name: getattr(form, name) for name in self.checks()}}

    def options(self) -> Options:
        """Return what the widgets say."""
        form = self.form
        service = form.online_service.currentData() if form.online_group.isChecked() else 0
        return Options(
            typing_errors=form.typing_errors.value(), place=form.place.text().strip(),
            synonyms=form.synonyms.filePath().strip(), decisions=form.decisions.filePath().strip(), service=service,
            url=form.online_url.text().strip(), auth=form.online_auth.configId(),
            **{name: getattr(form, name).isChecked() for name in self.checks()})

    def problem(self) -> str:
        """Return what is missing for the online service, "" for nothing."""
        chosen = self.options()
        if chosen.service and not urlsplit(chosen.url).netloc:
            return tr("Enter the address of the online service (tab “Online service”), or switch it off.")
        return ""

    def online_changed(self) -> None:
        """React to the switch or the address of the service."""
        self.show_notice()
        self.changed.emit()

    def show_notice(self) -> None:
        """Say what leaves the computer."""
        chosen = self.options()
        host = urlsplit(chosen.url).netloc
        if not chosen.service:
            text = tr("Switched off: nothing leaves this computer.")
        elif host:
            text = tr("Sent to {host}: street, number, postcode and place of every row that the registers cannot "
                      "place. Names and all other columns stay here.", host=host.rpartition("@")[2])
        else:
            text = tr("Sent to the service: street, number, postcode and place of every row that the registers cannot "
                      "place. Names and all other columns stay here.")
        self.form.online_notice.setText(text)
