"""What happened in a described world: times missing, what was pressed and said, and what staff did about it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from sqlalchemy import select

from portal.access import FAMILY, STAFF, YOUNG, SignedIn
from portal.alerts.models import CLOSED, Alert
from portal.db import new_id, session
from portal.episodes.episode import Episode
from portal.episodes.models import InterviewTask
from portal.questionnaires import bank, deal
from portal.questionnaires.bank import YOUR_SIDE
from portal.questionnaires.models import Submission
from portal.returns import actions, journey
from portal.returns.models import SafetyAnswer
from portal.world.acts import Act, Making, acting
from portal.world.families import what_families_say
from portal.world.told import World
from portal.world.told_happenings import (
    AlertTold,
    AnswerTold,
    AttemptTold,
    EpisodeTold,
    HomeSaysTold,
    SafetyTold,
)
from portal.world.told_voices import SaidTold
from portal.world.voices import followed, what_was_asked_and_talked


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
        yield from followed(answer, f"answer {answer.key}", answer.child)
    yield from what_was_asked_and_talked(world)
    yield from what_families_say(world)
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
    if episode.home_says:
        told = episode.home_says
        yield Act(f"{name}, home says", told.at, partial(_home_says, episode.key, told), told.adult, FAMILY)


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


def _home_says(key: str, told: HomeSaysTold, making: Making) -> None:
    episode = session.get_one(Episode, making.episodes[key])
    episode.home_says(making.when(told.returned_at), making.people[told.adult])


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
        actions.let_read(draft, answer.worker_may_read_draft)
        actions.take_form(draft, answer.form)


def _say(key: str, said: SaidTold, making: Making) -> None:
    who = making.sittings[key]
    go = "person" if said.rather_tell_a_person else journey.ON if said.choices or said.words else journey.SKIP
    ticked = list(said.choices) or [said.words]  # a question for words alone has them as its answer
    label = bank.label(session.get_one(Submission, making.answers[key]).form)
    if actions.answer_question(who, said.question, go, ticked, said.words, label) is None:
        raise LookupError("this question is not open")


def _send(key: str, making: Making) -> None:
    voice = actions.send(session.get_one(Submission, making.answers[key]))
    making.voices[key] = voice.id


# --- what became of an alert -------------------------------------------------------------------------------------------


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
    _alert(alert, making).hold(acting())


def _close(alert: AlertTold, making: Making) -> None:
    if alert.closed:
        _alert(alert, making).close(alert.closed.outcome, acting())
