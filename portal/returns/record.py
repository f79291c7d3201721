"""A return as it goes into the case system: everything that was said and entered, under the headings of the hub's form.

Nobody types twice: what stands here comes from the list, the form, the conversation, the write-up and the trail.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from portal import i18n
from portal.accounts.models import Person
from portal.accounts.staff_names import names_of
from portal.db import session
from portal.episodes.episode import Episode, episodes_of
from portal.episodes.models import Attempt, InterviewTask
from portal.episodes.words import EVERY_WAY, OUTCOMES, state_words
from portal.returns import conversation as conversations
from portal.returns import write_up as write_ups
from portal.returns.conversation import AgreedAction, Conversation, PoliceStep
from portal.returns.copy_order import TALKED, headings, part_of
from portal.returns.models import exact_words
from portal.returns.said import FORM, by_heading, question_names, said_together, task_of
from portal.returns.write_up import Meant, WriteUp, versions
from portal.trail import translations
from portal.trail.beside import VoiceNote, VoiceReply
from portal.trail.models import Voice
from portal.trail.shares import MUST_TO_STAFF
from portal.trail.translations import Translation

NOTHING = "Nothing entered."


@dataclass(frozen=True)
class Field:
    """One field of the hub's form: its heading and its text."""

    heading: str
    text: str

    @property
    def entered(self) -> bool:
        """Whether there is anything to copy."""
        return self.text != NOTHING


@dataclass
class Return:
    """Everything that one return is told by."""

    person: Person
    voices: list[Voice]
    task: InterviewTask | None = None
    episodes: list[Episode] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    held: Conversation | None = None
    versions: list[WriteUp] = field(default_factory=list)
    meant: dict[UUID, list[Meant]] = field(default_factory=dict)
    actions: list[AgreedAction] = field(default_factory=list)
    police: list[PoliceStep] = field(default_factory=list)
    notes: list[VoiceNote] = field(default_factory=list)
    replies: list[VoiceReply] = field(default_factory=list)
    english: dict[tuple[UUID, str], Translation] = field(default_factory=dict)
    names: dict[UUID, str] = field(default_factory=dict)


def fields_of(voice: Voice, words: Sequence[tuple[str, str]] = ()) -> list[Field]:
    """The record of the return to which *voice* belongs, field by field, in the order of the hub's form.

    Where it belongs to none and is no form of a young person's, its *words* are its fields.
    """
    about = gathered(voice)
    if about.task is None and (voice.kind != FORM or voice.about_id != voice.person_id):
        rest = (("What came back", _told(about)), ("Notes by staff", _notes(about)))
        said = [Field(question, answer or "(skipped)") for question, answer in words]
        return [*said, *(Field(heading, "\n".join(lines) or NOTHING) for heading, lines in rest)]
    return [
        Field(one.heading, "\n".join(line for part in one.holds for line in _LINES[part](about)) or NOTHING)
        for one in headings()
    ]


def as_text(title: str, fields: Sequence[Field]) -> str:
    """The whole record as one text, to be copied at one press."""
    return "\n\n".join([title, *(f"{one.heading}\n{one.text}" for one in fields)])


def gathered(voice: Voice) -> Return:
    """Everything about the return to which *voice* belongs; about the voice alone where it belongs to none."""
    task_id = task_of(voice)
    person = session.get_one(Person, voice.person_id)
    about = Return(person, said_together(voice))
    if task_id is not None:
        about.task = session.get_one(InterviewTask, task_id)
        about.episodes, about.attempts = episodes_of(about.task), about.task.attempts()
        about.held = Conversation.of(task_id)
    if about.held is not None:
        about.versions = versions(about.held.id)
        about.meant = {version.id: version.meant() for version in about.versions}
        about.actions, about.police = about.held.actions(), about.held.police_steps()
    for one in about.voices:
        about.notes += one.notes()
        about.replies += one.replies()
    about.english = translations.of(*(one.id for one in about.voices))
    about.names = names_of(_people(about))
    return about


def _people(about: Return) -> set[UUID]:
    people = {one.by_id for said in about.meant.values() for one in said}
    people |= {one.by_id for one in about.attempts} | {one.by_id for one in about.versions}
    people |= {one.by_id for one in about.police} | {one.by_id for one in about.notes}
    people |= {one.by_id for one in about.replies} | {one.by_id for one in about.english.values()}
    return people | ({about.held.by_id} if about.held else set())


# --- the lines of each part ---------------------------------------------------------------------------------------


def _day(day: date) -> str:
    return f"{i18n.on_day(day)} {day.year}"


def _young_person(about: Return) -> list[str]:
    lines = [about.person.name]
    if about.person.known_as not in about.person.name.split():
        lines.append(f"Known as: {about.person.known_as}")
    if about.person.born_on:
        lines.append(f"Born on: {_day(date.fromisoformat(about.person.born_on))}")
    return lines


def _missing(about: Return) -> list[str]:
    lines = []
    for episode in about.episodes:
        back = i18n.staff_datetime(episode.returned_at) if episode.returned_at else "still missing"
        lines.append(f"Went missing: {i18n.staff_datetime(episode.missing_at)}. Came back: {back}.")
        if episode.home_returned_at:
            lines.append(f"As home says, they came back: {i18n.staff_datetime(episode.home_returned_at)}.")
        if episode.police_number:
            lines.append(f"Incident number: {episode.police_number}")
        lines += [f"{label}: {text}" for label, text in episode.labelled if text]
    if about.task:
        lines.append(f"The return interview was due: {i18n.staff_datetime(about.task.due_at)}")
    return lines


def _offers(about: Return) -> list[str]:
    lines = [
        f"{i18n.staff_datetime(one.at)}: {EVERY_WAY[one.way]}. {OUTCOMES[one.outcome]}. {about.names[one.by_id]}"
        for one in reversed(about.attempts)
    ]
    lines += [
        f"{i18n.staff_datetime(voice.said_at)}: their form came. A form alone is not a return interview."
        for voice in about.voices
        if voice.kind == FORM
    ]
    return [*lines, f"How it stands: {state_words(about.task.state)}"] if about.task else lines


def _conversation(about: Return) -> list[str]:
    held = about.held
    if held is None:
        return ["No conversation is recorded."]
    spoke = conversations.INTERPRETER.get(held.interpreter, "")
    return [
        f"Held: {i18n.staff_datetime(held.held_at)}",
        f"Where: {held.place}",
        f"Who was there: {held.present}",
        f"Whose choice the person was: {conversations.CHOSE.get(held.chose_person, held.chose_person)}",
        f"Whose choice the place was: {conversations.CHOSE.get(held.chose_place, held.chose_place)}",
        f"Did somebody interpret: {', '.join(part for part in (spoke, held.interpreter_name) if part)}",
        f"Recorded by: {about.names[held.by_id]}",
    ]


def _talked(part: str) -> Callable[[Return], list[str]]:
    def lines(about: Return) -> list[str]:
        found = []
        for voice in about.voices:
            if voice.kind == FORM:
                found += _answers(about, voice, part)
        if about.versions and (words := about.versions[0].words.get(part)):
            found.append(f"{_written_by(about, about.versions[0])}: {words}")
        elif about.held and part in about.held.parts:
            found.append("Covered in the conversation; not written up.")
        return found

    return lines


def _answers(about: Return, voice: Voice, part: str) -> list[str]:
    names, lines = question_names(voice), []
    for question, said in exact_words(voice.source_id):
        name = names.get(question, "")
        if part_of(name) != part:
            continue
        lines += [question, said or "(skipped)"]
        if beside := about.english.get((voice.source_id, name)):
            lines.append(in_english(about, beside))
    return lines


def in_english(about: Return, beside: Translation) -> str:
    """A translation with who made it, when, and whether somebody has checked it."""
    checked = f"checked by {beside.checked_by}" if beside.checked_at else "not checked by another speaker"
    when = i18n.staff_datetime(beside.created_at)
    return f"In English ({beside.made_by}, put in by {about.names[beside.by_id]}, {when}, {checked}): {beside.words}"


def _written_by(about: Return, version: WriteUp) -> str:
    when = i18n.staff_datetime(version.created_at)
    return f"Write-up, version {version.number} ({about.names[version.by_id]}, {when})"


def _meant(about: Return) -> list[str]:
    lines = []
    for version in reversed(about.versions):
        said = about.meant[version.id]
        if said and version is not about.versions[0]:
            lines.append(_written_by(about, version))
            lines += [f"{heading}: {words}" for heading, words in by_heading(version.words)]
        for one in said:
            way = write_ups.WAYS.get(one.way, one.way)
            when = i18n.staff_datetime(one.created_at)
            lines.append(
                f"Of version {version.number}, {when} ({way}): {write_ups.SAID.get(one.said, one.said)}."
            )
            lines += [f"In their words: {one.words}"] if one.words else []
    return lines or (["They have not been asked yet."] if about.versions else [])


def _actions(about: Return) -> list[str]:
    return [
        f"{one.words} Who: {one.owner}. By: {_day(one.by_on)}."
        + (f" Done on {_day(one.done_on)}." if one.done_on else " Not done yet.")
        for one in about.actions
    ]


def _police(about: Return) -> list[str]:
    lines = []
    for one in about.police:
        who = f"{about.names[one.by_id]}, {i18n.staff_datetime(one.created_at)}"
        if one.needs == "no":
            lines.append(
                " ".join(part for part in (f"Nothing needs to go to the police ({who}).", one.why) if part)
            )
            continue
        told = "They were told" if one.told == "yes" else "They were not told yet"
        lines += [f"Something goes to the police ({who}): {one.what}",
                  f"Because: {MUST_TO_STAFF.get(one.must, one.must)}. {one.why}", f"{told}: {one.told_words}"]  # fmt: skip
    return lines or (["The question has not been answered yet."] if about.held else [])


def _told(about: Return) -> list[str]:
    lines = [f"Told in the conversation: {about.held.told}"] if about.held and about.held.told else []
    lines += [
        f"Asked to be told: {voice.tell_how or 'they did not say'}"
        for voice in about.voices
        if voice.kind == FORM
    ]
    lines += [_reply(about, reply) for reply in about.replies if not _said_in_it(about, reply)]
    return lines if about.replies or about.held else [*lines, "Nothing yet."]


def _said_in_it(about: Return, reply: VoiceReply) -> bool:
    """What was told in the conversation stands above already."""
    return reply.way == "in person" and about.held is not None and reply.words == about.held.told


def _reply(about: Return, reply: VoiceReply) -> str:
    who = f"{about.names[reply.by_id]}, {i18n.staff_datetime(reply.created_at)}"
    if reply.told_on is not None:
        return f"Told in person on {_day(reply.told_on)} by {reply.told_by}: {reply.words}"
    if reply.way == "no safe answer":
        return f"No answer is safe ({who}): {reply.reason}"
    if reply.taken_back_at:
        return f"Written, and taken back before they opened it ({who}): {reply.words}"
    how = f"opened on {i18n.staff_datetime(reply.opened_at)}" if reply.opened_at else "not opened yet"
    beside = about.english.get((reply.id, ""))
    return f"{who}, on their phone ({how}): {reply.words}" + (
        f"\nAs they read it: {beside.words}" if beside else ""
    )


def _notes(about: Return) -> list[str]:
    return [
        f"{about.names[note.by_id]}, {i18n.staff_datetime(note.created_at)}: {note.words}"
        for note in about.notes
    ]


_LINES: dict[str, Callable[[Return], list[str]]] = {
    "young person": _young_person, "missing": _missing, "offers": _offers, "conversation": _conversation,
    **{part: _talked(part) for part in TALKED},
    "meant": _meant, "actions": _actions, "police": _police, "told": _told, "notes": _notes,
}  # fmt: skip
