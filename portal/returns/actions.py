"""What a young person does on their way through the form, where one press touches several tables."""

from __future__ import annotations

from uuid import UUID, uuid5

from sqlalchemy import select

from portal import outbox
from portal.access import SignedIn
from portal.accounts.holders import readers_of
from portal.alerts.flags import RING_ME
from portal.alerts.models import raise_alert
from portal.db import new_id, session
from portal.questionnaires import bank
from portal.questionnaires.bank import QUICK, YOUR_SIDE
from portal.questionnaires.deal import VERSIONS
from portal.questionnaires.models import SENT, Submission, advance, save_answer, stay
from portal.questionnaires.place import ticked
from portal.returns import journey
from portal.returns.asked import ask_for
from portal.returns.models import NOT_NOW, TALK, ReturnForm, as_said
from portal.returns.safer_plan import SaferPlan
from portal.trail import shares
from portal.trail.in_person import names_police
from portal.trail.models import Voice
from portal.trail.translations import spoken

TELL_HOW, SHARING = "tell-how", "sharing"


def key_of(who: SignedIn, typed: str) -> UUID:
    """A form's key as it came in, bound to the person: what one browser sends can never be another's."""
    return uuid5(who.id, typed[:100]) if typed else new_id()


def choose(who: SignedIn, choice: str, form_key: UUID) -> None:
    """Say whether it is OK to do this now; what was begun before goes on from its place."""
    submission = Submission.begin(who.id, QUICK, form_key, who.sign_in_id, journey.DEAL)
    if submission.state == SENT:  # an old page: what was sent stays as it is, but a wish to talk is heard
        if choice == TALK:
            _ask_to_be_rung(who, submission)
        return
    another_sitting = submission.sitting != who.sign_in_id
    at = submission.at
    place = journey.place_to_go_on(submission.form, at) if another_sitting else journey.beyond(at)
    before = {TALK: journey.TALK, NOT_NOW: journey.LATER}.get(choice, "")
    if (submission.sitting, submission.at) == (who.sign_in_id, before + place) and before:
        if choice == TALK:  # the same press once more, unless somebody has closed what the first one raised
            _ask_to_be_rung(who, submission)
        return
    if another_sitting and place not in journey.BEFORE_THE_QUESTIONS:
        submission.sitting_from = place
    submission.sitting, submission.at = who.sign_in_id, before + place
    ReturnForm.choose(submission, choice)
    if choice == TALK:
        _ask_to_be_rung(who, submission)


def _ask_to_be_rung(who: SignedIn, submission: Submission) -> None:
    key = f"talk:{submission.id}:{who.sign_in_id}"
    raise_alert(who.id, RING_ME, source_kind="return", source_id=submission.id, key=key)


def agree(submission: Submission, version: str) -> None:
    """Agree to the deal that was on the screen; without it no question is asked."""
    shown = next((number for number in VERSIONS if str(number) == version), None)
    if shown is not None and submission.deal_version is None:
        submission.agree(shown)
        submission.at = journey.MAY_READ


def let_read(submission: Submission, may: bool) -> None:
    """Say whether the worker may read what is not sent; the first time, how much to say comes next."""
    if submission.may_read_draft is None:
        submission.at = journey.WHICH
    submission.let_read_draft(may)


def take_form(submission: Submission, name: str) -> None:
    """Choose how much to say: the questions begin. Later in the same sitting only where no answer would be lost."""
    if name in YOUR_SIDE and submission.sitting_from is None and submission.take_form(name):
        submission.at = submission.form.names[0]


def answer_question(
    who: SignedIn, at: str, go: str, said: list[str], more: str, label: str = ""
) -> journey.Heard | None:
    """Take the answer to one question: saved, and told to whom its flags tell it, in one commit.

    *label* says which form the page was of. None if nothing was taken: no such screen, no deal yet, or a page of
    an earlier sitting.
    """
    for form in bank.labelled(label):
        if journey.question_at(form, at) is None:
            continue
        told = ticked(who.id, form, who.sign_in_id, journey.rests_on(form, at, go))
        heard = journey.hear(form, at, go, said, more, told)
        moved = advance(who.id, form, who.sign_in_id, heard.to) if heard else None
        if heard is None or moved is None:
            continue
        _keep(who, moved.submission_id, moved.sitting_from, heard)
        for rule in heard.rules:
            raise_alert(
                who.id,
                rule,
                source_kind="answer",
                source_id=moved.submission_id,
                # Said again on another day it is said anew: what was closed meanwhile was about before.
                key=f"answer:{moved.submission_id}:{rule}:{who.sign_in_id}",
            )
        return heard
    return None


def _keep(who: SignedIn, submission_id: UUID, since: str | None, heard: journey.Heard) -> None:
    """Save what was said, over what an earlier sitting said only where this one asks that question.

    A page from before, or one made up, may still say it first or call somebody; it changes nothing and leads nowhere.
    """
    name = heard.question.name
    asked_here = since is None or name in journey.open_now(heard.form, since)
    if heard.given is not None:
        save_answer(submission_id, who.id, name, heard.given, who.sign_in_id, over_earlier=asked_here)
    if not asked_here and since is not None:
        stay(submission_id, f"{journey.HEARD}{since}" if heard.rules else since)


def send(submission: Submission) -> Voice:
    """Send the form: it becomes a voice, its return has a form, and whoever holds the young person hears of it."""
    submission.send()
    submission.at = journey.RECEIPT
    asked = submission.form.by_name
    said = {name: one.given for name, one in submission.answers().items() if name in asked}
    words = {name: as_said(asked[name], given.choices, given.words) for name, given in said.items()}
    police = any(names_police(text) for name, text in words.items() if name != SHARING)
    tell_how = words.get(TELL_HOW, "")
    language = spoken(any(given.words for given in said.values()))
    voice = Voice.say(
        submission.person_id, "return", submission.id,
        tell_how=tell_how, in_person_only=police, language=language,
    )  # fmt: skip
    if SHARING in said:
        _wish(voice, said[SHARING].choices)
    ask_for(submission, said, tell_how)
    form = session.scalars(select(ReturnForm).where(ReturnForm.submission_id == submission.id)).one()
    form.mark_sent()
    for reader in readers_of(submission.person_id):
        outbox.put("voice.new", object_id=voice.id, recipient=reader, key=f"voice:{voice.id}:{reader}")
    SaferPlan.take_from(submission)
    return voice


def _wish(voice: Voice, wishes: tuple[str, ...]) -> None:
    """What was wished on the one screen holds for this voice; of whom nothing was said, we ask first."""
    for one in wishes:
        whom, _, wished = one.partition(":")
        shares.wish(voice, whom, wished)
