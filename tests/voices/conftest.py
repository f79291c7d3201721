"""What Amara said, and the people who may or may not read it."""

import pytest

from portal.accounts import private_phone
from portal.db import session
from portal.questionnaires.models import Given
from portal.trail.models import Voice
from tests.factories import a_parents_voice, a_return, a_voice, safe_home

WORDS = "i just wanted air, everyone was shouting"
CAME_BACK = "You said home felt loud. We asked. Your nan said yes."
RUTHS_WORDS = "she came back with a new phone"
RUTHS_ANSWER = "You said there is a new phone. We asked."
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


@pytest.fixture
def ruth_said(at_work, cast):
    """The id of what Ruth said about Amara, who said something, too."""
    with at_work():
        safe_home(cast.ruth, cast.amara, cast.sam)
        a_return(cast.amara)
        a_voice(cast.amara)
        voice = a_parents_voice(
            cast.ruth, cast.amara, {"noticed": Given((), RUTHS_WORDS), "reach": Given(("here",))}
        )
        voice.opens(voice.answer(RUTHS_ANSWER, cast.sam))
        return voice.id


@pytest.fixture
def ruths_phone(at_work, cast):
    """Ruth told Sam that her phone is private."""
    with at_work():
        private_phone.say_private(cast.ruth, cast.sam)


@pytest.fixture
def ruth(at_door, cast):
    return at_door("family").sign_in_as(cast.ruth)
