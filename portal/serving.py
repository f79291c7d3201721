"""Processes: the web server, and several that start together and end together."""

from __future__ import annotations

import os
import runpy
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from granian.constants import Interfaces
from granian.server.mp import MPServer

from portal import logs
from portal.config import Settings, SettingsError

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 10  # seconds for which a process may finish what it has begun
# A worker process that is told to stop in its very first moments does not hear it; its server ends it after this.
DEAF_SECONDS = PATIENCE // 2
# So often within so many seconds may one worker process end by itself before its server stops, too.
MOST_ENDS, ENDS_WITHIN = 5, 60
SETTLED_SECONDS = 0.1


class PortTaken(Exception):
    """Somebody else listens at this port; the text is one sentence for whoever starts the server."""


class KeepsEnding(Exception):
    """The web server's processes do not stay up; the text is one sentence for whoever started it."""


def check_port(host: str, port: int) -> None:
    """Raise `PortTaken` if the port cannot be had; the server itself would share it with another of its kind."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTaken(
                f"Port {port} at {host} cannot be had ({error.strerror}); name another with --port."
            ) from None


def cores() -> int:
    """How many cores this process may use, which can be fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Server(MPServer):
    """Granian, with a rule of its own for processes that end by themselves.

    Its own rule loses an end that comes while it deals with another, so that nobody answered any more after all were
    killed at once, and it stops for one process that ends twice within seconds. Here each is started again, unless it
    ends `MOST_ENDS` times within `ENDS_WITHIN` seconds: then the server says so and stops.
    """

    def _serve_loop(self, spawn_target: Any, target_loader: Any) -> None:
        ends: defaultdict[int, deque[float]] = defaultdict(lambda: deque(maxlen=MOST_ENDS))
        settled = threading.Event()
        while not self.interrupt_signal:
            # An end that came while the last were dealt with has perhaps lost its call.
            self.main_loop_interrupt.wait(1)
            self.main_loop_interrupt.clear()
            if self.reload_signal:
                self._reload(spawn_target, target_loader)  # type: ignore[no-untyped-call]
            if not self.interrupt_children or self.interrupt_signal:
                continue
            # What was killed in the same moment is still being reported; a process forked out of the middle of a
            # line of the log would wait for ever to write one of its own.
            settled.wait(SETTLED_SECONDS)
            ended, now = set(self.interrupt_children), time.monotonic()
            for number in ended:
                ends[number].append(now)
            if any(len(at) == MOST_ENDS and now - at[0] < ENDS_WITHIN for at in ends.values()):
                break  # and it exits with 1, because there are interrupted children
            for number in ended:
                self.interrupt_children.remove(number)
            self._respawn_workers(sorted(ended), spawn_target, target_loader)


class Nameless:
    """An application whose answers do not say which server they came through.

    Granian cannot be told to leave its name away; it only keeps it back where an answer has a `Server` of its own.
    """

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self.app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer as the application does, and name nobody."""
        return self.app(
            environ,
            lambda status, headers, *fault: start_response(status, [*headers, ("Server", "")], *fault),
        )


def load_here(program: str) -> Nameless:
    """The application of *program*, in a worker process; one that cannot start ends without a traceback."""
    try:
        return Nameless(runpy.run_path(program)["app"])
    except SettingsError as why:
        sys.stderr.write(f"{why}\n")
    except Exception as fault:  # noqa: BLE001 - a traceback could carry what somebody wrote
        where = logs.place_of(fault.__traceback__)
        logs.logger("serving").error("a process could not start", fault=type(fault).__name__, where=where)
    sys.exit(1)


def serve_here(settings: Settings, host: str, port: int, threads: int) -> None:
    """Serve until told to stop: a worker process per core, each with this many *threads*.

    Raises `KeepsEnding` if they end again and again.
    """
    os.environ |= settings.as_environment()
    server = _Server(
        str(ROOT / "wsgi.py"), address=host, port=port, interface=Interfaces.WSGI, websockets=False,
        workers=cores(), blocking_threads=threads, workers_kill_timeout=DEAF_SECONDS, log_dictconfig=logs.FOR_GRANIAN,
    )  # fmt: skip
    try:
        server.serve(target_loader=load_here)
    except SystemExit as ended:
        if ended.code:
            raise KeepsEnding(
                "The web server's processes ended again and again, so it has stopped."
            ) from None


def run_together(commands: Mapping[str, Sequence[str]]) -> str | None:
    """Run portal *commands* until one ends or this process is told to stop; the name of the one that ended by itself.

    They stay in this process's group. Each holds the other end of a pipe: were this process killed, they would
    notice and end too (`end_with_parent`).
    """
    told = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: told.set())
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    children = {
        name: subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-P", "-m", "portal.commands", *words],
            stdin=subprocess.PIPE, stdout=sys.stderr, env=os.environ | {"PYTHONPATH": path},
        )
        for name, words in commands.items()
    }  # fmt: skip
    for child in children.values():
        threading.Thread(target=_wait_for, args=(child, told), daemon=True).start()
    told.wait()
    ended = next((name for name, child in children.items() if child.poll() is not None), None)
    asked = ended is None or children[ended].returncode in (0, -signal.SIGINT, -signal.SIGTERM)
    _stop(list(children.values()))
    return None if asked else ended


def _wait_for(child: subprocess.Popen[bytes], told: threading.Event) -> None:
    child.wait()
    told.set()


def _stop(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    for child in children:
        try:
            child.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def end_with_parent() -> None:
    """End this process when the one that started it is gone, and with it the other end of our stdin."""

    def wait() -> None:
        # Not through `sys.stdin`: a process forked meanwhile would wait for ever for its lock.
        while os.read(0, 1):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True).start()
