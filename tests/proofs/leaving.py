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
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from playwright.sync_api import Browser, BrowserContext, BrowserType, Error, Page

from portal.accounts.models import Person, allocate
from portal.db import session
from portal.i18n import LANGUAGES
from portal.questionnaires import bank
from tests.browsing import Browser as Request
from tests.cast import Cast, enter_the_cast
from tests.factories import a_return, an_answer_to
from tests.machine.browser import chromium_arguments, find_chromium, running_chromium
from tests.serving import LiveHub, a_live_hub

CANARY = "quietcanary"
TYPED = f"{CANARY} everyone was shouting"
CAME_BACK = "You said home felt loud. Your nan said yes."
QUESTIONS = bank.get("quick").names
PAGES = ("safety", "ok-now", "deal", *QUESTIONS, "check", "receipt", "answer", "front")
_PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 760}, "ignore_https_errors": True}
_STANDS = """() => {
  const fields = [...document.querySelectorAll("textarea, input:not([type=hidden])")];
  const typed = fields.map(f => ["radio", "checkbox"].includes(f.type) ? "" : f.value).join("\\n");
  return (document.body ? document.body.innerText : "") + "\\n" + typed;
}"""
Break = Callable[[LiveHub, BrowserContext], None]


@dataclass
class Sitting:
    """Amara in one browser, on one page, about to leave."""

    live: LiveHub
    context: BrowserContext
    page: Page
    name: str
    shown: set[str] = field(default_factory=set)  # the lines that must be gone afterwards

    def stands(self) -> str:
        """Everything that stands on the page, in its fields too."""
        for _ in range(9):
            with suppress(Error):  # it was on its way elsewhere
                return str(self.page.evaluate(_STANDS))
            settle(self.page)
        return str(self.page.evaluate(_STANDS))

    def left_over(self) -> int:
        """How many characters of the pages that were left stand on this one."""
        stands = self.stands()
        lines = {line.strip() for line in stands.split("\n")}
        return sum(len(line) for line in self.shown & lines) + stands.count(CANARY) * len(CANARY)

    def typed_over(self) -> int:
        """How many characters of what was typed and not sent stand on this page."""
        return self.stands().count(CANARY) * len(CANARY)


# --- ways of leaving ----------------------------------------------------------------------------------------------


def _press(sitting: Sitting) -> None:
    sitting.page.get_by_role("button", name="Leave now", exact=True).click(no_wait_after=True)


def _gone(sitting: Sitting, within: float = 15_000) -> None:
    # Where the page outside cannot be had either, the browser's own page about that stands there.
    with suppress(Error):
        sitting.page.wait_for_url(
            lambda url: "young.localhost" not in url, wait_until="commit", timeout=within
        )


def by_button(sitting: Sitting) -> None:
    """The button, under the real policy."""
    _press(sitting)
    sitting.page.wait_for_url(sitting.live.exit_url, timeout=15_000)


def by_shift(sitting: Sitting) -> None:
    """Shift three times."""
    for _ in range(3):
        sitting.page.keyboard.press("Shift")
    sitting.page.wait_for_url(sitting.live.exit_url, timeout=15_000)


def offline(sitting: Sitting) -> None:
    """The button, without a signal; it comes back afterwards."""
    sitting.context.set_offline(True)
    _press(sitting)
    _gone(sitting)
    assert sitting.left_over() == 0, "something stood there before the signal came back"
    sitting.context.set_offline(False)


def server_slow(sitting: Sitting) -> None:
    """The button, with a server that needs two seconds for everything."""
    sitting.live.server.slow = 2.0
    _press(sitting)
    sitting.page.wait_for_url(sitting.live.exit_url, timeout=15_000)


def server_down(sitting: Sitting) -> None:
    """The button, with no server; it comes back afterwards."""
    sitting.live.server.down()
    try:
        _press(sitting)
        _gone(sitting)
        with suppress(Error):  # nobody answers
            sitting.page.go_back(wait_until="commit")
        left = sitting.left_over()
        assert left == 0, f"{left} characters stood there before the server came back"
    finally:
        sitting.live.server.up()


def by_back(sitting: Sitting) -> None:
    """Back and back, to the page outside that was there before."""
    for _ in range(2):
        with suppress(Error):
            sitting.page.go_back(wait_until="commit")
        settle(sitting.page)


def by_forward(sitting: Sitting) -> None:
    """Back and Forward again, then away by an address that is typed in."""
    for move in (sitting.page.go_back, sitting.page.go_forward):
        with suppress(Error):
            move(wait_until="commit")
        settle(sitting.page)
    sitting.page.goto(sitting.live.exit_url)


def by_reload(sitting: Sitting) -> None:
    """Loaded again."""
    sitting.page.reload()


# By each: how it is done, and whether the sign-in is over then.
WAYS: dict[str, tuple[Callable[[Sitting], None], bool]] = {
    "button": (by_button, True), "shift": (by_shift, True), "offline": (offline, True),
    "server slow": (server_slow, True), "server down": (server_down, True), "no script": (by_button, True),
    "back": (by_back, False), "forward": (by_forward, False), "reload": (by_reload, False),
}  # fmt: skip


# --- pages --------------------------------------------------------------------------------------------------------


def _child(live: LiveHub, cast: Cast) -> UUID:
    """A young person of their own for each leaving, held by Sam, with a return to tell of."""
    with live.ground.at_work():
        child = Person.enter("child", "Amara Obi", roles=("young person",), living="home").id
        allocate(child, cast.sam)
        session.flush()
        a_return(child).take(cast.sam)
    return child


def _come_to(phone: Request, name: str) -> None:
    """Bring the form as far as the page called *name*."""

    def says(screen: str, **said: str) -> None:
        page = phone.get("/side")
        keys = {e.get("name"): e.get("value") for e in page.tree.iter("input") if e.get("type") == "hidden"}
        phone.post("/side", keys | {"screen": screen} | said)

    if name in ("safety", "ok-now", "front", "answer"):
        return
    says("ok-now", go="now")
    if name == "deal":
        return
    says("deal", go="on")
    says("may-read", go="no")
    says("which", go="quick")
    for question in QUESTIONS:
        if question == name:
            return
        says(question, go="on", **({"answer": TYPED} if question == "would-help" else {}))
    if name == "receipt":
        says("check", go="send")


def _address(live: LiveHub, phone: Request, child: UUID, cast: Cast, name: str) -> str:
    if name != "answer":
        return {"safety": "/now", "front": "/"}.get(name, "/side")
    with live.ground.at_work():
        path = f"/answer/{an_answer_to(child, cast.sam, CAME_BACK).id}"
    phone.get("/")
    phone.post(path)
    return path


@contextmanager
def sitting_at(
    live: LiveHub,
    cast: Cast,
    browser: Browser,
    name: str,
    *,
    script: bool = True,
    broken: Break | None = None,
) -> Iterator[Sitting]:
    """Amara on the page called *name*, something typed where it can be; before it the safety screen, and a page outside."""
    child = _child(live, cast)
    phone = live.ground.at_door("young").sign_in_as(child)
    _come_to(phone, name)
    path = _address(live, phone, child, cast, name)
    context = browser.new_context(java_script_enabled=script, **_PHONE)
    try:
        live.adopt(context, phone)
        if broken is not None:
            broken(live, context)
        page = context.new_page()
        page.set_default_timeout(
            5_000
        )  # where Back meets a page that loads itself again, nothing is said of its end
        page.goto(live.exit_url + "before")
        page.goto(live.origin("young") + "/now")
        before = page.locator("main").inner_text()
        page.goto(live.origin("young") + path)
        for box in page.locator("summary").all():
            box.click()
        for area in page.locator("textarea").all():
            area.fill(TYPED)
        for choice in page.locator("main input[type=radio], main input[type=checkbox]").all()[:1]:
            choice.check()
        lines = {line.strip() for line in f"{page.locator('main').inner_text()}\n{before}".split("\n")}
        # The row of other languages stands on the way in, too.
        lines.discard("".join(LANGUAGES[code].name for code in live.ground.file.languages if code != "en_GB"))
        yield Sitting(live, context, page, name, {line for line in lines if len(line) > 3} | {TYPED})
    finally:
        live.server.slow = 0.0
        context.close()


# --- the proof ----------------------------------------------------------------------------------------------------

_MOVES: dict[str, Callable[[Page], object]] = {
    "there": lambda page: None,
    "back": lambda page: page.go_back(wait_until="commit"),
    "back once more": lambda page: page.go_back(wait_until="commit"),
    "forward": lambda page: page.go_forward(wait_until="commit"),
    "forward once more": lambda page: page.go_forward(wait_until="commit"),
    "loaded again": lambda page: page.reload(),
}


def settle(page: Page) -> None:
    """Wait until the page is whole. One out of the back/forward cache says nothing of being loaded, so it is asked."""
    with suppress(Error):
        page.wait_for_function("document.readyState === 'complete'", polling=50, timeout=5_000)


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
            _press(sitting)
            _gone(sitting, 3_000)
            return sitting.left_over()
        finally:
            live.server.up()


def in_the_profile(live: LiveHub, cast: Cast, chromium: BrowserType) -> tuple[int, int]:
    """Type and send words in a browser that keeps a profile, leave, close it: how many files, how often a word is in them."""
    child = _child(live, cast)
    with tempfile.TemporaryDirectory(prefix="profile-") as folder:
        context = chromium.launch_persistent_context(
            folder, executable_path=find_chromium(keeps_pages=True), args=chromium_arguments(),
            ignore_default_args=["--disable-back-forward-cache"], **_PHONE,
        )  # fmt: skip
        for name in ("going-on", "would-help", "tell-how"):
            phone = live.ground.at_door("young").sign_in_as(child)
            _come_to(phone, name)
            live.adopt(context, phone)
            page = context.new_page()
            page.goto(live.origin("young") + "/side")
            for box in page.locator("summary").all():
                box.click()
            page.locator("textarea").fill(TYPED)
            page.get_by_role("button", name="Go on").click()
            page.wait_for_load_state()
            page.goto(live.origin("young") + "/side")
            _press(Sitting(live, context, page, name))
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
