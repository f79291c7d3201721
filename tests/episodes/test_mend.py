"""One row of the tray: mended where it stands, said who it is, taken although, or set aside."""

import pytest
from sqlalchemy import select

from portal.accounts.models import Person
from portal.audit import AuditEvent
from portal.db import session
from portal.episodes.episode import Episode
from portal.episodes.list_row import ListRow
from tests.episodes.conftest import AMARA, a_list

NO_SUCH_DAY = "MFH5,Green,Bo,01/01/2013,Home,31/02/2026,13:00,20/11/2026,00:39"
AN_ADULT = "MFH6,Walker,Idris,26/11/2000,Home,19/11/2026,00:00,20/11/2026,04:59"
ANOTHER_SPELLING = AMARA.replace("Obi,Amara", "Obie,Amarra")


@pytest.fixture
def cory(doors, cast):
    return doors.staff.sign_in_as(cast.cory)


@pytest.fixture
def a_row(bring, take, at_work):
    """`a_row(text)`: the address of a row of a taken list that waits in the tray."""

    def _a_row(text):
        import_id = bring(a_list(text))
        take(import_id)
        with at_work():
            return f"/list/rows/{session.scalars(select(ListRow.id).where(ListRow.import_id == import_id)).one()}"

    return _a_row


@pytest.fixture
def settled(at_work):
    def _settled(address):
        with at_work():
            return session.scalars(select(ListRow).where(ListRow.settled.is_not(None))).one_or_none()

    return _settled


def test_what_is_wrong_stands_at_its_value(cory, a_row):
    page = cory.get(a_row(NO_SUCH_DAY))
    assert page.field("missing_date") == "31/02/2026"
    assert "“31/02/2026” is a day that does not exist. Write the day they went missing." in page.main
    assert page.tree.find(".//input[@name='missing_date']").get("aria-invalid") == "true"
    assert page.tree.find(".//input[@name='surname']").get("aria-invalid") is None


def test_a_mended_row_is_taken_at_once(cory, a_row, at_work):
    address = a_row(NO_SUCH_DAY)
    assert cory.post(address, {"go": "mend", "missing_date": "19/11/2026"}).location == "/list/tray"
    with at_work():
        episode = session.scalars(select(Episode)).one()
        assert (episode.missing_at.day, episode.missing_at.month) == (19, 11)
        assert session.get_one(Person, episode.child_id).name == "Bo Green"
    assert "Nothing waits here." in cory.get("/list/tray").main


def test_what_is_still_wrong_comes_back_with_what_was_typed(cory, a_row, at_work):
    address = a_row(NO_SUCH_DAY)
    page = cory.follow(cory.post(address, {"go": "mend", "missing_date": "32/11/2026"}))
    assert page.field("missing_date") == "32/11/2026"
    assert "“32/11/2026” is a day that does not exist" in page.main


def test_an_unreadable_row_is_not_taken_as_it_stands(cory, a_row, settled):
    address = a_row(NO_SUCH_DAY)
    assert "Take it as it stands" not in cory.get(address).main
    cory.post(address, {"go": "take"})
    assert settled(address) is None


def test_a_doubtful_row_is_taken_if_somebody_says_so(cory, a_row, at_work):
    address = a_row(AN_ADULT)
    assert "Take it as it stands" in cory.get(address).main
    assert cory.post(address, {"go": "take"}).location == "/list/tray"
    with at_work():
        assert len(session.scalars(select(Episode)).all()) == 1


def test_a_row_is_set_aside_with_a_reason(cory, a_row, settled, cast):
    address = a_row(AN_ADULT)
    assert cory.post(address, {"go": "aside", "reason": "an adult"}).location == "/list/tray"
    row = settled(address)
    assert (row.settled, row.reason, row.settled_by_id, row.words) == ("aside", "an adult", cast.cory, None)


def test_without_a_reason_nothing_is_set_aside(cory, a_row, settled):
    address = a_row(AN_ADULT)
    page = cory.post(address, {"go": "aside", "reason": ""})
    assert (page.status, settled(address)) == (422, None)
    assert "Choose why you set it aside." in page.main


def test_another_spelling_asks_who_it_is(cory, a_row, at_work, cast):
    address = a_row(ANOTHER_SPELLING)
    page = cory.get(address)
    assert "This may be Amara Obi, born 04/03/2011, whom the hub knows." in page.main
    assert "Take it as it stands" not in page.main


@pytest.mark.parametrize(("said", "hers"), [("known", True), ("other", False)])
def test_whoever_knows_says_whether_it_is_amara(cory, a_row, at_work, cast, said, hers):
    cory.post(a_row(ANOTHER_SPELLING), {"go": said})
    with at_work():
        assert (session.scalars(select(Episode)).one().child_id == cast.amara) is hers


def test_pressing_twice_takes_it_once(cory, a_row, at_work):
    address = a_row(AN_ADULT)
    for _ in range(2):
        assert cory.post(address, {"go": "take"}).location == "/list/tray"
    with at_work():
        assert len(session.scalars(select(Episode)).all()) == 1


def test_a_row_that_needs_nobody_or_does_not_exist_is_not_found(cory, a_row):
    assert cory.get(a_row(AMARA)).status == 303 or cory.get(a_row(AMARA)).status == 404
    with_no_row = "/list/rows/00000000-0000-4000-8000-000000000000"
    assert cory.get(with_no_row).status == 404


def test_looking_and_mending_are_in_the_trail_without_a_word(cory, a_row, at_work):
    address = a_row(NO_SUCH_DAY)
    cory.get(address)
    cory.post(address, {"go": "mend", "missing_date": "19/11/2026"})
    with at_work():
        events = {event.act: event.detail for event in session.scalars(select(AuditEvent))}
    assert {"row.read", "row.mended", "row.taken"} <= events.keys()
    assert "missing_date" in events["row.mended"]
    assert "Green" not in "".join(events.values())


def test_a_worker_does_not_find_the_row(doors, cast, a_row):
    assert doors.staff.sign_in_as(cast.sam).get(a_row(AN_ADULT)).status == 404
