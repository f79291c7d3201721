"""What a file may say about a world: strict models, and the one sentence that says what is wrong in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from portal.access import DOOR_OF, FAMILY, POLICY, YOUNG
from portal.alerts.flags import FLAGS
from portal.episodes.living import HOME, OTHER_AUTHORITY, OUR_CHILD
from portal.episodes.words import OUTCOMES, WAYS
from portal.i18n import LANGUAGES
from portal.questionnaires import bank
from portal.questionnaires.questions import CHIPS, TEXT
from portal.returns.actions import QUICK
from portal.returns.models import NOT_NOW, NOW, TALK, TELLS, WITH_SOMEONE
from portal.world.times import When


class WorldError(Exception):
    """A described world that cannot be built; its text is one sentence that names the place in the file."""


def _one_of(known: object, what: str) -> AfterValidator:
    def check(value: str) -> str:
        if value not in known:  # type: ignore[operator]
            raise ValueError(f"{value!r} is no {what} of Rowan")
        return value

    return AfterValidator(check)


def _random(value: UUID) -> UUID:
    if value.version != 4:
        raise ValueError("must be a random UUID, version 4")
    return value


Key = Annotated[str, Field(min_length=1, max_length=60)]
Words = Annotated[str, Field(min_length=1, max_length=20_000)]
Id = Annotated[UUID, AfterValidator(_random)]
Living = Annotated[str, _one_of((HOME, OUR_CHILD, OTHER_AUTHORITY), "way of living")]


class _Told(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Organisation(_Told):
    """An organisation that staff belong to."""

    name: Key
    kind: Literal["council", "provider", "health", "home"]


class Somebody(_Told):
    """A person, under the key by which the rest of the file calls them."""

    key: Key
    id: Id | None = None
    name: Key
    roles: Annotated[tuple[Annotated[str, _one_of(POLICY, "role")], ...], Field(min_length=1)]
    known_as: Key | None = None
    born_on: date | None = None
    living: Living | None = None
    language: Annotated[str, _one_of(LANGUAGES, "language")] = "en_GB"
    email: Key | None = None
    phone: Key | None = None
    organisation: Key | None = None
    password: Annotated[str, Field(min_length=8)] | None = None
    totp: Annotated[str, Field(pattern="^[A-Z2-7]{16,}$")] | None = None
    put_away_at: When | None = None
    ended_at: When | None = None
    held_because: Key | None = None
    note: str = ""

    @property
    def kind(self) -> str:
        """child, adult or staff, as the roles have it."""
        return {YOUNG: "child", FAMILY: "adult"}.get(DOOR_OF[self.roles[0]], "staff")

    @model_validator(mode="after")
    def _one_door(self) -> Self:
        if len({DOOR_OF[role] for role in self.roles}) > 1:
            raise ValueError("roles must all be of one door")
        if self.password and (self.kind != "staff" or not self.email):
            raise ValueError("password is for staff with an e-mail")
        return self


class LinkTold(_Told):
    """A parent or carer of one young person."""

    adult: Key
    child: Key
    kind: Literal["parent", "foster carer", "residential"]
    since: When | None = None
    until: When | None = None


class AllocationTold(_Told):
    """A worker who holds a young person."""

    worker: Key
    child: Key
    since: When | None = None
    until: When | None = None


class Act(_Told):
    """Somebody did something, at some time."""

    by: Key
    at: When = "now"


class AttemptTold(Act):
    """An attempt to offer a conversation."""

    way: Annotated[str, _one_of(WAYS, "way")]
    outcome: Annotated[str, _one_of(OUTCOMES, "outcome")]


class AuthorityTold(Act):
    """The placing authority was told."""

    interviewer: str = ""


class EpisodeTold(_Told):
    """A time missing, and what was done about its return."""

    key: Key
    id: Id | None = None
    child: Key
    missing_at: When
    returned_at: When | None = None
    reached_us_at: When | None = None
    living: Living | None = None
    number: str = ""
    details: dict[str, str] = {}
    taken: Act | None = None
    attempts: tuple[AttemptTold, ...] = ()
    authority_told: AuthorityTold | None = None

    @model_validator(mode="after")
    def _came_back(self) -> Self:
        if self.returned_at is None and (self.taken or self.attempts or self.authority_told):
            raise ValueError("nothing is offered before the return: returned_at is missing")
        return self


class SafetyTold(_Told):
    """What a young person pressed at "Are you safe right now?"."""

    child: Key
    said: Annotated[str, _one_of(TELLS, "answer to that question")]
    at: When = "now"


class SaidTold(_Told):
    """What was said to one question; nothing in it means that it was skipped."""

    question: Key
    choices: tuple[str, ...] = ()
    words: str = ""
    rather_tell_a_person: bool = False


class NoteTold(Act):
    """A note beside the exact words."""

    words: Words


class ReplyTold(Act):
    """What came back: words to be opened, something told in person, or why no answer is safe."""

    words: Words | None = None
    opened_at: When | None = None
    told_by: Key | None = None
    told_on: When | None = None
    no_safe_answer: Words | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        in_person = self.told_by is not None and self.told_on is not None and self.words is not None
        here = self.words is not None and self.told_by is None and self.told_on is None
        not_safe = self.no_safe_answer is not None and self.words is None and self.told_by is None
        if not (here or in_person or not_safe) or (self.opened_at and not here):
            raise ValueError("must be words, or words with told_by and told_on, or no_safe_answer")
        return self


class AnswerTold(_Told):
    """A young person's form: a draft, or sent; and what staff did with it."""

    key: Key
    child: Key
    choice: Annotated[str, _one_of((NOW, WITH_SOMEONE, TALK, NOT_NOW), "choice")] = "now"
    began_at: When = "now"
    deal: bool = True
    worker_may_read_draft: bool = False
    said: tuple[SaidTold, ...] = ()
    sent_at: When | None = None
    read: Act | None = None
    notes: tuple[NoteTold, ...] = ()
    replies: tuple[ReplyTold, ...] = ()
    on_record: Act | None = None

    @model_validator(mode="after")
    def _known_questions(self) -> Self:
        form = bank.get(QUICK)
        for said in self.said:
            question = form.by_name.get(said.question)
            if question is None:
                raise ValueError(f"{said.question!r} is no question of the quick form")
            for value in said.choices:
                if value not in question.by_value:
                    raise ValueError(f"{value!r} is no choice of the question {said.question!r}")
            if len(said.choices) > 1 and question.kind != CHIPS:
                raise ValueError(f"the question {said.question!r} takes one choice")
            if said.words and not (question.kind == TEXT or question.more):
                raise ValueError(f"the question {said.question!r} takes no words")
        if self.said and not self.deal:
            raise ValueError("nothing is asked before the deal")
        if self.sent_at is None and (self.read or self.notes or self.replies or self.on_record):
            raise ValueError("nobody reads or answers what was not sent: sent_at is missing")
        return self


class Closed(Act):
    """Somebody said what came of an alert."""

    outcome: Words


class AlertTold(_Told):
    """What became of an alert that something else in the world has raised."""

    child: Key
    rule: Annotated[str, _one_of(FLAGS, "rule")]
    held: Act | None = None
    closed: Closed | None = None


class WayInTold(_Told):
    """A way in that somebody of the staff gave."""

    person: Key
    by: Key
    at: When = "now"


class World(_Told):
    """Everything that the file describes."""

    at: Annotated[datetime, AfterValidator(lambda at: at.astimezone(UTC))] | None = None
    seed: str | None = None
    organisations: tuple[Organisation, ...] = ()
    people: tuple[Somebody, ...] = ()
    links: tuple[LinkTold, ...] = ()
    allocations: tuple[AllocationTold, ...] = ()
    episodes: tuple[EpisodeTold, ...] = ()
    safety: tuple[SafetyTold, ...] = ()
    answers: tuple[AnswerTold, ...] = ()
    alerts: tuple[AlertTold, ...] = ()
    ways_in: tuple[WayInTold, ...] = ()

    @model_validator(mode="after")
    def _keys_are_known(self) -> Self:
        kinds = {person.key: person.kind for person in self.people}
        for what, keys in (
            ("people", [person.key for person in self.people]),
            ("episodes", [episode.key for episode in self.episodes]),
            ("answers", [answer.key for answer in self.answers]),
        ):
            if twice := next((key for key in keys if keys.count(key) > 1), None):
                raise ValueError(f"{what} has the key {twice!r} twice")
        for place, key, kind in _named(self):
            if kind not in (found := kinds.get(key, ""), "anybody") or not found:
                raise ValueError(f"{place}: {key!r} is no {kind} among people")
        return self


def _named(told: BaseModel, place: str = "") -> Iterator[tuple[str, str, str]]:
    """Every person that *told* names: where, by which key, and of which kind they must be."""
    wanted = {"child": "child", "adult": "adult", "worker": "staff", "by": "staff", "person": "anybody"}
    for name, value in told:
        here = f"{place}.{name}".lstrip(".")
        if isinstance(value, BaseModel):
            yield from _named(value, here)
        elif isinstance(value, tuple):
            for number, item in enumerate(value):
                if isinstance(item, BaseModel):
                    yield from _named(item, f"{here}.{number}")
        elif name in wanted and isinstance(value, str):
            yield here, value, wanted[name]


def read(path: Path) -> World:
    """The world that a file describes; raises `WorldError` in a sentence that names the place."""
    try:
        return World.model_validate_json(path.read_bytes(), strict=True)
    except OSError as error:
        raise WorldError(f"{path.name}: cannot be read ({error.strerror}).") from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        said = str(first["msg"]).removeprefix("Value error, ")
        said = said[:1].lower() + said[1:]
        raise WorldError(": ".join(part for part in (path.name, place, said) if part) + ".") from None
