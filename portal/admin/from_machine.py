"""An administrator's sign-in, made at the command line: a hub's first ones, and one that nobody else could make anew.

A sign-in takes two people (`accounts.invitations`); an empty hub has nobody, and a small one may have lost them all.
Whoever runs the machine holds its keys and could write to its database anyway, so it is not refused to them, but it
cannot be done quietly: only an administrator is invited who has no other role at the staff's door, and so reads no
young person's words; every manager and administrator is told and finds it on the page of new roles for thirty days;
and the trail says what was done.
"""

from __future__ import annotations

import re

from sqlalchemy import select

from portal import audit, outbox
from portal.access import STAFF
from portal.accounts.draw import Draw
from portal.accounts.given_roles import FROM_MACHINE, who_watch
from portal.accounts.invitations import Invitation, Shown, forget_sign_in, shown
from portal.accounts.models import Person
from portal.accounts.sign_in import roles_at
from portal.admin import people
from portal.crypto import lookup_hash
from portal.db import new_id, session

ROLE = "administrator"


class NotInvited(Exception):
    """Somebody who gets no invitation this way; the text is a sentence."""


def invite(email: str, name: str = "", organisation: str = "") -> Shown:
    """Invite whoever has this e-mail address and is administrator alone, in the step under way; entered first if nobody has it.

    What they signed in with before is over. Raises `NotInvited`.
    """
    person = session.scalar(select(Person).where(Person.email_hash == lookup_hash("email", email)))
    if person is None:
        person = _enter(email, name, organisation)
    else:
        _only_administrator(person, email)
    forget_sign_in(person.id, new_id())
    audit.record(FROM_MACHINE, object_kind="person", object_id=person.id, subject=person.id)
    made = shown(Invitation.make(person.id, person.id, Draw.of(person.id)))
    for watcher in who_watch(but=(person.id,)):
        outbox.put(
            "person.role_given", object_id=person.id, recipient=watcher, key=f"machine:{new_id()}:{watcher}"
        )
    return made


def _only_administrator(person: Person, email: str) -> None:
    roles = roles_at(person.id, STAFF)
    if person.ended_at is not None or ROLE not in roles:
        raise NotInvited(
            f"Whoever has {email} is no administrator here; a role is given by an administrator, on the page of people."
        )
    if roles != {ROLE}:
        raise NotInvited(
            f"Whoever has {email} is more than an administrator here, and a sign-in made at the command line may read"
            " no young person's words; two people give them a new one on the page of sign-ins, or their other roles end first."
        )


def _enter(email: str, name: str, organisation: str) -> Person:
    if not name.strip() or not organisation.strip():
        raise NotInvited(
            f"Nobody has {email} here: to enter a new administrator say who it is, with --name and --organisation."
        )
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", email):
        raise NotInvited(f"{email} is no e-mail address.")
    works_for = people.enter_organisation(organisation.strip(), "council")
    return people.enter(name.strip(), email, works_for.id, (ROLE,))
