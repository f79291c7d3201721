"""What is put back is equal and a damaged file is refused; a thousand times harmed by `./run prove put_back`; and its breaks."""

from __future__ import annotations

import pytest

from portal import backup
from tests.machine.postgres import fresh_database
from tests.proofs.migrations import a_hub_at_head
from tests.proofs.put_back import equal_again, not_refused, small_chunks


@pytest.fixture
def hub(database):
    with small_chunks():
        if database == "sqlite":
            with a_hub_at_head(full=True) as file:
                yield file
            return
        with fresh_database() as made, a_hub_at_head(made, full=True) as file:
            yield file


def test_what_is_put_back_is_equal(hub, tmp_path):
    rows, differ = equal_again(hub, tmp_path / "backup")
    assert rows > 300
    assert differ == []


def test_a_harmed_file_is_refused_before_a_row_is_written(hub, tmp_path):
    ways, missed = not_refused(hub, tmp_path, 60)
    assert missed == []
    assert len(ways) == 10


# --- red on purpose -----------------------------------------------------------------------------------------------


def test_chunks_sealed_without_their_place_let_a_harmed_file_in(tmp_path, monkeypatch):
    monkeypatch.setattr(backup, "_place", lambda *_, **__: b"")
    with small_chunks(), a_hub_at_head(full=True) as file:
        assert "header" in not_refused(file, tmp_path, 10)[1]
