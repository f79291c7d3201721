"""Whether a phone is private: asked face to face, and it holds only until something could have changed it."""

import pytest

from portal.accounts import private_phone, ways_in
from portal.accounts.private_phone import phone_is_private


def holds(at_work, person_id):
    with at_work():
        return phone_is_private(person_id)


@pytest.fixture
def private(at_work, cast):
    """Amara told Sam that her phone is private."""
    with at_work():
        private_phone.say_private(cast.amara, cast.sam)


def test_until_it_is_said_no_phone_is(at_work, cast):
    assert not holds(at_work, cast.amara)


def test_said_to_the_worker_it_is(at_work, cast, private):
    assert holds(at_work, cast.amara)
    assert not holds(at_work, cast.jo)


def test_said_to_be_so_no_more_it_is_not(at_work, cast, private):
    with at_work():
        private_phone.say_not_private(cast.amara, cast.sam)
    assert not holds(at_work, cast.amara)


def test_another_way_in_may_be_another_phone(at_work, cast, private, clock):
    clock.forward(minutes=1)
    with at_work():
        ways_in.give(cast.amara, cast.sam)
    assert not holds(at_work, cast.amara)


def test_after_thirty_days_it_is_asked_again(at_work, cast, private, clock):
    clock.forward(days=30)
    assert not holds(at_work, cast.amara)


def test_on_the_phone_it_is_said_only_while_the_worker_asks(at_work, cast):
    """Whoever holds the phone alone cannot call it private."""
    with at_work():
        private_phone.answer_on_it(cast.amara, True)
    assert not holds(at_work, cast.amara)


def test_asked_by_the_worker_it_is_said_on_the_phone(at_work, cast):
    with at_work():
        private_phone.let_them_say(cast.amara, cast.sam)
    assert not holds(at_work, cast.amara)
    with at_work():
        private_phone.answer_on_it(cast.amara, True)
    assert holds(at_work, cast.amara)


def test_the_question_waits_a_quarter_of_an_hour(at_work, cast, clock):
    with at_work():
        private_phone.let_them_say(cast.amara, cast.sam)
    clock.forward(minutes=15)
    with at_work():
        assert not private_phone.may_say_now(cast.amara)
        private_phone.answer_on_it(cast.amara, True)
    assert not holds(at_work, cast.amara)


def test_a_no_on_the_phone_ends_the_question(at_work, cast):
    with at_work():
        private_phone.let_them_say(cast.amara, cast.sam)
        private_phone.answer_on_it(cast.amara, False)
        assert not private_phone.may_say_now(cast.amara)
    assert not holds(at_work, cast.amara)


@pytest.fixture
def page_of(at_door, cast):
    """`page_of("sam")`: the page as that person sees it, in their browser."""
    return lambda who: at_door("staff").sign_in_as(getattr(cast, who))


def says(browser, cast, do):
    browser.get(f"/young-people/{cast.amara}/phone")
    browser.post(f"/young-people/{cast.amara}/phone", {"do": do})
    return browser.follow().main


@pytest.mark.parametrize(
    ("do", "words"),
    [
        ("private", "They said that it is private"),
        ("not", "Not private: it shows only what is new today"),
        ("ask", "They are being asked on their phone"),
        ("whatever", "Not private: it shows only what is new today"),
    ],
)
def test_the_page_keeps_what_she_says_now(page_of, cast, do, words):
    assert words in says(page_of("sam"), cast, do)


def test_the_page_says_when_she_was_asked_last(page_of, cast):
    assert "Last askedTue 24 Nov 2026, 10:00" in says(page_of("sam"), cast, "not")


@pytest.mark.parametrize("who", ["lee", "cory", "noor", "dan"])
def test_to_others_the_page_is_not_there(page_of, cast, at_work, who):
    browser = page_of(who)
    assert browser.get(f"/young-people/{cast.amara}/phone").status == 404
    assert browser.post(f"/young-people/{cast.amara}/phone", {"do": "private"}).status == 404
    assert not holds(at_work, cast.amara)


def test_asked_she_finds_it_on_her_first_page_and_answers_with_one_press(page_of, at_door, cast, at_work):
    says(page_of("sam"), cast, "ask")
    phone = at_door("young").sign_in_as(cast.amara)
    assert "Is this phone private?" in phone.get("/").main
    phone.post("/private", {"private": "yes"})
    assert "Is this phone private?" not in phone.follow().main
    assert holds(at_work, cast.amara)


def test_a_form_made_by_hand_calls_no_phone_private(at_door, cast, at_work):
    phone = at_door("young").sign_in_as(cast.amara)
    assert phone.post("/private", {"private": "yes"}).status == 303
    assert not holds(at_work, cast.amara)


def test_the_page_of_a_way_in_asks_anew(page_of, cast):
    page = page_of("sam").get(f"/young-people/{cast.amara}/way-in")
    assert page.tree.find(f".//a[@href='/young-people/{cast.amara}/phone']") is not None
