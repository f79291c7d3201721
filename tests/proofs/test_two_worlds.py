"""What a young person does in private changes nothing for anybody who is not to know; 40 more worlds in `prove`."""

import pytest

from tests.proofs.in_private import SCRIPTS
from tests.proofs.two_worlds import two_worlds


@pytest.fixture(scope="module")
def compare():
    with two_worlds() as compared:
        yield compared


@pytest.mark.parametrize("name", [*SCRIPTS, "a walk", "another walk"])
def test_nobody_else_can_tell(compare, name):
    count, differing = compare(name)
    assert count > 100
    assert not differing
