"""One act after the other, each at its own time, by the verbs that the pages use.

So an answer raises its alert here as on a phone, and nothing comes to stand in the database that could not have
come about. Few acts share a commit: whoever says "not safe" meanwhile waits for one commit, not for all.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from tqdm import tqdm

from portal import db, i18n
from portal.access import SignedIn
from portal.accounts.models import Person
from portal.accounts.ways_in import NewWayIn
from portal.config import Hub, current_hub
from portal.db import session
from portal.trail.models import InPersonOnly, StillOnItsWay, Unanswered
from portal.trail.shares import AgainstWish
from portal.world.times import instant
from portal.world.told import World, WorldError

# What the verbs raise where something cannot come about.
_CANNOT_BE = (ValueError, LookupError, AttributeError, AgainstWish, InPersonOnly, StillOnItsWay, Unanswered)
_AT_ONCE = 8  # acts in one commit; one act writes six rows or so, its audit lines among them


@dataclass
class Making:
    """A world that is being made: every id by its key in the file, and what is shown only once."""

    world: World
    at: datetime
    people: dict[str, UUID] = field(default_factory=dict)
    episodes: dict[str, UUID] = field(default_factory=dict)
    returns: dict[str, UUID] = field(default_factory=dict)  # by episode, the interview it asks for
    answers: dict[str, UUID] = field(default_factory=dict)
    voices: dict[str, UUID] = field(default_factory=dict)  # by answer
    ways_in: dict[str, NewWayIn] = field(default_factory=dict)
    totp: dict[str, str] = field(default_factory=dict)
    sittings: dict[str, SignedIn] = field(default_factory=dict)

    def when(self, told: str) -> datetime:
        """The instant that *told* means here."""
        return instant(told, self.at)

    def stream(self, name: str) -> random.Random:
        """The random stream of what is called *name*: its own, so that nothing shifts what another is given."""
        seed = self.world.seed
        return random.SystemRandom() if seed is None else random.Random(f"{seed}|{name}")  # noqa: S311 - a test's

    def id_of(self, name: str, told: UUID | None = None) -> UUID:
        """The id of what is called *name*: as *told*, else random, and with a seed the same each time."""
        return told or UUID(int=self.stream(f"id of {name}").getrandbits(128), version=4)

    @cached_property
    def languages(self) -> dict[str | None, str]:
        """In which language each person of this world reads, where it is not English."""
        return {person.key: person.language for person in self.world.people}

    def person(self, key: str) -> Person:
        """Somebody of this world, in the step under way."""
        return session.get_one(Person, self.people[key])

    def as_json(self) -> dict[str, dict[str, Any]]:
        """Ids, ways in and authenticator secrets, ready to be written out."""
        ids = {name: getattr(self, name) for name in ("people", "episodes", "returns", "answers", "voices")}
        return {name: {key: str(value) for key, value in found.items()} for name, found in ids.items()} | {
            "ways_in": {key: asdict(value) for key, value in self.ways_in.items()},
            "totp": dict(self.totp),
        }


def acting() -> UUID:
    """Who acts in the step under way."""
    actor = current_hub().actor
    if actor is None:
        raise LookupError("nobody acts")
    return actor


@dataclass(frozen=True)
class Act:
    """One thing that is done: what it is called in a message, when, by whom, at which door."""

    name: str
    at: str
    do: Callable[[Making], object]
    by: str | None = None
    door: str | None = None


def perform(acts: Sequence[Act], making: Making, file_hub: Hub) -> None:
    """Do *acts* in their order; raises `WorldError` for the first that cannot come about."""
    if late := next((act for act in acts if making.when(act.at) > making.at), None):
        raise WorldError(f"{late.name}: lies after the instant from which the world is told.")
    with tqdm(total=len(acts), desc="Building", unit="act", file=sys.stderr, leave=False) as progress:
        for start in range(0, len(acts), _AT_ONCE):
            few = acts[start : start + _AT_ONCE]
            # Each act is somebody's at some door, but the whole is a step of the hub, which sees every row.
            with db.step(Hub(file_hub.file, clock=file_hub.clock, beyond=True)) as hub:
                for act in few:
                    _perform(act, making, hub)
            progress.update(len(few))


def _perform(act: Act, making: Making, hub: Hub) -> None:
    at = making.when(act.at)
    hub.clock, hub.rng = lambda: at, making.stream(act.name)
    hub.actor, hub.door = making.people[act.by] if act.by else None, act.door
    if hub.actor:
        db.act_as(hub.actor)
    try:
        with i18n.speaking(making.languages.get(act.by, "en_GB")):
            act.do(making)
        session.flush()
    except _CANNOT_BE as error:
        raise WorldError(f"{act.name}: cannot come about as it is told.") from error
