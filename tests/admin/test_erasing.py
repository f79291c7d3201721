"""Erasing one person: refused in words before the record and under a hold; counts stay; no backup brings them back.

Seen red with the hold asked of nobody, with the key left in the ring, and with `counts.keep` left out.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import crypto
from portal.accounts.models import Link, Person
from portal.accounts.no_contact import NoContact
from portal.admin import counts, erased, erasing
from portal.admin.erasing import Refused, erase
from portal.admin.holds import Hold
from portal.audit import verify
from portal.config import Hub
from portal.db import Base, new_id, session
from portal.episodes.list_row import ListRow
from portal.trail.models import Voice
from tests.factories import a_list, a_return, a_voice, an_alert
from tests.statements import statements_of


@pytest.fixture
def erases(hub_file, clock, app):
    return lambda person_id: erase(Hub(hub_file, clock=clock), person_id)


def refused(erases, person_id):
    with pytest.raises(Refused) as said:
        erases(person_id)
    return str(said.value)


def test_nothing_about_them_is_left_in_any_table(erases, on_record, at_work, cast):
    on_record()
    with at_work():
        a_return(cast.amara)
    erases(cast.amara)
    with at_work():
        left = [
            f"{table.name}.{column.name}"
            for table in Base.metadata.sorted_tables
            for column in table.columns
            if table.name != "audit_event" and column.type.python_type is type(cast.amara)
            and session.execute(select(column).where(column == cast.amara)).first()
        ]  # fmt: skip
    assert left == []


def test_their_key_is_gone_and_their_id_is_noted(erases, at_work, cast):
    erases(cast.jo)
    with at_work():
        assert not crypto.ring().knows(str(cast.jo))
        assert crypto.ring().erased() == [str(cast.jo)]


def test_who_was_erased_is_looked_up_in_one_statement_for_all(hub_file, clock, app, at_work, cast):
    """Seen red with a connection for each person who was ever erased, at every run and every erasing."""
    with at_work():
        for _ in range(30):
            crypto.ring().note_erased(str(new_id()))
        keys = crypto.ring().engine
    with statements_of(keys) as asked:
        erased.finish(Hub(hub_file, clock=clock))
    assert len(asked) == 2


def test_of_many_who_were_erased_none_is_forgotten(hub_file, clock, app, at_work, cast):
    """Seen red with a chunk of them alone: more than one statement's worth was erased, and the last has a key still."""
    last = "ffffffff-ffff-4fff-bfff-ffffffffffff"
    with at_work():
        crypto.ring().make(last)
        crypto.ring().note_erased(last)
        for _ in range(erased.CHUNK):
            crypto.ring().note_erased(str(new_id()))
    erased.finish(Hub(hub_file, clock=clock))
    with at_work():
        assert not crypto.ring().knows(last)


def test_another_young_person_and_the_parent_stay(erases, at_work, cast):
    erases(cast.amara)
    with at_work():
        assert session.get(Person, cast.jo).name == "Jo Birch"
        assert session.get(Person, cast.ruth).name == "Ruth Obi"
        assert session.scalars(select(Link)).all() == []


def test_it_is_refused_before_everything_is_on_the_record(erases, at_work, cast):
    with at_work():
        a_voice(cast.amara)
    assert (
        refused(erases, cast.amara)
        == "Not everything they said is on the record yet (1 still to be put there)."
    )


def test_it_is_refused_while_something_waits_for_an_answer(erases, at_work, cast, clock):
    with at_work():
        a_voice(cast.amara).put_on_record(clock().date(), cast.sam)
    assert "has an answer yet" in refused(erases, cast.amara)


def test_it_is_refused_under_a_hold(erases, at_work, cast):
    with at_work():
        Hold.place(cast.jo, "complaint", "They complained.", cast.priya, None)
    assert refused(erases, cast.jo) == "A hold stands on them: nothing is erased until it is ended."


def test_it_is_refused_while_an_alert_is_open(erases, at_work, cast):
    with at_work():
        an_alert(cast.amara)
    assert refused(erases, cast.amara) == "An alert about them is still open."


@pytest.mark.parametrize("over_by", ["lifted", "its day", "the child's end"])
def test_it_is_refused_while_an_order_keeps_them_from_a_young_person(erases, at_work, cast, clock, over_by):
    """Seen red without asking for orders: the one that keeps Ruth from Jo went with Ruth, and nobody was told."""
    with at_work():
        until = clock() + timedelta(days=9) if over_by == "its day" else None
        order_id = NoContact.begin(cast.jo, cast.ruth, "By the court.", cast.priya, until).id
    assert "An order of no contact" in refused(erases, cast.ruth)
    clock.forward(days=10)
    with at_work():
        if over_by == "lifted":
            session.get_one(NoContact, order_id).end(cast.priya, "The court said so.")
        elif over_by == "the child's end":
            session.get_one(Person, cast.jo).ended_at = clock()
    erases(cast.ruth)
    with at_work():
        assert session.get(Person, cast.ruth) is None


def test_an_order_does_not_keep_the_young_person_from_being_erased(erases, at_work, cast):
    with at_work():
        NoContact.begin(cast.jo, cast.ruth, "By the court.", cast.priya)
    erases(cast.jo)
    with at_work():
        assert session.get(Person, cast.jo) is None


def test_it_is_refused_of_staff_and_of_nobody(erases, cast, app, at_work):
    assert "of the staff" in refused(erases, cast.sam)
    with at_work():
        nobody = new_id()
    assert refused(erases, nobody) == "There is nobody with this id here."


def test_a_published_figure_stays_the_same(erases, at_work, cast, clock):
    with at_work():
        for _ in range(3):
            a_return(cast.jo)
        before = counts.figures(2026)
    erases(cast.jo)
    with at_work():
        assert counts.figures(2026) == before
    assert (before.episodes, before.children) == (3, 1)


def test_a_row_of_the_list_says_nothing_of_them_any_more(erases, at_work, cast):
    with at_work():
        _, row = a_list(cast.cory)
        row.child_id = cast.jo
        row_id = row.id
    erases(cast.jo)
    with at_work():
        row = session.get_one(ListRow, row_id)
        assert (row.words, row.child_id) == (None, None)


def test_the_trail_is_whole_afterwards(erases, on_record, at_work, cast):
    on_record()
    erases(cast.amara)
    with at_work():
        assert session.scalars(select(Voice)).all() == []
        assert verify(session.connection()) > 0


def test_run_again_after_it_stopped_half_way_it_goes_on(erases, at_work, cast, monkeypatch):
    monkeypatch.setattr(erasing, "key_goes", lambda *_: None)
    erases(cast.jo)
    monkeypatch.undo()
    with at_work():
        nobody = new_id()
    refused(erases, nobody)
    with at_work():
        assert not crypto.ring().knows(str(cast.jo))
