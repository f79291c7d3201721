"""Sealed values belong to one place and one person, and never become text by accident."""

import json
import time
from types import SimpleNamespace

import pytest
from sqlalchemy import select, text, update

from portal import crypto
from portal.accounts.models import Person
from portal.crypto import CannotOpen, Sealed, lookup_hash, open_sealed, seal
from portal.db import engines_of, new_id, session
from portal.questionnaires import bank


def _stored(person_id, column="name"):
    return session.execute(
        select(Person.__table__.c[column]).where(Person.__table__.c.id == person_id)
    ).scalar()


def test_a_person_is_read_as_they_were_written(at_work, cast):
    with at_work():
        assert session.get(Person, cast.amara).name == "Amara Obi"


@pytest.mark.sqlite_file
def test_the_database_file_holds_no_name(cast, hub_folder):
    for path in hub_folder.rglob("*.db*"):
        assert b"Amara" not in path.read_bytes(), path.name


def test_a_core_read_yields_a_sealed_value(at_work, cast):
    with at_work():
        assert isinstance(_stored(cast.amara), Sealed)


@pytest.mark.parametrize("use", [str, "{}".format, lambda s: s.__html__(), len, list, bool])
def test_a_sealed_value_refuses_to_become_text(at_work, cast, use):
    with at_work(), pytest.raises(CannotOpen):
        use(_stored(cast.amara))


def test_a_sealed_value_in_a_log_line_shows_nothing(at_work, cast):
    with at_work():
        assert repr(_stored(cast.amara)) == "<Sealed>"


def test_plain_text_does_not_reach_a_sealed_column(at_work, cast):
    with at_work(), pytest.raises(Exception, match="sealed"):
        session.execute(update(Person).values(name="written past the seal"))


def test_a_changed_name_is_sealed_again(at_work, cast):
    with at_work():
        session.get(Person, cast.amara).name = "Amara Obi-Jones"
    with at_work():
        assert session.get(Person, cast.amara).name == "Amara Obi-Jones"


def test_an_unchanged_row_is_not_sealed_again(at_work, cast):
    with at_work():
        before = _stored(cast.amara).token
        session.get(Person, cast.amara).language = "ar"
    with at_work():
        assert _stored(cast.amara).token == before


def _swapped(session, first, second, one="name", other="name"):
    raw = "SELECT {} FROM person WHERE id = :id"
    values = [
        session.execute(text(raw.format(column)), {"id": person.hex}).scalar()
        for person, column in ((first, one), (second, other))
    ]
    session.execute(text(f"UPDATE person SET {one} = :v WHERE id = :id"), {"v": values[1], "id": first.hex})


def test_a_value_moved_to_another_person_is_refused(at_work, cast):
    with at_work():
        _swapped(session, cast.amara, cast.jo)
    with at_work(), pytest.raises(CannotOpen):
        session.get(Person, cast.amara)


def test_a_value_moved_to_another_column_is_refused(at_work, cast):
    with at_work():
        _swapped(session, cast.amara, cast.amara, one="name", other="known_as")
    with at_work(), pytest.raises(CannotOpen):
        session.get(Person, cast.amara)


def test_a_value_is_bound_to_its_row_and_its_table(at_work, cast):
    with at_work():
        row = new_id()
        token = seal("words", "answer", "words", row, cast.amara)
        assert open_sealed(token, "answer", "words", row, cast.amara) == "words"
        for table, where, whose in (
            ("note", row, cast.amara),
            ("answer", new_id(), cast.amara),
            ("answer", row, cast.jo),
        ):
            with pytest.raises(CannotOpen):
                open_sealed(token, table, "words", where, whose)


def test_every_changed_byte_is_noticed(at_work, cast):
    with at_work():
        row = new_id()
        token = seal("words", "answer", "words", row, cast.amara).token
        for place in range(len(token)):
            broken = bytearray(token)
            broken[place] ^= 1
            with pytest.raises(CannotOpen):
                open_sealed(Sealed(bytes(broken)), "answer", "words", row, cast.amara)


def test_without_the_persons_key_nothing_opens(at_work, cast):
    with at_work():
        ring = crypto.ring()
        with ring.engine.begin() as connection:
            connection.execute(text("DELETE FROM kept_key WHERE subject = :s"), {"s": str(cast.amara)})
        ring._open.clear()
        with pytest.raises(CannotOpen):
            session.get(Person, cast.amara)


@pytest.fixture
def passing(monkeypatch):
    """`passing(seconds)`: as much time goes by for the key ring."""
    gone, monotonic = [0.0], time.monotonic
    monkeypatch.setattr(crypto, "time", SimpleNamespace(monotonic=lambda: monotonic() + gone[0]))

    def pass_by(seconds):
        gone[0] += seconds

    return pass_by


def _opened():
    return set(crypto.ring()._open)


def test_an_erased_key_opens_nothing_a_minute_later(at_work, cast, passing):
    with at_work():
        sealed = seal("words", "t", "c", cast.jo, cast.amara)
        with crypto.ring().engine.begin() as connection:
            connection.execute(text("DELETE FROM kept_key WHERE subject = :s"), {"s": str(cast.amara)})
        passing(crypto._FRESH_SECONDS)
        with pytest.raises(CannotOpen):
            open_sealed(sealed, "t", "c", cast.jo, cast.amara)


@pytest.mark.parametrize("again", [crypto.KeyRing.raw, lambda ring, subject: ring.fetch([subject])])
def test_an_opened_key_is_let_go_of_after_a_minute_although_nobody_asks_for_it(at_work, cast, passing, again):
    with at_work():
        crypto.fetch_keys([cast.amara])
        assert str(cast.amara) in _opened()
        passing(crypto._FRESH_SECONDS)
        again(crypto.ring(), str(cast.jo))
        assert _opened() == {str(cast.jo)}


def test_a_key_opened_again_does_not_hold_an_older_one_open(at_work, cast, passing):
    with at_work():
        crypto.ring()._open.clear()
        for person in (cast.amara, cast.jo, cast.amara, cast.sam):
            crypto.fetch_keys([person])
            passing(crypto._FRESH_SECONDS / 2)
        assert _opened() == {str(cast.amara), str(cast.sam)}


def test_of_too_many_opened_keys_the_oldest_go(at_work, cast, passing, monkeypatch):
    monkeypatch.setattr(crypto, "_MOST_KEPT", 2)
    with at_work():
        crypto.ring()._open.clear()
        for person in (cast.amara, cast.jo):
            crypto.fetch_keys([person])
            passing(crypto._FRESH_SECONDS / 3)
        for person in (cast.amara, cast.sam):
            crypto.fetch_keys([person])
        assert _opened() == {str(cast.jo), str(cast.sam)}


def test_text_of_any_kind_comes_back_as_it_was(at_work, cast):
    with at_work():
        row = new_id()
        for words in ("", "سلام", "a\nb", "\ud800", "🙂" * 500):
            assert open_sealed(seal(words, "t", "c", row, cast.amara), "t", "c", row, cast.amara) == words


def test_the_length_of_what_is_sealed_does_not_tell_which_box_was_ticked(at_work, cast):
    """A thief of the file would have read "hurt" and "scared", or how somebody is, off the length alone."""
    with at_work():
        for question in bank.get("quick").questions:
            ticked = [json.dumps([choice.value]) for choice in question.choices]
            sealed = [seal(said, "answer", "choices", new_id(), cast.amara) for said in (*ticked, "[]")]
            assert len({len(one.token) for one in sealed}) == 1
        assert (
            len({len(seal(said, "t", "c", new_id(), cast.amara).token) for said in ("no", "rather-not")}) == 1
        )


def test_what_an_earlier_version_sealed_is_still_read_and_is_not_taken_for_what_this_one_seals(at_work, cast):
    with at_work():
        row, nonce = new_id(), bytes(12)
        place = f"t|c|{row}|{cast.amara}".encode()
        before = b"\x01" + nonce + crypto.ring().cipher(str(cast.amara)).encrypt(nonce, b"words", place)
        assert open_sealed(Sealed(before), "t", "c", row, cast.amara) == "words"
        now = seal("words", "t", "c", row, cast.amara).token
        for token in (b"\x02" + before[1:], b"\x01" + now[1:]):
            with pytest.raises(CannotOpen):
                open_sealed(Sealed(token), "t", "c", row, cast.amara)


def test_two_spellings_of_an_email_are_found_as_one(at_work):
    with at_work():
        assert lookup_hash("email", " Sam@Hub.example ") == lookup_hash("email", "sam@hub.example")


def test_two_spellings_of_a_phone_number_are_found_as_one(at_work):
    with at_work():
        assert lookup_hash("phone", "+44 7700 900123") == lookup_hash("phone", "07700900123")


def test_one_text_has_another_hash_for_another_purpose(at_work):
    with at_work():
        assert lookup_hash("name", "sam") != lookup_hash("email", "sam")


@pytest.mark.sqlite_file
def test_the_key_store_is_not_in_the_database(hub_file, cast):
    with engines_of(hub_file).reading.connect() as connection:
        tables = connection.execute(text("SELECT name FROM sqlite_master")).scalars().all()
    assert "kept_key" not in tables
