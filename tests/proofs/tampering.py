"""Whoever changes the trail afterwards is found out, in whichever way: an event changed, deleted, swapped, made up, or the end cut off.

An administrator of the database is meant, who can lift its guards; not one who also holds the keys. Seen red with
`audit.verify` that did not compare the hash of an event, and with one that did not ask how far the trail had reached.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import delete, insert, select, text, update

from portal import audit
from portal.audit import AuditEvent, Tampered
from portal.db import new_id, session
from tests.cast import enter_the_cast
from tests.proofs.ground import Ground, a_hub


def lift_the_guard() -> None:
    """Take away what keeps anybody from changing the trail, as an administrator of the database can."""
    session.execute(text("DROP TRIGGER audit_event_no_update"))
    session.execute(text("DROP TRIGGER audit_event_no_delete"))


_FIELDS = (
    "id",
    "at",
    "actor_id",
    "door",
    "act",
    "object_kind",
    "object_id",
    "subject_id",
    "detail",
    "hash",
    "number",
)


def tamper(rng: random.Random, events: list[dict[str, Any]]) -> str:
    """Change the trail in one of a thousand ways; what was done."""
    event = rng.choice(events)
    kind = rng.choice(("change", "delete", "swap", "insert", "cut"))
    where = AuditEvent.number == event["number"]
    if kind == "change":
        field = rng.choice(_FIELDS)
        other = rng.choice(events)
        value = other[field] if other[field] != event[field] else None
        value = {"number": 10_000, "hash": "0" * 64, "act": "x", "object_kind": "y", "detail": "{}!"}.get(
            field, value
        )
        if field == "id" or (value is None and field in ("actor_id", "object_id", "subject_id")):
            value = new_id()
        value = "roof" if field == "door" else value
        value = event["at"].replace(year=2001) if field == "at" else value
        session.execute(update(AuditEvent).where(where).values({field: value}))
        return f"{field} of event {event['number']}"
    if kind == "delete":
        session.execute(delete(AuditEvent).where(where))
    elif kind == "cut":
        session.execute(delete(AuditEvent).where(AuditEvent.number >= event["number"]))
    elif kind == "swap":
        other = rng.choice([e for e in events if e["number"] != event["number"]])
        for target, source in ((event, other), (other, event)):
            values = {k: source[k] for k in ("act", "object_kind", "object_id", "subject_id", "detail", "at")}
            values["act"] += "'"
            session.execute(update(AuditEvent).where(AuditEvent.number == target["number"]).values(values))
    else:
        row = dict(event) | {"id": new_id(), "number": len(events) + 1}
        session.execute(insert(AuditEvent), [row])
    return f"{kind} at event {event['number']}"


def tampered_with(ground: Ground, times: int, seed: int = 7) -> tuple[Counter[str], list[str]]:
    """Tamper with the trail of a hub so many times, each time anew: how often in each way, and what was not found."""
    with ground.at_work():
        enter_the_cast()
    with ground.at_work():
        audit.checkpoint()
        lift_the_guard()
        events = [dict(row) for row in session.execute(select(AuditEvent.__table__)).mappings()]
    rng, ways, missed = random.Random(seed), Counter[str](), []
    for _ in range(times):
        with ground.at_work():
            done = tamper(rng, events)
            ways[done.split()[0]] += 1
            try:
                audit.verify(session.connection())
            except Tampered:
                pass
            else:
                missed.append(done)
            session.rollback()
    return ways, missed


def prove(times: int = 1000) -> Iterator[str]:
    """Tamper a thousand times."""
    with a_hub() as ground:
        ways, missed = tampered_with(ground, times)
    yield f"{times} times: {', '.join(f'{way} {count}' for way, count in ways.most_common())}"
    yield f"  {len(missed)} not found"
    assert not missed, missed[:5]
