"""What a prebuilt statement does, the session's work and the trail's lines are one commit, or none of it is."""

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import DBAPIError

from portal import audit
from portal.accounts.models import Organisation
from portal.audit import AuditEvent
from portal.config import Hub
from portal.db import core, let_go, new_id, session, step, undo


def enters(name, hub):
    """Enter an organisation by a statement alone, with its line of the trail; no session is begun."""
    row_id = new_id()
    core().execute(insert(Organisation).values(id=row_id, created_at=hub.now(), name=name, kind="council"))
    audit.record("organisation.entered", object_kind="organisation", object_id=row_id)


def kept(at_work):
    """The organisations and the acts about them that are on disk."""
    with at_work():
        names = set(session.scalars(select(Organisation.name)))
        acts = session.scalars(select(AuditEvent.act).where(AuditEvent.object_kind == "organisation"))
        return names, list(acts)


def test_a_statement_alone_is_committed_with_its_line(app, hub_file, clock, at_work):
    with step(Hub(hub_file, clock=clock)) as hub:
        enters("North", hub)
        assert not session.registry.has()
    names, acts = kept(at_work)
    assert "North" in names
    assert acts == ["organisation.entered"]


def test_a_session_asked_for_later_goes_on_in_the_same_commit(app, hub_file, clock, at_work):
    with step(Hub(hub_file, clock=clock)) as hub:
        enters("North", hub)
        session.add(Organisation(name="South", kind="council"))
    assert {"North", "South"} <= kept(at_work)[0]


def test_an_error_undoes_the_statement_the_session_and_the_line(app, hub_file, clock, at_work):
    with pytest.raises(RuntimeError), step(Hub(hub_file, clock=clock)) as hub:
        enters("North", hub)
        session.add(Organisation(name="South", kind="council"))
        session.flush()
        raise RuntimeError
    names, acts = kept(at_work)
    assert not names & {"North", "South"}
    assert acts == []


def test_what_was_undone_leaves_no_line_in_the_next_commit(app, hub_file, clock, at_work):
    with step(Hub(hub_file, clock=clock)) as hub:
        enters("North", hub)
        undo()
        enters("South", hub)
    names, acts = kept(at_work)
    assert ("North" in names, "South" in names, acts) == (False, True, ["organisation.entered"])


@pytest.mark.sqlite_file
def test_the_connection_of_a_page_that_only_reads_cannot_write(app, hub_file, clock):
    hub = Hub(hub_file, clock=clock)
    with hub.entered():
        with pytest.raises(DBAPIError, match="readonly"):
            enters("Sneaked in", hub)
        let_go()
