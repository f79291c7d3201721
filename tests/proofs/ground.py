"""What a proof stands on where no fixture makes it: a hub in a folder, its clock and its application."""

from __future__ import annotations

import random
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from portal import crypto, db, i18n, migrations
from portal.accounts.sign_in import SignIn
from portal.app import Portal, create_app
from portal.config import Hub, HubFile
from portal.db import session
from tests.browsing import Browser
from tests.conftest import HUB, START, Clock, write_hub

SECRET = "for tests only, and long enough to sign with"
TOKEN = bytes(16).hex()  # what the forms of a made sign-in are known by


@dataclass
class Ground:
    """One hub: its folder, its file, its application, the clock of both, and a seed for what is set up in it."""

    folder: Path
    file: HubFile
    app: Portal
    clock: Clock
    seed: int = 1
    steps: int = 0

    def at_work(self, actor: UUID | None = None) -> AbstractContextManager[Hub]:
        """`with ground.at_work():` one committed step; the same steps under the same seed make the same ids."""
        self.steps += 1
        rng = random.Random(f"{self.seed}|{self.steps}")
        return db.step(Hub(self.file, clock=self.clock, actor=actor, rng=rng))

    def at_door(self, door: str) -> Browser:
        """A fresh browser at a door."""
        return Browser(self.app, self.file, door)


def a_sign_in(ground: Ground, person_id: UUID, door: str) -> str:
    """The cookie of a sign-in of somebody at a door, and for forms; made anew alike in a hub that is alike."""
    with ground.at_work() as hub:
        row = SignIn(person_id=person_id, door=door, touched_at=ground.clock())
        session.add(row)
        key = str(row.id)
    with hub.entered(), i18n.speaking("en_GB"):
        serializer = ground.app.session_interface.get_signing_serializer(ground.app)
        assert serializer is not None
        value: str = serializer.dumps({"_user_id": key, "_fresh": True, "t": TOKEN})
    return value


def settings_in(folder: Path) -> dict[str, Any]:
    """The settings of a process that serves the hub in *folder*."""
    return {
        "mode": "test",
        "hubs": folder / "hubs",
        "keys": folder / "wrapping.json",
        "secret_key": SECRET,
        "messages": folder / "messages",
    }


def make_folders(folder: Path) -> None:
    """Make the folders of a hub and its file of wrapping keys."""
    for part in ("data", "keys", "hubs"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    (folder / "wrapping.json").write_text(crypto.new_wrapping_keys())


@cache
def _blank() -> Path:
    """A folder with a migrated, empty hub, made once in this process."""
    folder = Path(tempfile.mkdtemp(prefix="blank-"))
    make_folders(folder)
    migrations.upgrade(write_hub(folder))
    return folder


@contextmanager
def hub_in(folder: Path, *, copy_of: Path | None = None, seed: int = 1, text: str = HUB) -> Iterator[Ground]:
    """A hub of its own in *folder*, empty or a copy of another one, and its application."""
    shutil.copytree(copy_of or _blank(), folder, dirs_exist_ok=True)
    file = write_hub(folder, text)
    clock = Clock(START)
    app = create_app(**settings_in(folder), now=clock, rng=seed)
    try:
        yield Ground(folder, file, app, clock, seed)
    finally:
        db.close_engine(file)
        crypto.close_ring(file)


@contextmanager
def a_hub(*, copy_of: Path | None = None, seed: int = 1, text: str = HUB) -> Iterator[Ground]:
    """A hub of its own in a temporary folder that is gone afterwards."""
    with (
        tempfile.TemporaryDirectory(prefix="proof-") as folder,
        hub_in(Path(folder), copy_of=copy_of, seed=seed, text=text) as ground,
    ):
        yield ground
