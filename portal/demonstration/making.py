"""Makes the demonstration once, brings it up to this version, and gives everybody a fresh way in at every start."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import shutil
import sys
from datetime import UTC, date, datetime, time
from pathlib import Path
from uuid import UUID

import click
from alembic.util.exc import CommandError
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from tqdm import tqdm

from portal import crypto, db, migrations, world
from portal.access import DOOR_OF, POLICY
from portal.accounts import ways_in, words
from portal.accounts.models import Person
from portal.config import LONDON, Hub, HubFile, utc_now
from portal.db import session
from portal.demonstration import cards as deck
from portal.demonstration import past_year
from portal.demonstration.cards import Card, Demonstration
from portal.demonstration.folder import is_demonstration, mark_as_demonstration, settings_in, write_files
from portal.demonstration.year import WHOLE, Year
from portal.world.people import give_secret
from portal.world.told_people import Somebody

SEED = "rowan"
WEEK = Path(__file__).parent / "present_week.json"
_AT_ONCE = 8  # people in one commit


class NotWhole(Exception):
    """What lies in the folder was not finished, or was made by another version."""


def prepare(folder: Path, port: int, *, seed: str = SEED, day: date | None = None,
            year: Year = WHOLE) -> Demonstration:  # fmt: skip
    """Make the demonstration in *folder* (once), bring it up to this version, and give everybody a fresh way in.

    What is made hangs on nothing but the *seed*, the *day* from which its week is told, and the *year* before it.
    """
    file = write_files(folder, port)
    keys = settings_in(folder).keys
    crypto.open_ring(file, keys)
    try:
        bring_up(file)
        ids = _ids(folder)
    except NotWhole:
        if (folder / "cards.json").exists():
            click.echo(f"The demonstration in {folder} is another version's, so it is made anew.", err=True)
        clear(folder, file)
        crypto.open_ring(file, keys)
        ids = _make(folder, file, seed, day or utc_now().astimezone(LONDON).date(), year)
    cards = _fresh_cards(folder, file, ids)
    db.close_engine(file)
    crypto.close_ring(file)
    return Demonstration(file, cards)


def bring_up(file: HubFile) -> None:
    """Bring the schema up to this version; raises `NotWhole` if what lies there cannot be used as it is."""
    try:
        migrations.upgrade(file)
    except (CommandError, DBAPIError) as error:
        raise NotWhole from error
    if migrations.difference(file, db.Base.metadata) or not is_demonstration(file):
        raise NotWhole
    with Hub(file).entered():
        try:
            session.scalars(select(Person).limit(1)).one()
        except (SQLAlchemyError, crypto.CannotOpen) as error:
            raise NotWhole from error
        finally:
            session.remove()


def clear(folder: Path, file: HubFile) -> None:
    """Take away what cannot be used, the keys with it; only what a demonstration had put there."""
    db.close_engine(file)
    crypto.close_ring(file)
    for name in ("data", "keys", "messages"):
        shutil.rmtree(folder / name, ignore_errors=True)
        (folder / name).mkdir(mode=0o700)
    for name in ("people.json", "cards.json"):
        (folder / name).unlink(missing_ok=True)


def _week() -> world.World:
    """The present week; everybody in it is held, so that retention leaves them alone."""
    week = world.read(WEEK)
    held = [person.model_copy(update={"held_because": past_year.HOLD}) for person in week.people]
    return week.model_copy(update={"people": tuple(held)})


def _make(folder: Path, file: HubFile, seed: str, day: date, year: Year) -> dict[str, UUID]:
    migrations.upgrade(file)
    past_year.lay(year, file, seed)
    # From the day's first instant: nothing of it hangs on the hour at which somebody starts the demonstration.
    told_from = datetime.combine(day, time(), LONDON).astimezone(UTC)
    made = world.build(_week().model_copy(update={"at": told_from, "seed": seed}), Hub(file))
    ids = {key: str(person_id) for key, person_id in made.people.items()}
    (folder / "people.json").write_text(json.dumps(ids), "utf-8")
    mark_as_demonstration(file)
    return made.people


def _ids(folder: Path) -> dict[str, UUID]:
    try:
        ids = {key: UUID(value) for key, value in json.loads((folder / "people.json").read_text()).items()}
    except (OSError, ValueError, AttributeError) as error:
        raise NotWhole from error
    if ids.keys() != {person.key for person in _week().people}:
        raise NotWhole
    return ids


def _fresh_cards(folder: Path, file: HubFile, ids: dict[str, UUID]) -> tuple[Card, ...]:
    order, secret = list(POLICY), (folder / "secret").read_bytes()
    people = sorted(_week().people, key=lambda person: order.index(person.roles[0]))
    giver = next(ids[person.key] for person in people if "manager" in person.roles)
    cards: list[Card] = []
    with tqdm(total=len(people), desc="Ways in", unit="card", file=sys.stderr, leave=False) as progress:
        for start in range(0, len(people), _AT_ONCE):
            few = people[start : start + _AT_ONCE]
            with db.step(Hub(file, actor=giver)):
                cards += [_card(person, ids[person.key], giver, secret) for person in few]
            progress.update(len(few))
    deck.write(tuple(cards), folder)
    return tuple(cards)


def _card(told: Somebody, person_id: UUID, giver: UUID, secret: bytes) -> Card:
    role, person = told.roles[0], session.get_one(Person, person_id)
    common = {
        "role": role, "name": person.name, "door": DOOR_OF[role], "about": told.note, "press": f"/press/{person_id}",
    }  # fmt: skip
    if told.kind == "staff":
        password, totp = _own_secret(told, secret)
        give_secret(person, password, totp)
        return Card(**common, email=person.email, password=password, totp=totp)
    way = ways_in.give(person_id, giver)
    return Card(**common, link=way.link, words=way.words, pin=way.pin)


def _own_secret(told: Somebody, secret: bytes) -> tuple[str, str]:
    """The password and authenticator of one of the staff: the same at each start, other in each folder."""
    digest = hmac.new(secret, f"card of {told.key}".encode(), hashlib.sha256).digest()
    password = words.in_words(int.from_bytes(digest[20:]) % words.HOW_MANY**4).replace(" ", "-")
    return password, base64.b32encode(digest[:20]).decode()
