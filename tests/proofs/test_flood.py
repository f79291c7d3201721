"""A flood of sign-ins slows nobody else; the full figures are `./run prove flood`."""

from statistics import median

import pytest

from tests.proofs.flood import BAR, flood_for


@pytest.mark.sqlite_file
def test_others_are_answered_while_sign_ins_flood():
    """How long the slowest waited says too much of what else this machine does; the full proof says it."""
    flood = flood_for(3, flooders=8)
    assert flood.faults == []
    assert flood.flooded[422] > 0
    assert median(flood.waited) <= BAR
