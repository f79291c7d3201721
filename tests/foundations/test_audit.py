"""The trail is written with the act, and whoever changes it is found out."""

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from portal import audit, crypto
from portal.accounts.models import Organisation
from portal.audit import AuditEvent, Tampered
from portal.config import Hub
from portal.db import ReadOnly, new_id, session
from tests.proofs.tampering import lift_the_guard


def _numbers():
    return session.scalars(select(AuditEvent.number).order_by(AuditEvent.number)).all()


def test_an_act_and_its_line_are_one_commit(at_work, cast):
    class Undone(Exception):
        pass

    with at_work():
        before = len(_numbers())
    with pytest.raises(Undone), at_work():
        audit.record("voice.answered", object_kind="voice", object_id=new_id())
        session.flush()
        raise Undone
    with at_work():
        assert len(_numbers()) == before


def test_numbers_run_without_a_gap(at_work, cast):
    with at_work():
        assert _numbers() == list(range(1, len(_numbers()) + 1))


def test_an_untouched_trail_is_whole(at_work, cast):
    with at_work():
        assert audit.verify(session.connection()) == len(_numbers())


def test_the_database_refuses_to_change_an_event(at_work, cast):
    with pytest.raises(DBAPIError, match=r"only added to|permission denied"), at_work():
        session.execute(update(AuditEvent).values(act="nothing"))


def test_the_database_refuses_to_delete_an_event(at_work, cast):
    with pytest.raises(DBAPIError, match=r"only added to|permission denied"), at_work():
        session.execute(delete(AuditEvent))


@pytest.mark.sqlite_file
def test_a_chain_rebuilt_without_the_key_is_found(at_work, cast):
    with at_work():
        lift_the_guard()
        key, previous = b"a guessed key", audit.BEGINNING
        for row in session.execute(select(AuditEvent.__table__).order_by(AuditEvent.number)).mappings().all():
            previous = audit._hash(key, previous, row["number"], dict(row))
            session.execute(
                update(AuditEvent).where(AuditEvent.number == row["number"]).values(hash=previous)
            )
        with pytest.raises(Tampered):
            audit.verify(session.connection())


@pytest.mark.sqlite_file
def test_a_cut_tail_is_found_by_what_is_noted_beside_the_keys(at_work, cast):
    with at_work():
        last, _ = audit.checkpoint()
        lift_the_guard()
        session.execute(delete(AuditEvent).where(AuditEvent.number == last))
        with pytest.raises(Tampered, match="had reached"):
            audit.verify(session.connection())


@pytest.mark.sqlite_file
@pytest.mark.parametrize("written_after", [0, 3])
def test_noting_the_trail_again_does_not_hide_a_cut_tail(at_work, cast, written_after):
    with at_work():
        last, _ = audit.checkpoint()
        lift_the_guard()
        session.execute(delete(AuditEvent).where(AuditEvent.number == last))
    for _ in range(written_after):
        with at_work():
            audit.record("voice.answered", object_kind="voice", object_id=new_id())
    with at_work():
        assert audit.checkpoint()[0] == last
        with pytest.raises(Tampered):
            audit.verify(session.connection())


def test_the_trail_is_followed_without_any_persons_key(at_work, cast):
    with at_work():
        ring = crypto.ring()
        with ring.engine.begin() as connection:
            connection.execute(text("DELETE FROM kept_key WHERE subject NOT LIKE 'hub%'"))
        ring._open.clear()
        assert audit.verify(session.connection()) > 0


def test_a_reading_is_noted_in_a_commit_of_its_own(app, hub_file, clock, at_work, cast):
    with Hub(hub_file, clock=clock).entered():
        audit.read("voice.read", object_kind="voice", object_id=None, subject=cast.amara)
        session.remove()
    with at_work():
        assert session.scalar(select(AuditEvent.act).order_by(AuditEvent.number.desc())) == "voice.read"


def test_a_page_that_only_reads_cannot_write(app, hub_file, clock):
    with Hub(hub_file, clock=clock).entered():
        session.add(Organisation(name="Sneaked in", kind="council"))
        with pytest.raises(ReadOnly):
            session.flush()
        session.remove()
