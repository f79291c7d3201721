"""Who opened her record, as Amara may read it on her private phone; and what counts as opening."""

import re
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import delete, select

from portal import audit
from portal.accounts import private_phone
from portal.accounts.pauses import Pause
from portal.alerts.flags import ABOUT_A_WORKER, ADULT_WORRY
from portal.alerts.models import Alert
from portal.alerts.steps import AlertStep
from portal.db import session
from portal.trail.models import ABOUT_STAFF, Voice
from portal.voices.opened import OPENING
from tests.factories import an_alert

# Readings that concern no young person, show nothing that one said (an empty form), or are the young person's own.
NO_OPENING = {
    "form.printed",
    "list.read",
    "list.columns_read",
    "tray.read",
    "row.read",
    "trail.opened",
    "cards.printed",
    "accesses.read",
    "text.read",  # from a number that is on nobody's card
    "voice.read",  # the step that says so: whoever takes it has opened the voice, which stands there
}


@pytest.fixture(autouse=True)
def private(at_work, cast):
    with at_work():
        private_phone.say_private(cast.amara, cast.sam)


def opened(amara):
    return amara.get("/went/opened").main


def test_whoever_reads_what_she_said_is_named_with_where_they_work(amara, staff, cast, said):
    staff(cast.sam).get(f"/voices/{said}")
    assert "Sam Okoro, Manchester City Council: read what you said. Tuesday 24 November" in opened(amara)


def test_whoever_only_saw_her_name_in_a_list_has_opened_nothing(amara, staff, cast, said):
    for page in ("/", "/voices", "/young-people", "/returns"):
        staff(cast.sam).get(page)
    assert "Nobody has opened it yet." in opened(amara)


def test_one_person_on_one_day_is_one_line(amara, staff, cast, said):
    sam = staff(cast.sam)
    for page in (f"/voices/{said}", f"/young-people/{cast.amara}", f"/voices/{said}"):
        sam.get(page)
    page = amara.get("/went/opened")
    assert len(page.tree.findall(".//main//ul/li")) == 1
    assert (
        "opened your page, read what you said" in page.main
        or "read what you said, opened your page" in page.main
    )


def test_another_day_is_another_line(amara, staff, cast, said, clock, young, at_work):
    staff(cast.sam).get(f"/voices/{said}")
    clock.forward(days=1)
    staff(cast.priya).get(f"/voices/{said}")
    page = young(cast.amara).get("/went/opened").main
    assert page.index("Priya Shah") < page.index("Sam Okoro")


def test_somebody_elses_record_is_not_in_it(amara, staff, cast, said):
    staff(cast.lee).get(f"/young-people/{cast.jo}")
    assert "Lee" not in opened(amara)


def test_her_own_looking_is_not_in_it(amara):
    amara.get("/went")
    assert "Amara" not in opened(amara)


def test_that_a_manager_opened_what_may_be_about_a_worker_is_not_told(amara, staff, cast, at_work):
    """Her worker, who reads the list with her, would learn of it."""
    with at_work():
        alert_id = an_alert(cast.amara, ABOUT_A_WORKER).id
    assert staff(cast.priya).get(f"/alerts/{alert_id}").status == 200
    assert "Priya" not in opened(amara)


def test_nor_that_somebody_opened_a_parents_worry(amara, staff, cast, at_work):
    """A parent's worry is the parent's: the young person learns nothing of it here."""
    with at_work():
        alert_id = an_alert(cast.amara, ADULT_WORRY).id
    assert staff(cast.sam).get(f"/alerts/{alert_id}").status == 200
    assert "needed a person at once" not in opened(amara)


def test_nor_what_was_said_to_a_manager(amara, staff, cast, at_work):
    with at_work():
        voice_id = Voice.say(cast.amara, ABOUT_STAFF, uuid4(), tell_how="").id
    assert staff(cast.priya).get(f"/voices/{voice_id}").status == 200
    assert "Priya" not in opened(amara)


def reads_again(staff, cast, at_work):
    """Sam, of whom it was not said, after a manager has ended his pause."""
    with at_work():
        for pause in session.scalars(select(Pause)):
            pause.end("It was not about him.", cast.priya)
    return staff(cast.sam)


@pytest.mark.parametrize("page", ["trail", "trail/paper"])
def test_nor_does_her_worker_read_any_of_it_in_the_list(staff, cast, at_work, page):
    """To him the database shows no such alert. Seen red with what is left out asked for as whoever reads the list."""
    with at_work():
        alert_id = an_alert(cast.amara, ABOUT_A_WORKER).id
        voice_id = Voice.say(cast.amara, ABOUT_STAFF, uuid4(), tell_how="").id
    for path in (f"/alerts/{alert_id}", f"/voices/{voice_id}"):
        assert staff(cast.priya).get(path).status == 200
    sams = reads_again(staff, cast, at_work).get(f"/young-people/{cast.amara}/{page}")
    assert sams.status == 200
    assert "Priya" not in sams.text


def test_nor_what_was_noted_before_it_had_a_name_of_its_own(staff, cast, at_work):
    """Seen red with the names alone asked for."""
    with at_work() as hub:
        alert_id = an_alert(cast.amara, ABOUT_A_WORKER).id
        hub.actor, hub.door = cast.priya, "staff"
        audit.record("alert.opened", object_kind="alert", object_id=alert_id, subject=cast.amara)
    sams = reads_again(staff, cast, at_work).get(f"/young-people/{cast.amara}/trail")
    assert sams.status == 200
    assert "Priya" not in sams.text


def test_nor_once_the_alert_is_kept_no_more(amara, staff, cast, at_work):
    """Seen red with openings that are told apart by the alert alone."""
    with at_work():
        alert_id = an_alert(cast.amara, ABOUT_A_WORKER).id
    staff(cast.priya).get(f"/alerts/{alert_id}")
    with at_work():
        session.execute(delete(AlertStep).where(AlertStep.alert_id == alert_id))
        session.execute(delete(Alert).where(Alert.id == alert_id))
    assert "Priya" not in opened(amara)


def test_on_a_phone_that_is_not_private_it_leads_away(amara, at_work, cast):
    with at_work():
        private_phone.say_not_private(cast.amara, cast.sam)
    assert amara.get("/went/opened").location == "/went"


def test_every_kind_of_reading_is_an_opening_or_said_to_be_none():
    """A new page that notes a reading has to say what it is called here."""
    portal = Path(__file__).parents[2] / "portal"
    text = "".join(path.read_text() for path in portal.rglob("*.py"))
    named = r"\"(\w+\.(?:read|columns_read|\w*opened_by_staff|printed))\""
    kinds = set(re.findall(r"audit\.read\(\s*\"([\w.]+)\"", text)) | set(re.findall(named, text))
    assert kinds - set(OPENING) - NO_OPENING == set()
