"""Who is in charge of what was said: by the hub's file, the authority alone where it names none."""


def test_the_authority_is_in_charge_where_nobody_else_is_named(doors, cast):
    page = doors.staff.sign_in_as(cast.ade).get("/kept/in-charge")
    assert "Manchester" in page.main
    assert "in charge alone" in page.main
