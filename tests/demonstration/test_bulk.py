"""What is laid in bulk is what the verbs of the models write: the same acts in the trail, the same columns filled."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from portal import crypto, db, world
from portal.accounts.models import Allocation, Person
from portal.audit import AuditEvent
from portal.config import Hub
from portal.demonstration.folder import settings_in
from portal.demonstration.year import Ends, Year
from portal.episodes.episode import Episode
from portal.episodes.living import HOME
from portal.episodes.models import Attempt, InterviewTask
from portal.questionnaires.models import Answer, Submission
from portal.returns.models import ReturnForm
from portal.trail.beside import VoiceReply, VoiceStep
from portal.trail.models import Voice
from tests.demonstration.conftest import close, hub_of
from tests.demonstration.test_past_year import laid

# One return with a conversation, another with a form alone.
TWO = Year(date(2021, 4, 1), date(2022, 3, 31), {1: 2}, {HOME: Ends(1, 0, 1, 0, 0)}, forms_with_talk=0)
BY_VERBS = {
    "people": [
        {"key": "sam", "name": "Sam Okoro", "roles": ["worker"]},
        {"key": "talks", "name": "Amara Obi", "roles": ["young person"], "born_on": "2011-03-04", "living": "home",
         "held_because": "demonstration", "ended_at": "-1h"},
        {"key": "writes", "name": "Bea Obi", "roles": ["young person"], "born_on": "2012-03-04", "living": "home",
         "held_because": "demonstration", "ended_at": "-1h"},
    ],
    "episodes": [
        {"key": "one", "child": "talks", "number": "M1", "missing_at": "-9d", "returned_at": "-8d",
         "details": {"missing_from": "Home"}, "taken": {"by": "sam", "at": "-190h"},
         "attempts": [{"by": "sam", "at": "-189h", "way": "phone", "outcome": "offered"},
                      {"by": "sam", "at": "-180h", "way": "in person", "outcome": "held"}]},
        {"key": "two", "child": "writes", "number": "M2", "missing_at": "-9d", "returned_at": "-8d",
         "details": {"missing_from": "Home"}, "taken": {"by": "sam", "at": "-190h"},
         "attempts": [{"by": "sam", "at": "-189h", "way": "phone", "outcome": "offered"}]},
    ],
    "answers": [
        {"key": "side", "child": "writes", "began_at": "-188h", "sent_at": "-187h", "worker_may_read_draft": True,
         "said": [{"question": "now", "choices": ["ok"]},
                  {"question": "as-you-see-it", "choices": ["yes"]},
                  {"question": "going-on", "choices": ["home"]},
                  {"question": "anything-bad", "choices": ["none"]},
                  {"question": "would-help", "words": "a charger"},
                  {"question": "tell-how", "choices": ["here"]}],
         "read": {"by": "sam", "at": "-180h"},
         "replies": [{"by": "sam", "at": "-179h", "words": "It is in your bag.", "opened_at": "-170h"}],
         "on_record": {"by": "sam", "at": "-100h"}},
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hub with the same in it twice: laid in bulk, and done by the verbs."""
    path = tmp_path_factory.mktemp("twice")
    file = laid(path, TWO)
    world.build(world.World.model_validate_json(json.dumps(BY_VERBS), strict=True), Hub(file))
    close(path)
    return path


@pytest.fixture
def pairs(folder: Path) -> Iterator[list[tuple[UUID, UUID]]]:
    """The ids of each child laid in bulk, with the one whom the verbs wrote."""
    crypto.open_ring(hub_of(folder), settings_in(folder).keys)
    with Hub(hub_of(folder)).entered():
        states = dict(db.session.execute(select(InterviewTask.child_id, InterviewTask.state)).all())
        by_verbs = {person.id for person in db.session.scalars(select(Person)) if person.name.endswith("Obi")}
        yield [
            _pair([child for child in states if states[child] == state], by_verbs)
            for state in ("held", "form only")
        ]
        db.let_go()
    close(folder)


def _pair(children: list[UUID], by_verbs: set[UUID]) -> tuple[UUID, UUID]:
    laid_in_bulk, done = sorted(children, key=lambda child: child in by_verbs)
    return laid_in_bulk, done


def acts(child: UUID) -> Counter[tuple[Any, ...]]:
    """What was done about a child: each act, of what kind, at which door, and what its line says more."""
    found = db.session.scalars(select(AuditEvent).where(AuditEvent.subject_id == child))
    return Counter(
        (event.act, event.object_kind, event.object_id is None, tuple(json.loads(event.detail)))
        for event in found
        if event.act != "allocation.ended"  # no verb of a described world ends one
    )


def filled(table: Any, *where: Any) -> list[dict[str, bool]]:
    """Which columns of a table's rows hold something."""
    columns = [column.key for column in table.__table__.columns if column.key != "ends_at"]
    rows = db.session.scalars(select(table).where(*where))
    return sorted(({key: getattr(row, key) is not None for key in columns} for row in rows), key=str)


def test_the_trail_has_the_same_acts(pairs: list[tuple[UUID, UUID]]):
    for laid_in_bulk, by_verbs in pairs:
        assert acts(laid_in_bulk) == acts(by_verbs)


def test_the_same_columns_are_filled(pairs: list[tuple[UUID, UUID]]):
    for laid_in_bulk, by_verbs in pairs:
        for table, column in (
            (Person, Person.id), (Allocation, Allocation.child_id), (Episode, Episode.child_id),
            (InterviewTask, InterviewTask.child_id), (Submission, Submission.person_id), (Answer, Answer.person_id),
            (ReturnForm, ReturnForm.child_id), (Voice, Voice.person_id), (VoiceStep, VoiceStep.person_id),
            (VoiceReply, VoiceReply.person_id),
        ):  # fmt: skip
            assert filled(table, column == laid_in_bulk) == filled(table, column == by_verbs), table
        tasks = [
            select(InterviewTask.id).where(InterviewTask.child_id == child)
            for child in (laid_in_bulk, by_verbs)
        ]
        attempts = [filled(Attempt, Attempt.task_id.in_(task)) for task in tasks]
        assert attempts[0] == attempts[1]
