"""What the tests of several foundations stand on: a log, a command run in this process, the hub it finds."""

from __future__ import annotations

import io
import json
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import structlog
from sqlalchemy import create_engine, text

from portal import commands, crypto, db, logs, world
from portal.config import Hub, HubFile, Settings
from tests.conftest import Clock
from tests.foundations.told import a_world

LISTS = Path(__file__).parents[1] / "episodes" / "lists"


@pytest.fixture
def logging_as_before() -> Iterator[None]:
    """Whatever the test does to the logs of this process is undone."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = before[0], before[1]
    structlog.reset_defaults()


@pytest.fixture
def log(logging_as_before: None) -> io.StringIO:
    """Everything that is logged while the test runs."""
    stream = io.StringIO()
    logs.begin(stream)
    return stream


@dataclass
class Ended:
    """What a command left behind."""

    status: int
    out: str
    err: str

    @property
    def sentence(self) -> str:
        """What stands on stderr, which is one sentence and no traceback."""
        assert self.err.count("\n") == 1, self.err
        assert "Traceback" not in self.err
        return self.err.strip()


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, logging_as_before: None
) -> Callable[..., Ended]:
    """Run a command in this process, without any settings but those of the test."""
    for name in [name for name in os.environ if name.startswith("ROWAN_")]:
        monkeypatch.delenv(name)

    def ran(*arguments: str) -> Ended:
        capsys.readouterr()
        status = commands.main(list(arguments))
        left = capsys.readouterr()
        return Ended(status, left.out, left.err)

    return ran


@pytest.fixture
def at_the_hub(
    settings: dict[str, object], hub_file: HubFile, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Settings]:
    """The settings of the test's hub in the environment."""
    given = Settings.model_validate(settings)
    for name, value in given.as_environment().items():
        monkeypatch.setenv(name, value)
    yield given
    db.close_engine(hub_file)
    crypto.close_ring(hub_file)


def look(settings: Settings, file: HubFile) -> AbstractContextManager[Hub]:
    """A look at the hub after a command, which closes what it opened."""
    crypto.open_ring(file, settings.keys)
    return db.step(Hub(file))


def by_hand(file: HubFile, *statements: str) -> None:
    """Change a hub's database past everything of ours."""
    engine = create_engine(file.database)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


@pytest.fixture
def write(tmp_path: Path) -> Callable[[dict[str, Any]], Path]:
    """Write a world's file."""

    def written(told: dict[str, Any]) -> Path:
        path = tmp_path / "world.json"
        path.write_text(json.dumps(told))
        return path

    return written


@pytest.fixture
def build(
    write: Callable[[dict[str, Any]], Path], app: object, hub_file: HubFile, clock: Clock
) -> Callable[..., world.Making]:
    """Build what a file tells in the test's hub."""
    return lambda **more: world.build(world.read(write(a_world(**more))), Hub(hub_file, clock=clock))
