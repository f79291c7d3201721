"""Seeing, or refusing, what a hub's database is asked: through the engine that reads and the one that writes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event

from portal.config import HubFile
from portal.db import engines_of

_OF_THE_REQUEST = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")
# The throttle and the touch of a session are not the request's own (`speed.md`, bar 3).
_BESIDE_IT = re.compile(r"throttle|UPDATE sign_in", re.IGNORECASE)


@contextmanager
def before_each(file: HubFile, do: Callable[..., None]) -> Iterator[None]:
    """Call *do*, as SQLAlchemy's `before_cursor_execute`, before each statement while the block runs."""
    engines = set(engines_of(file))
    for engine in engines:
        event.listen(engine, "before_cursor_execute", do)
    try:
        yield
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", do)


@contextmanager
def statements_of(*engines: Engine) -> Iterator[list[str]]:
    """The statements of requests that these engines run while the block runs; no BEGIN, throttle or touch."""
    seen: list[str] = []

    def note(*about: object) -> None:
        statement = str(about[2]).lstrip()
        if statement.upper().startswith(_OF_THE_REQUEST) and not _BESIDE_IT.search(statement):
            seen.append(statement)

    for engine in set(engines):
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        for engine in set(engines):
            event.remove(engine, "before_cursor_execute", note)
