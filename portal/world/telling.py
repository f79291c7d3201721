"""What every entry of a described world is made of: strict, and in the words of Rowan."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from portal.episodes.living import HOME, OTHER_AUTHORITY, OUR_CHILD
from portal.world.times import When


def one_of(known: object, what: str) -> AfterValidator:
    """That a text is one of those that are *known*; *what* they are is said where it is not."""

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
Living = Annotated[str, one_of((HOME, OUR_CHILD, OTHER_AUTHORITY), "way of living")]


class Told(BaseModel):
    """One entry of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Act(Told):
    """Somebody did something, at some time."""

    by: Key
    at: When = "now"
