"""Whoever leaves, by whatever way, leaves nothing on the screen: 0 characters of a question or an answer.

A real browser with its back/forward cache on, the real policy header, and every page on which something is asked,
typed or shown. The page is left, then Back and Forward are pressed and it is loaded again; what then stands on it,
fields included, is compared with what stood there before. While a sign-in lives, Back may show a page that the
server was asked for anew; then only what was typed must be gone, and after fifteen idle minutes everything.
A second proof types words into every page of a browser with a profile on disk, and looks for them in its files.

Without script and with the server gone a browser keeps its screen: reported, not counted (the help page says so).

Seen red on four deliberate breaks, which `test_leaving` makes again each time: the page not emptied when it is
hidden, the sign-in not ended by leaving, `no-store` not sent, and leaving not made up for when the server was away.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Browser, BrowserType, Error, Page

from tests.cast import Cast, enter_the_cast
from tests.machine.browser import chromium_arguments, find_chromium, running_chromium
from tests.proofs.ways_out import (
    CANARY,
    PAGES,
    PHONE,
    TYPED,
    WAYS,
    Break,
    Sitting,
    a_child,
    come_to,
    gone,
    press,
    settle,
    sitting_at,
)
from tests.serving import LiveHub, a_live_hub

_MOVES: dict[str, Callable[[Page], object]] = {
    "there": lambda page: None,
    "back": lambda page: page.go_back(wait_until="commit"),
    "back once more": lambda page: page.go_back(wait_until="commit"),
    "forward": lambda page: page.go_forward(wait_until="commit"),
    "forward once more": lambda page: page.go_forward(wait_until="commit"),
    "loaded again": lambda page: page.reload(),
}


def look_about(sitting: Sitting, count: Callable[[], int]) -> int:
    """Press Back, Forward and reload; the most characters that stood on any page that then came."""
    most = 0
    for move in _MOVES.values():
        with suppress(Error):  # no such page in the history, or it was left while it came
            move(sitting.page)
        most = max(most, count())
        settle(sitting.page)
        most = max(most, count())
    return most


def left_by(sitting: Sitting, way: str) -> int:
    """Leave in this way, look about, and count what stood on the pages that came."""
    leave, is_over = WAYS[way]
    leave(sitting)
    if is_over:
        return look_about(sitting, sitting.left_over)
    # What this sitting saved is on its check page, asked for anew, as long as the sign-in lives.
    typed = 0 if sitting.name == "check" else look_about(sitting, sitting.typed_over)
    sitting.page.goto(sitting.live.exit_url)
    sitting.live.ground.clock.forward(minutes=16)
    return typed + look_about(sitting, sitting.left_over)


def leave_each(
    live: LiveHub,
    cast: Cast,
    browser: Browser,
    ways: Iterable[str],
    pages: Iterable[str],
    broken: Break | None = None,
) -> dict[tuple[str, str], int]:
    """Leave every one of *pages* in every one of *ways*: how many characters were left, by way and page."""
    found = {}
    for way in ways:
        for name in pages:
            with sitting_at(live, cast, browser, name, script=way != "no script", broken=broken) as sitting:
                found[way, name] = left_by(sitting, way)
    return found


def without_script_or_server(live: LiveHub, cast: Cast, browser: Browser) -> int:
    """What stays on the screen where there is neither script nor server: reported, not counted."""
    with sitting_at(live, cast, browser, "would-help", script=False) as sitting:
        live.server.down()
        try:
            press(sitting)
            gone(sitting, 3_000)
            return sitting.left_over()
        finally:
            live.server.up()


def in_the_profile(live: LiveHub, cast: Cast, chromium: BrowserType) -> tuple[int, int]:
    """Type and send words in a browser that keeps a profile, leave, close it: how many files, how often a word is in them."""
    child = a_child(live, cast)
    with tempfile.TemporaryDirectory(prefix="profile-") as folder:
        context = chromium.launch_persistent_context(
            folder, executable_path=find_chromium(keeps_pages=True), args=chromium_arguments(),
            ignore_default_args=["--disable-back-forward-cache"], **PHONE,
        )  # fmt: skip
        for name in ("going-on", "would-help", "tell-how"):
            phone = live.ground.at_door("young").sign_in_as(child)
            come_to(phone, name)
            live.adopt(context, phone)
            page = context.new_page()
            page.goto(live.origin("young") + "/side")
            for box in page.locator("summary").all():
                box.click()
            page.locator("textarea").fill(TYPED)
            page.get_by_role("button", name="Go on").click()
            page.wait_for_load_state()
            page.goto(live.origin("young") + "/side")
            press(Sitting(live, context, page, name))
            page.wait_for_url(live.exit_url)
        context.close()
        files = [path for path in Path(folder).rglob("*") if path.is_file()]
        words = (CANARY.encode(), CANARY.encode("utf-16-le"))
        return len(files), sum(path.read_bytes().count(word) for path in files for word in words)


def prove() -> Iterator[str]:
    """Every way from every page; what a browser without script or server keeps; and the files of a profile."""
    total = 0
    with a_live_hub() as live:
        with live.ground.at_work():
            cast = enter_the_cast()
        with running_chromium(find_chromium(keeps_pages=True)) as browser:
            for way in WAYS:
                found = leave_each(live, cast, browser, [way], PAGES)
                total += sum(found.values())
                where = ", ".join(f"{name}: {left}" for (_, name), left in found.items() if left)
                yield f"{way:12} {len(found)} pages, {sum(found.values())} characters left{': ' + where if where else ''}"
            kept = without_script_or_server(live, cast, browser)
            yield f"without script and with the server gone: {kept} characters stay (reported, not counted)"
            files, words = in_the_profile(live, cast, browser.browser_type)
        yield f"a profile on disk: {files} files, {words} times a word that was typed"
    assert total == 0, f"{total} characters were left"
    assert words == 0, f"a word that was typed is in the profile {words} times"
