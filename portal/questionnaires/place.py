"""Where somebody is in what they began or have just sent, in one statement: the hottest read of the house."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Select, Table, bindparam, func, literal_column, or_, select

from portal import crypto
from portal.db import core
from portal.questionnaires import bank
from portal.questionnaires.models import DRAFT, Answer, Given, Submission
from portal.questionnaires.questions import NOTHING_SAID, Questionnaire, Said

_SUBMISSION, _ANSWER = cast("Table", Submission.__table__), cast("Table", Answer.__table__)


@dataclass(frozen=True)
class Place:
    """Where a person stands in what they began or have just sent, with the answer of that screen if it is theirs
    to see: one of this sitting."""

    submission_id: UUID
    form: Questionnaire
    state: str
    at: str
    sitting: UUID
    deal_version: int | None
    may_read_draft: bool | None
    sitting_from: str | None  # where this sitting began, if an earlier one had come so far
    given: Given | None  # of this sitting


@cache
def _place_statement(questionnaires: tuple[str, ...]) -> Select[*tuple[Any, ...]]:
    begun, said = _SUBMISSION.c, _ANSWER.c
    # As literals: a list of parameters would be spelt out anew at every request.
    one_of = or_(*(begun.questionnaire == literal_column(f"'{name}'") for name in questionnaires))
    return (
        select(
            begun.id, begun.questionnaire, begun.version, begun.state, begun.at, begun.sitting, begun.deal_version,
            begun.may_read_draft, begun.sitting_from,
            said.id.label("answer_id"), said.choices, said.words, said.skipped, said.sitting.label("said_in"),
        )
        .select_from(_SUBMISSION.outerjoin(
            _ANSWER,
            (said.submission_id == begun.id) & (said.question == func.replace(begun.at, "check.", "")),
        ))
        .where(
            begun.person_id == bindparam("person_id"),
            one_of,
            or_(begun.state == DRAFT, begun.sitting == bindparam("sitting")),
        )
        .order_by(begun.state, begun.sent_at.desc())
        .limit(1)
    )  # fmt: skip


def place_of(person_id: UUID, questionnaires: tuple[str, ...], sitting: UUID) -> Place | None:
    """Where this person is in these: in their draft, or after what they sent in this sitting; None if neither."""
    who = {"person_id": person_id, "sitting": sitting}
    row = core().execute(_place_statement(questionnaires), who).first()
    if row is None:
        return None
    # What an earlier sitting said is kept, and not shown; nor is that it said anything.
    here = row.answer_id is not None and not row.skipped and row.said_in == sitting
    return Place(
        row.id, bank.get(row.questionnaire, row.version), row.state, row.at, row.sitting,
        row.deal_version, row.may_read_draft, row.sitting_from,
        Given(_ticks(row, person_id), _open(row.words, "words", row.answer_id, person_id)) if here else None,
    )  # fmt: skip


_TICKED = (
    select(_ANSWER.c.id.label("answer_id"), _ANSWER.c.question, _ANSWER.c.choices)
    .join(_SUBMISSION, _SUBMISSION.c.id == _ANSWER.c.submission_id)
    .where(
        _SUBMISSION.c.person_id == bindparam("whose"),
        _SUBMISSION.c.questionnaire == bindparam("name"),
        _SUBMISSION.c.state == DRAFT,
        _ANSWER.c.sitting == bindparam("here"),
        _ANSWER.c.question.in_(bindparam("asked", expanding=True)),
    )
)


def ticked(person_id: UUID, form: Questionnaire, sitting: UUID, questions: frozenset[str]) -> Said:
    """What this sitting has ticked at these questions: nothing that is shown may hang on what an earlier one said."""
    if not questions:
        return NOTHING_SAID
    which = {"whose": person_id, "name": form.name, "here": sitting, "asked": sorted(questions)}
    return {row.question: _ticks(row, person_id) for row in core().execute(_TICKED, which)}


def _ticks(row: Any, person_id: UUID) -> tuple[str, ...]:
    return tuple(json.loads(_open(row.choices, "choices", row.answer_id, person_id)))


def _open(sealed: Any, column: str, answer_id: UUID, person_id: UUID) -> str:
    return crypto.open_sealed(sealed, "answer", column, answer_id, person_id)
