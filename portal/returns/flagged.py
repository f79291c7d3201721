"""What an alert shows of a form: the answer that raised it, and nothing else of what was said."""

from __future__ import annotations

from uuid import UUID

from portal.alerts.flags import RING_ME, TELL_A_PERSON, own_rules
from portal.db import session
from portal.episodes.wishes import TalkWish
from portal.questionnaires.models import Submission
from portal.questionnaires.questions import PERSON, Question
from portal.returns.models import NOT_SAFE_NOW, RATHER_NOT_SAY, RING, SafetyAnswer, as_said

# The buttons of the screen, as they stand there in English.
_SAFETY = {
    NOT_SAFE_NOW: "No, tell my worker and the duty team now",
    RATHER_NOT_SAY: "I'd rather not say",
    RING: "Ring me",
}


def of_safety(answer_id: UUID, rule: str) -> list[tuple[str, str]]:
    """What was pressed at "Are you safe right now?"."""
    answer = session.get(SafetyAnswer, answer_id)
    if answer is None:
        return []
    return [("Are you safe right now?", _SAFETY[answer.said]), *_how(answer.sitting, rule)]


def of_form(submission_id: UUID, rule: str) -> list[tuple[str, str]]:
    """The ticks of a form that this *rule* is about; nothing if they were changed before it was sent."""
    submission = session.get(Submission, submission_id)
    if submission is None:
        return []
    said = {name: answer.given.choices for name, answer in submission.answers().items()}
    found = []
    for question in submission.form.every:
        flagged = tuple(value for value in said.get(question.name, ()) if _raises(question, value, rule))
        if flagged:
            found.append((question.words, as_said(question, flagged, "")))
    return found


def _raises(question: Question, value: str, rule: str) -> bool:
    if value == PERSON:
        return rule == TELL_A_PERSON
    if rule in own_rules(question.name, (value,)):
        return True
    # A wish about sharing is no choice of this kind, and raises nothing.
    choice = question.by_value.get(value)
    return choice is not None and choice.flag == rule


def of_choice(submission_id: UUID, rule: str) -> list[tuple[str, str]]:
    """The wish to talk instead of answering."""
    form = session.get(Submission, submission_id)
    return [("Is it OK to do this now?", "I'd rather talk"), *_how(form.sitting, rule)] if form else []


def _how(sitting: UUID, rule: str) -> list[tuple[str, str]]:
    """When and how they said, in the same sitting, that it is OK to ring them."""
    wish = TalkWish.said_in(sitting) if rule == RING_ME else None
    return wish.lines if wish else []
