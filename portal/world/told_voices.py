"""What a file may say about a voice's way: who read it, what was written beside it, who may have it, what came back."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from portal.contact.words import THINGS
from portal.returns.conversation import CHOSE, INTERPRETER
from portal.returns.write_up import SAID, WAYS
from portal.trail.shares import MUST, WHOM, WISHES
from portal.world.telling import Act, Key, Told, Words, one_of
from portal.world.times import When

Whom = Annotated[str, one_of(WHOM, "reader")]


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


class WishTold(Told):
    """What the young person wishes for their own words; *by* heard it (none: they said it on their phone)."""

    whom: Whom
    wish: Annotated[str, one_of(WISHES, "wish")]
    by: Key | None = None
    at: When = "now"


class ShareTold(Act):
    """Somebody got it: as was wished, or because it must be, for one of the three things."""

    whom: Whom
    reason: Words
    must: Annotated[str, one_of(MUST, "reason for which something must be shared")] | None = None
    told_child: bool = True


class Spoken(Told):
    """Something that becomes a voice, under the key by which the answer of `build` calls it."""

    key: Key
    read: Act | None = None
    notes: tuple[NoteTold, ...] = ()
    wishes: tuple[WishTold, ...] = ()
    shares: tuple[ShareTold, ...] = ()
    replies: tuple[ReplyTold, ...] = ()
    on_record: Act | None = None

    @property
    def followed(self) -> bool:
        """Whether anything was done with it."""
        return any((self.read, self.notes, self.wishes, self.shares, self.replies, self.on_record))


class SaidTold(Told):
    """What was said to one question; nothing in it means that it was skipped."""

    question: Key
    choices: tuple[str, ...] = ()
    words: str = ""
    rather_tell_a_person: bool = False


class FamilyAnswerTold(Spoken):
    """The form of a parent or carer about a return of one young person: a draft, or sent."""

    adult: Key
    child: Key
    began_at: When = "now"
    said: tuple[SaidTold, ...] = ()
    sent_at: When | None = None

    @model_validator(mode="after")
    def _sent_first(self) -> Self:
        if self.sent_at is None and self.followed:
            raise ValueError("nobody reads or answers what was not sent: sent_at is missing")
        return self


class AskTold(Spoken):
    """Something that a young person asks for."""

    child: Key
    thing: Annotated[str, one_of([thing.value for thing in THINGS], "thing to ask for")]
    words: str = ""
    tell_how: str = "Here on these pages"
    at: When = "now"


class AgreedTold(Told):
    """Something that was agreed, with who does it and by when."""

    words: Words
    owner: Words
    by_on: When


class WriteUpTold(Act):
    """A version of the write-up: words by part of the record."""

    parts: dict[str, Words]


class MeantTold(Act):
    """What the young person said of the last version, heard by *by*."""

    said: Annotated[str, one_of(SAID, "answer to that question")]
    words: str = ""
    way: Annotated[str, one_of(WAYS, "way of hearing it")] = "read aloud"


class ConversationTold(Spoken):
    """A conversation about a return as it was held, and written up."""

    episode: Key
    child: Key
    by: Key
    at: When = "now"
    held_at: When
    place: Words
    present: Words
    chose_person: Annotated[str, one_of(CHOSE, "choice")] = "theirs"
    chose_place: Annotated[str, one_of(CHOSE, "choice")] = "theirs"
    interpreter: Annotated[str, one_of(INTERPRETER, "answer to that question")] = "none"
    interpreter_name: str = ""
    covered: tuple[str, ...] = ()
    told: str = ""
    agreed: tuple[AgreedTold, ...] = ()
    police: Annotated[str, Field(pattern="^no$")] | None = None
    write_ups: tuple[WriteUpTold, ...] = ()
    meant: MeantTold | None = None
