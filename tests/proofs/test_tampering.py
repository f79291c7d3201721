"""All tampering with the trail is found: some of it here, a thousand kinds by `./run prove tampering`; and its breaks."""

from __future__ import annotations

import hmac

from portal import audit
from tests.proofs.ground import a_hub
from tests.proofs.tampering import tampered_with


def missed(times=200):
    with a_hub() as ground:
        return tampered_with(ground, times)[1]


def test_all_of_it_is_found():
    assert missed() == []


# --- red on purpose -----------------------------------------------------------------------------------------------


def test_without_comparing_the_hash_of_each_event_some_is_not_found(monkeypatch):
    monkeypatch.setattr(hmac, "compare_digest", lambda *_: True)
    assert missed() != []


def test_without_asking_how_far_the_trail_had_reached_a_cut_end_is_not_found(monkeypatch):
    monkeypatch.setattr(audit, "_marked", lambda: (0, audit.BEGINNING))
    assert {one.split()[0] for one in missed()} == {"cut", "delete"}
