"""The record as a file: for whoever may put it on the record, with a name that says nothing."""

from uuid import uuid4

from sqlalchemy import select

from portal.audit import AuditEvent
from portal.db import session


def test_sam_gets_a_pdf_with_a_neutral_name(staff, said, cast):
    page = staff(cast.sam).get(f"/voices/{said}/copy.pdf")
    assert (page.status, page.headers["Content-Type"]) == (200, "application/pdf")
    assert page.headers["Content-Disposition"] == 'attachment; filename="record.pdf"'
    assert page.response.get_data().startswith(b"%PDF-")


def test_making_it_is_audited(staff, said, cast, at_work):
    staff(cast.sam).get(f"/voices/{said}/copy.pdf")
    with at_work():
        made = session.scalars(select(AuditEvent).where(AuditEvent.act == "voice.made_pdf")).one()
        assert (made.actor_id, made.subject_id) == (cast.sam, cast.amara)


def test_to_lee_it_looks_like_a_random_id(staff, said, cast):
    lee = staff(cast.lee)
    assert lee.get(f"/voices/{said}/copy.pdf").main == lee.get(f"/voices/{uuid4()}/copy.pdf").main


def test_a_file_for_the_case_system_asks_once_more_who_it_is(staff, cast, said, clock):
    sam = staff(cast.sam)
    clock.forward(minutes=6)
    assert "Is it you?" in sam.get(f"/voices/{said}/copy.pdf").main
