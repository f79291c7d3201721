"""Nothing that was acknowledged is missing after the power failed, wherever in the writing it failed.

Young people press "No, tell …" and new ones are entered while everything that SQLite writes, and when it asks the
disk to keep it, is recorded for the database and for the store of keys. From the record come images of the disk at
cuts drawn at random: what was not synced is there, or not, or in part, in any order. Each image is opened as the hub
it was: what had been acknowledged must be in it with its alert and its messages, the names must open, the trail must
be whole. Seen red with `synchronous=NORMAL` in `db._on_connect`, and with it in the store of keys alone.

PostgreSQL's writing is not SQLite's: what it does when the power fails is its own promise, and killing it is `kill`'s.
"""

from __future__ import annotations

import random
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid5

from sqlalchemy import select

from portal import audit, crypto
from portal.access import YOUNG
from portal.accounts.models import Person, allocate
from portal.alerts.models import Alert
from portal.config import Hub, HubFile
from portal.db import session, step
from portal.outbox import OutboxMessage
from portal.returns.models import NOT_SAFE_NOW, SafetyAnswer
from tests.conftest import write_hub
from tests.proofs.disk_log import DiskLog, recorded
from tests.proofs.ground import Ground, hub_in
from tests.proofs.kill import close

AS_NEW = 10  # every so many presses somebody new is entered, who has a key of their own


@dataclass
class Missing:
    """What was acknowledged and is not in an image, by what is missing."""

    images: int = 0
    acknowledged: int = 0
    found: list[str] = field(default_factory=list)


def press_and_enter(ground: Ground, log: DiskLog, presses: int) -> None:
    """Enter young people and press "not safe" for them; write down in the log whatever was acknowledged."""
    with ground.at_work():
        worker = Person.enter("staff", "Sam Okoro", roles=("worker",), email="sam@hub.example").id
    child, phone = worker, ground.at_door(YOUNG)
    for number in range(presses):
        if number % AS_NEW == 0:
            with ground.at_work():
                child = Person.enter("child", f"Child {number}", roles=("young person",), living="home").id
                allocate(child, worker)
            log.said(f"entered {child} Child {number}")
            phone = ground.at_door(YOUNG).sign_in_as(child)
        form = {"safe": NOT_SAFE_NOW, "form_key": f"press {number}"}
        assert phone.post("/now", form).status == 303
        log.said(f"pressed {child} {uuid5(child, f'{NOT_SAFE_NOW} press {number}')}")


def missing_in(folder: Path, said: list[str]) -> list[str]:
    """What of all that was *said* to be saved the hub in *folder* does not have."""
    file = write_hub(folder)
    crypto.open_ring(file, folder / "wrapping.json")
    try:
        return list(_missing(file, said))
    finally:
        close(file)


def _missing(file: HubFile, said: list[str]) -> Iterator[str]:
    with step(Hub(file)):
        keys = set(session.scalars(select(SafetyAnswer.form_key)))
        alerts = {row.key: row.id for row in session.execute(select(Alert.key, Alert.id))}
        told = set(session.scalars(select(OutboxMessage.object_id)))
        for line in said:
            what, child, of = line.split(" ", 2)
            if what == "entered":
                if _name_of(UUID(child)) != of:
                    yield "a young person, or their key"
            elif UUID(of) not in keys:
                yield "an answer"
            elif alerts.get(f"safety:{of}") not in told:
                yield "an alert or its message"
        audit.verify(session.connection())


def _name_of(person_id: UUID) -> str | None:
    try:
        person = session.get(Person, person_id)
    except crypto.CannotOpen:
        return None
    return person.name if person else None


def cut_often(folder: Path, presses: int, images: int, seed: int = 1) -> Missing:
    """Record *presses* in a hub below *folder*, cut the power *images* times, and look for what was acknowledged."""
    rng, missing = random.Random(seed), Missing()
    with hub_in(folder / "before") as made:
        close(made.file)
        shutil.copytree(made.folder, folder / "hub")
        with recorded(folder / "hub") as log, hub_in(folder / "hub", copy_of=made.folder) as ground:
            press_and_enter(ground, log, presses)
            entries = len(log.entries)  # what closing writes comes after
    for number in range(images):
        image = folder / f"image{number}"
        said = log.image(rng.randrange(entries // 20, entries), image, rng)
        missing.images += 1
        missing.acknowledged += len(said)
        missing.found += [f"{what} in image {number}" for what in missing_in(image, said)]
        shutil.rmtree(image)
    return missing


def prove(presses: int = 400, images: int = 600) -> Iterator[str]:
    """Cut the power again and again."""
    with tempfile.TemporaryDirectory(prefix="cut-") as folder:
        missing = cut_often(Path(folder), presses, images)
    yield f"SQLite: {missing.images} images of {presses} presses, {missing.acknowledged} things acknowledged before the cuts"
    yield f"  {len(missing.found)} missing"
    assert not missing.found, missing.found[:5]
