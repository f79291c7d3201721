"""`portal db`, and what a hub whose schema is another version's is told."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from portal import migrations
from portal.config import HubFile
from tests.foundations.conftest import LISTS, by_hand
from tests.proofs.processes import free_port


def test_a_migrated_hub_is_what_the_models_say(run, at_the_hub):
    ended = run("db", "check")

    assert (ended.status, ended.out) == (0, "testhub: the schema is what the models say\n")


def test_down_and_up_again(run, at_the_hub):
    assert run("db", "downgrade", "--to", "base").out == "testhub: at base\n"
    checked = run("db", "check")
    assert checked.status == 1
    assert checked.sentence == "testhub: the schema is not this version's; run `portal db upgrade`."
    assert run("db", "upgrade").status == 0
    assert run("db", "check").status == 0


def test_down_is_one_step_unless_more_is_said(run, at_the_hub):
    versions = Path(migrations.__file__).with_name("versions")
    *_, before, _ = sorted(path.name.partition("_")[0] for path in versions.glob("0*.py"))

    assert run("db", "downgrade").out == f"testhub: at {before}\n"


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
    by_hand(hub_file, "ALTER TABLE person ADD COLUMN shoes TEXT")
    ended = run("db", "check")

    assert (ended.status, ended.sentence) == (1, "testhub: the schema differs from the models in one place.")


def test_an_unmigrated_hub_is_not_served(run, at_the_hub):
    run("db", "downgrade")
    ended = run("serve", "--port", str(free_port()))

    assert ended.status == 1
    assert ended.sentence == "testhub: the schema is not this version's; run `portal db upgrade` first."
