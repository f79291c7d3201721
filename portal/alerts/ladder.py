"""The ladder: who is alerted, and again, until a named person says "I have it"; as data, and when each rung is due.

`safety.md`, "I'm not safe right now". It counts from the commit; a rule that leaves an hour or a day climbs so that
the last rung stands when that time is over. Nothing is promised at night where nobody is entered in the rota: such
an alert waits for the opening, and climbs from there as in office hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.accounts.rota import (
    DIRECTOR_ON_CALL,
    EMERGENCY_DUTY_MANAGER,
    EMERGENCY_DUTY_TEAM,
    SECOND_PERSON,
)
from portal.alerts.flags import AT_ONCE, SAME_DAY, WITHIN_THE_HOUR
from portal.alerts.office import office_days
from portal.config import HubFile

OFFICE, NIGHT = "office hours", "night"
AS_THE_RULE, DUTY_TEAM, MANAGERS = "whom the rule names", "duty team", "managers"


@dataclass(frozen=True)
class Rung:
    """One rung: so many minutes after the beginning, who is told in office hours and who at night with cover."""

    minutes: int
    office: str
    night: str
    uncovered: str  # what a manager reads of the night without cover

    def tells(self, column: str) -> str:
        """Who is told in that column of the table."""
        return self.office if column == OFFICE else self.night


LADDER = (
    Rung(0, AS_THE_RULE, EMERGENCY_DUTY_TEAM, "nobody is promised; numbers; a message waits for the opening"),
    Rung(5, DUTY_TEAM, SECOND_PERSON, "–"),
    Rung(15, MANAGERS, EMERGENCY_DUTY_MANAGER, "–"),
    Rung(30, DIRECTOR_ON_CALL, DIRECTOR_ON_CALL, "first on every page at the opening"),
)
LAST = len(LADDER) - 1
THEN_EVERY = timedelta(minutes=30)
NO_OUTCOME = timedelta(minutes=30)  # after "I have it"; without an outcome by then it opens again
# How long before an alert is due its second, third and last rung stand, where its rule leaves more than minutes.
_BEFORE_DUE = {WITHIN_THE_HOUR: (30, 15, 0), SAME_DAY: (60, 30, 0)}
# What cannot wait for the morning, if somebody is there.
WAKES = (AT_ONCE, WITHIN_THE_HOUR)


def office_open(file: HubFile, now: datetime) -> bool:
    """Whether the office is open at *now*; a hub that never opens again is taken for open: somebody must be told."""
    day = next(office_days(file, now), None)
    return day is None or day.opens <= now


def next_opening(file: HubFile, now: datetime) -> datetime:
    """When the office opens next; *now* where it is open."""
    day = next(office_days(file, now), None)
    return now if day is None else max(now, day.opens)


def planned(rung: int, since: datetime, due_at: datetime, within: str) -> datetime:
    """When a rung (0 the first) of a ladder that began at *since* is due."""
    if rung > LAST:
        return planned(LAST, since, due_at, within) + (rung - LAST) * THEN_EVERY
    quick = since + timedelta(minutes=LADDER[rung].minutes)
    before = _BEFORE_DUE.get(within)
    if before is None or rung == 0:
        return quick
    return max(quick, due_at - timedelta(minutes=before[rung - 1]))


def next_step(
    rung: int, since: datetime, due_at: datetime, within: str, opens_at: datetime | None
) -> datetime:
    """When the next step is due: its rung's own time; at night the opening (*opens_at*) at the latest.

    Whoever comes in the morning hears of it then, however far it climbed and however long its rule leaves.
    """
    again = planned(rung, since, due_at, within)
    return again if opens_at is None else min(again, opens_at)


def highest_due(rung: int, since: datetime, due_at: datetime, within: str, now: datetime) -> int:
    """Of the rungs from *rung* on, the highest whose time has come: after a silence none is made up one by one."""
    while planned(rung + 1, since, due_at, within) <= now:
        rung += 1
    return rung


def opens_again_at(held_at: datetime, due_at: datetime) -> datetime:
    """When an alert that somebody took at *held_at* opens again without an outcome: not before it is due."""
    return max(held_at + NO_OUTCOME, due_at)
