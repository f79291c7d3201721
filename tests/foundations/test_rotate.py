"""Every person's key wrapped anew, beside running processes; an old wrapping key goes once nothing needs it.

Seen red with a ring that did not look whether its file was written anew, and with the key before dropped at once.
"""

from __future__ import annotations

import json

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
