"""A sealed value opens in its own place and nowhere else."""

import pytest

from tests.proofs import seals
from tests.proofs.filled import FIRST, SECOND, every_sealed_column, fill
from tests.proofs.ground import a_hub


@pytest.fixture(scope="module")
def ground():
    with a_hub() as made:
        with made.at_work():
            fill(FIRST)
            fill(SECOND)
        yield made


def test_every_sealed_column_holds_two_values(ground):
    with ground.at_work():
        held = [(value.table, value.column) for value in seals.every_value()]
    short = {f"{t.name}.{name}" for _, t, name in every_sealed_column() if held.count((t.name, name)) < 2}
    assert not short


def test_no_value_opens_in_anothers_place(ground):
    _, _, opened = seals.swapped_in_every_pair(ground)
    assert opened == 0


def test_no_row_is_read_with_anothers_value(ground):
    tried, read = seals.exchanged_in_the_database(ground)
    assert tried > 20
    assert not read
