"""A described world: exactly what the file says, by the rules that the pages follow."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from portal import world
from portal.accounts.holders import worker_of
from portal.accounts.models import Allocation, Link, Person, PersonRole
from portal.accounts.staff_secret import StaffSecret
from portal.accounts.ways_in import way_in_of
from portal.alerts.models import Alert
from portal.audit import AuditEvent
from portal.config import LONDON, Hub, HubFile
from portal.db import session
from portal.episodes.episode import Episode
from portal.episodes.models import InterviewTask
from portal.outbox import OutboxMessage
from portal.questionnaires.models import Submission
from portal.trail.beside import VoiceReply
from portal.trail.models import Voice
from portal.trail.shares import wish_of
from portal.world.times import instant
from tests.conftest import START, Clock

FIXED = "5f0f4b5e-6a3c-4a37-9d0e-1f2a3b4c5d6e"


def a_world(**more: Any) -> dict[str, Any]:
    """Amara, her mother, Sam who holds her, and a return that Sam has taken."""
    return {
        "organisations": [{"name": "Manchester City Council", "kind": "council"}],
        "people": [
            {"key": "amara", "name": "Amara Obi", "roles": ["young person"], "born_on": "2011-03-04", "living": "home"},
            {"key": "ruth", "name": "Ruth Obi", "roles": ["parent or carer"]},
            {"key": "sam", "name": "Sam Okoro", "roles": ["worker"], "email": "sam@hub.example",
             "organisation": "Manchester City Council"},
            {"key": "dee", "name": "Dee Duty", "roles": ["duty worker"], "email": "dee@hub.example"},
        ],
        "links": [{"adult": "ruth", "child": "amara", "kind": "parent"}],
        "allocations": [{"worker": "sam", "child": "amara"}],
        "episodes": [
            {"key": "night", "child": "amara", "missing_at": "-2d 21:00", "returned_at": "-1d 09:00", "number": "M1",
             "taken": {"by": "sam", "at": "-20h"}},
        ],
    } | more  # fmt: skip


def an_answer(**more: Any) -> dict[str, Any]:
    """Amara's form, sent two hours ago."""
    return {
        "key": "first", "child": "amara", "began_at": "-3h", "sent_at": "-2h",
        "said": [{"question": "going-on", "choices": ["home"], "words": "it was loud"},
                 {"question": "tell-how", "choices": ["in person"]},
                 {"question": "anything-bad", "choices": ["hurt"]}],
    } | more  # fmt: skip


@pytest.fixture
def write(tmp_path: Path) -> Callable[[dict[str, Any]], Path]:
    """Write a world's file."""

    def written(told: dict[str, Any]) -> Path:
        path = tmp_path / "world.json"
        path.write_text(json.dumps(told))
        return path

    return written


@pytest.fixture
def build(
    write: Callable[[dict[str, Any]], Path], app: object, hub_file: HubFile, clock: Clock
) -> Callable[..., world.Making]:
    """Build what a file tells in the test's hub."""
    return lambda **more: world.build(world.read(write(a_world(**more))), Hub(hub_file, clock=clock))


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


# --- what is refused, each in a sentence that names the place -----------------------------------------------------


def without(key: str) -> list[dict[str, Any]]:
    return [person for person in a_world()["people"] if person["key"] != key]


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"peoples": []}, "world.json: peoples: extra inputs are not permitted."),
        ({"people": without("sam")}, "world.json: allocations.0.worker: 'sam' is no staff among people."),
        ({"answers": [an_answer(said=[{"question": "shoes"}])]},
         "world.json: answers.0: 'shoes' is no question of the quick form."),
        ({"answers": [an_answer(said=[{"question": "now", "choices": ["fine"]}])]},
         "world.json: answers.0: 'fine' is no choice of the question 'now'."),
        ({"answers": [an_answer(sent_at=None, read={"by": "sam"})]},
         "world.json: answers.0: nobody reads or answers what was not sent: sent_at is missing."),
        ({"safety": [{"child": "amara", "said": "yes"}]},
         "world.json: safety.0.said: 'yes' is no answer to that question of Rowan."),
        ({"ways_in": [{"person": "amara", "by": "sam", "at": "yesterday"}]},
         'world.json: ways_in.0.at: must be an instant with its zone, or told like "-3h" or "-1d 15:30".'),
        ({"alerts": [{"child": "amara", "rule": "hurt", "held": {"by": "dee"}}]},
         "alerts.0 of amara, held: cannot come about as it is told."),
        ({"asks": [{"key": "boat", "child": "amara", "thing": "boat"}]},
         "world.json: asks.0.thing: 'boat' is no thing to ask for of Rowan."),
        ({"asks": [{"key": "first", "child": "amara", "thing": "charger"}], "answers": [an_answer()]},
         "world.json: what was said has the key 'first' twice."),
        ({"answers": [an_answer(shares=[{"by": "sam", "whom": "school", "reason": "for her"}])]},
         "answer first, share 0: cannot come about as it is told."),
        ({"family_answers": [{"key": "hers", "adult": "ruth", "child": "amara"}]},
         "family answer hers: cannot come about as it is told."),
        ({"safety": [{"child": "amara", "said": "no", "at": "+1h"}]},
         "safety.0 of amara: lies after the instant from which the world is told."),
    ],
)  # fmt: skip
def test_what_cannot_be_is_one_sentence(build, more: dict[str, Any], sentence: str):
    with pytest.raises(world.WorldError) as refused:
        build(**more)

    assert str(refused.value) == sentence


def test_the_same_file_is_not_built_twice(build):
    build()

    with pytest.raises(world.WorldError, match=r"people\.0: 'amara' is in this hub already\."):
        build(people=[{"key": "amara", "name": "Amara Obi", "roles": ["young person"], "born_on": "2011-03-04"}],
              links=[], allocations=[], episodes=[])  # fmt: skip


@pytest.mark.parametrize(
    ("told", "then"),
    [
        ("now", "2026-11-24T10:00:00+00:00"),
        ("-40m", "2026-11-24T09:20:00+00:00"),
        ("+2d", "2026-11-26T10:00:00+00:00"),
        ("-1d 15:30", "2026-11-23T15:30:00+00:00"),
        ("-180d 15:30", "2026-05-28T14:30:00+00:00"),
        ("2026-11-24T09:00:00+01:00", "2026-11-24T08:00:00+00:00"),
    ],
)
def test_times_are_told_from_the_worlds_instant(told: str, then: str):
    assert instant(told, START) == datetime.fromisoformat(then)


@pytest.mark.parametrize("told_from", ["2026-03-30T00:00:00+01:00", "2026-10-26T00:00:00+00:00"])
def test_a_day_before_is_the_day_before_also_where_the_clocks_change(told_from: str):
    at = datetime.fromisoformat(told_from).astimezone(UTC)

    assert instant("-1d 15:30", at).astimezone(LONDON).date() == at.astimezone(LONDON).date() - timedelta(
        days=1
    )
