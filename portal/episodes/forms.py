"""What staff fill in about a list and its rows, and about a return."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import Field, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length

from portal.episodes.columns import FIELDS
from portal.episodes.values import Problem, State
from portal.web import Form

_PLAIN = {"autocomplete": "off"}
_LONG = ("remarks", "address")


class Upload(Form):
    """The day's list as a file."""

    file = FileField(
        "The list",
        [FileRequired("Choose the file that the police sent.")],
        description="A CSV file of at most 5 MB, as it came. Nothing is taken before you have seen it.",
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


class GiveTo(Form):
    """Which worker takes a return."""

    worker = SelectField("Give it to", validators=[InputRequired("Choose who takes it.")])


class ToldAuthority(Form):
    """That the placing authority was told, and who interviews."""

    interviewer = StringField(
        "Who interviews, if you know",
        [Length(max=200, message="Keep it under 200 letters.")],
        render_kw=_PLAIN,
    )
