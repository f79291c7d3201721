"""What was acknowledged outlives a power cut: a few images here, all of them by `./run prove power_cut`; and its break."""

from __future__ import annotations

import pytest

from portal import crypto, db
from tests.proofs.power_cut import cut_often


def test_nothing_acknowledged_is_missing_from_any_image(tmp_path):
    missing = cut_often(tmp_path, presses=30, images=40)
    assert missing.acknowledged > 300
    assert missing.found == []


# --- red on purpose -----------------------------------------------------------------------------------------------


def careless(connection, *_):
    """Less than full syncing."""
    for pragma in ("foreign_keys=on", "journal_mode=wal", "synchronous=normal"):
        connection.execute(f"PRAGMA {pragma}")


def careless_of_rows(connection, *_):
    """The same, as `db` begins a connection."""
    connection.isolation_level = None
    careless(connection)


@pytest.mark.parametrize(
    ("store", "begins", "broken"),
    [(db, "_on_connect", careless_of_rows), (crypto, "_durable", careless)],
    ids=["rows", "keys"],
)
def test_with_less_than_full_syncing_things_are_missing(store, begins, broken, tmp_path, monkeypatch):
    monkeypatch.setattr(store, begins, broken)
    assert cut_often(tmp_path, presses=30, images=40).found != []
