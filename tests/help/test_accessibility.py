"""The statement of accessibility: only what is true."""


def test_it_claims_no_standard_that_nobody_has_tested(doors):
    assert "So we do not say that they meet the standard." in doors.public.get("/help/accessibility").main


def test_it_says_where_to_tell_us(doors):
    assert "0161 496 0101" in doors.public.get("/help/accessibility").main


def test_it_names_another_way_than_these_pages(doors):
    assert "out loud or on paper" in doors.public.get("/help/accessibility").main


def test_it_stands_at_the_public_door_alone(doors):
    assert doors.young.get("/help/accessibility").status == 404
