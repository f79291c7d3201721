"""Something about somebody who looks after a young person or works with them: to a manager, never to whom it is about."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, literal, select, union_all
from sqlalchemy.orm import Mapped, mapped_column

from portal import audit, crypto
from portal.accounts.holders import Named, people_with
from portal.accounts.models import Allocation, Person, PersonRole
from portal.accounts.pauses import paused_about
from portal.alerts.flags import ABOUT_A_WORKER, TELL_A_PERSON
from portal.alerts.models import Alert, raise_alert
from portal.config import current_hub
from portal.crypto import EncryptedText
from portal.db import Row, insert_into, new_id, session
from portal.i18n import N_
from portal.trail.models import ABOUT_STAFF, Voice

WHERE_I_LIVE, SOMEBODY_ELSE, NOT_SAID = "where-i-live", "somebody-else", "not-said"
# What stands there in English for whoever reads it; whom it may be of the staff is named instead.
WHOM = {
    WHERE_I_LIVE: "Somebody where I live",
    SOMEBODY_ELSE: "Somebody else",
    NOT_SAID: "They did not say who",
}


class AboutWorker(Row):
    """What a young person said about somebody of the staff or where they live: whom, and words if they chose any."""

    __tablename__ = "about_worker"
    __subject__ = "child_id"

    child_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    whom: Mapped[str] = mapped_column(EncryptedText)
    words: Mapped[str] = mapped_column(EncryptedText)
    form_key: Mapped[UUID] = mapped_column(unique=True)
    sitting: Mapped[UUID] = mapped_column(index=True)

    @classmethod
    def say(
        cls, child_id: UUID, whom: str, named: Known | None, words: str, form_key: UUID, sitting: UUID
    ) -> None:
        """Say it: to the managers but the one named, in one commit; whoever is named reads no more from now on.

        Pressed twice, it is said once; pressed after a manager has closed it, it is told again.
        """
        row_id = new_id()
        texts = {
            "whom": f"{named.name}, {_FOR_STAFF.get(named.role, named.role)}" if named else WHOM[whom],
            "words": words,
        }
        row = {
            "id": row_id, "created_at": current_hub().now(), "child_id": child_id, "form_key": form_key,
            "sitting": sitting,
        } | {name: crypto.seal(text, cls.__tablename__, name, row_id, child_id) for name, text in texts.items()}  # fmt: skip
        made = session.scalar(insert_into(cls).values(row).on_conflict_do_nothing().returning(cls.id))
        if made is None:
            row_id = session.scalars(select(cls.id).where(cls.form_key == form_key)).one()
        raise_alert(
            child_id, ABOUT_A_WORKER, source_kind="about worker", source_id=row_id, key=f"about:{form_key}",
            about=named.id if named else None, anybody_here=whom == NOT_SAID,
        )  # fmt: skip
        if made is None:
            return
        # Whoever it is about may be the one who makes them give the PIN.
        Voice.say(child_id, ABOUT_STAFF, row_id, tell_how="", in_person_only=True)
        audit.record("about_worker.said", object_kind="about worker", object_id=row_id, subject=child_id)
        if named and not managers_but(named.id):
            # No manager is left to read it, so somebody else is asked to get in touch, without these words.
            raise_alert(
                child_id, TELL_A_PERSON, source_kind="about worker", source_id=row_id, key=f"about-person:{form_key}"
            )  # fmt: skip

    @classmethod
    def said_in(cls, sitting: UUID) -> AboutWorker | None:
        """The last one of this sitting."""
        found = select(cls).where(cls.sitting == sitting).order_by(cls.created_at.desc())
        return session.scalar(found.limit(1))


@dataclass(frozen=True)
class Known:
    """Somebody of the staff whom a young person may mean: their whole name, what they call them, and who that is."""

    id: UUID
    name: str
    called: str
    role: str


HOLDS, HELD_BEFORE, A_MANAGER, ON_DUTY = (
    N_("your worker"),
    N_("worked with you before"),
    N_("a manager"),
    N_("the duty team"),
)
_ORDER = (HOLDS, HELD_BEFORE, A_MANAGER, ON_DUTY)
# The same for whoever reads it: "your worker" would be the manager's own.
_FOR_STAFF = {HOLDS: "their worker", HELD_BEFORE: "worked with them before"}


def who_is_who(child_id: UUID) -> list[Known]:
    """Who works with this young person or did, and the managers and duty workers: those nearest to them first."""
    now = current_hub().now()
    running = Allocation.ends_at.is_(None) | (Allocation.ends_at > now)
    found = select(Person.id, Person.name, Person.known_as).where(Person.ended_at.is_(None))
    held = found.join(Allocation, Allocation.worker_id == Person.id).where(Allocation.child_id == child_id)
    having = found.join(PersonRole, PersonRole.person_id == Person.id).where(
        PersonRole.ends_at.is_(None) | (PersonRole.ends_at > now)
    )
    parts = {
        HOLDS: held.where(running),
        HELD_BEFORE: held.where(~running),
        A_MANAGER: having.where(PersonRole.role == "manager"),
        ON_DUTY: having.where(PersonRole.role == "duty worker"),
    }
    rows = session.execute(
        union_all(
            *(part.add_columns(literal(_ORDER.index(role)).label("place")) for role, part in parts.items())
        )
    ).all()
    nearest: dict[UUID, Any] = {}
    for row in sorted(rows, key=lambda row: row.place):
        nearest.setdefault(row.id, row)
    crypto.fetch_keys(nearest)
    opened = [(row, _opened(row, "name"), _opened(row, "known_as")) for row in nearest.values()]
    called = Counter(
        known_as for _, _, known_as in opened
    )  # of two who are called alike each has the whole name
    known = [
        Known(row.id, name, known_as if called[known_as] == 1 else name, _ORDER[row.place])
        for row, name, known_as in opened
    ]
    return sorted(known, key=lambda one: (_ORDER.index(one.role), one.name.casefold()))


def _opened(row: Any, column: str) -> str:
    return crypto.open_sealed(getattr(row, column), "person", column, row.id, row.id)


def managers_but(person_id: UUID | None) -> list[Named]:
    """The managers of this hub, but for this one: who reads what is said about staff."""
    return [manager for manager in people_with("manager") if manager.id != person_id]


def readers_of(child_id: UUID, said_id: UUID) -> list[str]:
    """Who reads what was said there, by the names that a young person knows staff by: managers, but the one named."""
    kept_from = session.scalar(
        select(Alert.kept_from_id).where(
            Alert.child_id == child_id, Alert.source_id == said_id, Alert.rule == ABOUT_A_WORKER
        )
    )
    paused = paused_about(child_id)
    readers = [manager.id for manager in managers_but(kept_from) if manager.id not in paused]
    rows = session.execute(select(Person.id, Person.known_as).where(Person.id.in_(readers))).all()
    crypto.fetch_keys(readers)
    return sorted((_opened(row, "known_as") for row in rows), key=str.casefold)


def exact_words(said_id: UUID, rule: str = "") -> list[tuple[str, str]]:
    """What was said, for a manager; the caller has looked whether they may. Behind another rule's alert: nothing."""
    said = session.get(AboutWorker, said_id)
    if said is None or rule not in ("", ABOUT_A_WORKER):
        return []
    asked = [("Is it about someone who looks after you or works with you?", said.whom)]
    return [*asked, ("You can say what it is about", said.words)] if said.words else asked
