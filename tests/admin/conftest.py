"""What the tests of how the hub is run stand on."""

from __future__ import annotations

import pytest


@pytest.fixture
def staff(at_door):
    """`staff(cast.ade)`: a browser of their own, signed in at the staff's door."""
    return lambda person: at_door("staff").sign_in_as(person)
