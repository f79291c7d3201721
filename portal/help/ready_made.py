"""Help that is there when the rest is not.

Each help page is made once per hub, door, language and packing, without anybody's cookie, and from then on
answered from memory before a session or a database is touched. Not from a file: a full disk, or a cleaner
of temporary folders, would take that away in the very hour it is wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header, parse_cookie

from portal import i18n
from portal.access import STAFF

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


@dataclass(frozen=True)
class _Answer:
    status: str
    headers: list[tuple[str, str]]
    body: bytes


class ReadyMade:
    """Stands before the application and answers its help pages."""

    def __init__(self, inner: Wsgi) -> None:
        self.inner = inner
        self._kept: dict[tuple[str, str, str, str, str], _Answer] = {}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer a help page from memory; send anything else on."""
        path, method = environ.get("PATH_INFO", ""), environ["REQUEST_METHOD"]
        if method not in ("GET", "HEAD") or not (path == "/help" or path.startswith("/help/")):
            return self.inner(environ, start_response)
        language = _language(environ)
        packing = (
            parse_accept_header(environ.get("HTTP_ACCEPT_ENCODING")).best_match(["br", "gzip"]) or "identity"
        )
        key = (environ["rowan.hub"].name, environ["rowan.door"], language, packing, path)
        answer = self._kept.get(key) or self._make(environ, language, packing)
        if answer is None:
            return self.inner(environ, start_response)
        self._kept[key] = answer
        start_response(answer.status, list(answer.headers))
        return [b""] if method == "HEAD" else [answer.body]

    def _make(self, environ: dict[str, Any], language: str, packing: str) -> _Answer | None:
        """The page as a stranger gets it, or None if there is no such page."""
        asked = {name: value for name, value in environ.items() if not name.startswith("HTTP_")}
        asked |= {
            "REQUEST_METHOD": "GET", "QUERY_STRING": "", "HTTP_HOST": environ["HTTP_HOST"],
            "HTTP_COOKIE": f"l={language}", "HTTP_ACCEPT_ENCODING": packing,
        }  # fmt: skip
        said: list[tuple[str, list[tuple[str, str]]]] = []

        def hear(
            status: str, headers: list[tuple[str, str]], exc_info: object = None
        ) -> Callable[[bytes], None]:
            said.append((status, headers))
            return lambda _: None

        answer = self.inner(asked, hear)
        try:
            body = b"".join(answer)
        finally:
            close = getattr(answer, "close", None)
            if close is not None:
                close()
        status, headers = said[-1]
        own = any(name.lower() == "set-cookie" for name, _ in headers)
        return None if own or not status.startswith("200") else _Answer(status, headers, body)


def _language(environ: dict[str, Any]) -> str:
    """The language asked for by this browser's choice, else by its settings; nobody is looked up."""
    if environ["rowan.door"] == STAFF:
        return "en_GB"
    offered: tuple[str, ...] = environ["rowan.hub"].languages
    chosen = parse_cookie(environ).get("l", "")
    if chosen in offered:
        return chosen
    tags = {i18n.LANGUAGES[code].tag: code for code in offered}
    wanted = parse_accept_header(environ.get("HTTP_ACCEPT_LANGUAGE"), LanguageAccept)
    return tags.get(wanted.best_match(list(tags)) or "", "en_GB")
