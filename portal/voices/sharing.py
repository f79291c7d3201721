"""Who gets what somebody said: their wishes, asking them, sharing as they wish, and what must be shared."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from portal.access import STAFF, Can, allow, me
from portal.accounts.models import Person
from portal.accounts.staff_names import names_of
from portal.db import new_id, session
from portal.trail import shares
from portal.trail.models import Voice
from portal.trail.shares import MUST_TO_STAFF, OK, POLICE, WHOM, AgainstWish
from portal.voices.one_voice import get_voice
from portal.voices.room import bp
from portal.voices.share_forms import TOLD, AskForm, MustShareForm, ShareForm, WishForm
from portal.web import form_key, render, see_other

_AGAINST = "They have not said that this is OK. Ask them, or say which of the three things it is"


@bp.get("/voices/<uuid:voice_id>/sharing")
@allow(STAFF, Can.SHARE_WORDS, of="voice")
def sharing(voice_id: UUID) -> ResponseReturnValue:
    """Who may have it, who got it; none of the words themselves."""
    return _page(get_voice(voice_id, Can.SHARE_WORDS))


@bp.post("/voices/<uuid:voice_id>/sharing/wish")
@allow(STAFF, Can.SHARE_WORDS, of="voice")
def wish(voice_id: UUID) -> ResponseReturnValue:
    """Put down what they said, asked in person."""
    voice, form = get_voice(voice_id, Can.SHARE_WORDS), WishForm(prefix="wish")
    if not form.validate():
        return _page(voice, 422, wish_form=form)
    shares.wish(voice, form.whom.data, form.wish.data, by=me().id)
    return _again(voice)


@bp.post("/voices/<uuid:voice_id>/sharing/ask")
@allow(STAFF, Can.SHARE_WORDS, of="voice")
def ask(voice_id: UUID) -> ResponseReturnValue:
    """Let the question wait on their phone."""
    voice, form = get_voice(voice_id, Can.SHARE_WORDS), AskForm(prefix="ask")
    form.whom.offer(_askable(voice))
    if not form.validate():
        return _page(voice, 422, ask_form=form)
    shares.ask(voice, form.whom.data, me().id)
    return _again(voice)


@bp.post("/voices/<uuid:voice_id>/sharing/share")
@allow(STAFF, Can.SHARE_WORDS, of="voice")
def share(voice_id: UUID) -> ResponseReturnValue:
    """Note that it was shared, as they wish."""
    voice, form = get_voice(voice_id, Can.SHARE_WORDS), ShareForm(prefix="share")
    if not form.validate():
        return _page(voice, 422, share_form=form)
    try:
        shares.share(voice, form.whom.data, me().id, form.reason.said, form_key())
    except AgainstWish:
        form.whom.errors = [_AGAINST]
        return _page(voice, 422, share_form=form)
    return _again(voice)


@bp.post("/voices/<uuid:voice_id>/sharing/must")
@allow(STAFF, Can.SHARE_WORDS, of="voice")
def must_share(voice_id: UUID) -> ResponseReturnValue:
    """Note what had to be shared: for which of the three things, why, and whether they know."""
    voice, form = get_voice(voice_id, Can.SHARE_WORDS), MustShareForm(prefix="must")
    if not form.validate():
        return _page(voice, 422, must_form=form)
    shares.must_share(
        voice, form.whom.data, me().id, form.must.data, form.told.data == TOLD,
        words=form.reason.said, not_told_because=form.because.said, key=form_key(),
    )  # fmt: skip
    return _again(voice)


@bp.post("/voices/<uuid:voice_id>/sharing/told")
@allow(STAFF, Can.SHARE_WORDS, of="voice")
def tell_of_share(voice_id: UUID) -> ResponseReturnValue:
    """Note that they have been told of what had to be shared."""
    voice = get_voice(voice_id, Can.SHARE_WORDS)
    shared = [one for one in shares.shares_of(voice.id) if str(one.id) == request.form.get("share", "")]
    for one in shared:
        one.tell_child(me().id)
    return _again(voice)


@bp.post("/voices/<uuid:voice_id>/in-person")
@allow(STAFF, Can.SHARE_WORDS, of="voice")
def keep_in_person(voice_id: UUID) -> ResponseReturnValue:
    """Keep it off every phone, or say that it is safe on theirs."""
    voice = get_voice(voice_id, Can.SHARE_WORDS)
    acts = {"keep": voice.keep_in_person, "allow": voice.allow_on_phone}
    if (act := acts.get(request.form.get("do", ""))) is not None:
        act(me().id)
    return _again(voice)


def _again(voice: Voice) -> ResponseReturnValue:
    return see_other("voices.sharing", voice_id=voice.id)


def _askable(voice: Voice, waiting: set[str] | None = None) -> list[str]:
    """About whom they can be asked on their phone: never the police, and not what waits there already.

    A parent or carer is asked in person: their door has no page for it.
    """
    if voice.in_person_only or voice.about_id != voice.person_id:
        return []
    waiting = _waiting(voice) if waiting is None else waiting
    return [whom for whom in WHOM if whom != POLICE and whom not in waiting]


def _waiting(voice: Voice) -> set[str]:
    return {row.whom for row in shares.said_wishes(voice.id) if row.wish is None}


def _page(voice: Voice, status: int = 200, **given: Any) -> ResponseReturnValue:
    rows, shared = shares.said_wishes(voice.id), shares.shares_of(voice.id)
    wishes = {row.whom: row for row in rows if row.wish is not None}
    waiting = {row.whom for row in rows if row.wish is None}
    forms = {
        "wish_form": WishForm, "ask_form": AskForm, "share_form": ShareForm, "must_form": MustShareForm,
    }  # fmt: skip
    made = {
        name: given.get(name) or form(prefix=name.removesuffix("_form"), formdata=None)
        for name, form in forms.items()
    }
    made["share_form"].whom.offer([whom for whom, row in wishes.items() if row.wish == OK])
    made["ask_form"].whom.offer(_askable(voice, waiting))
    return render(
        "voices/sharing.html", status=status, voice=voice, person=session.get_one(Person, voice.person_id),
        wishes=wishes, waiting=waiting, shared=shared, whom=WHOM, form_key=new_id,
        untold=[one for one in shared if one.told_child_at is None], must=MUST_TO_STAFF, names=names_of({one.by_id for one in shared}), **made,
    )  # fmt: skip
