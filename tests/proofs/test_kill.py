"""Kill -9 in the middle of everything; the full figures are `./run prove kill`."""

import pytest

from tests.proofs.kill import press_and_kill


@pytest.mark.sqlite_file
def test_nothing_acknowledged_is_lost_unsent_or_doubled_by_a_kill():
    figures = list(press_and_kill(60, 3))
    assert "3 kills" in figures[0]
