"""What is done with something that was said: read, noted, shared, answered; and what is asked for and talked about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial

from sqlalchemy import select

from portal.access import STAFF, YOUNG
from portal.config import LONDON, current_hub
from portal.contact.models import Ask
from portal.contact.words import things
from portal.db import new_id, session
from portal.episodes.models import InterviewTask
from portal.returns.conversation import Conversation, Facts, Police
from portal.returns.write_up import WriteUp, last_version
from portal.trail import shares
from portal.trail.models import ASK, ASK_MANAGER, Voice
from portal.world.acts import Act, Making, acting
from portal.world.told import World
from portal.world.told_voices import (
    AskTold,
    ConversationTold,
    MeantTold,
    NoteTold,
    ReplyTold,
    ShareTold,
    Spoken,
    WishTold,
    WriteUpTold,
)


def followed(answer: Spoken, name: str, whose: str, door: str = YOUNG) -> Iterator[Act]:
    """What was done with something that was said by *whose* at a *door*, called *name* in a message."""
    if answer.read:
        yield Act(f"{name}, read", answer.read.at, partial(_read, answer.key), answer.read.by, STAFF)
    for number, note in enumerate(answer.notes):
        yield Act(f"{name}, note {number}", note.at, partial(_note, answer.key, note), note.by, STAFF)
    for number, wish in enumerate(answer.wishes):
        by, at = (wish.by, STAFF) if wish.by else (whose, door)
        yield Act(f"{name}, wish {number}", wish.at, partial(_wish, answer.key, wish), by, at)
    for number, share in enumerate(answer.shares):
        yield Act(f"{name}, share {number}", share.at, partial(_share, answer.key, share), share.by, STAFF)
    for number, reply in enumerate(answer.replies):
        yield Act(f"{name}, reply {number}", reply.at, partial(_reply, answer.key, reply), reply.by, STAFF)
        if reply.opened_at:
            opens = partial(_open, answer.key)
            yield Act(f"{name}, reply {number} opened", reply.opened_at, opens, whose, door)
    if answer.on_record:
        put = partial(_put_on_record, answer.key)
        yield Act(f"{name}, on the record", answer.on_record.at, put, answer.on_record.by, STAFF)


def _voice(key: str, making: Making) -> Voice:
    return session.get_one(Voice, making.voices[key])


def _read(key: str, making: Making) -> None:
    _voice(key, making).mark_read(acting())


def _note(key: str, note: NoteTold, making: Making) -> None:
    _voice(key, making).note(note.words, acting())


def _reply(key: str, reply: ReplyTold, making: Making) -> None:
    voice = _voice(key, making)
    if reply.no_safe_answer:
        voice.no_answer(reply.no_safe_answer, acting())
    elif reply.told_by and reply.told_on and reply.words:
        voice.tell_in_person(
            making.when(reply.told_on).astimezone(LONDON).date(), reply.told_by, reply.words, acting()
        )
    elif reply.words:
        voice.answer(reply.words, acting())


def _open(key: str, making: Making) -> None:
    voice = _voice(key, making)
    waiting = voice.waiting_reply()
    if waiting is None:
        raise LookupError("no answer waits to be opened")
    voice.opens(waiting)


def _put_on_record(key: str, making: Making) -> None:
    _voice(key, making).put_on_record(current_hub().today(), acting())


def _wish(key: str, told: WishTold, making: Making) -> None:
    shares.wish(_voice(key, making), told.whom, told.wish, by=making.people[told.by] if told.by else None)


def _share(key: str, told: ShareTold, making: Making) -> None:
    voice = _voice(key, making)
    if told.must:
        shares.must_share(voice, told.whom, acting(), told.must, told.told_child, words=told.reason)
    else:
        shares.share(voice, told.whom, acting(), told.reason)


# --- what is asked for, and what was talked about ---------------------------------------------------------------


def what_was_asked_and_talked(world: World) -> Iterator[Act]:
    """What young people asked for, the conversations that were held, and what was done with each."""
    for ask in world.asks:
        yield Act(f"ask {ask.key}", ask.at, partial(_ask, ask), ask.child, YOUNG)
        yield from followed(ask, f"ask {ask.key}", ask.child)
    for talk in world.conversations:
        name = f"conversation {talk.key}"
        yield Act(name, talk.at, partial(_talk, talk), talk.by, STAFF)
        for number, written in enumerate(talk.write_ups):
            write = partial(_write_up, talk, written)
            yield Act(f"{name}, write-up {number}", written.at, write, written.by, STAFF)
        if talk.meant:
            yield Act(
                f"{name}, meant", talk.meant.at, partial(_meant, talk, talk.meant), talk.meant.by, STAFF
            )
        yield from followed(talk, name, talk.child)


def _ask(told: AskTold, making: Making) -> None:
    ask = Ask.ask(
        making.people[told.child], things()[told.thing], told.words,
        tell_how=told.tell_how, form_key=new_id(), sitting=new_id(),
    )  # fmt: skip
    kinds = (ASK, ASK_MANAGER)
    voice = select(Voice.id).where(Voice.kind.in_(kinds), Voice.source_id == ask.id)
    making.voices[told.key] = session.scalars(voice).one()


def _talk(told: ConversationTold, making: Making) -> None:
    facts = Facts(
        making.when(told.held_at), told.place, told.present, told.chose_person, told.chose_place,
        told.interpreter, told.interpreter_name, told.covered, told.told,
    )  # fmt: skip
    task = session.get_one(InterviewTask, making.returns[told.episode])
    conversation = Conversation.record(task, facts, acting(), making.person(told.by).name)
    making.voices[told.key] = conversation.voice().id
    for action in told.agreed:
        conversation.agree(action.words, action.owner, _day(action.by_on, making), acting())
    if told.police:
        conversation.decide_police(Police(needs=False), acting())


def _day(told: str, making: Making) -> date:
    return making.when(told).astimezone(LONDON).date()


def _conversation(told: ConversationTold, making: Making) -> Conversation:
    found = Conversation.of(making.returns[told.episode])
    if found is None:
        raise LookupError("no conversation is recorded yet")
    return found


def _write_up(told: ConversationTold, written: WriteUpTold, making: Making) -> None:
    WriteUp.write(_conversation(told, making), written.parts, acting())


def _meant(told: ConversationTold, meant: MeantTold, making: Making) -> None:
    last = last_version(_conversation(told, making).id)
    if last is None:
        raise LookupError("nothing is written up yet")
    last.say_meant(meant.said, meant.words, meant.way, acting())
