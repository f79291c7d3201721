"""What staff fill in about a list and its rows, and about a return."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask_wtf.file import FileRequired, MultipleFileField
from wtforms import BooleanField, Field, RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import AnyOf, InputRequired, Length

from portal.episodes.choosing import Interviewer
from portal.episodes.columns import FIELDS
from portal.episodes.values import Problem, State
from portal.episodes.words import CHILDS_CHOICE, HUBS_CHOICE
from portal.web import Form

_PLAIN = {"autocomplete": "off"}
_LONG = ("remarks", "address")


class Upload(Form):
    """The day's lists as files: on a Monday three at once."""

    file = MultipleFileField(
        "The lists",
        [FileRequired("Choose the file that the police sent.")],
        description="One file, or several at once: CSV, at most 5 MB each, as they came. Nothing is taken before you "
        "have seen it.",
        render_kw={"accept": ".csv,.txt,.tsv,text/csv,text/plain"},
    )


def matching(headings: Sequence[str], chosen: Mapping[str, str], wanted: Sequence[str]) -> Form:
    """A form that asks for the column of each field, the *wanted* ones first; *chosen* are field → heading."""
    choices = [SelectChoice("", "The list has none")] + [
        SelectChoice(heading, heading) for heading in headings
    ]
    order = [*wanted, *(field for field in FIELDS if field not in wanted)]
    fields: dict[str, Any] = {
        field: SelectField(
            FIELDS[field], choices=choices, default=chosen.get(field, ""), validate_choice=False
        )
        for field in order
    }
    made: Form = type("Matching", (Form,), fields)()
    return made


def matches_of(form: Form, headings: Sequence[str]) -> dict[str, str] | None:
    """The match that somebody made (heading → field, "" for a column not to be used); None if it cannot be so."""
    matches = dict.fromkeys(headings, "")
    for field in form:
        if not field.data:
            continue
        if field.data not in matches or matches[field.data]:
            _refuse(field, f"“{field.data}” is chosen twice. Choose another column for one of the two.")
            return None
        matches[field.data] = field.short_name
    if "surname" not in matches.values() and "name" not in matches.values():
        _refuse(form["surname"], "Choose the column with the surname, or the one with the whole name.")
        return None
    if "missing_date" not in matches.values():
        _refuse(form["missing_date"], "Choose the column with the day they went missing.")
        return None
    return matches


def _refuse(field: Field, sentence: str) -> None:
    field.errors = [sentence]


def mending(texts: Mapping[str, str], problems: Sequence[Problem]) -> Form:
    """A form with each value of a row, what is wrong said beside it."""
    doubts: dict[str, list[str]] = {}
    notes: dict[str, list[str]] = {}
    for problem in problems:
        (notes if problem.weight is State.READY else doubts).setdefault(problem.field, []).append(
            problem.sentence
        )
    order = sorted((field for field in FIELDS if field in texts), key=lambda field: field not in doubts)
    fields: dict[str, Any] = {
        field: (TextAreaField if field in _LONG else StringField)(
            FIELDS[field], [Length(max=5000, message="Keep it under 5,000 letters.")], default=texts[field],
            description=" ".join(notes.get(field, [])), render_kw=_PLAIN,
        )
        for field in order
    }  # fmt: skip
    made: Form = type("Mending", (Form,), fields)()
    for field in made:
        field.errors = doubts.get(field.short_name, [])
    return made


class SetAside(Form):
    """Why nothing comes of a row."""

    reason = SelectField(
        "Why",
        choices=[
            SelectChoice("", "Choose"),
            SelectChoice("the same as another row", "The same as another row"),
            SelectChoice("an adult", "An adult"),
            SelectChoice("not one of ours", "Not one of ours to see"),
            SelectChoice("no row of the list", "No row of the list"),
            SelectChoice("the police will send it again", "The police will send it again"),
        ],
        validators=[InputRequired("Choose why you set it aside.")],
    )


def _their_words() -> TextAreaField:
    return TextAreaField(
        "What they said, in their own words",
        [Length(max=2000, message="Keep it under 2,000 letters.")],
        render_kw=_PLAIN | {"rows": 3, "dir": "auto"},
    )


class _SaidBy(Form):
    """Something with what the young person said, which is asked for only where it was their choice."""

    words: TextAreaField

    @property
    def said(self) -> str:
        """What they said, without the white space around it."""
        return (self.words.data or "").strip()


class GiveTo(_SaidBy):
    """Which worker takes a return, and whose choice that is."""

    words_are_known = False  # written down before, for this very worker
    worker = SelectField("Give it to", validators=[InputRequired("Choose who takes it.")])
    whose = RadioField(
        "Whose choice is it?",
        choices=[
            SelectChoice(HUBS_CHOICE, "Ours"),
            SelectChoice(CHILDS_CHOICE, "The young person asked for them"),
        ],
        default=HUBS_CHOICE,
        validators=[AnyOf((HUBS_CHOICE, CHILDS_CHOICE), message="Choose whose choice it is.")],
    )
    words = _their_words()

    def validate_words(self, field: Field) -> None:
        """Whoever says that it is the young person's choice writes down what they said."""
        if self.whose.data == CHILDS_CHOICE and not self.said and not self.words_are_known:
            raise ValidationError("Write what they said when they asked for this worker.")


class TakeIt(_SaidBy):
    """That a worker takes a return, and whether they were asked for."""

    asked = BooleanField("They asked for me")
    words = _their_words()

    def validate_words(self, field: Field) -> None:
        """Whoever was asked for writes down what was said."""
        if self.asked.data and not self.said:
            raise ValidationError("Write what they said when they asked for you.")


class AskedFor(_SaidBy):
    """For whom a young person asks."""

    SOMEBODY_ELSE = SelectChoice("other", "Somebody who is not in this list")
    worker = SelectField("For whom they ask", validators=[InputRequired("Choose for whom they ask.")])
    words = _their_words()

    def validate_words(self, field: Field) -> None:
        """What they said is what counts."""
        if not self.said:
            raise ValidationError("Write what they said.")


def offer(field: SelectField, people: Sequence[Interviewer], who: UUID, *, herself: bool,
          besides: Sequence[SelectChoice] = ()) -> None:  # fmt: skip
    """Offer these people as who takes a return; whoever asks stands first, if they can take one *herself*."""
    mine = [SelectChoice(str(who), "I take it myself")] if herself else []
    others = [SelectChoice(str(one.who.id), one.words) for one in people if one.who.id != who]
    field.choices = [SelectChoice("", "Choose"), *mine, *others, *besides]


class ToldAuthority(Form):
    """That the placing authority was told, and who interviews."""

    interviewer = StringField(
        "Who interviews, if you know",
        [Length(max=200, message="Keep it under 200 letters.")],
        render_kw=_PLAIN,
    )
