"""What happened to what Ruth said, at her own door: hers alone, on a phone that she called private."""

from portal.accounts import private_phone
from portal.trail import shares
from tests.factories import a_voice


def test_a_phone_that_is_not_private_shows_nothing_of_before(ruth, ruth_said):
    page = ruth.get("/went")
    assert "But somebody else could be holding this phone." in page.main
    assert str(ruth_said) not in page.html
    assert ruth.get(f"/went/{ruth_said}").location == "/went"


def test_a_private_one_lists_what_she_said_and_nothing_of_amaras(ruth, ruth_said, ruths_phone):
    links = ruth.get("/went").tree.findall(".//ul[@class='link-list']/li/a")
    assert [link.get("href") for link in links] == [f"/went/{ruth_said}"]


def test_whatever_amara_does_her_list_is_the_same(ruth, ruth_said, ruths_phone, at_work, cast):
    before = ruth.get("/went").main
    with at_work():
        voice = a_voice(cast.amara)
        shares.wish(voice, "parent or carer", "ok")
        shares.share(voice, "parent or carer", cast.sam, "x")
        private_phone.say_private(cast.amara, cast.sam)
    assert ruth.get("/went").main == before


def test_carol_who_said_nothing_finds_nothing(at_door, cast, at_work, ruth_said):
    with at_work():
        private_phone.say_private(cast.carol, cast.sam)
    carol = at_door("family").sign_in_as(cast.carol)
    assert "There is nothing here yet." in carol.get("/went").main
    assert carol.get(f"/went/{ruth_said}").status == 404


def test_her_worker_asks_on_her_phone_and_she_says_so(ruth, at_door, cast, at_work):
    sam = at_door("staff").sign_in_as(cast.sam)
    sam.get(f"/young-people/{cast.amara}/phone/{cast.ruth}")
    sam.post(f"/young-people/{cast.amara}/phone/{cast.ruth}", {"do": "ask"})
    assert "Is this phone private?" in ruth.get("/").main
    ruth.post("/private", {"private": "yes"})
    with at_work():
        assert private_phone.phone_is_private(cast.ruth)
        assert not private_phone.phone_is_private(cast.amara)


def test_an_adult_of_another_young_person_is_not_asked_about_here(at_door, cast):
    sam = at_door("staff").sign_in_as(cast.sam)
    assert sam.get(f"/young-people/{cast.amara}/phone/{cast.carol}").status == 404
