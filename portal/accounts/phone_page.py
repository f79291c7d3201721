"""Is their phone private? Asked by a worker who is with them, each time anew."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from portal import audit
from portal.access import STAFF, Can, allow, me
from portal.accounts import private_phone as phones
from portal.accounts.models import Person
from portal.accounts.staff import child_or_adult, get_child
from portal.accounts.views import bp
from portal.web import render, see_other


@bp.route("/young-people/<uuid:child_id>/phone", methods=["GET", "POST"])
@allow(STAFF, Can.GIVE_WAY_IN, of="young person")
def private_phone(child_id: UUID) -> ResponseReturnValue:
    """What they said last, and what they say now."""
    child = get_child(child_id, Can.GIVE_WAY_IN)
    return _page(child, child)


@bp.route("/young-people/<uuid:child_id>/phone/<uuid:adult_id>", methods=["GET", "POST"])
@allow(STAFF, Can.GIVE_WAY_IN, of="young person")
def private_phone_of_adult(child_id: UUID, adult_id: UUID) -> ResponseReturnValue:
    """The same about a parent or carer who is linked to the young person; it shows only what is their own."""
    child = get_child(child_id, Can.GIVE_WAY_IN)
    return _page(child, child_or_adult(child, adult_id))


def _page(child: Person, whose: Person) -> ResponseReturnValue:
    acts: dict[str, Callable[[UUID, UUID], None]] = {
        "private": phones.say_private, "not": phones.say_not_private, "ask": phones.let_them_say,
    }  # fmt: skip
    if request.method == "POST":
        if (act := acts.get(request.form.get("do", ""))) is not None:
            act(whose.id, me().id)
        return see_other(request.endpoint or "", **(request.view_args or {}))
    audit.read("phone.read", object_kind="person", object_id=whose.id, subject=whose.id)
    return render(
        "accounts/private_phone.html", child=child, whose=whose, private=phones.phone_is_private(whose.id),
        asked=phones.may_say_now(whose.id), last=phones.last_asked(whose.id),
    )  # fmt: skip
