"""Who stands around Amara at home: separated parents, carers, a sibling, and an unrelated child with the same carer.

What they see is compared in both worlds to the byte: their front page, every step of their own form about Amara and
about the others, a worry, the sending, the receipt. The hour at which her return is asked about falls into the time
in which Amara does in private what she does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from portal.accounts.models import Person, allocate, join_adult
from tests.browsing import Browser, Page
from tests.cast import Cast
from tests.factories import a_parents_voice, a_return, safe_home

HOURS_AGO = 21.5  # that Amara came back before the start: the hour comes two and a half hours after it
AT_HOME = ("ruth", "femi", "grace", "carol", "fay")
BESIDE = ("ben", "kit")  # the sibling, and the unrelated child of the same carer

# Ask, say who, the path, and the form (None: look).
Ask = Callable[[Browser, str, str, str, dict[str, Any] | None], Page]


@dataclass(frozen=True)
class Homes:
    """The people at home and beside Amara by name, and which links each adult has."""

    people: dict[str, UUID]
    links: dict[str, tuple[UUID, ...]]
    voice_of_ruth: UUID


def enter_homes(cast: Cast) -> Homes:
    """Enter them: all but Grace are recorded as safe to contact; Ruth has been answered about Ben before."""

    def adult(name: str, role: str = "parent or carer") -> UUID:
        return Person.enter("adult", name, roles=(role,)).id

    def child(name: str) -> UUID:
        entered = Person.enter("child", name, roles=("young person",), living="home").id
        allocate(entered, cast.sam)
        return entered

    people = {
        "ruth": cast.ruth, "femi": adult("Femi Obi"), "grace": adult("Grace Obi"), "fay": adult("Fay Foster"),
        "carol": cast.carol, "ben": child("Ben Obi"), "kit": child("Kit Noone"),
    }  # fmt: skip
    joined = (
        ("ruth", cast.amara, "parent"), ("ruth", people["ben"], "parent"), ("femi", cast.amara, "parent"),
        ("carol", cast.amara, "residential"), ("carol", people["kit"], "residential"),
        ("fay", cast.amara, "foster carer"),
    )  # fmt: skip
    links: dict[str, tuple[UUID, ...]] = {}
    for name, of, kind in joined:
        links[name] = (*links.get(name, ()), safe_home(people[name], of, cast.sam, kind).id)
    links["grace"] = (join_adult(people["grace"], cast.amara, "parent").id,)
    for other in BESIDE:
        a_return(people[other], hours_ago=24, number=f"MFH {other}")
    voice = a_parents_voice(cast.ruth, people["ben"])
    voice.answer("You asked who reads it. We do.", cast.sam)
    return Homes(people, links, voice.id)


def tells(ask: Ask, browser: Browser, who: str, link_id: UUID) -> None:
    """Somebody at home goes through the whole form about one young person: a worry, and everything else, and sends it."""
    path = f"/side/{link_id}"
    page = ask(browser, who, "GET", path, None)
    for _ in range(40):
        if page.tree is None or page.tree.find(".//main//input[@name='screen']") is None:
            return
        screen = page.field("screen")
        ask(browser, who, "POST", path, _pressed(page, screen))
        page = ask(browser, who, "GET", path, None)
        if screen == "check":
            break
    assert "You sent it" in page.main, f"{who} did not get to the end: {page.main[:200]}"
    ask(browser, who, "GET", "/", None)


def _pressed(page: Page, screen: str) -> dict[str, Any]:
    """What is pressed and said on a screen: a worry about harm, a moment, words, and at the end "send"."""
    said: dict[str, Any] = {
        name: page.field(name) for name in ("form_key", "version") if f'name="{name}"' in page.html
    }
    said |= {"screen": screen, "go": "send" if screen == "check" else "on"}
    ticks = page.tree.findall(".//main//input[@name='answer']")
    if screen == "home-time":
        said |= {"answer": "2026-11-23", "more": "13:10"}
    elif ticks:
        said |= {"answer": ticks[0].get("value"), "more": "Said at home."}
    else:
        said |= {"answer": "Said at home."}
    return said
