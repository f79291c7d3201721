"""Two people who press at the same moment: one act is done once, and neither is told of a fault."""

from functools import partial

import pytest
from sqlalchemy import func, select

from portal.audit import AuditEvent
from portal.db import session
from portal.episodes.column_match import ColumnMatch
from portal.episodes.episode import Episode
from portal.episodes.list_row import ListRow
from portal.episodes.words import DOUBTFUL
from tests.episodes.conftest import AMARA, a_list, both_at_once

STRANGE = b"Name,DOB,Missing since\nBo Green,1/1/2012,19/11/2026 14:00\n"
SAID = {"name": "Name", "born_on": "DOB", "missing_date": "Missing since"}


@pytest.fixture
def both(at_door, cast, started):
    """`both(address, data)`: what Cory and Dee are answered who send that at the same moment."""

    def _both(address, *data):
        browsers = [at_door("staff").sign_in_as(who) for who in (cast.cory, cast.dee)]
        for browser in browsers:
            browser.get(address)
        told = data if len(data) == 2 else data * 2
        return both_at_once(*(partial(one.post, address, it) for one, it in zip(browsers, told, strict=True)))

    return _both


def _how_many(table, *where):
    return session.scalar(select(func.count()).select_from(table).where(*where))


def test_of_two_who_press_take_one_takes_the_list_and_the_other_sees_it_taken(bring, both, started, at_work):
    import_id = bring(a_list(AMARA))
    answers = both(f"/list/{import_id}", {"go": "take"})
    assert {(page.status, page.location) for page in answers} == {(303, f"/list/{import_id}")}
    assert started == [import_id]
    with at_work():
        assert _how_many(AuditEvent, AuditEvent.act == "list.taken") == 1


def test_of_one_who_takes_and_one_who_drops_one_has_it(bring, both, at_work):
    import_id = bring(a_list(AMARA))
    both(f"/list/{import_id}", {"go": "take"}, {"go": "drop"})
    with at_work():
        acts = AuditEvent.act.in_(["list.taken", "list.dropped"])
        assert _how_many(AuditEvent, acts) == 1


def test_of_two_who_match_the_columns_of_a_list_both_go_on(bring, both, at_work):
    import_id = bring(STRANGE)
    answers = both(f"/list/{import_id}/columns", SAID)
    assert {(page.status, page.location) for page in answers} == {(303, f"/list/{import_id}")}
    with at_work():
        assert _how_many(ColumnMatch) == 1


def test_of_two_who_match_the_same_columns_of_two_lists_the_later_is_remembered(
    bring, at_door, cast, started, at_work
):
    lists = [bring(STRANGE), bring(STRANGE + b"\n")]
    browsers = [at_door("staff").sign_in_as(who) for who in (cast.cory, cast.dee)]
    for browser, import_id in zip(browsers, lists, strict=True):
        browser.get(f"/list/{import_id}/columns")
    answers = both_at_once(
        *(
            partial(browser.post, f"/list/{import_id}/columns", SAID)
            for browser, import_id in zip(browsers, lists, strict=True)
        )
    )
    assert {page.status for page in answers} == {303}
    with at_work():
        match = session.scalars(select(ColumnMatch)).one()
        last = session.scalars(
            select(AuditEvent).where(AuditEvent.act == "columns.matched").order_by(AuditEvent.number)
        ).all()[-1]
        assert (match.by_id, match.id) == (last.actor_id, last.object_id)
        assert (ColumnMatch.remembered(match.signature) or {})["DOB"] == "born_on"


def test_of_two_who_settle_a_row_one_makes_an_episode_of_it(bring, both, at_work):
    import_id = bring(a_list(AMARA))
    with at_work():
        row = session.scalars(select(ListRow).where(ListRow.import_id == import_id)).one()
        row.state = DOUBTFUL
    answers = both(f"/list/rows/{row.id}", {"go": "take"})
    assert {page.status for page in answers} == {303}
    with at_work():
        assert _how_many(Episode) == 1
