"""What happened in a described world: times missing, what was pressed and said, and what staff did about it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from uuid import UUID

from sqlalchemy import select

from portal.access import STAFF, YOUNG, SignedIn
from portal.alerts.models import CLOSED, Alert
from portal.config import LONDON, current_hub
from portal.db import new_id, session
from portal.episodes.models import Episode, InterviewTask
from portal.questionnaires import deal
from portal.questionnaires.bank import YOUR_SIDE
from portal.questionnaires.models import Submission
from portal.returns import actions, journey
from portal.returns.models import SafetyAnswer
from portal.trail.models import Voice
from portal.world.acts import Act, Making
from portal.world.told import World
from portal.world.told_happenings import (
    AlertTold,
    AnswerTold,
    AttemptTold,
    EpisodeTold,
    NoteTold,
    ReplyTold,
    SafetyTold,
    SaidTold,
)


def what_happened(world: World) -> Iterator[Act]:
    """Everything that happened, in the order of the file."""
    for episode in world.episodes:
        yield from _about_episode(episode)
    for number, safety in enumerate(world.safety):
        yield Act(
            f"safety.{number} of {safety.child}", safety.at, partial(_say_safety, safety), safety.child, YOUNG
        )
    for answer in world.answers:
        yield from _about_answer(answer)
        yield from _about_voice(answer)
    for number, alert in enumerate(world.alerts):
        name = f"alerts.{number} of {alert.child}"
        if alert.held:
            yield Act(f"{name}, held", alert.held.at, partial(_hold, alert), alert.held.by, STAFF)
        if alert.closed:
            yield Act(f"{name}, closed", alert.closed.at, partial(_close, alert), alert.closed.by, STAFF)


# --- a time missing, and who offers a conversation about it -----------------------------------------------------


def _about_episode(episode: EpisodeTold) -> Iterator[Act]:
    name, known = f"episode {episode.key}", episode.returned_at or episode.missing_at
    yield Act(name, episode.reached_us_at or known, partial(_enter, episode))
    if episode.taken:
        yield Act(f"{name}, taken", episode.taken.at, partial(_take, episode), episode.taken.by, STAFF)
    for number, attempt in enumerate(episode.attempts):
        log = partial(_log, episode.key, attempt)
        yield Act(f"{name}, attempt {number}", attempt.at, log, attempt.by, STAFF)
    if episode.authority_told:
        tell = partial(_tell_authority, episode)
        yield Act(
            f"{name}, authority told", episode.authority_told.at, tell, episode.authority_told.by, STAFF
        )


def _enter(episode: EpisodeTold, making: Making) -> None:
    child = making.person(episode.child)
    entered = Episode.enter(
        child, number=episode.number, missing_at=making.when(episode.missing_at), details=episode.details,
        returned_at=making.when(episode.returned_at) if episode.returned_at else None,
        living=episode.living or child.living or "", id=making.id_of(f"episode {episode.key}", episode.id),
    )  # fmt: skip
    making.episodes[episode.key] = entered.id
    if entered.task_id:
        making.returns[episode.key] = entered.task_id


def _task(key: str, making: Making) -> InterviewTask:
    return session.get_one(InterviewTask, making.returns[key])


def _take(episode: EpisodeTold, making: Making) -> None:
    if episode.taken:
        _task(episode.key, making).take(making.people[episode.taken.by])


def _log(key: str, attempt: AttemptTold, making: Making) -> None:
    _task(key, making).log(making.people[attempt.by], attempt.way, attempt.outcome)


def _tell_authority(episode: EpisodeTold, making: Making) -> None:
    if episode.authority_told:
        _task(episode.key, making).tell_authority(episode.authority_told.interviewer)


# --- what a young person says -----------------------------------------------------------------------------------


def _say_safety(safety: SafetyTold, making: Making) -> None:
    SafetyAnswer.say(making.people[safety.child], safety.said, new_id(), new_id())


def _about_answer(answer: AnswerTold) -> Iterator[Act]:
    name, child = f"answer {answer.key}", answer.child
    yield Act(name, answer.began_at, partial(_begin, answer), child, YOUNG)
    for said in answer.said:
        say = partial(_say, answer.key, said)
        yield Act(f"{name}, {said.question}", answer.began_at, say, child, YOUNG)
    if answer.sent_at:
        yield Act(f"{name}, sent", answer.sent_at, partial(_send, answer.key), child, YOUNG)


def _begin(answer: AnswerTold, making: Making) -> None:
    child = making.people[answer.child]
    sitting = making.id_of(f"sitting of {answer.key}")
    who = SignedIn(id=child, sign_in_id=sitting, door=YOUNG, known_as="", roles=frozenset({"young person"}))
    actions.choose(who, answer.choice, actions.key_of(who, f"{making.at.isoformat()} {answer.key}"))
    draft = Submission.draft_of(child, *YOUR_SIDE)
    if draft is None:
        raise LookupError("this form was sent already")
    making.answers[answer.key], making.sittings[answer.key] = draft.id, who
    if answer.deal:
        draft.agree(deal.NEWEST.version)
        draft.let_read_draft(answer.worker_may_read_draft)
        draft.at = draft.form.names[0]


def _say(key: str, said: SaidTold, making: Making) -> None:
    who = making.sittings[key]
    go = "person" if said.rather_tell_a_person else journey.ON if said.choices or said.words else journey.SKIP
    ticked = list(said.choices) or [said.words]  # a question for words alone has them as its answer
    if actions.answer_question(who, said.question, go, ticked, said.words) is None:
        raise LookupError("this question is not open")


def _send(key: str, making: Making) -> None:
    voice = actions.send(session.get_one(Submission, making.answers[key]))
    making.voices[key] = voice.id


# --- what staff do with it --------------------------------------------------------------------------------------


def _about_voice(answer: AnswerTold) -> Iterator[Act]:
    name = f"answer {answer.key}"
    if answer.read:
        yield Act(f"{name}, read", answer.read.at, partial(_read, answer.key), answer.read.by, STAFF)
    for number, note in enumerate(answer.notes):
        yield Act(f"{name}, note {number}", note.at, partial(_note, answer.key, note), note.by, STAFF)
    for number, reply in enumerate(answer.replies):
        yield Act(f"{name}, reply {number}", reply.at, partial(_reply, answer.key, reply), reply.by, STAFF)
        if reply.opened_at:
            opens = partial(_open, answer.key)
            yield Act(f"{name}, reply {number} opened", reply.opened_at, opens, answer.child, YOUNG)
    if answer.on_record:
        put = partial(_put_on_record, answer.key)
        yield Act(f"{name}, on the record", answer.on_record.at, put, answer.on_record.by, STAFF)


def _voice(key: str, making: Making) -> Voice:
    return session.get_one(Voice, making.voices[key])


def _actor() -> UUID:
    actor = current_hub().actor
    if actor is None:
        raise LookupError("nobody acts")
    return actor


def _read(key: str, making: Making) -> None:
    _voice(key, making).mark_read(_actor())


def _note(key: str, note: NoteTold, making: Making) -> None:
    _voice(key, making).note(note.words, _actor())


def _reply(key: str, reply: ReplyTold, making: Making) -> None:
    voice = _voice(key, making)
    if reply.no_safe_answer:
        voice.no_answer(reply.no_safe_answer, _actor())
    elif reply.told_by and reply.told_on and reply.words:
        voice.tell_in_person(
            making.when(reply.told_on).astimezone(LONDON).date(), reply.told_by, reply.words, _actor()
        )
    elif reply.words:
        voice.answer(reply.words, _actor())


def _open(key: str, making: Making) -> None:
    waiting = _voice(key, making).waiting_reply()
    if waiting is None:
        raise LookupError("no answer waits to be opened")
    waiting.open()


def _put_on_record(key: str, making: Making) -> None:
    _voice(key, making).put_on_record(current_hub().now().astimezone(LONDON).date(), _actor())


def _alert(alert: AlertTold, making: Making) -> Alert:
    """The last alert of this young person by this rule that is still to be closed."""
    raised = select(Alert).where(
        Alert.child_id == making.people[alert.child], Alert.rule == alert.rule, Alert.state != CLOSED
    )
    found = session.scalars(raised.order_by(Alert.raised_at.desc())).first()
    if found is None:
        raise LookupError("there is no such alert")
    return found


def _hold(alert: AlertTold, making: Making) -> None:
    _alert(alert, making).hold(_actor())


def _close(alert: AlertTold, making: Making) -> None:
    if alert.closed:
        _alert(alert, making).close(alert.closed.outcome, _actor())
