"""The ledger of the security standard: every test that it names is there, and most of it is shown by one."""

from collections import Counter
from pathlib import Path

import pytest

from portal.admin.ledger import lines

LINES = list(lines())
CHECKOUT = Path(__file__).parents[2]


@pytest.mark.parametrize("line", [line for line in LINES if line.test], ids=lambda line: line.number)
def test_the_test_that_it_names_is_there(line):
    path, _, name = line.test.partition("::")
    assert f"\ndef {name}(" in (CHECKOUT / path).read_text()


def test_no_requirement_stands_twice():
    assert [number for number, times in Counter(line.number for line in LINES).items() if times > 1] == []


def test_each_has_a_test_or_a_reason_and_at_least_120_a_test():
    assert all(bool(line.test) != bool(line.reason) for line in LINES)
    assert sum(bool(line.test) for line in LINES) >= 120


def test_an_administrator_reads_it(staff, cast):
    page = staff(cast.ade).get("/kept/ledger")
    assert "What the security standard asks" in page.main
    assert "a code works once" in page.main
    assert "why: " not in page.main


def test_a_worker_does_not_see_it(staff, cast):
    assert staff(cast.sam).get("/kept/ledger").status == 404
