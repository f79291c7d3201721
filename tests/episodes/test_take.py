"""Taking a proposed return, or giving it to somebody."""

from portal.accounts.holders import worker_of
from portal.accounts.models import Person, end_allocation
from portal.db import session


def test_a_worker_takes_a_return_at_one_press(a_return, task_of, doors, cast):
    task_id = a_return(of=cast.amara)
    page = doors.staff.sign_in_as(cast.sam).post(f"/returns/{task_id}/take")
    assert page.location == f"/returns/{task_id}"
    assert (task_of(task_id).state, task_of(task_id).taker_id) == ("open", cast.sam)


def test_the_coordinator_gives_a_return_to_a_worker(a_return, task_of, doors, cast, at_work):
    task_id = a_return(of=cast.amara)
    doors.staff.sign_in_as(cast.cory).post(f"/returns/{task_id}/take", {"worker": str(cast.lee)})
    assert task_of(task_id).taker_id == cast.lee
    with at_work():
        assert worker_of(cast.amara) is not None


def test_the_coordinator_has_to_say_to_whom(a_return, task_of, doors, cast):
    task_id = a_return(of=cast.amara)
    page = doors.staff.sign_in_as(cast.cory).post(f"/returns/{task_id}/take")
    assert page.status == 422
    assert "Choose who takes it." in page.main
    assert task_of(task_id).state == "proposed"


def test_nobody_is_given_a_return_who_is_no_worker(a_return, task_of, doors, cast):
    task_id = a_return(of=cast.amara)
    page = doors.staff.sign_in_as(cast.cory).post(f"/returns/{task_id}/take", {"worker": str(cast.noor)})
    assert (page.status, task_of(task_id).state) == (422, "proposed")


def test_the_duty_worker_may_take_it_herself(a_return, task_of, doors, cast):
    task_id = a_return(of=cast.amara)
    doors.staff.sign_in_as(cast.dee).post(f"/returns/{task_id}/take", {"worker": str(cast.dee)})
    assert task_of(task_id).taker_id == cast.dee


def test_whoever_took_it_sees_it_from_then_on(a_return, at_work, doors, cast):
    with at_work():
        end_allocation(cast.amara)
    task_id = a_return(of=cast.amara)
    lee = doors.staff.sign_in_as(cast.lee)
    assert lee.get(f"/returns/{task_id}").status == 404
    lee.post(f"/returns/{task_id}/take")
    assert lee.get(f"/returns/{task_id}").status == 200


def test_a_conversation_that_was_held_is_nobodys_to_take(a_return, task_of, doors, cast):
    task_id = a_return(of=cast.amara)
    doors.staff.sign_in_as(cast.sam).post(f"/returns/{task_id}/attempts", {"way": "phone", "outcome": "held"})
    doors.staff.sign_in_as(cast.lee).post(f"/returns/{task_id}/take")
    assert (task_of(task_id).state, task_of(task_id).taker_id) == ("held", cast.sam)


def test_who_may_not_take_returns_does_not_find_the_way(a_return, doors, cast):
    task_id = a_return(of=cast.amara)
    assert doors.staff.sign_in_as(cast.noor).post(f"/returns/{task_id}/take").status == 404


def test_what_somebody_has_taken_is_not_taken_away_with_an_old_page(a_return, at_work, doors, at_door, cast):
    """Whoever held the young person once has the address; with it they would hold them again, seen by nobody."""
    with at_work():
        end_allocation(cast.amara)
    task_id = a_return(of=cast.amara)
    lee = at_door("staff").sign_in_as(cast.lee)
    assert "Amara" in lee.get("/returns/proposed").main
    doors.staff.sign_in_as(cast.sam).post(f"/returns/{task_id}/take")
    assert lee.post(f"/returns/{task_id}/take").location == "/returns/proposed"
    assert lee.get(f"/young-people/{cast.amara}").status == 404


def test_what_is_proposed_to_somebody_else_is_not_theirs_to_take(a_return, task_of, doors, cast):
    task_id = a_return(of=cast.amara)  # whom Sam knows
    for other in (cast.lee, cast.dan):
        doors.staff.sign_in_as(other).post(f"/returns/{task_id}/take")
        assert task_of(task_id).state == "proposed"


def test_another_role_that_has_no_returns_makes_no_worker_a_giver(a_return, task_of, at_work, doors, cast):
    with at_work():
        session.get_one(Person, cast.lee).take_role("participation lead")
    task_id = a_return(of=cast.amara)
    lee = doors.staff.sign_in_as(cast.lee)
    assert "Amara" not in lee.get("/returns/proposed").main
    assert "Amara" not in lee.post(f"/returns/{task_id}/take").html
    assert task_of(task_id).state == "proposed"


def test_a_duty_worker_who_forgets_to_whom_reads_no_more_than_the_list_of_returns_says(a_return, doors, cast):
    task_id = a_return(of=cast.amara)  # whom Sam holds
    page = doors.staff.sign_in_as(cast.dee).post(f"/returns/{task_id}/take")
    assert page.status == 422
    assert "Amara Obi" in page.main
    assert "MFH7" not in page.main
    assert "What the list said" not in page.main


def test_the_page_asks_whoever_gives_returns_out_to_whom(a_return, doors, cast):
    page = doors.staff.sign_in_as(cast.cory).get(f"/returns/{a_return(of=cast.amara)}/take")
    assert "Who takes the return of Amara Obi?" in page.main
    named = [option.text for option in page.tree.iter("option")]
    council = "Manchester City Council"
    assert {f"Sam Okoro ({council})", f"Lee Marsh ({council})", f"Dee Duty ({council})"} <= set(named)
    assert not [name for name in named if "Noor Aziz" in name]


def test_the_page_shows_a_worker_nothing_that_is_not_proposed_to_them(a_return, doors, cast):
    page = doors.staff.sign_in_as(cast.lee).get(f"/returns/{a_return(of=cast.amara)}/take")
    assert page.location == "/returns/proposed"
