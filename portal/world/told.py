"""The whole of what a file says about a world, and the one sentence that says what is wrong in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ValidationError, model_validator

from portal.world.telling import Told
from portal.world.told_happenings import AlertTold, AnswerTold, EpisodeTold, SafetyTold
from portal.world.told_people import (
    AllocationTold,
    CoverTold,
    LinkTold,
    OrganisationTold,
    Somebody,
    WayInTold,
)
from portal.world.told_voices import AskTold, ConversationTold, FamilyAnswerTold, Spoken


class WorldError(Exception):
    """A described world that cannot be built; its text is one sentence that names the place in the file."""


class World(Told):
    """Everything that the file describes."""

    at: Annotated[datetime, AfterValidator(lambda at: at.astimezone(UTC))] | None = None
    seed: str | None = None
    organisations: tuple[OrganisationTold, ...] = ()
    people: tuple[Somebody, ...] = ()
    links: tuple[LinkTold, ...] = ()
    allocations: tuple[AllocationTold, ...] = ()
    episodes: tuple[EpisodeTold, ...] = ()
    safety: tuple[SafetyTold, ...] = ()
    answers: tuple[AnswerTold, ...] = ()
    asks: tuple[AskTold, ...] = ()
    conversations: tuple[ConversationTold, ...] = ()
    family_answers: tuple[FamilyAnswerTold, ...] = ()
    alerts: tuple[AlertTold, ...] = ()
    covers: tuple[CoverTold, ...] = ()
    ways_in: tuple[WayInTold, ...] = ()

    @property
    def spoken(self) -> tuple[Spoken, ...]:
        """Everything that becomes a voice."""
        return (*self.answers, *self.asks, *self.conversations, *self.family_answers)

    @model_validator(mode="after")
    def _keys_are_known(self) -> Self:
        kinds = {person.key: person.kind for person in self.people}
        for what, keys in (
            ("people", [person.key for person in self.people]),
            ("episodes", [episode.key for episode in self.episodes]),
            ("what was said", [spoken.key for spoken in self.spoken]),
        ):
            if twice := next((key for key in keys if keys.count(key) > 1), None):
                raise ValueError(f"{what} has the key {twice!r} twice")
        for place, key, kind in _named(self):
            if kind not in (found := kinds.get(key, ""), "anybody") or not found:
                raise ValueError(f"{place}: {key!r} is no {kind} among people")
        return self


def _named(told: BaseModel, place: str = "") -> Iterator[tuple[str, str, str]]:
    """Every person that *told* names: where, by which key, and of which kind they must be."""
    wanted = {"child": "child", "adult": "adult", "worker": "staff", "by": "staff", "person": "anybody",
              "absent": "staff", "covers": "staff"}  # fmt: skip
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
