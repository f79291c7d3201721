"""What these pages cannot do, said before somebody relies on it."""


def test_it_names_the_app_that_watches_and_the_shoulder(doors):
    page = doors.young.get("/help/limits")
    assert "an app on your phone to watch you" in page.main
    assert "look over your shoulder" in page.main


def test_it_names_the_list_that_a_school_or_family_account_keeps(doors):
    assert "belongs to a school or to your family" in doors.young.get("/help/limits").main


def test_it_says_when_leaving_cannot_clear_the_screen(doors):
    assert "the page stays on the screen" in doors.young.get("/help/limits").main


def test_it_tells_the_two_ways_of_leaving_fast(doors):
    page = doors.family.get("/help/limits")
    assert "Press Leave now" in page.main
    assert "Shift three times" in page.main
