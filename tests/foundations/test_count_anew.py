"""SQLite is told how large its tables are, so that it reads a list by the index that fits."""

import pytest

from portal.config import Hub
from portal.db import core, count_anew


@pytest.mark.sqlite_file
def test_sqlite_knows_the_size_of_its_tables(hub_file, at_work, app, cast):
    count_anew(Hub(hub_file))
    with at_work():
        counted = core().exec_driver_sql("SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'person'").scalar()
    assert counted


def test_counting_anew_fails_on_neither_database(hub_file, app, cast):
    count_anew(Hub(hub_file))
