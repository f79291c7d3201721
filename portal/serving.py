"""Processes: the web server, and several that start together and end together."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from granian import Granian
from granian.constants import Interfaces

from portal import logs
from portal.config import Settings

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 10  # seconds for which a process may finish what it has begun
# A worker process that is told to stop in its very first moments does not hear it; its server ends it after this.
DEAF_SECONDS = PATIENCE // 2


class PortTaken(Exception):
    """Somebody else listens at this port; the text is one sentence for whoever starts the server."""


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


def serve_here(settings: Settings, host: str, port: int, threads: int) -> None:
    """Serve until told to stop: a worker process per core, each with this many *threads*."""
    os.environ |= settings.as_environment()
    Granian(
        f"{ROOT / 'wsgi'}:app", address=host, port=port, interface=Interfaces.WSGI, websockets=False,
        workers=cores(), blocking_threads=threads, respawn_failed_workers=True,
        workers_kill_timeout=DEAF_SECONDS, log_dictconfig=logs.FOR_GRANIAN,
    ).serve()  # fmt: skip


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
