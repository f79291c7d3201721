"""The young person's door: are you safe, and your side. Each has one address; an answer is a POST, then a 303.

The screens of "your side" are named by the questionnaire and kept in the draft; a hidden field says which one a
page was, so that Back, an old tab or a second phone answers the question that it shows.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import request
from flask.typing import ResponseReturnValue

from portal.access import YOUNG, Can, Room, allow, me
from portal.db import kept
from portal.episodes.models import waiting_for
from portal.questionnaires.bank import YOUR_SIDE
from portal.questionnaires.models import SENT, Submission
from portal.questionnaires.place import Place, place_of
from portal.returns import actions, journey, screens
from portal.returns.actions import key_of
from portal.returns.models import NOT_NOW, NOW, TALK, TELLS, WITH_SOMEONE, SafetyAnswer
from portal.web import see_other

bp = Room("returns", __name__)


@bp.route("/now", methods=["GET", "POST"])
@allow(YOUNG, Can.SAY_HOW_SAFE, while_put_away=True)
def now() -> ResponseReturnValue:
    """The first screen after the PIN: is somebody safe, and who hears of it if not.

    It opens when all is put away, too: not being safe can be said at any time, and it shows nothing of before.
    """
    if request.method != "POST":
        return screens.are_you_safe(SafetyAnswer.last_of(me().sign_in_id))
    who, said = me(), request.form.get("safe", "")
    if said in TELLS:
        # Whoever presses another button before the answer is there has said something else, not the same twice.
        typed = request.form.get("form_key", "")
        SafetyAnswer.say(who.id, said, key_of(who, typed and f"{said} {typed}"), who.sign_in_id)
    elif said == "yes":
        goes_on = not who.put_away and waiting_for(who.id)
        return see_other("returns.answer" if goes_on else "voices.young_front")
    elif said == "numbers":
        return see_other("help.index")
    return see_other("returns.now")


@bp.route("/side", methods=["GET", "POST"])
@allow(YOUNG, Can.TELL_THEIR_SIDE)
def answer() -> ResponseReturnValue:
    """Your side: the screen that comes next, or what was said on one."""
    if request.method == "POST":
        return _take(request.form.get("screen", ""))
    place = place_of(me().id, YOUR_SIDE, me().sign_in_id)
    return _show(place)


# --- what comes next --------------------------------------------------------------------------------------------


def _show(place: Place | None) -> ResponseReturnValue:
    if place is None or place.sitting != me().sign_in_id:
        return screens.ok_now()
    if place.state == SENT:
        return screens.receipt(place)
    kind = journey.kind_of(place.at)
    if kind in _BETWEEN:
        return _BETWEEN[kind](place)
    if place.deal_version is None:
        return screens.the_deal()
    if place.may_read_draft is None:
        return screens.may_read()
    if kind == journey.WHICH:
        return screens.which()
    if kind == journey.CHECK:
        return screens.check(place)
    return screens.question(place)


_BETWEEN: dict[str, Callable[[Place], ResponseReturnValue]] = {
    journey.HEARD: screens.heard,
    journey.TALK: screens.talk,
    journey.LATER: screens.later,
}

# --- what was said ----------------------------------------------------------------------------------------------


def _take(screen: str) -> ResponseReturnValue:
    """Take what one screen said; a screen that does not exist, or whose time is over, leads to the one that is due."""
    take = _TAKES.get(journey.kind_of(screen) if screen != journey.OK_NOW else screen)
    if take is None:
        return _take_answer(screen)
    return take(screen, request.form.get("go", ""))


def _take_answer(screen: str) -> ResponseReturnValue:
    form = request.form
    said, more = form.getlist("answer"), form.get("more", "")
    heard = actions.answer_question(me(), screen, form.get("go", ""), said, more, form.get("form", ""))
    if heard is not None and heard.fault:
        kept()
        return screens.once_more(screen, heard)
    return see_other("returns.answer")


def _choose(screen: str, go: str) -> ResponseReturnValue:
    if go in (NOW, WITH_SOMEONE, TALK, NOT_NOW):
        actions.choose(me(), go, key_of(me(), request.form.get("form_key", "")))
    return see_other("returns.answer")


def _agree(screen: str, go: str) -> ResponseReturnValue:
    if go in (TALK, NOT_NOW):
        return _choose(screen, go)
    draft = _draft()
    if draft is not None and go == journey.ON:
        actions.agree(draft, request.form.get("version", ""))
    return see_other("returns.answer")


def _say_may_read(screen: str, go: str) -> ResponseReturnValue:
    draft = _draft()
    if draft is not None and draft.deal_version is not None and go in ("yes", "no", journey.SKIP):
        actions.let_read(draft, go == "yes")
    return see_other("returns.answer")


def _choose_form(screen: str, go: str) -> ResponseReturnValue:
    draft = _draft()
    if draft is not None and draft.deal_version is not None and draft.may_read_draft is not None:
        actions.take_form(draft, go)
    return see_other("returns.answer")


def _go_on(screen: str, go: str) -> ResponseReturnValue:
    draft = _draft()
    if draft is not None and draft.at == screen:
        draft.at = journey.beyond(screen)
    return see_other("voices.young_front" if go == "stop" else "returns.answer")


def _take_check(screen: str, go: str) -> ResponseReturnValue:
    draft, change = _draft(), request.form.get("change", "")
    if draft is None or draft.deal_version is None or draft.may_read_draft is None:
        return see_other("returns.answer")
    here = journey.open_now(draft.form, draft.sitting_from)
    if go == "send":
        actions.send(draft)
    elif go == "stop":
        return see_other("voices.young_front")
    elif go == journey.BACK:
        draft.at = next((name for name in reversed(draft.form.names) if name in here), draft.at)
    elif change in here:
        draft.at = journey.FROM_CHECK + change
    return see_other("returns.answer")


def _say_more(screen: str, go: str) -> ResponseReturnValue:
    return _choose(screen, NOW if go == journey.ON else "")


def _draft() -> Submission | None:
    """The draft that was opened in this sitting, or None."""
    draft = Submission.draft_of(me().id, *YOUR_SIDE)
    return draft if draft is not None and draft.sitting == me().sign_in_id else None


_TAKES: dict[str, Callable[[str, str], ResponseReturnValue]] = {
    journey.OK_NOW: _choose,
    journey.DEAL: _agree,
    journey.MAY_READ: _say_may_read,
    journey.WHICH: _choose_form,
    journey.CHECK: _take_check,
    journey.RECEIPT: _say_more,
    journey.HEARD: _go_on,
    journey.TALK: _go_on,
    journey.LATER: _go_on,
}
