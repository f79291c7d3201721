"""The bars of the programs as they run: what the web server keeps in memory, and how long the long work takes."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from portal.access import STAFF, YOUNG
from portal.app import create_app
from portal.demonstration import making
from portal.demonstration.folder import locked
from portal.episodes import preview
from tests.bench.measure import Bar
from tests.proofs.ground import settings_in
from tests.proofs.kill import a_place, close
from tests.proofs.preview import brought
from tests.proofs.processes import ask, programs

ROWS = 5_000
_PAGES = ((YOUNG, "/in"), (STAFF, "/sign-in"), (YOUNG, "/help"))


def memory() -> Iterator[Bar]:
    """Bar 12: the web server and two of its worker processes, each after some pages (PSS, which Linux alone tells)."""
    with a_place(None) as (folder, file, port), programs(folder, port) as running:
        running.start("serve")
        running.wait_until_served()
        for _ in range(40):
            for door, path in _PAGES:
                ask(port, file.host(door), "GET", path, seconds=30)
        server = running.running["serve"].pid
        children = _numbers(Path(f"/proc/{server}/task/{server}/children"))
        workers = sorted((_pss(pid) for pid in _family(children)), reverse=True)
        most = (_pss(server) + sum(workers[:2])) / 1024
        close(file)
    if not most:
        yield Bar("12", "two worker processes, memory (PSS)", "not told here", "≤ 220 MB", None)
        return
    yield Bar(
        "12", "server and two worker processes, memory (PSS)", f"{most:.0f} MB", "≤ 220 MB", most <= 220
    )


def _family(pids: list[int]) -> list[int]:
    """These processes and whatever they have started."""
    below = [child for pid in pids for child in _numbers(Path(f"/proc/{pid}/task/{pid}/children"))]
    return pids + (_family(below) if below else [])


def _numbers(path: Path) -> list[int]:
    try:
        return [int(number) for number in path.read_text().split()]
    except OSError:
        return []


def _pss(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def long_work() -> Iterator[Bar]:
    """Bar 16: the demonstration made from nothing, and a long list looked at by its own process."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "demonstration"
        begun = time.perf_counter()
        with locked(folder):
            made = making.prepare(folder, 8000)
        took = time.perf_counter() - begun
        close(made.file)
    yield Bar("16", "the demonstration made", f"{took:.1f} s", "≤ 60 s", took <= 60)
    with a_place(None) as (folder, file, _):
        app = create_app(**settings_in(folder))
        list_id = brought(file, ROWS)
        begun = time.perf_counter()
        preview.start(file, app.extensions["rowan"], list_id, datetime.now(UTC)).wait()
        took = time.perf_counter() - begun
        close(file)
    yield Bar("16", f"a list of {ROWS:,} rows looked at", f"{took:.1f} s", "≤ 5 s", took <= 5)
