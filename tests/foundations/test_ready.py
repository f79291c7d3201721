"""`/healthz` and `/readyz`: at every host name, before a door or a hub is looked up."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from portal import crypto, db
from portal.app import Portal, create_app
from portal.config import Hub, HubFile, Settings
from portal.notify.models import THE_WATCHER, beat
from portal.notify.sender import run_once
from tests.conftest import Clock


@pytest.fixture
def beating(app: Portal, settings: dict[str, object], hub_file: HubFile, clock: Clock) -> None:
    """The sender has gone round once."""
    run_once(hub_file, Settings.model_validate(settings), clock)


def ready(app: Portal) -> tuple[int, dict[str, bool]]:
    answer = app.test_client().get("/readyz", base_url="http://127.0.0.1")
    return answer.status_code, json.loads(answer.get_data())


@pytest.mark.parametrize("host", ["127.0.0.1", "young.localhost", "elsewhere.example"])
def test_a_process_that_lives_says_so_at_every_host_name(app: Portal, host: str):
    assert app.test_client().get("/healthz", base_url=f"http://{host}").status_code == 200


@pytest.mark.usefixtures("beating")
def test_it_is_ready_when_everything_answers(app: Portal):
    assert ready(app) == (200, {"database": True, "keys": True, "disk": True, "sender": True})


def test_it_is_not_ready_before_the_sender_has_beaten(app: Portal):
    assert ready(app) == (503, {"database": True, "keys": True, "disk": True, "sender": False})


@pytest.mark.usefixtures("beating")
def test_it_is_not_ready_when_the_sender_has_been_silent_for_two_minutes(app: Portal, clock: Clock):
    clock.forward(seconds=121)

    assert ready(app)[1]["sender"] is False


@pytest.mark.sqlite_file
@pytest.mark.usefixtures("beating")
def test_it_is_not_ready_without_its_database(app: Portal, hub_folder: Path, hub_file: HubFile):
    db.close_engine(hub_file)
    shutil.rmtree(hub_folder / "data")

    assert ready(app) == (503, {"database": False, "keys": True, "disk": True, "sender": False})


@pytest.mark.usefixtures("beating")
def test_it_is_not_ready_without_its_keys(app: Portal, hub_file: HubFile, settings: dict[str, object]):
    wrapping = Path(str(settings["keys"]))
    wrapping.write_text(crypto.new_wrapping_keys())
    crypto.open_ring(hub_file, wrapping)

    assert ready(app) == (503, {"database": True, "keys": False, "disk": True, "sender": True})


@pytest.mark.usefixtures("beating")
def test_it_is_not_ready_on_a_disk_that_is_almost_full(app: Portal, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1 << 20))

    assert ready(app) == (503, {"database": True, "keys": True, "disk": False, "sender": True})


def test_where_somebody_is_to_be_told_it_asks_whether_anybody_watches(
    settings: dict[str, object], hub_file: HubFile, clock: Clock, beating: None
):
    told = create_app(**settings | {"watcher_phone": "07700 900999"}, now=clock)
    assert ready(told)[1]["watcher"] is False
    with db.step(Hub(hub_file, clock=clock)):
        beat(THE_WATCHER)
    assert ready(told)[1]["watcher"] is True
    clock.forward(seconds=121)
    assert ready(told)[1]["watcher"] is False
