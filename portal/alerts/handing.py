"""What stands on the page of an alert to hand it over, or to open a closed one again; and its book."""

from __future__ import annotations

from typing import Any

from wtforms import SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import DataRequired, InputRequired, Length

from portal.access import me
from portal.accounts.staff_names import names_of
from portal.alerts.book import book_of
from portal.alerts.models import CLOSED, Alert
from portal.db import new_id
from portal.web import Form

_LONGEST = Length(max=2000, message="Write it in 2,000 characters or fewer.")
_NO_AUTOFILL = {"rows": 3, "autocomplete": "off"}


class HandOverForm(Form):
    """To whom, and why."""

    to = SelectField("To whom", validators=[InputRequired("Choose to whom")])
    words = TextAreaField(
        "Why, and what they should know", [DataRequired("Write why."), _LONGEST], render_kw=_NO_AUTOFILL
    )


class ReopenForm(Form):
    """Why a closed alert is opened again."""

    words = TextAreaField(
        "Why it is to be opened again", [DataRequired("Write why."), _LONGEST], render_kw=_NO_AUTOFILL
    )


def hand_over_form(alert: Alert, *, sent: bool = False) -> HandOverForm:
    """The form with everybody who could take it, by name."""
    form = HandOverForm(prefix="hand") if sent else HandOverForm(prefix="hand", formdata=None)
    people = names_of(alert.could_take() - {me().id})
    named = sorted(people.items(), key=lambda one: one[1].casefold())
    form.to.choices = [
        SelectChoice("", "Choose"),
        *(SelectChoice(str(person_id), name) for person_id, name in named),
    ]
    return form


def beside(alert: Alert, **forms: Any) -> dict[str, Any]:
    """What the page of an alert shows of its book, and the forms that add to it."""
    return {
        "book": book_of(alert.id),
        "hand_form": None if alert.state == CLOSED else forms.get("hand_form") or hand_over_form(alert),
        "reopen_form": forms.get("reopen_form") or ReopenForm(prefix="reopen", formdata=None),
        "form_key": new_id(),
    }
