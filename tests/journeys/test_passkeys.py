"""A passkey in a real browser, with a device that the browser itself plays: made, used to sign in, used once more."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from portal.accounts.sign_in import SignIn
from portal.db import session


@pytest.fixture
def page(at_desk) -> Page:
    """Sam at his desk, on a laptop that asks for his finger and gets it."""
    page: Page = at_desk("sam", inspects=True).page
    asks = page.context.new_cdp_session(page)
    device: dict[str, Any] = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
                              "hasUserVerification": True, "isUserVerified": True}  # fmt: skip
    asks.send("WebAuthn.enable")
    asks.send("WebAuthn.addVirtualAuthenticator", {"options": device})
    return page


def test_sam_makes_one_signs_in_with_it_and_proves_who_he_is(page, live):
    home = live.origin("staff")
    with live.ground.at_work():  # he has just given a code for this page
        session.execute(update(SignIn).values(proved_for="accounts.add_passkey"))
    page.goto(f"{home}/your-sign-in/new-passkey")
    page.get_by_label("What shall it be called?").fill("My laptop")
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_role("rowheader", name="My laptop")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    live.ground.clock.forward(minutes=6)
    page.goto(f"{home}/your-sign-in/new-passkey")
    expect(page.get_by_role("heading", name="Is it you?")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Add a passkey")).to_be_visible()


def test_where_the_device_says_no_the_page_says_what_else(page, live, at_desk):
    nobody = at_desk("sam", signed_in=False).page
    nobody.goto(f"{live.origin('staff')}/sign-in")
    asks = nobody.context.new_cdp_session(nobody)
    asks.send("WebAuthn.enable")
    asks.send("WebAuthn.addVirtualAuthenticator", {"options": {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": False}})  # fmt: skip
    nobody.get_by_role("button", name="Sign in with a passkey").click()
    expect(nobody.get_by_text("do it the other way")).to_be_visible()


def test_without_script_the_code_is_all_there_is(live, at_desk):
    plain = at_desk("sam", signed_in=False, java_script_enabled=False).page
    plain.goto(f"{live.origin('staff')}/sign-in")
    expect(plain.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    expect(plain.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
