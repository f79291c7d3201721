"""A demonstration that was made and is not being served, and a copy of it for each test."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from portal import crypto, db
from portal.config import HubFile, read_hub
from portal.demonstration import making
from portal.demonstration.folder import locked
from portal.demonstration.year import SHORT


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration that was made and is not being served."""
    path = tmp_path_factory.mktemp("made") / "hub"
    with locked(path):
        making.prepare(path, 8000, year=SHORT)
    return path


@pytest.fixture
def own(made: Path, tmp_path: Path) -> Path:
    """A copy of it for one test."""
    shutil.copytree(made, tmp_path / "own")
    return tmp_path / "own"


def hub_of(folder: Path) -> HubFile:
    return read_hub(folder / "hubs" / "demonstration.toml")


def close(folder: Path) -> None:
    file = hub_of(folder)
    db.close_engine(file)
    crypto.close_ring(file)
