"""Single sign-on with a provider that runs as a program of its own: who it says it is, and who it cannot pass off."""

from __future__ import annotations

import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
from sqlalchemy import select

from portal.accounts.models import Person
from portal.accounts.single_sign_on import StaffIdentity
from portal.accounts.throttle import TRIES_OF_CLIENT, TRIES_OF_ONE
from portal.app import create_app
from portal.config import read_hub
from portal.db import session
from portal.outbox import OutboxMessage
from tests.accounts.test_step_up import has_proved_for
from tests.browsing import Browser
from tests.proofs.processes import free_port

NAME = "Manchester's sign-on"
PROVIDER = Path(__file__).with_name("provider.py")


@pytest.fixture(scope="module")
def provider():
    """The address of the provider's program."""
    port = free_port()
    with subprocess.Popen(
        [sys.executable, PROVIDER, str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as running:
        address = f"http://127.0.0.1:{port}"
        for _ in range(200):
            with suppress(requests.ConnectionError):
                requests.get(f"{address}/keys", timeout=1)
                break
            threading.Event().wait(0.1)
        yield address
        running.terminate()


@pytest.fixture
def hub_folder(hub_folder, provider):
    """With the provider in the hub's file."""
    path = hub_folder / "hubs" / "testhub.toml"
    told = {"name": NAME, "issuer": provider, "client_id": "rowan", "client_secret": "a secret of both"}
    lines = "".join(f'{name} = "{value}"\n' for name, value in told.items())
    path.write_text(f"{path.read_text()}\n[single_sign_on]\n{lines}")
    return hub_folder


def comes_back(browser, leaving, clock, subject="Sam-7", **told):
    """What a browser does at the provider, as *subject*; the page that stands at its return."""
    assert leaving.status == 303, leaving.main
    at = int(clock().timestamp())
    split = urlsplit(leaving.location)
    asked = (
        {name: found[0] for name, found in parse_qs(split.query).items()}
        | {"as": subject, "now": str(at)}
        | told
    )
    address = f"{split.scheme}://{split.netloc}{split.path}?{urlencode(asked)}"
    answer = requests.get(address, allow_redirects=False, timeout=5)
    return browser.get(answer.headers["Location"].removeprefix("http://staff.localhost"))


def goes_on(browser, page):
    return browser.post("/signed-on", {"code": page.field("code"), "state": page.field("state")})


def signs_on(browser, clock, subject="Sam-7", **told):
    return goes_on(browser, comes_back(browser, browser.get("/sign-on"), clock, subject, **told))


def leaves_to_join(browser):
    """Whoever is signed in proves who they are, and leaves for the provider."""
    has_proved_for(browser, "accounts.join_sign_on")
    return browser.get("/your-sign-in/join")


@pytest.fixture
def joined(at_door, cast, clock):
    """Sam has joined his account there to his sign-in here."""
    browser = at_door("staff").sign_in_as(cast.sam)
    page = comes_back(browser, leaves_to_join(browser), clock)
    assert goes_on(browser, page).location == "/your-sign-in"


def test_sam_signs_in_with_the_account_he_joined(doors, joined, clock):
    assert signs_on(doors.staff, clock).location == "/"
    assert "Sam: your sign-in" in doors.staff.get("/").text


def test_an_account_that_nobody_joined_opens_nothing_and_makes_nobody(doors, joined, clock, at_work):
    page = signs_on(doors.staff, clock, "Somebody-else")
    assert page.status == 422
    assert "opens nothing here yet" in page.main
    with at_work():
        assert len(session.scalars(select(StaffIdentity)).all()) == 1


def test_a_capital_makes_another_account(doors, joined, clock):
    assert signs_on(doors.staff, clock, "sam-7").status == 422


@pytest.mark.parametrize("trick", ["issuer", "audience", "nonce", "late", "key", "unsigned"])
def test_what_the_provider_did_not_say_so_is_not_believed(doors, joined, clock, trick):
    """Seen red with the nonce not asked for."""
    page = signs_on(doors.staff, clock, trick=trick)
    assert page.status == 422
    assert "did not say who you are" in page.main


def test_the_address_alone_signs_nobody_in(doors, joined, clock):
    comes_back(doors.staff, doors.staff.get("/sign-on"), clock)
    assert doors.staff.get("/").location == "/sign-in"


def test_another_browser_is_not_signed_in_by_it(doors, at_door, joined, clock):
    page = comes_back(doors.staff, doors.staff.get("/sign-on"), clock)
    other = at_door("staff")
    other.get("/sign-on")
    assert goes_on(other, page).status == 422


def test_what_came_back_to_another_leaving_is_not_taken(doors, joined, clock):
    """Seen red without the comparison of `state` in `who_comes_back`."""
    page = comes_back(doors.staff, doors.staff.get("/sign-on"), clock)
    sent = {"code": page.field("code"), "state": "of another leaving"}
    assert doors.staff.post("/signed-on", sent).status == 422


def test_what_came_back_works_once(doors, joined, clock):
    page = comes_back(doors.staff, doors.staff.get("/sign-on"), clock)
    goes_on(doors.staff, page)
    assert goes_on(doors.staff, page).status == 422


def test_after_ten_minutes_nothing_comes_back(doors, joined, clock):
    page = comes_back(doors.staff, doors.staff.get("/sign-on"), clock)
    clock.forward(minutes=10)
    assert goes_on(doors.staff, page).status == 422


def test_it_leaves_with_a_challenge_and_for_the_one_address(doors, joined):
    asked = parse_qs(urlsplit(doors.staff.get("/sign-on").location).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == ["http://staff.localhost/signed-on"]
    assert asked["scope"] == ["openid"]


def test_the_provider_is_to_ask_anew_each_time(doors, at_door, cast):
    browser = at_door("staff").sign_in_as(cast.sam)
    for leaving in (leaves_to_join(browser), doors.staff.get("/sign-on")):
        asked = parse_qs(urlsplit(leaving.location).query)
        assert (asked["prompt"], asked["max_age"]) == (["login"], ["0"])


def test_a_sign_in_just_now_is_no_proof_for_joining(at_door, cast):
    """Seen red with no proof of its own asked for."""
    assert at_door("staff").sign_in_as(cast.sam).get("/your-sign-in/join").status == 403


def test_a_proof_joins_once(at_door, cast, clock):
    """Seen red with no proof of its own asked for."""
    browser = at_door("staff").sign_in_as(cast.sam)
    assert goes_on(browser, comes_back(browser, leaves_to_join(browser), clock)).status == 303
    assert browser.get("/your-sign-in/join").status == 403


def test_sam_is_told_that_they_were_joined(joined, cast, at_work):
    """Seen red without `tell_of_change` in `_join`."""
    with at_work():
        told = session.execute(select(OutboxMessage.kind, OutboxMessage.recipient_id)).all()
        assert [tuple(one) for one in told] == [("sign_in.changed", cast.sam)]


@pytest.mark.parametrize("told", [{"ago": 3600}, {"ago": 61}, {"trick": "no time"}])
def test_whoever_it_let_through_unasked_does_not_come_in(doors, joined, clock, told):
    """What it is asked can be taken out of the address. Seen red with its time not compared, and with none taken for now."""
    page = signs_on(doors.staff, clock, **told)
    assert page.status == 422
    assert "did not ask who you are just now" in page.main
    assert doors.staff.get("/").location == "/sign-in"


def test_after_signing_out_of_a_locked_tablet_the_provider_asks_again(tablet, clock):
    tablet.staff.post("/sign-out")
    assert "prompt=login" in tablet.staff.get("/sign-on").location


def test_one_account_opens_one_persons_sign_in(joined, at_door, cast, clock):
    lee = at_door("staff").sign_in_as(cast.lee)
    page = goes_on(lee, comes_back(lee, leaves_to_join(lee), clock))
    assert page.status == 422
    assert "joined to somebody else" in page.main


def test_whoever_signs_in_does_not_join_by_it(joined, at_door, cast, clock, at_work):
    """Leaving to sign in and coming back signed in as another joins nothing."""
    lee = at_door("staff").sign_in_as(cast.lee)
    goes_on(lee, comes_back(lee, lee.get("/sign-on"), clock, "Lee-9"))
    with at_work():
        assert len(session.scalars(select(StaffIdentity)).all()) == 1


def test_who_just_proved_it_there_is_not_asked_again(doors, joined, clock):
    signs_on(doors.staff, clock)
    assert doors.staff.get("/your-sign-in/password").status == 200


def test_somebody_who_has_left_does_not_come_in(doors, joined, clock, cast, at_work):
    with at_work():
        session.get_one(Person, cast.sam).ended_at = clock()
    assert signs_on(doors.staff, clock).status == 422


def test_parted_it_opens_nothing(doors, joined, at_door, cast, clock):
    at_door("staff").sign_in_as(cast.sam).post("/your-sign-in/part")
    assert signs_on(doors.staff, clock).status == 422


def test_with_the_provider_away_the_page_says_so(settings, hub_folder, provider, clock):
    path = hub_folder / "hubs" / "testhub.toml"
    path.write_text(path.read_text().replace(provider, f"http://127.0.0.1:{free_port()}"))
    page = Browser(create_app(**settings, now=clock, rng=1), read_hub(path), "staff").get("/sign-on")
    assert page.status == 422
    assert "cannot be reached now" in page.main


def test_the_sign_in_page_names_it(doors):
    assert f"Sign in with {NAME}" in doors.staff.get("/sign-in").main


def test_a_tablet_that_was_handed_over_is_not_opened_by_it(tablet):
    assert tablet.staff.get("/sign-on").location == "/locked"


def test_many_people_behind_one_address_sign_on(doors, at_door, joined, clock):
    """Seen red with one count for the sign-ons of a whole council."""
    for number in range(TRIES_OF_ONE):
        assert signs_on(at_door("staff"), clock, f"Nobody-{number}").status == 422
    assert signs_on(doors.staff, clock).location == "/"


def test_what_one_browser_left_with_is_not_tried_for_ever(doors, joined, clock):
    """Whoever keeps the cookie of one leaving guesses codes with it ten times."""
    doors.staff.get("/sign-on")
    kept = doors.staff.client.get_cookie("s", domain="staff.localhost").value
    answers = []
    for number in range(TRIES_OF_ONE + 1):
        doors.staff.client.set_cookie("s", kept, domain="staff.localhost")
        answers.append(doors.staff.post("/signed-on", {"code": f"{number}", "state": "guessed"}).status)
    assert answers == [422] * TRIES_OF_ONE + [429]


def test_one_address_does_not_ask_the_provider_for_ever(doors, joined):
    """Seen red with nothing counted in `sign_on`."""
    answers = [doors.staff.get("/sign-on").status for _ in range(TRIES_OF_CLIENT + 1)]
    assert answers == [303] * TRIES_OF_CLIENT + [429]
