"""A route that is silent, or refuses for long, keeps no new message from being tried."""

import socket

import pytest

from portal.accounts.models import Person
from portal.db import session
from portal.gateway_settings import GatewaySettings
from portal.notify.gateways import EMAIL, TEXT, NoAnswer, Outgoing, Patient
from portal.notify.govuk_notify import GovukNotify
from portal.notify.sender import MOST_AT_ONCE, run_once
from portal.notify.smtp import Smtp

A_TEXT = Outgoing("ab" * 32, TEXT, "07700 900123", "", "")
A_MAIL = Outgoing("cd" * 32, EMAIL, "sam@hub.example", "", "")


@pytest.fixture
def tess(at_work):
    """Somebody of the staff whom texts alone reach."""
    with at_work():
        return Person.enter("staff", "Tess Text", roles=("worker",), phone="07700 900124").id


@pytest.fixture
def round_with_texts_swallowed(hub_file, gateway, clock):
    """One round in which every text hangs for as long as it is waited for; which routes took how many."""

    class Swallows:
        def send(self, message):
            if message.route == TEXT:
                gateway.asked[message.reference] += 1
                clock.forward(seconds=5)
                raise NoAnswer
            gateway.send(message)

        def check(self): ...

    return lambda: run_once(hub_file, Swallows(), clock)


def test_with_thirty_texts_stuck_a_new_message_still_leaves_in_that_round(
    waits, round_with_texts_swallowed, gateway, cast, tess, clock
):
    """Seen red without leaving the silent route out."""
    for _ in range(30):
        waits(to=tess)
    clock.forward(seconds=1)
    waits(to=cast.sam)
    assert round_with_texts_swallowed() == 1
    assert gateway.took[0].to == "sam@hub.example"
    assert gateway.asked.total() == 2, "the gateway was waited for more than once"


def test_a_whole_round_of_refused_messages_stands_behind_a_new_one(waits, sends, gateway, cast, tess, clock):
    """Seen red with the oldest due first."""
    for _ in range(MOST_AT_ONCE):
        waits(to=tess)
    gateway.by_route[TEXT] = "refuses"
    sends()
    clock.forward(minutes=5)
    waits(to=cast.sam)
    assert sends() == 1


def test_what_was_left_out_is_tried_soon(waits, round_with_texts_swallowed, sends, gateway, tess, clock):
    waits(to=tess)
    waits(to=tess)
    round_with_texts_swallowed()
    clock.forward(seconds=5)
    assert sends() == 2


def test_the_route_that_was_left_out_goes_on_by_itself(
    waits, round_with_texts_swallowed, sends, gateway, tess, bo, the_messages, clock
):
    waits(to=tess)
    clock.forward(seconds=1)
    waits(to=bo)
    assert round_with_texts_swallowed() == 1
    assert [message.also_by for message in the_messages() if message.recipient_id == bo] == [TEXT]
    clock.forward(seconds=5)
    sends()
    assert sorted(message.to for message in gateway.took if message.route == TEXT) == [
        "07700 900123", "07700 900124",
    ]  # fmt: skip


def test_who_wishes_texts_is_told_by_mail_in_the_same_round(
    waits, round_with_texts_swallowed, gateway, at_work, tess, bo, clock
):
    """Seen red with the wish alone while its route was silent."""
    with at_work():
        session.get_one(Person, bo).notices_by = TEXT
    waits(to=tess)
    clock.forward(seconds=1)
    waits(to=bo)
    assert round_with_texts_swallowed() == 1
    assert gateway.took[0].to == "bo@hub.example"


def test_who_wishes_texts_is_told_by_mail_once_a_text_was_not_taken(
    waits, sends, gateway, at_work, bo, clock
):
    """Seen red with the wish alone at each try."""
    with at_work():
        session.get_one(Person, bo).notices_by = TEXT
    waits(to=bo)
    gateway.by_route[TEXT] = "refuses"
    assert sends() == 0
    clock.forward(seconds=5)
    assert sends() == 1
    assert gateway.took[0].route == EMAIL


# --- a silence is known for one by each gateway -------------------------------------------------------------------


@pytest.fixture
def silence():
    """A port that takes every call and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_notifys_silence_is_one(silence, monkeypatch):
    """Seen red without the look at what its client stumbled over."""
    monkeypatch.setattr("portal.notify.govuk_notify.SECONDS", 0.2)
    key = "rowan-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0"
    with pytest.raises(NoAnswer):
        GovukNotify(GatewaySettings(notify_key=key, notify_url=f"http://127.0.0.1:{silence}"), TEXT).send(
            A_TEXT
        )


@pytest.mark.parametrize("tls", ["tls", "starttls"])
def test_a_relays_silence_is_one(silence, monkeypatch, tls):
    """Seen red without `_why` (starttls), and without the look at `TimeoutError` in `Patient` (tls)."""
    monkeypatch.setattr("portal.notify.smtp.SECONDS", 0.2)
    own = GatewaySettings(
        smtp_host="127.0.0.1", smtp_port=silence, smtp_tls=tls, smtp_from="notes@mail.example"
    )
    with pytest.raises(NoAnswer):
        Patient(Smtp(own)).send(A_MAIL)
