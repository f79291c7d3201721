"""A list of 5,000 rows is looked at within 5 seconds, and "not safe" is answered within 100 ms meanwhile.

The real web server runs on a hub in a folder and the real process looks at the list, from its start to its end, as
after a press on "Bring the list". Meanwhile young people press "No, tell …" over HTTP, one press after the other and
each over a connection of its own, as they did before while nothing else ran. It fails over 5 seconds, or if the
median of the presses meanwhile is over 100 ms. The median is what somebody meets who presses at any one moment, and
it tells whether a list keeps everybody waiting; the worst is the one press that met a commit of fifty rows, a slow
disk or whatever else the machine was doing. It moves from run to run, so it is printed and decides nothing.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from statistics import median
from subprocess import Popen
from uuid import UUID, uuid4

from portal.access import YOUNG
from portal.app import create_app
from portal.config import Hub, HubFile
from portal.db import session, step
from portal.episodes import preview
from portal.episodes.imports import ListImport
from portal.episodes.words import READY
from portal.returns.models import NOT_SAFE_NOW
from tests.episodes.conftest import a_list, many_rows
from tests.machine.postgres import Database, fresh_database
from tests.proofs.ground import settings_in
from tests.proofs.kill import a_place, close, enter_children
from tests.proofs.processes import ask, programs
from tests.proofs.standing import FORM_TOKEN

ROWS = 5_000
WITHIN = 5.0  # seconds for the whole list
ANSWERED = 0.1  # seconds for "not safe"
IDLE_PRESSES = 60


@dataclass
class Presses:
    """Young people who press "No, tell …" in turn."""

    host: str
    port: int
    cookies: Iterator[str]

    def press(self) -> float:
        """One press; how many seconds until the answer was there."""
        form = {"safe": NOT_SAFE_NOW, "form_key": uuid4().hex, "csrf_token": FORM_TOKEN}
        cookie = f"s={next(self.cookies)}"
        began = time.monotonic()
        answer = ask(self.port, self.host, "POST", "/now", cookie=cookie, form=form, seconds=30)
        assert answer.status == 303, f"answered {answer.status}"
        return time.monotonic() - began

    def while_running(self, process: Popen[bytes]) -> list[float]:
        """Press until the process has ended; the seconds of each press."""
        waits = []
        while process.poll() is None:
            waits.append(self.press())
        return waits


def said(waits: list[float]) -> str:
    """Seconds as a sentence."""
    return f"median {median(waits) * 1000:.0f} ms, worst {max(waits) * 1000:.0f} ms of {len(waits)}"


def brought(file: HubFile, rows: int) -> UUID:
    """A list of so many rows that was just brought."""
    with step(Hub(file)):
        return ListImport.bring(a_list(*many_rows(rows)), "list.csv", None).id


def look_at(rows: int, database: Database | None = None) -> Iterator[str]:
    """Have a list of *rows* looked at while somebody is not safe; the figures, or an `AssertionError`."""
    with a_place(database) as (folder, file, port):
        cookies = enter_children(file, folder, 20)
        presses = Presses(file.host(YOUNG), port, cycle(cookie for _, cookie in cookies))
        with programs(folder, port) as running:
            running.start("serve")
            running.wait_until_served()
            idle = [presses.press() for _ in range(IDLE_PRESSES)][
                IDLE_PRESSES // 3 :
            ]  # the first ones warm it up
            took, cpu, waits = _looked_at(folder, file, rows, presses)
    where = "PostgreSQL" if database else "SQLite"
    yield f"{where}: {rows:,} rows looked at in {took:.1f} s, of which the process had a core for {cpu:.1f} s"
    yield f'{where}: "not safe" with nothing else going on: {said(idle)}'
    yield f'{where}: "not safe" meanwhile: {said(waits)}'
    assert took <= WITHIN, f"{took:.1f} s for {rows:,} rows on {where}"
    assert median(waits) <= ANSWERED, f'"not safe" was answered in {median(waits) * 1000:.0f} ms on {where}'


def _looked_at(folder: Path, file: HubFile, rows: int, presses: Presses) -> tuple[float, float, list[float]]:
    app = create_app(**settings_in(folder))
    try:
        import_id = brought(file, rows)
        before, began = _children_had(), time.monotonic()
        process = preview.start(file, app.extensions["rowan"], import_id, datetime.now(UTC))
        waits = presses.while_running(process)
        took, cpu = time.monotonic() - began, _children_had() - before
        with step(Hub(file)):
            done = session.get_one(ListImport, import_id)
            assert (done.state, sum(done.counts().values()) > 0, done.done) == (READY, True, rows)
    finally:
        close(file)
    return took, cpu, waits


def _children_had() -> float:
    """The seconds of a core that processes had which this one started and which have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def prove(rows: int = ROWS) -> Iterator[str]:
    """The figures on both databases."""
    yield from look_at(rows)
    with fresh_database() as database:
        yield from look_at(rows, database)
