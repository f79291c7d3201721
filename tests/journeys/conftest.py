"""A hub that is served, the cast, and everybody at their browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from portal.accounts.models import Person
from portal.db import session
from tests.cast import Cast, enter_the_cast
from tests.factories import a_return
from tests.journeys.people import Staff, YoungPerson
from tests.serving import LiveHub, a_live_hub

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 760}, "has_touch": True}
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}


@pytest.fixture
def live() -> Iterator[LiveHub]:
    with a_live_hub() as made:
        yield made


@pytest.fixture
def everybody(live: LiveHub) -> Cast:
    """The ids of the cast, entered in the live hub."""
    with live.ground.at_work():
        return enter_the_cast()


@pytest.fixture
def opened(chromium: Browser) -> Iterator[Callable[..., Any]]:
    """`opened(**options)`: a browser window of its own; all are closed at the end."""
    made = []

    def open_one(**options: Any) -> Any:
        made.append(chromium.new_context(ignore_https_errors=True, locale="en-GB", **options))
        return made[-1]

    yield open_one
    for context in made:
        context.close()


@pytest.fixture
def at_phone(live: LiveHub, everybody: Cast, opened: Any) -> Callable[..., YoungPerson]:
    """`at_phone()`: Amara, signed in, at a phone; `kind`, `language` and any option of a browser can be told."""

    def sit_down(kind: type[YoungPerson] = YoungPerson, *, language: str = "en_GB", signed_in: bool = True,
                 inspects: bool = False, **options: Any) -> YoungPerson:  # fmt: skip
        if language != "en_GB":
            with live.ground.at_work():
                session.get_one(Person, everybody.amara).language = language
        context = opened(**(PHONE | options))
        if signed_in:
            live.sign_in(context, "young", everybody.amara)
        amara = kind(context.new_page(), live, "young", inspects=inspects)
        amara.language = language
        return amara

    return sit_down


@pytest.fixture
def at_desk(live: LiveHub, everybody: Cast, opened: Any) -> Callable[..., Staff]:
    """`at_desk("sam")`: somebody of the staff, signed in, at a desk."""

    def sit_down(name: str, *, signed_in: bool = True, inspects: bool = False, **options: Any) -> Staff:
        context = opened(**(DESK | options))
        if signed_in:
            live.sign_in(context, "staff", getattr(everybody, name))
        return Staff(context.new_page(), live, "staff", inspects=inspects)

    return sit_down


@pytest.fixture
def waiting(live: LiveHub, everybody: Cast) -> None:
    """Amara came back, and Sam has taken her return."""
    with live.ground.at_work():
        a_return(everybody.amara).take(everybody.sam)
