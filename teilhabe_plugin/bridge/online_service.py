"""An online geocoder over QGIS's network: one address per request, slowly, and nothing kept on disk."""
from __future__ import annotations

import json
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from qgis.core import QgsApplication, QgsAuthMethodConfig, QgsBlockingNetworkRequest, QgsNetworkAccessManager
from qgis.PyQt.QtCore import QUrl, QUrlQuery
from qgis.PyQt.QtNetwork import QNetworkRequest

from ..core.addresses.online_hits import Asked, OnlineHit, bkg_hit, nominatim_hit
from ..core.messages import Cancelled, Message, TeilhabeError, mark

NOMINATIM, BKG = "nominatim", "bkg"
PROTOCOLS = (NOMINATIM, BKG)
#: stands in the address of a service for the key
KEY_MARK = "{key}"
#: projected and without doubt about the order of the axes
_BKG_CRS = "EPSG:25832"
#: the public server asks for no more than that
_PUBLIC, _PUBLIC_RATE = "nominatim.openstreetmap.org", 1.0
_LARGEST_ANSWER = 5_000_000
_LONGEST_WAIT = 60.0
_TICK = 0.05
_SPECIAL = set('+-&|!(){}[]^"~*?:\\/')


@dataclass(frozen=True)
class OnlineService:
    """An online geocoder as the user has switched it on for one run.

    Attributes
    ----------
    url : str
        Address of the service, or of an own server; ``{key}`` in it stands for the key.
    protocol : str
        ``"nominatim"`` or ``"bkg"``.
    authcfg : str
        Configuration in QGIS's authentication store: gives the key where the address has ``{key}`` (its password or
        first header), else signs every request.
    per_second : float
        Most requests per second.
    timeout : float
        Seconds to wait for an answer.
    retries : int
        How often a request is repeated that was not answered.
    country : str
        Two letters; other countries are not searched.
    """

    url: str
    protocol: str = NOMINATIM
    authcfg: str = ""
    per_second: float = 1.0
    timeout: float = 20.0
    retries: int = 2
    country: str = "de"

    @property
    def host(self) -> str:
        """Server that gets the addresses; shown in place of the address, which may hold a key."""
        return _parts(self.url).netloc.rpartition("@")[2]

    @property
    def is_encrypted(self) -> bool:
        """Whether nobody on the way can read along."""
        return _parts(self.url).scheme == "https"


class Stopped(Exception):
    """The service cannot be asked any more; `message` says why."""

    def __init__(self, message: Message):
        super().__init__(str(message))
        self.message = message


class Unanswered(Exception):
    """One address was not answered; `message` says why."""

    def __init__(self, message: Message):
        super().__init__(str(message))
        self.message = message


class OnlineClient:
    """Asks a service, one address after the other.

    Parameters
    ----------
    service : OnlineService
    feedback : QgsFeedback
        Cancels between requests and during one.

    Raises
    ------
    TeilhabeError
        When the service is not described completely.
    """

    def __init__(self, service: OnlineService, feedback):
        if service.protocol not in PROTOCOLS:
            raise TeilhabeError(mark("Online geocoder: “{protocol}” is not known. Possible are: {choices}."),
                                protocol=service.protocol, choices=", ".join(PROTOCOLS))
        parts = _parts(service.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise TeilhabeError(mark("Online geocoder: enter the address of the service, beginning with https://."))
        if not 0 < service.per_second <= 1000:
            raise TeilhabeError(mark("Online geocoder: the number of requests per second must be above 0."))
        self.service, self.feedback, self.host = service, feedback, service.host
        rate = min(service.per_second, _PUBLIC_RATE) if parts.hostname == _PUBLIC else service.per_second
        self.pause, self.next_time = 1.0 / rate, 0.0
        self.signed = "" if KEY_MARK in service.url else service.authcfg
        self.url = self._complete_url(service.url.strip())

    def ask(self, asked: Asked) -> OnlineHit:
        """Return where the service puts an address.

        Raises
        ------
        Unanswered
            When this address got no usable answer.
        Stopped
            When no other will.
        Cancelled
            When the user gives up.
        """
        url = self._request_url(asked)
        for attempt in range(self.service.retries + 1):
            status, content, retry_after = self._get(url)
            if status == 200:
                return self._read(content, asked)
            problem = self._problem(status)
            if attempt < self.service.retries:
                usual = 5.0 * (attempt + 1) if status in (429, 503) else 1.0 + attempt
                self._wait(usual if retry_after is None else min(retry_after, _LONGEST_WAIT))
        if status == 429:
            raise Stopped(problem)
        raise Unanswered(problem)

    def _complete_url(self, url: str) -> str:
        if KEY_MARK in url:
            key = _stored_key(self.service.authcfg)
            if not key:
                raise TeilhabeError(mark("Online geocoder: the address has {mark}, but the authentication store gives "
                                         "no key. Choose a configuration whose password is the key."), mark=KEY_MARK)
            return url.replace(KEY_MARK, key)
        return url

    def _request_url(self, asked: Asked) -> QUrl:
        base, _, before = self.url.partition("?")
        wanted = "search" if self.service.protocol == NOMINATIM else "geosearch"
        base = base.rstrip("/")
        base = base if base.endswith(wanted) else f"{base}/{wanted}"
        if self.service.protocol == NOMINATIM:
            values = {"street": asked.line, "postalcode": asked.postcode, "city": asked.place,
                      "countrycodes": self.service.country, "format": "jsonv2", "addressdetails": "1", "limit": "10",
                      "accept-language": "de"}
        else:
            values = {"query": _bkg_query(asked), "outputformat": "json", "srsName": _BKG_CRS, "count": "10"}
        query = QUrlQuery(before)
        for name, value in values.items():
            if value:
                query.addQueryItem(name, bytes(QUrl.toPercentEncoding(value)).decode("ascii"))
        url = QUrl(base)
        url.setQuery(query)
        return url

    def _get(self, url: QUrl) -> tuple[int, bytes, float | None]:
        self._wait(self.next_time - time.monotonic())
        self.next_time = time.monotonic() + self.pause
        request = QNetworkRequest(url)
        request.setTransferTimeout(int(1000 * self.service.timeout))
        request.setRawHeader(b"Accept", b"application/json")
        blocking = QgsBlockingNetworkRequest()
        if self.signed:
            blocking.setAuthCfg(self.signed)

        def not_to_disk(each: QNetworkRequest):  # QGIS itself would keep question and answer in its cache
            if each.url().host() == url.host():
                each.setAttribute(QNetworkRequest.Attribute.CacheSaveControlAttribute, False)

        number = QgsNetworkAccessManager.setRequestPreprocessor(not_to_disk)
        try:
            blocking.get(request, True, self.feedback)
        finally:
            QgsNetworkAccessManager.removeRequestPreprocessor(number)
        if self.feedback.isCanceled():
            raise Cancelled()
        reply = blocking.reply()
        if reply.request().url().host() not in ("", url.host()):
            QgsNetworkAccessManager.instance().cache().remove(reply.request().url())
            raise Stopped(Message(mark("{host} passes requests on to another server, {other}. Enter its address if "
                                       "it may get the addresses."), host=self.host,
                                  other=reply.request().url().host()))
        status = reply.attribute(QNetworkRequest.Attribute.HttpStatusCodeAttribute)
        wait = bytes(reply.rawHeader(b"Retry-After")).decode("ascii", "replace")
        return int(status or 0), bytes(reply.content()), float(wait) if wait.isdigit() else None

    def _problem(self, status: int) -> Message:
        if status in (401, 403, 407):
            raise Stopped(Message(mark("{host} refused the request (status {status}). Check key or login, and whether "
                                       "you may use the service."), host=self.host, status=status))
        if status in (301, 302, 303, 307, 308, 404, 405, 410):
            raise Stopped(Message(mark("At this address of {host} there is no geocoder (status {status}). Check the "
                                       "address of the service."), host=self.host, status=status))
        if status == 429:
            return Message(mark("{host} refuses more requests for now (status 429). Try again later, with fewer "
                                "requests per second."), host=self.host)
        if status == 0:
            return Message(mark("{host} did not answer within {seconds:.0f} seconds or cannot be reached. Check "
                                "network and proxy in QGIS's settings."), host=self.host,
                           seconds=float(self.service.timeout))
        return Message(mark("{host} reported a fault of its own (status {status})."), host=self.host, status=status)

    def _read(self, content: bytes, asked: Asked) -> OnlineHit:
        try:
            if len(content) > _LARGEST_ANSWER:
                raise ValueError("too long")
            answer = json.loads(content.decode("utf-8"))
            if self.service.protocol == NOMINATIM:
                return nominatim_hit(answer, asked)
            return bkg_hit(answer, asked, _BKG_CRS)
        except (ValueError, RecursionError) as error:
            if b"ERROR_UNKNOWN_IDENT" in content or b"NOACCESS" in content:
                raise Stopped(Message(mark("{host} does not know the key. Check it."), host=self.host)) from error
            raise Unanswered(Message(mark("The answer of {host} cannot be read. Is its protocol {protocol}?"),
                                     host=self.host, protocol=self.service.protocol)) from error

    def _wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while True:
            if self.feedback.isCanceled():
                raise Cancelled()
            left = until - time.monotonic()
            if left <= 0:
                return
            time.sleep(min(left, _TICK))


def _parts(url: str):
    """Return the parts of an address of a service; one that is none has no parts."""
    try:
        return urlsplit(url.strip())
    except ValueError:
        return urlsplit("")


def _bkg_query(asked: Asked) -> str:
    parts = {"strasse": asked.street, "haus": asked.number, "plz": asked.postcode, "ort": asked.place}
    return " AND ".join(f"{name}:({_escaped(value)})" for name, value in parts.items() if value)


def _escaped(text: str) -> str:
    return "".join(f"\\{letter}" if letter in _SPECIAL else letter for letter in text)


def _stored_key(authcfg: str) -> str:
    config = QgsAuthMethodConfig()
    if not authcfg or not QgsApplication.authManager().loadAuthenticationConfig(authcfg, config, True):
        return ""
    values = config.configMap()
    return values.get("password") or next((value for name, value in sorted(values.items()) if value
                                           and name not in ("username", "realm", "oldconfigstyle")), "")
