"""What is asked for a hold, a correction, and a request for the file."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid5

from flask import request
from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import AnyOf, InputRequired, Length, Optional, ValidationError

from portal.access import me
from portal.admin.corrections import DECISIONS
from portal.admin.holds import KINDS
from portal.config import current_hub
from portal.web import DayField, Form

LONGEST = 2000
_TOO_LONG = Length(max=LONGEST, message=f"Make it shorter: at most {LONGEST} characters")


def key_of_form() -> UUID | None:
    """The key of the form that came in: the same page sent twice is one form; None where it has none."""
    try:
        typed = UUID(request.form.get("form_key", ""))
    except ValueError:
        return None
    return uuid5(typed, f"{me().id} {request.path}")


class HoldForm(Form):
    """Why nothing may be removed, and until when."""

    kind = RadioField("What stops it", [AnyOf(list(KINDS), message="Choose what stops it")],
                      choices=[SelectChoice(*one) for one in KINDS.items()], validate_choice=False)  # fmt: skip
    reason = TextAreaField("Why", [InputRequired("Enter why"), _TOO_LONG],
                           description="Which court or complaint, its number, who asked. It lies sealed.")  # fmt: skip
    until = DayField("Last day, if there is one", [Optional()],
                description="Empty: until somebody ends it.")  # fmt: skip

    def validate_until(self, field: Any) -> None:
        """A hold stands at least today."""
        if field.data and field.data < current_hub().today():
            raise ValidationError("Enter today or a later day")


class WrongForm(Form):
    """What somebody says is wrong."""

    asked_by = StringField("Who asks", [InputRequired("Enter who asks"), _TOO_LONG],
                           description="The young person, a parent or carer, a worker.")  # fmt: skip
    what = TextAreaField("What is wrong, in their words", [InputRequired("Enter what is wrong"), _TOO_LONG])


class DecisionForm(Form):
    """What was decided."""

    decided = RadioField("What was decided", [AnyOf(list(DECISIONS), message="Choose what was decided")],
                         choices=[SelectChoice(*one) for one in DECISIONS.items()], validate_choice=False)  # fmt: skip
    decision = TextAreaField("Why, and what now stands there", [InputRequired("Enter why"), _TOO_LONG],
                             description="And how they were told.")  # fmt: skip


class RequestForm(Form):
    """Who asks for the file, and since when."""

    asked_by = StringField("Who asks", [InputRequired("Enter who asks"), _TOO_LONG])
    asked_on = DayField("Asked on", [InputRequired("Enter the day on which they asked")])

    def validate_asked_on(self, field: Any) -> None:
        """Nobody has asked tomorrow."""
        if isinstance(field.data, date) and field.data > current_hub().today():
            raise ValidationError("Enter today or an earlier day")


class StepForm(Form):
    """What was done at one step."""

    words = TextAreaField("What you did", [InputRequired("Enter what you did"), _TOO_LONG])
