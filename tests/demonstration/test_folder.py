"""The folder of a demonstration: made once, made anew where it does not fit, and nothing else touched."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from portal.config import SettingsError
from portal.demonstration import making
from portal.demonstration.folder import locked, settings_in
from portal.demonstration.year import SHORT


def key_in(folder: Path) -> bytes:
    """What tells one making from another: the people of the same seed are the same, their keys never."""
    engine = create_engine(f"sqlite:///{folder}/keys/store.db")
    with engine.connect() as connection:
        key: bytes = connection.execute(
            text("SELECT wrapped FROM kept_key WHERE subject = 'hub'")
        ).scalar_one()
    engine.dispose()
    return key


def by_hand(folder: Path, *statements: str) -> None:
    engine = create_engine(f"sqlite:///{folder}/data/hub.db")
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE alembic_version SET version_num = '9999'",
        "ALTER TABLE person ADD COLUMN shoes TEXT",
        "UPDATE person SET name = x'0099'",
    ],
)
def test_another_versions_data_are_made_anew(own: Path, statement: str):
    before = key_in(own)
    by_hand(own, statement)
    making.prepare(own, 8000, year=SHORT)

    assert key_in(own) != before


def test_what_was_interrupted_is_made_anew(own: Path):
    before = key_in(own)
    (own / "people.json").unlink()
    making.prepare(own, 8000, year=SHORT)

    assert key_in(own) != before


def test_a_folder_with_other_things_in_it_is_left_alone(tmp_path: Path):
    (tmp_path / "letter.txt").write_text("dear nan")
    with pytest.raises(SettingsError, match="holds other things; name an empty folder"), locked(tmp_path):
        pass

    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_the_keys_lie_elsewhere_than_the_data_and_only_for_their_owner(made: Path):
    settings = settings_in(made)

    assert settings.keys.parent not in (made / "data", made / "keys")
    for secret in (settings.keys, made / "secret", made / "cards.json"):
        assert secret.stat().st_mode & 0o077 == 0
