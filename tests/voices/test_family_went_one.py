"""One thing that Ruth said, on her private phone: her words, what came back, where it went."""

from portal.db import session
from portal.trail import shares
from portal.trail.models import Voice
from tests.factories import a_voice
from tests.voices.conftest import RUTHS_ANSWER, RUTHS_WORDS


def test_one_of_them_shows_her_words_what_came_back_and_where_it_went(ruth, ruth_said, ruths_phone):
    page = ruth.get(f"/went/{ruth_said}").main
    assert RUTHS_WORDS in page
    assert RUTHS_ANSWER in page
    assert "Sam Okoro (Manchester City Council) read it." in page


def test_what_was_shared_of_hers_stands_there(ruth, ruth_said, ruths_phone, at_work, cast):
    with at_work():
        voice = session.get_one(Voice, ruth_said)
        shares.wish(voice, "school", "ok")
        shares.share(voice, "school", cast.sam, "About the phone.")
    assert "shared it, as you said is OK. With: School." in ruth.get(f"/went/{ruth_said}").main


def test_what_amara_said_is_not_there(ruth, ruth_said, ruths_phone, at_work, cast):
    with at_work():
        hers = a_voice(cast.amara).id
    assert ruth.get(f"/went/{hers}").status == 404
