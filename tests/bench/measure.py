"""Ways of measuring that hold from one machine to the next: CPU as a ratio, statements and bytes as counts."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event
from werkzeug.test import EnvironBuilder

# A modelled slow phone: 400 ms a round trip, 400 kbit/s, and ten packets in the first flight.
ROUND_TRIP, BYTES_A_SECOND, FIRST_FLIGHT = 0.4, 50_000, 13_500
# The throttle and the touch of a session are not the request's own.
_NOT_COUNTED = re.compile(r"throttle|UPDATE sign_in", re.IGNORECASE)


def cpu_of(work: Callable[[], object], calls: int = 40, batches: int = 15) -> float:
    """Seconds of CPU that one call costs: the least of many batches, so that a busy machine does not count."""
    least = float("inf")
    for _ in range(batches):
        begun = time.process_time()
        for _ in range(calls):
            work()
        least = min(least, (time.process_time() - begun) / calls)
    return least


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """The SELECT, INSERT, UPDATE and DELETE statements that are run while the block runs."""
    seen: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        said = statement.lstrip().upper()
        if said.startswith(("SELECT", "INSERT", "UPDATE", "DELETE")) and not _NOT_COUNTED.search(statement):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


class Wire:
    """A WSGI client that does nothing but call, and counts what would go over the wire."""

    def __init__(self, app: Any, origin: str) -> None:
        self.app, self.origin = app, origin
        self.cookies: dict[str, str] = {}
        self.status = 0
        self.headers: list[tuple[str, str]] = []
        self.body = b""

    def environ(self, method: str, path: str, data: dict[str, str] | None = None) -> dict[str, Any]:
        """The environment of one request, ready to be used many times."""
        builder = EnvironBuilder(path, base_url=self.origin, method=method, data=data)
        builder.headers["Accept-Encoding"] = "gzip, br"
        if self.cookies:
            builder.headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        return builder.get_environ()

    def call(self, environ: dict[str, Any]) -> bytes:
        """Make one request; its body."""

        def start(status: str, headers: list[tuple[str, str]], _: Any = None) -> Any:
            self.status, self.headers = int(status[:3]), headers

        answer = self.app(environ, start)
        self.body = b"".join(answer)
        if hasattr(answer, "close"):
            answer.close()
        for name, value in self.headers:
            if name == "Set-Cookie":
                key, _, kept = value.partition(";")[0].partition("=")
                self.cookies[key] = kept
        return self.body

    def get(self, path: str) -> int:
        """Fetch a page; how many bytes came back, headers included."""
        self.call(self.environ("GET", path))
        return self.size

    @property
    def size(self) -> int:
        """Bytes of the last answer: status line, headers and body as sent."""
        head = sum(len(f"{name}: {value}\r\n".encode()) for name, value in self.headers)
        return len(b"HTTP/1.1 200 OK\r\n\r\n") + head + len(self.body)

    @property
    def location(self) -> str:
        """Where the last answer sends the browser."""
        return dict(self.headers)["Location"]


def cold(size: int) -> float:
    """Seconds until a page of *size* bytes is there on a modelled slow phone that knows nothing yet."""
    waits = 3 + (size > FIRST_FLIGHT)
    return waits * ROUND_TRIP + size / BYTES_A_SECOND


def next_page(post: int, page: int) -> float:
    """Seconds from pressing the button to the next page: the form, its 303, and the page."""
    return 2 * ROUND_TRIP + (post + page) / BYTES_A_SECOND
