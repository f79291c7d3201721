"""The screens of the question journey, by name, and which one follows which. Nothing here touches the database.

A place is one word, or two with a point between: `check.now` is the question `now` when the check page asked
for it (so the check page comes next), `heard.would-help` the thanks for a flagged answer before `would-help`;
`talk.…` and `later.…` stand in front of wherever somebody goes on afterwards.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from portal.alerts.flags import TELL_A_PERSON
from portal.questionnaires.models import Given
from portal.questionnaires.questions import CHIPS, PERSON, TEXT, Question, Questionnaire

OK_NOW, DEAL, MAY_READ, CHECK, RECEIPT = "ok-now", "deal", "may-read", "check", "receipt"
FROM_CHECK, HEARD, TALK, LATER = "check.", "heard.", "talk.", "later."
_BETWEEN = (HEARD, TALK, LATER)
LONGEST = 20_000  # characters of one answer

# What the button `go` of a question may say.
ON, SKIP, BACK = "on", "skip", "back"

_NO_CHARACTERS = "".join(chr(plane << 16 | end) for plane in range(17) for end in (0xFFFE, 0xFFFF))
_NOT_WORDS = re.compile(f"[\0-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef{_NO_CHARACTERS}]")


def question_at(form: Questionnaire, at: str) -> Question | None:
    """The question that stands at this place, or None where none does."""
    return form.by_name.get(at.removeprefix(FROM_CHECK))


def kind_of(at: str) -> str:
    """Which kind of screen stands at this place: a name or a prefix from above, or "question"."""
    between = next((prefix for prefix in _BETWEEN if at.startswith(prefix)), None)
    return between or (at if at in (DEAL, MAY_READ, CHECK, RECEIPT) else "question")


def beyond(at: str) -> str:
    """The place behind a screen that only stands between; any other place is its own."""
    for prefix in _BETWEEN:
        at = at.removeprefix(prefix)
    return at


def place_to_go_on(at: str) -> str:
    """Where a form goes on in a later sitting: behind what stands between, and no matter which answer was being changed."""
    at = beyond(at)
    return CHECK if at.startswith(FROM_CHECK) else at


def open_now(form: Questionnaire, since: str | None) -> tuple[str, ...]:
    """The questions that this sitting may go back to and change: those from the place *since* on, where it began.

    Whether somebody answered or skipped what came before is not for whoever holds the phone now.
    """
    if since is None:
        return form.names
    return form.names[form.names.index(since) :] if since in form.names else ()


def following(form: Questionnaire, at: str) -> str:
    """Where going on leads from a question."""
    return CHECK if at.startswith(FROM_CHECK) else form.after(at) or CHECK


def previous(form: Questionnaire, at: str) -> str | None:
    """Where going back leads from a question; None at the first."""
    return CHECK if at.startswith(FROM_CHECK) else form.before(at)


@dataclass(frozen=True)
class Heard:
    """What one form said: what to save (None: leave what is there), where it leads, which rules it calls for."""

    form: Questionnaire
    question: Question
    given: Given | None
    to: str
    rules: tuple[str, ...] = ()
    too_long: str = ""  # all that was typed, where it was more than one answer holds


def hear(form: Questionnaire, at: str, go: str, said: list[str], more: str) -> Heard | None:
    """Read one form of the question at *at*: the button *go*, what came as answer, and the words beside ticks.

    None if this questionnaire has no such screen.
    """
    question = question_at(form, at)
    if question is None:
        return None
    onward, back = following(form, at), previous(form, at)
    if go == SKIP:
        return Heard(form, question, Given(), onward)
    if go == PERSON and question.sensitive:
        return Heard(form, question, Given((PERSON,)), HEARD + onward, (TELL_A_PERSON,))
    given = _given(question, said, more)
    rules = _rules(question, given)
    if len(given.words) > LONGEST:
        return Heard(form, question, Given(given.choices, given.words[:LONGEST]), at, rules, given.words)
    if go == BACK and back:
        # Going back calls nobody, so it takes no tick that would; what was written is not lost.
        return Heard(form, question, None if given.empty or rules else given, back)
    return Heard(form, question, given, HEARD + onward if rules else onward, rules)


def _given(question: Question, said: list[str], more: str) -> Given:
    if question.kind == TEXT:
        return Given((), clean(said[0] if said else ""))
    known = [value for value in dict.fromkeys(said) if value in question.by_value]
    ticked = tuple(known if question.kind == CHIPS else known[:1])
    return Given(ticked, clean(more) if question.more else "")


def _rules(question: Question, given: Given) -> tuple[str, ...]:
    flags = (question.by_value[value].flag for value in given.choices)
    return tuple(dict.fromkeys(flag for flag in flags if flag))


def clean(typed: str) -> str:
    """What was typed, as text that can be kept and shown: no half characters, no control codes, one kind of line end."""
    text = typed.encode("utf-8", "replace").decode().replace("\r\n", "\n").replace("\r", "\n")
    return _NOT_WORDS.sub("", text).strip()
