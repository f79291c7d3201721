"""The forms of the demonstration year: what was said, who read it, and what came back to whoever said it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any
from uuid import UUID

from portal import audit
from portal.access import STAFF, YOUNG
from portal.config import LONDON, HubFile, current_hub
from portal.db import new_id
from portal.demonstration import invented
from portal.demonstration.bulk import Bulk, Deed
from portal.questionnaires import bank, deal
from portal.questionnaires.bank import QUICK
from portal.questionnaires.models import SENT, Answer, Submission
from portal.questionnaires.questions import Questionnaire
from portal.returns.journey import RECEIPT
from portal.returns.models import NOW, ReturnForm, as_said
from portal.trail.beside import VoiceReply, VoiceStep
from portal.trail.models import CLOSED, HERE, IN_PERSON, NOT_SAFE, Voice
from portal.trail.promise import promise

_VERSION = 1  # of the quick form, as it was published then
_NONE_SAFE = 27  # of so many forms, one could not safely be answered
_HERE = 3  # of so many, one was answered before the conversation
Said = dict[str, tuple[tuple[str, ...], str]]  # by question: ticks and own words


@dataclass(frozen=True)
class Form:
    """One form that was sent, and what was answered; not *safe*: no answer was."""

    sent_at: datetime
    said: Said
    reply: str
    safe: bool
    here: bool  # answered on their own pages before anybody talked with them

    def deeds(self, child: UUID, task: UUID, worker: UUID, held_at: datetime | None,
              file: HubFile) -> Iterator[Deed]:  # fmt: skip
        """What was done with it: sent by *child*, read and answered by *worker*, or told where they met."""
        voice = _Voice(self, child, task, worker, held_at, promise(self.sent_at, file))
        yield Deed(self.sent_at, voice.send, child, YOUNG, most=26)
        yield Deed(voice.read_at, partial(voice.step, "read"), worker, STAFF)
        yield Deed(voice.replied_at, voice.answer, worker, STAFF)
        if voice.way == HERE:
            yield Deed(voice.reached_at, partial(voice.steps, ("opened", "closed")), child, YOUNG)
        yield Deed(voice.on_record_at, partial(voice.step, "on record"), worker, STAFF)


def what_was_said(sent_at: datetime, which: int, rng: Random) -> Form:
    """The form numbered *which* of the year, in ticks and words that *rng* picks."""
    help_, reply = rng.choice(invented.HELP)
    said: Said = {
        "now": ((rng.choice(invented.FACES),), ""),
        "as-you-see-it": ((rng.choice(invented.AS_SEEN),), ""),
        "going-on": (tuple(rng.sample(invented.CHIPS, rng.randint(1, 3))), rng.choice(invented.GOING_ON)),
        "anything-bad": (("none",) if rng.random() < 0.8 else (), ""),
        "would-help": ((), help_),
        "tell-how": ((rng.choice(invented.TELL_HOW),), ""),
    }
    return Form(sent_at, said, reply, safe=which % _NONE_SAFE != _NONE_SAFE - 1,
                here=which % _HERE == 0)  # fmt: skip


class _Voice:
    """A form on its way: where it stands when, and the rows of each step."""

    def __init__(self, form: Form, child: UUID, task: UUID, worker: UUID, held_at: datetime | None,
                 promised_by: datetime) -> None:  # fmt: skip
        self.form, self.child, self.task, self.worker = form, child, task, worker
        self.promised_by = promised_by
        soon = min(promised_by - timedelta(hours=2), (held_at or promised_by) - timedelta(minutes=5))
        self.read_at = max(soon, form.sent_at + timedelta(minutes=1))
        here = form.here or held_at is None
        self.way = NOT_SAFE if not form.safe else HERE if here else IN_PERSON
        self.replied_at = (held_at if held_at and not here else self.read_at) + timedelta(minutes=20)
        waits = timedelta(minutes=40 + 7 * (child.int % 300)) if self.way == HERE else timedelta()
        self.reached_at = self.replied_at + waits
        self.on_record_at = self.reached_at + timedelta(days=1)
        self.id: UUID

    def send(self, bulk: Bulk) -> None:
        """The form with every answer, and the voice it becomes."""
        form, sent_at = bank.get(QUICK, _VERSION), self.form.sent_at
        sitting, begun = new_id(), sent_at - timedelta(minutes=2)
        submission = bulk.add(
            Submission, person_id=self.child, questionnaire=QUICK, version=_VERSION, state=SENT, form_key=new_id(),
            at=RECEIPT, sitting=sitting, deal_version=deal.NEWEST.version, deal_agreed_at=begun,
            may_read_draft=True, sent_at=sent_at,
        )  # fmt: skip
        self._audit("submission.begun", submission)
        self._audit("submission.deal_agreed", submission, version=deal.NEWEST.version)
        self._audit("submission.draft_reading", submission, may=True)
        self._audit("submission.form_chosen", submission, form=QUICK)
        bulk.add(
            ReturnForm, child_id=self.child, task_id=self.task, submission_id=submission, choice=NOW,
            chosen_at=begun, sent_at=sent_at,
        )  # fmt: skip
        self._audit("return.chosen", submission, choice=NOW)
        for question in form.names:
            self._save(bulk, submission, question, sitting)
        self._audit("submission.sent", submission)
        self._say(bulk, form, submission)
        self._audit("task.form_received", self.task, kind="return")

    def _save(self, bulk: Bulk, submission: UUID, question: str, sitting: UUID) -> None:
        choices, words = self.form.said[question]
        bulk.add(
            Answer, submission_id=submission, person_id=self.child, question=question, choices=json.dumps(choices),
            words=words, skipped=not (choices or words), sitting=sitting, saved_at=current_hub().now(),
        )  # fmt: skip
        self._audit("answer.saved", submission, question=question)

    def _say(self, bulk: Bulk, form: Questionnaire, submission: UUID) -> None:
        tell_how = as_said(form.by_name["tell-how"], *self.form.said["tell-how"])
        self.id = bulk.add(
            Voice, person_id=self.child, about_id=self.child, kind="return", source_id=submission,
            said_at=self.form.sent_at, promised_by=self.promised_by, tell_how=tell_how, state=CLOSED,
            read_at=self.read_at, reached_at=None if self.way == NOT_SAFE else self.reached_at,
            not_safe_at=self.replied_at if self.way == NOT_SAFE else None, closed_at=self.reached_at,
            on_record_on=self.on_record_at.astimezone(LONDON).date(),
        )  # fmt: skip
        self.step("said", bulk)

    def answer(self, bulk: Bulk) -> None:
        """What came back: told in person, here on their pages, or why nothing safely could."""
        told = self.way == IN_PERSON
        bulk.add(
            VoiceReply, voice_id=self.id, person_id=self.child, way=self.way, by_id=self.worker,
            words=None if self.way == NOT_SAFE else self.form.reply,
            reason=invented.NOT_SAFE if self.way == NOT_SAFE else None,
            told_on=self.replied_at.astimezone(LONDON).date() if told else None,
            told_by="Their worker" if told else None, opened_at=self.reached_at if self.way == HERE else None,
        )  # fmt: skip
        follow = {HERE: ("answered",), IN_PERSON: ("told in person", "closed")}
        self.steps(follow.get(self.way, ("no safe answer", "closed")), bulk)

    def steps(self, kinds: tuple[str, ...], bulk: Bulk) -> None:
        """Several steps of one act."""
        for kind in kinds:
            self.step(kind, bulk)

    def step(self, kind: str, bulk: Bulk) -> None:
        """One step of its way, by whoever acts now."""
        hub, detail = current_hub(), {}
        bulk.add(VoiceStep, voice_id=self.id, person_id=self.child, at=hub.now(), kind=kind, by_id=hub.actor)
        if kind == "on record":
            detail = {"on": hub.now().astimezone(LONDON).date().isoformat()}
        self._audit(f"voice.{kind.replace(' ', '_')}", self.id, kind="voice", **detail)

    def _audit(self, act: str, object_id: UUID, *, kind: str = "submission", **detail: Any) -> None:
        audit.record(act, object_kind=kind, object_id=object_id, subject=self.child, **detail)
