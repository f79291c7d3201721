"""The families' door: a parent's or carer's side after a return. One address for each young person they look after.

As at the young people's door an answer is a POST, then a 303, and a hidden field says which screen a page was.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from portal.access import FAMILY, Can, allow, me
from portal.accounts.models import Link
from portal.db import kept, session
from portal.questionnaires.models import SENT, Submission
from portal.returns import family_acts, family_screens, journey
from portal.returns.actions import key_of
from portal.returns.family import Offer, offers
from portal.returns.views import bp
from portal.web import not_found, see_other

START = "start"


def get_link(link_id: UUID) -> Link:
    """The link, if it is this adult's own and runs today; else "not found"."""
    link = session.scalar(Link.visible_to(me(), Can.TELL_MY_SIDE).where(Link.id == link_id))
    if link is None:
        raise not_found()
    return link


@bp.route("/side/<uuid:link_id>", methods=["GET", "POST"])
@allow(FAMILY, Can.TELL_MY_SIDE, of="link")
def tell(link_id: UUID) -> ResponseReturnValue:
    """A parent's or carer's side: the screen that comes next, or what was said on one."""
    link = get_link(link_id)
    offer = next((one for one in offers(me()) if one.link_id == link.id), None)
    if offer is None:
        return see_other("voices.family_front")
    if request.method == "POST":
        return _take(offer, request.form.get("screen", ""), request.form.get("go", ""))
    return _show(offer, family_acts.form_of(me(), offer))


def _show(offer: Offer, form: Submission | None) -> ResponseReturnValue:
    if form is None or form.sitting != me().sign_in_id:
        return family_screens.start(offer, form)
    if form.state == SENT:
        return family_screens.receipt(offer, form)
    if form.deal_version is None:
        return family_screens.the_deal(offer)
    shown = {journey.HEARD: family_screens.heard, journey.CHECK: family_screens.check}
    return shown.get(journey.kind_of(form.at), family_screens.question)(offer, form)


def _take(offer: Offer, screen: str, go: str) -> ResponseReturnValue:
    """Take what one screen said; a screen that does not exist, or whose time is over, leads to the one that is due."""
    if screen in (START, journey.RECEIPT):
        return _start(offer, go)
    draft = family_acts.draft_here(me(), offer)
    if draft is None:
        return _to(offer)
    if screen == journey.DEAL:
        return _agree(offer, draft, go)
    if draft.deal_version is None:
        return _to(offer)
    take = _TAKES.get(journey.kind_of(screen))
    return take(offer, draft, screen, go) if take else _take_answer(offer, draft, screen, go)


def _start(offer: Offer, go: str) -> ResponseReturnValue:
    if go != journey.ON:
        return see_other("voices.family_front")
    family_acts.begin(me(), offer, key_of(me(), request.form.get("form_key", "")))
    return _to(offer)


def _agree(offer: Offer, draft: Submission, go: str) -> ResponseReturnValue:
    if go != journey.ON:
        return see_other("voices.family_front")
    family_acts.agree(draft, request.form.get("version", ""))
    return _to(offer)


def _take_answer(offer: Offer, draft: Submission, screen: str, go: str) -> ResponseReturnValue:
    said, more = request.form.getlist("answer"), request.form.get("more", "")
    try:
        heard = family_acts.answer(me(), draft, screen, go, said, more)
    except family_acts.NotAMoment:
        return family_screens.no_moment(offer, draft, screen, "".join(said[:1]), more)
    if heard is not None and heard.fault:
        kept()
        return family_screens.once_more(offer, screen, heard)
    return _to(offer)


def _go_on(offer: Offer, draft: Submission, screen: str, go: str) -> ResponseReturnValue:
    if draft.at == screen:
        draft.at = journey.beyond(screen)
    return see_other("voices.family_front") if go == "stop" else _to(offer)


def _take_check(offer: Offer, draft: Submission, screen: str, go: str) -> ResponseReturnValue:
    here, change = journey.open_now(draft.form, draft.sitting_from), request.form.get("change", "")
    if go == "send":
        family_acts.send(draft, offer)
    elif go == "stop":
        return see_other("voices.family_front")
    elif go == journey.BACK:
        draft.at = here[-1] if here else draft.at
    elif change in here:
        draft.at = journey.FROM_CHECK + change
    return _to(offer)


def _to(offer: Offer) -> ResponseReturnValue:
    return see_other("returns.tell", link_id=offer.link_id)


_TAKES: dict[str, Callable[[Offer, Submission, str, str], ResponseReturnValue]] = {
    journey.HEARD: _go_on,
    journey.CHECK: _take_check,
}
