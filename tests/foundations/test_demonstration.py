"""The demonstration: one line of JSON, four doors, a card that always works, this machine only."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pyotp
import pytest
from sqlalchemy import create_engine, select, text

from portal import crypto, db
from portal.access import DOOR_OF, POLICY
from portal.accounts.models import Person
from portal.alerts.models import Alert
from portal.app import Portal, create_app
from portal.config import Hub, HubFile, SettingsError, current_hub, read_hub
from portal.demonstration import making
from portal.demonstration.folder import locked, settings_in
from portal.episodes.models import InterviewTask
from portal.trail.models import Voice
from tests.browsing import Browser

CHECKOUT = Path(__file__).parents[2]
KEYS = ("role", "name", "email", "password", "totp", "link", "words", "pin", "press")


# --- a demonstration as its command serves it ---------------------------------------------------------------------


@dataclass
class Served:
    """`portal demo --json`, running."""

    process: subprocess.Popen[str]
    port: int
    said: dict[str, Any]
    errors: list[str] = field(default_factory=list)
    reader: threading.Thread | None = None

    @property
    def cards(self) -> list[dict[str, Any]]:
        """The cards of the line."""
        cards: list[dict[str, Any]] = self.said["cards"]
        return cards

    def card_of(self, role: str) -> dict[str, Any]:
        """The first card of a role."""
        return next(card for card in self.cards if card["role"] == role)

    def ask(self, method: str, door: str, path: str, data: dict[str, str] | None = None,
            **headers: str) -> tuple[http.client.HTTPResponse, str]:  # fmt: skip
        """One real request at a door, which is told by its name alone."""
        host = urlsplit(self.said["doors"][door]).netloc
        body = urlencode(data or {}) if method == "POST" else None
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if method == "POST" else {}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, {"Host": host, **kind, **headers})
            answer = connection.getresponse()
            return answer, answer.read().decode()
        finally:
            connection.close()

    def end(self, number: int) -> int:
        """Send the command a signal; its exit status."""
        self.process.send_signal(number)
        return self.gone()

    def gone(self) -> int:
        """Wait until the command and everything it started is gone; its exit status."""
        status = self.process.wait(60)
        assert self.reader is not None
        # Whoever is left of them holds the other end of this pipe.
        self.reader.join(60)
        assert not self.reader.is_alive()
        return status

    def read_on(self) -> None:
        """Read what it says until nobody can say anything any more."""
        assert self.process.stderr is not None
        assert self.process.stdout is not None
        with self.process.stderr as errors, self.process.stdout:
            self.errors.extend(errors)


def start(folder: Path, port: int) -> Served:
    """Start the command and wait until the web server says that it listens, and the worker that it sends."""
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "portal.commands", "demo", "--port", str(port), "--dir", str(folder), "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONPATH": str(CHECKOUT)}, start_new_session=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stderr is not None
    first = process.stdout.readline()
    assert first, process.stderr.read()
    served = Served(process, port, json.loads(first))
    wanted = ["Started worker-1", "event=sending"]
    for line in process.stderr:
        served.errors.append(line)
        wanted = [what for what in wanted if what not in line]
        if not wanted:
            break
    assert not wanted, served.errors
    served.reader = threading.Thread(target=served.read_on, daemon=True)
    served.reader.start()
    while is_shut(port):  # its line comes a moment before the port opens
        with contextlib.suppress(subprocess.TimeoutExpired):
            raise AssertionError(f"It ended with {process.wait(0.1)}: {served.errors}")
    return served


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_shut(port: int) -> bool:
    """Whether nobody listens at the port any more."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def cookie(answer: http.client.HTTPResponse) -> str:
    return (answer.getheader("Set-Cookie") or "").split(";")[0]


def token(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return found[1]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demonstration") / "hub"


@pytest.fixture(scope="module")
def served(folder: Path) -> Iterator[Served]:
    """One demonstration for the tests that only look at it."""
    running = start(folder, free_port())
    yield running
    running.end(signal.SIGTERM)


def test_its_first_line_has_the_doors_and_the_cards(served: Served):
    at = f"localhost:{served.port}"

    assert set(served.said) == {"url", "doors", "cards"}
    assert served.said["url"] == f"http://{at}"
    assert served.said["doors"] == {
        "young": f"http://young.{at}", "family": f"http://family.{at}", "staff": f"http://staff.{at}",
        "public": f"http://{at}",
    }  # fmt: skip
    assert all(tuple(card) == KEYS for card in served.cards)


def test_every_role_has_two_people(served: Served):
    assert min(Counter(card["role"] for card in served.cards)[role] for role in POLICY) >= 2


def test_families_have_a_way_in_and_staff_a_password_and_code(served: Served):
    for card in served.cards:
        ways, secrets = ("link", "words", "pin"), ("email", "password", "totp")
        has, lacks = (secrets, ways) if DOOR_OF[card["role"]] == "staff" else (ways, secrets)
        assert all(card[name] for name in has)
        assert all(card[name] is None for name in lacks)


@pytest.mark.parametrize("door", ["young", "family", "staff", "public"])
def test_every_door_answers_by_its_name(served: Served, door: str):
    answer, _ = served.ask("GET", door, "/")

    assert answer.status == (200 if door == "public" else 303)
    assert served.ask("GET", door, "/help")[0].status == 200


def test_it_is_alive_and_ready(served: Served):
    answer, page = served.ask("GET", "public", "/readyz")
    while answer.status != 200 and '"sender": false' in page:  # it beats once it has gone round
        answer, page = served.ask("GET", "public", "/readyz")

    assert json.loads(page) == {"database": True, "keys": True, "disk": True, "sender": True}


def test_every_card_signs_in_at_one_press(served: Served):
    for card in served.cards:
        door = DOOR_OF[card["role"]]
        answer, _ = served.ask("POST", door, card["press"], Origin=served.said["url"])
        assert answer.status == 303, card["name"]
        inside, _ = served.ask("GET", door, "/", Cookie=cookie(answer))
        assert inside.status == 200, card["name"]


def test_a_button_pressed_on_the_front_page_comes_without_an_origin(served: Served):
    answer, _ = served.ask("POST", "young", served.card_of("young person")["press"], Origin="null")

    assert answer.status == 303


def test_a_press_at_another_door_or_from_elsewhere_is_nothing(served: Served):
    press = served.card_of("young person")["press"]

    assert served.ask("POST", "staff", press)[0].status == 404
    assert served.ask("POST", "young", press, Origin="https://example.org")[0].status == 404
    assert served.ask("GET", "young", press)[0].status in (404, 405)


@pytest.mark.parametrize("role", ["young person", "parent or carer", "residential carer"])
@pytest.mark.parametrize("way", ["words", "link"])
def test_families_come_in_by_link_or_words_and_pin(served: Served, role: str, way: str):
    card, door = served.card_of(role), DOOR_OF[role]
    looked, page = served.ask("GET", door, "/in")
    typed = (
        {"words": card["words"]} if way == "words" else {"token": card["link"].partition("#")[2], "words": ""}
    )
    entered, _ = served.ask("POST", door, "/in", {**typed, "pin": card["pin"], "csrf_token": token(page)},
                            Cookie=cookie(looked))  # fmt: skip

    assert entered.status == 303
    assert served.ask("GET", door, "/", Cookie=cookie(entered))[0].status == 200


def test_staff_sign_in_with_password_and_code(served: Served):
    card = served.card_of("worker")
    looked, page = served.ask("GET", "staff", "/sign-in")
    entered, _ = served.ask(
        "POST", "staff", "/sign-in",
        {"email": card["email"], "password": card["password"], "code": pyotp.TOTP(card["totp"]).now(),
         "csrf_token": token(page)},
        Cookie=cookie(looked),
    )  # fmt: skip

    assert entered.status == 303
    assert served.ask("GET", "staff", "/", Cookie=cookie(entered))[0].status == 200


def test_the_front_page_has_a_button_for_everybody_and_may_post_to_every_door(served: Served):
    answer, page = served.ask("GET", "public", "/")
    policy = answer.getheader("Content-Security-Policy") or ""
    action = re.search(r"form-action ([^;]+);", policy)
    assert action

    for card in served.cards:
        assert f'action="{served.said["doors"][DOOR_OF[card["role"]]]}{card["press"]}"' in page
    for door in ("young", "family", "staff"):
        assert served.said["doors"][door] in action[1].split()


def test_another_start_keeps_the_people_and_gives_them_fresh_ways_in(
    served: Served, folder: Path, tmp_path: Path
):
    copy = tmp_path / "hub"
    shutil.copytree(folder, copy)
    again = start(copy, free_port())
    status = again.end(signal.SIGINT)

    assert status == 0
    assert [card["press"] for card in again.cards] == [card["press"] for card in served.cards]
    assert all(f":{again.port}/in#" in card["link"] for card in again.cards if card["link"])
    assert again.card_of("young person")["pin"] != served.card_of("young person")["pin"]
    assert is_shut(again.port)


def test_it_is_served_only_once_from_a_folder(served: Served, folder: Path):
    second = subprocess.run(
        [sys.executable, "-P", "-m", "portal.commands", "demo", "--port", str(free_port()), "--dir", str(folder)],
        capture_output=True, text=True, env=os.environ | {"PYTHONPATH": str(CHECKOUT)}, check=False,
    )  # fmt: skip

    assert (second.returncode, second.stdout) == (1, "")
    assert second.stderr == f"The demonstration in {folder} is being served already.\n"


@pytest.mark.parametrize("how", ["killed", "a child dies"])
def test_none_of_its_processes_outlives_the_others(served: Served, folder: Path, tmp_path: Path, how: str):
    copy = tmp_path / "hub"
    shutil.copytree(folder, copy)
    running = start(copy, free_port())
    children = children_of(running.process.pid)
    assert len(children) == 2
    if how == "killed":
        running.end(signal.SIGKILL)
    else:
        os.kill(next(pid for pid, words in children.items() if "worker" in words), signal.SIGKILL)
        assert running.gone() == 1
        assert "The worker stopped by itself, so the demonstration has stopped too." in running.errors[-1]

    assert is_shut(running.port)


def children_of(pid: int) -> dict[int, str]:
    listed = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True
    )
    rows = [line.split(None, 2) for line in listed.stdout.splitlines()]
    return {int(child): words for child, parent, words in rows if int(parent) == pid}


# --- its folder ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration that was made and is not being served."""
    path = tmp_path_factory.mktemp("made") / "hub"
    with locked(path):
        making.prepare(path, 8000)
    return path


@pytest.fixture
def own(made: Path, tmp_path: Path) -> Path:
    """A copy of it for one test."""
    shutil.copytree(made, tmp_path / "own")
    return tmp_path / "own"


def hub_of(folder: Path) -> HubFile:
    return read_hub(folder / "hubs" / "demonstration.toml")


def people_in(folder: Path) -> set[str]:
    return set(json.loads((folder / "people.json").read_text()).values())


def by_hand(folder: Path, *statements: str) -> None:
    engine = create_engine(f"sqlite:///{folder}/data/hub.db")
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE alembic_version SET version_num = '9999'",
        "ALTER TABLE person ADD COLUMN shoes TEXT",
        "UPDATE person SET name = x'0099'",
    ],
)
def test_another_versions_data_are_made_anew(own: Path, statement: str):
    before = people_in(own)
    by_hand(own, statement)
    making.prepare(own, 8000)

    assert people_in(own).isdisjoint(before)


def test_what_was_interrupted_is_made_anew(own: Path):
    before = people_in(own)
    (own / "people.json").unlink()
    making.prepare(own, 8000)

    assert people_in(own).isdisjoint(before)


def test_a_folder_with_other_things_in_it_is_left_alone(tmp_path: Path):
    (tmp_path / "letter.txt").write_text("dear nan")
    with pytest.raises(SettingsError, match="holds other things; name an empty folder"), locked(tmp_path):
        pass

    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_the_keys_lie_elsewhere_than_the_data_and_only_for_their_owner(made: Path):
    settings = settings_in(made)

    assert settings.keys.parent not in (made / "data", made / "keys")
    for secret in (settings.keys, made / "secret", made / "cards.json"):
        assert secret.stat().st_mode & 0o077 == 0


# --- only here, only this -----------------------------------------------------------------------------------------


@pytest.fixture
def demonstration(own: Path) -> Iterator[Portal]:
    """The application of a demonstration, in this process."""
    making.prepare(own, 8000)
    app = create_app(**settings_in(own).model_dump())
    yield app
    close(own)


def close(folder: Path) -> None:
    file = hub_of(folder)
    db.close_engine(file)
    crypto.close_ring(file)


def test_its_pages_are_whole(demonstration: Portal, own: Path):
    for door, path, heading in (
        ("public", "/", "A demonstration of Rowan"),
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


# --- the present week ---------------------------------------------------------------------------------------------


@pytest.fixture
def week(own: Path) -> Iterator[None]:
    """A look into the hub of the demonstration."""
    crypto.open_ring(hub_of(own), settings_in(own).keys)
    with db.step(Hub(hub_of(own))):
        yield
    close(own)


@pytest.mark.usefixtures("week")
def test_everybody_is_held_so_that_retention_leaves_them_alone():
    assert set(db.session.scalars(select(Person.held_because))) == {"demonstration"}


@pytest.mark.usefixtures("week")
def test_there_is_something_to_do_for_everybody_of_this_thread():
    states = Counter(db.session.scalars(select(InterviewTask.state)))
    voices = Counter(db.session.scalars(select(Voice.state)))
    alerts = Counter(db.session.scalars(select(Alert.state)))

    assert {"proposed", "open", "offered", "held", "form only", "declined"} <= set(states)
    assert voices == {"waiting": 1, "answered": 1}
    assert alerts == {"open": 2, "held": 1}


@pytest.mark.usefixtures("week")
def test_a_return_is_late_and_another_due_within_a_day():
    now = current_hub().now()
    due = db.session.scalars(
        select(InterviewTask.due_at).where(InterviewTask.state.in_(("proposed", "open", "offered")))
    ).all()

    assert any(at < now for at in due)
    assert any(0 < (at - now).total_seconds() < 24 * 3600 for at in due)


@pytest.mark.usefixtures("week")
def test_children_live_at_home_in_care_and_in_anothers_care():
    lives = set(db.session.scalars(select(Person.living).where(Person.kind == "child")))

    assert lives == {"home", "our child", "other authority"}
