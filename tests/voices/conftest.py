"""What Amara said, and the people who may or may not read it."""

import pytest

from portal.db import session
from portal.questionnaires.models import Given
from portal.trail.models import Voice
from tests.factories import a_voice

WORDS = "i just wanted air, everyone was shouting"
CAME_BACK = "You said home felt loud. We asked. Your nan said yes."
SAID = {"now": Given(("ok",)), "would-help": Given((), WORDS), "tell-how": Given(("here",))}


@pytest.fixture
def said(at_work, cast):
    """The id of what Amara said."""
    with at_work():
        return a_voice(cast.amara, SAID).id


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


@pytest.fixture
def answered(at_work, cast, said):
    """What Amara said, answered by Sam; the answer waits at her door."""
    with at_work():
        session.get_one(Voice, said).answer(CAME_BACK, cast.sam)
    return said


@pytest.fixture
def amara(young, cast):
    """Amara's phone."""
    return young(cast.amara)
