"""The safer plan as the worker reads it with the young person."""

import pytest
from sqlalchemy import select

from portal.audit import AuditEvent
from portal.db import new_id, session
from portal.returns.safer_plan import SaferPlan


@pytest.fixture
def written(at_work, cast):
    with at_work():
        SaferPlan.write(cast.amara, {"ring": "Nan", "place": "the library"}, new_id(), new_id(), afresh=False)


@pytest.fixture
def page_of(at_door, cast):
    return lambda who: at_door("staff").sign_in_as(who).get(f"/young-people/{cast.amara}/plan")


def test_the_worker_reads_the_card_and_the_versions_before(written, page_of, at_work, cast):
    with at_work():
        SaferPlan.write(cast.amara, {"place": "Bea's"}, new_id(), new_id(), afresh=False)
    page = page_of(cast.sam).main
    assert page.index("Bea's") < page.index("Version 1") < page.index("the library")


def test_the_page_of_the_young_person_leads_to_it(at_door, cast):
    page = at_door("staff").sign_in_as(cast.sam).get(f"/young-people/{cast.amara}")
    assert f'href="/young-people/{cast.amara}/plan"' in page.html


def test_nobody_else_has_it(written, page_of, cast):
    assert [page_of(who).status for who in (cast.lee, cast.dee, cast.cory, cast.noor)] == [404] * 4


def test_reading_it_is_noted(written, page_of, at_work, cast):
    page_of(cast.sam)
    with at_work():
        event = session.scalars(select(AuditEvent).where(AuditEvent.act == "plan.opened_by_staff")).one()
    assert (event.actor_id, event.subject_id) == (cast.sam, cast.amara)


def test_without_a_card_it_says_what_can_be_done(page_of, cast):
    assert "They have not written one." in page_of(cast.sam).main
