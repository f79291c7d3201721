"""Who there is in a described world, and who belongs to whom."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from uuid import UUID

from sqlalchemy import select

from portal import audit
from portal.access import STAFF, YOUNG
from portal.accounts import ways_in
from portal.accounts.cover import Cover
from portal.accounts.models import Allocation, Link, Organisation, Person, join_adult, name_and_birthday
from portal.accounts.staff_secret import StaffSecret, set_secret
from portal.config import current_hub
from portal.crypto import lookup_hash
from portal.db import session
from portal.episodes.likeness import parts_of, sound
from portal.world.acts import Act, Making, acting
from portal.world.told import World, WorldError
from portal.world.told_people import (
    AllocationTold,
    CoverTold,
    LinkTold,
    OrganisationTold,
    Somebody,
    WayInTold,
)


def who_there_is(world: World, first: str) -> Iterator[Act]:
    """Everybody is entered at *first*, before anything else happens; then who belongs to whom."""
    for organisation in world.organisations:
        yield Act(f"organisation {organisation.name}", first, partial(_found, organisation))
    for person in world.people:
        yield Act(f"person {person.key}", first, partial(_enter, person))
        if person.password:
            yield Act(f"secret of {person.key}", first, partial(_set_secret, person))
    for link in world.links:
        yield Act(f"link of {link.adult} to {link.child}", link.since or first, partial(_link, link))
    for held in world.allocations:
        yield Act(
            f"allocation of {held.child} to {held.worker}", held.since or first, partial(_allocate, held)
        )


def what_becomes_of_them(world: World) -> Iterator[Act]:
    """Ways in, things put away, ends."""
    for way in world.ways_in:
        yield Act(f"way in of {way.person}", way.at, partial(_give, way), way.by, STAFF)
    for link in world.links:
        if link.home_safe:
            safe = f"link of {link.adult} to {link.child}, home is safe"
            yield Act(safe, link.home_safe.at, partial(_home_is_safe, link), link.home_safe.by, STAFF)
    for number, cover in enumerate(world.covers):
        yield Act(f"covers.{number}", cover.at, partial(_cover, cover), cover.by, STAFF)
    for person in world.people:
        if person.put_away_at:
            away = f"{person.key} puts all away"
            yield Act(away, person.put_away_at, partial(_put_away, person.key), person.key, YOUNG)
        if person.ended_at:
            yield Act(f"end of {person.key}", person.ended_at, partial(_end, person.key))


def refuse_who_is_here(making: Making) -> None:
    """Raise `WorldError` if the hub has one of these people already: a file is not built twice."""
    for number, person in enumerate(making.world.people):
        wanted = [Person.id == _id_of(person, making)]
        if person.email:
            wanted.append(Person.email_hash == lookup_hash("email", person.email))
        if person.born_on:
            wanted.append(Person.name_birthday_hash == name_and_birthday(person.name, person.born_on))
        if any(session.scalar(select(Person.id).where(one)) for one in wanted):
            raise WorldError(f"people.{number}: {person.key!r} is in this hub already.")


def _found(organisation: OrganisationTold, making: Making) -> None:
    if session.scalar(select(Organisation.id).where(Organisation.name == organisation.name)) is None:
        session.add(Organisation(name=organisation.name, kind=organisation.kind))


def _enter(person: Somebody, making: Making) -> None:
    place = None
    if person.organisation:
        place = session.scalars(select(Organisation.id).where(Organisation.name == person.organisation)).one()
    entered = Person.enter(
        person.kind, person.name, roles=person.roles, known_as=person.known_as, born_on=person.born_on,
        email=person.email, phone=person.phone, surname_sound=sound(parts_of(person.name).surname) or None,
        organisation_id=place, language=person.language, living=person.living, held_because=person.held_because,
        id=_id_of(person, making),
    )  # fmt: skip
    making.people[person.key] = entered.id


def _id_of(person: Somebody, making: Making) -> UUID:
    return making.id_of(f"person {person.key}", person.id)


def _set_secret(person: Somebody, making: Making) -> None:
    making.totp[person.key] = give_secret(making.person(person.key), person.password or "", person.totp)


def give_secret(person: Person, password: str, totp: str | None = None) -> str:
    """Give somebody of the staff a password and an authenticator's secret, *totp* or a fresh one; the secret."""
    fresh = set_secret(person, password)
    if totp is None:
        return fresh
    session.flush()
    session.scalars(select(StaffSecret).where(StaffSecret.person_id == person.id)).one().totp = totp
    return totp


def _link(link: LinkTold, making: Making) -> None:
    until = making.when(link.until) if link.until else None
    join_adult(making.people[link.adult], making.people[link.child], link.kind, until)


def _home_is_safe(link: LinkTold, making: Making) -> None:
    adult, child = making.people[link.adult], making.people[link.child]
    found = session.scalars(select(Link).where(Link.adult_id == adult, Link.child_id == child)).one()
    found.say_home_is_safe(acting())


def _cover(told: CoverTold, making: Making) -> None:
    absent, covers = making.people[told.absent], making.people[told.covers]
    Cover.give(absent, covers, making.when(told.starts_at), making.when(told.ends_at), acting())


def _allocate(held: AllocationTold, making: Making) -> None:
    worker, child = making.people[held.worker], making.people[held.child]
    until = making.when(held.until) if held.until else None
    session.add(Allocation(worker_id=worker, child_id=child, starts_at=current_hub().now(), ends_at=until))
    audit.record("allocation.made", object_kind="person", object_id=worker, subject=child)


def _give(way: WayInTold, making: Making) -> None:
    making.ways_in[way.person] = ways_in.give(making.people[way.person], making.people[way.by])


def _put_away(key: str, making: Making) -> None:
    making.person(key).put_all_away()


def _end(key: str, making: Making) -> None:
    person = making.person(key)
    person.ended_at = current_hub().now()
    audit.record("person.ended", object_kind="person", object_id=person.id, subject=person.id)
