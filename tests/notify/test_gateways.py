"""A gateway takes a message for good or says that it did not; the same message twice is one."""

import json
import os

import pytest

from portal.notify.gateways import Folder, NeverTaken, NotTaken, Outgoing, Patient, reference

HELLO = Outgoing("a" * 64, "email", "sam@hub.example", "Something new", "Something new is waiting for you.")


def test_a_message_is_one_whole_file(tmp_path):
    Folder(tmp_path / "messages").send(HELLO)
    (file,) = (tmp_path / "messages").iterdir()
    assert file.name == f"{HELLO.reference}.json"
    assert json.loads(file.read_text())["to"] == "sam@hub.example"


def test_nobody_else_on_the_machine_reads_a_message(tmp_path):
    Folder(tmp_path / "messages").send(HELLO)
    (file,) = (tmp_path / "messages").iterdir()
    assert [path.stat().st_mode & 0o077 for path in (tmp_path / "messages", file)] == [0, 0]


def test_the_same_message_again_is_the_same_file(tmp_path):
    Folder(tmp_path).send(HELLO)
    Folder(tmp_path).send(HELLO)
    assert len(list(tmp_path.iterdir())) == 1


def test_killed_while_writing_it_leaves_no_half_message(tmp_path, monkeypatch):
    def killed(_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", killed)
        with pytest.raises(KeyboardInterrupt):
            Folder(tmp_path).send(HELLO)
    assert not list(tmp_path.glob("*.json"))
    Folder(tmp_path).send(HELLO)
    assert len(list(tmp_path.glob("*.json"))) == 1


def test_the_file_is_on_disk_before_the_message_counts_as_taken(tmp_path, monkeypatch):
    written = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: written.append(os.fstat(descriptor).st_ino))
    Folder(tmp_path).send(HELLO)
    (file,) = tmp_path.iterdir()
    assert written == [file.stat().st_ino, tmp_path.stat().st_ino]


def test_a_reference_is_the_same_for_the_same_message_and_tells_nothing():
    assert reference("hub", "key", "email") == reference("hub", "key", "email")
    assert (
        len(
            {
                reference("hub", "key", "email"),
                reference("hub", "key", "text"),
                reference("b", "key", "email"),
            }
        )
        == 3
    )
    assert "key" not in reference("hub", "key", "email")


def test_a_gateway_that_hangs_is_not_waited_for(gateway):
    gateway.mood = "hangs"
    with pytest.raises(NotTaken):
        Patient(gateway, seconds=0.05).send(HELLO)
    gateway.let_go.set()


def test_only_so_many_may_hang_at_once(gateway):
    gateway.mood = "hangs"
    patient = Patient(gateway, seconds=0.01, most_hanging=2)
    for _ in range(5):
        with pytest.raises(NotTaken):
            patient.send(HELLO)
    assert gateway.asked.total() == 2
    gateway.let_go.set()


def test_whatever_a_gateway_stumbles_over_is_not_taken():
    class Broken:
        def send(self, message):
            raise ZeroDivisionError

        def check(self):
            pass

    with pytest.raises(NotTaken, match="ZeroDivisionError"):
        Patient(Broken()).send(HELLO)


def test_a_folder_that_cannot_be_written_takes_nothing(tmp_path):
    (tmp_path / "messages").write_text("a file where the folder should be")
    with pytest.raises(NotTaken):
        Patient(Folder(tmp_path / "messages")).send(HELLO)


def test_an_address_that_is_none_stays_one_through_the_patience(gateway):
    gateway.mood = "never"
    with pytest.raises(NeverTaken):
        Patient(gateway).send(HELLO)


def test_a_folder_says_whether_it_can_be_written(tmp_path):
    Folder(tmp_path / "messages").check()
    (tmp_path / "file").write_text("a file where the folder should be")
    with pytest.raises(OSError, match="File exists"):
        Folder(tmp_path / "file").check()
