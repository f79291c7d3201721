"""A hub in which everything that lies sealed holds a canary: a word that stands nowhere else.

Each canary is written by the verbs that the pages use. `CANARIES` has one for every sealed column there is; a new
column fails the proofs until it is written here too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Table
from sqlalchemy.orm import Mapper

from portal.accounts.custody import Custody
from portal.accounts.invitations import Recovery
from portal.accounts.models import Person, allocate
from portal.accounts.passkeys import Passkey
from portal.accounts.safe_contact import Lines, SafeContact
from portal.accounts.staff_secret import StaffSecret, set_secret
from portal.accounts.trusted import Place, Trusted
from portal.crypto import sealed_columns
from portal.db import Base, session
from portal.episodes.column_match import ColumnMatch
from portal.episodes.episode import Episode
from portal.episodes.imports import ListImport
from portal.episodes.models import InterviewTask
from portal.questionnaires.models import Answer, Given
from portal.returns.models import RATHER_NOT_SAY, SafetyAnswer
from tests.factories import a_list, a_return, a_voice, an_alert
from tests.proofs.filled_access import ACCESS, fill_access
from tests.proofs.filled_asks import ASKS, fill_asks
from tests.proofs.filled_conversation import CONVERSATION, fill_conversation
from tests.proofs.filled_home import HOME, fill_home
from tests.proofs.filled_kept import KEPT, fill_kept
from tests.proofs.filled_trail import TRAIL, fill_trail


def bird(name: str) -> str:
    """The canary called *name*, as a word that stands nowhere else."""
    return f"zqcanary{name.replace('.', 'x').replace('_', 'y')}"


@dataclass(frozen=True)
class Filled:
    """One young person of the two, with the words that stand for them in each sealed column."""

    name: str
    canaries: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.canaries[column]


def _canaries(name: str, number: int) -> dict[str, str]:
    """What is written into each sealed column, where a column takes only certain words one of those."""
    free = (
        "person.name", "person.known_as", "person.details", "voice.tell_how", "voice_note.words",
        "voice_reply.words", "voice_reply.reason", "voice_reply.told_by", "answer.words", "alert.outcome", "alert_entry.words",
        "interview_task.interviewer", "interview_task.asked_words", "episode.police_number", "episode.details", "list_import.content",
        "list_import.file_name", "list_import.about", "list_row.words", "list_row.reason", "column_match.matches",
        *ACCESS, *ASKS, *CONVERSATION, *HOME, *KEPT, *TRAIL,
        "trusted.name", "trusted.kind", "trusted.reach", "trusted.said_by", "place.words", "place.feels",
        "place.said_by", "custody.establishment", "safe_contact.written", "passkey.name", "sign_in_recovery.made_sure",
    )  # fmt: skip
    return {column: bird(column) + name for column in free} | {
        "person.born_on": f"191{number}-04-15",
        "person.email": f"{bird('person.email')}{name}@hub.example",
        "person.phone": f"07700 90046{number}",
        "answer.choices": ("wanted-back", "someone-knew")[number],
        "safety_answer.said": RATHER_NOT_SAY,
    }


FIRST, SECOND = Filled("first", _canaries("first", 0)), Filled("second", _canaries("second", 1))


def every_sealed_column() -> Iterator[tuple[Mapper[object], Table, str]]:
    """Each column that lies sealed, as the mappers have it."""
    for mapper in sorted(Base.registry.mappers, key=lambda mapper: mapper.class_.__name__):
        for column in sealed_columns(mapper):
            assert isinstance(mapper.local_table, Table)
            yield mapper, mapper.local_table, column


def fill(canaries: Filled) -> dict[str, str]:
    """Write all canaries of one young person and of their worker, in the step under way; what was written where."""
    said, number = dict(canaries.canaries), int(canaries is SECOND)
    child = Person.enter(
        "child", canaries["person.name"], known_as=canaries["person.known_as"], roles=("young person",),
        born_on=date.fromisoformat(canaries["person.born_on"]), phone=canaries["person.phone"],
        living="home", details=json.dumps({"address": canaries["person.details"]}),
    )  # fmt: skip
    worker = Person.enter("staff", f"Worker {number}", roles=("worker",), email=canaries["person.email"])
    allocate(child.id, worker.id)
    said["staff_secret.totp"] = set_secret(worker, "a password that is long")
    session.add(Passkey(person_id=worker.id, name=canaries["passkey.name"], credential_id=f"key {number}",
                        public_key=b"", uses=0))  # fmt: skip
    Recovery.ask(worker.id, canaries["sign_in_recovery.made_sure"], child.id)
    _fill_return(canaries, child.id, worker.id)
    _fill_voices(canaries, child.id, worker.id)
    fill_conversation(canaries.canaries, child.id, worker.id)
    fill_trail(canaries.canaries, child.id, worker.id)
    fill_asks(canaries.canaries, child.id, worker.id)
    fill_home(canaries.canaries, child.id)
    fill_access(canaries.canaries, child.id, worker.id)
    fill_kept(canaries.canaries, child.id, worker.id)
    an_alert(child.id).close(canaries["alert.outcome"], worker.id)
    opened_again = an_alert(child.id)
    opened_again.close("Rang her.", worker.id)
    opened_again.reopen(canaries["alert_entry.words"], worker.id)
    SafetyAnswer.say(child.id, canaries["safety_answer.said"], child.id, worker.id)
    _fill_lists(canaries, worker.id)
    _fill_named(canaries, child.id, worker.id)
    session.flush()
    return said


def _fill_return(canaries: Filled, child_id: UUID, worker_id: UUID) -> None:
    task = a_return(
        child_id, number=canaries["episode.police_number"], details={"note": canaries["episode.details"]}
    )
    task.take(worker_id)
    task.tell_authority(canaries["interview_task.interviewer"])
    task.ask_for(worker_id, canaries["interview_task.asked_words"], worker_id)


def _fill_voices(canaries: Filled, child_id: UUID, worker_id: UUID) -> None:
    answered = {
        "as-you-see-it" if canaries is SECOND else "anything-bad": Given((canaries["answer.choices"],)),
        "would-help": Given((), canaries["answer.words"]),
        "tell-how": Given(("trusted",), canaries["voice.tell_how"]),
    }
    voice = a_voice(child_id, answered)
    voice.note(canaries["voice_note.words"], worker_id)
    voice.tell_in_person(
        date(2026, 11, 24), canaries["voice_reply.told_by"], canaries["voice_reply.words"], worker_id
    )
    a_voice(child_id).no_answer(canaries["voice_reply.reason"], worker_id)


def _fill_named(canaries: Filled, child_id: UUID, worker_id: UUID) -> None:
    Trusted.enter(
        child_id, canaries["trusted.name"], canaries["trusted.kind"], worker_id,
        reach=canaries["trusted.reach"], said_by=canaries["trusted.said_by"],
    )  # fmt: skip
    Place.enter(
        child_id,
        canaries["place.words"],
        canaries["place.feels"],
        worker_id,
        said_by=canaries["place.said_by"],
    )
    SafeContact.fill(child_id, Lines(never=canaries["safe_contact.written"]), worker_id)
    over = Custody.begin(child_id, date(2026, 1, 1), canaries["custody.establishment"], None, worker_id)
    over.end(date(2026, 2, 1))


def _fill_lists(canaries: Filled, worker_id: UUID) -> None:
    brought = ListImport.bring(
        canaries["list_import.content"].encode(), canaries["list_import.file_name"], worker_id
    )
    brought.about = json.dumps({"headings": [canaries["list_import.about"]]})
    _, row = a_list(worker_id, words=canaries["list_row.words"])
    _, other = a_list(worker_id, words="set aside" + canaries.name)
    other.set_aside(canaries["list_row.reason"], worker_id)
    assert row.words
    ColumnMatch.remember(
        "signature" + canaries.name, {canaries["column_match.matches"]: "surname"}, worker_id
    )


# What the rows above are made of; named here so that every table is known however this module is reached.
TABLES = (Answer, Episode, InterviewTask, StaffSecret)
