"""What somebody says is wrong, what was decided; both stay."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.admin.corrections import BESIDE, Correction
from portal.db import session


@pytest.fixture
def sam(doors, cast):
    return doors.staff.sign_in_as(cast.sam)


def address(cast):
    return f"/young-people/{cast.amara}/corrections"


@pytest.fixture
def asked(sam, cast, at_work):
    """Amara's mother says that something is wrong, and Sam has put it down; its id."""
    sam.get(address(cast))
    assert (
        sam.post(address(cast), {"asked_by": "Ruth, her mother", "what": "We never lived in Hulme."}).status
        == 303
    )
    with at_work():
        return session.scalars(select(Correction.id)).one()


def test_it_stands_there_as_it_was_said(asked, sam, cast):
    page = sam.get(address(cast))
    assert "Ruth, her mother" in page.main
    assert "We never lived in Hulme." in page.main


def test_what_was_decided_stands_beside_it(asked, sam, cast):
    sam.get(address(cast))
    said = {"go": "decide", "correction": str(asked), "decided": BESIDE, "decision": "The list has it so."}
    assert sam.post(address(cast), said).status == 303
    page = sam.get(address(cast))
    for words in ("We never lived in Hulme.", "We do not agree", "The list has it so.", "Sam Okoro"):
        assert words in page.main


def test_a_decision_without_a_reason_comes_back(asked, sam, cast):
    sam.get(address(cast))
    page = sam.post(address(cast), {"go": "decide", "correction": str(asked), "decided": "", "decision": ""})
    assert page.status == 422
    assert "Choose what was decided" in page.main


def test_another_young_persons_is_not_found(asked, doors, cast):
    lee = doors.staff.sign_in_as(cast.lee)
    there = f"/young-people/{cast.jo}/corrections"
    lee.get(there)
    said = {"go": "decide", "correction": str(asked), "decided": BESIDE, "decision": "No."}
    assert lee.post(there, said).status == 404


def test_an_empty_form_comes_back(sam, cast):
    sam.get(address(cast))
    page = sam.post(address(cast), {"asked_by": "Amara", "what": ""})
    assert page.status == 422
    assert page.field("asked_by") == "Amara"
