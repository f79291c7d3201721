"""Who is in charge of what somebody said, and whom they can ask."""

import pytest


@pytest.mark.parametrize("door", ["young", "family", "public"])
def test_it_names_who_is_in_charge_and_how_to_ask_them(doors, door):
    page = getattr(doors, door).get("/help/in-charge")
    assert "Manchester" in page.main
    assert "0161 496 0101" in page.main
    assert "Information Commissioner" in page.main
