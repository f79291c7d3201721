"""What a parent or carer does on their way through the form, where one press touches several tables.

Everything here is theirs: their draft, their answers, their voice. A worry about harm becomes an alert about the
young person that names who said it; the young person's pages know nothing of either.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select

from portal import outbox
from portal.access import SignedIn
from portal.accounts.holders import duty_workers, holder_and_cover
from portal.accounts.models import Person
from portal.alerts.flags import ADULT_WORRY
from portal.alerts.models import raise_alert
from portal.config import LONDON, current_hub
from portal.db import session
from portal.episodes.episode import Episode
from portal.episodes.moments import Unreadable, day_of, instant, time_of
from portal.questionnaires.adults_deal import VERSIONS
from portal.questionnaires.carer import HOME_TIME
from portal.questionnaires.models import DRAFT, SENT, Answer, Submission, save_answer
from portal.questionnaires.questions import MOMENT
from portal.returns import journey
from portal.returns.family import FamilyForm, Offer
from portal.returns.models import as_said
from portal.trail.models import Voice
from portal.trail.translations import spoken

WORRY = "family"  # the kind of source that an alert names for what a parent or carer said
REACH, NOT_TO_SPEAK_TO = "reach", "not-to-speak-to"


class NotAMoment(ValueError):
    """What was typed as a day and a time is none, or is still to come."""


def form_of(who: SignedIn, offer: Offer) -> Submission | None:
    """What *who* has begun about this young person, or has sent in this sitting; or None."""
    return session.scalar(
        select(Submission)
        .where(
            Submission.person_id == who.id,
            Submission.about_id == offer.child_id,
            Submission.questionnaire == offer.questionnaire,
            or_(Submission.state == DRAFT, Submission.sitting == who.sign_in_id),
        )
        .order_by(Submission.state, Submission.sent_at.desc())
        .limit(1)
    )


def draft_here(who: SignedIn, offer: Offer) -> Submission | None:
    """The draft about this young person, if it was opened in this sitting; locked, so that two presses wait in turn."""
    draft = Submission.draft_of(who.id, offer.questionnaire, about=offer.child_id)
    return draft if draft is not None and draft.sitting == who.sign_in_id else None


def begin(who: SignedIn, offer: Offer, form_key: UUID) -> None:
    """Begin, or go on from where an earlier sitting stopped; what was said there is kept and not shown."""
    draft = Submission.begin(
        who.id, offer.questionnaire, form_key, who.sign_in_id, journey.DEAL, about=offer.child_id
    )
    if draft.state == SENT:
        return
    if draft.sitting != who.sign_in_id:
        place = journey.place_to_go_on(draft.form, draft.at)
        draft.sitting, draft.at = who.sign_in_id, place
        draft.sitting_from = None if place == journey.DEAL else place
    FamilyForm.begin(draft, offer.episode_id)


def agree(draft: Submission, version: str) -> None:
    """Agree to the deal that was on the screen; nobody reads what is not sent."""
    shown = next((number for number in VERSIONS if str(number) == version), None)
    if shown is not None and draft.deal_version is None:
        draft.agree(shown)
        draft.let_read_draft(False)
        draft.at = draft.form.names[0]


def answer(
    who: SignedIn, draft: Submission, at: str, go: str, said: list[str], more: str
) -> journey.Heard | None:
    """Take the answer to one question that this sitting may answer; None if there is no such screen.

    Raises `NotAMoment` where a day and a time were asked for and something else was typed.
    """
    heard = journey.hear(draft.form, at, go, said, more)
    here = journey.open_now(draft.form, draft.sitting_from)
    if heard is None or heard.question.name not in here:
        return None
    given = heard.given
    if heard.question.kind == MOMENT and given is not None and given.words:
        try:
            moment(given.words)
        except NotAMoment:
            if go != journey.BACK:
                raise
            given = None
    draft.at = heard.to if _may_go_to(heard.to, here) else draft.at
    if given is not None:
        save_answer(draft.id, who.id, heard.question.name, given, who.sign_in_id)
    if heard.rules and draft.about_id is not None:
        raise_alert(
            draft.about_id, ADULT_WORRY, source_kind=WORRY, source_id=draft.id,
            key=f"{WORRY}:{draft.id}:{heard.question.name}:{who.sign_in_id}",
        )  # fmt: skip
    return heard


def _may_go_to(place: str, here: tuple[str, ...]) -> bool:
    name = journey.beyond(place).removeprefix(journey.FROM_CHECK)
    return name in here or name == journey.CHECK


def moment(words: str) -> datetime:
    """The instant (UTC) that a day and a time as somebody typed them mean; raises `NotAMoment`."""
    now = current_hub().now()
    try:
        day, rest = day_of(words, now.astimezone(LONDON).date())
        at = instant(day, time_of(rest)).at
    except Unreadable:
        raise NotAMoment from None
    if at > now:
        raise NotAMoment
    return at


def send(draft: Submission, offer: Offer) -> Voice:
    """Send it: it becomes the parent's or carer's own voice about the young person, and whoever holds those hears of it."""
    draft.send()
    draft.at = journey.RECEIPT
    said = draft.answers()
    voice = Voice.say(
        draft.person_id,
        draft.questionnaire,
        draft.id,
        tell_how=_words(draft, said, REACH),
        about=offer.child_id,
        language=spoken(any(one.words for name, one in said.items() if name != HOME_TIME)),
    )
    FamilyForm.of(draft.id).mark_sent(offer.episode_id, _not_to_speak_to(draft, said))
    if HOME_TIME in said and said[HOME_TIME].words:
        session.get_one(Episode, offer.episode_id).home_says(moment(said[HOME_TIME].words), draft.person_id)
    # Both are asked: whether the worker may read it now hangs on what the child said, and must take no other time here.
    readers, on_duty = holder_and_cover(offer.child_id), duty_workers()
    for reader in readers or on_duty:
        outbox.put("voice.new", object_id=voice.id, recipient=reader, key=f"voice:{voice.id}:{reader}")
    return voice


def _not_to_speak_to(draft: Submission, said: dict[str, Answer]) -> str | None:
    """Whom not to speak to at home: their words, nothing if they said "no", None if they said neither."""
    answer = said.get(NOT_TO_SPEAK_TO)
    if answer is None or answer.skipped:
        return None
    return "" if answer.given.choices == ("no",) else _words(draft, said, NOT_TO_SPEAK_TO)


def _words(draft: Submission, said: dict[str, Answer], name: str) -> str:
    """What was said to a question, in English where it was ticked; nothing where it was not asked or skipped."""
    question = draft.form.by_name.get(name)
    if question is None or name not in said:
        return ""
    return as_said(question, said[name].given.choices, said[name].given.words)


def worry_words(submission_id: UUID, rule: str) -> list[tuple[str, str]]:
    """What an alert shows of a parent's or carer's form: who said so, and the answers that raised it, and no others."""
    submission = session.get(Submission, submission_id)
    if submission is None:
        return []
    adult = session.get_one(Person, submission.person_id)
    said = submission.answers()
    return [
        (f"{question.words} (asked of {adult.name}, {submission.questionnaire})",
         _words(submission, said, question.name))
        for question in submission.form.questions
        if question.name in said and _raises(submission, said[question.name], question.name)
    ]  # fmt: skip


def _raises(submission: Submission, answer: Answer, name: str) -> bool:
    by_value = submission.form.by_name[name].by_value
    return any(value not in by_value or by_value[value].flag == ADULT_WORRY for value in answer.given.choices)
