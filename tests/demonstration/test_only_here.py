"""A demonstration is there on this machine only, and over its own database only."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from portal.app import Portal, create_app
from portal.config import SettingsError
from portal.demonstration import making
from portal.demonstration.folder import settings_in
from tests.browsing import Browser
from tests.demonstration.conftest import close, hub_of
from tests.demonstration.running import CHECKOUT


@pytest.fixture
def demonstration(own: Path) -> Iterator[Portal]:
    """The application of a demonstration, in this process."""
    making.prepare(own, 8000)
    app = create_app(**settings_in(own).model_dump())
    yield app
    close(own)


def test_its_pages_are_whole(demonstration: Portal, own: Path):
    for door, path, heading in (
        ("public", "/", "A demonstration of Rowan"),
        ("public", "/figures", "The year in numbers"),
        ("staff", "/staff/components", "Components"),
    ):
        page = Browser(demonstration, hub_of(own), door).get(path)
        assert page.status == 200
        assert heading in page.main


@pytest.mark.parametrize("elsewhere", [{"REMOTE_ADDR": "192.0.2.7"}, {"HTTP_X_FORWARDED_FOR": "192.0.2.7"}])
def test_it_answers_to_this_machine_only(demonstration: Portal, own: Path, elsewhere: dict[str, str]):
    press = json.loads((own / "cards.json").read_text())[0]["press"]
    public, young = (Browser(demonstration, hub_of(own), door) for door in ("public", "young"))

    assert public.get("/", environ_overrides=elsewhere).status == 404
    assert young.post(press, token=False, environ_overrides=elsewhere).status == 404
    assert young.post(press, token=False).status == 303


def test_it_listens_to_this_machine_only(own: Path):
    ended = subprocess.run(
        [sys.executable, "-P", "-m", "portal.commands", "serve", "--host", "192.0.2.7", "--dir", str(own)],
        capture_output=True, text=True, env=os.environ | {"PYTHONPATH": str(CHECKOUT)}, check=False,
    )  # fmt: skip

    assert ended.returncode == 1
    assert ended.stderr == "A demonstration is served to this machine only: leave --host away.\n"


def test_it_is_not_served_over_any_other_database(own: Path, settings: dict[str, Any], hub_folder: Path):
    other = own / "hubs" / "demonstration.toml"
    there = re.sub(
        r'database = "[^"]+"', f'database = "sqlite:///{hub_folder}/data/hub.db"', other.read_text(), count=1
    )
    other.write_text(there)

    with pytest.raises(SettingsError, match="was not made as a demonstration, so none is served from it"):
        create_app(**settings_in(own).model_dump())
    close(own)


@pytest.mark.parametrize("mode", ["production", "test"])
def test_any_other_start_refuses_its_hub(own: Path, mode: str):
    with pytest.raises(SettingsError, match="is a demonstration; run it with `portal demo`"):
        create_app(**settings_in(own).model_dump() | {"mode": mode})


def test_a_hub_that_is_none_is_refused_as_one(settings: dict[str, Any]):
    with pytest.raises(SettingsError, match="a demonstration runs only on localhost, with its own database"):
        create_app(**settings | {"mode": "demonstration"})


def test_no_other_application_has_its_pages(app: Portal, doors: Any, cast: Any):
    assert not [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("demonstration.")]
    assert doors.young.post(f"/press/{cast.amara}", token=False).status == 404
    assert doors.staff.get("/staff/components").status == 404
