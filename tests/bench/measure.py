"""Ways of measuring that hold from one machine to the next: CPU as a ratio, statements and bytes as counts."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import brotli
from werkzeug.test import EnvironBuilder

# A modelled slow phone: 400 ms a round trip, 400 kbit/s, and ten packets in the first flight.
ROUND_TRIP, BYTES_A_SECOND, FIRST_FLIGHT = 0.4, 50_000, 13_500


def by_turns(works: Sequence[tuple[Callable[[], object], int]], rounds: int = 40) -> list[float]:
    """Seconds of CPU that one call of each costs: the least of many rounds in which all take their turn.

    Each comes with its number of calls in a round. By turns, because a machine that is slow for a second is then slow
    for all of them: measured one after another, a ratio of two moved by a third from one run to the next.
    """
    least = [float("inf")] * len(works)
    for _ in range(rounds):
        for place, (work, calls) in enumerate(works):
            begun = time.process_time()
            for _ in range(calls):
                work()
            least[place] = min(least[place], (time.process_time() - begun) / calls)
    return least


@dataclass(frozen=True)
class Bar:
    """One bar: what it is, what came out, what must hold, and whether it does (None: reported only)."""

    number: str
    name: str
    value: str
    bar: str
    met: bool | None

    def as_row(self) -> dict[str, object]:
        """The bar as JSON has it."""
        return asdict(self)


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
    def text(self) -> str:
        """The last page as a browser unpacks it."""
        packed = dict(self.headers).get("Content-Encoding")
        if packed == "br":
            return str(brotli.decompress(self.body).decode())
        return gzip.decompress(self.body).decode() if packed == "gzip" else self.body.decode()

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
