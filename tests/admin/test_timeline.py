"""An auditor reads what was done and who opened what of one young person: acts and times, no words; and is noted."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.accounts.private_phone import say_private
from portal.admin.samples import AuditSample, Sampled
from portal.audit import AuditEvent
from portal.db import session
from tests.factories import a_voice


@pytest.fixture
def of_amara(at_work, cast, clock, staff):
    """Amara spoke, Sam read it; and she stands in Aud's sample."""
    with at_work():
        voice_id = a_voice(cast.amara).id
        ends = clock() + timedelta(days=3)
        sample = AuditSample.name_for(cast.aud, [cast.amara], "The yearly audit", ends, cast.priya)
        session.flush()
        sampled = session.scalar(select(Sampled.id).where(Sampled.sample_id == sample.id))
    staff(cast.sam).get(f"/voices/{voice_id}")
    return sampled


def test_what_was_done_stands_there_without_words(staff, cast, of_amara):
    page = staff(cast.aud).get(f"/sample/{of_amara}").main
    assert "Something was said" in page or "Voice" in page
    assert "Somebody to talk to" not in page


def test_who_opened_what_stands_apart(staff, cast, of_amara):
    page = staff(cast.aud).get(f"/sample/{of_amara}?show=opened").main
    assert "Sam Okoro (Manchester City Council)" in page
    assert "Read what they said" in page


def test_each_reading_is_noted_and_amara_sees_it(staff, cast, of_amara, at_work, at_door):
    with at_work():
        say_private(cast.amara, cast.sam)
    staff(cast.aud).get(f"/sample/{of_amara}")
    with at_work():
        noted = session.scalars(select(AuditEvent).where(AuditEvent.act == "sample.read")).one()
        assert (noted.actor_id, noted.subject_id) == (cast.aud, cast.amara)
    seen = at_door("young").sign_in_as(cast.amara).get("/went/opened").main
    assert "Aud Itor, Manchester City Council: checked what was done here, and who opened your record" in seen


def test_outside_its_time_it_is_not_found(staff, cast, of_amara, clock):
    clock.forward(days=3)
    assert staff(cast.aud).get(f"/sample/{of_amara}").status == 404


def test_another_auditors_sample_is_not_found(staff, cast, of_amara, at_work):
    """Seen red with `Sampled.visible_to` without its auditor."""
    with at_work():
        session.scalars(select(AuditSample)).one().auditor_id = cast.priya
    assert staff(cast.aud).get(f"/sample/{of_amara}").status == 404


def test_an_auditor_reads_nothing_else(staff, cast, of_amara):
    aud = staff(cast.aud)
    for path in (f"/young-people/{cast.amara}", "/voices", "/accesses", "/people", "/young-people"):
        assert aud.get(path).status == 404
