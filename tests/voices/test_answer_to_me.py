"""What came back: opened by a press, there until the end of that day, and nobody else's."""

from uuid import uuid4

import pytest

from portal.db import session
from portal.trail.models import Voice
from tests.voices.conftest import CAME_BACK


def test_opening_it_is_a_press(amara, answered, voice_now, clock):
    amara.post(f"/answer/{answered}")
    assert CAME_BACK in amara.follow().main
    assert voice_now().reached_at == clock()


def test_without_the_press_its_address_leads_to_the_first_page(amara, answered):
    assert amara.get(f"/answer/{answered}").location == "/"


def test_it_says_whom_it_is_from_without_a_name(amara, answered):
    amara.post(f"/answer/{answered}")
    page = amara.follow()
    assert "From your worker, on Tuesday 24 November" in page.main
    assert "Sam" not in page.html


def test_from_somebody_else_it_says_so(amara, said, cast, at_work):
    with at_work():
        session.get_one(Voice, said).answer("We asked.", cast.priya)
    amara.post(f"/answer/{said}")
    assert "From somebody in the team" in amara.follow().main


def test_the_next_day_it_is_gone(young, cast, amara, answered, clock):
    amara.post(f"/answer/{answered}")
    clock.forward(days=1)
    assert young(cast.amara).get(f"/answer/{answered}").status == 404


@pytest.mark.parametrize("method", ["get", "post"])
def test_to_jo_it_looks_like_a_random_id(method, young, cast, answered, voice_now):
    jo = young(cast.jo)
    hers, random = (getattr(jo, method)(f"/answer/{one}") for one in (answered, uuid4()))
    assert (hers.status, hers.main) == (404, random.main)
    assert voice_now().reached_at is None


def test_what_was_taken_back_is_gone(amara, answered, cast, at_work):
    with at_work():
        session.get_one(Voice, answered).no_answer("The phone is not hers any more.", cast.sam)
    assert amara.post(f"/answer/{answered}").status == 404


def test_markup_in_an_answer_is_text(amara, said, cast, at_work):
    with at_work():
        session.get_one(Voice, said).answer("<b>yes</b>", cast.sam)
    amara.post(f"/answer/{said}")
    assert "&lt;b&gt;yes&lt;/b&gt;" in amara.follow().html
