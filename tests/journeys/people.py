"""Who walks through Rowan in a real browser, and what they do there, as one would say it."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, Locator, Page, expect

from portal import i18n
from tests.serving import OUTSIDE, LiveHub

AXE = Axe()
SCHEMES = ("light", "dark")
SENT = "You sent it to %(worker)s."
# Everything on a page that the keyboard can stand on is seen whole: not under the bar, not beyond the edge.
_COVERED = """element => {
  const box = element.getBoundingClientRect();
  if (box.width <= 1 || box.bottom < 0 || box.top > innerHeight) return box.width > 1 ? "off the screen" : "";
  const spots = [[box.left + 3, box.top + 3], [box.left + box.width / 2, box.top + box.height / 2]];
  for (const [x, y] of spots) {
    const top = document.elementFromPoint(x, y);
    if (top && top !== element && !element.contains(top) && !top.contains(element)) return "under " + top.outerHTML.slice(0, 80);
  }
  return "";
}"""


def faults_of(page: Page) -> list[str]:
    """What axe finds wrong with a page in light and in dark, one line each."""
    found = []
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for fault in AXE.run(page).response["violations"]:
            where = "; ".join(node["html"][:120] for node in fault["nodes"][:3])
            found.append(f"{scheme}: {fault['id']}: {fault['help']}: {where}")
    page.emulate_media(color_scheme=None)
    return found


class Someone:
    """Somebody at a browser, who reads the page's words and presses what they say."""

    def __init__(self, page: Page, live: LiveHub, door: str, *, inspects: bool = False) -> None:
        self.page, self.live, self.door, self.inspects = page, live, door, inspects
        self.inspected: set[str] = set()
        self.language = "en_GB"

    def words(self, text: str, **filled: str) -> str:
        """A text of families' pages as this person reads it."""
        with i18n.speaking(self.language):
            return i18n._(text, **filled)

    def opens(self, path: str) -> None:
        """Open an address of their door."""
        self.page.goto(self.live.origin(self.door) + path)

    def sees(self, heading: str) -> None:
        """The page's heading is this; and, for whoever inspects, the page is as it should be."""
        # In a language that no speaker has checked, English stands beside what matters most.
        beside = "" if self.language == "en_GB" else r"[\s\S]*"
        expect(self.page.locator("h1")).to_have_text(re.compile(rf"^\s*{re.escape(heading)}{beside}\s*$"))
        self.looks()

    def reads(self, text: str) -> None:
        """This stands somewhere on the page."""
        expect(self.page.locator("main")).to_contain_text(text)

    def does_not_read(self, text: str) -> None:
        """This stands nowhere on the page, not in a field either."""
        expect(self.page.locator("main")).not_to_contain_text(text)
        assert text not in self.page.content()

    def looks(self) -> None:
        """Inspect this page, once."""
        if not self.inspects:
            return
        self.page.wait_for_load_state()
        what = re.sub(r"[0-9a-f-]{36}", "", self.page.url.partition("#")[0]) + self.page.inner_text("h1")
        if what in self.inspected:
            return
        self.inspected.add(what)
        assert faults_of(self.page) == [], self.page.url
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (
            f"{what} scrolls sideways"
        )

    def control(self, role: str, name: str) -> Locator:
        """A button, link or field by the name that a screen reader says; English may stand behind it."""
        if self.language == "en_GB":
            return self.page.get_by_role(role, name=name, exact=True)  # type: ignore[arg-type]
        begins = re.compile(rf"^{re.escape(name)}(\s|$)")
        return self.page.get_by_role(role, name=begins)  # type: ignore[arg-type]

    def presses(self, name: str, role: str = "button") -> None:
        """Press a button."""
        self.control(role, name).first.click()

    def follows(self, name: str) -> None:
        """Press a link."""
        self.presses(name, "link")

    def types(self, label: str, text: str) -> None:
        """Write into a field."""
        self.page.get_by_label(label, exact=True).fill(text)

    def ticks(self, name: str) -> None:
        """Tick a box, or choose one of several."""
        self.page.get_by_label(name, exact=True).check()


class YoungPerson(Someone):
    """Amara with a phone in her hand."""

    def comes_in(self, link: str, pin: str) -> None:
        """Open the link of a way in and say the PIN."""
        self.page.goto(link)
        self.sees(self.words("Come in"))
        expect(self.page).to_have_url(self.live.origin("young") + "/in")  # the token does not stay in it
        self.types(self.words("Your PIN"), pin)
        self.presses(self.words("Go in"))

    def comes_in_by_words(self, four: str, pin: str) -> None:
        """Type the four words of a way in, and the PIN."""
        self.opens("/in")
        self.sees(self.words("Come in"))
        self.types(self.words("Your four words, or your numbers"), four)
        self.types(self.words("Your PIN"), pin)
        self.presses(self.words("Go in"))

    def answers(self, question: str, *said: str, worker: str = "Sam", then: str = "Go on") -> None:
        """Answer the question on the screen: by its one button, or by ticks and the button below; "…" is typed."""
        self.sees(self.words(question, worker=worker) if "%(" in question else self.words(question))
        for one in said:
            text = self.words(one, worker=worker) if "%(" in one else self.words(one)
            if self.control("button", text).count():
                self.presses(text)
                return
            self.ticks(text)
        self.presses(self.words(then))

    def writes(self, question: str, text: str, then: str = "Go on") -> None:
        """Answer a question in own words."""
        self.sees(self.words(question))
        self.page.locator("textarea").fill(text)
        self.presses(self.words(then))

    def agrees_to_the_deal(self) -> None:
        """Come from the safety screen to the first question."""
        self.answers("Are you safe right now?", "Yes")
        self.answers("Is it OK to do this now?", "Yes")
        self.answers("Before you start: the deal", "I know the deal. Go to the questions")
        self.answers("May %(worker)s read what is here so far, if your phone dies?", "No")
        self.answers("How much do you want to say?", "The short one. Six questions, about two minutes")

    def leaves(self) -> None:
        """Press what leaves at once; another page is there."""
        self.presses(self.words("Leave now"))
        expect(self.page.locator("h1")).to_have_text(OUTSIDE)

    def walks_through(self) -> None:
        """From the safety screen to the receipt, an answer to everything."""
        self.agrees_to_the_deal()
        self.answers("How are you right now?", "Not great")
        self.answers("Was it missing, as you see it?", "I was just out")
        self.answers("What was going on?", "Home", "I needed space")
        self.answers("Did anything bad happen?", "None of these")
        self.writes("What would help?", "somebody to talk to")
        self.answers("How shall we tell you what happens?", "Here on these pages")
        self.sees(self.words("Look at it before it goes"))
        self.reads("somebody to talk to")
        self.presses(self.words("Send to %(worker)s", worker="Sam"))
        self.sees(self.words(SENT, worker="Sam"))
        self.does_not_read("somebody to talk to")


class ByKeyboard(YoungPerson):
    """The same without ever touching the screen: Tab, the arrows, Space and Enter."""

    def _stands_on(self, there: Callable[[], bool]) -> None:
        for _ in range(60):
            self.page.keyboard.press("Tab")
            focused = self.page.locator(":focus")
            with suppress(Error):  # Tab went out of the page, to the browser's own bar
                covered = focused.evaluate(_COVERED, timeout=500)
                assert covered == "", f"{self.page.url}: what has the focus is {covered}"
                drawn = focused.evaluate("e => getComputedStyle(e).outlineStyle", timeout=500)
                assert drawn != "none", "nobody sees where the focus is"
            if there():
                return
        raise AssertionError("Tab never came there")

    def presses(self, name: str, role: str = "button") -> None:
        """Tab to it, then Enter."""
        wanted = self.control(role, name).first
        expect(wanted).to_be_visible()
        self._stands_on(lambda: bool(wanted.evaluate("e => e === document.activeElement")))
        self.page.keyboard.press("Enter")

    def types(self, label: str, text: str) -> None:
        """Tab to the field and type."""
        field = self.page.get_by_label(label, exact=True)
        self._stands_on(lambda: bool(field.evaluate("e => e === document.activeElement")))
        self.page.keyboard.type(text)

    def ticks(self, name: str) -> None:
        """Tab to the group, then the arrows and Space."""
        box = self.page.get_by_label(name, exact=True)
        if box.get_attribute("type") == "checkbox":
            self._stands_on(lambda: bool(box.evaluate("e => e === document.activeElement")))
            self.page.keyboard.press("Space")
        else:
            in_group = "e => document.activeElement.name === e.name"
            self._stands_on(lambda: bool(box.evaluate(in_group)))
            self.page.keyboard.press("Space")
            for _ in range(8):
                if box.is_checked():
                    break
                self.page.keyboard.press("ArrowDown")
        expect(box).to_be_checked()


class Staff(Someone):
    """Sam, Cory or Dee at a desk."""

    def signs_in(self, email: str, password: str, code: str) -> None:
        """Sign in with all three."""
        self.opens("/sign-in")
        self.sees("Sign in")
        self.types("E-mail", email)
        self.types("Password", password)
        self.types("Code", code)
        self.presses("Sign in")
        self.sees("Today")

    def sees_an_alert_about(self, name: str) -> None:
        """An alert about somebody waits on the list."""
        self.opens("/alerts")
        self.sees("Alerts")
        self.reads(name)

    def gives_a_way_in(self, name: str) -> tuple[str, str, str]:
        """Give a new way in: the link, the four words, and the PIN that is said aloud."""
        self.presses("Give a new way in")
        self.sees(f"A new way in for {name}")
        shown = self.page.locator(".way-in dd")
        return shown.nth(0).inner_text(), shown.nth(1).inner_text(), self.page.locator(".pin").inner_text()
