"""Plain functions that make what a test needs, in the step under way, by the verbs that the rooms use themselves.

`a_voice(by=amara)`, `a_return(of=amara)`; and for the tests that go over every page `everything_about(amara)`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from portal.access import FAMILY, SignedIn
from portal.accounts import ways_in
from portal.accounts.contact_times import DAYS, PARTS
from portal.accounts.holders import worker_of
from portal.accounts.models import Link, Person, join_adult
from portal.accounts.safe_contact import Lines, SafeContact
from portal.alerts.flags import HURT
from portal.alerts.models import Alert, raise_alert
from portal.config import current_hub
from portal.db import new_id, session
from portal.episodes.columns import recognise
from portal.episodes.episode import Episode
from portal.episodes.imports import ListImport
from portal.episodes.list_row import ListRow, hash_of
from portal.episodes.models import Attempt, InterviewTask
from portal.episodes.rows import ReadRow
from portal.episodes.values import Values
from portal.episodes.words import DOUBTFUL, READY
from portal.questionnaires.bank import QUICK
from portal.questionnaires.deal import VERSIONS
from portal.questionnaires.models import Given, Submission, save_answer
from portal.returns import actions, family, family_acts
from portal.returns.conversation import Conversation, Facts
from portal.returns.models import NOW, ReturnForm
from portal.returns.safer_plan import SaferPlan
from portal.returns.write_up import WriteUp
from portal.trail import shares
from portal.trail.models import Voice

SAID = {"now": Given(("ok",)), "would-help": Given((), "Somebody to talk to"), "tell-how": Given(("here",))}


def a_return(of: UUID, *, hours_ago: float = 24, living: str = "home", number: str = "MFH7",
             details: Mapping[str, str] | None = None) -> InterviewTask:  # fmt: skip
    """Somebody came back: the interview that is proposed."""
    back = current_hub().now() - timedelta(hours=hours_ago)
    episode = Episode.enter(
        session.get_one(Person, of), number=number, missing_at=back - timedelta(hours=8), returned_at=back,
        living=living, details=details or {},
    )  # fmt: skip
    assert episode.task_id is not None
    return session.get_one(InterviewTask, episode.task_id)


def an_attempt(at: InterviewTask, by: UUID) -> Attempt:
    """Somebody tried to offer the conversation, and nobody answered."""
    return at.log(by, "phone", "no answer")


def a_draft(by: UUID, said: Mapping[str, Given] = SAID, *, sitting: UUID | None = None) -> Submission:
    """Somebody agreed to the deal, answered these questions, and has sent nothing."""
    sitting = sitting or uuid4()
    draft = Submission.begin(by, QUICK, new_id(), sitting, "now")
    ReturnForm.choose(draft, NOW)
    draft.agree(max(VERSIONS))
    draft.let_read_draft(True)
    session.flush()
    for question, given in said.items():
        save_answer(draft.id, by, question, given, sitting)
    return draft


def a_voice(by: UUID, said: Mapping[str, Given] = SAID) -> Voice:
    """Somebody sent their form: the voice that waits to be read."""
    return actions.send(a_draft(by, said))


def at_the_family_door(adult_id: UUID, role: str = "parent or carer") -> SignedIn:
    """A parent or carer as a page of their door knows them."""
    return SignedIn(adult_id, new_id(), FAMILY, "Somebody", frozenset({role}))


def safe_home(adult_id: UUID, child_id: UUID, by: UUID, kind: str = "parent") -> Link:
    """A parent or carer of a young person, whom it is safe to contact."""
    link = session.scalar(select(Link).where(Link.adult_id == adult_id, Link.child_id == child_id))
    link = link or join_adult(adult_id, child_id, kind)
    link.say_home_is_safe(by)
    session.flush()
    return link


def a_parents_voice(by: UUID, about: UUID, said: Mapping[str, Given] | None = None) -> Voice:
    """A parent or carer, whose form stands at their door, has sent it."""
    who = at_the_family_door(by)
    offer = next(one for one in family.offers(who) if one.child_id == about)
    family_acts.begin(who, offer, new_id())
    draft = family_acts.draft_here(who, offer)
    assert draft is not None
    family_acts.agree(draft, "1")
    session.flush()
    given = (
        said
        if said is not None
        else {"noticed": Given((), "They were very quiet"), "reach": Given(("here",))}
    )
    for question, one in given.items():
        save_answer(draft.id, by, question, one, who.sign_in_id)
    return family_acts.send(draft, offer)


def an_answer_to(child_id: UUID, by: UUID, words: str = "You said it was loud. We asked.") -> Voice:
    """Somebody spoke and was answered; the answer waits at their door."""
    voice = a_voice(child_id)
    voice.answer(words, by)
    return voice


def a_conversation(of: UUID, by: UUID, task: InterviewTask | None = None, *, told: str = "Sam asks your nan.",
                   covered: tuple[str, ...] = ("before", "help")) -> Conversation:  # fmt: skip
    """A return conversation was held an hour ago and put down."""
    facts = Facts(
        current_hub().now() - timedelta(hours=1), "The library", "The two of us", "theirs", "theirs", "none", "",
        covered, told,
    )  # fmt: skip
    return Conversation.record(task or a_return(of), facts, by, "Sam Okoro")


def a_write_up(of: Conversation, by: UUID, words: str = "Home felt loud.") -> WriteUp:
    """What was said in it was written down, and waits on the young person's phone."""
    version = WriteUp.write(of, {"before": words}, by)
    version.send(by)
    return version


def an_alert(about: UUID, rule: str = HURT, **more: Any) -> Alert:
    """An answer of somebody has raised an alert."""
    return raise_alert(about, rule, source_kind="answer", source_id=new_id(), key=f"made:{new_id()}", **more)


def a_list(by: UUID | None, *, words: str = "Obi") -> tuple[ListImport, ListRow]:
    """A list that was brought and worked out, with one doubtful row."""
    headings = ("Surname", "Forename(s)", "DOB", "Missing date", "Missing time")
    brought = ListImport.bring(f"{','.join(headings)}\n{words}\n".encode(), "list.csv", by)
    brought.state = READY
    brought.understand(recognise(headings), 1)
    session.flush()
    texts = {"surname": words}
    row = ListRow(import_id=brought.id, line=2, state=DOUBTFUL, row_hash=hash_of(ReadRow(2, texts, Values())))
    row.write(texts, (), ())
    session.add(row)
    session.flush()
    return brought, row


def a_way_in(of: UUID, by: UUID) -> ways_in.NewWayIn:
    """Somebody was given a way in."""
    return ways_in.give(of, by)


# Any day, from eight in the morning until nine at night.
ANY_TIME = Lines(
    ("text", "call"), number="07700 900123", days=DAYS, parts=tuple(PARTS), reminders=True, new_here=True
)


def a_card(of: UUID, by: UUID, lines: Lines = ANY_TIME, **more: Any) -> SafeContact:
    """Somebody's safe-contact card was filled with them: any day, any time, unless the test says otherwise."""
    return SafeContact.fill(of, replace(lines, **more), by)


def everything_about(child_id: UUID, by: UUID | None = None) -> dict[str, UUID]:
    """One of each thing that an address can name about a young person, by the name it has in the address."""
    if by is None:
        worker = worker_of(child_id)
        by = worker.id if worker else child_id
    held = a_conversation(child_id, by)
    task = a_return(child_id)
    attempt = an_attempt(task, by)
    answered = an_answer_to(child_id, by)
    shares.ask(answered, "panel", by)
    session.flush()
    a_card(child_id, by)
    SaferPlan.write(child_id, {"ring": "Nan"}, new_id(), new_id(), afresh=False)
    return {
        "child_id": child_id,
        "person_id": child_id,
        "voice_id": answered.id,
        "alert_id": an_alert(child_id).id,
        "task_id": task.id,
        "held_task_id": held.task_id,
        "write_up_id": a_write_up(held, by).id,
        "attempt_id": attempt.id,
        "episode_id": session.scalars(select(Episode.id).where(Episode.task_id == task.id)).one(),
    }
