"""A demonstration as its command serves it: started, asked over HTTP, and ended."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

CHECKOUT = Path(__file__).parents[2]


@dataclass
class Served:
    """`portal demo --json`, running."""

    process: subprocess.Popen[str]
    port: int
    said: dict[str, Any]
    errors: list[str] = field(default_factory=list)
    reader: threading.Thread | None = None

    @property
    def cards(self) -> list[dict[str, Any]]:
        """The cards of the line."""
        cards: list[dict[str, Any]] = self.said["cards"]
        return cards

    def card_of(self, role: str) -> dict[str, Any]:
        """The first card of a role."""
        return next(card for card in self.cards if card["role"] == role)

    def ask(self, method: str, door: str, path: str, data: dict[str, str] | None = None,
            **headers: str) -> tuple[http.client.HTTPResponse, str]:  # fmt: skip
        """One real request at a door, which is told by its name alone."""
        host = urlsplit(self.said["doors"][door]).netloc
        body = urlencode(data or {}) if method == "POST" else None
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if method == "POST" else {}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, {"Host": host, **kind, **headers})
            answer = connection.getresponse()
            return answer, answer.read().decode()
        finally:
            connection.close()

    def end(self, number: int) -> int:
        """Send the command a signal; its exit status."""
        self.process.send_signal(number)
        return self.gone()

    def gone(self) -> int:
        """Wait until the command and everything it started is gone; its exit status."""
        status = self.process.wait(60)
        assert self.reader is not None
        # Whoever is left of them holds the other end of this pipe.
        self.reader.join(60)
        assert not self.reader.is_alive()
        return status

    def read_on(self) -> None:
        """Read what it says until nobody can say anything any more."""
        assert self.process.stderr is not None
        assert self.process.stdout is not None
        with self.process.stderr as errors, self.process.stdout:
            self.errors.extend(errors)


def start(folder: Path, port: int) -> Served:
    """Start the command and wait until the web server says that it listens, and the worker that it sends."""
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "portal.commands", "demo", "--port", str(port), "--dir", str(folder), "--json",
         "--short"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONPATH": str(CHECKOUT)}, start_new_session=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stderr is not None
    first = process.stdout.readline()
    assert first, process.stderr.read()
    served = Served(process, port, json.loads(first))
    wanted = ["Started worker-1", "event=sending"]
    for line in process.stderr:
        served.errors.append(line)
        wanted = [what for what in wanted if what not in line]
        if not wanted:
            break
    assert not wanted, served.errors
    served.reader = threading.Thread(target=served.read_on, daemon=True)
    served.reader.start()
    while is_shut(port):  # its line comes a moment before the port opens
        with contextlib.suppress(subprocess.TimeoutExpired):
            raise AssertionError(f"It ended with {process.wait(0.1)}: {served.errors}")
    return served


def is_shut(port: int) -> bool:
    """Whether nobody listens at the port any more."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def children_of(pid: int) -> dict[int, str]:
    listed = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True
    )
    rows = [line.split(None, 2) for line in listed.stdout.splitlines()]
    return {int(child): words for child, parent, words in rows if int(parent) == pid}
