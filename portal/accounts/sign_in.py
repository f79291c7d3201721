"""Server-side sessions: a row per sign-in, ended by deleting it, with an idle and an absolute limit."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from flask import Response, after_this_request, current_app, request
from flask import session as cookie
from flask_login import login_user
from sqlalchemy import ForeignKey, Integer, String, and_, bindparam, delete, or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from portal import audit, crypto
from portal.access import DOOR_OF, FAMILY, STAFF, YOUNG, SignedIn, login, person_now
from portal.accounts.browsers import browser_of
from portal.accounts.models import Person, PersonRole
from portal.config import Hub, current_hub
from portal.db import Row, act_as, aside, core, session, step
from portal.web import IDLE_MINUTES, IN_ROOM

# Idle and absolute limits of a sign-in at each door (`product.md`, A way in).
LIMITS = {
    YOUNG: (timedelta(minutes=IDLE_MINUTES[YOUNG]), timedelta(hours=4)),
    FAMILY: (timedelta(minutes=IDLE_MINUTES[FAMILY]), timedelta(hours=12)),
    STAFF: (timedelta(minutes=IDLE_MINUTES[STAFF]), timedelta(hours=12)),
}
TOUCH = timedelta(minutes=1)
LOCKED = timedelta(
    hours=4
)  # for which a code opens a locked one again: as long as a young person may sit there
# Set by the page's script in the moment of leaving, deleted by whatever answers to it: where the server could not be
# reached, the next request tells that this browser was left.
WAS_LEFT = "x"


class SignIn(Row):
    """Somebody signed in at one door, in one browser. Its random id is what the cookie carries."""

    __tablename__ = "sign_in"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    door: Mapped[str] = mapped_column(String(10))
    touched_at: Mapped[datetime]
    locked_at: Mapped[datetime | None]  # staff: a young person has the tablet, and a code opens it again
    wrong_codes: Mapped[int] = mapped_column(Integer, default=0, server_default="0")  # since it was locked
    room_of: Mapped[UUID | None]  # young: the staff's sign-in that handed the tablet over
    browser: Mapped[str | None] = mapped_column(
        String(40)
    )  # staff: "Firefox on Windows", for the page of sign-ins
    proved_at: Mapped[datetime | None]  # staff: when a passkey or a code was last given after signing in
    proved_for: Mapped[str | None] = mapped_column(
        String(40)
    )  # the page it was given for; used up by its act


# Prebuilt, on the tables themselves: this is the first statement of every request.
_sign_in, _person, _role = SignIn.__table__, Person.__table__, PersonRole.__table__
_LOAD = (
    select(
        _sign_in.c.id, _sign_in.c.person_id, _sign_in.c.created_at, _sign_in.c.touched_at, _person.c.known_as,
        _person.c.organisation_id, _person.c.language, _person.c.put_away_at, _role.c.role,
        _sign_in.c.locked_at, _sign_in.c.room_of, _sign_in.c.proved_at, _person.c.door_word,
    )
    .join_from(_sign_in, _person, _person.c.id == _sign_in.c.person_id)
    .join(_role, _role.c.person_id == _person.c.id)
    .where(
        _sign_in.c.id == bindparam("sign_in"),
        _sign_in.c.door == bindparam("door"),
        _person.c.ended_at.is_(None),
        or_(_role.c.ends_at.is_(None), _role.c.ends_at > bindparam("now")),
    )
)  # fmt: skip


@login.user_loader  # type: ignore[untyped-decorator]
def load(sign_in_id: str) -> SignedIn | None:
    """Whoever this sign-in belongs to, if it holds at this door and is neither idle nor over."""
    hub = current_hub()
    if WAS_LEFT in request.cookies:
        return None
    try:
        key = UUID(sign_in_id)
    except ValueError:
        return None
    now, door = hub.now(), hub.door
    rows = core().execute(_LOAD, {"sign_in": key, "door": door, "now": now}).all()
    if not rows or door not in LIMITS:
        return None
    row = rows[0]
    idle, whole = LIMITS[door]
    if row.locked_at is not None:  # nobody is signed in while a young person has the tablet
        return None
    if now - row.touched_at >= idle or now - row.created_at >= whole:
        return None
    roles = frozenset(r.role for r in rows if DOOR_OF[r.role] == door)
    if not roles:
        return None
    if now - row.touched_at >= TOUCH:
        _touch(key, now)
    return SignedIn(
        id=row.person_id, sign_in_id=row.id, door=door, roles=roles,
        known_as=row.known_as,
        organisation_id=row.organisation_id, language=row.language, door_word=row.door_word,
        put_away=row.put_away_at is not None, in_room=row.room_of is not None,
        proved_at=row.proved_at or row.created_at,
    )  # fmt: skip


def _touch(sign_in_id: UUID, now: datetime) -> None:
    # A writer of this very request would wait for itself on SQLite, so it touches within its own transaction.
    if current_hub().writer:
        session.execute(update(SignIn).where(SignIn.id == sign_in_id).values(touched_at=now))
        return
    with aside() as own:
        own.execute(update(SignIn).where(SignIn.id == sign_in_id).values(touched_at=now))


def begin(person: Person, door: str, roles: frozenset[str]) -> SignedIn:
    """Sign *person* in at *door* in this browser: a new row, and a new token for its forms."""
    hub = current_hub()
    now = hub.now()
    act_as(person.id)
    current_app.name_stream(hub)  # type: ignore[attr-defined]  # from here on it is the person's own
    if before := person_now():
        session.execute(delete(SignIn).where(SignIn.id == before.sign_in_id))
    row = SignIn(person_id=person.id, door=door, touched_at=now)
    if door == STAFF:  # of families nothing is kept about the phone
        row.browser = browser_of(request.headers.get("User-Agent", ""))
    session.add(row)
    who = SignedIn(
        id=person.id, sign_in_id=row.id, door=door, known_as=person.known_as, roles=roles,
        organisation_id=person.organisation_id, language=person.language, door_word=person.door_word,
        put_away=person.put_away_at is not None,
    )  # fmt: skip
    cookie.clear()
    login_user(who)
    for unused in ("_id", "_fresh"):  # of a protection that is off; half of the cookie's bytes
        cookie.pop(unused, None)
    if WAS_LEFT in request.cookies:
        after_this_request(_come_back)
    audit.record("sign_in.begun", object_kind="sign_in", object_id=row.id, subject=person.id)
    return who


def _come_back(response: Response) -> Response:
    response.delete_cookie(WAS_LEFT)
    return response


def leave() -> None:
    """End this browser's sign-in, also one that is idle: its row is gone, so no copy of its cookie opens anything.

    In a transaction of its own, because nobody is held here by a database that is away: then only the cookie
    goes, and the row ends by itself when it is idle.
    """
    key, hub = cookie.get("_user_id", ""), current_hub()
    _forget_browser()
    if not key:
        return
    try:
        with aside() as own:
            gone = delete(SignIn).where(SignIn.id == UUID(key), SignIn.door == hub.door)
            hub.actor = own.scalar(gone.returning(SignIn.person_id))
            if hub.actor is not None:
                own.execute(delete(SignIn).where(SignIn.room_of == UUID(key)))
                audit.record_in(
                    own, "sign_in.ended", object_kind="sign_in", object_id=UUID(key), subject=hub.actor
                )
    except (SQLAlchemyError, crypto.CannotOpen) as error:
        current_app.logger.error("a sign-in was left only by its cookie: %s", type(error).__name__)


def end_here(who: SignedIn) -> None:
    """End this browser's sign-in in the request's own transaction, with what else the request does."""
    session.execute(delete(SignIn).where(SignIn.id == who.sign_in_id))
    audit.record("sign_in.ended", object_kind="sign_in", object_id=who.sign_in_id, subject=who.id)
    _forget_browser()


def _forget_browser() -> None:
    """Empty the cookie; a tablet that was handed over goes on knowing that it has to be given back."""
    handed_over = cookie.get(IN_ROOM)
    cookie.clear()
    if handed_over:
        cookie[IN_ROOM] = request.cookies.get("l") or handed_over


def end_all(person_id: UUID) -> None:
    """End every sign-in of a person, at every door and in every browser."""
    session.execute(delete(SignIn).where(SignIn.person_id == person_id))
    audit.record("sign_in.all_ended", object_kind="person", object_id=person_id, subject=person_id)


def drop_what_is_over(hub: Hub) -> None:
    """Drop the rows of sign-ins that open nothing any more: kept, they would tell when each child came."""
    with step(hub):
        for door, (idle, whole) in LIMITS.items():
            idle_too_long = and_(SignIn.locked_at.is_(None), SignIn.touched_at <= hub.now() - idle)
            locked_too_long = SignIn.locked_at <= hub.now() - LOCKED
            over = or_(idle_too_long, locked_too_long, SignIn.created_at <= hub.now() - whole)
            session.execute(delete(SignIn).where(SignIn.door == door, over))


def roles_at(person_id: UUID, door: str) -> frozenset[str]:
    """The roles that a person has now at a door."""
    now = current_hub().now()
    rows = session.scalars(
        select(PersonRole.role).where(
            PersonRole.person_id == person_id, or_(PersonRole.ends_at.is_(None), PersonRole.ends_at > now)
        )
    )
    return frozenset(role for role in rows if DOOR_OF[role] == door)
