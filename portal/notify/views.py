"""How staff are told that something waits: by e-mail, by text, or both. A message says nothing of what it is about."""

from __future__ import annotations

from typing import Any

import phonenumbers
from flask.typing import ResponseReturnValue
from wtforms import RadioField, TelField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired

from portal.access import STAFF, Can, Room, allow, me
from portal.accounts.models import Person
from portal.db import session
from portal.notify.gateways import EMAIL, TEXT
from portal.notify.wording import PLAIN
from portal.web import Form, render, see_other

bp = Room("notify", __name__)
BOTH = "both"
_WAYS = {BOTH: "By e-mail and by text", EMAIL: "By e-mail only", TEXT: "By text only"}


class ReachForm(Form):
    """By which way, and the number for texts."""

    way = RadioField(
        "How shall we tell you that something waits?",
        [InputRequired("Choose a way")],
        choices=[SelectChoice(way, words) for way, words in _WAYS.items()],
    )
    phone = TelField("Your work mobile, for texts")

    def validate_phone(self, field: Any) -> None:
        """Texts need a number, and a number that texts reach."""
        typed = (field.data or "").strip()
        if not typed and self.way.data == TEXT:
            raise ValidationError("Enter a number, or choose e-mail")
        if typed and not _is_number(typed):
            raise ValidationError("Enter a telephone number, such as 07700 900123")


def _is_number(typed: str) -> bool:
    try:
        return len(typed) <= 30 and phonenumbers.is_possible_number(phonenumbers.parse(typed, "GB"))
    except phonenumbers.NumberParseException:
        return False


@bp.route("/how-we-reach-you", methods=["GET", "POST"])
@allow(STAFF, Can.USE_STAFF_PAGES, step_up=True)
def reach() -> ResponseReturnValue:
    """See and choose how one is told; what is due at night comes by the same way."""
    person = session.get_one(Person, me().id)
    form = ReachForm(way=person.notices_by or BOTH, phone=person.phone or "")
    if form.validate_on_submit():
        way = form.way.data
        person.be_told(None if way == BOTH else way, (form.phone.data or "").strip() or None)
        return see_other("notify.reach")
    return render(
        "notify/reach.html", form=form, email=person.email, by_text=bool(person.phone), wish=person.notices_by,
        sample=PLAIN.text, status=422 if form.errors else 200,
    )  # fmt: skip
