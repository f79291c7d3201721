"""The heartbeat beats while messages really leave, and at no other time."""

import http.server
import threading

import pytest
from sqlalchemy.exc import OperationalError

from portal.config import Settings
from portal.notify import heartbeat
from portal.notify.heartbeat import Heart
from portal.notify.worker import run
from tests.notify.test_worker import StopAfter
from tests.proofs.processes import free_port


@pytest.fixture
def file(tmp_path):
    return tmp_path / "beat"


@pytest.fixture
def heart(settings, gateway, hub_file, clock, file, app):
    return Heart(Settings(**settings, heartbeat_file=file), gateway, [hub_file], clock)


def test_it_beats_while_everything_leaves(heart, file):
    assert heart.beat()
    assert file.exists()


def test_not_while_a_gateway_would_take_nothing(heart, file, gateway):
    """Seen red without `gateway.check()`: with nothing to send, a dead gateway went unnoticed."""
    gateway.mood = "refuses"
    assert not heart.beat()
    assert not file.exists()


def test_not_while_something_waits_that_should_have_left(heart, file, waits, clock):
    waits()
    clock.forward(seconds=61)
    assert not heart.beat()
    assert not file.exists()


def test_not_without_the_database(heart, file, monkeypatch):
    def away():
        raise OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr(heartbeat, "how_it_stands", away)
    assert not heart.beat()
    assert not file.exists()


def test_once_a_minute(heart, clock):
    begun = []
    heart.beat = lambda: begun.append(1)
    for _ in range(121):
        heart.beat_if_due()
        heart.beating.join()
        clock.forward(seconds=1)
    assert len(begun) == 3


def test_one_that_takes_long_is_not_begun_twice(heart, clock):
    go, begun = threading.Event(), []

    def slowly():
        begun.append(1)
        go.wait(20)

    heart.beat = slowly
    for _ in range(3):
        heart.beat_if_due()
        clock.forward(minutes=2)
    go.set()
    heart.beating.join()
    assert len(begun) == 1


def test_the_address_that_watches_is_asked(settings, gateway, hub_file, clock, app):
    asked = []

    class Hears(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Hears)
    thread = threading.Thread(target=server.handle_request)
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}/beat/of/ours"
    assert Heart(Settings(**settings, heartbeat_url=url), gateway, [hub_file], clock).beat()
    thread.join()
    server.server_close()
    assert asked == ["/beat/of/ours"]


def test_nobody_who_hears_it_ends_nothing(settings, gateway, hub_file, clock, app):
    url = f"http://127.0.0.1:{free_port()}/"
    assert Heart(Settings(**settings, heartbeat_url=url), gateway, [hub_file], clock).beat()


def test_the_worker_beats(settings, hub_file, clock, app, file):
    run([hub_file], Settings(**settings, heartbeat_file=file), StopAfter(1), clock=clock)
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and thread.daemon:
            thread.join(5)
    assert file.exists()
