"""The bars of the staff's side: what a first page weighs, lists at a hundred years of one hub, and their SQL."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from functools import partial
from statistics import median
from typing import Any, NamedTuple
from uuid import UUID

from portal import crypto
from portal.access import STAFF, SignedIn
from portal.config import Hub
from portal.db import core, let_go
from portal.voices import lists
from tests.bench.hubs import Bench
from tests.bench.many import Year
from tests.bench.measure import Bar, Wire, by_turns

LISTS = (
    "/",
    "/voices",
    "/alerts",
    "/asks",
    "/actions",
    "/returns",
    "/returns/proposed",
    "/returns/team",
    "/young-people",
)
OVERSIGHT = ("/returns/clocks",)  # the manager's, over everything that is open
COUNTED = (
    "/returns/counted",
    "/alerts/rules",
)  # over everything there was lately: what rollups are for (bar 10)
TIMES = 100
_LOOKS = 15


def first_visit(bench: Bench) -> Iterator[Bar]:
    """Bar 8: a staff page with everything that it fetches."""
    wire = bench.signed_in("staff", bench.cast.priya)
    size = wire.get("/")
    head = wire.text.partition("</head>")[0]
    fetched = re.findall(r'(?:href|src)="(/[^"]+)"', head)
    size += sum(wire.get(path) for path in fetched)
    yield Bar(
        "8", f"staff page, first visit, with {len(fetched)} files", f"{size} bytes", "≤ 46080", size <= 46_080
    )


def _p50(wire: Wire, path: str) -> float:
    """Milliseconds of one look at a list."""
    wire.get(path)
    assert wire.status == 200, (path, wire.status)
    took = []
    for _ in range(_LOOKS):
        begun = time.perf_counter()
        wire.get(path)
        took.append((time.perf_counter() - begun) * 1000)
    return median(took)


def _looked_at(bench: Bench) -> dict[str, float]:
    """Milliseconds of each list, for the worker with a caseload and for the manager who sees the whole hub."""
    wires = {who: bench.signed_in("staff", getattr(bench.cast, who)) for who in ("sam", "priya")}
    looked = {"sam": LISTS, "priya": LISTS + OVERSIGHT}
    return {f"{path} as {who}": _p50(wire, path) for who, wire in wires.items() for path in looked[who]}


def at_a_hundred(one: Bench, hundred: Bench, database: str) -> Iterator[Bar]:
    """Bars 9 and 11: the lists of a year and of a hundred years, by turns, and against SQL written by hand."""
    Year(one.file, one.cast.sam, 1).fill()
    Year(hundred.file, hundred.cast.sam, TIMES).fill()
    small, large = _looked_at(one), _looked_at(hundred)
    grown = max(small, key=lambda name: large[name] / small[name])
    ratio, slowest = large[grown] / small[grown], max(large, key=lambda name: large[name])
    yield Bar(
        "9", f"lists at {TIMES} × against 1 ×, {database} ({grown})", f"{ratio:.1f} ×", "≤ 4 ×", ratio <= 4
    )
    yield Bar(
        "9", f"slowest list at {TIMES} ×, p50, {database} ({slowest})",
        f"{large[slowest]:.1f} ms", "≤ 20 ms", large[slowest] <= 20,
    )  # fmt: skip
    wire = hundred.signed_in("staff", hundred.cast.priya)
    for path in COUNTED:
        yield Bar(
            "10",
            f"{path} at {TIMES} ×, p50, counted raw, {database}",
            f"{_p50(wire, path):.1f} ms",
            "reported",
            None,
        )
    yield from _against_sql(hundred, database)


class _List(NamedTuple):
    """A list as the pages have it, and what somebody would write by hand for the same rows."""

    ours: Callable[[SignedIn], Any]
    by_hand: str


_BY_HAND = {
    "voices": _List(
        lists.voices,
        "SELECT v.id, v.said_at, v.promised_by, v.state, p.id AS person, p.name FROM voice v JOIN person p "
        "ON p.id = v.person_id WHERE v.closed_at IS NULL AND v.state IN ('waiting', 'read') "
        "ORDER BY v.promised_by, v.id LIMIT 26",
    ),
    "alerts": _List(
        lambda who: lists.alerts(who, lists.ON_A_PAGE),
        "SELECT a.id, a.rule, a.due_at, a.held_by_id, a.language, p.id AS person, p.name FROM alert a JOIN person p "
        "ON p.id = a.child_id WHERE a.state <> 'closed' ORDER BY a.due_at, a.id LIMIT 26",
    ),
    "returns": _List(
        lambda who: lists.returns(who, lists.ON_A_PAGE),
        "SELECT t.id, t.due_at, t.state, p.id AS person, p.name FROM interview_task t JOIN person p "
        "ON p.id = t.child_id WHERE t.state IN ('proposed', 'open', 'offered') ORDER BY t.due_at, t.id LIMIT 26",
    ),
}


def _against_sql(bench: Bench, database: str) -> Iterator[Bar]:
    """Bar 11: what the list's own code costs beside the bare statement and the opening of its names."""
    who = SignedIn(bench.cast.priya, bench.cast.priya, STAFF, "Priya", frozenset({"manager"}))
    ratios: dict[str, float] = {}
    for name, one in _BY_HAND.items():
        # Through the wall as who looks: to nobody the database shows no row, and there is nothing to measure.
        with Hub(bench.file, door=STAFF, actor=bench.cast.priya).entered():
            bare, ours = by_turns([(_bare(one.by_hand), 5), (partial(one.ours, who), 5)])
            let_go()
        ratios[name] = ours / bare
    worst = max(ratios, key=lambda name: ratios[name])
    yield Bar(
        "11", f"lists against SQL by hand, {database} ({worst})", f"{ratios[worst]:.1f} ×", "≤ 10 ×",
        ratios[worst] <= 10,
    )  # fmt: skip


def _bare(statement: str) -> Callable[[], object]:
    """The statement, its rows and their names opened, and nothing else."""

    def run() -> object:
        rows = core().exec_driver_sql(statement).fetchall()
        whose = [row.person if isinstance(row.person, UUID) else UUID(row.person) for row in rows]
        crypto.fetch_keys(whose)
        names = [crypto.Sealed(bytes(row.name)) for row in rows]
        return [
            crypto.open_sealed(name, "person", "name", who, who)
            for name, who in zip(names, whose, strict=True)
        ]

    return run
