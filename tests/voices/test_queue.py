"""The queue by the time promised: whose, in which order, and how far it got."""

import pytest

from portal.accounts.models import Person, allocate
from portal.db import engines_of
from portal.trail.models import Voice
from tests.factories import a_voice
from tests.statements import statements_of


def counted(file):
    """The statements that the hub's database is asked while the block runs."""
    return statements_of(*engines_of(file))


def many(count, worker_id):
    """*count* young people of one worker, each of whom has said something, in the step under way."""
    for number in range(count):
        child = Person.enter("child", f"Child {number:03}", roles=("young person",))
        allocate(child.id, worker_id)
        Voice.say(child.id, "return", child.id, tell_how="")


def test_sam_sees_that_amara_waits(staff, cast, said):
    assert "Amara Obi" in staff(cast.sam).get("/voices").main


def test_the_words_themselves_are_not_in_the_list(staff, cast, said):
    assert "shouting" not in staff(cast.sam).get("/voices").html


def test_lee_sees_only_his_own(staff, cast, said, at_work):
    with at_work():
        a_voice(cast.jo)
    page = staff(cast.lee).get("/voices")
    assert ("Jo Birch" in page.main, "Amara" in page.main) == (True, False)


def test_what_was_promised_first_stands_first(staff, cast, said, at_work, clock):
    clock.forward(days=1)
    with at_work():
        a_voice(cast.jo)
    words = staff(cast.priya).get("/voices").main
    assert words.index("Amara Obi") < words.index("Jo Birch")


def test_what_is_late_says_so(staff, cast, said, clock):
    clock.forward(days=3)
    assert "late since Wednesday" in staff(cast.sam).get("/voices").main


def test_what_was_answered_waits_apart_until_it_is_opened(staff, cast, said):
    sam = staff(cast.sam)
    sam.post(f"/voices/{said}/answer", {"answer-words": "We asked."})
    assert "Amara Obi" not in sam.get("/voices").main
    assert "Has not reached them yet" in sam.get("/voices?show=answered").main


def test_what_is_closed_is_gone_from_both(staff, cast, said):
    sam = staff(cast.sam)
    sam.post(f"/voices/{said}/no-answer", {"none-reason": "An adult reads the phone."})
    assert "Amara Obi" not in sam.get("/voices").main + sam.get("/voices?show=answered").main


def test_the_next_page_goes_on_where_this_one_ended(staff, cast, at_work):
    with at_work():
        many(60, cast.sam)
    sam, address, seen = staff(cast.sam), "/voices", []
    for _page in range(3):
        page = sam.get(address)
        seen += [row.text for row in page.tree.iterfind(".//tbody/tr/th/a")]
        onward = page.tree.find(".//tr[@id='more']//a")
        address = "" if onward is None else onward.get("href")
    assert (len(seen), len(set(seen)), address) == (60, 60, "")


def test_htmx_gets_rows_alone(staff, cast, said):
    page = staff(cast.sam).get("/voices", headers={"HX-Request": "true"})
    assert page.html.strip().startswith("<tr>")
    assert "<html" not in page.html


@pytest.mark.parametrize("after", ["x", "20261124-zz", "99999999999999999999-0"])
def test_a_place_that_no_list_gave_out_is_not_found(after, staff, cast):
    assert staff(cast.sam).get(f"/voices?after={after}").status == 404


def test_a_list_asks_at_most_eight_times_however_long_it_is(staff, cast, at_work, hub_file):
    sam, there = staff(cast.sam), 0
    asked: dict[str, list[int]] = {}
    for length in (5, 50, 500):
        with at_work():
            many(length - there, cast.sam)
        there = length
        for address in ("/", "/voices", "/young-people"):
            with counted(hub_file) as seen:
                assert sam.get(address).status == 200
            asked.setdefault(address, []).append(len(seen))
    assert all(len(set(counts)) == 1 and max(counts) <= 8 for counts in asked.values()), asked
