"""A place for a demonstration that is put back: an empty folder, with the keys of the one that it was backed up from."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from urllib.parse import urlsplit

from portal.config import HubFile, Settings, SettingsError, load_hubs
from portal.demonstration.folder import settings_in, write_files


def empty_place(folder: Path, keys: Path | None) -> tuple[Settings, HubFile]:
    """Make *folder* ready for a restore: settings and keys are those of the demonstration in *keys*, the data is none."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise SettingsError(f"{folder} is not an empty folder; a restore works into an empty one.")
    if keys is None:
        raise SettingsError(
            "A backup never contains the keys: say with --keys which demonstration's folder has them."
        )
    before = settings_in(keys)
    hub = load_hubs(before)[0]
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in ("wrapping", "keys"):
        (folder / name).mkdir(mode=0o700)
    for name in ("secret", "people.json", "wrapping/keys.json"):
        if (keys / name).is_file():
            shutil.copy2(keys / name, folder / name)
    with (
        sqlite3.connect(hub.key_store.removeprefix("sqlite:///")) as there,
        sqlite3.connect(folder / "keys" / "store.db") as here,
    ):
        there.backup(here)
    there.close()
    here.close()
    (folder / "keys" / "store.db").chmod(0o600)
    (folder / "lock").touch()
    port = urlsplit(hub.doors.young).port or 80
    file = write_files(folder, port)
    return settings_in(folder), file
