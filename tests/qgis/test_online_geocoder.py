"""The online geocoder against a server of its own: what is sent, what is taken, and what goes wrong."""
import http.server
import json
import threading
import time
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest

STREET_PLACE = {"road": "Ackerstraße", "city": "Musterstadt", "postcode": "10115", "country_code": "de"}


def nominatim(lat="52.53", lon="13.39", number="12", name="Ackerstraße 12", box=None, **address):
    """One entry as a Nominatim server writes it."""
    parts = {**STREET_PLACE, **({"house_number": number} if number else {}), **address}
    return {"place_id": 1, "lat": lat, "lon": lon, "category": "building", "addresstype": "building",
            "display_name": name, "address": parts, "boundingbox": box or ["52.529", "52.531", "13.389", "13.391"]}


def bkg(x=389000.0, y=5820000.0, typ="Haus", text="Ackerstraße 12, 10115 Musterstadt", **properties):
    """One feature as the service of the BKG writes it."""
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": [x, y]},
            "properties": {"text": text, "typ": typ, "score": 5.1, "strasse": "Ackerstraße", "haus": "12",
                           "plz": "10115", "ort": "Musterstadt", "ortsteil": "Mitte", **properties}}


class Server:
    """Answers with what it was told, and remembers what it was asked."""

    def __init__(self):
        self.paths, self.headers, self.times, self.answers, self.other = [], [], [], [], None
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                outer.paths.append(self.path)
                outer.headers.append(self.headers)
                outer.times.append(time.monotonic())
                status, body, headers = outer.answer()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Cache-Control", "max-age=86400")
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                return

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def answer(self):
        entry = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        entry = entry() if callable(entry) else entry
        status, body, headers = entry if isinstance(entry, tuple) else (200, entry, {})
        return status, body if isinstance(body, bytes) else json.dumps(body).encode(), headers

    def asked(self, number=-1):
        """Return the parameters of a request."""
        return {name: values[0] for name, values in parse_qs(urlsplit(self.paths[number]).query).items()}


@pytest.fixture
def server(qgis_app):
    server = Server()
    yield server
    server.server.shutdown()
    server.server.server_close()


def parsed(*rows):
    """Rows as read: (street, number, suffix, postcode, place, kind)."""
    from teilhabe.core.addresses.parsed import ADDRESS, ParsedAddresses

    filled = [(*row, *("", -1, "", -1, "", ADDRESS)[len(row):]) for row in rows]
    street, number, suffix, postcode, place, kind = (list(column) for column in zip(*filled))
    count = len(rows)
    texts = np.array([""] * count, dtype=object)
    return ParsedAddresses(
        kind=np.array(kind, np.int8), street=np.array(street, object), normal=texts, crossing=texts,
        number=np.array(number, np.int32), suffix=np.array(suffix, object), more=texts,
        is_range=np.zeros(count, bool), postcode=np.array(postcode, np.int32), place=texts, district=texts,
        place_text=np.array(place, object), repairs=np.zeros(count, np.int32))


ACKER = ("Ackerstr.", 12, "", 10115, "Musterstadt")


def ask(server, *rows, crs="EPSG:4326", feedback=None, place="", inside=None, **service):
    from qgis.core import QgsCoordinateReferenceSystem, QgsCoordinateTransformContext, QgsFeedback
    from teilhabe.bridge.online_geocoder import OnlineService, ask_online, rows_to_ask

    addresses = parsed(*rows)
    described = {"url": server.url, "per_second": 1000.0, "timeout": 2.0, "retries": 0, **service}
    return ask_online(addresses, rows_to_ask(addresses, np.ones(len(rows), bool)), OnlineService(**described),
                      QgsCoordinateReferenceSystem(crs), QgsCoordinateTransformContext(), feedback or QgsFeedback(),
                      place=place, inside=inside)


def notes(places):
    return [str(note) for note in places.notes]


# what is sent -------------------------------------------------------------------------------------------------------


def test_nominatim_is_asked_for_the_parts_of_the_address_only(server):
    server.answers = [[nominatim()]]
    ask(server, ("Große Str. & Co", 12, "a", 1587, "Bad Düben"), url=server.url + "/nominatim/")
    assert urlsplit(server.paths[0]).path == "/nominatim/search"
    assert server.asked() == {"street": "Große Str. & Co 12a", "postalcode": "01587", "city": "Bad Düben",
                              "countrycodes": "de", "format": "jsonv2", "addressdetails": "1", "limit": "10",
                              "accept-language": "de"}
    assert "QGIS" in server.headers[0]["User-Agent"]


def test_bkg_is_asked_in_its_own_way_and_characters_of_its_language_are_escaped(server):
    server.answers = [{"type": "FeatureCollection", "features": []}]
    row = ("Am Bahnhof (Ost)", 5, "", 10115, "Musterstadt")
    ask(server, row, protocol="bkg", url=server.url + "/gdz__uuid/geosearch")
    assert urlsplit(server.paths[0]).path == "/gdz__uuid/geosearch"
    assert server.asked()["query"] == r"strasse:(Am Bahnhof \(Ost\)) AND haus:(5) AND plz:(10115) AND ort:(Musterstadt)"
    assert server.asked()["srsName"] == "EPSG:25832"


def test_only_rows_with_a_street_are_asked_and_equal_ones_once(server):
    server.answers = [[nominatim()]]
    places = ask(server, ACKER, ("", 3), ("Haus der Jugend", -1, "", -1, "", 3), ACKER, ("12345", 2))
    assert len(server.paths) == 1
    assert places.rows.tolist() == [0, 3]
    assert notes(places) == [f"Online service {server.url[7:]}: 1 addresses asked, 2 rows got a place."]


def test_place_of_the_run_stands_in_for_a_missing_one(server):
    server.answers = [[nominatim()]]
    ask(server, ("Ackerstr.", 12), place="Musterstadt")
    assert server.asked()["city"] == "Musterstadt"


def test_notice_names_host_and_number_before_anything_is_sent(server):
    from teilhabe.bridge.online_geocoder import OnlineService, notice_of, rows_to_ask

    addresses = parsed(ACKER, ACKER, ("Weg", 1))
    rows = rows_to_ask(addresses, np.array([True, True, True]))
    told = [str(each) for each in notice_of(OnlineService("https://amt@geo.stadt.de/x?key=1"), addresses, rows)]
    assert told == ["2 addresses are sent to geo.stadt.de, one at a time: street, house number, postcode and place. "
                    "Names and all other columns are not sent."]
    told = notice_of(OnlineService(server.url), addresses, rows)
    assert "not encrypted" in str(told[1])
    assert server.paths == []


def test_nothing_is_kept_on_disk(server):
    from qgis.core import QgsNetworkAccessManager
    from qgis.PyQt.QtCore import QUrl

    server.answers = [[nominatim()]]
    ask(server, ACKER)
    ask(server, ACKER)
    assert len(server.paths) == 2  # asked again: nothing is remembered from the run before
    cache = QgsNetworkAccessManager.instance().cache()
    assert not cache.metaData(QUrl(server.url + server.paths[0])).isValid()


def test_key_comes_from_the_authentication_store(server):
    from qgis.core import QgsApplication, QgsAuthMethodConfig

    manager = QgsApplication.authManager()
    manager.setMasterPassword("test", True)
    config = QgsAuthMethodConfig("Basic")
    config.setName("bkg")
    config.setConfig("password", "1234")
    config.setConfig("username", "amt")
    assert manager.storeAuthenticationConfig(config)
    server.answers = [{"type": "FeatureCollection", "features": []}]
    ask(server, ACKER, protocol="bkg", url=server.url + "/gdz__{key}/geosearch", authcfg=config.id())
    assert urlsplit(server.paths[0]).path == "/gdz__1234/geosearch"
    ask(server, ACKER, protocol="bkg", authcfg=config.id())
    assert server.headers[-1]["Authorization"].startswith("Basic ")
    assert "1234" not in server.paths[-1]


@pytest.mark.parametrize("settings, told", [
    ({"url": "{key}.example"}, "beginning with https"),
    ({"url": "ftp://example.org"}, "beginning with https"),
    ({"url": "http://[::1"}, "beginning with https"),
    ({"url": "https://x/{key}"}, "gives no key"),
    ({"protocol": "google"}, "“google” is not known"),
    ({"per_second": 0.0}, "above 0"),
])
def test_incomplete_service_is_told_before_anything_is_sent(server, settings, told):
    from teilhabe.core.messages import TeilhabeError

    with pytest.raises(TeilhabeError, match=told):
        ask(server, ACKER, **settings)
    assert server.paths == []


# what is taken ------------------------------------------------------------------------------------------------------


def test_house_of_nominatim_is_never_surer_than_interpolated(server):
    server.answers = [[nominatim()]]
    places = ask(server, ACKER)
    assert (places.rows.tolist(), places.grade.tolist(), places.radius.tolist()) == ([0], [3], [50.0])
    assert (places.x[0], places.y[0], places.found[0]) == (13.39, 52.53, "Ackerstraße 12")
    assert str(places.note) == f"Place from the online service {server.url[7:]}; check it."


def test_house_of_bkg_is_transformed_to_the_reference_system_of_the_result(server):
    server.answers = [{"type": "FeatureCollection", "features": [bkg()]}]
    places = ask(server, ACKER, protocol="bkg", crs="EPSG:25832")
    assert (places.x.tolist(), places.y.tolist(), places.grade.tolist()) == ([389000.0], [5820000.0], [3])
    places = ask(server, ACKER, protocol="bkg", crs="EPSG:4326")
    assert 7.3 < places.x[0] < 7.4 and 52.5 < places.y[0] < 52.6


@pytest.mark.parametrize("entry", [
    nominatim(number="14"), nominatim(number=""), nominatim(number="12a"), nominatim(number="12-16"),
])
def test_other_number_or_none_is_the_street_only(server, entry):
    server.answers = [[entry]]
    places = ask(server, ACKER)
    assert places.grade.tolist() == [5] and places.radius[0] >= 500


def test_street_of_bkg(server):
    server.answers = [{"type": "FeatureCollection", "features": [bkg(typ="Strasse", haus=None)]}]
    assert ask(server, ACKER, protocol="bkg").grade.tolist() == [5]


@pytest.mark.parametrize("answer, told", [
    ([], "does not know the address"),
    ([nominatim(road="Akazienstraße", name="Akazienstraße 12")], "another street: “Akazienstraße 12”"),
    ([nominatim(postcode="99999")], "another postcode"),
    ([nominatim(city="Anderstadt")], "another place"),
    ([nominatim(lat="nan")], "no coordinates"),
    ([nominatim(), nominatim(lat="52.60")], "several such addresses"),
])
def test_answers_that_contradict_are_not_taken(server, answer, told):
    server.answers = [answer]
    places = ask(server, ACKER)
    assert places.rows.tolist() == [] and told in str(places.reasons[0])


def test_hit_outside_the_areas_is_not_taken(server):
    from qgis.core import QgsRectangle
    from teilhabe.bridge.online_geocoder import inside_rectangle

    server.answers = [[nominatim()]]
    places = ask(server, ACKER, inside=inside_rectangle(QgsRectangle(6, 50, 8, 52)))
    assert places.rows.tolist() == [] and "outside the areas" in str(places.reasons[0])
    assert ask(server, ACKER, inside=inside_rectangle(QgsRectangle(13, 52, 14, 53))).rows.tolist() == [0]


def test_bkg_answers_that_are_no_house_or_street_are_not_taken(server):
    server.answers = [{"type": "FeatureCollection", "features": [bkg(typ="Ort")]}]
    assert "does not know" in str(ask(server, ACKER, protocol="bkg").reasons[0])


# what goes wrong ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status, told", [(401, "refused the request"), (403, "refused the request"),
                                          (404, "there is no geocoder")])
def test_refusal_ends_the_asking_at_once(server, status, told):
    server.answers = [(status, b"no", {})]
    places = ask(server, ACKER, ("Bergstr.", 1), ("Bergstr.", 2))
    assert len(server.paths) == 1 and places.rows.tolist() == []
    assert told in notes(places)[1] and notes(places)[2] == "3 addresses were not asked any more."


def test_too_many_requests_waits_as_told_and_goes_on(server):
    server.answers = [(429, b"", {"Retry-After": "1"}), [nominatim()]]
    places = ask(server, ACKER, retries=1)
    assert places.rows.tolist() == [0] and server.times[1] - server.times[0] >= 1.0


def test_what_was_found_before_the_refusal_is_kept(server):
    server.answers = [[nominatim()], (429, b"", {"Retry-After": "0"})]
    places = ask(server, ACKER, ("Bergstr.", 1), ("Bergstr.", 2))
    assert places.rows.tolist() == [0]
    assert "refuses more requests" in notes(places)[1] and notes(places)[2] == "2 addresses were not asked any more."


def test_fault_of_the_server_is_asked_again(server):
    server.answers = [(500, b"oops", {}), [nominatim()]]
    assert ask(server, ACKER, retries=1).rows.tolist() == [0]


@pytest.mark.parametrize("answer, told", [
    ((500, b"oops", {}), "fault of its own (status 500)"),
    (b"<html>Login</html>", "cannot be read"),
    (b"\xff\xfe", "cannot be read"),
    (b"[" * 100_000, "cannot be read"),
    ({"error": "x"}, "cannot be read"),
    ([{"lat": "x"}], "cannot be read"),
    ([7], "cannot be read"),
])
def test_three_addresses_without_a_usable_answer_end_the_asking(server, answer, told):
    server.answers = [answer]
    places = ask(server, *[("Weg", number) for number in range(1, 6)])
    assert len(server.paths) == 3
    assert told in notes(places)[1] and notes(places)[2] == "2 addresses were not asked any more."


def test_unknown_key_of_bkg_is_told_without_showing_it(server):
    server.answers = [b'<ServiceException code="ERROR_UNKNOWN_IDENT">secret-uuid</ServiceException>']
    places = ask(server, ACKER, protocol="bkg", url=server.url + "/gdz__secret-uuid/geosearch")
    assert notes(places)[1].endswith("does not know the key. Check it.")
    assert not any("secret-uuid" in note for note in notes(places))


def test_slow_server_is_told_as_such(server):
    def slow():
        time.sleep(1.5)
        return [nominatim()]

    server.answers = [slow]
    places = ask(server, ACKER, timeout=0.3)
    assert "did not answer within 0 seconds or cannot be reached" in str(places.reasons[0])


def test_server_that_is_not_there(server):
    places = ask(server, ACKER, url="http://127.0.0.1:1")
    assert "cannot be reached" in str(places.reasons[0])


def test_requests_keep_their_distance_and_can_be_cancelled_in_between(server):
    from qgis.core import QgsFeedback
    from teilhabe.core.messages import Cancelled

    server.answers = [[nominatim()]]
    ask(server, ("Weg", 1), ("Weg", 2), ("Weg", 3), per_second=5.0)
    assert min(np.diff(server.times)) >= 0.19
    feedback = QgsFeedback()
    threading.Timer(0.5, feedback.cancel).start()
    started = time.monotonic()
    with pytest.raises(Cancelled):
        ask(server, ("Weg", 1), ("Weg", 2), feedback=feedback, per_second=0.1)
    assert time.monotonic() - started < 3 and len(server.paths) == 4


def test_public_server_is_never_asked_faster_than_it_allows(qgis_app):
    from qgis.core import QgsFeedback
    from teilhabe.bridge.online_service import OnlineClient, OnlineService

    client = OnlineClient(OnlineService("https://nominatim.openstreetmap.org", per_second=50.0), QgsFeedback())
    assert client.pause == 1.0


def test_works_in_a_background_thread(server):
    server.answers = [[nominatim()]]
    found = []
    thread = threading.Thread(target=lambda: found.append(ask(server, ACKER)))
    thread.start()
    thread.join(20)
    assert found and found[0].rows.tolist() == [0]


def test_parts_of_an_address_as_they_are_sent():
    from teilhabe.core.addresses.online_hits import asked_of

    rows = parsed(("Weg", 5, "1/2", 1587, "Riesa"), ("Weg",), ("",))
    assert asked_of(rows, 0).text == "Weg 5 1/2, 01587 Riesa"
    assert asked_of(rows, 1, "Riesa").text == "Weg, Riesa"
    assert asked_of(rows, 2) is None
