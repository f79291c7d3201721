"""A crowd at the doors: whoever cannot be looked at soon is asked to come again, and keeps nobody else waiting."""

import threading

import pytest

from portal.accounts import slow_hash
from portal.accounts.ways_in import way_in_of


@pytest.fixture
def crowd(monkeypatch, amaras, sams):
    """As many as may be looked at, at once, are being looked at; `crowd()` lets them all go."""
    few = threading.BoundedSemaphore(slow_hash.AT_ONCE)
    for _ in range(slow_hash.AT_ONCE):
        few.acquire()
    monkeypatch.setattr(slow_hash, "_few", few)
    monkeypatch.setattr(slow_hash, "LONGEST_WAIT", 0.05)
    return lambda: few.release(slow_hash.AT_ONCE)


@pytest.fixture
def tries(doors, cast, amaras, sams):
    """`tries[name]()`: each act that takes a slow hash; its answer."""
    code = sams.code()
    return {
        "a young person": lambda: doors.young.post("/in", {"words": amaras.words, "pin": amaras.pin}),
        "nobody": lambda: doors.family.post("/in", {"words": "not these words", "pin": "000000"}),
        "staff": lambda: doors.staff.post(
            "/sign-in", {"email": sams.email, "password": sams.password, "code": code}
        ),
        "a way in": lambda: doors.staff.sign_in_as(cast.sam).post(
            f"/young-people/{cast.amara}/way-in", {"act": "give"}
        ),
    }


WHO = ("a young person", "nobody", "staff", "a way in")


@pytest.mark.parametrize("who", WHO)
def test_whoever_would_wait_too_long_is_asked_to_come_again(crowd, tries, who):
    page = tries[who]()
    assert (page.status, page.headers.get("Retry-After")) == (503, "30")


@pytest.mark.parametrize("who", ["a young person", "staff"])
def test_once_the_crowd_is_gone_the_same_works(crowd, tries, who):
    tries[who]()
    crowd()
    assert tries[who]().status == 303


def test_it_counts_as_no_wrong_pin(crowd, doors, amaras, at_work, cast):
    for _ in range(6):
        doors.young.post("/in", {"words": amaras.words, "pin": "000000"})
    with at_work():
        assert (way_in_of(cast.amara).wrong_pins, way_in_of(cast.amara).works) == (0, True)


def test_not_safe_and_help_are_as_ever(crowd, at_door, cast):
    phone = at_door("young").sign_in_as(cast.amara)
    assert phone.post("/now", {"safe": "no"}).status == 303
    assert at_door("public").get("/help").status == 200


@pytest.mark.parametrize("who", WHO)
def test_whoever_waits_keeps_no_writer_waiting(crowd, tries, who, monkeypatch, at_door, cast):
    monkeypatch.setattr(slow_hash, "LONGEST_WAIT", 30)
    waits, answers = threading.Event(), []
    real = slow_hash._few.acquire

    def acquire(*a, **k):
        waits.set()
        return real(*a, **k)

    monkeypatch.setattr(slow_hash._few, "acquire", acquire)
    one = threading.Thread(target=lambda: answers.append(tries[who]().status))
    one.start()
    assert waits.wait(20)
    phone = at_door("young").sign_in_as(cast.amara)
    assert phone.post("/now", {"safe": "no"}).status == 303
    assert answers == []
    crowd()
    one.join(20)
    assert answers in ([303], [200], [422])


@pytest.fixture
def little(monkeypatch):
    """Two slow hashes for each door, and no more for a long time."""
    monkeypatch.setattr(slow_hash, "IN_HAND", 2.0)
    monkeypatch.setattr(slow_hash, "A_SECOND", 0.0001)


def test_a_flood_at_one_door_is_turned_away_and_the_other_doors_go_on(little, tries):
    """Seen red with one allowance for all doors."""
    assert [tries["nobody"]().status for _ in range(4)][2:] == [503, 503]
    assert tries["a young person"]().status == 303


def test_a_flood_at_their_door_keeps_nobody_who_is_in_from_giving_a_way_in(little, tries, at_door):
    """Seen red with one allowance for a door, whoever is in."""
    wrong = {"email": "nobody@hub.example", "password": "wrong", "code": "000000"}
    assert [at_door("staff").post("/sign-in", wrong).status for _ in range(3)][2] == 503
    assert tries["a way in"]().status != 503


def test_what_is_turned_away_may_come_again_soon(little, tries, monkeypatch):
    for _ in range(3):
        tries["nobody"]()
    monkeypatch.setattr(slow_hash, "A_SECOND", 1e6)
    assert tries["nobody"]().status != 503
