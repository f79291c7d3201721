"""One alert: the flagged answer and nothing else of what was said, who has it, and how it ended."""

import threading
from uuid import uuid4

import pytest
from sqlalchemy import select

from portal.accounts.models import allocate
from portal.alerts.models import Alert, raise_alert
from portal.audit import AuditEvent
from portal.db import session
from portal.outbox import OutboxMessage
from portal.questionnaires.models import Given, Submission, save_answer
from portal.returns.models import SafetyAnswer

HTMX = {"HX-Request": "true"}


class Opens:
    """`opens(sam)`: Amara's "not safe", as that person opens it in a browser of their own."""

    def __init__(self, at_door, alert_id):
        self.at_door, self.id, self.at = at_door, alert_id, f"/alerts/{alert_id}"

    def __call__(self, person):
        return self.at_door("staff").sign_in_as(person).get(self.at)


@pytest.fixture
def opens(at_door, says, words_behind):
    return Opens(at_door, says("not safe"))


@pytest.fixture
def presses(at_door, opens):
    """`presses(sam, do="hold")`: a form of that page, sent."""

    def press(person, headers=None, **form):
        return at_door("staff").sign_in_as(person).post(opens.at, form, headers=headers)

    return press


# --- who may open it ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["sam", "dee", "priya"])
def test_worker_duty_and_manager_read_the_exact_words(opens, cast, who):
    page = opens(getattr(cast, who))
    assert page.status == 200
    assert "No, tell Sam and the duty team now" in page.main


@pytest.mark.parametrize("who", ["lee", "dan", "cory", "noor", "ade", "aud"])
def test_for_everybody_else_there_is_no_such_alert(opens, presses, cast, who):
    assert opens(getattr(cast, who)).status == 404
    assert presses(getattr(cast, who), do="hold").status == 404


def test_a_worker_of_yesterday_finds_nothing(opens, at_work, cast):
    with at_work():
        allocate(cast.amara, cast.lee)
    assert opens(cast.sam).status == 404


def test_an_alert_about_a_worker_exists_for_managers_only(says, doors, cast):
    alert = says("about a worker")
    statuses = [
        doors.staff.sign_in_as(who).get(f"/alerts/{alert}").status for who in (cast.sam, cast.dee, cast.priya)
    ]
    assert statuses == [404, 404, 200]


def test_a_random_id_and_another_persons_alert_look_alike(opens, doors, cast):
    theirs = opens(cast.dan)
    random = doors.staff.sign_in_as(cast.dan).get(f"/alerts/{uuid4()}")
    assert (theirs.status, theirs.main) == (random.status, random.main)


def test_opening_it_is_noted_before_the_page_is_made(opens, at_work, cast):
    opens(cast.dee)
    with at_work():
        event = session.scalars(select(AuditEvent).where(AuditEvent.act == "alert.opened")).one()
    assert (event.actor_id, event.object_id, event.subject_id) == (cast.dee, opens.id, cast.amara)


# --- what it shows ------------------------------------------------------------------------------------------------


def test_it_says_the_rule_and_who_was_told_and_whether_the_message_left(opens, at_work, cast):
    with at_work() as hub:
        found = select(OutboxMessage).where(OutboxMessage.recipient_id == cast.sam)
        session.scalars(found).one().delivered_at = hub.now()
    text = opens(cast.sam).main
    assert "within 5 minutes" in text
    assert "Dee Duty: the message has not left yet" in text
    assert "Sam Okoro: message left Tue 24 Nov 2026, 10:00" in text


def test_it_says_when_a_message_that_waits_for_the_opening_leaves(opens, clock, says, doors, cast):
    clock.forward(hours=12)
    page = doors.staff.sign_in_as(cast.dee).get(f"/alerts/{says('not safe')}").main
    assert "Sam Okoro: the message leaves on Wed 25 Nov 2026, 09:00" in page


def test_words_that_are_no_longer_kept_are_said_to_be_gone(doors, says, cast):
    page = doors.staff.sign_in_as(cast.sam).get(f"/alerts/{says('not safe')}")
    assert "is not kept here any more" in page.main


@pytest.mark.parametrize(
    ("said", "rule", "words"),
    [
        ("no", "not safe", "No, tell my worker"),
        ("ring", "ring me", "Ring me"),
        ("rather-not", "not sure", "rather not"),
    ],
)
def test_it_shows_what_was_pressed_at_are_you_safe(doors, at_work, cast, said, rule, words):
    with at_work():
        SafetyAnswer.say(cast.amara, said, uuid4(), uuid4())
        alert = session.scalars(select(Alert)).one()
    page = doors.staff.sign_in_as(cast.sam).get(f"/alerts/{alert.id}")
    assert alert.rule == rule
    assert words in page.main


def test_of_a_form_it_shows_only_the_ticks_that_raised_it(doors, at_work, cast):
    with at_work():
        form = Submission.begin(cast.amara, "quick", uuid4(), uuid4(), "anything-bad")
        save_answer(form.id, cast.amara, "anything-bad", Given(("hurt", "scared", "gifts")), uuid4())
        save_answer(form.id, cast.amara, "would-help", Given((), "a lift to nan's"), uuid4())
        alert = raise_alert(cast.amara, "hurt", source_kind="answer", source_id=form.id, key="k").id
    page = doors.staff.sign_in_as(cast.sam).get(f"/alerts/{alert}")
    assert "Someone hurt me" in page.main
    for other in ("Someone scared me", "gave me things", "nan's"):
        assert other not in page.main


def test_only_who_may_open_the_young_persons_page_gets_a_link_to_it(opens, cast):
    assert f"/young-people/{cast.amara}" in opens(cast.sam).html
    assert f"/young-people/{cast.amara}" not in opens(cast.dee).html


# --- I have it ----------------------------------------------------------------------------------------------------


def test_i_have_it_names_the_person_who_pressed(presses, now_is, opens, cast):
    assert presses(cast.dee, do="hold", held_by="").location.endswith(opens.at)
    assert now_is(opens.id).held_by_id == cast.dee
    assert "You have it" in opens(cast.dee).main


def test_with_htmx_the_same_address_answers_with_the_part_that_changed(presses, cast):
    page = presses(cast.dee, headers=HTMX, do="hold", held_by="")
    assert page.status == 200
    assert "<html" not in page.html
    assert page.html.strip().startswith('<section id="state"')
    assert "You have it" in page.html
    assert "No, tell Sam" not in page.html


def test_who_presses_second_is_told_who_was_quicker(presses, now_is, opens, cast):
    presses(cast.dee, do="hold", held_by="")
    page = presses(cast.sam, do="hold", held_by="")
    assert page.status == 422
    assert "Somebody else was quicker" in page.main
    assert "Dee Duty (Manchester City Council) has it" in page.main
    assert now_is(opens.id).held_by_id == cast.dee


def test_of_two_who_press_at_the_same_moment_one_has_it_and_the_other_is_told(at_door, opens, now_is, cast):
    browsers = [at_door("staff").sign_in_as(who) for who in (cast.sam, cast.dee)]
    ready, answers = threading.Barrier(2), []

    def press(browser):
        ready.wait()
        answers.append(browser.post(opens.at, {"do": "hold", "held_by": ""}).status)

    for browser in browsers:
        browser.get(opens.at)
    both = [threading.Thread(target=press, args=(browser,)) for browser in browsers]
    for one in both:
        one.start()
    for one in both:
        one.join(20)
    assert sorted(answers) == [303, 422]
    assert now_is(opens.id).held_by_id in (cast.sam, cast.dee)


def test_who_has_seen_who_has_it_can_take_it_over(presses, opens, now_is, cast):
    presses(cast.dee, do="hold", held_by="")
    assert opens(cast.sam).field("held_by") == str(cast.dee)
    presses(cast.sam, do="hold", held_by=str(cast.dee))
    assert now_is(opens.id).held_by_id == cast.sam


def test_a_get_holds_nothing(opens, now_is, cast):
    opens(cast.sam)
    assert now_is(opens.id).state == "open"


def test_a_form_without_its_token_is_refused(doors, opens, now_is, cast):
    page = doors.staff.sign_in_as(cast.sam).post(opens.at, {"do": "hold"}, token=False)
    assert page.status == 400
    assert now_is(opens.id).state == "open"


@pytest.mark.parametrize("form", [{}, {"do": "delete"}, {"do": ""}])
def test_a_form_that_says_nothing_we_know_is_refused(presses, now_is, opens, cast, form):
    assert presses(cast.sam, **form).status == 400
    assert now_is(opens.id).state == "open"


def test_an_odd_holder_in_the_form_is_nobody(presses, now_is, opens, cast):
    presses(cast.sam, do="hold", held_by="\x00not-an-id")
    assert now_is(opens.id).held_by_id == cast.sam


# --- how it ended -------------------------------------------------------------------------------------------------


def test_closing_keeps_what_came_of_it_and_goes_back_to_the_list(presses, now_is, opens, cast):
    presses(cast.sam, do="hold", held_by="")
    page = presses(cast.sam, do="close", outcome="Rang her. She is at her nan's.")
    assert page.location.endswith("/alerts")
    assert (now_is(opens.id).state, now_is(opens.id).outcome) == ("closed", "Rang her. She is at her nan's.")


def test_closing_needs_an_outcome(presses, now_is, opens, cast):
    presses(cast.sam, do="hold", held_by="")
    page = presses(cast.sam, do="close", outcome="   ")
    assert page.status == 422
    assert page.main.count("Write what came of it, then close it.") == 2
    assert now_is(opens.id).state == "held"


def test_what_was_typed_is_still_there_if_it_was_too_long(presses, now_is, opens, cast):
    presses(cast.sam, do="hold", held_by="")
    page = presses(cast.sam, do="close", outcome="x" * 5001)
    assert page.status == 422
    assert page.field("outcome").strip() == "x" * 5001
    assert now_is(opens.id).outcome is None


def test_what_was_typed_is_still_there_if_another_took_it_meanwhile(presses, opens, now_is, at_work, cast):
    presses(cast.sam, do="hold", held_by="")
    with at_work():
        session.get_one(Alert, opens.id).hold(cast.dee, instead_of=cast.sam)
    page = presses(cast.sam, do="close", outcome="Rang her.")
    assert page.status == 422
    assert "What you wrote was not saved. Here it is, to copy: Rang her." in page.main
    assert now_is(opens.id).state == "held"


def test_a_page_that_comes_back_with_the_words_is_noted_too(presses, at_work, opens, cast):
    presses(cast.sam, do="hold", held_by="")
    presses(cast.sam, do="close", outcome="")
    with at_work():
        acts = session.scalars(select(AuditEvent.act).where(AuditEvent.object_id == opens.id)).all()
    assert acts.count("alert.opened") == 1


def test_with_htmx_closing_sends_the_browser_to_the_list(presses, cast):
    presses(cast.sam, do="hold", held_by="")
    page = presses(cast.sam, headers=HTMX, do="close", outcome="Rang her.")
    assert page.headers["HX-Redirect"].endswith("/alerts")


def test_with_htmx_an_empty_outcome_comes_back_as_the_part_with_the_error(presses, cast):
    presses(cast.sam, do="hold", held_by="")
    page = presses(cast.sam, headers=HTMX, do="close", outcome="")
    assert page.status == 422
    assert "Write what came of it, then close it." in page.html
    assert "<html" not in page.html


def test_the_outcome_is_sealed_with_the_young_persons_key(presses, hub_file, at_work, cast, opens):
    presses(cast.sam, do="close", outcome="canary-outcome")
    with at_work():
        raw = session.connection().exec_driver_sql("SELECT outcome FROM alert").scalar()
    assert raw is not None
    assert b"canary" not in bytes(raw)


def test_a_closed_one_shows_how_it_ended_and_offers_no_more_than_to_open_it_again(presses, opens, cast):
    presses(cast.sam, do="close", outcome="Rang her.")
    page = opens(cast.priya)
    assert "Rang her." in page.main
    assert "Sam Okoro (Manchester City Council) had it." in page.main
    assert [form.get("action") for form in page.tree.findall(".//main//form")] == [f"{opens.at}/reopen"]
