"""Nothing that was acknowledged is lost, no alert goes unsent and nothing is doubled, whatever is killed when.

The real web server and sender run on a hub in a folder. Four drivers press "No, tell …" for signed-in young people
over HTTP, each press with a form key of its own, and press again with the same key until a 303 comes back. Meanwhile
signal 9 goes to the web server, to one of its processes or to the sender, and what was killed is started again. Seen
red with `SafetyAnswer.say` raising its alert in a thread after the commit: 25 of 200 alerts were never sent.
"""

from __future__ import annotations

import http.client
import random
import re
import shutil
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4, uuid5

from sqlalchemy import func, select

from portal import audit, crypto, db, i18n, migrations
from portal.access import YOUNG
from portal.accounts.models import Person, allocate
from portal.accounts.sign_in import SignIn
from portal.alerts.models import Alert
from portal.app import create_app
from portal.config import WEEKDAYS, Hub, HubFile
from portal.db import session, step
from portal.outbox import OutboxMessage
from portal.returns.models import NOT_SAFE_NOW, SafetyAnswer
from tests.conftest import HUB, on_postgresql
from tests.machine.postgres import Database, fresh_database
from tests.proofs.ground import TOKEN, make_folders, settings_in
from tests.proofs.processes import Programs, ask, free_port, hub_at, programs
from tests.proofs.standing import FORM_TOKEN

DRIVERS = 4
CHILDREN = 40
STUCK = 300.0  # seconds without one more acknowledged
UNTIL_SENT = 300.0  # seconds that the sender gets for what is left when nobody presses any more


@dataclass
class Pressing:
    """What the drivers press: who, with which key; and how far they have come."""

    host: str
    port: int
    presses: list[tuple[UUID, str, str]]  # young person, cookie, key
    acknowledged: int = 0
    tries: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    over: threading.Event = field(default_factory=threading.Event)

    def drive(self, mine: list[tuple[UUID, str, str]]) -> None:
        """Press each of these until it is acknowledged."""
        try:
            for _, cookie, key in mine:
                while not self._press(cookie, key):
                    if self.over.wait(0.02):
                        return
        except AssertionError:
            self.over.set()
            raise

    def _press(self, cookie: str, key: str) -> bool:
        form = {"safe": NOT_SAFE_NOW, "form_key": key, "csrf_token": FORM_TOKEN}
        status = 0
        with suppress(OSError, http.client.HTTPException):
            answer = ask(self.port, self.host, "POST", "/now", cookie=f"s={cookie}", form=form, seconds=20)
            status = answer.status
            assert status in (303, 502, 503), f"answered {status}"
            to = {name.lower(): value for name, value in answer.headers}.get("location", "")
            assert status != 303 or to.endswith("/now"), f"sent to {to}"
        with self.lock:
            self.tries += 1
            self.acknowledged += status == 303
        return status == 303

    def wait_for(self, acknowledged: int, running: Programs) -> bool:
        """Wait until so many are acknowledged; False if the drivers are done or stuck before.

        A server gives up when its processes die too often; whatever supervises it starts it again, as here.
        """
        last, seen = time.monotonic(), self.acknowledged
        while self.acknowledged < acknowledged:
            if self.acknowledged != seen:
                last, seen = time.monotonic(), self.acknowledged
            if time.monotonic() - last > STUCK or self.over.wait(0.005):
                return False
            if running.running["serve"].poll() is not None:
                running.kill("serve")
                running.start("serve")
                running.wait_until_served()
        return True


def kill_now_and_then(pressing: Pressing, running: Programs, kills: int, rng: random.Random) -> Counter[str]:
    """Kill something *kills* times while the presses go on, and start it again; what was killed how often."""
    killed: Counter[str] = Counter()
    at = sorted(rng.randrange(1, len(pressing.presses)) for _ in range(kills))
    for acknowledged in at:
        if not pressing.wait_for(acknowledged, running):
            break
        pressing.over.wait(rng.random() * 0.05)
        what = rng.choice(["the web server", "one of its processes", "the sender"])
        if what == "one of its processes" and running.kill_one_child("serve", rng.randrange(8)):
            killed[what] += 1
            continue
        name = "worker" if what == "the sender" else "serve"
        running.kill(name)
        running.start(name)
        killed[what if name == "worker" else "the web server"] += 1
        if name == "serve":
            running.wait_until_served()
    return killed


# --- the hub ------------------------------------------------------------------------------------------------------


def enter_children(file: HubFile, folder: Path, count: int) -> list[tuple[UUID, str]]:
    """Young people with a worker, a duty worker, and a sign-in of each young person; their ids and cookies."""
    app = create_app(**settings_in(folder))
    hub = Hub(file, door=YOUNG)
    with step(hub):
        worker = Person.enter("staff", "Sam Okoro", roles=("worker",), email="sam@hub.example")
        Person.enter("staff", "Dee Duty", roles=("duty worker",), email="dee@hub.example")
        children = [
            Person.enter("child", f"Child {n}", roles=("young person",), living="home") for n in range(count)
        ]
        rows = [SignIn(person_id=child.id, door=YOUNG, touched_at=datetime.now(UTC)) for child in children]
        session.add_all(rows)
        for child in children:
            allocate(child.id, worker.id)
        keys = [(child.id, str(row.id)) for child, row in zip(children, rows, strict=True)]
    with hub.entered(), i18n.speaking("en_GB"):
        serializer = app.session_interface.get_signing_serializer(app)
        assert serializer is not None
        cookies = [
            (child, serializer.dumps({"_user_id": key, "_fresh": True, "t": TOKEN})) for child, key in keys
        ]
    close(file)
    return cookies


def close(file: HubFile) -> None:
    """Let go of the hub in this process."""
    db.close_engine(file)
    crypto.close_ring(file)


@dataclass(frozen=True)
class Outcome:
    """What is in the database and in the folder of messages when everything is over."""

    lost: int
    without_alert: int
    doubled: int
    unsent: int
    alerts: int
    messages: int
    files: int
    events: int

    @property
    def holds(self) -> bool:
        """Whether nothing at all went wrong."""
        return not (self.lost or self.without_alert or self.doubled or self.unsent)


def count_up(file: HubFile, folder: Path, presses: list[tuple[UUID, str, str]]) -> Outcome:
    """Compare the database and the messages with what was pressed; the trail must be whole, too."""
    crypto.open_ring(file, folder / "wrapping.json")
    # As `returns` keeps it: bound to the person and to what they said.
    keys = {uuid5(child, f"{NOT_SAFE_NOW} {key}") for child, _, key in presses}
    with step(Hub(file)):
        saved = Counter(session.scalars(select(SafetyAnswer.form_key)))
        alerts = Counter(session.scalars(select(Alert.key)))
        messages = session.execute(
            select(OutboxMessage.object_id, OutboxMessage.recipient_id, OutboxMessage.delivered_at)
        ).all()
        said = session.scalar(
            select(func.count()).select_from(audit.AuditEvent).where(audit.AuditEvent.act == "safety.said")
        )
        events = audit.verify(session.connection())
    close(file)
    files = list((folder / "messages").glob("*.json"))
    twice = sum(max(0, count - len(keys)) for count in (len(saved), len(alerts), int(said or 0)))
    sent_twice = len(messages) - len({(row.object_id, row.recipient_id) for row in messages})
    return Outcome(
        lost=len(keys - saved.keys()),
        without_alert=sum(f"safety:{key}" not in alerts for key in keys),
        doubled=twice + sent_twice + max(0, len(files) - 2 * len(keys)),
        unsent=sum(row.delivered_at is None for row in messages) + max(0, 2 * len(keys) - len(files)),
        alerts=len(alerts), messages=len(messages), files=len(files), events=events,
    )  # fmt: skip


def wait_until_sent(file: HubFile, folder: Path) -> None:
    """Wait until the sender has delivered everything that waits, or its time is up."""
    crypto.open_ring(file, folder / "wrapping.json")
    last = time.monotonic() + UNTIL_SENT
    waiting = 1
    while waiting and time.monotonic() < last:
        with step(Hub(file)):
            waiting = (
                session.scalar(
                    select(func.count())
                    .select_from(OutboxMessage)
                    .where(OutboxMessage.delivered_at.is_(None))
                )
                or 0
            )
        threading.Event().wait(0.2)
    close(file)


# --- the whole ----------------------------------------------------------------------------------------------------


def always_open(text: str) -> str:
    """The hub's file with somebody at work at any hour: what waits for the opening is neither sent nor lost."""
    hours = "\n".join(f'{day} = ["00:00", "23:59"]' for day in WEEKDAYS)
    return re.sub(r"\[office_hours\]\n(\w+ = .*\n)+", f"[office_hours]\n{hours}\n", text)


@contextmanager
def a_place(database: Database | None = None) -> Iterator[tuple[Path, HubFile, int]]:
    """A folder with a migrated hub whose doors are at a free port, on SQLite or in *database*."""
    folder, port = Path(tempfile.mkdtemp(prefix="kill-")), free_port()
    try:
        make_folders(folder)
        file = hub_at(folder, port, always_open(on_postgresql(HUB, database) if database else HUB))
        migrations.upgrade(file)
        yield folder, file, port
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def press_and_kill(submissions: int, kills: int, database: Database | None = None) -> Iterator[str]:
    """Press *submissions* times while *kills* processes are killed; the figures, or an `AssertionError`."""
    rng = random.Random(f"kill {submissions} {kills}")
    with a_place(database) as (folder, file, port):
        cookies = enter_children(file, folder, min(CHILDREN, submissions))
        presses = [(*cookies[n % len(cookies)], uuid4().hex) for n in range(submissions)]
        pressing = Pressing(file.host(YOUNG), port, presses)
        with programs(folder, port) as running:
            running.start("serve")
            running.start("worker")
            running.wait_until_served()
            began = time.monotonic()
            with ThreadPoolExecutor(DRIVERS) as drivers:
                parts = [drivers.submit(pressing.drive, presses[n::DRIVERS]) for n in range(DRIVERS)]
                try:
                    killed = kill_now_and_then(pressing, running, kills, rng)
                    pressing.wait_for(submissions, running)
                    for part in parts:
                        part.result(timeout=STUCK)
                finally:
                    pressing.over.set()
            seconds = time.monotonic() - began
            wait_until_sent(file, folder)
        assert pressing.acknowledged == submissions, f"only {pressing.acknowledged} were acknowledged"
        found = count_up(file, folder, presses)
        how = ", ".join(f"{what} {count}" for what, count in sorted(killed.items()))
        yield (
            f"{'PostgreSQL' if database else 'SQLite'}: {submissions} submissions in {seconds:.0f} s, "
            f"{pressing.tries - submissions} tried again; {killed.total()} kills ({how})"
        )
        yield (
            f"  {found.lost} acknowledged lost, {found.without_alert} without their alert, {found.unsent} unsent, "
            f"{found.doubled} doubled; {found.alerts} alerts, {found.messages} messages, {found.files} delivered, "
            f"{found.events} events in a whole trail"
        )
        assert killed.total() == kills, "not everything was killed that should have been"
        assert found.holds, "something was lost, unsent or doubled"


def prove(submissions: int = 10_000, kills: int = 200) -> Iterator[str]:
    """Full figures on both databases."""
    yield from press_and_kill(submissions, kills)
    with fresh_database() as database:
        yield from press_and_kill(submissions, kills, database)
