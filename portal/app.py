"""The table of contents: `create_app` puts settings, hubs, rooms and the frame together."""

from __future__ import annotations

import atexit
import hashlib
import json
import logging
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import IO, Any

import rcssmin
import rjsmin
from flask import Flask, Request, Response, session, url_for
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import TimestampSigner, URLSafeTimedSerializer, want_bytes
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise
from whitenoise.compress import Compressor

from portal import access, config, crypto, db, i18n, web
from portal.accounts import away as _away  # noqa: F401 - adds its page to the room's
from portal.accounts import card_views as _card_views  # noqa: F401 - adds its pages to the room's
from portal.accounts import colleagues_sign_ins as _colleagues_sign_ins  # noqa: F401 - adds its pages to the room's
from portal.accounts import eighteen_views as _eighteen_views  # noqa: F401 - adds its pages to the room's
from portal.accounts import glass_views as _glass_views  # noqa: F401 - adds its page to the room's
from portal.accounts import link_views as _link_views  # noqa: F401 - adds its page to the room's
from portal.accounts import own_contact as _own_contact  # noqa: F401 - adds its pages to the room's
from portal.accounts import own_sign_in as _own_sign_in  # noqa: F401 - adds its pages to the room's
from portal.accounts import people_views as _people_views  # noqa: F401 - adds its pages to the room's
from portal.accounts import phone_page as _phone_page  # noqa: F401 - adds its page to the room's
from portal.accounts import reminder_views as _reminders  # noqa: F401 - adds its page to the room's
from portal.accounts import room_views as _room_views  # noqa: F401 - adds its pages to the room's
from portal.accounts import rota_page as _rota_page  # noqa: F401 - adds its page to the room's
from portal.accounts import safe_contact_views as _safe_contact  # noqa: F401 - adds its pages to the room's
from portal.accounts import sign_on_views as _sign_on_views  # noqa: F401 - adds its pages to the room's
from portal.accounts import staff as _accounts_staff  # noqa: F401 - adds its pages to the room's
from portal.accounts import step_up, trusted
from portal.accounts import views as accounts_room
from portal.accounts import welcome as _welcome  # noqa: F401 - adds its pages to the room's
from portal.admin import access_views as _access_views  # noqa: F401 - adds its pages to the room's
from portal.admin import asking as _asking  # noqa: F401 - adds its pages to the room's
from portal.admin import charge as _charge  # noqa: F401 - adds its pages to the room's
from portal.admin import counts as _counts  # noqa: F401 - adds its table to the hub's
from portal.admin import handover_views as _handover_views  # noqa: F401 - adds its pages to the room's
from portal.admin import homes_views as _homes_views  # noqa: F401 - adds its pages to the room's
from portal.admin import keeping as _keeping  # noqa: F401 - adds its pages to the room's
from portal.admin import ledger as _ledger  # noqa: F401 - adds its page to the room's
from portal.admin import people_views as _staff_views  # noqa: F401 - adds its pages to the room's
from portal.admin import sample_views as _sample_views  # noqa: F401 - adds its pages to the room's
from portal.admin.room import bp as admin
from portal.alerts import morning as _morning  # noqa: F401 - adds its pages to the room's
from portal.alerts import sources
from portal.alerts.bars import bars
from portal.alerts.views import bp as alerts
from portal.config import DOORS, Hub, HubFile, Settings, current_hub, folder_of
from portal.contact import from_form as asks_from_form
from portal.contact import staff as _asks  # noqa: F401 - adds its page to the room's
from portal.contact import text_views as _texts  # noqa: F401 - adds its pages to the room's
from portal.contact import views as _ask  # noqa: F401 - adds its page to the room's
from portal.contact.room import bp as contact
from portal.demonstration import views as demonstration
from portal.episodes import giving as _giving  # noqa: F401 - adds its pages to the room
from portal.episodes import list_views as _list_views  # noqa: F401 - adds its pages to the room
from portal.episodes import oversight as _oversight  # noqa: F401 - adds its pages to the room
from portal.episodes import views as _return_views  # noqa: F401 - adds its pages to the room
from portal.episodes.room import bp as episodes
from portal.help import views as help_room
from portal.help.ready_made import ReadyMade
from portal.notify.models import how_it_stands, watched
from portal.notify.views import bp as notify
from portal.returns import about_worker, asked, family_acts, flagged, own_flags
from portal.returns import actions_due as _actions_due  # noqa: F401 - adds its page to the room
from portal.returns import conversation_views as _conversation  # noqa: F401 - adds its pages to the room
from portal.returns import family_views as _families  # noqa: F401 - adds its pages to the room's
from portal.returns import home as _home  # noqa: F401 - adds its pages to the room's
from portal.returns import on_paper as _on_paper  # noqa: F401 - adds its page to the room's
from portal.returns import own_pages as _own_pages  # noqa: F401 - adds its pages to the room's
from portal.returns import plan_pages as _plan_pages  # noqa: F401 - adds its pages to the room's
from portal.returns import write_up_views as _write_up  # noqa: F401 - adds its pages to the room
from portal.returns.views import bp as returns
from portal.trail import shares as _shares  # noqa: F401 - its tables
from portal.trail import translations as _translations  # noqa: F401 - its table
from portal.voices import copying as _copying  # noqa: F401 - adds its pages to the room's
from portal.voices import family as _voices_family  # noqa: F401 - adds its pages to the room's
from portal.voices import family_went as _family_went  # noqa: F401 - adds its pages to the room's
from portal.voices import named
from portal.voices import one_voice as _one_voice  # noqa: F401 - adds its pages to the room's
from portal.voices import sharing as _sharing  # noqa: F401 - adds its pages to the room's
from portal.voices import staff as _voices_staff  # noqa: F401 - adds its pages to the room's
from portal.voices import trail_page as _trail_page  # noqa: F401 - adds its pages to the room's
from portal.voices import translating as _translating  # noqa: F401 - adds its pages to the room's
from portal.voices import views as _voices_young  # noqa: F401 - adds its pages to the room's
from portal.voices.menu import menu
from portal.voices.room import bp as voices

ROOT = Path(__file__).resolve().parent.parent
# Which files make each door's one sheet, and which scripts and pictures are served as they lie.
SHEETS = {
    "young": ("tokens", "base", "young"),
    "family": ("tokens", "base", "family"),
    "public": ("tokens", "base"),
    "staff": ("tokens", "base", "components"),
}


LEAST_FREE = 100 << 20  # bytes on the disk below which a hub says that it is not ready


class _Signer(TimestampSigner):
    """Signs with the hub's clock, so that a cookie is reproducible under a clock that a test holds."""

    def __init__(self, *given: Any, derived: dict[bytes, bytes], **options: Any) -> None:
        super().__init__(*given, **options)
        self._derived = derived

    def get_timestamp(self) -> int:
        return int(current_hub().now().timestamp())

    def derive_key(self, secret_key: str | bytes | None = None) -> bytes:
        """The key that signs, worked out once for each secret: every request asks for it."""
        secret = self.secret_keys[-1] if secret_key is None else want_bytes(secret_key)
        if secret not in self._derived:
            self._derived[secret] = super().derive_key(secret)
        return self._derived[secret]


class _Serializer(URLSafeTimedSerializer):
    default_signer = _Signer


class _Plain:
    """JSON as it is: a session holds texts and a number, and looking for tags of other kinds takes longer than reading."""

    @staticmethod
    def dumps(kept: object) -> str:
        return json.dumps(kept, separators=(",", ":"))

    @staticmethod
    def loads(text: str | bytes) -> Any:
        return json.loads(text)


class Cookies(SecureCookieSessionInterface):
    """The session cookie: neutral name, this door only, gone with the browser."""

    serializer = _Plain()  # type: ignore[assignment]
    _made: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Flask's own serializer, on the hub's clock; made once, because every request asks twice."""
        if self._made is None and (made := super().get_signing_serializer(app)) is not None:
            self._made = _Serializer(
                made.secret_keys, salt=self.salt, serializer=self.serializer,
                signer_kwargs={"key_derivation": self.key_derivation, "digest_method": self.digest_method, "derived": {}},
            )  # fmt: skip
        return self._made


class FewFields(FormDataParser):
    """Counts the fields of an ordinary form too, before they are read: the library counts only those sent in parts."""

    def parse(
        self,
        stream: IO[bytes],
        mimetype: str,
        content_length: int | None,
        options: dict[str, str] | None = None,
    ) -> Any:
        """As the library does; raises `RequestEntityTooLarge` for more fields than any page of ours has."""
        if mimetype == "application/x-www-form-urlencoded" and self.max_form_parts is not None:
            body = stream.read()
            if body.count(b"&") >= self.max_form_parts:
                raise RequestEntityTooLarge
            stream = BytesIO(body)
        return super().parse(stream, mimetype, content_length, options)


class InMemory(Request):
    """A request whose uploads stay in memory: a large one would lie on the disk's temporary folder, unsealed."""

    form_data_parser_class = FewFields

    def _get_file_stream(self, *_: object, **__: object) -> IO[bytes]:
        return BytesIO()


class Portal(Flask):
    """Flask, with a hub per request, named random streams, and one commit in one place."""

    request_class = InMemory
    session_interface: Cookies
    assets: Assets
    readiness: dict[str, Callable[[], bool]]
    jinja_globals: dict[str, Any]
    clock: Callable[[], Any]
    seed: object = None
    frame_parts: list[Callable[[], dict[str, Any]]]
    ask_who_it_is: Callable[[], Response]  # the page that a rule with a step-up puts before its view
    _counts: Counter[str]

    def wsgi_app(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request inside its hub; whatever it left uncommitted is undone."""
        file: HubFile = environ["rowan.hub"]
        # The router takes "get" for GET; a reader taken for a writer would wait for itself.
        environ["REQUEST_METHOD"] = environ["REQUEST_METHOD"].upper()
        writer = environ["REQUEST_METHOD"] not in ("GET", "HEAD", "OPTIONS")
        hub = Hub(file, clock=self.clock, door=environ["rowan.door"], writer=writer)
        with hub.entered(), i18n.speaking("en_GB"):
            try:
                answer: Iterable[bytes] = super().wsgi_app(environ, start_response)
                return answer
            finally:
                db.let_go()

    def name_stream(self, hub: Hub) -> None:
        """With a seed, give this request a random stream of its own, named by person or browser and their count."""
        if self.seed is None:
            return
        who = f"{hub.file.name}|{hub.door}|{hub.actor or session.get('t', 'new')}"
        self._counts[who] += 1
        hub.rng = random.Random(f"{self.seed}|{who}|{self._counts[who]}")  # noqa: S311 - only where a seed was asked for

    def full_dispatch_request(self) -> Response:
        """Make the answer, then commit: nothing is called saved before it is on disk."""
        response = super().full_dispatch_request()
        hub = current_hub()
        if not hub.writer:
            return response
        if response.status_code >= 400 and not hub.keeps:
            db.undo()
            return response
        try:
            db.commit()
        except DBAPIError as error:
            db.undo()
            self.logger.error("commit failed: %s", type(error.orig).__name__)
            hub.writer = False
            return self.finalize_request(web.error_page(503), from_error_handler=True)
        return response


class Assets:
    """What the browser keeps: each door's sheet, scripts and icons, named by their content and packed beforehand."""

    def __init__(self, folder: Path) -> None:
        self._texts: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self.root = Path(tempfile.mkdtemp(prefix="static-"))
        atexit.register(shutil.rmtree, self.root, ignore_errors=True)
        for door, parts in SHEETS.items():
            sheet = "".join((folder / "css" / f"{part}.css").read_text("utf-8") for part in parts)
            self._keep(f"{door}.css", str(rcssmin.cssmin(sheet)).encode())
        for path in sorted([*(folder / "js").glob("*.js"), *(folder / "icons").glob("*.*")]):
            data = path.read_bytes()
            if path.suffix == ".js" and not path.name.endswith(".min.js"):
                # Comments are for us; on a phone they are bytes.
                data = str(rjsmin.jsmin(data.decode())).encode()
            self._keep(f"{path.parent.name}/{path.name}", data)

    def _keep(self, name: str, data: bytes) -> None:
        # The name says nothing but which content it is: a phone's history shows it.
        kept = f"{hashlib.sha256(data).hexdigest()[:12]}{Path(name).suffix}"
        (self.root / kept).write_bytes(data)
        packer = Compressor(quiet=True)
        if packer.should_compress(kept):
            list(packer.compress(str(self.root / kept)))
        self._names[name] = kept
        if name.endswith(".css"):
            self._texts[name] = data.decode()

    def text(self, name: str) -> str:
        """A sheet's text, for the one page of a session that carries it inline."""
        return self._texts[name]

    def url(self, name: str) -> str:
        """The address of a kept file; a KeyError if there is none of that name."""
        return f"/s/{self._names[name]}"


@lru_cache
def _assets(folder: Path) -> Assets:
    """The kept files of this process, packed once however many applications it makes."""
    return Assets(folder)


def _static_headers(headers: Any, path: str, url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Referrer-Policy"] = "no-referrer"
    headers["X-Robots-Tag"] = "noindex"


class Doors:
    """Before anything else: health, kept files, and which hub and door a host name means. Others are 404."""

    def __init__(self, app: Portal, inner: Any, hubs: tuple[HubFile, ...]) -> None:
        self.app, self.inner = app, inner
        self.hosts = {hub.host(door): (hub, door) for hub in hubs for door in DOORS}
        self.files = WhiteNoise(
            _no_file, root=str(app.assets.root), prefix="/s/", add_headers_function=_static_headers,
            immutable_file_test=lambda path, url: True, allow_all_origins=False, max_age=31_536_000,
        )  # fmt: skip

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Send the request to where it belongs."""
        path = environ.get("PATH_INFO", "")
        if path in ("/healthz", "/readyz"):
            return _health(self.app, path, environ, start_response)
        found = self.hosts.get(environ.get("HTTP_HOST", ""))
        if found is None:
            return _plain(start_response, "404 Not Found", "There is nothing here.\n")
        if path.startswith("/s/"):
            return self.files(environ, start_response)  # type: ignore[no-any-return]
        environ["rowan.hub"], environ["rowan.door"] = found
        environ["HTTP_HOST"] = found[1]
        return self.inner(environ, start_response)  # type: ignore[no-any-return]


def _plain(start_response: Any, status: str, text: str, kind: str = "text/plain") -> list[bytes]:
    body = text.encode()
    start_response(status, [
        ("Content-Type", f"{kind}; charset=utf-8"), ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"),
        ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"), ("X-Robots-Tag", "noindex"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    ])  # fmt: skip
    return [body]


def _no_file(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    return _plain(start_response, "404 Not Found", "There is nothing here.\n")


def _health(app: Portal, path: str, environ: dict[str, Any], start_response: Any) -> list[bytes]:
    if path == "/healthz":
        return _plain(start_response, "200 OK", "ok\n")
    found = {name: ask() for name, ask in app.readiness.items()}
    status = "200 OK" if all(found.values()) else "503 Service Unavailable"
    return _plain(start_response, status, json.dumps(found) + "\n", "application/json")


def create_app(
    *, now: Callable[[], datetime] = config.utc_now, rng: object = None, **settings: Any
) -> Portal:
    """The application: *settings* as in `Settings` (or from the environment if none are given).

    *now* is the only clock, a callable that gives an aware UTC instant; *rng* a seed that makes answers
    reproducible, for tests. Raises `SettingsError` in a sentence if it may not start so.
    """
    checked = config.checked(settings) if settings else Settings.from_environment()
    hubs = config.load_hubs(checked)
    for hub in hubs:
        i18n.check(hub.languages)
        own_flags.check(hub)
        crypto.open_ring(hub, checked.keys)
        crypto.check_whole(hub)
    app = Portal("portal", template_folder=str(ROOT / "templates"), static_folder=None, host_matching=True)
    app.config.update(
        SECRET_KEY=checked.secret_key, SESSION_COOKIE_NAME="s", SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax", SESSION_COOKIE_SECURE=hubs[0].doors.young.startswith("https"),
        MAX_CONTENT_LENGTH=web.NOTHING_LARGER, MAX_FORM_MEMORY_SIZE=web.NOTHING_LARGER,
        MAX_FORM_PARTS=web.MOST_FIELDS,
    )  # fmt: skip
    # A redirect of the router's own would name the door as the code does; a doubled stroke is no page.
    app.url_map.merge_slashes = False
    app.extensions["rowan"] = checked
    app.session_interface = Cookies()
    app.assets = _assets(ROOT / "static")
    app.readiness = _readiness(hubs, checked, now)
    app.clock, app.seed, app._counts, app.frame_parts = now, rng, Counter(), []
    app.logger.setLevel(logging.INFO)
    app.jinja_globals = {"url_for": url_for, "static": app.assets.url, "csrf_token": web.csrf_token}
    access.login.init_app(app)
    web.forget_templates()
    web.install(app)
    if checked.mode == "demonstration":
        demonstration.refuse_other_databases(hubs)
        app.register_blueprint(demonstration.bp)
    _rooms(app)
    access.check_every_view(app)
    app.wsgi_app = Doors(app, ReadyMade(app.wsgi_app), hubs)  # type: ignore[method-assign]
    if checked.proxies:
        # Only who is asking, for the throttle; the host name is the browser's own, passed on as it came.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=checked.proxies, x_proto=0)  # type: ignore[method-assign]
    return app


def _readiness(
    hubs: tuple[HubFile, ...], settings: Settings, now: Callable[[], datetime]
) -> dict[str, Callable[[], bool]]:
    """What `/readyz` asks of every hub: does the database answer, do its keys open, is there room, does the sender beat;
    where somebody is to be told that it does not, whether anybody watches it."""

    def everywhere(ask: Callable[[Hub], bool]) -> Callable[[], bool]:
        return lambda: all(_says_yes(ask, Hub(file, clock=now)) for file in hubs)

    messages = settings.messages
    asked = {
        "database": everywhere(lambda _: db.session.scalar(select(1)) == 1),
        "keys": everywhere(lambda _: bool(crypto.ring().raw(crypto.HUB))),
        "disk": everywhere(
            lambda hub: all(_has_room(path) for path in (messages, folder_of(hub.file.database)) if path)
        ),
        "sender": everywhere(lambda hub: not how_it_stands().silent(hub.now())),
    }
    if settings.watcher_email or settings.watcher_phone:
        asked["watcher"] = everywhere(lambda _: watched())
    return asked


def _says_yes(ask: Callable[[Hub], bool], hub: Hub) -> bool:
    with hub.entered():
        try:
            return ask(hub)
        except (SQLAlchemyError, OSError, crypto.CannotOpen):
            return False
        finally:
            db.session.remove()


def _has_room(path: Path) -> bool:
    there = next(folder for folder in (path, *path.resolve().parents) if folder.is_dir())
    return shutil.disk_usage(there).free > LEAST_FREE


def rooms_alone() -> Portal:
    """The rooms and their rules, without settings, hub or database: for whoever only reads the policy."""
    app = Portal("portal", static_folder=None, host_matching=True)
    app.frame_parts = []
    _rooms(app)
    access.check_every_view(app)
    return app


def _rooms(app: Portal) -> None:
    """Register each room's pages; what a frame shows from above is handed to it here."""
    app.register_blueprint(help_room.bp)
    app.register_blueprint(alerts)
    app.register_blueprint(notify)
    app.frame_parts.append(bars)
    sources.introduce("safety", flagged.of_safety)
    sources.introduce("answer", flagged.of_form)
    sources.introduce("return", flagged.of_choice)
    sources.introduce(family_acts.WORRY, family_acts.worry_words)
    sources.introduce("about worker", about_worker.exact_words)
    asked.introduce(asks_from_form.take)
    app.register_blueprint(episodes)
    app.register_blueprint(returns)
    app.register_blueprint(contact)
    app.register_blueprint(admin)
    app.register_blueprint(voices)
    trusted.introduce(named.named_by)
    app.frame_parts.append(menu)
    app.ask_who_it_is = step_up.ask
    app.register_blueprint(accounts_room.bp)
