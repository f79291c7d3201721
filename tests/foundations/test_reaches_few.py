"""Whose lists hold few of the rows there are: those are read from the young people, not from an index of everything."""

from __future__ import annotations

from uuid import UUID

import pytest

from portal.access import STAFF, Can, SignedIn

SOMEBODY = UUID(int=1, version=4)


@pytest.mark.parametrize(
    ("roles", "few"),
    [
        ({"worker"}, True),
        ({"manager"}, False),
        ({"coordinator"}, False),
        ({"duty worker"}, False),  # everybody whom nobody holds is not few
        ({"worker", "duty worker"}, False),
    ],
)
def test_a_caseload_is_few_and_whatever_goes_beyond_it_is_not(roles, few):
    who = SignedIn(SOMEBODY, SOMEBODY, STAFF, "Somebody", frozenset(roles))
    assert who.reaches_few(Can.SEE_YOUNG_PERSON) is few
