"""What a question is: frozen data. One question is one screen, and every one of them can be skipped.

A published version is never edited; what should change becomes the next version. Words are marked for the
families' catalogue and translated where they are shown.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

from portal.i18n import N_

FACES, CHOICE, CHIPS, TEXT, SHARING = "faces", "choice", "chips", "text", "sharing"
MOMENT = "moment"  # a day and a time, as somebody remembers them
PERSON = "person"  # "I'd rather tell a person": offered by every sensitive question, and an answer too
NONE = "none"  # of chips: "None of these", which cannot stand beside another

# What may be wished for each reader whom a question of the kind SHARING names; unsaid, it is the first.
ASK_FIRST = "ask first"
WISHES = {ASK_FIRST: N_("Ask me first"), "ok": N_("OK to share"), "only worker": N_("Only my worker")}
_RATHER = N_("I'd rather tell a person")

Said = Mapping[str, tuple[str, ...]]  # the ticks of some questions, by question
NOTHING_SAID: Said = MappingProxyType({})


@dataclass(frozen=True)
class Choice:
    """One answer to tick. *flag* is the rule of `alerts.flags` that a named person opens when it is said."""

    value: str
    words: str
    flag: str | None = None


@dataclass(frozen=True)
class When:
    """A branch: a question is asked only where one of these ticks was *said* to the *question* before it."""

    question: str
    said: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """One question: faces, one choice, many chips, text, or a moment; *more* invites own words beside what is ticked.

    With *when*, it is asked only where every branch holds.
    """

    name: str
    words: str
    kind: str
    choices: tuple[Choice, ...] = ()
    hint: str = ""
    more: str = ""
    sensitive: bool = False
    when: tuple[When, ...] = ()

    @cached_property
    def by_value(self) -> dict[str, Choice]:
        """The choices by what the form sends for them."""
        return {choice.value: choice for choice in self.choices}

    def asked(self, said: Said) -> bool:
        """Whether it is asked, after what was *said* to the questions that it hangs on."""
        return all(set(one.said) & set(said.get(one.question, ())) for one in self.when)

    def tick_words(self, value: str) -> tuple[str, ...]:
        """What one tick says, in the words of the catalogue; of a wish: for whom, and which."""
        if value == PERSON:
            return (_RATHER,)
        if self.kind == SHARING:
            whom, _, wish = value.partition(":")
            return self.by_value[whom].words, WISHES[wish]
        return (self.by_value[value].words,)


@dataclass(frozen=True)
class Questionnaire:
    """An immutable form: its name, its version, its questions in their order.

    *opens* says into which further questions one of them can be opened, by whoever wants to say more about it.
    """

    name: str
    version: int
    questions: tuple[Question, ...]
    opens: tuple[tuple[str, tuple[Question, ...]], ...] = ()

    @cached_property
    def every(self) -> tuple[Question, ...]:
        """All questions there can be, those that one opens into behind it."""
        return tuple(each for one in self.questions for each in (one, *self._opened.get(one.name, ())))

    @cached_property
    def by_name(self) -> dict[str, Question]:
        """All questions there can be, by name."""
        return {question.name: question for question in self.every}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the questions that are asked without opening any, in their order."""
        return tuple(question.name for question in self.questions)

    @cached_property
    def _opened(self) -> dict[str, tuple[Question, ...]]:
        return dict(self.opens)

    @cached_property
    def opened_from(self) -> dict[str, str]:
        """From which question each of the further ones is opened."""
        return {one.name: name for name, part in self.opens for one in part}

    def opens_into(self, name: str) -> str | None:
        """The first further question that this one opens into; None where there is no more."""
        part = self._opened.get(name)
        return part[0].name if part else None

    def left_after(self, name: str) -> int | None:
        """About how many questions come after this one; None where that hangs on what is said."""
        return self._left[name]

    @cached_property
    def _left(self) -> dict[str, int | None]:
        left: dict[str, int | None] = {}
        for place, one in enumerate(self.questions):
            ahead = self.questions[place + 1 :]
            always = sum(not each.when for each in ahead)
            left[one.name] = always if len(ahead) - always <= always else None
            part = self._opened.get(one.name, ())
            for number, each in enumerate(part):
                left[each.name] = always + sum(not after.when for after in part[number + 1 :])
        return left

    def after(self, name: str, said: Said = NOTHING_SAID) -> str | None:
        """The name of the question that is asked after this one; None after the last."""
        return next((one.name for one in self._ahead[name] if one.asked(said)), None)

    def before(self, name: str, said: Said = NOTHING_SAID) -> str | None:
        """The name of the question that was asked before this one; None before the first."""
        return next((one.name for one in self._behind[name] if one.asked(said)), None)

    def rests_on(self, name: str, *, back: bool = False) -> frozenset[str]:
        """To which other questions one must know the ticks, to know which question stands next to this one."""
        row = self._behind[name] if back else self._ahead[name]
        return frozenset(when.question for one in row for when in one.when) - {name}

    def taken_up_at(self, name: str) -> str:
        """Where a later sitting takes up a form that stopped at this question: the same place whatever was said.

        A further question shows that it was opened, a branch what was ticked: it begins again with what they hang on.
        """
        if name in self.opened_from:
            return self.opened_from[name]
        when = self.by_name[name].when
        return when[0].question if when else name

    @cached_property
    def _ahead(self) -> dict[str, tuple[Question, ...]]:
        return {one.name: tuple(_up_to_a_sure_one(self._row_from(one.name))) for one in self.every}

    @cached_property
    def _behind(self) -> dict[str, tuple[Question, ...]]:
        return {one.name: tuple(_up_to_a_sure_one(self._row_back_from(one.name))) for one in self.every}

    def _row_from(self, name: str) -> tuple[Question, ...]:
        if name not in self.opened_from:
            return self.questions[self.names.index(name) + 1 :]
        part = self._opened[self.opened_from[name]]
        return part[part.index(self.by_name[name]) + 1 :] + self._row_from(self.opened_from[name])

    def _row_back_from(self, name: str) -> tuple[Question, ...]:
        if name not in self.opened_from:
            return self.questions[: self.names.index(name)][::-1]
        base = self.by_name[self.opened_from[name]]
        part = self._opened[base.name]
        return (*part[: part.index(self.by_name[name])][::-1], base)

    def digest(self) -> str:
        """A fingerprint of everything in this version, by which a test notices that a published one was edited.

        What it opens into is of another form, which has its own. A field that questions had not when the first
        version was published counts where it says something.
        """
        told = asdict(replace(self, opens=()), dict_factory=_without_newer_fields)
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _up_to_a_sure_one(row: tuple[Question, ...]) -> Iterator[Question]:
    for question in row:
        yield question
        if not question.when:
            return


def _without_newer_fields(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return {name: value for name, value in pairs if value or name not in ("when", "opens")}
