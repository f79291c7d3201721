"""The same walk for everybody: without script, in Arabic, in a made-up language, by keyboard, in large letters."""

import pytest

from portal.accounts.ways_in import give
from tests.journeys.people import ByKeyboard

pytestmark = pytest.mark.usefixtures("waiting")


def test_amara_walks_through_without_script(at_phone):
    amara = at_phone(java_script_enabled=False)
    amara.opens("/now")
    amara.walks_through()


def test_amara_walks_through_in_arabic(at_phone):
    amara = at_phone(language="ar", inspects=True)
    amara.opens("/now")
    assert amara.page.locator("html").get_attribute("dir") == "rtl"
    amara.walks_through()


def test_amara_walks_through_where_every_word_is_longer(at_phone):
    amara = at_phone(language="dv", inspects=True, viewport={"width": 320, "height": 560})
    amara.opens("/now")
    amara.walks_through()


def test_amara_walks_through_by_keyboard(at_phone):
    amara = at_phone(ByKeyboard)
    amara.opens("/now")
    amara.walks_through()


def test_amara_comes_in_by_four_words_without_script(live, everybody, at_phone):
    amara = at_phone(java_script_enabled=False, signed_in=False)

    with live.ground.at_work():
        way = give(everybody.amara, everybody.sam)
    amara.comes_in_by_words(way.words, way.pin)
    amara.sees("Are you safe right now?")
    amara.leaves()
    amara.page.go_back()
    amara.does_not_read("Are you safe right now?")


def test_a_page_stands_alone_in_its_browser(at_phone):
    amara = at_phone()
    amara.opens("/now")
    assert amara.page.evaluate("crossOriginIsolated") is True
