"""A text browser in a terminal of its own, driven by keys and read off its screen: nothing but plain HTML works there."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import shutil
import struct
import subprocess
import termios
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

import pyte

ROWS, COLUMNS = 60, 100
PATIENCE = 20.0  # seconds until the screen must show what is waited for
NOT_HERE = (
    "There is no text browser on this machine: install lynx (on Debian or Ubuntu: sudo apt-get install lynx; "
    "on macOS: brew install lynx), then run this again."
)
TAB, ENTER, LEFT = "\t", "\r", "\x1b[D"
_MOST_TABS = 80
_MARK = 12  # letters that the browser itself sets before a name: "(BUTTON) ", "[ ] ", "(rather-not) "
_SETTINGS = (
    "-accept_all_cookies", "-nopause", "-noreferer", "-tagsoup=off", "-cfg=/dev/null", "-lss=/dev/null",
    "-display_charset=utf-8", "-show_cursor",
)  # fmt: skip


class TextBrowser:
    """lynx, and whoever sits in front of it; every request goes to the doors at *port*, whatever their names."""

    def __init__(self, url: str, port: int) -> None:
        program = shutil.which("lynx")
        assert program, NOT_HERE
        self._screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self._screen)
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        # A proxy, because no name server needs to know the names of the doors.
        own = {
            "TERM": "linux", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"],
            "http_proxy": f"http://127.0.0.1:{port}/", "HOME": "/nonexistent",
        }  # fmt: skip
        self._process = subprocess.Popen(
            [program, *_SETTINGS, url], stdin=theirs, stdout=theirs, stderr=theirs, env=own, start_new_session=True,
        )  # fmt: skip
        os.close(theirs)
        self._terminal = ours

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._terminal)

    @property
    def text(self) -> str:
        """What the screen shows."""
        return "\n".join(line.rstrip() for line in self._screen.display)

    def waits_for(self, there: Callable[[], bool], what: str) -> None:
        """Read what the browser writes until something is there."""
        last = time.monotonic() + PATIENCE
        while not there():
            assert time.monotonic() < last, f"{what} never came; the screen shows:\n{self.text}"
            self._read(0.1)

    def sees(self, words: str) -> None:
        """Wait until the screen shows these words."""
        self.waits_for(lambda: words in self.text, repr(words))

    def goes_to(self, words: str) -> None:
        """Tab until the cursor stands before these words."""
        for _ in range(_MOST_TABS):
            if words in self._behind_cursor()[: len(words) + _MARK]:
                return
            self._types(TAB)
        raise AssertionError(f"Tab never came to {words!r}; the screen shows:\n{self.text}")

    def presses(self, words: str) -> None:
        """Go to a link, a button or a mark to tick, and press it."""
        self.goes_to(words)
        self._types(ENTER)

    def writes(self, label: str, text: str) -> None:
        """Go to the field below its label and write."""
        self.waits_for(lambda: label in self.text, repr(label))
        for _ in range(_MOST_TABS):
            if label in self._above():
                break
            self._types(TAB)
        self._types(text)

    def goes_back(self) -> None:
        """Press the key for the page before."""
        self._types(LEFT)

    def _behind_cursor(self) -> str:
        x, y = self._screen.cursor.x, self._screen.cursor.y
        return (
            f"{self._screen.display[y][x:].rstrip()} {' '.join(self._screen.display[y + 1 : y + 2]).lstrip()}"
        )

    def _above(self) -> str:
        y = self._screen.cursor.y
        return " ".join(self._screen.display[max(0, y - 3) : y + 1])

    def _types(self, keys: str) -> None:
        os.write(self._terminal, keys.encode())
        self._read(PATIENCE)
        while self._read(0.15):
            pass

    def _read(self, seconds: float) -> bool:
        """Take in what the browser has written, waiting so long for it; whether there was anything."""
        ready, _, _ = select.select([self._terminal], [], [], seconds)
        if not ready:
            return False
        try:
            self._stream.feed(os.read(self._terminal, 65_536))
        except OSError:  # the browser has ended
            return False
        return True
