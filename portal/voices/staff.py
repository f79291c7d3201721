"""The staff's lists: today, voices by the time promised, young people and the page of one of them."""

from __future__ import annotations

from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from portal import audit, crypto
from portal.access import STAFF, Can, allow, me
from portal.accounts.colleagues import covers_around, covers_by
from portal.accounts.contact_beside import contact_beside
from portal.accounts.custody import custody_of
from portal.accounts.eighteen import born, is_told
from portal.accounts.holders import adults_of, kept_apart
from portal.accounts.models import Organisation, Person
from portal.accounts.staff import get_child
from portal.alerts.models import Alert
from portal.db import new_id, session
from portal.episodes.models import InterviewTask
from portal.episodes.words import state_words
from portal.i18n import due_words
from portal.returns.family import cautions
from portal.returns.models import draft_reading
from portal.trail.models import Voice
from portal.voices import lists
from portal.voices.room import bp
from portal.web import render

# What Today says to a role that has no list there: what is here for it now, and what never is.
_HERE_FOR = {
    "participation lead": (
        "Feedback forms, group sessions and “you said, we did” are yours. They are not in this version yet.",
        "You do not see who said what: no names, no answers of one young person.",
    ),
    "administrator": (
        "People and organisations, their roles and how they end are yours: see People.",
        "You do not see what young people said.",
    ),
    "auditor": (
        "You read a named sample, for a named time: what was done, and who opened what.",
        "What is open to you stands under Your sample, until its last day.",
        "You change nothing here.",
    ),
}
ON_TODAY = 8  # of each kind; the rest is one press away
ON_ONE_PERSON = 20


@bp.get("/")
@allow(STAFF, Can.USE_STAFF_PAGES)
def staff_front() -> ResponseReturnValue:
    """Today: what waits for whoever is signed in, by when it is due; for every role, who they are here."""
    who = me()
    organisation = session.get(Organisation, who.organisation_id) if who.organisation_id else None
    return render(
        "voices/staff_front.html", covers=covers_by(who.id) if who.can(Can.GIVE_COVER) else (), due=due_words, state_words=state_words, organisation=organisation,
        alerts=lists.alerts(who, ON_TODAY) if who.can(Can.SEE_ALERTS) else None,
        voices=lists.voices(who, most=ON_TODAY) if who.can(Can.READ_VOICE) else None,
        returns=lists.returns(who, ON_TODAY) if who.can(Can.SEE_RETURNS) else None,
        here_for_me=[words for role in sorted(who.roles) for words in _HERE_FOR.get(role, ())],
    )  # fmt: skip


@bp.get("/voices")
@allow(STAFF, Can.READ_VOICE)
def queue() -> ResponseReturnValue:
    """The voices by the time promised: to read and answer, or answered and not yet opened."""
    answered = request.args.get("show") == "answered"
    page = lists.voices(me(), answered=answered, after=request.args.get("after", ""))
    return render("voices/queue.html", fragment="rows", page=page, answered=answered, due=due_words)


@bp.get("/young-people")
@allow(STAFF, Can.SEE_YOUNG_PERSON)
def young_people() -> ResponseReturnValue:
    """The young people whom this person may see, a page at a time."""
    page = lists.young_people(me(), after=request.args.get("after", ""))
    return render("voices/young_people.html", fragment="rows", page=page)


@bp.get("/young-people/<uuid:child_id>")
@allow(STAFF, Can.SEE_YOUNG_PERSON, of="young person")
def young_person(child_id: UUID) -> ResponseReturnValue:
    """One young person: who works with them, and what waits; words stand a page further."""
    person, who = get_child(child_id, Can.SEE_YOUNG_PERSON), me()
    home = _reaches(person.id, Can.SAY_HOME_IS_SAFE)
    may_give = _reaches(person.id, Can.GIVE_WAY_IN)
    audit.read("person.opened_by_staff", object_kind="person", object_id=person.id, subject=person.id)
    return render(
        "voices/young_person.html", person=person, due=due_words, state_words=state_words,
        workers=lists.workers_of([person.id]).get(person.id, []), adults=adults_of(person.id),
        covers=covers_around(person.id), orders=kept_apart(person.id), told_of_18=is_told(born(person)),
        alerts=_alerts_of(person.id) if who.can(Can.SEE_ALERTS) else None,
        returns=_returns_of(person.id) if who.can(Can.SEE_RETURNS) else None,
        voices=_voices_of(person.id) if who.can(Can.READ_VOICE) else None,
        from_home=_from_home(person.id) if who.can(Can.READ_VOICE) else None,
        cautions=cautions(person.id) if home else None, may_say_home=home,
        may_give=may_give, may_see_trail=_reaches(person.id, Can.SEE_TRAIL),
        custody=custody_of(person.id) if may_give else None,
        may_read=(may_read := _reaches(person.id, Can.READ_VOICE)),
        draft=may_read and bool(_draft_of(person.id)), contact=contact_beside(person), card_key=new_id().hex,
        may_hold=who.can(Can.KEEP_HOLDS), may_answer_request=who.can(Can.ANSWER_FILE_REQUEST),
    )  # fmt: skip


@bp.get("/young-people/<uuid:child_id>/draft")
@allow(STAFF, Can.READ_VOICE, of="young person")
def draft(child_id: UUID) -> ResponseReturnValue:
    """What they have begun and not sent, only if they said that their worker may read it."""
    person = get_child(child_id, Can.READ_VOICE)
    words = _draft_of(person.id)
    audit.read("draft.opened_by_staff", object_kind="person", object_id=person.id, subject=person.id)
    # The same page whether there is none or it is theirs alone: that they write at all is theirs to tell.
    return render("voices/draft.html", person=person, words=words)


def _reaches(child_id: UUID, can: Can) -> bool:
    found = Person.visible_to(me(), can).where(Person.id == child_id).with_only_columns(Person.id)
    return session.scalar(found) is not None


def _alerts_of(child_id: UUID) -> list[Alert]:
    found = Alert.visible_to(me()).where(Alert.child_id == child_id).order_by(Alert.raised_at.desc())
    return list(session.scalars(found.limit(ON_ONE_PERSON)))


def _returns_of(child_id: UUID) -> list[InterviewTask]:
    found = InterviewTask.visible_to(me()).where(InterviewTask.child_id == child_id)
    return list(session.scalars(found.order_by(InterviewTask.due_at.desc()).limit(ON_ONE_PERSON)))


def _voices_of(child_id: UUID) -> list[Voice]:
    found = lists.voices_for(me()).where(Voice.person_id == child_id)
    return list(session.scalars(found.order_by(Voice.said_at.desc()).limit(ON_ONE_PERSON)))


def _from_home(child_id: UUID) -> list[tuple[Voice, str]]:
    """What parents and carers said about the young person, each with who said it; apart from what they said."""
    found = lists.voices_for(me()).where(Voice.about_id == child_id, Voice.person_id != child_id)
    spoken = list(session.scalars(found.order_by(Voice.said_at.desc()).limit(ON_ONE_PERSON)))
    people = session.execute(
        select(Person.id, Person.name).where(Person.id.in_({voice.person_id for voice in spoken}))
    ).all()
    crypto.fetch_keys(row.id for row in people)
    names = {row.id: lists.name_of(row.id, row.name) for row in people}
    return [(voice, f"{names[voice.person_id]} ({voice.kind})") for voice in spoken]


def _draft_of(child_id: UUID) -> list[tuple[str, str]]:
    return draft_reading(child_id)
