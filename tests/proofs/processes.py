"""The real programs on a hub in a folder: `portal serve` and `portal worker`, started, killed and started again."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from portal.config import HubFile
from tests.conftest import HUB, write_hub
from tests.proofs.ground import settings_in

CHECKOUT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0  # seconds until a program that was started must answer


@dataclass
class Programs:
    """One hub's web server and sender, in processes of their own, and everything that they wrote to stderr."""

    folder: Path
    port: int
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str) -> None:
        """Start "serve" or "worker" in a process group of its own."""
        more = ["--port", str(self.port)] if name == "serve" else []
        settings = {f"ROWAN_{key.upper()}": str(value) for key, value in settings_in(self.folder).items()}
        with self.log_of(name).open("ab") as log:
            self.running[name] = subprocess.Popen(
                [sys.executable, "-P", "-m", "portal.commands", name, *more],
                cwd=CHECKOUT,
                env=os.environ | settings | {"PYTHONPATH": str(CHECKOUT), "PYTHONWARNINGS": "default"},
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def log_of(self, name: str) -> Path:
        """The file that holds what the program wrote."""
        return self.folder / f"{name}.log"

    def kill(self, name: str) -> None:
        """Kill the program and every process of its group with signal 9, as a power cut would."""
        process = self.running.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def kill_one_child(self, name: str, which: int) -> bool:
        """Kill one of the processes that the program has started; whether there was one."""
        children = Path(f"/proc/{self.running[name].pid}/task/{self.running[name].pid}/children")
        try:
            found = [int(pid) for pid in children.read_text().split()]
            os.kill(found[which % len(found)], signal.SIGKILL)
        except (OSError, ZeroDivisionError):
            return False
        return True

    def stop(self) -> None:
        """End everything in order; what does not end is killed."""
        for process in self.running.values():
            process.terminate()
        for name in list(self.running):
            with suppress(subprocess.TimeoutExpired):
                self.running[name].wait(timeout=15)
            self.kill(name)

    def wait_until_served(self) -> None:
        """Wait for the web server to answer; what it said if it does not."""
        last = time.monotonic() + PATIENCE
        while time.monotonic() < last:
            with suppress(OSError, http.client.HTTPException):
                if ask(self.port, "localhost", "GET", "/healthz", seconds=2).status == 200:
                    return
            assert self.running["serve"].poll() is None, self.log_of("serve").read_text()[-2000:]
            threading.Event().wait(0.05)
        raise AssertionError(f"nothing answers at {self.port}: {self.log_of('serve').read_text()[-2000:]}")


@dataclass(frozen=True)
class Answer:
    """What came back over HTTP."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


def ask(port: int, host: str, method: str, path: str, *, cookie: str = "", form: dict[str, str] | None = None,
        seconds: float = 10) -> Answer:  # fmt: skip
    """One request to a door, over a connection of its own; an `OSError` or `HTTPException` if nothing comes back."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    try:
        headers = {"Host": host} | ({"Cookie": cookie} if cookie else {})
        body = urlencode(form).encode() if form is not None else None
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return Answer(answer.status, answer.getheaders(), answer.read())
    finally:
        connection.close()


def free_port() -> int:
    """A port that nobody listens at now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def hub_at(folder: Path, port: int, text: str = HUB) -> HubFile:
    """Write the hub's file with doors at *port*."""
    text = text.replace('localhost"', f'localhost:{port}"')
    return write_hub(folder, text)


@contextmanager
def programs(folder: Path, port: int) -> Iterator[Programs]:
    """The programs of the hub in *folder*; whatever still runs is ended afterwards."""
    made = Programs(folder, port)
    try:
        yield made
    finally:
        made.stop()
