"""What every test stands on: a hub of its own, a clock it holds, browsers that inspect what they fetch, the cast."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import playwright.sync_api
import pytest

from portal import crypto, db, migrations
from portal.app import Portal, create_app
from portal.config import Hub, HubFile, read_hub
from tests.browsing import Browser
from tests.cast import Cast, enter_the_cast
from tests.machine.browser import find_chromium, running_chromium
from tests.machine.postgres import Database, fresh_database, template_database

# A Tuesday in November, ten in the morning in London: office hours.
START = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)

HUB = """
name = "testhub"
title = "Complex Safeguarding Hub"
authority = "Manchester"
exit_url = "https://www.bbc.co.uk/weather"
languages = ["en_GB", "eo", "dv"]
database = "sqlite:///{folder}/data/hub.db"
key_store = "sqlite:///{folder}/keys/store.db"

[doors]
young = "http://young.localhost"
family = "http://family.localhost"
staff = "http://staff.localhost"
public = "http://localhost"

[words]
young = "Notes"
family = "Planner"

[numbers.duty_team]
name = "The duty team"
number = "0161 496 0101"
hours = "Monday to Friday, 9 to 5"
cost = "A local call"
[numbers.emergency_duty_team]
name = "The emergency duty team"
number = "0161 496 0102"
hours = "Every night and all weekend"
cost = "A local call"
[numbers.advocate]
name = "An advocate"
number = "0800 496 0103"
hours = "Monday to Friday, 9 to 6"
cost = "Free"
[numbers.designated_officer]
name = "The designated officer"
number = "0161 496 0104"
hours = "Monday to Friday, 9 to 5"
cost = "A local call"

[office_hours]
monday = ["09:00", "17:00"]
tuesday = ["09:00", "17:00"]
wednesday = ["09:00", "17:00"]
thursday = ["09:00", "17:00"]
friday = ["09:00", "16:30"]
"""


class Clock:
    """The only clock of a test; it moves when the test says so."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **by: float) -> None:
        """Let time pass: `clock.forward(hours=3)`."""
        self.at += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock(START)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Which database the tests of a hub stand on; `./run test` takes both."""
    parser.addoption("--database", choices=("sqlite", "postgresql", "both"), default="sqlite")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test of a hub once per database."""
    if "database" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--database")
        databases = ("sqlite", "postgresql") if chosen == "both" else (chosen,)
        if metafunc.definition.get_closest_marker("sqlite_file"):
            databases = ("sqlite",)
        if metafunc.definition.get_closest_marker("postgresql"):
            databases = ("postgresql",)
        metafunc.parametrize("database", databases, indirect=True)


@pytest.fixture
def database(request: pytest.FixtureRequest) -> str:
    """The name of the database that this test stands on."""
    return str(request.param)


@pytest.fixture(scope="session")
def blank_hub(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a migrated, empty SQLite hub, copied for each test."""
    folder = tmp_path_factory.mktemp("blank")
    for part in ("data", "keys", "hubs"):
        (folder / part).mkdir()
    (folder / "wrapping.json").write_text(crypto.new_wrapping_keys())
    migrations.upgrade(write_hub(folder))
    return folder


def on_postgresql(text: str, database: Database) -> str:
    """The text of a hub file, moved to a PostgreSQL database and its two roles."""
    here = 'database = "sqlite:///{folder}/data/hub.db"'
    assert here in text
    return text.replace(here, f'database = "{database.app_url}"\nowner_database = "{database.owner_url}"', 1)


def migrated(folder: Path) -> str:
    """The name of the PostgreSQL template database with the newest schema."""

    def build(made: Database) -> None:
        migrations.upgrade(write_hub(folder, on_postgresql(HUB, made)))

    return template_database("newest schema", build)


def write_hub(folder: Path, text: str = HUB) -> HubFile:
    """Write the test hub's file for *folder* and read it."""
    path = folder / "hubs" / "testhub.toml"
    path.write_text(text.replace("{folder}", str(folder)))
    return read_hub(path)


@pytest.fixture
def hub_folder(blank_hub: Path, tmp_path: Path, database: str) -> Iterator[Path]:
    """The folder of this test's own hub: its file, its data, its keys."""
    folder = tmp_path / "hub"
    shutil.copytree(blank_hub, folder)
    if database == "sqlite":
        write_hub(folder)
        yield folder
        return
    with fresh_database(migrated(folder)) as made:
        write_hub(folder, on_postgresql(HUB, made))
        yield folder


@pytest.fixture
def settings(hub_folder: Path) -> dict[str, object]:
    return {
        "mode": "test",
        "hubs": hub_folder / "hubs",
        "keys": hub_folder / "wrapping.json",
        "secret_key": "for tests only, and long enough to sign with",
        "messages": hub_folder / "messages",
    }


@pytest.fixture
def hub_file(hub_folder: Path) -> HubFile:
    return read_hub(hub_folder / "hubs" / "testhub.toml")


@pytest.fixture
def app(settings: dict[str, object], hub_file: HubFile, clock: Clock) -> Iterator[Portal]:
    made = create_app(**settings, now=clock, rng=1)
    yield made
    db.close_engine(hub_file)
    crypto.close_ring(hub_file)


@pytest.fixture
def at_work(app: Portal, hub_file: HubFile, clock: Clock) -> Callable[[], AbstractContextManager[Hub]]:
    """`with at_work():` one committed step of the hub, in which the test sets something up or looks."""
    return lambda: db.step(Hub(hub_file, clock=clock))


@pytest.fixture
def cast(at_work: Callable[[], AbstractContextManager[Hub]]) -> Cast:
    """Amara, Ruth, Sam, Lee, Priya, Noor, Dan and the others, entered in the hub."""
    with at_work():
        return enter_the_cast()


@pytest.fixture
def at_door(app: Portal, hub_file: HubFile) -> Callable[[str], Browser]:
    """`at_door("young")`: a fresh browser at a door."""
    return partial(Browser, app, hub_file)


@pytest.fixture
def doors(at_door: Callable[[str], Browser]) -> SimpleNamespace:
    """One fresh browser at each door."""
    return SimpleNamespace(**{door: at_door(door) for door in ("young", "family", "staff", "public")})


@pytest.fixture(scope="session")
def chromium() -> Iterator[playwright.sync_api.Browser]:
    """The one real browser of this process."""
    with running_chromium() as browser:
        yield browser


@pytest.fixture
def page(chromium: playwright.sync_api.Browser) -> Iterator[playwright.sync_api.Page]:
    """A page of the real browser, the size of a phone, with nothing remembered."""
    context = chromium.new_context(viewport={"width": 390, "height": 760}, has_touch=True)
    yield context.new_page()
    context.close()


@pytest.fixture
def keeps_pages() -> None:
    """For what a browser may show after its page was left: fails where the browser has no such cache."""
    find_chromium(keeps_pages=True)
