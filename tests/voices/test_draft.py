"""What a young person has begun and not sent: who may read it even where they said yes."""

from uuid import uuid4

import pytest

from portal.alerts.models import raise_alert
from tests.factories import a_draft
from tests.voices.conftest import SAID, WORDS


@pytest.fixture(autouse=True)
def begun(at_work, cast):
    """Amara has begun, and said that her worker may read it."""
    with at_work():
        a_draft(cast.amara, SAID)


def draft_as(staff, cast, person_id):
    return staff(person_id).get(f"/young-people/{cast.amara}/draft")


def test_lee_and_the_coordinator_find_nothing(staff, cast):
    for who in (cast.lee, cast.cory, cast.noor):
        assert draft_as(staff, cast, who).status == 404


def test_questions_without_an_answer_are_left_out(staff, cast):
    assert "What was going on?" not in draft_as(staff, cast, cast.sam).main


def test_sam_does_not_read_it_while_an_alert_may_be_about_him(staff, cast, at_work):
    with at_work():
        raise_alert(
            cast.amara, "about a worker", source_kind="safety", source_id=uuid4(), key="k", about=cast.sam
        )
    assert WORDS not in draft_as(staff, cast, cast.sam).html
