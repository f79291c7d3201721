"""What a form asks for. Each thing becomes an ask with a day; a different worker is asked of the manager alone.

The room that keeps asks stands beside this one, so `app.py` introduces it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from portal.questionnaires.models import Given, Submission
from portal.questionnaires.questions import PERSON

ASK, OTHER_WORKER = "ask", "other-worker"  # the questions
DIFFERENT_WORKER = "different-worker"  # the tick that no worker reads
# From whoever asked, what (the chip; empty: only words), and the words beside it; how they wish to be told; the
# form's key, so that it is asked once; and the sitting.
TakesAsk = Callable[[UUID, str, str, str, UUID, UUID], None]
_rooms: list[TakesAsk] = []


def introduce(takes: TakesAsk) -> None:
    """From now on, *takes* is given what a form asks for when it is sent."""
    _rooms[:] = [takes]


def ask_for(submission: Submission, said: Mapping[str, Given], tell_how: str) -> None:
    """Ask for everything that was ticked; words with no tick are an ask too."""
    given = said.get(ASK, Given())
    ticks = [value for value in given.choices if value != PERSON] or ([""] if given.words else [])
    why = said.get(OTHER_WORKER, Given()).words or (given.words if ticks == [DIFFERENT_WORKER] else "")
    for takes in _rooms:
        for value in ticks:
            words = why if value == DIFFERENT_WORKER else given.words
            takes(submission.person_id, value, words, tell_how, submission.id, submission.sitting)


def for_a_worker(question: str, given: Given) -> Given:
    """What a worker may read of this answer: that somebody else was asked for, the manager reads in the ask.

    Words beside that tick alone are about it, and go with it.
    """
    if question == OTHER_WORKER:
        return Given()
    if question != ASK or DIFFERENT_WORKER not in given.choices:
        return given
    others = tuple(value for value in given.choices if value != DIFFERENT_WORKER)
    return Given(others, given.words) if others else Given()
