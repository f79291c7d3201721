"""What a young person asks for beside their side: it is about somebody here, another time or way, their safer plan.

A PIN can be forced: nothing that was said here is shown again, unless they said that their phone is private, and
each page looks the same whether something was said in another sitting or not.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from portal.access import YOUNG, Can, allow, me
from portal.accounts.private_phone import shows_old_things
from portal.db import new_id, session
from portal.episodes.wishes import TalkWish
from portal.help import numbers
from portal.i18n import Lazy, _
from portal.questionnaires.typed import TOO_LONG, clean
from portal.returns import about_worker as about
from portal.returns import another_way, safer_plan, screens
from portal.returns.about_worker import AboutWorker, who_is_who
from portal.returns.actions import key_of
from portal.returns.safer_plan import SaferPlan
from portal.returns.views import bp
from portal.web import not_found, render, see_other

MOST_WORDS = 5_000  # characters of what stands beside ticks


def _typed(name: str) -> str:
    return clean(request.form.get(name, ""))


def _key() -> UUID:
    return key_of(me(), request.form.get("form_key", ""))


def _reader() -> Lazy:
    """Who is shown what is said here; by no name once all is put away."""
    return Lazy(lambda: _("the team")) if me().put_away else screens.reader_called()


def _once_more() -> bool:
    """Whether they ask for the form again after they have sent it in this sitting."""
    return "more" in request.args


@bp.route("/tell", methods=["GET", "POST"])
@allow(YOUNG, Can.SAY_HOW_SAFE, while_put_away=True)
def about_worker() -> ResponseReturnValue:
    """It is about somebody who looks after them or works with them: to a manager, and what is true about that."""
    known = [] if me().put_away else who_is_who(me().id)  # put away, no page names anybody
    if request.method == "POST":
        words = _typed("words")
        if len(words) > MOST_WORDS:
            return _ask_about(known, words, request.form.get("whom", ""), status=422)
        named = next((one for one in known if str(one.id) == request.form.get("whom")), None)
        whom = request.form.get("whom", "")
        AboutWorker.say(
            me().id, whom if whom in about.WHOM else about.NOT_SAID, named, words, _key(), me().sign_in_id
        )
        return see_other("returns.about_worker")
    said = AboutWorker.said_in(me().sign_in_id)
    return _said_about(said) if said and not _once_more() else _ask_about(known)


def _ask_about(
    known: list[about.Known], words: str = "", whom: str = "", status: int = 200
) -> ResponseReturnValue:
    return render(
        "returns/about_worker.html", status=status, known=known, words=words, whom=whom, form_key=new_id().hex,
        numbers=numbers.first_numbers(YOUNG), error=_(TOO_LONG) if status == 422 else "",
    )  # fmt: skip


def _said_about(said: AboutWorker) -> ResponseReturnValue:
    """Who reads it, what is true about that, an advocate, how to complain; none of what was said."""
    readers = about.readers_of(me().id, said.id)
    names = [] if me().put_away else readers
    on_side = numbers.on_screen((numbers.ADVOCATE, numbers.OFFICER, numbers.CHILDLINE))
    return render(
        "returns/told_manager.html", readers=readers, names=names, numbers=on_side, asked_by=screens.asked_by(said.id),
        **screens.truth(),
    )  # fmt: skip


@bp.route("/when/<way>", methods=["GET", "POST"])
@allow(YOUNG, Can.SAY_HOW_SAFE, while_put_away=True)
def when(way: str) -> ResponseReturnValue:
    """When, with whom, where and how is better: after "not now", "I'd rather talk" or "ring me"."""
    choice = another_way.WAYS.get(way)
    if choice is None:
        raise not_found()
    if request.method == "POST":
        ticked = {question.name: request.form.getlist(question.name) for question in another_way.QUESTIONS}
        words = _typed("words")
        if len(words) > MOST_WORDS:
            return _ask_when(way, choice, ticked, words, status=422)
        if lines := another_way.lines_of(ticked, words):
            TalkWish.say(me().id, choice, lines, _key(), me().sign_in_id)
        return see_other("returns.when", way=way)
    said = TalkWish.said_in(me().sign_in_id) is not None
    if said and not _once_more():
        return render("returns/when_saved.html", way=way, choice=choice)
    return _ask_when(way, choice, {}, "")


def _ask_when(
    way: str, choice: str, ticked: dict[str, list[str]], words: str, status: int = 200
) -> ResponseReturnValue:
    questions = [
        (one.name, _(one.words), [(each.value, _(each.words)) for each in one.choices], ticked.get(one.name, []))
        for one in another_way.QUESTIONS
    ]  # fmt: skip
    return render(
        "returns/when.html", status=status, way=way, heading=_(another_way.HEADINGS[choice]), questions=questions,
        words=words, more=_(another_way.MORE), form_key=new_id().hex, worker=_reader(),
        error=_(TOO_LONG) if status == 422 else "",
    )  # fmt: skip


@bp.route("/plan", methods=["GET", "POST"])
@allow(YOUNG, Can.KEEP_A_PLAN)
def plan() -> ResponseReturnValue:
    """Their safer plan: a card of their own, in their words. Only a private phone shows what stands on it."""
    private = shows_old_things(me())
    if request.method == "POST":
        lines = {name: _typed(name) for name in safer_plan.LINES}
        long = {name for name, words in lines.items() if len(words) > safer_plan.LONGEST}
        if long:
            return _plan_page(lines, private=private, long=long)
        # Where the card is shown, an empty line means: take it out.
        afresh = private or "afresh" in request.form
        if afresh or any(lines.values()):
            SaferPlan.write(me().id, lines, _key(), me().sign_in_id, afresh=afresh)
            session.flush()
        return see_other("returns.plan", saved=1)
    versions = SaferPlan.versions_of(me().id) if private else []
    return _plan_page(versions[0].lines if versions else {}, private=private)


def _plan_page(
    lines: dict[str, str], *, private: bool, long: set[str] = frozenset()  # type: ignore[assignment]
) -> ResponseReturnValue:  # fmt: skip
    boxes = [
        (name, _(words), _(safer_plan.HINTS[name]), lines.get(name, ""), name in long)
        for name, words in safer_plan.LINES.items()
    ]
    values: dict[str, Any] = {"boxes": boxes, "private": private, "form_key": new_id().hex}
    return render(
        "returns/plan.html", status=422 if long else 200, saved="saved" in request.args and not long,
        worker=screens.worker_called(), **values,
    )  # fmt: skip
