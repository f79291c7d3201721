"""What a file may say about what happened: episodes, safety, answers, and what became of alerts."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from portal.alerts.flags import FLAGS
from portal.episodes.words import OUTCOMES, WAYS
from portal.questionnaires import bank
from portal.questionnaires.bank import QUICK, YOUR_SIDE
from portal.questionnaires.questions import CHIPS, SHARING, TEXT, WISHES
from portal.returns.models import NOT_NOW, NOW, TALK, TELLS, WITH_SOMEONE
from portal.world.telling import Act, Id, Key, Living, Told, Words, one_of
from portal.world.times import When
from portal.world.told_voices import SaidTold, Spoken


class AttemptTold(Act):
    """An attempt to offer a conversation."""

    way: Annotated[str, one_of(WAYS, "way")]
    outcome: Annotated[str, one_of(OUTCOMES, "outcome")]


class AuthorityTold(Act):
    """The placing authority was told."""

    interviewer: str = ""


class HomeSaysTold(Told):
    """When they came back, as whoever cares for them says it."""

    adult: Key
    at: When = "now"
    returned_at: When


class EpisodeTold(Told):
    """A time missing, and what was done about its return."""

    key: Key
    id: Id | None = None
    child: Key
    missing_at: When
    returned_at: When | None = None
    reached_us_at: When | None = None
    living: Living | None = None
    number: str = ""
    details: dict[str, str] = Field(default_factory=dict)
    taken: Act | None = None
    attempts: tuple[AttemptTold, ...] = ()
    authority_told: AuthorityTold | None = None
    home_says: HomeSaysTold | None = None

    @model_validator(mode="after")
    def _came_back(self) -> Self:
        if self.returned_at is None and (
            self.taken or self.attempts or self.authority_told or self.home_says
        ):
            raise ValueError("nothing is offered before the return: returned_at is missing")
        return self


class SafetyTold(Told):
    """What a young person pressed at "Are you safe right now?"."""

    child: Key
    said: Annotated[str, one_of(TELLS, "answer to that question")]
    at: When = "now"


class AnswerTold(Spoken):
    """A young person's form: a draft, or sent; and what staff did with it."""

    child: Key
    choice: Annotated[str, one_of((NOW, WITH_SOMEONE, TALK, NOT_NOW), "choice")] = "now"
    began_at: When = "now"
    deal: bool = True
    form: Annotated[str, one_of(YOUR_SIDE, "form")] = QUICK
    worker_may_read_draft: bool = False
    said: tuple[SaidTold, ...] = ()
    sent_at: When | None = None

    @model_validator(mode="after")
    def _known_questions(self) -> Self:
        form = bank.get(self.form)
        for said in self.said:
            question = form.by_name.get(said.question)
            if question is None:
                raise ValueError(f"{said.question!r} is no question of the {self.form} form")
            for value in said.choices:
                whom, _, wish = value.partition(":")
                if question.kind == SHARING and whom in question.by_value and wish in WISHES:
                    continue
                if value not in question.by_value or question.kind == SHARING:
                    raise ValueError(f"{value!r} is no choice of the question {said.question!r}")
            if len(said.choices) > 1 and question.kind not in (CHIPS, SHARING):
                raise ValueError(f"the question {said.question!r} takes one choice")
            if said.words and not (question.kind == TEXT or question.more):
                raise ValueError(f"the question {said.question!r} takes no words")
        if self.said and not self.deal:
            raise ValueError("nothing is asked before the deal")
        if self.sent_at is None and self.followed:
            raise ValueError("nobody reads or answers what was not sent: sent_at is missing")
        return self


class Closed(Act):
    """Somebody said what came of an alert."""

    outcome: Words


class AlertTold(Told):
    """What became of an alert that something else in the world has raised."""

    child: Key
    rule: Annotated[str, one_of(FLAGS, "rule")]
    held: Act | None = None
    closed: Closed | None = None
