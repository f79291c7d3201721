"""What staff write beside a voice, to whoever spoke, and about having told them."""

from __future__ import annotations

from datetime import date
from typing import Any

from wtforms import BooleanField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, StopValidation

from portal.config import current_hub
from portal.trail.in_person import names_police
from portal.web import DayField, Form

MOST = 10_000
_NO_AUTOFILL = {"autocomplete": "off", "dir": "auto"}


class Written:
    """Something other than white space is written; *message* says what to write."""

    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, form: Any, field: Any) -> None:
        """Refuse white space."""
        if not (field.data or "").strip():
            raise StopValidation(self.message)


class _PastDay:
    """A day that is neither to come nor before the words were said."""

    def __call__(self, form: Any, field: Any) -> None:
        today = current_hub().today()
        if field.data is not None and not form.not_before <= field.data <= today:
            raise ValidationError("Enter a day between the one they said it and today")


class WordsField(TextAreaField):
    """Something to be written in one's own words."""

    def __init__(self, label: str, missing: str, **more: Any) -> None:
        checks = [Written(missing), Length(max=MOST, message=f"Keep it under {MOST:,} letters")]
        super().__init__(label, checks, render_kw=_NO_AUTOFILL | {"rows": 5}, **more)

    @property
    def said(self) -> str:
        """What was written, without the white space around it."""
        return (self.data or "").strip()


def _past_day(label: str, missing: str) -> DayField:
    return DayField(label, [InputRequired(missing), _PastDay()], missing)


class _SinceForm(Form):
    """A form with a day on or after the one on which something was said."""

    not_before: date = date.min

    @classmethod
    def since(cls, said_on: date, **more: Any) -> Any:
        """The form, for something said on *said_on*."""
        form = cls(**more)
        form.not_before = said_on
        return form


class NoteForm(Form):
    """A note beside the exact words."""

    words = WordsField("Your note", "Write the note")


class AnswerForm(Form):
    """An answer that the young person opens on their phone."""

    words = WordsField("Your answer", "Write the answer")
    police_too = BooleanField("It names the police, and it is safe on this phone all the same")
    as_it_is = BooleanField("They read English: it goes there as it is")

    def validate_words(self, field: Any) -> None:
        """Keep what names the police off the phone, unless the worker says that it is safe there."""
        if names_police(field.said) and not self.police_too.data:
            raise ValidationError(
                "This names the police. Tell it in person, or tick below that it is safe on this phone"
            )

    @property
    def names_police(self) -> bool:
        """Whether the words name the police, so that the page offers the tick."""
        return names_police(self.words.said)


class ToldForm(_SinceForm):
    """What was told in person: on which day, by whom."""

    on = _past_day("On which day", "Enter the day you told them")
    told_by = StringField(
        "Who told them",
        [Written("Enter who told them"), Length(max=200, message="Keep the name under 200 letters")],
        render_kw={"autocomplete": "off"},
    )
    words = WordsField("What they were told", "Write what they were told")


class NoAnswerForm(Form):
    """Why no answer is safe."""

    reason = WordsField("Why no answer is safe", "Write why no answer is safe")


class OnRecordForm(_SinceForm):
    """The day on which it went into the case record."""

    on = _past_day("On the record on", "Enter the day it went on the record")
