"""The command line: help, exit statuses, one sentence for whatever goes wrong, the answer alone on stdout."""

from __future__ import annotations

import json
import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog
from sqlalchemy import create_engine, text

from portal import commands, crypto, db
from portal.access import POLICY
from portal.accounts.models import Person
from portal.config import Hub, HubFile, Settings
from tests.conftest import HUB
from tests.foundations.test_world import a_world

LISTS = Path(__file__).parents[1] / "episodes" / "lists"
EVERY_COMMAND = (
    "", "demo", "serve", "worker", "db", "db upgrade", "db downgrade", "db check", "import", "world", "access",
    "audit", "audit verify",
)  # fmt: skip


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
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Ended]]:
    """Run a command in this process, without any settings but those of the test."""
    for name in [name for name in os.environ if name.startswith("ROWAN_")]:
        monkeypatch.delenv(name)
    root = logging.getLogger()
    before = root.handlers[:], root.level

    def ran(*arguments: str) -> Ended:
        capsys.readouterr()
        status = commands.main(list(arguments))
        left = capsys.readouterr()
        return Ended(status, left.out, left.err)

    yield ran
    root.handlers[:], root.level = before[0], before[1]
    structlog.reset_defaults()


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


# --- help, and what needs nothing ---------------------------------------------------------------------------------


@pytest.mark.parametrize("command", EVERY_COMMAND)
def test_every_command_has_help(run, command: str):
    ended = run(*command.split(), "--help")

    assert (ended.status, ended.err) == (0, "")
    assert ended.out.startswith(f"Usage: portal {command}".strip())


def test_there_is_no_command_without_its_help_tested():
    groups = {name: getattr(command, "commands", {}) for name, command in commands.portal.commands.items()}
    found = {"", *groups, *(f"{name} {inner}" for name, inside in groups.items() for inner in inside)}

    assert found == set(EVERY_COMMAND)


def test_the_policy_needs_no_settings_and_no_database(run):
    ended = run("access", "--json")

    rows = json.loads(ended.out)
    assert ended.status == 0
    assert set(rows[0]) == {"route", "method", "door", "role", "relation", "allowed"}
    assert {row["role"] for row in rows} == {*POLICY, "nobody"}
    assert {row["door"] for row in rows} == {"young", "family", "staff", "public"}


# --- what goes wrong ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["xyz"], "No such command 'xyz'; `portal --help` says more."),
        (["audits"], "No such command 'audits'; did you mean 'audit'; `portal --help` says more."),
        (["demo", "--port", "0"], "Invalid value for '--port': 0 is not in the range 1<=x<=65535; …"),
        (["import", "/nowhere.csv"], "Invalid value for 'FILE.csv': File '/nowhere.csv' does not exist; …"),
    ],
)
def test_a_mistyped_command_is_told_in_a_sentence(run, arguments: list[str], said: str):
    ended = run(*arguments)
    more = f"`portal {arguments[0]} --help` says more."

    assert (ended.status, ended.out, ended.sentence) == (2, "", said.replace("…", more))


@pytest.mark.parametrize("command", ["worker", "serve", "db check", "audit verify"])
def test_without_settings_a_sentence_says_so(run, command: str):
    ended = run(*command.split())

    assert (ended.status, ended.out) == (1, "")
    assert ended.sentence == "settings: hubs is missing; write it."


def test_a_folder_without_a_demonstration_is_named(run, tmp_path: Path):
    ended = run("worker", "--dir", str(tmp_path))

    assert ended.status == 1
    assert ended.sentence == (
        f"There is no demonstration in {tmp_path}; `portal demo --dir {tmp_path}` makes one."
    )


def test_an_unknown_hub_is_named(run, at_the_hub):
    ended = run("db", "check", "--hub", "leeds")

    assert (ended.status, ended.sentence) == (1, "There is no hub called leeds; there is testhub.")


def test_where_there_are_several_hubs_one_must_be_named(run, at_the_hub, hub_folder: Path):
    text_of_other = HUB.replace("testhub", "otherhub").replace("localhost", "other.localhost")
    other = text_of_other.replace("{folder}", str(hub_folder / "other"))
    (hub_folder / "hubs" / "otherhub.toml").write_text(other)
    ended = run("import", str(LISTS / "list-plain.csv"))

    assert ended.status == 1
    assert ended.sentence == "There are several hubs, otherhub, testhub: say which with --hub."


def test_a_fault_of_our_own_tells_its_place_and_nobodys_words(run, at_the_hub, monkeypatch):
    def fail(*_: object, **__: object) -> None:
        raise KeyError("canary")

    monkeypatch.setattr("portal.access.table", fail)
    ended = run("access")

    assert ended.status == 1
    assert ended.sentence.startswith("Rowan stopped at a fault of its own: KeyError in portal/commands.py:")
    assert "canary" not in ended.err


def test_a_port_in_use_is_told_in_a_sentence(run, at_the_hub):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = run("demo", "--port", str(port))

    assert ended.status == 1
    assert ended.sentence == (
        f"Port {port} at 127.0.0.1 cannot be had (Address already in use); name another with --port."
    )


# --- the database -------------------------------------------------------------------------------------------------


def test_a_migrated_hub_is_what_the_models_say(run, at_the_hub):
    ended = run("db", "check")

    assert (ended.status, ended.out) == (0, "testhub: the schema is what the models say\n")


def test_down_and_up_again(run, at_the_hub):
    assert run("db", "downgrade").out == "testhub: at base\n"
    checked = run("db", "check")
    assert checked.status == 1
    assert checked.sentence == "testhub: the schema is not this version's; run `portal db upgrade`."
    assert run("db", "upgrade").status == 0
    assert run("db", "check").status == 0


@pytest.mark.sqlite_file
def test_only_the_first_command_makes_the_folders_of_a_hub(run, at_the_hub, hub_folder: Path):
    for name in ("data", "keys"):
        shutil.rmtree(hub_folder / name)

    assert "The database refused" in run("import", str(LISTS / "list-plain.csv")).sentence
    assert not (hub_folder / "data").exists()
    assert run("db", "upgrade").status == 0
    assert run("db", "check").status == 0


@pytest.mark.sqlite_file
def test_a_schema_that_was_changed_by_hand_is_noticed(run, at_the_hub, hub_file: HubFile):
    _by_hand(hub_file, "ALTER TABLE person ADD COLUMN shoes TEXT")
    ended = run("db", "check")

    assert (ended.status, ended.sentence) == (1, "testhub: the schema differs from the models in one place.")


def test_an_unmigrated_hub_is_not_served(run, at_the_hub):
    run("db", "downgrade")
    ended = run("serve", "--port", str(_free_port()))

    assert ended.status == 1
    assert ended.sentence == "testhub: the schema is not this version's; run `portal db upgrade` first."


# --- the work -----------------------------------------------------------------------------------------------------


def test_a_list_is_brought_in_and_the_answer_alone_is_on_stdout(run, at_the_hub):
    ended = run("import", str(LISTS / "list-plain.csv"), "--json")

    answer = json.loads(ended.out)
    assert ended.status == 0
    assert answer["taken"] == answer["new"] > 0


def test_a_dry_run_takes_nothing(run, at_the_hub):
    first = json.loads(run("import", str(LISTS / "list-plain.csv"), "--dry-run", "--json").out)
    again = json.loads(run("import", str(LISTS / "list-plain.csv"), "--dry-run", "--json").out)

    assert (first["taken"], again["new"]) == (0, first["new"])


def test_what_is_no_list_is_told_in_a_sentence(run, at_the_hub, tmp_path: Path):
    (tmp_path / "picture.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    ended = run("import", str(tmp_path / "picture.csv"))

    assert (ended.status, ended.out) == (1, "")
    assert ended.err.rstrip().endswith(".")
    assert "Traceback" not in ended.err


def test_a_world_is_built_and_its_ids_told(run, at_the_hub, hub_file: HubFile, tmp_path: Path):
    (tmp_path / "world.json").write_text(json.dumps(a_world(at="2026-11-24T10:00:00Z")))
    ended = run("world", str(tmp_path / "world.json"))

    told = json.loads(ended.out)
    assert ended.status == 0
    with _look(at_the_hub, hub_file):
        assert {str(person.id) for person in db.session.query(Person)} == set(told["people"].values())


def test_no_world_is_built_in_production(run, at_the_hub, tmp_path: Path, monkeypatch):
    (tmp_path / "world.json").write_text(json.dumps(a_world()))
    monkeypatch.setenv("ROWAN_MODE", "production")
    ended = run("world", str(tmp_path / "world.json"))

    assert ended.status == 1
    assert ended.sentence == "A described world is for tests and training, not for a hub in production."


def test_a_whole_trail_is_verified_and_marked(run, at_the_hub, hub_file: HubFile, tmp_path: Path):
    (tmp_path / "world.json").write_text(json.dumps(a_world(at="2026-11-24T10:00:00Z")))
    run("world", str(tmp_path / "world.json"))
    ended = run("audit", "verify")

    assert ended.status == 0
    with _look(at_the_hub, hub_file):
        marked = crypto.ring().mark("audit") or ""
    assert ended.out == f"testhub: {marked.split(':')[0]} events, none altered, none gone\n"


@pytest.mark.sqlite_file
def test_tampering_is_told_with_its_number(run, at_the_hub, hub_file: HubFile, tmp_path: Path):
    (tmp_path / "world.json").write_text(json.dumps(a_world(at="2026-11-24T10:00:00Z")))
    run("world", str(tmp_path / "world.json"))
    _by_hand(hub_file, "DROP TRIGGER audit_event_no_update",
             "UPDATE audit_event SET act = 'person.left' WHERE number = 3")  # fmt: skip
    ended = run("audit", "verify")

    assert (ended.status, ended.out, ended.sentence) == (1, "", "testhub: Event 3 is not as it was written.")


def test_the_worker_sends_until_it_is_told_to_stop(at_the_hub):
    worker = subprocess.Popen(
        [sys.executable, "-P", "-m", "portal.commands", "worker"], stderr=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    assert worker.stderr is not None
    with worker, worker.stderr:
        assert any("event=sending" in line for line in worker.stderr)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(30) == 0
        assert "event=stopped" in worker.stderr.read()


def _look(settings: Settings, file: HubFile) -> AbstractContextManager[Hub]:
    """A look at the hub after a command, which closes what it opened."""
    crypto.open_ring(file, settings.keys)
    return db.step(Hub(file))


def _by_hand(file: HubFile, *statements: str) -> None:
    engine = create_engine(file.database)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
