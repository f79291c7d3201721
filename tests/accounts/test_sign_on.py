"""`/sign-on` where the hub has no single sign-on: it leads back, and nobody is told of it."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("path", ["/sign-on", "/signed-on"])
def test_it_leads_to_the_sign_in_that_there_is(doors, path):
    assert doors.staff.get(path).location == "/sign-in"


def test_nobody_is_told_of_it(doors):
    assert "Sign in with" not in doors.staff.get("/sign-in").main.replace("Sign in with a passkey", "")
