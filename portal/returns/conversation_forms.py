"""What staff fill in about a return conversation: how it was, what is written up, what is done, and the police."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any, cast

from wtforms import (
    BooleanField,
    Field,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import AnyOf, InputRequired, Length, StopValidation

from portal.config import LONDON, current_hub
from portal.questionnaires.typed import clean
from portal.returns.conversation import CHOSE, INTERPRETER, Conversation, Facts, Police
from portal.returns.copy_order import talked_headings
from portal.returns.write_up import SAID, WAYS
from portal.trail.in_person import names_police
from portal.trail.shares import MUST_TO_STAFF
from portal.web import DayField, Form

MOST, MOST_OF_A_LINE = 10_000, 300
_PLAIN = {"autocomplete": "off"}
_LONG = _PLAIN | {"rows": 5, "dir": "auto"}
_NOT_SO_LONG = [Length(max=MOST, message=f"Keep it under {MOST:,} letters")]


class _Needed:
    """Something other than white space stands there; *message* says what to write."""

    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, form: Any, field: Any) -> None:
        if not clean(field.data or ""):
            raise StopValidation(self.message)


def _line(label: str, missing: str = "") -> StringField:
    checks: list[Any] = [_Needed(missing)] if missing else []
    checks.append(Length(max=MOST_OF_A_LINE, message=f"Keep it under {MOST_OF_A_LINE} letters"))
    return StringField(label, checks, render_kw=_PLAIN)


def _words(label: str, missing: str = "") -> TextAreaField:
    return TextAreaField(label, [*([_Needed(missing)] if missing else []), *_NOT_SO_LONG], render_kw=_LONG)


def _choices(words: Mapping[str, str]) -> list[SelectChoice]:
    return [SelectChoice(value, said) for value, said in words.items()]


def _choose(label: str, words: Mapping[str, str], missing: str = "") -> RadioField:
    """Marks of which one is chosen; what is no choice gets our own words."""
    checks = [AnyOf(list(words), message=missing)] if missing else []
    return RadioField(label, choices=_choices(words), validators=checks, validate_choice=False)


class ClockField(TimeField):
    """A time of day in Europe/London."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the time; raises with what to enter."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("Enter the time, such as 16:30") from None


class ConversationForm(Form):
    """When, where, who was there, whose choice, who interpreted, what was covered, what they were told."""

    on = DayField("On which day", [InputRequired("Enter the day it was held")])
    at = ClockField("At what time it began", [InputRequired("Enter the time it began, such as 16:30")])
    place = _line("Where", "Enter where it was held")
    present = _words("Who was there", "Enter who was there, yourself included")
    chose_person = _choose(
        "Whose choice was it who talked with them?", CHOSE, "Choose whose choice the person was"
    )
    chose_place = _choose("Whose choice was the place?", CHOSE, "Choose whose choice the place was")
    interpreter = _choose("Did somebody interpret?", INTERPRETER, "Choose whether somebody interpreted")
    interpreter_name = _line("The interpreter's name and organisation")
    no_relative = BooleanField("The interpreter is no relative or friend of the family")
    covered = SelectMultipleField("What was covered", validate_choice=False)
    told = _words("What did you tell the young person?")

    not_before: date = date.min

    @classmethod
    def about(cls, held: Conversation | None, came_back: datetime | None) -> ConversationForm:
        """The form for a conversation after *came_back*, with what is kept of it."""
        form = cls(data=_kept(held))
        form.covered.choices = [SelectChoice(heading, heading) for heading, _ in talked_headings()]
        form.not_before = came_back.astimezone(LONDON).date() if came_back else date.min
        return form

    def validate_on(self, field: Any) -> None:
        """It was held after they came back, and not in the days to come."""
        today = current_hub().today()
        if field.data is not None and not self.not_before <= field.data <= today:
            raise ValidationError("Enter a day between the one they came back and today")

    def validate_at(self, field: Any) -> None:
        """What is to come was not held yet."""
        if self.on.data and field.data and self.held_at > current_hub().now():
            raise ValidationError("Enter a time that has been")

    def validate_interpreter_name(self, field: Any) -> None:
        """Whoever interpreted has a name, and is no relative."""
        if self.interpreter.data == "booked" and not clean(field.data or ""):
            raise ValidationError("Enter the interpreter's name and organisation")

    def validate_no_relative(self, field: Any) -> None:
        """A relative never interprets (`product.md`, Languages both ways)."""
        if self.interpreter.data == "booked" and not field.data:
            raise ValidationError(
                "A relative or friend never interprets. Tick it if that is so, or choose “one was needed”"
            )

    @property
    def held_at(self) -> datetime:
        """The instant, aware; only of a form that is whole."""
        day, clock = cast("date", self.on.data), cast("time", self.at.data)
        return datetime.combine(day, clock, LONDON).astimezone(UTC)

    def facts(self) -> Facts:
        """What was put down, the ticks as parts of the record."""
        ticked = self.covered.data or []
        parts = tuple(part for heading, held in talked_headings() if heading in ticked for part in held)
        return Facts(
            self.held_at, clean(self.place.data or ""), clean(self.present.data or ""), self.chose_person.data,
            self.chose_place.data, self.interpreter.data, clean(self.interpreter_name.data or ""), parts,
            clean(self.told.data or ""),
        )  # fmt: skip


def _kept(held: Conversation | None) -> dict[str, Any]:
    if held is None:
        return {}
    local = held.held_at.astimezone(LONDON)
    same = ("place", "present", "chose_person", "chose_place", "interpreter", "interpreter_name", "told")
    kept: dict[str, Any] = {name: getattr(held, name) for name in same}
    covered = [heading for heading, parts in talked_headings() if set(parts) & set(held.parts)]
    return kept | {
        "on": local.date(), "at": local.time(), "covered": covered, "no_relative": held.interpreter == "booked",
    }  # fmt: skip


def write_up_form(fields: Mapping[str, str], kept: Mapping[str, str], *, typed: bool = True) -> Form:
    """A form with a text for each of *fields* (field → heading), from what was *typed*, or as it is *kept*."""
    kind: type[Form] = type(
        "WriteUpForm", (Form,), {name: _words(heading) for name, heading in fields.items()}
    )
    return kind(data=kept) if typed else kind(formdata=None, data=kept)


class HeardForm(Form):
    """What the young person said of the write-up, and how they came to hear it."""

    way = _choose("How did they hear or read it?", WAYS, "Choose how they heard or read it")
    said = _choose("What did they say?", SAID, "Choose what they said")
    words = _words("In their exact words")

    def validate_words(self, field: Any) -> None:
        """What is added or not right is kept in their words."""
        if self.said.data in ("adds", "corrects") and not clean(field.data or ""):
            raise ValidationError("Write down what they said, in their own words")


class SendForm(Form):
    """That the write-up goes on the young person's phone."""

    police_too = BooleanField("It names the police, and it is safe on this phone all the same")

    def may_send(self, words: Iterable[str]) -> bool:
        """Whether it may go there: what names the police is heard in person, unless the worker says otherwise."""
        if any(names_police(text) for text in words) and not self.police_too.data:
            self.police_too.errors = [
                "It names the police. Read it to them, or tick that it is safe on this phone"
            ]
            return False
        return True


class ActionForm(Form):
    """Something that is agreed: what, who does it, by when."""

    words = _words("What is done", "Write what is done")
    owner = _line("Who does it", "Enter who does it")
    by_on = DayField("By which day", [InputRequired("Enter the day by which it is done")])

    def validate_by_on(self, field: Any) -> None:
        """It is done in days to come."""
        if field.data is not None and field.data < current_hub().today():
            raise ValidationError("Enter a day that is still to come")

    def said(self) -> tuple[str, str, date]:
        """What is done, who does it, by which day."""
        return clean(self.words.data or ""), clean(self.owner.data or ""), cast("date", self.by_on.data)


class PoliceForm(Form):
    """Does any of this need to go to the police?"""

    needs = _choose(
        "Does any of this need to go to the police?", {"no": "No", "yes": "Yes"},
        "Choose whether any of it needs to go to the police",
    )  # fmt: skip
    what = _words("What goes there")
    must = _choose("Because of which of the three things", MUST_TO_STAFF)
    why = _words("Why")
    told = _choose("Have you told the young person?", {"yes": "Yes", "no": "No, not yet"})
    told_words = _words("What you told them; or, if you did not, why not")

    def validate(self, extra_validators: Any = None) -> bool:
        """What goes there has its reason, and whether the young person knows."""
        if not super().validate(extra_validators):
            return False
        if self.needs.data != "yes":
            return True
        written: dict[Field, str] = {
            self.what: "Write what goes to the police, and no more than is needed",
            self.why: "Write why it has to",
            self.told_words: "Write what you told them, or why you did not",
        }
        missing = {field: words for field, words in written.items() if not clean(field.data or "")}
        if self.must.data not in MUST_TO_STAFF:
            missing[self.must] = "Choose which of the three things it is"
        if self.told.data not in ("yes", "no"):
            missing[self.told] = "Choose whether you have told the young person"
        for field, words in missing.items():
            field.errors = [words]
        return not missing

    def decision(self) -> Police:
        """What was decided."""
        if self.needs.data == "no":
            return Police(False, why=clean(self.why.data or ""), told_words=clean(self.told_words.data or ""))
        return Police(
            True, clean(self.what.data or ""), clean(self.why.data or ""), self.must.data, self.told.data == "yes",
            clean(self.told_words.data or ""),
        )  # fmt: skip
