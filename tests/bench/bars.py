"""The bars of `speed.md` that this house is measured by: 1 to 9, 11 to 13 and 16."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

from flask import Flask

from portal import i18n
from portal.db import engines_of
from portal.web import forget_templates
from tests.bench import programs, staff
from tests.bench.hubs import TOKEN, Bench, hub_on
from tests.bench.measure import Bar, Wire, by_turns, cold, next_page
from tests.catalogue import with_catalogue
from tests.statements import statements_of

ANSWER = {"screen": "would-help", "go": "on", "answer": "Somebody who listens. " * 8}


def _hello() -> Callable[[], object]:
    app = Flask("hello")
    app.add_url_rule("/", view_func=lambda: "hello")
    wire = Wire(app, "http://localhost")
    environ = wire.environ("GET", "/")
    return lambda: wire.call(dict(environ))


def question_and_answer(bench: Bench, database: str, most: float) -> Iterator[Bar]:
    """Bars 1 to 3: what one question and one answer cost, against Flask's hello at the same time."""
    wire, other = bench.at_first_question(), bench.at_first_question()
    wire.get("/side")  # the first page of a session carries the sheet inline; those after it do not
    other.get("/side")
    environ, form = wire.environ("GET", "/side"), ANSWER | {"csrf_token": TOKEN}

    def get() -> None:
        wire.call(dict(environ))

    def made() -> dict[str, object]:
        return other.environ("POST", "/side", form)

    def post() -> None:
        other.call(made())

    hello, page, answer, making = by_turns([(_hello(), 40), (get, 20), (post, 10), (made, 20)])
    assert (wire.status, other.status) == (200, 303), (wire.status, other.status)
    answer -= making
    ratio, ratio_post = page / hello, answer / page
    said = f"{ratio:.1f} × hello ({page * 1e6:.0f} / {hello * 1e6:.0f} µs)"
    yield Bar("1", f"question GET, CPU, {database}", said, f"≤ {most:.0f} ×", ratio <= most)
    said = f"{ratio_post:.2f} × GET ({answer * 1e6:.0f} µs)"
    yield Bar("2", f"answer POST, CPU, {database}", said, "≤ 1.7 ×", ratio_post <= 1.7)
    engines = engines_of(bench.file)
    with statements_of(*engines) as seen:
        get()
    yield Bar("3", f"statements, question GET, {database}", str(len(seen)), "≤ 3", len(seen) <= 3)
    with statements_of(*engines) as seen:
        post()
    yield Bar("3", f"statements, answer POST, {database}", str(len(seen)), "≤ 6", len(seen) <= 6)


def sizes(bench: Bench, languages: tuple[str, ...]) -> Iterator[Bar]:
    """Bars 4 to 7: what a phone pays, in every language that a hub may offer."""
    first: dict[str, int] = {}
    following: dict[str, int] = {}
    posts: dict[str, int] = {}
    blocking = 1
    for code in languages:
        anon = bench.wire("young")
        anon.cookies = {"l": code}
        first[f"way in, {code}"] = anon.get("/in")
        blocking = max(blocking, _blocking(anon))
        wire = bench.at_first_question(code)
        first[f"first question, {code}"] = wire.get("/side")
        blocking = max(blocking, _blocking(wire))
        for name in ("now", "as-you-see-it", "going-on", "anything-bad", "would-help"):
            posts[code] = bench.post(wire, "/side", {"screen": name, "go": "skip"})
            following[f"after {name}, {code}"] = wire.get("/side")
    worst, worst_next = max(first, key=lambda k: first[k]), max(following, key=lambda k: following[k])
    most, most_next, post = first[worst], following[worst_next], max(posts.values())
    yield Bar("4", f"first page, cold ({worst})", f"{most} bytes", "≤ 13500", most <= 13_500)
    yield Bar("5", "requests that block the first paint", str(blocking), "1", blocking == 1)
    yield Bar("5", "web fonts", str(_fonts(bench)), "0", _fonts(bench) == 0)
    yield Bar(
        "6",
        f"each next question ({worst_next})",
        f"{most_next} bytes",
        "≤ 4096",
        most_next <= 4096,
    )
    seconds = cold(most)
    yield Bar("7", "first question, modelled slow 3G", f"{seconds:.2f} s", "≤ 1.8 s", seconds <= 1.8)
    seconds = next_page(post, most_next)
    yield Bar("7", "next question, modelled slow 3G", f"{seconds:.2f} s", "≤ 1.1 s", seconds <= 1.1)


def _blocking(wire: Wire) -> int:
    """Requests before the first paint: the page, and what its head fetches without `defer` or for another medium."""
    head = wire.text.partition("</head>")[0]
    sheets = [tag for tag in re.findall(r"<link[^>]*stylesheet[^>]*>", head) if "media=" not in tag]
    scripts = [tag for tag in re.findall(r"<script[^>]*src[^>]*>", head) if "defer" not in tag]
    return 1 + len(sheets) + len(scripts)


def _fonts(bench: Bench) -> int:
    return sum("@font-face" in bench.app.assets.text(f"{door}.css") for door in ("young", "family", "staff"))


_IMPORT = """
import sys, time
begun = time.process_time()
import {what}
print(time.process_time() - begun)
"""
_LIBRARIES = (
    "flask, flask_login, flask_wtf, flask_htmx, sqlalchemy.orm, sqlalchemy.dialects.postgresql, "
    "sqlalchemy.dialects.sqlite, pydantic, cryptography.hazmat.primitives.ciphers.aead, babel.support, babel.dates, "
    "babel.messages.pofile, jinja2, brotli, rcssmin, whitenoise, phonenumbers, pwdlib, pwdlib.hashers.argon2, pyotp, "
    "segno, jellyfish, mnemonic, charset_normalizer, structlog, webauthn, requests, authlib.integrations.base_client"
)


def _import_cpu(what: str) -> float:
    def once() -> float:
        # What is served has its bytecode beside it, however this process was started.
        run = subprocess.run(
            [sys.executable, "-c", _IMPORT.format(what=what)], capture_output=True, text=True, check=True,
            env=os.environ | {"PYTHONDONTWRITEBYTECODE": ""},
        )  # fmt: skip
        return float(run.stdout)

    return min(once() for _ in range(5))


def starting(bench: Bench) -> Iterator[Bar]:
    """Bar 13: how long the application takes to be there."""
    ratio = _import_cpu("portal.app") / _import_cpu(_LIBRARIES)
    yield Bar("13", "import of the application, against its libraries", f"{ratio:.2f} ×", "≤ 2 ×", ratio <= 2)
    forget_templates()
    wire = bench.wire("young")
    begun = time.perf_counter()
    wire.get("/in")
    spent = (time.perf_counter() - begun) * 1000
    yield Bar("13", "first request of a process", f"{spent:.0f} ms", "≤ 100 ms", spent <= 100)


def all_bars() -> Iterator[Bar]:
    """Every bar, in one run."""
    languages = ("en_GB", *with_catalogue())
    assert set(languages) <= set(i18n.LANGUAGES)
    with hub_on("sqlite", languages) as bench:
        yield from starting(bench)
        yield from question_and_answer(bench, "SQLite", 16)
        yield from sizes(bench, languages)
        yield from staff.first_visit(bench)
    with hub_on("postgresql", languages) as bench:
        yield from question_and_answer(bench, "PostgreSQL", 30)
    yield from programs.memory()
    yield from programs.long_work()
    for kind, database in (("sqlite", "SQLite"), ("postgresql", "PostgreSQL")):
        with hub_on(kind) as one, hub_on(kind) as hundred:
            yield from staff.at_a_hundred(one, hundred, database)


def as_json(bars: list[Bar]) -> str:
    """The bars as one JSON object."""
    return json.dumps({"bars": [bar.as_row() for bar in bars]}, ensure_ascii=False)
