"""`/your-sign-in`: where somebody is signed in, since when and last seen; and ended anywhere at once."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.accounts.browsers import browser_of
from portal.accounts.sign_in import SignIn
from portal.audit import AuditEvent
from portal.db import session

PAGE = "/your-sign-in"


@pytest.fixture
def sam(doors, cast):
    return doors.staff.sign_in_as(cast.sam)


@pytest.fixture
def elsewhere(at_door, cast):
    return at_door("staff").sign_in_as(cast.sam)


def rows(page):
    """Each line of the table of sign-ins, its cells as words."""
    tables = [t for t in page.tree.iter("table") if "Where" in "".join(t.find("thead").itertext())]
    return [[" ".join("".join(cell.itertext()).split()) for cell in line] for line in tables[0].iter("tr")][
        1:
    ]


def test_each_sign_in_stands_there_since_when_and_last_seen_to_the_minute(sam, elsewhere, clock):
    clock.forward(minutes=7)
    elsewhere.get("/")
    clock.forward(minutes=1)
    assert [line[1:3] for line in rows(sam.get(PAGE))] == [
        ["Tue 24 Nov 2026, 10:00", "now"],
        ["Tue 24 Nov 2026, 10:00", "Tue 24 Nov 2026, 10:07"],
    ]


def test_the_one_that_looks_is_marked(sam, elsewhere):
    assert sum(", here" in line[0] for line in rows(sam.get(PAGE))) == 1


def test_a_colleagues_are_not_there(sam, at_door, cast):
    at_door("staff").sign_in_as(cast.lee)
    assert len(rows(sam.get(PAGE))) == 1


def test_what_is_over_is_not_there(elsewhere, at_door, cast, clock):
    clock.forward(minutes=31)
    assert len(rows(at_door("staff").sign_in_as(cast.sam).get(PAGE))) == 1


def ids_on(page):
    return [button.get("value") for button in page.tree.findall(".//button[@name='sitting']")]


def test_one_elsewhere_is_ended_at_once(sam, elsewhere):
    (other,) = set(ids_on(sam.get(PAGE))) - {_here(sam)}
    sam.post(PAGE, {"sitting": other})
    assert elsewhere.get("/").location == "/sign-in"
    assert sam.get("/").status == 200


def _here(browser):
    (line,) = [line for line in browser.get(PAGE).tree.iter("tr") if ", here" in "".join(line.itertext())]
    return line.find(".//button").get("value")


def test_all_the_others_are_ended_at_once(sam, elsewhere, at_door, cast):
    third = at_door("staff").sign_in_as(cast.sam)
    sam.post(PAGE, {"act": "others"})
    assert [b.get("/").status for b in (sam, elsewhere, third)] == [200, 303, 303]


def test_nobody_ends_a_colleagues(sam, at_door, cast, at_work):
    lee = at_door("staff").sign_in_as(cast.lee)
    sam.post(PAGE, {"sitting": ids_on(lee.get(PAGE))[0]})
    assert lee.get("/").status == 200


def test_ending_a_tablet_that_was_handed_over_ends_what_is_open_on_it(tablet, at_door, cast):
    sam = at_door("staff").sign_in_as(cast.sam)
    page = sam.get(PAGE)
    assert "handed over in the room" in page.main
    sam.post(PAGE, {"act": "others"})
    assert tablet.young.get("/now").location == "/done"


def test_one_that_is_over_already_is_no_fault(sam):
    assert sam.post(PAGE, {"sitting": "6f1b1c9e-0000-4000-8000-000000000000"}).location == PAGE
    assert sam.post(PAGE, {"sitting": "nonsense"}).status == 404


def test_it_stands_on_the_record(sam, elsewhere, at_work, cast):
    sam.post(PAGE, {"act": "others"})
    with at_work():
        ended = session.scalars(select(AuditEvent).where(AuditEvent.act == "sign_in.ended")).one()
        assert (ended.actor_id, ended.subject_id) == (cast.sam, cast.sam)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0", "Edge on Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605 Version/17.0 Safari/605.1", "Safari on a Mac"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) CriOS/120 Safari/604.1", "Chrome on iPhone"),
        ("Lynx/2.9", "A browser"),
        ("", "A browser"),
    ],
)  # fmt: skip
def test_a_browser_is_named_as_its_owner_knows_it(agent, words):
    assert browser_of(agent) == words


def test_of_a_familys_phone_nothing_is_kept(doors, amaras, at_work):
    doors.young.post(
        "/in", {"words": amaras.words, "pin": amaras.pin}, headers={"User-Agent": "Firefox Android"}
    )
    with at_work():
        assert session.scalars(select(SignIn.browser)).all() == [None]
