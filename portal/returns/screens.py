"""What each screen of the young person's way shows. What was typed is shown only in the sitting that typed it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Response
from sqlalchemy import select

from portal.access import YOUNG, me
from portal.accounts.holders import worker_of
from portal.alerts.models import Alert
from portal.alerts.truth import what_is_true
from portal.config import current_hub
from portal.db import new_id, session
from portal.help.numbers import first_numbers
from portal.i18n import Lazy, _, at_time, both, language, on_day, speaking
from portal.questionnaires import bank
from portal.questionnaires.deal import NEWEST
from portal.questionnaires.models import Answer, Given, Submission
from portal.questionnaires.place import Place
from portal.questionnaires.questions import SHARING, WISHES, Question, Questionnaire, Said
from portal.returns import journey
from portal.returns.models import SafetyAnswer
from portal.trail.models import ASK, ASK_MANAGER, Voice
from portal.trail.promise import promise_words
from portal.web import render

# From so many questions on, the check page shows by itself only what was answered.
_LONG = 9


@dataclass(frozen=True)
class QuestionScreen:
    """One question as `shared/question_page.html` takes it, in the reader's language."""

    name: str
    words: str
    kind: str
    choices: list[tuple[str, str]]
    hint: str
    more: str
    left: int | None
    tell_person: bool
    can_go_back: bool
    go_on: str
    chosen: tuple[str, ...] = ()
    text: str = ""
    error: str = ""
    can_skip: bool = True
    form: str = ""  # which form it is of, where that is not the newest quick one
    opens: bool = False
    enough: str = ""
    wishes: tuple[tuple[str, str], ...] = ()


def _key() -> str:
    return new_id().hex


def asked_by(source_id: UUID) -> Lazy | None:
    """By when somebody is asked to take what was said there, as words; nothing once that time is over."""
    due_at = session.scalar(
        select(Alert.due_at)
        .where(Alert.child_id == me().id, Alert.source_id == source_id)
        .order_by(Alert.raised_at.desc())
        .limit(1)
    )
    if due_at is None or due_at <= current_hub().now():
        return None
    return Lazy(lambda: _("%(day)s, %(time)s", day=on_day(due_at), time=at_time(due_at)))


def worker_called() -> Lazy:
    """What the young person's page calls whoever holds them; by no name once all is put away."""
    worker = None if me().put_away else worker_of(me().id)
    name = worker.known_as if worker else ""
    return Lazy(lambda: name or _("your worker"))


def reader_called() -> Lazy:
    """Who reads what is sent: whoever holds them or, where nobody does, the team."""
    worker = worker_of(me().id)
    return Lazy(lambda: worker.known_as if worker else _("the team"))


def truth() -> dict[str, Any]:
    """What is true now of what was said; in English too, while nobody has checked the language."""
    said = {"truth": what_is_true(me().id)}
    if language().state == "unchecked":
        with speaking("en_GB"):
            said["truth_in_english"] = what_is_true(me().id)
    return said


def are_you_safe(last: SafetyAnswer | None) -> Response:
    """The numbers, the question; and, once somebody was told, what is true about that."""
    return render(
        "returns/now.html",
        form_key=_key(), worker=worker_called(), numbers=first_numbers(YOUNG),
        said=last and last.said, **(truth() if last else {}),
        asked_by=asked_by(last.id) if last else None,
    )  # fmt: skip


def ok_now() -> Response:
    """Is it OK to do this now? Asked once in each sitting, before anything else of the form."""
    return render("returns/ok_now.html", form_key=_key())


def the_deal() -> Response:
    """The deal in its newest version."""
    worker = worker_called()
    return render(
        "returns/deal.html",
        form_key=_key(), version=NEWEST.version, paragraphs=[both(text, worker=worker) for text in NEWEST.paragraphs],
    )  # fmt: skip


def may_read() -> Response:
    """May the worker read what is not sent yet?"""
    return render("returns/may_read.html", worker=worker_called())


def heard(place: Place) -> Response:
    """Thanks for an answer that somebody is told about, what is true about it, and numbers; go on, or stop."""
    return render(
        "returns/heard.html",
        screen=place.at, **truth(), asked_by=asked_by(place.submission_id),
        numbers=first_numbers(YOUNG),
    )  # fmt: skip


def talk(place: Place) -> Response:
    """They would rather talk: what is true about the call."""
    return render(
        "returns/talk.html",
        screen=place.at, worker=reader_called(), **truth(), asked_by=asked_by(place.submission_id),
        numbers=first_numbers(YOUNG),
    )  # fmt: skip


def later(place: Place) -> Response:
    """Not now: that is fine."""
    return render("returns/later.html", screen=place.at, worker=reader_called())


def which() -> Response:
    """How much to say: short, all of it, or only what was different. The same for whoever never said anything before."""
    return render("returns/which.html")


def question(place: Place) -> Response:
    """One question, with what this sitting said to it."""
    given = place.given or Given()
    may_go_back = place.at != place.sitting_from
    return render(
        "returns/question.html", screen=question_screen(place.form, place.at, given, may_go_back=may_go_back)
    )


def once_more(at: str, heard: journey.Heard) -> Response:
    """The question once more with what to do, and all that was ticked and typed still there."""
    screen = question_screen(heard.form, at, heard.typed, error=_(heard.fault))
    return render("returns/question.html", status=422, screen=screen)


def question_screen(
    form: Questionnaire, at: str, given: Given, *, may_go_back: bool = True, error: str = ""
) -> QuestionScreen:
    """The question that stands at a place, with what was said to it."""
    question = form.by_name[at.removeprefix(journey.FROM_CHECK)]
    from_check = at.startswith(journey.FROM_CHECK)
    return QuestionScreen(
        at, _(question.words), question.kind, [(choice.value, _(choice.words)) for choice in question.choices],
        _(question.hint) if question.hint else "", _(question.more) if question.more else "",
        None if from_check else form.left_after(question.name), question.sensitive,
        may_go_back and journey.previous(form, at) is not None, _("Save this") if from_check else "",
        given.choices, given.words, error,
        form=bank.label(form), opens=journey.opens_into(form, at) is not None, enough=_enough(form, at),
        wishes=tuple((value, _(words)) for value, words in WISHES.items()) if question.kind == SHARING else (),
    )  # fmt: skip


def _enough(form: Questionnaire, at: str) -> str:
    """What the button says that leaves what was opened, or all the rest; nothing where there is none."""
    if journey.enough_leads_to(form, at) is None:
        return ""
    return _("That's enough about this") if at in form.opened_from else _("That's enough. Go to the end")


@dataclass(frozen=True)
class CheckLine:
    """One question on the check page: what was said in this sitting, or why there is nothing to show."""

    name: str
    words: str
    said: list[str]
    state: str  # "here", "skipped", "open"


def check(place: Place) -> Response:
    """Everything that this sitting said, to be looked at and changed, before it is sent."""
    submission = session.get_one(Submission, place.submission_id)
    here = {name: one for name, one in submission.answers().items() if one.sitting == me().sign_in_id}
    later = place.sitting_from is not None
    lines = [
        check_line(question, here.get(question.name), later)
        for question in _asked_now(place, {name: one.given.choices for name, one in here.items()})
    ]
    long = len(lines) >= _LONG
    return render(
        "returns/check.html", worker=reader_called(), later=later,
        lines=[line for line in lines if line.state == "here" or not long],
        others=[line for line in lines if line.state != "here"] if long else [],
    )  # fmt: skip


def _asked_now(place: Place, said: Said) -> list[Question]:
    """What this sitting was asked or may still be, in its order; and whatever it has answered."""
    form = place.form
    return [
        form.by_name[name]
        for name in journey.open_now(form, place.sitting_from)
        if name in said or (name in form.names and form.by_name[name].asked(said))
    ]


def check_line(one: Question, found: Answer | None, later: bool) -> CheckLine:
    """One line of the check page; *found* is what this sitting said, *later* whether an earlier one came so far."""
    if found is None:
        return CheckLine(one.name, _(one.words), [], "open")
    if found.skipped:
        # Skipped now, it may have been answered on another day, and then that answer stays.
        return CheckLine(one.name, _(one.words), [], "open" if later else "skipped")
    return CheckLine(one.name, _(one.words), _said(one, found.given), "here")


def _said(question: Question, given: Given) -> list[str]:
    ticks = [": ".join(_(words) for words in question.tick_words(value)) for value in given.choices]
    return [*ticks, given.words] if given.words else ticks


def receipt(place: Place) -> Response:
    """After sending: by when a person reads it, and what is true. Nothing of what was said is shown again."""
    voice = _voice(place.submission_id)
    return render(
        "returns/receipt.html",
        form_key=_key(), worker=reader_called(), promise=promise_words(voice.promised_by, current_hub().now()),
        translate=voice.waits_for_translation, read=voice.read_at is not None, told_how=bool(voice.tell_how), asked=_asked_with(voice),
    )  # fmt: skip


def _asked_with(voice: Voice) -> list[str]:
    """By which days the things that were asked for in the same form are answered, the first day first."""
    found = select(Voice.promised_by).where(
        Voice.person_id == voice.person_id, Voice.kind.in_((ASK, ASK_MANAGER)), Voice.said_at == voice.said_at
    )
    return [on_day(day) for day in session.scalars(found.distinct().order_by(Voice.promised_by))]


def _voice(submission_id: UUID) -> Voice:
    return session.scalars(
        select(Voice).where(Voice.kind == "return", Voice.source_id == submission_id)
    ).one()
