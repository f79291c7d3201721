"""What lies sealed lies nowhere else: not in a database file, a backup, a key store, a log, a message or a header.

Each sealed column holds a canary of its own, and what somebody types on a page is one too. The pages are asked for
and the messages sent; then every file of the hub, every line logged, everything that the real programs wrote to
stderr and every header is searched for every canary, as it is and in the disguises that text takes on its way.
Seen red with a log line that quoted what was typed, with a note's words in the audit trail's detail, and with a
message that named the young person.
"""

from __future__ import annotations

import base64
import io
import json
import logging
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import select

from portal import backup, logs
from portal.access import DOOR_OF, POLICY, YOUNG
from portal.config import DOORS
from portal.crypto import CannotOpen, open_sealed
from portal.db import session
from portal.notify.sender import run_once
from tests.proofs.filled import FIRST, SECOND, bird, every_sealed_column, fill
from tests.proofs.ground import Ground, hub_in, settings_in
from tests.proofs.kill import wait_until_sent
from tests.proofs.processes import ask, free_port, hub_at, programs
from tests.proofs.standing import FORM_TOKEN, NOBODY, Asker, everyone_in, views

TYPED = bird("typed")


def disguises(text: str) -> set[bytes]:
    """The forms in which *text* could lie in a file without looking like itself."""
    plain = text.encode()
    return {
        plain, plain.upper(), text.encode("utf-16-le"), text.encode("utf-16-be"), plain.hex().encode(),
        quote(text).encode(), plain[::-1],
        *(base64.b64encode(b"x" * shift + plain)[shift + 2 : -4] for shift in range(3)),
        *(base64.urlsafe_b64encode(b"x" * shift + plain)[shift + 2 : -4] for shift in range(3)),
    }  # fmt: skip


@dataclass
class Searched:
    """What was searched, and what was found where."""

    canaries: Mapping[str, str]
    bytes_read: int = 0
    places: int = 0
    found: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.needles = {name: disguises(word) for name, word in self.canaries.items()}

    def look(self, where: str, text: bytes) -> None:
        """Search one text for every canary."""
        self.places += 1
        self.bytes_read += len(text)
        folded = text.lower()
        for name, needles in self.needles.items():
            if any(needle in text or needle.lower() in folded for needle in needles if len(needle) > 5):
                self.found.append(f"{name} in {where}")

    def look_into(self, folder: Path) -> None:
        """Search every file below a folder."""
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                text = path.read_bytes()
                # A message says where it goes, to the gateway alone; everything else in it may be seen by anybody.
                text = (
                    _without_address(text)
                    if path.suffix == ".json" and path.parent.name == "messages"
                    else text
                )
                self.look(str(path.relative_to(folder)), text)


def _without_address(message: bytes) -> bytes:
    return json.dumps(json.loads(message) | {"to": ""}).encode()


class Heard(logging.Handler):
    """Everything that any library logs, with its arguments and its faults, whatever our own format leaves out."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep what a handler with a format of its own could have written."""
        fault = record.exc_info[1] if record.exc_info else None
        self.lines.append(f"{record.name} {record.getMessage()} {fault!r}")


@contextmanager
def listening() -> Iterator[tuple[Heard, io.StringIO]]:
    """What is logged meanwhile: raw, and as the programs write it."""
    root, heard, ours = logging.getLogger(), Heard(), io.StringIO()
    before, level = root.handlers[:], root.level
    logs.begin(ours, logging.DEBUG)
    root.addHandler(heard)
    try:
        yield heard, ours
    finally:
        root.handlers[:], root.level = before, level


def missing_from_the_hub(canaries: Mapping[str, str]) -> set[str]:
    """The sealed columns in which no value opens to its canary: they would prove nothing."""
    missing = set()
    for mapper, lies_in, name in every_sealed_column():
        subject = mapper.class_.__subject__  # type: ignore[attr-defined]
        whose = [lies_in.c[subject]] if subject else []
        opened = []
        for row in session.execute(select(lies_in.c.id, lies_in.c[name], *whose)):
            if row[1] is not None:
                try:
                    opened.append(
                        open_sealed(row[1], lies_in.name, name, row.id, row[-1] if subject else None)
                    )
                except CannotOpen:
                    continue
        word = canaries.get(f"{lies_in.name}.{name}", "no canary")
        inside = base64.b64encode(word.encode()).decode()[:-4] if name == "content" else word
        if not any(inside in text for text in opened):
            missing.add(f"{lies_in.name}.{name}")
    return missing


def use_every_page(asker: Asker) -> Iterator[tuple[str, bytes]]:
    """Ask for every view with the typed canary wherever somebody can type; each answer's status line and headers."""
    for view in views(asker.ground.app):
        for method in view.methods:
            for role in (role for role in (*POLICY, NOBODY) if DOOR_OF.get(role, view.door) == view.door):
                typed: dict[str, Any] = {}
                if method != "GET":
                    typed["data"] = {"csrf_token": FORM_TOKEN} | dict.fromkeys(_TYPED_FIELDS, TYPED)
                answer = asker.ask(
                    view, method, role, asker.who.thing(role, "allocated"), query_string={"after": TYPED, TYPED: TYPED},
                    headers={"User-Agent": TYPED, "Referer": f"http://{TYPED}.example/", "X-Typed": TYPED}, **typed,
                )  # fmt: skip
                yield f"{method} {view} as {role}", str(answer.headers).encode()


_TYPED_FIELDS = (
    "words", "pin", "token", "answer", "more", "screen", "go", "safe", "form_key", "version", "change", "email",
    "password", "code", "digits", "act", "outcome", "do", "held_by", "l", "note-words", "answer-words", "told-words",
    "told-told_by", "none-reason", "record-on", "reason", "way", "interviewer",
)  # fmt: skip


def journey_of(ground: Ground) -> Iterator[tuple[str, bytes]]:
    """What the pages of the two young people send in their headers, with wrong and right tries at their door."""
    young = ground.at_door(YOUNG)
    for path in ("/in", f"/in?{TYPED}", f"/{TYPED}", "/help", "/now", "/side"):
        yield f"GET {path}", str(young.get(path).headers).encode()
    young.get("/in")
    yield "POST /in", str(young.post("/in", {"words": TYPED, "pin": TYPED}).headers).encode()


def search(ground: Ground) -> Searched:
    """Fill the hub, use it, send its messages, and search everything that it left behind."""
    with ground.at_work():
        canaries = fill(FIRST)
        for column, word in fill(SECOND).items():
            canaries[f"{column}, the second"] = word
    with ground.at_work():
        missing = missing_from_the_hub(canaries)
    assert not missing, f"no canary is in {', '.join(sorted(missing))}: write it in tests/proofs/filled.py"
    searched = Searched(canaries | {"what was typed": TYPED})
    with listening() as (heard, ours):
        for asker in everyone_in(ground):
            for where, headers in (*journey_of(ground), *use_every_page(asker)):
                searched.look(f"the headers of {where}", headers)
        sent = run_once(ground.file, _settings(ground), ground.clock)
        while sent:
            sent = run_once(ground.file, _settings(ground), ground.clock)
    for line in _ours(heard.lines):
        searched.look(f"a log: {line[:60]}", line.encode("utf-8", "replace"))
    searched.look("our own log", ours.getvalue().encode())
    made = ground.folder / "hub.backup"
    with ground.at_work() as hub:
        backup.make(hub, made)
        for line in backup.lines_of(
            made
        ):  # for whoever has the backup's key but not the store of people's keys
            searched.look("the rows in a backup", json.dumps(line, ensure_ascii=False).encode())
    searched.look_into(ground.folder)
    return searched


def _settings(ground: Ground) -> Any:
    return ground.app.extensions["rowan"]


def _ours(lines: Iterable[str]) -> Iterator[str]:
    """Lines of our own loggers; what others log is kept out of every log by `logs`, which is searched as well."""
    return (line for line in lines if re.match(r"portal|_granian|root", line))


def figures() -> Iterator[str]:
    """How much was searched for how many canaries, and what was found."""
    with tempfile.TemporaryDirectory(prefix="canaries-") as folder, hub_in(Path(folder)) as ground:
        searched = search(ground)
        messages = len(list(Path(settings_in(ground.folder)["messages"]).glob("*.json")))
    yield (
        f"{len(searched.canaries)} canaries of {len(list(every_sealed_column()))} sealed columns, "
        f"{searched.places} places, {searched.bytes_read >> 10} KiB, {messages} messages: "
        f"{len(searched.found)} found"
    )
    assert not searched.found, "; ".join(searched.found[:5])


def in_real_programs() -> Iterator[str]:
    """The same in what the real web server and sender write to stderr and leave on the disk."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="canaries-") as name, hub_in(Path(name)) as ground:
        ground.clock.at = datetime.now(
            UTC
        )  # the clock of the programs, to whom tomorrow's messages are not due
        with ground.at_work():
            canaries = fill(FIRST)
        file = hub_at(ground.folder, port)
        with programs(ground.folder, port) as running:
            running.start("serve")
            running.start("worker")
            running.wait_until_served()
            searched = Searched(canaries | {"what was typed": TYPED})
            for door in DOORS:
                for path in ("/", "/in", "/sign-in", "/now", "/help", f"/{TYPED}", f"/list?after={TYPED}"):
                    for form in (None, {"words": TYPED, "pin": TYPED, "email": TYPED, "csrf_token": TYPED}):
                        answer = ask(port, file.host(door), "POST" if form else "GET", path, form=form,
                                     cookie=f"s={TYPED}; l={TYPED}")  # fmt: skip
                        searched.look(f"the headers of {door}{path}", str(answer.headers).encode())
            wait_until_sent(file, ground.folder)
        searched.look_into(ground.folder)
    yield f"real programs: {searched.places} places, {searched.bytes_read >> 10} KiB: {len(searched.found)} found"
    assert not searched.found, "; ".join(searched.found[:5])


def prove() -> Iterator[str]:
    """The hub in this process, then the real programs."""
    yield from figures()
    yield from in_real_programs()
