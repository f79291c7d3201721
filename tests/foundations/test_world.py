"""A described world: exactly what the file says, by the rules that the pages follow."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from portal import world
from portal.accounts.holders import worker_of
from portal.accounts.models import Allocation, Link, Person, PersonRole
from portal.accounts.staff_secret import StaffSecret
from portal.accounts.ways_in import way_in_of
from portal.alerts.models import Alert
from portal.audit import AuditEvent
from portal.db import session
from portal.episodes.episode import Episode
from portal.episodes.models import InterviewTask
from portal.outbox import OutboxMessage
from portal.questionnaires.models import Submission
from portal.trail.beside import VoiceReply
from portal.trail.models import Voice
from portal.trail.shares import wish_of
from tests.conftest import START
from tests.foundations.told import a_world, an_answer

FIXED = "5f0f4b5e-6a3c-4a37-9d0e-1f2a3b4c5d6e"


def test_everybody_is_there_and_nobody_else(build, at_work):
    made = build()

    with at_work():
        names = {person.name for person in session.scalars(select(Person))}
        assert names == {"Amara Obi", "Ruth Obi", "Sam Okoro", "Dee Duty"}
        assert session.scalars(select(PersonRole.role)).all().count("worker") == 1
        assert session.get_one(Person, made.people["amara"]).born_on == "2011-03-04"


def test_links_and_allocations_run_as_told(build, at_work):
    made = build(
        links=[{"adult": "ruth", "child": "amara", "kind": "parent", "since": "-3d", "until": "+1d"}],
        allocations=[{"worker": "sam", "child": "amara", "since": "-2d", "until": "-1d"}],
        episodes=[],
    )

    with at_work():
        link, held = session.scalars(select(Link)).one(), session.scalars(select(Allocation)).one()
        assert (link.starts_at, link.ends_at) == (START - timedelta(days=3), START + timedelta(days=1))
        assert (held.starts_at, held.ends_at) == (START - timedelta(days=2), START - timedelta(days=1))
        assert worker_of(made.people["amara"]) is None


def test_a_return_proposes_its_interview_and_sam_has_taken_it(build, at_work):
    made = build()

    with at_work():
        task = session.get_one(InterviewTask, made.returns["night"])
        assert (task.state, task.taker_id) == ("open", made.people["sam"])
        assert task.due_at == datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
        assert session.get_one(Episode, made.episodes["night"]).police_number == "M1"


def test_a_draft_holds_what_was_said_so_far(build, at_work):
    made = build(answers=[an_answer(sent_at=None)])

    with at_work():
        draft = session.get_one(Submission, made.answers["first"])
        assert (draft.state, draft.at) == ("draft", "heard.would-help")
        assert draft.answers()["going-on"].given.words == "it was loud"
        assert session.scalar(select(func.count(Voice.id))) == 0


def test_a_form_is_the_one_that_is_named_with_its_branches_and_its_wishes(build, at_work):
    said = [
        {"question": "back-who", "choices": ["carers"]},
        {"question": "back-carers", "choices": ["bad"], "words": "shouted"},
        {"question": "sharing", "choices": ["school:ok"]},
    ]
    made = build(answers=[an_answer(form="whole", said=said)])

    with at_work():
        sent = session.get_one(Submission, made.answers["first"])
        assert (sent.questionnaire, sent.state) == ("whole", "sent")
        assert sent.answers()["back-carers"].given.words == "shouted"
        assert wish_of(session.get_one(Voice, made.voices["first"]), "school") == "ok"


def test_what_is_sent_becomes_a_voice_and_the_return_has_a_form(build, at_work):
    made = build(answers=[an_answer()])

    with at_work():
        voice = session.get_one(Voice, made.voices["first"])
        assert (voice.said_at, voice.state, voice.tell_how) == (
            START - timedelta(hours=2),
            "waiting",
            "Face to face",
        )
        assert session.get_one(InterviewTask, made.returns["night"]).state == "form only"


def test_a_flagged_answer_raises_its_alert_as_on_a_phone(build, at_work):
    made = build(answers=[an_answer()])

    with at_work():
        alert = session.scalars(select(Alert)).one()
        told = set(
            session.scalars(select(OutboxMessage.recipient_id).where(OutboxMessage.object_id == alert.id))
        )
        assert (alert.rule, alert.raised_at) == ("hurt", START - timedelta(hours=3))
        assert told == {made.people["sam"], made.people["dee"]}


def test_a_reply_waits_until_it_is_opened(build, at_work):
    made = build(answers=[an_answer(replies=[{"by": "sam", "at": "-1h", "words": "We asked your nan."}])])

    with at_work():
        reply = session.scalars(select(VoiceReply)).one()
        assert (reply.words, reply.opened_at) == ("We asked your nan.", None)
        assert session.get_one(Voice, made.voices["first"]).state == "answered"


def test_an_opened_reply_has_reached_her(build, at_work):
    opened = {"by": "sam", "at": "-1h", "words": "We asked your nan.", "opened_at": "-30m"}
    made = build(answers=[an_answer(replies=[opened])])

    with at_work():
        assert session.get_one(Voice, made.voices["first"]).reached_at == START - timedelta(minutes=30)


def test_what_was_told_in_person_closes_the_voice(build, at_work):
    told = {"by": "sam", "at": "-1h", "words": "Said at school.", "told_by": "Sam Okoro", "told_on": "-1h"}
    made = build(answers=[an_answer(replies=[told])])

    with at_work():
        assert session.get_one(Voice, made.voices["first"]).state == "closed"


def test_an_alert_is_held_and_closed_by_whom_the_file_names(build, at_work):
    made = build(
        safety=[{"child": "amara", "said": "no", "at": "-90m"}],
        alerts=[{"child": "amara", "rule": "not safe", "held": {"by": "dee", "at": "-80m"},
                 "closed": {"by": "dee", "at": "-20m", "outcome": "Met her."}}],
    )  # fmt: skip

    with at_work():
        alert = session.scalars(select(Alert)).one()
        assert (alert.state, alert.held_by_id, alert.outcome) == ("closed", made.people["dee"], "Met her.")


def test_a_way_in_is_given_and_handed_back(build, at_work):
    made = build(ways_in=[{"person": "amara", "by": "sam"}])

    with at_work():
        assert way_in_of(made.people["amara"]) is not None
        assert made.ways_in["amara"].link.startswith("http://young.localhost/in#")


def test_staff_get_the_password_and_authenticator_that_the_file_names(build, at_work):
    people = [*a_world()["people"], {"key": "priya", "name": "Priya Shah", "roles": ["manager"],
              "email": "priya@hub.example", "password": "a long password", "totp": "JBSWY3DPEHPK3PXP"}]  # fmt: skip
    build(people=people)

    with at_work():
        assert session.scalars(select(StaffSecret)).one().totp == "JBSWY3DPEHPK3PXP"


def test_ids_are_those_of_the_file(build):
    people = a_world()["people"]
    people[0]["id"] = FIXED
    episode = a_world()["episodes"][0] | {"id": FIXED.replace("5f", "6f", 1)}
    made = build(people=people, episodes=[episode])

    assert made.people["amara"] == UUID(FIXED)
    assert str(made.episodes["night"]).startswith("6f")


def test_a_seed_gives_the_same_ids_whatever_else_the_file_tells(build, write):
    told = world.Making(world.read(write(a_world(seed="one"))), START)
    made = build(seed="one", answers=[an_answer()])

    assert told.id_of("person ruth") == made.people["ruth"]
    assert told.id_of("episode night") == made.episodes["night"]


def test_the_trail_names_who_did_it_and_when(build, at_work):
    made = build(answers=[an_answer(read={"by": "sam", "at": "-1h"})])

    with at_work():
        event = session.scalars(select(AuditEvent).where(AuditEvent.act == "voice.read")).one()
        assert (event.actor_id, event.at) == (made.people["sam"], START - timedelta(hours=1))
