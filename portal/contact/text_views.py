"""Where texts come in, by a proof of their own; and the duty workers' tray of those whose number nobody knows."""

from __future__ import annotations

import hmac
from typing import Any
from uuid import UUID

from flask import current_app, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from wtforms import HiddenField, TextAreaField
from wtforms.validators import DataRequired, Length

from portal import audit, paging
from portal.access import PUBLIC, STAFF, Can, allow, everyone, me
from portal.contact.incoming import IncomingText
from portal.contact.room import bp
from portal.db import beyond_the_wall, kept, session
from portal.questionnaires.typed import clean
from portal.web import Form, error_page, not_found, render, see_other

ON_A_PAGE = 50
LONGEST = 2_000


class Brought(BaseModel):
    """A text as GOV.UK Notify brings it; the rest of what it says is not looked at."""

    model_config = ConfigDict(extra="ignore")

    id: UUID
    source_number: str = Field(min_length=1, max_length=40)
    message: str = Field(max_length=20_000)


@bp.post("/incoming")
@everyone(PUBLIC, own_proof=True)
def incoming() -> ResponseReturnValue:
    """Take a text from the gateway, which proves itself with the token of the settings; brought twice it is one."""
    if not _proves_itself():
        return error_page(401)
    try:
        brought = Brought.model_validate_json(request.get_data())
    except ValidationError:
        return error_page(422)
    with beyond_the_wall():  # nobody is signed in: whose number it is, and who reads it, is for us to look up
        IncomingText.take(brought.id, brought.source_number, clean(brought.message))
    return "", 204


def _proves_itself() -> bool:
    token = current_app.extensions["rowan"].incoming_token
    given = request.headers.get("Authorization", "").encode()
    return token is not None and hmac.compare_digest(given, f"Bearer {token}".encode())


class SeenToForm(Form):
    """Which text, and what was done about it."""

    text = HiddenField()
    done = TextAreaField(
        "What you did about it",
        [
            DataRequired("Write what you did about it"),
            Length(max=LONGEST, message="Write it in fewer words"),
        ],
    )


@bp.route("/texts", methods=["GET", "POST"])
@allow(STAFF, Can.SEE_TEXTS)
def texts() -> ResponseReturnValue:
    """Texts from numbers that nobody knows; write what was done about one."""
    form = SeenToForm()
    if form.validate_on_submit():
        row = session.scalar(IncomingText.visible_to(me()).where(IncomingText.id == _wanted(form)))
        if row is None:
            raise not_found()
        row.see_to(clean(form.done.data or ""), me().id)
        return see_other("contact.texts")
    if request.method == "POST":
        kept()  # the page shows the words again: that is noted
    after = request.args.get("after", "")
    lines, onward = waiting_texts(after)
    return render(
        "contact/texts.html", lines=lines, onward=onward, first=not after, form=form, mends=form.text.data,
        status=422 if form.errors else 200,
    )  # fmt: skip


def waiting_texts(after: str = "") -> tuple[list[IncomingText], str | None]:
    """What nobody has seen to, the oldest first; and after which to go on. That it was read is noted."""
    waiting: Any = IncomingText.visible_to(me()).where(
        IncomingText.seen_to_at.is_(None), paging.after(after, IncomingText.came_at, IncomingText.id)
    )
    found = waiting.order_by(IncomingText.came_at, IncomingText.id).limit(ON_A_PAGE + 1)
    rows = list(session.scalars(found))
    if rows:
        note = audit.record if request.method == "POST" else audit.read
        note("text.read", object_kind="text", object_id=rows[0].id)
    last = rows[ON_A_PAGE - 1] if len(rows) > ON_A_PAGE else None
    return rows[:ON_A_PAGE], last and paging.place(last.came_at, last.id)


def _wanted(form: SeenToForm) -> UUID:
    try:
        return UUID(form.text.data or "")
    except ValueError:
        raise not_found() from None
