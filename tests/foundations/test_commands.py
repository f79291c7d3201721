"""The command line: help, exit statuses, one sentence for whatever goes wrong, the answer alone on stdout."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from portal import commands
from portal.access import POLICY
from tests.conftest import HUB
from tests.foundations.conftest import LISTS

EVERY_COMMAND = (
    "", "demo", "serve", "worker", "watch", "db", "db upgrade", "db downgrade", "db check", "import", "world", "access",
    "audit", "audit verify", "retain", "erase", "keys", "keys rotate", "backup", "restore", "invite",
)  # fmt: skip


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
