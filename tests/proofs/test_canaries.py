"""What lies sealed lies nowhere else."""

import pytest

from portal.access import DOOR_OF, POLICY
from tests.proofs.canaries import TYPED, Searched, disguises, missing_from_the_hub, search
from tests.proofs.filled import FIRST, SECOND, every_sealed_column
from tests.proofs.ground import hub_in
from tests.proofs.standing import views


@pytest.fixture(scope="module")
def ground(tmp_path_factory):
    with hub_in(tmp_path_factory.mktemp("canaries")) as made:
        yield made


@pytest.fixture(scope="module")
def searched(ground):
    return search(ground)


def test_no_canary_is_found_anywhere(searched):
    assert searched.found == []


def test_the_search_saw_files_logs_messages_and_headers(searched, ground):
    roles = [DOOR_OF[role] for role in POLICY]
    headers = sum(len(view.methods) * (roles.count(view.door) + 1) for view in views(ground.app))
    files = sum(path.is_file() for path in ground.folder.rglob("*"))
    assert searched.places > headers + files
    assert searched.bytes_read > 1 << 20


@pytest.mark.parametrize("canaries", [FIRST, SECOND], ids=lambda canaries: canaries.name)
def test_every_sealed_column_has_a_canary(canaries):
    columns = {f"{table.name}.{name}" for _, table, name in every_sealed_column()}
    assert columns - {"staff_secret.totp"} == canaries.canaries.keys()


def test_a_column_without_its_canary_is_noticed(tmp_path):
    with hub_in(tmp_path) as ground, ground.at_work():
        assert "voice_note.words" in missing_from_the_hub({})


@pytest.mark.parametrize("disguise", sorted(disguises(TYPED)), ids=repr)
def test_a_canary_is_found_in_every_disguise(disguise):
    searched = Searched({"what was typed": TYPED})
    searched.look("here", b"before " + disguise + b" after")
    assert searched.found
