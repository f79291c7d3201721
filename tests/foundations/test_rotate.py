"""Every person's key wrapped anew, beside running processes; an old wrapping key goes once nothing needs it.

Seen red with a ring that did not look whether its file was written anew, with the key before dropped at once, with
no lock around a rotation, and with the folder left out of what is put on disk.
"""

from __future__ import annotations

import fcntl
import json
import os

import pytest

from portal import crypto
from portal.accounts.models import Person
from portal.crypto import KeyRing, add_wrapping_key
from portal.db import session


@pytest.fixture
def path(settings):
    return settings["keys"]


@pytest.fixture
def rotates(path, hub_file, app):
    """`rotates()`: what `portal keys rotate` does in a process of its own; how many keys it wrapped."""

    def run():
        other = KeyRing.opened(hub_file, path)
        add_wrapping_key(path, other.numbers())
        done = other.rewrap()
        other.engine.dispose()
        return done

    return run


def test_every_key_is_wrapped_by_the_new_one(rotates, cast, at_work):
    assert rotates() > len(vars(cast)) - 1
    with at_work():
        assert crypto.ring().numbers() == {2}


def test_a_running_process_reads_on(rotates, cast, at_work):
    rotates()
    with at_work():
        crypto.ring()._open.clear()
        assert session.get_one(Person, cast.amara).name == "Amara Obi"


def test_a_running_process_wraps_what_it_makes_with_the_new_one(rotates, cast, at_work):
    rotates()
    with at_work():
        Person.enter("child", "New Child", roles=("young person",))
        assert crypto.ring().numbers() == {2}


def test_the_key_before_stays_and_the_one_before_that_goes(rotates, cast, path):
    rotates()
    assert set(json.loads(path.read_text())["keys"]) == {"1", "2"}
    rotates()
    assert set(json.loads(path.read_text())["keys"]) == {"2", "3"}


def test_a_wrapping_key_that_a_store_still_needs_stays(path, app, hub_file, at_work, cast):
    with at_work():
        add_wrapping_key(path, crypto.ring().numbers())
        add_wrapping_key(path, crypto.ring().numbers())
        crypto.ring()._open.clear()
        assert session.get_one(Person, cast.amara).name == "Amara Obi"


def test_the_words_in_the_database_are_not_touched(rotates, cast, at_work):
    with at_work():
        before = crypto.ring().raw(str(cast.amara))
    rotates()
    with at_work():
        crypto.ring()._open.clear()
        assert crypto.ring().raw(str(cast.amara)) == before


def test_while_one_rotates_another_waits(run, at_the_hub, path, monkeypatch):
    told = []

    def tries(work):
        def look(*arguments):
            folder = os.open(path.parent, os.O_RDONLY)
            try:
                fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
                told.append("came in")
            except BlockingIOError:
                told.append("waits")
            finally:
                os.close(folder)
            return work(*arguments)

        return look

    monkeypatch.setattr(crypto, "add_wrapping_key", tries(add_wrapping_key))
    monkeypatch.setattr(KeyRing, "rewrap", tries(KeyRing.rewrap))
    assert run("keys", "rotate").status == 0
    assert told == ["waits", "waits"]


def test_the_new_key_is_on_disk_by_its_name_before_anything_is_wrapped_with_it(path, monkeypatch):
    on_disk, folder = [], path.parent.stat().st_ino
    before = path.stat().st_ino
    monkeypatch.setattr(
        os, "fsync", lambda descriptor: on_disk.append((os.fstat(descriptor).st_ino, path.stat().st_ino))
    )
    add_wrapping_key(path, {1})
    new = path.stat().st_ino
    assert on_disk == [(new, before), (folder, new)]
