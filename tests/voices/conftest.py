"""What Amara said, and the people who may or may not read it."""

from uuid import uuid4

import pytest

from portal.db import session
from portal.questionnaires.models import Given, Submission, save_answer
from portal.returns import actions
from portal.returns.models import NOW, ReturnForm
from portal.trail.models import Voice

WORDS = "i just wanted air, everyone was shouting"


def a_draft(person_id, may_read=True):
    """The quick form of somebody, begun and answered in part, in the step under way."""
    sitting = uuid4()
    submission = Submission.begin(person_id, "quick", uuid4(), sitting, "now")
    submission.agree(1)
    submission.let_read_draft(may_read)
    save_answer(submission.id, person_id, "now", Given(("ok",)), sitting)
    save_answer(submission.id, person_id, "would-help", Given((), WORDS), sitting)
    save_answer(submission.id, person_id, "tell-how", Given(("here",)), sitting)
    return submission


def a_voice(person_id):
    """The quick form of somebody, sent, in the step under way."""
    submission = a_draft(person_id)
    ReturnForm.choose(submission, NOW)
    session.flush()
    return actions.send(submission)


@pytest.fixture
def said(at_work, cast):
    """The id of what Amara said."""
    with at_work():
        return a_voice(cast.amara).id


@pytest.fixture
def voice_now(at_work, said):
    """What has become of it, read anew."""

    def look(read=lambda voice: voice):
        with at_work():
            return read(session.get_one(Voice, said))

    return look


@pytest.fixture
def staff(at_door):
    """`staff(cast.sam)`: that person's browser, signed in at the staff door."""
    return lambda person_id: at_door("staff").sign_in_as(person_id)


@pytest.fixture
def young(at_door):
    """`young(cast.amara)`: that person's phone, signed in."""
    return lambda person_id: at_door("young").sign_in_as(person_id)
