"""A hub as a real browser meets it: served at its doors on a free port, and beside it the page that leaving opens."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import playwright.sync_api
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from tests.browsing import Browser
from tests.conftest import HUB
from tests.proofs.ground import Ground, a_hub

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]
HOST = "127.0.0.1"
OUTSIDE = "Sunny spells, then rain"


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
        pass


class Server:
    """One application on a free loopback port, in a thread; it can answer slowly, or be gone for a while."""

    def __init__(self, app: Wsgi, tls: bool = False) -> None:
        self.app, self.tls, self.slow = app, tls, 0.0
        self.asked: list[str] = []  # "GET /side", in their order
        self._never = threading.Event()
        self._begin(0)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer, after as many seconds as it is slow; what a browser keeps by itself is not noted."""
        path = environ["PATH_INFO"]
        if not path.startswith("/s/"):
            self.asked.append(f"{environ['REQUEST_METHOD']} {path}")
        if self.slow:
            self._never.wait(self.slow)
        return self.app(environ, start_response)

    def _begin(self, port: int) -> None:
        self.server: BaseWSGIServer = make_server(
            HOST, port, self, threaded=True, request_handler=_Quiet, ssl_context="adhoc" if self.tls else None
        )
        self.port = self.server.server_port
        # At the end nobody waits for a browser that never asks anything over the line it opened.
        self.server.daemon_threads = True  # type: ignore[attr-defined]
        self._thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def down(self) -> None:
        """Answer nobody: whoever calls finds nothing at the port."""
        self.server.shutdown()
        self._thread.join()
        self.server.server_close()

    def up(self) -> None:
        """Be there again, at the same port."""
        self._begin(self.port)


def _weather(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
    return [f"<!doctype html><html lang=en><title>Weather</title><h1>{OUTSIDE}</h1>".encode()]


class LiveHub:
    """A hub that is served: its ground, its server, and how somebody comes to be signed in in a real browser."""

    def __init__(self, ground: Ground, server: Server, exit_url: str) -> None:
        self.ground, self.server, self.exit_url = ground, server, exit_url

    def origin(self, door: str) -> str:
        """The address of a door."""
        return self.ground.file.origin(door)

    def sign_in(self, context: playwright.sync_api.BrowserContext, door: str, person_id: UUID) -> None:
        """Put the cookie of a fresh sign-in into a real browser."""
        self.adopt(context, self.ground.at_door(door).sign_in_as(person_id))

    def adopt(self, context: playwright.sync_api.BrowserContext, browser: Browser) -> None:
        """Let a real browser go on where a browser of the request tests is."""
        found = browser.client.get_cookie("s", domain=f"{browser.door}.localhost")
        assert found is not None
        url = self.origin(browser.door)
        context.add_cookies(
            [{"name": "s", "value": found.value, "url": url, "httpOnly": True, "sameSite": "Lax"}]
        )


@contextmanager
def a_live_hub(languages: tuple[str, ...] = ("en_GB", "ar", "eo", "dv")) -> Iterator[LiveHub]:
    """A hub in a temporary folder, served on this machine until the block ends."""

    def not_yet(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        raise AssertionError("asked before there was a hub")

    server, outside = Server(not_yet), Server(_weather, tls=True)
    exit_url = f"https://weather.localhost:{outside.port}/"
    text = HUB.replace('localhost"\n', f'localhost:{server.port}"\n')
    text = text.replace("https://www.bbc.co.uk/weather", exit_url)
    text = text.replace('["en_GB", "eo", "dv"]', "[" + ", ".join(f'"{code}"' for code in languages) + "]")
    try:
        with a_hub(text=text) as ground:
            server.app = ground.app
            yield LiveHub(ground, server, exit_url)
            server.down()
    finally:
        outside.down()
