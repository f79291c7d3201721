"""A list from the command line: `portal import FILE.csv [--dry-run]`."""

import pytest
from sqlalchemy import func, select

from portal.config import Hub
from portal.db import session
from portal.episodes.episode import Episode
from portal.episodes.from_file import import_file
from portal.episodes.imports import ListImport
from portal.episodes.list_row import ListRow
from portal.episodes.reading import NotAList
from tests.episodes.conftest import LISTS

MESSY = (LISTS / "list-messy.csv").read_bytes()


@pytest.fixture
def hub(app, hub_file, clock):
    return Hub(hub_file, clock=clock)


def test_the_answer_counts_the_rows_and_says_what_was_taken(hub):
    answer = import_file(hub, MESSY).as_json()
    counted = {name: answer[name] for name in ("new", "changed", "same", "doubtful", "unreadable", "taken")}
    assert counted == {"new": 27, "changed": 0, "same": 1, "doubtful": 10, "unreadable": 2, "taken": 27}
    assert len(answer["rows"]) == 40


def test_each_line_has_its_state_and_its_sentences(hub):
    rows = {row["line"]: row for row in import_file(hub, MESSY, dry_run=True).rows}
    assert (rows[9]["state"], rows[9]["problems"][0]["field"]) == ("unreadable", "missing_date")


def test_the_same_file_again_changes_nothing(hub):
    import_file(hub, MESSY)
    again = import_file(hub, MESSY).as_json()
    assert (again["same"], again["new"], again["taken"]) == (40, 0, 0)


def test_a_dry_run_writes_nothing(hub, at_work):
    import_file(hub, MESSY, dry_run=True)
    with at_work():
        for table in (ListImport, ListRow, Episode):
            assert session.scalar(select(func.count()).select_from(table)) == 0


def test_columns_that_nobody_knows_are_named(hub):
    with pytest.raises(NotAList, match=r"not recognised: Incident number, .*Day they came back"):
        import_file(hub, b"Name,DOB,Missing since\nBo Green,1/1/2012,19/11/2026 14:00\n")


def test_progress_is_told(hub):
    told = []
    import_file(hub, MESSY, progress=lambda done, total: told.append((done, total)))
    assert told == [(40, 40)]


def test_in_words_it_counts_and_names_each_line_that_waits(hub):
    said = import_file(hub, MESSY, dry_run=True).as_text().splitlines()
    assert said[0] == "27 new, 0 changed, 1 same, 10 doubtful, 2 unreadable; 0 taken"
    assert len(said) == 1 + 12
