"""`portal retain`, `erase`, `keys rotate`, `backup` and `restore`: the work and the sentences.

Seen red with a restore that wanted an empty place whatever had been begun, and with a `verify` that held what a stopped
restore had written against what was noted before.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest

from portal import audit, crypto, db, migrations
from portal.accounts import put_back
from portal.accounts.draw import Draw
from portal.accounts.in_room import HandOver
from portal.accounts.invitations import Invitation, Recovery
from portal.accounts.models import Person
from portal.accounts.sign_in import SignIn
from portal.admin import erased
from portal.app import create_app
from portal.audit import AuditEvent
from portal.config import Hub, HubFile
from portal.demonstration.folder import mark_as_demonstration, settings_in, write_files
from tests.foundations.conftest import look
from tests.foundations.told import a_world


@pytest.fixture
def people(run, at_the_hub, hub_file: HubFile, tmp_path):
    """The ids of the people of a world, by their names there."""
    (tmp_path / "world.json").write_text(json.dumps(a_world(at="2026-11-24T10:00:00Z")))
    return json.loads(run("world", str(tmp_path / "world.json")).out)["people"]


def test_retain_says_of_each_rule_what_went(run, people):
    ended = run("retain", "--dry-run")
    assert ended.status == 0
    assert "testhub: record: 0 would go (0 rows); 0 waited" in ended.out


def test_erase_refuses_in_a_sentence(run, people):
    assert "is not the id of anybody" in run("erase", "Amara").sentence
    assert (
        run("erase", "00000000-0000-4000-8000-000000000000").sentence == "There is nobody with this id here."
    )


_NOTES_ITS_TABLES = """
import sys
from pkgutil import resolve_name
from portal import commands, db
seen = []
def note(*_, **__):
    seen.append(set(db.Base.metadata.tables))
    return []
commands.sending.run = commands.retention.retain = commands.erasing.erase = note
assert commands.main(sys.argv[1:]) == 0
resolve_name("portal.app")
print(sorted(set(db.Base.metadata.tables) - seen[0]))
"""


@pytest.mark.parametrize("command", ["worker", "retain", "erase 00000000-0000-4000-8000-000000000000"])
def test_what_lets_go_has_every_table_that_the_application_has(at_the_hub, command):
    """In a process of its own, as on the machine: here the application has brought every room's tables long since.

    Seen red with a `_hubs` that did not ask for every table: six were missing.
    """
    ended = subprocess.run(
        [sys.executable, "-P", "-c", _NOTES_ITS_TABLES, *command.split()], capture_output=True, text=True,
        check=False, env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines()[-1] == "[]"


def test_keys_are_rotated(run, people):
    ended = run("keys", "rotate")
    assert ended.status == 0
    assert "keys wrapped anew" in ended.out


def test_a_backup_is_put_back_after_the_database_was_lost(
    run, people, hub_file: HubFile, hub_folder, at_the_hub, tmp_path
):
    assert run("backup", str(tmp_path / "b")).status == 0
    migrations.downgrade(hub_file)
    ended = run("restore", str(tmp_path / "b"))
    assert ended.status == 0, ended.err
    assert "none altered" in ended.out
    assert run("audit", "verify").status == 0
    with look(at_the_hub, hub_file):
        assert {str(person.id) for person in db.session.query(Person)} == set(people.values())


@pytest.fixture
def let_in(run, people, at_the_hub, hub_file: HubFile):
    """Sam is signed in, Amara has had his tablet, and there are invitations: one used, one open, one asked for anew."""
    sam, amara, dee = (UUID(people[who]) for who in ("sam", "amara", "dee"))
    now = Hub(hub_file).now()
    with look(at_the_hub, hub_file):
        signed_in = SignIn(person_id=sam, door="staff", touched_at=now)
        db.session.add_all([
            signed_in,
            HandOver(child_id=amara, worker_id=sam, sign_in_id=signed_in.id, token_hash="a" * 43),
            Invitation(person_id=sam, by_id=dee, code_hash="b" * 43, ends_at=now, used_at=now),
        ])  # fmt: skip
        Invitation.make(dee, sam, Draw.of(sam, "a form"))
        Recovery.ask(sam, "I saw him.", dee)


def test_after_a_restore_nobody_is_signed_in_or_invited(run, let_in, hub_file: HubFile, at_the_hub, tmp_path):
    """Seen red without `let_nobody_in`: who was seen out since would be in again."""
    run("backup", str(tmp_path / "b"))
    migrations.downgrade(hub_file)
    ended = run("restore", str(tmp_path / "b"))
    assert ended.status == 0, ended.err
    assert "4 sign-ins and invitations ended" in ended.out
    assert (
        "enter again which roles, links, ways in, orders of no contact, passwords and passkeys" in ended.out
    )
    assert run("audit", "verify").status == 0
    with look(at_the_hub, hub_file):
        for table in (SignIn, HandOver, Recovery):
            assert db.session.query(table).count() == 0
        assert db.session.query(Invitation).one().used_at is not None
        said = db.session.query(AuditEvent).filter(AuditEvent.act == "hub.restored").one()
        assert json.loads(said.detail)["let_nobody_in"] == 4


def test_a_trail_that_was_altered_lets_nobody_in_either(
    run, let_in, hub_file: HubFile, at_the_hub, tmp_path, monkeypatch
):
    """Seen red with the sign-ins ended after the trail was followed."""

    def altered(*_, **__):
        raise audit.Tampered("Event 1 is not as it was written.")

    run("backup", str(tmp_path / "b"))
    migrations.downgrade(hub_file)
    monkeypatch.setattr(audit, "verify", altered)
    assert "not as it was written" in run("restore", str(tmp_path / "b")).sentence
    with look(at_the_hub, hub_file):
        assert db.session.query(SignIn).count() == 0


@pytest.mark.parametrize(
    "where",
    [(put_back, "let_nobody_in"), (audit, "begin_again"), (audit, "note_the_end"), (erased, "finish")],
)
def test_a_restore_that_was_stopped_is_run_again(
    run, people, hub_file: HubFile, at_the_hub, settings, tmp_path, monkeypatch, where
):
    def stopped(*_, **__):
        raise KeyboardInterrupt

    assert run("backup", str(tmp_path / "b")).status == 0
    assert run("audit", "verify").status == 0  # noted beside the keys is an end that the backup has not
    migrations.downgrade(hub_file)
    with monkeypatch.context() as patch:
        patch.setattr(*where, stopped)
        assert run("restore", str(tmp_path / "b")).status == 130
    for nobody_yet in ("serve", "worker"):
        assert "has not come to its end" in run(nobody_yet).sentence
    with pytest.raises(crypto.HalfPutBack):
        create_app(**settings)
    ended = run("restore", str(tmp_path / "b"))
    assert ended.status == 0, ended.err
    assert run("audit", "verify").status == 0
    assert "an empty one" in run("restore", str(tmp_path / "b")).sentence


def test_a_restore_over_a_hub_is_refused(run, people, tmp_path):
    run("backup", str(tmp_path / "b"))
    assert "an empty one" in run("restore", str(tmp_path / "b")).sentence


@pytest.mark.sqlite_file
def test_a_demonstration_is_put_back_into_an_empty_folder(run, tmp_path, database):
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    (first / "lock").touch()
    file = write_files(first, 8123)
    migrations.upgrade(file)
    crypto.open_ring(file, settings_in(first).keys)
    with db.step(Hub(file)):
        Person.enter("child", "Amara Obi", roles=("young person",), held_because="demonstration")
    mark_as_demonstration(file)
    db.close_engine(file)
    crypto.close_ring(file)
    assert run("backup", str(tmp_path / "b"), "--dir", str(first)).status == 0

    assert "--keys" in run("restore", str(tmp_path / "b"), "--dir", str(second)).sentence
    ended = run("restore", str(tmp_path / "b"), "--dir", str(second), "--keys", str(first))
    assert ended.status == 0, ended.err
    assert run("audit", "verify", "--dir", str(second)).status == 0
    assert run("audit", "verify", "--dir", str(first)).status == 0
    assert (
        "not an empty folder"
        in run("restore", str(tmp_path / "b"), "--dir", str(second), "--keys", str(first)).sentence
    )
    shutil.rmtree(second)
