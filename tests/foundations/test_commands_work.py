"""`portal import`, `world`, `audit verify` and `worker`: the work that commands do, the answer alone on stdout."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from portal import crypto, db
from portal.accounts.models import Person
from portal.config import HubFile
from tests.foundations.conftest import LISTS, by_hand, look
from tests.foundations.told import a_world


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
    with look(at_the_hub, hub_file):
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
    with look(at_the_hub, hub_file):
        marked = crypto.ring().mark("audit") or ""
    assert ended.out == f"testhub: {marked.split(':')[0]} events, none altered, none gone\n"


@pytest.mark.sqlite_file
def test_tampering_is_told_with_its_number(run, at_the_hub, hub_file: HubFile, tmp_path: Path):
    (tmp_path / "world.json").write_text(json.dumps(a_world(at="2026-11-24T10:00:00Z")))
    run("world", str(tmp_path / "world.json"))
    by_hand(hub_file, "DROP TRIGGER audit_event_no_update",
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
