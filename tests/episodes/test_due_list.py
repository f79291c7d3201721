"""The lists of returns, by when they are due, cost the same however long they are."""

import pytest


@pytest.mark.parametrize("address", ["/returns", "/returns/proposed"])
@pytest.mark.parametrize("number", [5, 50, 500])
def test_neither_statements_nor_key_lookups_grow_with_the_list(
    many, doors, cast, statements, key_lookups, number, address
):
    many(number)
    browser = doors.staff.sign_in_as(cast.cory)
    with statements() as seen, key_lookups() as keys:
        browser.get(address)
    assert len(seen) <= 5
    assert len(keys) <= 4
