"""Whose choice it is who takes a return, on the pages: whom the young person asks for, in their words."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.accounts.models import Organisation, Person, join_adult
from portal.accounts.pauses import Pause
from portal.db import new_id, session
from portal.episodes.episode import Episode
from portal.episodes.models import InterviewTask

WORDS = "can it be Sam, I told him before <3"


def test_the_coordinator_is_told_why_and_what_to_do(a_return, doors, cast, task_of):
    task_id = a_return(of=cast.jo, living="our child")
    cory = doors.staff.sign_in_as(cast.cory)
    page = cory.get(f"/returns/{task_id}/take")
    assert "Sam Okoro (Manchester City Council): works for whoever looks after them" in page.main
    page = cory.post(f"/returns/{task_id}/take", {"worker": str(cast.sam), "whose": "hub"})
    assert page.status == 422
    assert "Sam Okoro works for Manchester City Council, which looks after them" in page.main
    assert task_of(task_id).state == "proposed"


def test_the_childs_own_choice_is_kept_in_their_words(a_return, doors, cast, task_of, at_work, hub_folder):
    task_id = a_return(of=cast.jo, living="our child")
    cory = doors.staff.sign_in_as(cast.cory)
    said = {"worker": str(cast.sam), "whose": "child"}
    page = cory.post(f"/returns/{task_id}/take", said)
    assert page.status == 422
    assert "Write what they said when they asked for this worker." in page.main
    cory.post(f"/returns/{task_id}/take", said | {"words": f" {WORDS} "})
    task = task_of(task_id)
    assert (task.taker_id, task.chosen_by, task.asked_words) == (cast.sam, "child", WORDS)


@pytest.mark.sqlite_file
def test_what_they_said_lies_sealed(a_return, at_work, cast, task_in, hub_folder):
    task_id = a_return(of=cast.amara)
    with at_work():
        task_in(task_id).ask_for(cast.lee, WORDS, cast.sam)
    assert WORDS.encode() not in b"".join(path.read_bytes() for path in (hub_folder / "data").iterdir())


def test_who_reads_their_words_reads_these_and_a_coordinator_does_not(
    a_return, doors, cast, task_in, at_work
):
    task_id = a_return(of=cast.amara)
    with at_work():
        task_in(task_id).ask_for(cast.lee, WORDS, cast.sam)
    assert WORDS in doors.staff.sign_in_as(cast.sam).get(f"/returns/{task_id}").main
    page = doors.staff.sign_in_as(cast.cory).get(f"/returns/{task_id}")
    assert "Lee Marsh" in page.main
    assert WORDS not in page.main


def test_a_worker_writes_down_for_whom_they_ask_and_gives_nobody_away(a_return, doors, cast, task_of):
    task_id = a_return(of=cast.amara)
    sam = doors.staff.sign_in_as(cast.sam)
    assert "With whom does Amara want to talk?" in sam.get(f"/returns/{task_id}/choice").main
    page = sam.post(f"/returns/{task_id}/choice", {"worker": str(cast.lee), "words": WORDS})
    assert page.location == f"/returns/{task_id}"
    task = task_of(task_id)
    assert (task.asked_for_id, task.taker_id, task.state) == (cast.lee, cast.sam, "proposed")
    assert doors.staff.sign_in_as(cast.lee).get(f"/young-people/{cast.amara}").status == 404


def test_whoever_gives_returns_out_sees_that_and_gives_it(a_return, doors, cast, task_of, at_work, task_in):
    task_id = a_return(of=cast.amara)
    with at_work():
        task_in(task_id).take(cast.sam)
        task_in(task_id).ask_for(cast.lee, WORDS, cast.sam)
    cory = doors.staff.sign_in_as(cast.cory)
    assert "They asked for somebody." in cory.get("/returns/clocks").main
    page = cory.get(f"/returns/{task_id}/take")
    chosen = [option.text for option in page.tree.iter("option") if option.get("selected") is not None]
    assert [one.split(" (")[0] for one in chosen] == ["Lee Marsh"]
    said = {"worker": str(cast.lee), "whose": "child", "instead_of": page.field("instead_of")}
    cory.post(f"/returns/{task_id}/take", said)
    task = task_of(task_id)
    assert (task.taker_id, task.chosen_by, task.asked_words) == (cast.lee, "child", WORDS)
    assert "They asked for somebody." not in cory.get("/returns/clocks").main


def test_a_manager_who_hears_it_gives_it_at_once(a_return, doors, cast, task_of):
    task_id = a_return(of=cast.amara)
    priya = doors.staff.sign_in_as(cast.priya)
    priya.post(f"/returns/{task_id}/choice", {"worker": str(cast.dan), "words": WORDS})
    assert (task_of(task_id).taker_id, task_of(task_id).state) == (cast.dan, "open")


def test_somebody_who_is_not_of_the_hub_can_be_asked_for(a_return, doors, cast, task_of):
    task_id = a_return(of=cast.amara)
    sam = doors.staff.sign_in_as(cast.sam)
    sam.post(f"/returns/{task_id}/choice", {"worker": "other", "words": "my PE teacher"})
    assert task_of(task_id).asked_for_id is None
    page = sam.get(f"/returns/{task_id}")
    assert "somebody else" in page.main
    assert "my PE teacher" in page.main


@pytest.mark.parametrize("words", ["", "   ", "x" * 2001])
def test_without_their_words_it_comes_back_with_what_was_chosen(a_return, doors, cast, task_of, words):
    task_id = a_return(of=cast.amara)
    sam = doors.staff.sign_in_as(cast.sam)
    page = sam.post(f"/returns/{task_id}/choice", {"worker": str(cast.lee), "words": words})
    assert page.status == 422
    assert page.field("words") == words
    assert page.tree.xpath("//option[@selected]/@value") == [str(cast.lee)]
    assert task_of(task_id).asked_at is None


def test_a_worker_who_is_not_independent_takes_it_only_if_asked_for(a_return, doors, cast, task_of, at_work):
    with at_work():
        session.get_one(Person, cast.dan).organisation_id = session.get_one(Person, cast.sam).organisation_id
        home = Organisation(name="Beech House", kind="home")
        session.add(home)
        session.flush()
        session.get_one(Person, cast.carol).organisation_id = session.get_one(
            Person, cast.sam
        ).organisation_id
        join_adult(cast.carol, cast.amara, "residential")
    task_id = a_return(of=cast.amara)
    with at_work():
        session.get_one(InterviewTask, task_id).taker_id = cast.sam
    sam = doors.staff.sign_in_as(cast.sam)
    page = sam.post(f"/returns/{task_id}/take")
    assert page.status == 422
    assert "You work for whoever looks after them" in page.main
    assert sam.post(f"/returns/{task_id}/take", {"asked": "y"}).status == 422
    sam.post(f"/returns/{task_id}/take", {"asked": "y", "words": WORDS})
    task = task_of(task_id)
    assert (task.taker_id, task.chosen_by, task.of_their_care, task.asked_words) == (
        cast.sam,
        "child",
        True,
        WORDS,
    )
    assert "Sam Okoro works for whoever looks after them" in sam.get(f"/returns/{task_id}").main


def test_an_attempt_takes_no_return_from_which_independence_keeps_somebody(a_return, doors, cast, task_of):
    task_id = a_return(of=cast.amara, living="our child")
    sam = doors.staff.sign_in_as(cast.sam)
    page = sam.post(f"/returns/{task_id}/attempts", {"way": "phone", "outcome": "offered"})
    assert page.status == 422
    assert "You work for whoever looks after them" in page.main
    assert task_of(task_id).state == "proposed"


def test_a_conversation_that_was_held_is_recorded_whoever_held_it(a_return, at_work, cast, task_in, clock):
    task_id = a_return(of=cast.amara, living="our child")
    with at_work():
        task_in(task_id).conversation_held(clock() - timedelta(hours=2), cast.sam)
    with at_work():
        task = task_in(task_id)
        assert (task.state, task.held_at, task.held_by_id) == ("held", clock() - timedelta(hours=2), cast.sam)
        assert task.of_their_care is True


def test_what_was_written_down_as_held_stays_held_though_an_attempt_is_taken_back(
    a_return, at_work, cast, task_in, clock
):
    task_id = a_return(of=cast.amara)
    with at_work():
        slip = task_in(task_id).log(cast.sam, "phone", "held")
        task_in(task_id).conversation_held(clock(), cast.sam)
        task_in(task_id).take_back(slip)
        assert task_in(task_id).state == "held"


def test_a_return_that_was_taken_is_given_to_somebody_else_only_from_a_page_that_shows_whose_it_is(
    a_return, doors, cast, task_of, at_work, task_in
):
    task_id = a_return(of=cast.amara)
    cory = doors.staff.sign_in_as(cast.cory)
    old = {"worker": str(cast.dan), "whose": "hub"}
    with at_work():
        task_in(task_id).take(cast.sam)
    assert cory.post(f"/returns/{task_id}/take", old).location == f"/returns/{task_id}"
    assert task_of(task_id).taker_id == cast.sam
    page = cory.get(f"/returns/{task_id}/take")
    assert "Who takes the return of Amara Obi instead?" in page.main
    cory.post(f"/returns/{task_id}/take", old | {"instead_of": page.field("instead_of")})
    assert task_of(task_id).taker_id == cast.dan


def test_homes_time_stands_beside_the_lists_and_the_clock_goes_on_by_the_lists(
    a_return, at_work, doors, cast, clock
):
    task_id = a_return(of=cast.amara)
    with at_work():
        episode = session.scalars(select(Episode).where(Episode.task_id == task_id)).one()
        due = session.get_one(InterviewTask, task_id).due_at
        episode.home_says(clock() - timedelta(hours=30), cast.carol)
        assert session.get_one(InterviewTask, task_id).due_at == due
    page = doors.staff.sign_in_as(cast.sam).get(f"/returns/{task_id}")
    assert "Came back, the list says" in page.main
    assert "Came back, home saysMon 23 Nov 2026, 04:00" in page.main


@pytest.mark.parametrize("who", ["lee", "dan", "dee", "noor", "ade"])
def test_who_does_not_hold_them_does_not_find_the_way(a_return, doors, cast, who):
    task_id = a_return(of=cast.amara)
    assert doors.staff.sign_in_as(getattr(cast, who)).get(f"/returns/{task_id}/choice").status == 404


def test_nobody_about_whom_they_may_have_said_something_is_offered_as_their_interviewer(
    a_return, doors, cast, at_work
):
    """Seen red with every colleague in the list: a coordinator, who knows of no pause, would have given it to them."""
    task_id = a_return(of=cast.amara)
    with at_work():
        Pause.begin(cast.amara, cast.lee, new_id())
    cory = doors.staff.sign_in_as(cast.cory)
    named = [
        option.text.split(" (")[0] for option in cory.get(f"/returns/{task_id}/take").tree.iter("option")
    ]
    assert "Sam Okoro" in named
    assert "Lee Marsh" not in named
    said = {"worker": str(cast.lee), "whose": "hub"}
    assert cory.post(f"/returns/{task_id}/take", said).status == 422


def test_whoever_is_paused_finds_the_page_as_before(a_return, doors, cast, at_work):
    task_id = a_return(of=cast.amara)
    with at_work():
        Pause.begin(cast.amara, cast.sam, new_id())
    sam = doors.staff.sign_in_as(cast.sam)
    assert f"/returns/{task_id}/choice" in sam.get(f"/returns/{task_id}").html
    assert sam.get(f"/returns/{task_id}/choice").status == 200
