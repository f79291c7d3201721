"""A demonstration that is served: one line of JSON, four doors, a card that always works."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest

from portal.access import DOOR_OF, POLICY
from tests.demonstration.running import CHECKOUT, Served, children_of, is_shut, start
from tests.proofs.processes import free_port

KEYS = ("role", "name", "email", "password", "totp", "link", "words", "pin", "press")


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
