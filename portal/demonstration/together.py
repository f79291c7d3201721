"""The processes of a demonstration: they start together, and when one ends, or is told to, all of them end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

PATIENCE = 10  # seconds for which a process may finish what it has begun


def run_together(commands: Mapping[str, Sequence[str]], root: Path) -> str | None:
    """Run portal *commands* until one ends or this process is told to stop; the name of the one that ended by itself.

    They stay in this process's group. Each holds the other end of a pipe: were this process killed, they would
    notice and end too (`end_with_parent`).
    """
    told = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: told.set())
    path = os.pathsep.join(filter(None, [str(root), os.environ.get("PYTHONPATH")]))
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
