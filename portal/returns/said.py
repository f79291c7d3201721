"""What lies in a voice of this room, whatever kind it is: a form, a conversation, a correction of a write-up."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import or_, select

from portal.db import session
from portal.questionnaires.models import Submission
from portal.returns import conversation, write_up
from portal.returns.asked import for_a_worker
from portal.returns.conversation import Conversation
from portal.returns.copy_order import headings
from portal.returns.models import ReturnForm
from portal.returns.write_up import Meant, WriteUp, last_version
from portal.trail.models import Voice

FORM = "return"  # the kind of a voice that a form is


def conversation_words(conversation_id: UUID) -> list[tuple[str, str]]:
    """What a conversation was about, heading by heading, as it was last written up."""
    version = last_version(conversation_id)
    return by_heading(version.words) if version else []


def correction_words(meant_id: UUID) -> list[tuple[str, str]]:
    """What somebody said on their phone to "Is this what you meant?", in their exact words."""
    meant = session.get_one(Meant, meant_id)
    return [("“Is this what you meant?”", f"{write_up.SAID[meant.said]}\n{meant.words}")]


def question_names(voice: Voice) -> dict[str, str]:
    """The name of each question of a form by its words; nothing for what is no form."""
    submission = session.get(Submission, voice.source_id) if voice.kind == FORM else None
    return {one.words: name for name, one in submission.form.by_name.items()} if submission else {}


def typed(voice: Voice) -> list[tuple[str, str, str]]:
    """What somebody typed, in their exact words: the part it is of, what was asked, the words.

    What was asked of a manager about the worker stands in that ask, and not here.
    """
    if voice.kind == write_up.KIND:
        words = session.get_one(Meant, voice.source_id).words
        return [("", "“Is this what you meant?”", words)] if words else []
    submission = session.get(Submission, voice.source_id)
    if submission is None:
        return []
    form = submission.form
    said = {name: for_a_worker(name, one.given).words for name, one in submission.answers().items()}
    return [(name, form.by_name[name].words, words) for name, words in said.items() if words]


def by_heading(words: dict[str, str]) -> list[tuple[str, str]]:
    """The texts of a write-up in the order of the hub's form, each under its heading."""
    found = []
    for one in headings():
        texts = [words[part] for part in one.holds if words.get(part)]
        if texts:
            found.append((one.heading, "\n".join(texts)))
    return found


def task_of(voice: Voice) -> UUID | None:
    """The interview to which a voice belongs, or None where it belongs to none."""
    held = select(Conversation.task_id)
    about = {
        FORM: select(ReturnForm.task_id).where(ReturnForm.submission_id == voice.source_id),
        conversation.KIND: held.where(Conversation.id == voice.source_id),
        write_up.KIND: held.join(WriteUp, WriteUp.conversation_id == Conversation.id)
        .join(Meant, Meant.write_up_id == WriteUp.id)
        .where(Meant.id == voice.source_id),
    }
    return session.scalar(about[voice.kind]) if voice.kind in about else None


def said_together(voice: Voice) -> list[Voice]:
    """Everything that was said about the same interview, the first first; the voice alone where it belongs to none."""
    task_id = task_of(voice)
    return voices_of(task_id) if task_id else [voice]


def voices_of(task_id: UUID) -> list[Voice]:
    """Everything that was said about one interview, the first first: forms, the conversation, corrections."""
    forms = select(ReturnForm.submission_id).where(ReturnForm.task_id == task_id)
    held = select(Conversation.id).where(Conversation.task_id == task_id)
    corrections = (
        select(Meant.id)
        .join(WriteUp, WriteUp.id == Meant.write_up_id)
        .where(WriteUp.conversation_id.in_(held))
    )
    found = select(Voice).where(
        or_(
            (Voice.kind == FORM) & Voice.source_id.in_(forms),
            (Voice.kind == conversation.KIND) & Voice.source_id.in_(held),
            (Voice.kind == write_up.KIND) & Voice.source_id.in_(corrections),
        )
    )
    return list(session.scalars(found.order_by(Voice.said_at, Voice.id)))
