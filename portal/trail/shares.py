"""Who may have what somebody said, who got it, and why.

A wish is what the young person says about their own words; the last one said stands, and the earlier ones stay
beside it. Nothing is shared against a wish, unless it must be: for one of the three things of the deal, with
its reason, and with whether the young person was told. To whom, and which wish, lie clear: they are the states
that decide what may be done. The reasons lie sealed.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, mapped_column

from portal import audit
from portal.config import current_hub
from portal.crypto import EncryptedText
from portal.db import Row, session
from portal.i18n import N_
from portal.trail.in_person import names_police
from portal.trail.models import Voice

OK, ONLY_WORKER, ASK_FIRST = "ok", "only worker", "ask first"
POLICE = "police"

# To whom, and what families' pages call them. Staff's pages say the key.
WHOM = {
    "panel": N_("The meeting of people who plan how to help (the panel)"),
    "social worker": N_("A social worker"),
    "school": N_("School"),
    "health": N_("A nurse or a doctor"),
    "home": N_("The people who run the home where you live"),
    "parent or carer": N_("A parent or carer"),
    "placing authority": N_("The council that looks after you, if it is another one"),
    POLICE: N_("The police"),
}
WISHES = {
    OK: N_("OK to share"),
    ONLY_WORKER: N_("Only my worker"),
    ASK_FIRST: N_("Ask me first"),
}
# The three things of the deal for which something must be shared, as families' pages say them; and as staff's do.
MUST = {
    "child hurt": N_("You or another child is being hurt, or could be"),
    "badly hurt": N_("Someone might get badly hurt"),
    "court": N_("A court told us to"),
}
MUST_TO_STAFF = {
    "child hurt": "They or another child are being hurt, or could be",
    "badly hurt": "Somebody might get badly hurt",
    "court": "A court told us to",
}


class AgainstWish(Exception):
    """Something was about to be shared that its young person has not said is OK to share."""


class TrailWish(Row):
    """What a young person said about one thing they said and one reader of it; or that they were asked."""

    __tablename__ = "trail_wish"

    voice_id: Mapped[UUID] = mapped_column(ForeignKey("voice.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    whom: Mapped[str] = mapped_column(String(20))
    asked_at: Mapped[datetime | None]  # on their phone; what was asked in person is said at once
    asked_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    wish: Mapped[str | None] = mapped_column(String(12))  # None: asked, and not answered yet
    said_at: Mapped[datetime | None]
    put_in_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # themselves, or who heard it

    __table_args__ = (Index("ix_trail_wish_voice_id_whom", "voice_id", "whom"),)


class TrailShare(Row):
    """Somebody's words were shared: with whom, when, by whom, why; and whether the young person knows."""

    __tablename__ = "trail_share"
    __subject__ = "person_id"

    voice_id: Mapped[UUID] = mapped_column(ForeignKey("voice.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    whom: Mapped[str] = mapped_column(String(20))
    wish: Mapped[str] = mapped_column(String(12))  # the one that stood when it was shared
    must: Mapped[str | None] = mapped_column(EncryptedText)  # which of the three things; None: as they wished
    reason: Mapped[str] = mapped_column(EncryptedText)  # what was shared and why, in the words of who did
    shared_at: Mapped[datetime]
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    told_child_at: Mapped[datetime | None]
    not_told_because: Mapped[str | None] = mapped_column(EncryptedText)
    form_key: Mapped[UUID | None] = mapped_column(unique=True)

    @property
    def in_person_only(self) -> bool:
        """Whether no phone may show it: it went to the police or names them, or they are still to be told in person."""
        return self.whom == POLICE or self.told_child_at is None or names_police(self.reason)

    def tell_child(self, by: UUID) -> None:
        """*by* has told the young person that it was shared; the first time counts."""
        if self.told_child_at is None:
            self.told_child_at = current_hub().now()
            _note("voice.share_told", self.voice_id, self.person_id, whom=self.whom, by=str(by))


def wish(voice: Voice, whom: str, wish: str, by: UUID | None = None) -> TrailWish:
    """The young person wishes so; *by* is who heard it in person (None: they said it here themselves).

    What they were asked on their phone is answered by it. Said again as it stands, it is said once.
    """
    if whom not in WHOM or wish not in WISHES:
        raise ValueError(f"No wish {wish!r} for {whom!r}.")
    now, heard_by = current_hub().now(), by or voice.person_id
    before = _last(voice.id, whom)
    if before is not None and before.wish == wish:
        return before
    # Of two that are said at the same instant the later one stands.
    row = before if before is not None and (before.wish is None or before.said_at == now) else None
    if row is None:
        row = TrailWish(voice_id=voice.id, person_id=voice.person_id, whom=whom)
        session.add(row)
    row.wish, row.said_at, row.put_in_by_id = wish, now, heard_by
    session.flush()
    _note("voice.wished", voice.id, voice.person_id, whom=whom, wish=wish)
    return row


def ask(voice: Voice, whom: str, by: UUID) -> TrailWish:
    """Ask the young person on their phone whether *whom* may have it. The police are never named there."""
    if whom not in WHOM or whom == POLICE or voice.in_person_only:
        raise ValueError(f"{whom!r} is not asked about on a phone.")
    before = _last(voice.id, whom)
    if before is not None and before.wish is None:
        return before
    row = TrailWish(voice_id=voice.id, person_id=voice.person_id, whom=whom,
                    asked_at=current_hub().now(), asked_by_id=by)  # fmt: skip
    session.add(row)
    session.flush()
    _note("voice.asked", voice.id, voice.person_id, whom=whom)
    return row


def wish_of(voice: Voice, whom: str) -> str:
    """The wish that stands; "ask me first" until another is said."""
    return wishes_of(voice).get(whom, ASK_FIRST)


def wishes_of(voice: Voice) -> dict[str, str]:
    """The wishes that stand, by whom they are about; whoever is not in it is to be asked about first."""
    return {row.whom: row.wish for row in said_wishes(voice.id) if row.wish is not None}


def said_wishes(voice_id: UUID) -> list[TrailWish]:
    """Every wish about one voice and every question about it that waits, the oldest first."""
    found = select(TrailWish).where(TrailWish.voice_id == voice_id)
    rows = session.scalars(found.order_by(TrailWish.created_at, TrailWish.id))
    return sorted(rows, key=lambda row: row.said_at or row.created_at)


def shares_of(voice_id: UUID) -> list[TrailShare]:
    """Everybody who got it, the first first."""
    found = select(TrailShare).where(TrailShare.voice_id == voice_id)
    return list(session.scalars(found.order_by(TrailShare.shared_at, TrailShare.id)))


def share(voice: Voice, whom: str, by: UUID, reason: str, key: UUID | None = None) -> TrailShare:
    """Note that *by* shared it with *whom*, as wished; raises `AgainstWish` unless they said that it is OK."""
    standing = wish_of(voice, whom)
    if standing != OK:
        raise AgainstWish(f"They have not said that it is OK to share it with {whom}.")
    return _share(voice, whom, by, key, wish=standing, reason=reason, told_child_at=current_hub().now())


def must_share(voice: Voice, whom: str, by: UUID, reason: str, told_child: bool, *, words: str = "",
               not_told_because: str = "", key: UUID | None = None) -> TrailShare:  # fmt: skip
    """Note that it had to be shared, whatever was wished: *reason* is one of the three things of `MUST`.

    *words* say what was shared and why; *told_child* is whether they were told first, and if not, why not.
    """
    if reason not in MUST:
        raise ValueError(f"{reason!r} is none of the three things.")
    told_at = current_hub().now() if told_child else None
    return _share(voice, whom, by, key, wish=wish_of(voice, whom), must=reason, reason=words,
                  told_child_at=told_at, not_told_because=None if told_child else not_told_because)  # fmt: skip


def _share(voice: Voice, whom: str, by: UUID, key: UUID | None, **said: object) -> TrailShare:
    if whom not in WHOM:
        raise ValueError(f"Nobody is called {whom!r}.")
    key = key and uuid5(key, f"{voice.id} {whom} {said['reason']}")
    if key is not None:
        before = session.scalar(
            select(TrailShare).where(TrailShare.form_key == key, TrailShare.voice_id == voice.id)
        )
        if before is not None:
            return before
    voice.mark_read(by)
    row = TrailShare(voice_id=voice.id, person_id=voice.person_id, whom=whom, shared_at=current_hub().now(),
                     by_id=by, form_key=key, **said)  # fmt: skip
    session.add(row)
    session.flush()
    _note("voice.shared", voice.id, voice.person_id, whom=whom, must=row.must is not None)
    return row


def _last(voice_id: UUID, whom: str) -> TrailWish | None:
    rows = [row for row in said_wishes(voice_id) if row.whom == whom]
    return rows[-1] if rows else None


def _note(act: str, voice_id: UUID, person_id: UUID, **detail: object) -> None:
    audit.record(act, object_kind="voice", object_id=voice_id, subject=person_id, **detail)
