"""A page that is left lying does not keep its words."""

from playwright.sync_api import expect


def test_words_left_lying_go_when_the_session_does(waiting, at_phone):
    amara = at_phone()
    amara.page.clock.install()
    amara.opens("/now")
    amara.agrees_to_the_deal()
    for _ in range(4):
        heading = amara.page.locator("h1").inner_text()
        amara.presses("Skip this")
        expect(amara.page.locator("h1")).not_to_have_text(heading)
    amara.page.locator("textarea").fill("a heron at the canal")
    amara.page.clock.fast_forward("14:00")
    expect(amara.page.locator("textarea:visible")).to_have_value("a heron at the canal")
    amara.page.clock.fast_forward("01:30")
    amara.does_not_read("a heron at the canal")
    expect(amara.page.locator("textarea:visible")).to_have_value("")
