"""A hub for measuring: one young person with a worker, in the middle of the quick form."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from portal import crypto, db, i18n, migrations
from portal.accounts import sign_in
from portal.app import Portal, create_app
from portal.config import Hub, HubFile, read_hub
from portal.db import session, step
from tests.bench.measure import Wire
from tests.cast import Cast, enter_the_cast
from tests.conftest import HUB, on_postgresql, write_hub
from tests.machine.postgres import fresh_database


@dataclass
class Bench:
    """An application on a hub of its own, and its people."""

    app: Portal
    file: HubFile
    cast: Cast

    def wire(self, door: str) -> Wire:
        """A browser that knows nothing yet."""
        return Wire(self.app, self.file.origin(door))

    def signed_in(self, door: str, person_id: object, language: str = "en_GB") -> Wire:
        """A browser in which somebody has just signed in."""
        hub = Hub(self.file, door=door)
        with step(hub):
            row = sign_in.SignIn(person_id=person_id, door=door, touched_at=hub.now())
            session.add(row)
            key = str(row.id)
        with hub.entered(), i18n.speaking("en_GB"):
            serializer = self.app.session_interface.get_signing_serializer(self.app)
            assert serializer is not None
            wire = self.wire(door)
            wire.cookies = {
                "s": str(serializer.dumps({"_user_id": key, "_fresh": True, "t": "0" * 32})),
                "l": language,
            }
        return wire

    def at_first_question(self, language: str = "en_GB") -> Wire:
        """Amara's browser, with the first question as its next page."""
        wire = self.signed_in("young", self.cast.amara, language)
        for form in (
            {"screen": "ok-now", "go": "now", "form_key": "bench"},
            {"screen": "deal", "go": "on", "version": "1"},
            {"screen": "may-read", "go": "yes"},
            {"screen": "which", "go": "quick"},
        ):
            self.post(wire, "/side", form)
        return wire

    def post(self, wire: Wire, path: str, form: dict[str, str]) -> int:
        """Send a form with its token; how many bytes came back."""
        wire.call(wire.environ("POST", path, form | {"csrf_token": TOKEN}))
        return wire.size


# The masked form of a session's token of 16 zero bytes, under a mask of zero bytes.
TOKEN = "A" * 43


@contextmanager
def hub_on(database: str, languages: tuple[str, ...] = ("en_GB",)) -> Iterator[Bench]:
    """A migrated hub with the cast on "sqlite" or "postgresql"."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for part in ("data", "keys", "hubs"):
            (folder / part).mkdir()
        (folder / "wrapping.json").write_text(crypto.new_wrapping_keys())
        text = HUB.replace('["en_GB", "eo", "dv"]', str(list(languages)).replace("'", '"'))
        if database == "postgresql":
            text = on_postgresql(text, stack.enter_context(fresh_database()))
        file = write_hub(folder, text)
        migrations.upgrade(file)
        app = create_app(
            mode="test", hubs=folder / "hubs", keys=folder / "wrapping.json", secret_key="b" * 40,
            messages=folder / "messages",
        )  # fmt: skip
        stack.callback(crypto.close_ring, file)
        stack.callback(db.close_engine, file)
        with step(Hub(file)):
            cast = enter_the_cast()
        yield Bench(app, read_hub(folder / "hubs" / "testhub.toml"), cast)
