"""Who gets what Amara said: her wishes, asking her, sharing as she wishes, and what must be shared."""

import pytest

from portal.db import session
from portal.trail import shares
from portal.trail.models import Voice
from tests.voices.conftest import WORDS

MUST = {
    "must-whom": "health", "must-must": "badly hurt", "must-reason": "What she took, for the nurse.",
    "must-told": "told", "must-because": "",
}  # fmt: skip


@pytest.fixture
def sam(staff, cast):
    return staff(cast.sam)


@pytest.fixture
def sends(sam, said):
    """`sends("wish", **fields)`: Sam sends one form of the page, and sees what comes of it."""

    def send(what, **fields):
        sam.get(f"/voices/{said}/sharing")
        page = sam.post(f"/voices/{said}/sharing/{what}", fields)
        return sam.follow(page) if page.status == 303 else page

    return send


@pytest.fixture
def wishes(at_work, said):
    """`wishes("panel", "ok")`: Amara wishes so."""

    def wish(whom, wish):
        with at_work():
            shares.wish(session.get_one(Voice, said), whom, wish)

    return wish


def shared(at_work, said):
    with at_work():
        return [(one.whom, one.must, one.told_child_at is not None) for one in shares.shares_of(said)]


def test_until_she_says_otherwise_everybody_is_asked_about_first(sam, said):
    page = sam.get(f"/voices/{said}/sharing").main
    assert page.count("Ask them first") == len(shares.WHOM)
    assert "They have not said that it is OK to share it with anybody." in page


def test_her_words_do_not_stand_on_it(sam, said):
    assert WORDS not in sam.get(f"/voices/{said}/sharing").html


def test_what_she_said_in_person_is_kept(sends, at_work, said):
    page = sends("wish", **{"wish-whom": "panel", "wish-wish": "ok"})
    assert "OK to share, Tue 24 Nov 2026, 10:00" in page.main
    with at_work():
        assert shares.wishes_of(session.get_one(Voice, said)) == {"panel": "ok"}


def test_without_a_choice_the_page_comes_back_and_says_what_to_choose(sends):
    page = sends("wish", **{"wish-whom": "panel"})
    assert page.status == 422
    assert page.main.count("Choose what they said") == 2  # in the summary, and at the question
    assert page.tree.find(".//input[@value='panel'][@checked]") is not None


def test_what_is_ok_is_shared_with_what_for(sends, wishes, at_work, said):
    wishes("panel", "ok")
    page = sends("share", **{"share-whom": "panel", "share-reason": "For Thursday's meeting."})
    assert (
        "Panel, Tue 24 Nov 2026, 10:00, by Sam Okoro (Manchester City Council). They said that it is OK."
        in page.main
    )
    assert shared(at_work, said) == [("panel", None, True)]


def test_only_what_is_ok_is_offered(sam, said, wishes):
    wishes("panel", "ok")
    wishes("school", "only worker")
    page = sam.get(f"/voices/{said}/sharing")
    assert [e.get("value") for e in page.tree.iterfind(".//input[@name='share-whom']")] == ["panel"]


@pytest.mark.parametrize("wish", ["only worker", "ask first", None])
def test_against_her_wish_the_page_comes_back(sends, wishes, at_work, said, wish):
    """Offered or not: the form can be typed by hand, so the model says no, too."""
    if wish:
        wishes("school", wish)
    page = sends("share", **{"share-whom": "school", "share-reason": "They rang."})
    assert page.status == 422
    assert "They have not said that this is OK" in page.main
    assert page.field("share-reason") == "They rang."
    assert shared(at_work, said) == []


def test_what_must_be_says_which_of_the_three_and_that_she_knows(sends, at_work, said):
    page = sends("must", **MUST)
    assert (
        "It had to be: Somebody might get badly hurt. They were told on Tue 24 Nov 2026, 10:00." in page.main
    )
    assert shared(at_work, said) == [("health", "badly hurt", True)]


@pytest.mark.parametrize(
    ("without", "words"),
    [
        ("must-whom", "Choose who it is"),
        ("must-must", "Choose which of the three things it is"),
        ("must-reason", "Write what you shared, and why it was needed"),
        ("must-told", "Choose whether they know"),
    ],
)
def test_what_must_be_lacks_nothing(sends, without, words, at_work, said):
    page = sends("must", **(MUST | {without: ""}))
    assert (page.status, words in page.main) == (422, True)
    assert shared(at_work, said) == []


def test_whoever_has_not_told_her_says_why_and_finds_it_until_it_is_done(sends, sam, at_work, said):
    assert "Write why they do not know yet" in sends("must", **MUST | {"must-told": "not told"}).main
    late = MUST | {"must-told": "not told", "must-because": "She would be hurt if she went back knowing."}
    page = sends("must", **late)
    assert "and they do not know yet." in page.main
    sam.post(f"/voices/{said}/sharing/told", {"share": page.field("share")})
    assert "They were told on" in sam.follow().main
    assert shared(at_work, said) == [("health", "badly hurt", True)]


def test_a_share_of_another_voice_is_not_told_here(sends, at_work, said):
    sends("must", **MUST | {"must-told": "not told", "must-because": "Later."})
    assert sends("told", share="nonsense").status == 200
    assert shared(at_work, said) == [("health", "badly hurt", False)]


def test_sent_twice_it_is_shared_once(sam, said, at_work):
    form = MUST | {"form_key": "6f0b0d5c-5d5e-4c55-9f0a-6d3c4c2b1a00"}
    for _ in range(2):
        sam.post(f"/voices/{said}/sharing/must", form)
    assert len(shared(at_work, said)) == 1


def test_asked_on_her_phone_it_waits(sends):
    page = sends("ask", **{"ask-whom": "panel"})
    assert "Asked on their phone, not answered yet" in page.main
    offered = [e.get("value") for e in page.tree.iterfind(".//input[@name='ask-whom']")]
    assert not {"panel", "police"} & set(offered)


def test_about_the_police_nobody_is_asked_on_a_phone(sends):
    assert sends("ask", **{"ask-whom": "police"}).status == 422


def test_what_is_in_person_only_is_not_asked_on_a_phone(sends, sam, said):
    sam.post(f"/voices/{said}/in-person", {"do": "keep"})
    page = sends("ask", **{"ask-whom": "panel"})
    assert (page.status, "nothing about it is asked on a phone" in page.main) == (422, True)


def test_the_voice_shows_it_on_its_way(sends, sam, said):
    sends("must", **MUST)
    page = sam.get(f"/voices/{said}").main
    assert "Shared with health, because it had to be: Sam Okoro" in page


@pytest.mark.parametrize("who", ["lee", "cory", "noor", "dan"])
def test_to_others_it_is_not_there(who, staff, cast, said):
    phone = staff(getattr(cast, who))
    assert phone.get(f"/voices/{said}/sharing").status == 404
    assert phone.post(f"/voices/{said}/sharing/must", MUST).status == 404


def test_staff_and_families_read_the_same_three_things():
    assert set(shares.MUST_TO_STAFF) == set(shares.MUST)
