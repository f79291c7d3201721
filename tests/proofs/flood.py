"""While sign-ins flood in, everybody else is answered within a second (p99), and "not safe" is saved.

The real web server on SQLite. Flooders send wrong passwords to the staff's door, each time another e-mail from another
address, so that no counter stops them; young people press "No, tell …" and read their page meanwhile. Every sign-in
costs a slow hash, which few at a time may make.
"""

from __future__ import annotations

import http.client
import os
import random
import statistics
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

from portal import i18n
from portal.access import STAFF, YOUNG
from portal.app import create_app
from portal.config import Hub, HubFile
from portal.returns.models import NOT_SAFE_NOW
from tests.proofs.ground import TOKEN, settings_in
from tests.proofs.kill import a_place, close, enter_children
from tests.proofs.processes import programs
from tests.proofs.standing import FORM_TOKEN

FLOODERS, OTHERS = 16, 2
BAR = 1.0  # seconds
SECONDS = 60


@dataclass
class Flood:
    """What is sent to one hub, and how long everybody else waited."""

    file: HubFile
    port: int
    nobodys: str  # the cookie of a browser that is signed in nowhere
    over: threading.Event = field(default_factory=threading.Event)
    flooded: Counter[int] = field(default_factory=Counter)
    waited: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def send(self, door: str, path: str, cookie: str, form: dict[str, str] | None, came_from: str) -> int:
        """One request over a connection of its own; its status."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Host": self.file.host(door), "Cookie": f"s={cookie}", "X-Forwarded-For": came_from}
        body = urlencode(form | {"csrf_token": FORM_TOKEN}) if form is not None else None
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request("POST" if form is not None else "GET", path, body, headers)
            return connection.getresponse().status
        finally:
            connection.close()

    def flood(self, number: int) -> None:
        """Send wrong passwords until it is over."""
        rng = random.Random(f"flood {number}")
        while not self.over.is_set():
            form = {"email": f"{rng.random()}@hub.example", "password": "wrong", "code": "000000"}
            came_from = ".".join(str(rng.randrange(1, 255)) for _ in range(4))
            try:
                self.flooded[self.send(STAFF, "/sign-in", self.nobodys, form, came_from)] += 1
            except (OSError, http.client.HTTPException):
                self.flooded[0] += 1

    def answer(self, cookie: str, seconds: float) -> None:
        """Press "No, tell …" and read the page, again and again; note how long each took."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for form in ({"safe": NOT_SAFE_NOW, "form_key": uuid4().hex}, None):
                began = time.monotonic()
                status = self.send(YOUNG, "/now", cookie, form, "192.0.2.1")
                self.waited.append(time.monotonic() - began)
                if status != (303 if form else 200):
                    self.faults.append(f"{'POST' if form else 'GET'} /now answered {status}")


def _nobodys_cookie(file: HubFile, folder: Path) -> str:
    app = create_app(**settings_in(folder))
    with Hub(file).entered(), i18n.speaking("en_GB"):
        serializer = app.session_interface.get_signing_serializer(app)
        assert serializer is not None
        cookie: str = serializer.dumps({"t": TOKEN})
    close(file)
    return cookie


def flood_for(seconds: float, flooders: int = FLOODERS) -> Flood:
    """Flood a hub of its own for so long while others answer; what came of it."""
    before = os.environ.get("ROWAN_PROXIES")
    os.environ["ROWAN_PROXIES"] = "1"  # so that each sign-in comes from elsewhere
    try:
        with a_place() as (folder, file, port):
            cookies = enter_children(file, folder, OTHERS)
            flood = Flood(file, port, _nobodys_cookie(file, folder))
            with programs(folder, port) as running:
                running.start("serve")
                running.wait_until_served()
                _run(flood, [cookie for _, cookie in cookies], seconds, flooders)
        return flood
    finally:
        os.environ.pop("ROWAN_PROXIES")
        if before is not None:
            os.environ["ROWAN_PROXIES"] = before


def _run(flood: Flood, cookies: list[str], seconds: float, flooders: int) -> None:
    those = [threading.Thread(target=flood.flood, args=(number,)) for number in range(flooders)]
    others = [threading.Thread(target=flood.answer, args=(cookie, seconds)) for cookie in cookies]
    for thread in (*those, *others):
        thread.start()
    for other in others:
        other.join()
    flood.over.set()
    for thread in those:
        thread.join()


def prove(seconds: int = SECONDS) -> Iterator[str]:
    """Flood for so many seconds; the figures, or an `AssertionError`."""
    flood = flood_for(seconds)
    waited = sorted(flood.waited)
    p99 = waited[int(len(waited) * 0.99)]
    yield f"{seconds} s, {FLOODERS} flooders: {dict(flood.flooded)} sign-ins by status"
    yield (
        f"{len(waited)} requests of others: median {statistics.median(waited) * 1000:.0f} ms, "
        f"p99 {p99 * 1000:.0f} ms, longest {waited[-1] * 1000:.0f} ms"
    )
    assert not flood.faults, flood.faults[:3]
    assert flood.flooded[422] > 0, "nothing was looked at: it was no flood"
    assert p99 <= BAR, f"p99 {p99:.2f} s"
