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
from portal.accounts.views import bp
from portal.db import session
from portal.web import not_found, render, see_other


@bp.route("/young-people/<uuid:child_id>/phone", methods=["GET", "POST"])
@allow(STAFF, Can.GIVE_WAY_IN, of="young person")
def private_phone(child_id: UUID) -> ResponseReturnValue:
    """What they said last, and what they say now."""
    found = Person.visible_to(me(), Can.GIVE_WAY_IN).where(Person.id == child_id)
    if (child := session.scalar(found)) is None:
        raise not_found()
    acts: dict[str, Callable[[UUID, UUID], None]] = {
        "private": phones.say_private, "not": phones.say_not_private, "ask": phones.let_them_say,
    }  # fmt: skip
    if request.method == "POST":
        if (act := acts.get(request.form.get("do", ""))) is not None:
            act(child.id, me().id)
        return see_other("accounts.private_phone", child_id=child.id)
    audit.read("phone.read", object_kind="person", object_id=child.id, subject=child.id)
    return render(
        "accounts/private_phone.html", child=child, private=phones.phone_is_private(child.id),
        asked=phones.may_say_now(child.id), last=phones.last_asked(child.id),
    )  # fmt: skip
