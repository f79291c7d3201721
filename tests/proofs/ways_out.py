"""A browser on one of the pages, and the ways of leaving it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from playwright.sync_api import Browser, BrowserContext, Error, Page

from portal.accounts.models import Person, allocate
from portal.db import session
from portal.i18n import LANGUAGES
from portal.questionnaires import bank
from tests.browsing import Browser as Request
from tests.cast import Cast
from tests.factories import a_return, an_answer_to
from tests.serving import LiveHub

CANARY = "quietcanary"
TYPED = f"{CANARY} everyone was shouting"
CAME_BACK = "You said home felt loud. Your nan said yes."
QUESTIONS = bank.get("quick").names
PAGES = ("safety", "ok-now", "deal", *QUESTIONS, "check", "receipt", "answer", "front")
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 760}, "ignore_https_errors": True}
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


def settle(page: Page) -> None:
    """Wait until the page is whole. One out of the back/forward cache says nothing of being loaded, so it is asked."""
    with suppress(Error):
        page.wait_for_function("document.readyState === 'complete'", polling=50, timeout=5_000)


# --- ways of leaving ----------------------------------------------------------------------------------------------


def press(sitting: Sitting) -> None:
    sitting.page.get_by_role("button", name="Leave now", exact=True).click(no_wait_after=True)


def gone(sitting: Sitting, within: float = 15_000) -> None:
    # Where the page outside cannot be had either, the browser's own page about that stands there.
    with suppress(Error):
        sitting.page.wait_for_url(
            lambda url: "young.localhost" not in url, wait_until="commit", timeout=within
        )


def by_button(sitting: Sitting) -> None:
    """The button, under the real policy."""
    press(sitting)
    sitting.page.wait_for_url(sitting.live.exit_url, timeout=15_000)


def by_shift(sitting: Sitting) -> None:
    """Shift three times."""
    for _ in range(3):
        sitting.page.keyboard.press("Shift")
    sitting.page.wait_for_url(sitting.live.exit_url, timeout=15_000)


def offline(sitting: Sitting) -> None:
    """The button, without a signal; it comes back afterwards."""
    sitting.context.set_offline(True)
    press(sitting)
    gone(sitting)
    assert sitting.left_over() == 0, "something stood there before the signal came back"
    sitting.context.set_offline(False)


def server_slow(sitting: Sitting) -> None:
    """The button, with a server that needs two seconds for everything."""
    sitting.live.server.slow = 2.0
    press(sitting)
    sitting.page.wait_for_url(sitting.live.exit_url, timeout=15_000)


def server_down(sitting: Sitting) -> None:
    """The button, with no server; it comes back afterwards."""
    sitting.live.server.down()
    try:
        press(sitting)
        gone(sitting)
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


def a_child(live: LiveHub, cast: Cast) -> UUID:
    """A young person of their own for each leaving, held by Sam, with a return to tell of."""
    with live.ground.at_work():
        child = Person.enter("child", "Amara Obi", roles=("young person",), living="home").id
        allocate(child, cast.sam)
        session.flush()
        a_return(child).take(cast.sam)
    return child


def come_to(phone: Request, name: str) -> None:
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
    child = a_child(live, cast)
    phone = live.ground.at_door("young").sign_in_as(child)
    come_to(phone, name)
    path = _address(live, phone, child, cast, name)
    context = browser.new_context(java_script_enabled=script, **PHONE)
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
        # The row of other languages stands on the way in, too: in one line, or each in its own.
        others = [LANGUAGES[code].name for code in live.ground.file.languages if code != "en_GB"]
        lines -= {"".join(others), *others}
        yield Sitting(live, context, page, name, {line for line in lines if len(line) > 3} | {TYPED})
    finally:
        live.server.slow = 0.0
        context.close()
