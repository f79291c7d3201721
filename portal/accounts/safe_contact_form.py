"""The form of the safe-contact card, as a worker fills it with whoever it is about."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import phonenumbers
from wtforms import (
    BooleanField,
    Field,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import AnyOf, InputRequired, Length, ValidationError

from portal.accounts.contact_times import DAYS, PARTS, Times
from portal.accounts.safe_contact import BY_PHONE, TEXT, THROUGH, WAYS, Lines, words_at
from portal.config import TELLING, current_hub
from portal.web import DayField, Form

LONGEST = 1_000  # characters of one line of the card
A_YEAR = timedelta(days=365)
OF_A_MESSAGE = 60  # characters that a lock screen shows
_TOO_LONG = Length(max=LONGEST, message=f"Make it shorter: at most {LONGEST} characters")
_ONE_LINE = ("number", "words")
_LINK = re.compile(r"https?:|www\.|://", re.IGNORECASE)


def _lines(label: str, description: str = "") -> TextAreaField:
    return TextAreaField(label, [_TOO_LONG], description=description)


def _ticks(label: str, choices: dict[str, str], description: str = "") -> SelectMultipleField:
    marks = [SelectChoice(value, words) for value, words in choices.items()]
    return SelectMultipleField(label, choices=marks, validate_choice=False, description=description)


class SafeContactForm(Form):
    """Every line of the card. An empty one says that nothing was said about it."""

    never = _lines("What never", "Stands on top wherever somebody is about to get in touch.")
    ways = _ticks("Which ways are safe", WAYS, "What is not ticked does not happen.")
    number = StringField("The number that is safe", [Length(max=40, message="Enter one telephone number")],
                         description="For texts and calls.")  # fmt: skip
    pick_up = _lines("Who else may pick up", "And what to say then.")
    where = _lines("Where a letter goes, or where to meet")
    through = _lines("Through whom, and how")
    days = _ticks("On which days", {day: day.capitalize() for day in DAYS})
    parts = _ticks("At which times", {name: part.words for name, part in PARTS.items()},
                   "Of itself nothing leaves at any other time.")  # fmt: skip
    times_more = _lines("What else about times", "“Not on the Fridays when dad is home.”")
    languages = _lines(
        "In which languages", "To talk, and to read. An interpreter is booked, never a relative."
    )
    reminders = BooleanField("They want a text before what was arranged")
    new_here = BooleanField("They want a text when something new waits on their page")
    words = StringField(
        "Their own words for a text", [Length(max=OF_A_MESSAGE, message=f"At most {OF_A_MESSAGE} characters")],
        description="In place of “Reminder”. They write them; whoever holds the phone reads them.",
    )  # fmt: skip
    door_word = RadioField("What their tab says", validate_choice=False)

    def validate_ways(self, field: Field) -> None:
        """Only ways that there are; by phone there is a number."""
        if set(field.data or ()) - WAYS.keys():
            raise ValidationError("Tick the ways that are safe")

    def validate_number(self, field: Field) -> None:
        """A number that can be rung, where a text or a call is safe."""
        typed = (field.data or "").strip()
        if not typed:
            if set(self.ways.data or ()) & set(BY_PHONE):
                raise ValidationError("Enter the number that is safe, or leave texts and calls unticked")
            return
        try:
            possible = phonenumbers.is_possible_number(phonenumbers.parse(typed, "GB"))
        except phonenumbers.NumberParseException:
            possible = False
        if not possible:
            raise ValidationError("Enter a telephone number, such as 07700 900123")

    def validate_through(self, field: Field) -> None:
        """Somebody is named where it goes through somebody."""
        if THROUGH in (self.ways.data or ()) and not (field.data or "").strip():
            raise ValidationError("Enter through whom")

    def validate_days(self, field: Field) -> None:
        """Days of the week; some, where the phone is safe."""
        if set(field.data or ()) - set(DAYS):
            raise ValidationError("Tick days of the week")
        if set(self.ways.data or ()) & set(BY_PHONE) and not field.data:
            raise ValidationError("Tick the days on which a text or a call is safe")

    def validate_parts(self, field: Field) -> None:
        """Times of the day; some, where the phone is safe."""
        if set(field.data or ()) - PARTS.keys():
            raise ValidationError("Tick times of the day")
        if set(self.ways.data or ()) & set(BY_PHONE) and not field.data:
            raise ValidationError("Tick the times at which a text or a call is safe")

    def validate_reminders(self, field: Field) -> None:
        """A text may be sent at all."""
        if field.data and TEXT not in (self.ways.data or ()):
            raise ValidationError("Tick “A text” among the safe ways first, if it is one")

    def validate_new_here(self, field: Field) -> None:
        """Likewise."""
        self.validate_reminders(field)

    def validate_words(self, field: Field) -> None:
        """Nothing that tells from outside what it is about, and nothing to press."""
        typed = " ".join((field.data or "").split())
        told = next((word for word in TELLING if re.search(rf"\b{word}", typed, re.IGNORECASE)), None)
        if told:
            raise ValidationError(f"Leave out “{told}”: whoever sees the phone could guess what it is about")
        if _LINK.search(typed):
            raise ValidationError("Leave out the link: a text has none")

    @classmethod
    def for_door(cls, door: str, lines: Lines | None = None) -> SafeContactForm:
        """The form of somebody at *door*: as it was sent, or with what stands on the card."""
        form = cls(data=vars(lines)) if lines is not None else cls()
        own = current_hub().file.word(door)
        words = {"": f"{own}, as for everybody"} | {word: word for word in words_at(door) if word != own}
        form.door_word.choices = [SelectChoice(value, text) for value, text in words.items()]
        return form

    def lines(self, door: str) -> Lines:
        """What was filled in."""
        said: dict[str, Any] = {
            name: " ".join((field.data or "").split()) if name in _ONE_LINE else (field.data or "").strip()
            for name, field in self._fields.items()
            if isinstance(field, StringField)
        }
        word = self.door_word.data
        ticked = {name: tuple(self[name].data or ()) for name in ("ways", "days", "parts")}
        return Lines(
            **said | ticked,
            reminders=self.reminders.data, new_here=self.new_here.data,
            door_word=word if word in words_at(door) else "",
        )  # fmt: skip


class ReminderForm(Form):
    """On which day, and in which part of it, something was arranged; not what."""

    on_day = DayField("On which day", [InputRequired("Enter the day")])
    part = RadioField(
        "At which time",
        [AnyOf(list(PARTS), message="Choose the time")],
        choices=[SelectChoice(name, part.words) for name, part in PARTS.items()],
        validate_choice=False,
    )

    def validate_on_day(self, field: Field) -> None:
        """A day that can still be reminded of."""
        if not current_hub().today() <= field.data <= current_hub().today() + A_YEAR:
            raise ValidationError("Enter a day from today on, within a year")


def in_order(times: Times) -> str:
    """Days and times as staff read them, in the order of the week."""
    days = ", ".join(day.capitalize() for day in DAYS if day in times.days)
    days = "Every day" if set(times.days) == set(DAYS) else days
    parts = ", ".join(part.words.lower() for name, part in PARTS.items() if name in times.parts)
    return f"{days}: {parts}" if days and parts else ""
