"""Tries are counted exactly, by however many processes, on both databases and without a server of counters."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from portal.accounts.throttle import TRIES_OF_CLIENT, TRIES_OF_ONE

CHECKOUT = Path(__file__).resolve().parents[2]
PROCESSES, EACH = 4, 25
TRIES = """
import json, sys
from portal import config, crypto
from portal.accounts import throttle
from portal.config import Hub
told = json.loads(sys.argv[1])
(file,) = config.load_hubs(config.checked(told["settings"]))
crypto.open_ring(file, config.checked(told["settings"]).keys)
free = 0
for number in range(told["each"]):
    with Hub(file, door="staff").entered():
        free += throttle.seconds_to_wait(told["what"] or f"{sys.argv[2]} {number}", "192.0.2.7") == 0
print(free)
"""


def free_tries(settings, what: str) -> int:
    """How many tries of *what* (nothing: each of something else) were free, over all processes at once."""
    told = {"settings": {k: str(v) for k, v in settings.items()}, "what": what, "each": EACH}
    running = [
        subprocess.Popen(
            [sys.executable, "-c", TRIES, json.dumps(told), str(number)], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True
        )
        for number in range(PROCESSES)
    ]  # fmt: skip
    return sum(int(one.communicate(timeout=60)[0]) for one in running)


def test_one_client_has_so_many_tries_whichever_process_answers(settings, app):
    assert free_tries(settings, "") == TRIES_OF_CLIENT


def test_one_way_in_has_so_many_tries_whichever_process_answers(settings, app):
    assert free_tries(settings, "four words") == TRIES_OF_ONE
