"""What a question is: frozen data. One question is one screen, and every one of them can be skipped.

A published version is never edited; what should change becomes the next version. Words are marked for the
families' catalogue and translated where they are shown.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import cached_property

FACES, CHOICE, CHIPS, TEXT = "faces", "choice", "chips", "text"
PERSON = "person"  # "I'd rather tell a person": offered by every sensitive question, and an answer too


@dataclass(frozen=True)
class Choice:
    """One answer to tick. *flag* is the rule of `alerts.flags` that a named person opens when it is said."""

    value: str
    words: str
    flag: str | None = None


@dataclass(frozen=True)
class Question:
    """One question: faces, one choice, many chips, or text; *more* invites own words beside what is ticked."""

    name: str
    words: str
    kind: str
    choices: tuple[Choice, ...] = ()
    hint: str = ""
    more: str = ""
    sensitive: bool = False

    @cached_property
    def by_value(self) -> dict[str, Choice]:
        """The choices by what the form sends for them."""
        return {choice.value: choice for choice in self.choices}


@dataclass(frozen=True)
class Questionnaire:
    """An immutable form: its name, its version, its questions in their order."""

    name: str
    version: int
    questions: tuple[Question, ...]

    @cached_property
    def by_name(self) -> dict[str, Question]:
        """The questions by name."""
        return {question.name: question for question in self.questions}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the questions, in their order."""
        return tuple(question.name for question in self.questions)

    def left_after(self, name: str) -> int:
        """How many questions come after this one."""
        return len(self.names) - 1 - self.names.index(name)

    def after(self, name: str) -> str | None:
        """The name of the question after this one; None after the last."""
        place = self.names.index(name) + 1
        return self.names[place] if place < len(self.names) else None

    def before(self, name: str) -> str | None:
        """The name of the question before this one; None before the first."""
        place = self.names.index(name)
        return self.names[place - 1] if place else None

    def digest(self) -> str:
        """A fingerprint of everything in this version, by which a test notices that a published one was edited."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()
