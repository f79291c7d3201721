"""What can be asked for, in how many working days it is answered, and who reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.config import HubFile, current_hub
from portal.i18n import N_
from portal.trail.promise import promise

SOON = 1  # working days for what somebody may need tonight; for the rest the hub's file says how many
SOMETHING_ELSE = "else"
DIFFERENT_WORKER = "different-worker"
_TRY = "try:"


@dataclass(frozen=True)
class Thing:
    """One thing to ask for; *soon*: answered within one working day."""

    value: str
    words: str
    soon: bool = False


THINGS = (
    Thing("lift", N_("A lift"), soon=True),
    Thing("bus-pass", N_("A bus pass")),
    Thing("food", N_("Food"), soon=True),
    Thing("clothes", N_("Clothes"), soon=True),
    Thing("charger", N_("A charger"), soon=True),
    Thing("see-someone", N_("To see someone")),
    Thing("school-call", N_("A call to school")),
    Thing("nurse", N_("A nurse"), soon=True),
    Thing("advocate", N_("An advocate: someone on your side"), soon=True),
    Thing("interpreter", N_("Someone who speaks my language"), soon=True),
    Thing(DIFFERENT_WORKER, N_("A different worker")),
)
# How a form names what a hub's list of things to try names one by one.
SOMETHING_TO_TRY = Thing("try", N_("Something to try: gym, music, football"))
ELSE = Thing(SOMETHING_ELSE, N_("Something else"))
# The words that a hub's list of things to try begins with; a hub's own words are shown as its file has them.
FIRST_TO_TRY = (N_("Gym"), N_("Radio"), N_("Music"), N_("Football"))


def things_to_try() -> list[Thing]:
    """What this hub offers to try, by its file."""
    return [Thing(f"{_TRY}{name}", name) for name in current_hub().file.things_to_try]


def things() -> dict[str, Thing]:
    """Everything that can be asked for here, by what the form sends."""
    return {thing.value: thing for thing in (*THINGS, *things_to_try(), ELSE)}


def answer_by(now: datetime, file: HubFile, *, soon: bool) -> datetime:
    """By when (UTC) somebody answers what is asked at *now*: the close of that working day of the hub.

    Only days that have not yet begun count, so that there is always a whole one: never "today" under way.
    """
    closes = promise(now, file)
    for _ in range((SOON if soon else file.ask_days) - 1):
        closes = promise(closes + timedelta(hours=1), file)
    return closes
