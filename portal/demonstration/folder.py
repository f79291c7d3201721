"""The folder a demonstration lives in: its hub file, keys, secret and data, and whether it is whole."""

from __future__ import annotations

import fcntl
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from portal import crypto, db, i18n
from portal.audit import AuditEvent
from portal.config import WEEKDAYS, Hub, HubFile, Settings, SettingsError, checked, load_hubs

MARK = "demonstration"  # noted beside the keys: the id of the first audit event of the database that goes with them
_HUB = "demonstration.toml"
_NUMBERS = (
    ("duty_team", "The duty team", "0161 496 0101", "Monday to Friday, 9 to 5", "A local call"),
    ("emergency_duty_team", "The emergency duty team", "0161 496 0102", "Every night and all weekend", "A local call"),
    ("advocate", "An advocate", "0808 157 0103", "Monday to Friday, 9 to 6", "Free"),
    ("designated_officer", "The designated officer", "0161 496 0104", "Monday to Friday, 9 to 5", "A local call"),
)  # fmt: skip


def settings_in(folder: Path) -> Settings:
    """The settings of the demonstration in *folder*; raises `SettingsError` if there is none."""
    if not (folder / "hubs" / _HUB).is_file():
        raise SettingsError(f"There is no demonstration in {folder}; `portal demo --dir {folder}` makes one.")
    return checked(
        {
            "mode": "demonstration",
            "hubs": folder / "hubs",
            "keys": folder / "wrapping" / "keys.json",
            "secret_key": (folder / "secret").read_text("utf-8"),
            "messages": folder / "messages",
        }
    )


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold *folder* for one demonstration; raises `SettingsError` if it is being served, or holds other things."""
    if folder.exists() and not folder.is_dir():
        raise SettingsError(f"{folder} is a file; name a folder for the demonstration.")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / "lock").is_file():
        raise SettingsError(f"{folder} holds other things; name an empty folder for the demonstration.")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SettingsError(f"The demonstration in {folder} is being served already.") from None
        yield


def write_files(folder: Path, port: int) -> HubFile:
    """Write what is missing of the folder's files, and the hub file anew for *port*."""
    for name in ("hubs", "wrapping", "data", "keys", "messages"):
        (folder / name).mkdir(mode=0o700, exist_ok=True)
    _write_once(folder / "secret", secrets.token_hex(32))
    _write_once(folder / "wrapping" / "keys.json", crypto.new_wrapping_keys())
    (folder / "hubs" / _HUB).write_text(_hub_text(folder.resolve(), port), "utf-8")
    return load_hubs(settings_in(folder))[0]


def _write_once(path: Path, text: str) -> None:
    if not path.exists():
        path.touch(0o600)
        path.write_text(text, "utf-8")


def _hub_text(folder: Path, port: int) -> str:
    languages = ["en_GB", *(["ar"] if (i18n.FOLDER / "ar").is_dir() else [])]
    values = {
        "name": "demonstration", "title": "Complex Safeguarding Hub", "authority": "Manchester",
        "demonstration": True, "exit_url": "https://www.bbc.co.uk/weather", "languages": languages,
        "database": f"sqlite:///{folder}/data/hub.db", "key_store": f"sqlite:///{folder}/keys/store.db",
    }  # fmt: skip
    doors = {door: f"http://{door}.localhost:{port}" for door in ("young", "family", "staff")}
    tables: dict[str, dict[str, object]] = {
        "doors": {**doors, "public": f"http://localhost:{port}"},
        "words": {"young": "Notes", "family": "Planner"},
        "office_hours": {day: ["09:00", "17:00"] for day in WEEKDAYS[:5]},
    }
    tables |= {
        f"numbers.{key}": {"name": name, "number": number, "hours": hours, "cost": cost}
        for key, name, number, hours, cost in _NUMBERS
    }
    # A JSON string, list or boolean is one of TOML too.
    lines = [f"{name} = {json.dumps(value)}" for name, value in values.items()]
    for table, inside in tables.items():
        lines += ["", f"[{table}]", *(f"{name} = {json.dumps(value)}" for name, value in inside.items())]
    return "\n".join(lines) + "\n"


def is_demonstration(file: HubFile) -> bool:
    """Whether the database of *file* is the very one that was made as a demonstration with these keys."""
    with Hub(file).entered():
        try:
            first = db.session.scalar(select(AuditEvent.id).where(AuditEvent.number == 1))
            crypto.ring().raw(crypto.HUB)
            return first is not None and crypto.ring().mark(MARK) == str(first)
        except (DBAPIError, crypto.CannotOpen):
            return False
        finally:
            db.session.remove()


def mark_as_demonstration(file: HubFile) -> None:
    """Note beside the keys that this database was made as a demonstration, and is finished."""
    with Hub(file).entered():
        try:
            first = db.session.scalars(select(AuditEvent.id).where(AuditEvent.number == 1)).one()
            crypto.ring().set_mark(MARK, str(first))
        finally:
            db.session.remove()
