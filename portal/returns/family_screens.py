"""What each screen of a parent's or carer's way shows. What was typed is shown only in the sitting that typed it.

Nothing here tells who was told, or whether somebody has read it: that could differ with what the child has said.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Response
from sqlalchemy import select

from portal.access import FAMILY, me
from portal.alerts.models import Alert
from portal.config import current_hub
from portal.db import new_id, session
from portal.help.numbers import need_at, on_screen
from portal.i18n import N_, Lazy, _, at_time, on_day
from portal.questionnaires.adults_deal import NEWEST
from portal.questionnaires.models import Answer, Given, Submission
from portal.questionnaires.questions import MOMENT
from portal.questionnaires.typed import clean
from portal.returns import journey
from portal.returns.family import Offer
from portal.returns.family_acts import NotAMoment, moment
from portal.returns.screens import CheckLine, check_line, question_screen
from portal.trail.models import Voice
from portal.trail.promise import promise_words
from portal.web import render

_NO_MOMENT = N_("Enter the day and the time when they came back, such as 22/11/2026 and 21:40. Or skip it.")


def _page(template: str, offer: Offer, status: int = 200, **values: Any) -> Response:
    return render(
        f"returns/family_{template}.html", status=status, offer=offer, form_key=new_id().hex, **values
    )


def start(offer: Offer, draft: Submission | None) -> Response:
    """What this is, about whom, and that it need not be: asked once in each sitting."""
    return _page("start", offer, until=on_day(offer.returned_at), before=draft is not None)


def the_deal(offer: Offer) -> Response:
    """The deal for adults in its newest version."""
    return _page("deal", offer, version=NEWEST.version, paragraphs=[_(text) for text in NEWEST.paragraphs])


def question(offer: Offer, draft: Submission) -> Response:
    """One question, with what this sitting said to it."""
    name = draft.at.removeprefix(journey.FROM_CHECK)
    found = session.scalar(
        select(Answer).where(
            Answer.submission_id == draft.id, Answer.question == name, Answer.sitting == me().sign_in_id
        )
    )
    given = found.given if found else Given()
    screen = question_screen(draft.form, draft.at, given, may_go_back=draft.at != draft.sitting_from)
    return _page("question", offer, screen=screen)


def once_more(offer: Offer, at: str, heard: journey.Heard) -> Response:
    """The question once more with what to do, and all that was ticked and typed still there."""
    return _page(
        "question", offer, 422, screen=question_screen(heard.form, at, heard.typed, error=_(heard.fault))
    )


def no_moment(offer: Offer, draft: Submission, at: str, day: str, time: str) -> Response:
    """The question for a day and a time once more: what was typed there is none, or has not come yet."""
    screen = question_screen(draft.form, at, Given((), f"{clean(day)} {clean(time)}"), error=_(_NO_MOMENT))
    return _page("question", offer, 422, screen=screen)


def heard(offer: Offer, draft: Submission) -> Response:
    """Thanks for a worry, by when somebody is asked to open it, and numbers for adults; go on, or stop."""
    need = need_at(FAMILY, "worry")
    return _page(
        "heard",
        offer,
        screen=draft.at,
        numbers=on_screen(need.who if need else ()),
        asked_by=_asked_by(draft),
    )


def _asked_by(draft: Submission) -> Lazy | None:
    """By when somebody is asked to open their own worry, as words; nothing once that time is over."""
    due_at = session.scalar(
        select(Alert.due_at).where(Alert.source_id == draft.id).order_by(Alert.raised_at.desc()).limit(1)
    )
    if due_at is None or due_at <= current_hub().now():
        return None
    return Lazy(lambda: _("%(day)s, %(time)s", day=on_day(due_at), time=at_time(due_at)))


def check(offer: Offer, draft: Submission) -> Response:
    """Everything that this sitting said, to be looked at and changed, before it is sent."""
    here = {name: one for name, one in draft.answers().items() if one.sitting == me().sign_in_id}
    shown, later = journey.open_now(draft.form, draft.sitting_from), draft.sitting_from is not None
    lines = [_line(draft, name, here.get(name), later) for name in shown]
    return _page("check", offer, lines=lines, later=later)


def _line(draft: Submission, name: str, found: Answer | None, later: bool) -> CheckLine:
    """One line of the check page; a day and a time stand there as people say them."""
    line = check_line(draft.form.by_name[name], found, later)
    if draft.form.by_name[name].kind != MOMENT or not line.said:
        return line
    try:
        at = moment(line.said[0])
    except NotAMoment:
        return line
    return replace(line, said=[_("%(day)s, %(time)s", day=on_day(at), time=at_time(at))])


def receipt(offer: Offer, sent: Submission) -> Response:
    """After sending: by when a person reads it. Nothing of what was said is shown again."""
    voice = session.scalars(
        select(Voice).where(Voice.kind == sent.questionnaire, Voice.source_id == sent.id)
    ).one()
    return _page(
        "receipt", offer, translate=voice.waits_for_translation, promise=promise_words(voice.promised_by, current_hub().now()),
        told_how=bool(voice.tell_how),
    )  # fmt: skip
