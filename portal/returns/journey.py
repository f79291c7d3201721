"""The screens of the question journey, by name, and which one follows which. Nothing here touches the database.

A place is one word, or two with a point between: `check.now` is the question `now` when the check page asked
for it (so the check page comes next), `heard.would-help` the thanks for a flagged answer before `would-help`;
`talk.…` and `later.…` stand in front of wherever somebody goes on afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.alerts.flags import TELL_A_PERSON, own_rules
from portal.i18n import N_
from portal.questionnaires.bank import QUICK, YOUR_SIDE
from portal.questionnaires.models import Given
from portal.questionnaires.questions import (
    ASK_FIRST,
    CHIPS,
    MOMENT,
    NONE,
    NOTHING_SAID,
    PERSON,
    SHARING,
    TEXT,
    WISHES,
    Question,
    Questionnaire,
    Said,
)
from portal.questionnaires.typed import TOO_LONG, clean

OK_NOW, DEAL, MAY_READ, WHICH, CHECK, RECEIPT = "ok-now", "deal", "may-read", "which", "check", "receipt"
FROM_CHECK, HEARD, TALK, LATER = "check.", "heard.", "talk.", "later."
_BETWEEN = (HEARD, TALK, LATER)
BEFORE_THE_QUESTIONS = (DEAL, MAY_READ, WHICH)
LONGEST = 20_000  # characters of one answer

# What the button `go` of a question may say: MORE opens it into further ones, ENOUGH leaves those, or all the rest.
ON, SKIP, BACK, MORE, ENOUGH = "on", "skip", "back", "more", "enough"

NOT_BOTH = N_("You ticked “None of these” and something else. Take away the one that is not right.")


def question_at(form: Questionnaire, at: str) -> Question | None:
    """The question that stands at this place, or None where none does."""
    return form.by_name.get(at.removeprefix(FROM_CHECK))


def kind_of(at: str) -> str:
    """Which kind of screen stands at this place: a name or a prefix from above, or "question"."""
    between = next((prefix for prefix in _BETWEEN if at.startswith(prefix)), None)
    return between or (at if at in (DEAL, MAY_READ, WHICH, CHECK, RECEIPT) else "question")


def beyond(at: str) -> str:
    """The place behind a screen that only stands between; any other place is its own."""
    for prefix in _BETWEEN:
        at = at.removeprefix(prefix)
    return at


def place_to_go_on(form: Questionnaire, at: str) -> str:
    """Where a form goes on in a later sitting: behind what stands between, whatever was opened, ticked or being changed."""
    at = beyond(at)
    if at.startswith(FROM_CHECK):
        return CHECK
    return form.taken_up_at(at) if at in form.by_name else at


def open_now(form: Questionnaire, since: str | None) -> tuple[str, ...]:
    """The questions that this sitting may go back to and change: those from the place *since* on, where it began.

    Whether somebody answered or skipped what came before is not for whoever holds the phone now.
    """
    every = tuple(form.by_name)
    if since is None:
        return every
    return every[every.index(since) :] if since in form.by_name else ()


def following(form: Questionnaire, at: str, said: Said = NOTHING_SAID) -> str:
    """Where going on leads from a question, after what was *said* to those on which others hang."""
    return CHECK if at.startswith(FROM_CHECK) else form.after(at, said) or CHECK


def previous(form: Questionnaire, at: str, said: Said = NOTHING_SAID) -> str | None:
    """Where going back leads from a question; None at the first."""
    return CHECK if at.startswith(FROM_CHECK) else form.before(at, said)


def opens_into(form: Questionnaire, at: str) -> str | None:
    """The first of the further questions into which the one at this place can be opened, or None."""
    return None if at.startswith(FROM_CHECK) else form.opens_into(at)


def enough_leads_to(form: Questionnaire, at: str) -> str | None:
    """Where "that's enough" leads: out of what was opened, or in a long form to its last question; None where it ends."""
    if at.startswith(FROM_CHECK):
        return None
    if at in form.opened_from:
        return form.after(form.opened_from[at]) or CHECK
    last = form.names[-1]
    return None if form.name == QUICK or at == last else last


def rests_on(form: Questionnaire, at: str, go: str) -> frozenset[str]:
    """To which other questions one must know the ticks, to know where this button leads from this place."""
    return frozenset() if at.startswith(FROM_CHECK) else form.rests_on(at, back=go == BACK)


@dataclass(frozen=True)
class Heard:
    """What one form said: what to save (None: leave what is there), where it leads, which rules it calls for."""

    form: Questionnaire
    question: Question
    given: Given | None
    to: str
    rules: tuple[str, ...] = ()
    fault: str = ""  # why the page comes back
    typed: Given = Given()  # noqa: RUF009 - and then all that stood on it


def hear(
    form: Questionnaire, at: str, go: str, said: Sequence[str], more: str, told: Said = NOTHING_SAID
) -> Heard | None:
    """Read one form of the question at *at*: the button *go*, what came as answer, and the words beside ticks.

    *told* are the ticks to other questions on which it hangs what is asked next. None if this questionnaire has no
    such screen.
    """
    question = question_at(form, at)
    if question is None:
        return None
    if go == SKIP:
        return Heard(form, question, Given(), following(form, at, told))
    if go == PERSON and question.sensitive:
        return Heard(form, question, Given((PERSON,)), HEARD + following(form, at, told), (TELL_A_PERSON,))
    given = _given(question, said, more)
    both = NONE in given.choices and len(given.choices) > 1
    if both and go != BACK:
        # Neither is thrown away: one of them may be a cry for help, the other may take it back.
        return Heard(form, question, None, at, fault=NOT_BOTH, typed=given)
    rules = _rules(form, question, given)
    if len(given.words) > LONGEST:
        kept = Given(given.choices, given.words[:LONGEST])
        return Heard(form, question, kept, at, rules, TOO_LONG, given)
    if go == BACK and (back := previous(form, at, told)):
        # Going back calls nobody, so it takes no tick that would; what was written is not lost.
        return Heard(form, question, None if given.empty or rules or both else given, back)
    onward = _onward(form, at, go, {**told, question.name: given.choices})
    return Heard(form, question, given, HEARD + onward if rules else onward, rules)


def _onward(form: Questionnaire, at: str, go: str, said: Said) -> str:
    elsewhere = opens_into(form, at) if go == MORE else enough_leads_to(form, at) if go == ENOUGH else None
    return elsewhere or following(form, at, said)


def _given(question: Question, said: Sequence[str], more: str) -> Given:
    if question.kind == TEXT:
        return Given((), clean(said[0] if said else ""))
    if question.kind == SHARING:
        return Given(_wishes(question, said))
    if question.kind == MOMENT:
        return Given((), clean(" ".join([*said[:1], more])))
    known = [value for value in dict.fromkeys(said) if value in question.by_value]
    ticked = tuple(known if question.kind == CHIPS else known[:1])
    return Given(ticked, clean(more) if question.more else "")


def _wishes(question: Question, said: Sequence[str]) -> tuple[str, ...]:
    """For each reader the wish that came last; "ask me first" goes without saying."""
    wished = {whom: wish for whom, _, wish in (one.partition(":") for one in said)}
    return tuple(
        f"{whom}:{wished[whom]}"
        for whom in question.by_value
        if wished.get(whom) in WISHES and wished[whom] != ASK_FIRST
    )


def _rules(form: Questionnaire, question: Question, given: Given) -> tuple[str, ...]:
    if question.kind == SHARING:
        return ()
    flags = [question.by_value[value].flag for value in given.choices]
    added = own_rules(question.name, given.choices) if form.name in YOUR_SIDE else ()
    return tuple(dict.fromkeys([*filter(None, flags), *added]))
