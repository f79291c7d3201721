"""What a young person does in private changes nothing that a parent, another worker, another child or the lead sees.

Two hubs are alike to the byte: people, clock, seed of everything random. In one of them Amara does something in
private: she tries her way in, rightly and wrongly, says that she is not safe, begins, skips, declines, sends, puts it
all away, at times of her own. Then everybody else asks for every page of their door, in the same order, in both:
status, headers, cookies, sizes, every byte and the number of SQL statements are the same. Around her stand separated
parents, carers, a sibling and an unrelated child of the same carer (`homes`), who go through their own forms. Seen red
with a form that was offered only once hers was sent, with a count of
drafts on `family_front`, with one random stream for everybody, and with throttles that counted over all doors.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from portal.access import FAMILY, STAFF, YOUNG
from portal.alerts.models import Alert
from portal.audit import AuditEvent
from portal.db import session
from portal.notify.sender import run_once
from portal.questionnaires.models import Submission
from portal.trail.models import Voice
from tests.browsing import Browser, Page
from tests.proofs.beginning import LATER, Base, begin
from tests.proofs.ground import Ground, a_sign_in, hub_in
from tests.proofs.homes import AT_HOME, BESIDE, tells
from tests.proofs.in_private import SCRIPTS, InPrivate, acts_of
from tests.proofs.standing import PLAIN, View, views
from tests.statements import before_each


@dataclass(frozen=True)
class Seen:
    """Everything that a reader, or who sits beside the wire, could tell one answer from another by."""

    what: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    statements: int

    def differs_from(self, other: Seen) -> str:
        """In what the two answers differ, in a few words."""
        if self.status != other.status:
            return f"{self.what}: {self.status} beside {other.status}"
        if self.headers != other.headers:
            return f"{self.what}: the headers {set(self.headers) ^ set(other.headers)}"
        if self.body != other.body:
            at = next((n for n, (a, b) in enumerate(zip(self.body, other.body, strict=False)) if a != b), 0)
            return f"{self.what}: {self.body[max(0, at - 60) : at + 60]!r} beside {other.body[max(0, at - 60) : at + 60]!r}"
        return f"{self.what}: {self.statements} statements beside {other.statements}"


class Looker:
    """Somebody who asks for every page of their door, and what they see."""

    def __init__(self, ground: Ground, base: Base) -> None:
        self.ground, self.base = ground, base
        self.seen: list[Seen] = []
        self.statements = 0

    def _ask(
        self, browser: Browser, who: str, method: str, path: str, form: dict[str, Any] | None = None
    ) -> Page:
        self.statements = 0
        page = browser.get(path) if method == "GET" else browser.post(path, form)
        headers = tuple((str(k), str(v)) for k, v in page.headers.items())
        what = f"{who}: {method} {path}"
        self.seen.append(Seen(what, page.status, headers, page.response.get_data(), self.statements))
        return page

    def look(self, who: str, door: str, things: dict[str, UUID], forms: dict[str, dict[str, str]]) -> None:
        """Ask for everything that stands at *door* as *who*: first what can be read, then what can be pressed."""
        browser = self.ground.at_door(door)
        # Ruth sits behind one address with Amara. Jo does not: tries are counted by address at each door, so that
        # somebody else at the same door behind the same address waits with whoever guesses there.
        if door == YOUNG:
            browser.client.environ_base["REMOTE_ADDR"] = "192.0.2.7"
        self._sign_in(browser, who, door)
        known = {**PLAIN, **self.base.of_nobody, **things}
        everything = [
            v for v in views(self.ground.app) if v.door == door and set(v.arguments) <= known.keys()
        ]
        for view in everything:
            if "GET" in view.methods:
                self._ask(browser, who, "GET", view.path(known))
        for path in ("/nothing-here", "/?show=answered&after=", "/answer/1"):
            self._ask(browser, who, "GET", path)
        last = ("accounts.leave", "accounts.sign_out", "voices.put_away")
        for view in sorted(everything, key=lambda v: (v.endpoint in last, str(v))):
            if "POST" in view.methods:
                self._press(browser, who, view, known, forms.get(view.endpoint, {}))

    def tell(self, who: str) -> None:
        """Go through every form that stands at the door of somebody at home."""
        browser = self.ground.at_door(FAMILY)
        self._sign_in(browser, who, FAMILY)
        for link_id in self.base.homes.links[who]:
            tells(self._ask, browser, who, link_id)

    def _press(
        self, browser: Browser, who: str, view: View, known: dict[str, Any], form: dict[str, str]
    ) -> None:
        browser.page = None
        self._ask(browser, who, "POST", view.path(known), dict(form))

    def _sign_in(self, browser: Browser, who: str, door: str) -> None:
        if door != FAMILY:
            browser.client.set_cookie(
                "s",
                a_sign_in(self.ground, self.base.person(who), door),
                domain=self.ground.file.host(door),
            )
            return
        way_in = self.base.ways_in[who]
        self._ask(browser, who, "GET", "/in")
        # The words of another person at the wrong door, from the same home: as always, nothing.
        self._ask(browser, who, "POST", "/in", {"words": self.base.ways_in["amara"].words, "pin": "000000"})
        browser.get("/in")
        self._ask(browser, who, "POST", "/in", {"words": way_in.words, "pin": way_in.pin})


FORMS = {
    "accounts.enter": {"words": "no words of anybody", "pin": "123456"},
    "accounts.language": {"l": "en_GB"},
    "alerts.act": {"do": "hold"},
    "returns.now": {"safe": "no", "form_key": "a key of a form"},
    "voices.note": {"note-words": "A note."},
    "accounts.give_way_in": {"act": "give"},
}


def everybody_looks(ground: Ground, base: Base, made: dict[str, UUID]) -> list[Seen]:
    """What those at home, Lee, Dan, Noor, Jo and the children beside see, each at their own door; *made* are ids of what Amara may have made."""
    looker = Looker(ground, base)

    def count(*_: object) -> None:
        looker.statements += 1

    with before_each(ground.file, count):
        ruths = {"family_voice_id": base.homes.voice_of_ruth}
        for who in AT_HOME:
            own = {"link_id": base.homes.links[who][0]}
            looker.look(who, FAMILY, base.amaras | made | ruths | own, FORMS)
            looker.tell(who)
        for worker in ("lee", "dan", "noor"):
            looker.look(worker, STAFF, base.jos, FORMS)
            looker.look(worker, STAFF, base.jos | base.amaras | made, FORMS)
        looker.look("jo", YOUNG, base.jos, FORMS)
        looker.look("jo", YOUNG, base.jos | base.amaras | made, FORMS)
        for child in BESIDE:
            looker.look(child, YOUNG, base.jos | base.amaras | made, FORMS)
    return looker.seen


def made_by(ground: Ground, base: Base) -> dict[str, UUID]:
    """The ids of what Amara has made in private, by the name they would have in an address."""
    with ground.at_work():
        found = {
            "voice_id": session.scalar(select(Voice.id).where(Voice.person_id == base.cast.amara, Voice.id != base.amaras["voice_id"])),
            "alert_id": session.scalar(select(Alert.id).where(Alert.child_id == base.cast.amara)),
            "submission_id": session.scalar(select(Submission.id).where(Submission.person_id == base.cast.amara)),
        }  # fmt: skip
    return {name: key for name, key in found.items() if key is not None}


@contextmanager
def a_world(base_folder: Path, base: Base, name: str | None) -> Iterator[tuple[Ground, dict[str, UUID]]]:
    """A copy of the first world in which Amara did what *name* says (None: nothing), and it is later now."""
    with (
        tempfile.TemporaryDirectory(prefix="world-") as folder,
        hub_in(Path(folder), copy_of=base_folder) as ground,
    ):
        if name is not None:
            amara = InPrivate(ground, base, random.Random(name))
            for act in acts_of(name):
                act(amara)
                ground.clock.forward(seconds=amara.rng.randrange(50))
        assert ground.clock.at < LATER
        ground.clock.at = LATER
        with ground.at_work():
            acts = session.scalar(
                select(func.count()).select_from(AuditEvent).where(AuditEvent.door == YOUNG)
            )
        assert bool(acts) == (name is not None), "she did nothing in private"
        while run_once(ground.file, ground.app.extensions["rowan"], ground.clock):
            continue
        yield ground, made_by(ground, base)


@contextmanager
def two_worlds() -> Iterator[Callable[[str], tuple[int, list[str]]]]:
    """`compare(name)`: how many answers were compared with the world where Amara did nothing, and what differs."""
    with tempfile.TemporaryDirectory(prefix="base-") as folder:
        with hub_in(Path(folder)) as ground:
            base = begin(ground)

        def compare(name: str) -> tuple[int, list[str]]:
            with a_world(Path(folder), base, name) as (other, made):
                beside = everybody_looks(other, base, made)
            with a_world(Path(folder), base, None) as (ground, _):
                still = everybody_looks(ground, base, made)
            assert len(still) == len(beside)
            assert max(one.status for one in still) < 500, "a fault looks like any other"
            for who in (*AT_HOME, *BESIDE, "lee", "dan", "noor", "jo"):
                assert any(one.status == 200 for one in still if one.what == f"{who}: GET /"), (
                    f"{who} saw nothing"
                )
            return len(still), [a.differs_from(b) for a, b in zip(still, beside, strict=True) if a != b]

        yield compare


def prove(walks: int = 40) -> Iterator[str]:
    """Every script and *walks* random walks."""
    total, differing = 0, []
    with two_worlds() as compare:
        for name in (*SCRIPTS, *(f"walk {n}" for n in range(walks))):
            count, differs = compare(name)
            total += count
            differing += [f"{name}: {said}" for said in differs]
    yield f"{len(SCRIPTS) + walks} worlds beside one in which nothing was done: {total} answers, {len(differing)} differ"
    assert not differing, "; ".join(differing[:3])
