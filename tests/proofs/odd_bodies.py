"""No odd request is answered with 500 or takes two seconds, and none leaves memory behind.

Bodies, queries, addresses, cookies and headers of every odd kind: wrong types, nesting, null bytes, lone surrogates,
text that runs right to left, a hundred thousand fields, wrong kinds of content, odd methods, odd tokens; at every
address, as each role, with the form's own token and without. Seen red with a method in small letters, which was let
write and then waited for itself.
"""

from __future__ import annotations

import io
import logging
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_from_bytes

import pytest

from portal import access, audit
from portal.access import POLICY
from portal.db import session
from portal.episodes import preview
from tests.proofs.ground import Ground, hub_in
from tests.proofs.standing import FORM_TOKEN, NOBODY, Asker, View, everyone_in, views

TOO_LONG = 2.0  # seconds of this process's own time, which others on the machine do not lengthen
WAITED = 4.5  # seconds by the clock: what waits so long waits for a lock that nobody gives up
MORE_MEMORY = 64 << 20  # bytes by which a process may grow while it answers everything
METHODS = (
    "GET",
    "POST",
    "POST",
    "POST",
    "PUT",
    "DELETE",
    "PATCH",
    "OPTIONS",
    "HEAD",
    "TRACE",
    "PROPFIND",
    "get",
)

TEXTS = (
    "", " ", "\0", "a\0b", "\ud800", "\udfff\ud800", "\u202eabc\u202c", "سلام", "ދިވެހި", "🙂" * 300, "a" * 20_001,
    "\r\n\r\nSet-Cookie: s=1", "<script>alert(1)</script>", "'; DROP TABLE person; --", "{{ 7 * 7 }}", "%s%n%(x)s",
    "../../../etc/passwd", "-1", "0", "1", "9" * 30, "99999999999999999999", "1e400", "NaN", "true", "null", "[]",
    '{"a": {"b": [[[[1]]]]}}', "2026-02-30", "0000-00-00", "9999-12-31", "2026-11-24T10:00:00Z", "00000000",
    "00000000-0000-0000-0000-000000000000", "é" * 200, "\ufeff", "\uffff", "a" * 300_000, "²", "٣", "1\u20282",
)  # fmt: skip
# What the forms and addresses of the rooms are called; anything else is made up.
NAMES = (
    "csrf_token", "words", "pin", "token", "l", "safe", "form_key", "screen", "form", "go", "answer", "more", "version", "change",
    "email", "password", "code", "act", "digits", "do", "outcome", "held_by", "note-words", "answer-words",
    "answer-police_too", "told-on", "told-told_by", "told-words", "none-reason", "record-on", "after", "show", "file",
    "way", "interviewer", "reason", "taker", "child", "surname", "missing_date", "field-0", "a[b][c]", "", "a" * 2000,
)  # fmt: skip
VALUES = (
    "no", "ring", "on", "skip", "back", "person", "send", "give", "end", "reopen", "hold", "close", "take", "drop",
    "check", "receipt", "deal", "may-read", "ok-now", "heard.now", "check.now", "now", "quick", "anything-bad", "hurt",
    "which", "whole", "again", "whole.1", "again.1", "more", "enough", "sharing", "school:ok", "back-who", "none",
)  # fmt: skip
TYPES = (
    "application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=utf-16",
    "multipart/form-data; boundary=x", "multipart/form-data", "multipart/form-data; boundary=", "application/json",
    "text/plain", "text/html; charset=nothing", "application/xml", "", "a/b/c;;;", "image/png",
)  # fmt: skip


@dataclass
class Tally:
    """What came of all requests."""

    statuses: Counter[int] = field(default_factory=Counter)
    slowest: tuple[float, str] = (0.0, "")
    longest: float = 0.0
    faults: list[str] = field(default_factory=list)

    def note(self, what: str, status: int, seconds: float, by_the_clock: float) -> None:
        """Count one answer."""
        self.statuses[status] += 1
        self.slowest = max(self.slowest, (seconds, what))
        self.longest = max(self.longest, by_the_clock)
        if by_the_clock > WAITED:
            self.faults.append(f"{by_the_clock:.1f} s at {what}")
        if status >= 500:
            self.faults.append(f"{status} at {what}")


class Odd:
    """Makes odd requests: the same again for the same seed."""

    def __init__(self, seed: object, asker: Asker) -> None:
        self.rng, self.asker = random.Random(f"odd {seed}"), asker

    def text(self) -> str:
        """Something that somebody could send as a value."""
        kind = self.rng.random()
        if kind < 0.35:
            return self.rng.choice(VALUES)
        if kind < 0.9:
            return self.rng.choice(TEXTS)
        return "".join(chr(self.rng.randrange(0x3000)) for _ in range(self.rng.randrange(40)))

    def raw(self, text: str) -> str:
        """*text* as it would stand in an address or a form, half characters and all."""
        return quote_from_bytes(text.encode("utf-8", "surrogatepass"), safe="") if text else ""

    def pairs(self) -> str:
        """A form or a query of odd names and values."""
        count = self.rng.choice((0, 1, 3, 5, 8)) if self.rng.random() < 0.99 else 100_000
        if count == 100_000:
            return "&".join(f"f{n}=1" for n in range(count))
        pairs = [f"{self.raw(self.rng.choice(NAMES))}={self.raw(self.text())}" for _ in range(count)]
        if self.rng.random() < 0.1:
            pairs.append(self.rng.choice(("%", "%zz=1", "=", "&&&", "a=b=c", "%00=%00", "%ff=%fe", ";;")))
        return "&".join(pairs)

    def body(self) -> tuple[bytes, str]:
        """A body and what it says it is."""
        kind = self.rng.random()
        if kind < 0.6:
            token = f"csrf_token={FORM_TOKEN}&" if self.rng.random() < 0.85 else ""
            return (token + self.pairs()).encode("ascii", "ignore"), TYPES[0]
        if kind < 0.75:
            return self._parts(), "multipart/form-data; boundary=x"
        if kind < 0.85:
            depth = self.rng.choice((1, 50, 5000))
            return b'{"a":' * depth + b"1" + b"}" * depth, "application/json"
        size = self.rng.choice((0, 1, 100, 70_000, 1_100_000 if self.rng.random() < 0.2 else 10))
        return self.rng.randbytes(size), self.rng.choice(TYPES)

    def _parts(self) -> bytes:
        parts = [f'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{FORM_TOKEN}\r\n'.encode()]
        for _ in range(self.rng.choice((0, 1, 4, 600))):
            name = self.rng.choice((*NAMES[:-1], "file"))
            file = '; filename="a\0.csv"' if self.rng.random() < 0.3 else ""
            text = self.text()[:2000].encode("utf-8", "surrogatepass")
            parts.append(
                f'--x\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode()
                + text
                + b"\r\n"
            )
        parts.append(self.rng.choice((b"--x--\r\n", b"", b"--x", b"--y--")))
        return b"".join(parts)

    def headers(self, role: str) -> dict[str, str]:
        """Odd headers; mostly with the cookie of whoever has that role."""
        cookie = f"s={self.asker.who.cookies[role]}"
        odd = (
            "s=",
            "s=.",
            f"s={'A' * 5000}",
            "s=" + quote("\0"),
            "l=../..",
            "l=xx; s=1; s=2",
            "=;=;",
            "s=eyJ0IjoxfQ.a.b",
        )
        made = {"Cookie": cookie if self.rng.random() < 0.85 else self.rng.choice(odd)}
        if self.rng.random() < 0.2:
            made["Cookie"] += self.rng.choice(("; l=eo", "; l=dv", "; l=%00", "; l=" + "x" * 3000))
        for name, values in _HEADERS.items():
            if self.rng.random() < 0.12:
                made[name] = self.rng.choice(values)
        return made

    def path(self, view: View, role: str) -> str:
        """The view's address about real things, about nothing, or spoilt."""
        about = dict(self.asker.who.thing(role, self.rng.choice((*access.RELATIONS, "none"))))
        values = self.asker.values(about)
        for name in view.arguments:
            if self.rng.random() < 0.15:
                values[name] = self.raw(self.rng.choice(TEXTS)[:500])
        path = view.path(values)
        spoil = self.rng.random()
        if spoil < 0.05:
            path += self.rng.choice(("/", "//", "/%00", "%ff", "/../x", ";a=b", "/" + "a" * 4000, "%2e%2e/"))
        return path


_HEADERS = {
    "Accept-Language": ("*", "eo", "dv, en;q=0.1", "x" * 3000, ";;;q=q", "en;q=nan"),
    "Accept-Encoding": ("gzip", "br", "identity;q=0, *;q=0", "gzip;q=x", "x" * 3000),
    "HX-Request": ("true", "false", "\x7f"), "HX-Boosted": ("true",), "HX-History-Restore-Request": ("true",),
    "HX-Target": ("rows", "%00", "é"), "HX-Current-URL": ("http://[", "javascript:1"),
    "Origin": ("null", "http://young.localhost", "http://[", "", "file://"), "Sec-Fetch-Site": ("same-origin", "cross-site", "x"),
    "X-CSRF-Token": ("", "x", "é", "A" * 5000, FORM_TOKEN), "Range": ("bytes=0-", "bytes=a-b"),
    "If-None-Match": ("*", '"x"'), "If-Modified-Since": ("yesterday",), "X-Forwarded-For": ("::1, x", "a" * 3000),
    "Content-Encoding": ("gzip", "br"), "Transfer-Encoding": ("chunked",), "Expect": ("100-continue",),
    "User-Agent": ("", "é" * 200), "Authorization": ("Basic x", "Bearer " + "y" * 3000), "Cache-Control": ("no-cache",),
}  # fmt: skip


def ask(odd: Odd, view: View, role: str, tally: Tally) -> None:
    """Send one odd request and count what came of it."""
    rng = odd.rng
    method = rng.choice(view.methods if rng.random() < 0.8 else METHODS)
    path = odd.path(view, role) + ("?" + odd.pairs()[:200_000] if rng.random() < 0.4 else "")
    options: dict[str, Any] = {}
    if method not in ("GET", "HEAD"):
        body, kind = odd.body()
        options = {"input_stream": io.BytesIO(body), "content_type": kind, "content_length": len(body)}
        if rng.random() < 0.03:
            options["content_length"] = rng.choice((0, 10, len(body) + 100))
    base = odd.asker.ground.file.origin(view.door)
    began, clock = time.process_time(), time.perf_counter()
    answer = odd.asker.client.open(path, method=method, base_url=base, headers=odd.headers(role), **options)
    answer.get_data()
    seconds, by_the_clock = time.process_time() - began, time.perf_counter() - clock
    tally.note(f"{method} {view} {path[:120]!r} as {role}", answer.status_code, seconds, by_the_clock)


def memory() -> int:
    """The most memory that this process ever had, in bytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def send(asker: Asker, many: int, seed: object = 1) -> tuple[Tally, int]:
    """Send *many* odd requests, evenly over every view; the tally, and by how much memory grew after a first fifth."""
    everything, tally, odd = views(asker.ground.app), Tally(), Odd(seed, asker)
    roles = (*POLICY, NOBODY)
    warm = memory()
    for n in range(many):
        view = everything[n % len(everything)]
        fitting = [role for role in roles if access.DOOR_OF.get(role, view.door) == view.door]
        role = odd.rng.choice(fitting if odd.rng.random() < 0.9 else roles)
        ask(odd, view, role, tally)
        if n == many // 5:
            warm = memory()
        if n % 500 == 499:
            asker.put_back()  # who left or was ended comes back, and lists do not grow with every request
    return tally, memory() - warm


@contextmanager
def an_asker(folder: Path) -> Iterator[Asker]:
    """A hub with everybody in it; lists are not worked out by processes, and nothing is logged to the screen."""
    patch = pytest.MonkeyPatch()
    patch.setattr(preview, "start", lambda *_, **__: None)
    logging.disable(logging.CRITICAL)
    try:
        with hub_in(folder) as ground:
            yield from everyone_in(ground)
    finally:
        logging.disable(logging.NOTSET)
        patch.undo()


def trail_is_whole(ground: Ground) -> int:
    """How many events there are in a trail that is whole."""
    with ground.at_work():
        return audit.verify(session.connection())


def prove(many: int = 100_000) -> Iterator[str]:
    """*many* odd requests."""
    with tempfile.TemporaryDirectory(prefix="odd-") as folder, an_asker(Path(folder)) as asker:
        tally, grown = send(asker, many)
        trail_is_whole(asker.ground)
    counts = ", ".join(f"{status}: {count}" for status, count in sorted(tally.statuses.items()))
    yield f"{many} odd requests at {len(views(asker.ground.app))} addresses; {counts}"
    yield f"{len(tally.faults)} faults; the slowest took {tally.slowest[0]:.2f} s of its own, {tally.longest:.2f} s by the clock; memory grew by {grown >> 20} MiB"
    assert not tally.faults, "; ".join(tally.faults[:5])
    assert tally.slowest[0] <= TOO_LONG, tally.slowest[1]
    assert grown < MORE_MEMORY, f"memory grew by {grown >> 20} MiB"
