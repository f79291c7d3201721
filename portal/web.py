"""Pages, headers, error pages, and what stands between the network and a view.

A request comes in at a door, by host name. It has one commit, and only if its answer is below 400 (or the
view said `kept()`): what a page calls saved is on disk.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import hmac
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import brotli
from flask import Flask, Request, Response, current_app, g, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_htmx import HTMX
from flask_wtf import FlaskForm
from markupsafe import Markup
from sqlalchemy.exc import DBAPIError
from werkzeug.datastructures import Accept
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.http import parse_accept_header
from wtforms import DateField, FileField

from portal import db, i18n
from portal.access import STAFF, Rule, person_now, rule_of
from portal.config import Hub, current_hub

htmx = HTMX()
NOTHING_LARGER = 1 << 20  # bytes of an ordinary form; the list's upload page allows itself more
MOST_FIELDS = 500
IDLE_MINUTES = {
    "young": 15,
    "family": 30,
    "staff": 30,
}  # after which a sign-in is over (`product.md`, A way in)
# In the cookie of a tablet that a worker handed over: the language of whoever had it, for the page that asks for it back.
IN_ROOM = "r"
# htmx may evaluate nothing, keep nothing and ask nobody else (safety.md, fact 10).
HTMX_CONFIG = (
    '{"allowEval":false,"allowScriptTags":false,"selfRequestsOnly":true,"includeIndicatorStyles":false,'
    '"historyCacheSize":0,"refreshOnHistoryMiss":true,'
    '"responseHandling":[{"code":"204","swap":false},{"code":"[23]..","swap":true},'
    '{"code":"422","swap":true},{"code":"[45]..","swap":false,"error":true}]}'
)
_NO_FEATURES = (
    "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), "
    "publickey-credentials-get=(self), screen-wake-lock=(), usb=()"
)


def not_found() -> NotFound:
    """To be raised where somebody asks for what does not exist, or not for them: the two look alike."""
    return NotFound()


def see_other(endpoint: str, **values: Any) -> Response:
    """Send the browser on to another page of this door with a GET (303); htmx goes there too."""
    return _go(url_for(endpoint, **values))


def _go(address: str) -> Response:
    if htmx and not htmx.boosted:
        answer = Response(status=200)
        answer.headers["HX-Redirect"] = address
        return answer
    # Without the note "Redirecting…" that no browser shows: it is English, and bytes on a slow line.
    return Response(status=303, headers={"Location": address})


class Form(FlaskForm):
    """Every form of Rowan. Its token is checked for the whole request, before any view runs."""

    class Meta(FlaskForm.Meta):
        """WTForms' own token is off: it carries the time of day and is not masked (BREACH)."""

        csrf = False

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """What was typed; files only where a form asks for one, since any name can be sent as a file's."""
            if formdata is None or request.is_json:
                return None
            given = super().wrap_formdata(form, formdata)
            takes_files = any(isinstance(field, FileField) for field in form._fields.values())
            return request.form if request.files and given is not None and not takes_files else given


class DayField(DateField):
    """A day; for what cannot be read as one, *enter* says what to enter."""

    def __init__(self, label: str, checks: list[Any], enter: str = "Enter the day", **more: Any) -> None:
        super().__init__(label, checks, **more)
        self._enter = enter

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the day; raises with what to enter."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(f"{self._enter}, as day, month and year") from None


def id_in(name: str) -> UUID | None:
    """The id that a form sent under *name*; None for what is none."""
    try:
        return UUID(request.form.get(name, ""))
    except ValueError:
        return None


def form_key() -> UUID | None:
    """The key of the form that was sent, so that sending it twice is sending it once."""
    return id_in("form_key")


# --- the token of a form ------------------------------------------------------------------------------------------


def csrf_token() -> str:
    """This browser's token, masked anew each time it is asked for, so that a page may be compressed."""
    if "t" not in session:
        session["t"] = current_hub().rng.randbytes(16).hex()
    raw = bytes.fromhex(session["t"])
    mask = current_hub().rng.randbytes(16)
    return (
        base64.urlsafe_b64encode(mask + bytes(a ^ b for a, b in zip(mask, raw, strict=True)))
        .decode()
        .rstrip("=")
    )


def _token_fits(given: str) -> bool:
    try:
        data = base64.urlsafe_b64decode(given + "=" * (-len(given) % 4))
        mask, hidden = data[:16], data[16:]
        raw = bytes(a ^ b for a, b in zip(mask, hidden, strict=True))
        return len(raw) == 16 and hmac.compare_digest(raw.hex(), session.get("t", ""))
    except (ValueError, TypeError):
        return False


def comes_from_here() -> bool:
    """The browser's own word on where a form was: with no referrer sent, `Origin` and `Sec-Fetch-Site` say it.

    Under our `no-referrer` browsers write `Origin: null` on a form of ours, too: that says nothing.
    """
    hub = current_hub()
    if request.headers.get("Origin", "null") not in ("null", hub.file.origin(hub.door or "")):
        return False
    return request.headers.get("Sec-Fetch-Site", "same-origin") in ("same-origin", "none")


# --- at the start of each request ---------------------------------------------------------------------------------


def guard() -> ResponseReturnValue | None:
    """Before each view: who is it, may they, and does the form come from a page of ours?"""
    hub, app = current_hub(), _app()
    rule = rule_of(app, request.endpoint) if request.endpoint else None
    refused = _read_form(rule)
    # Who proves themselves in the request is not looked up: leaving works with the database away.
    person = person_now() if rule is None or not rule.own_proof else None
    if person is not None:
        db.act_as(person.id)
        hub.sitting = person.sign_in_id
    app.name_stream(hub)
    _choose_language(hub, person.language if person else None)
    if rule is None:
        return None
    if refused is not None:
        raise refused
    if request.method not in ("GET", "HEAD", "OPTIONS") and not rule.own_proof:
        fits = comes_from_here() and _token_fits(
            request.headers.get("X-CSRF-Token") or request.form.get("csrf_token", "")
        )
        if not fits:
            return error_page(400)
    return _may(rule)


def _read_form(rule: Rule | None) -> HTTPException | None:
    """Take the whole form in, or say what was wrong with it, before anybody is looked up.

    That look begins a writer's transaction, and a phone that stalls between two packets would hold it open against
    everybody who says "not safe" meanwhile.
    """
    if rule is None or rule.own_proof:
        return None
    if rule.largest is not None:
        request.max_content_length = rule.largest
    try:
        request.form  # noqa: B018 - asked for, it is read
    except HTTPException as refused:
        return refused
    return None


def _may(rule: Rule) -> ResponseReturnValue | None:
    if rule.who == "everyone":
        return None
    person = person_now()
    if person is None:
        family = "accounts.give_back" if IN_ROOM in session else "accounts.enter"
        return _go(url_for("accounts.sign_in" if current_hub().door == STAFF else family))
    if not rule.lets_in(person.roles):
        raise not_found()
    if person.put_away and not rule.while_put_away:
        raise not_found()
    return None


def _choose_language(hub: Hub, own: str | None) -> None:
    offered = hub.file.languages
    chosen = request.cookies.get("l") or own
    if hub.door == STAFF or chosen not in offered:
        chosen = "en_GB"
        if hub.door != STAFF and own is None and "l" not in request.cookies:
            tags = {i18n.LANGUAGES[code].tag: code for code in offered}
            chosen = tags.get(request.accept_languages.best_match(list(tags)) or "", "en_GB")
    i18n.speak(chosen)


# --- pages --------------------------------------------------------------------------------------------------------


@lru_cache
def _templates(code: str) -> i18n.Templates:
    app = _app()
    options: dict[str, Any] = {"loader": app.jinja_loader, "autoescape": True, "trim_blocks": True,
                               "lstrip_blocks": True, "auto_reload": False}  # fmt: skip
    kind = type("TemplatesIn", (i18n.Templates,), {"language_code": code})
    made: i18n.Templates = kind(**options)
    made.globals |= app.jinja_globals | {"fill": i18n.fill, "lang": i18n.LANGUAGES[code].tag,
                                         "dir": i18n.LANGUAGES[code].direction, "_": i18n._, "csrf_token": csrf_token,
                                         "both": i18n.both, "unchecked": i18n.LANGUAGES[code].state == "unchecked"}  # fmt: skip
    made.filters |= {"day": i18n.on_day, "clock": i18n.at_time, "staff_time": i18n.staff_datetime}
    made.globals["ui"] = made.get_template("shared/ui.html").make_module(made.globals)
    return made


def forget_templates() -> None:
    """Compile every template anew: another application has other templates or another address."""
    _templates.cache_clear()


def _context(values: dict[str, Any]) -> dict[str, Any]:
    hub, app = current_hub(), _app()
    door = hub.door or "public"
    style = None
    if door != STAFF and not session.get("s"):
        style = Markup(app.assets.text(f"{door}.css"))  # noqa: S704 - our own sheet, whose hash the policy names
    person = person_now()
    frame = {
        "hub": hub.file, "door": door, "door_word": hub.file.word(door), "me": person, "now": hub.now(),
        "inline_style": style, "sheet": app.assets.url(f"{door}.css"), "htmx_config": HTMX_CONFIG, "idle_minutes": IDLE_MINUTES.get(door),
    }  # fmt: skip
    if door == STAFF and person is not None:
        for add in app.frame_parts:
            frame |= add()
    return frame | values


def render(template: str, fragment: str | None = None, status: int = 200, **values: Any) -> Response:
    """A page; or, when htmx asks, only the block that the *view* names. The browser never chooses."""
    made = _templates(i18n.language().code)
    page = made.get_template(template)
    values = _context(values)
    if fragment and htmx and not htmx.boosted and not htmx.history_restore_request:
        text = "".join(page.blocks[fragment](page.new_context(values)))
    else:
        text = page.render(values)
    if values["inline_style"] and (person_now() is not None or "t" in session):
        session["s"] = 1
    response = Response(text, status=status, mimetype="text/html")
    response.headers["Vary"] = "HX-Request, Accept-Encoding"
    return response


def error_page(status: int) -> Response:
    """The page for a refusal or a fault: what happened in plain words, and what to do; nothing of what was sent."""
    known = status if status in (400, 404, 405, 413, 422, 429, 500, 503) else 400 if status < 500 else 500
    response = render(f"errors/{known}.html", status=status) if known < 500 else _page_of_a_fault(known)
    if status in (429, 503):
        response.headers["Retry-After"] = "30"
    return response


def _page_of_a_fault(status: int) -> Response:
    """The page for a fault asks for nobody: the database that knows them may be what is broken."""
    hub, door = current_hub().file, current_hub().door or "public"
    page = _templates("en_GB").get_template(f"errors/{status}.html")
    text = page.render(door=door, door_word=hub.word(door), sheet=_app().assets.url(f"{door}.css"))
    return Response(text, status=status, mimetype="text/html")


def _on_http_error(error: HTTPException) -> ResponseReturnValue:
    if error.code is not None and error.code < 400:
        return error
    return error_page(error.code or 500)


# --- headers and size ---------------------------------------------------------------------------------------------


@lru_cache
def _constant_headers(
    exit_url: str, door: str, sheet: str, others: tuple[str, ...]
) -> tuple[tuple[str, str], ...]:
    """What every answer at a door carries, built once: setting sixteen headers one by one cost a tenth of a page."""
    exit_host = "{0.scheme}://{0.netloc}".format(urlsplit(exit_url))
    policy = (
        f"default-src 'none'; script-src 'self'; style-src 'self'{_hash(sheet)}; img-src 'self'; "
        "font-src 'self'; connect-src 'self'; media-src 'self'; manifest-src 'self'; "
        f"form-action 'self' {' '.join((exit_host, *others))}; "
        "base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
    )
    # htmx writes what it swaps in as text; trusted types would refuse each swap.
    policy += "" if door == STAFF else "; require-trusted-types-for 'script'"
    found = [
        ("Content-Security-Policy", policy),
        ("Strict-Transport-Security", "max-age=63072000; includeSubDomains"),
        ("Referrer-Policy", "no-referrer"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Embedder-Policy", "require-corp"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Permissions-Policy", _NO_FEATURES),
    ]
    return (*found, *([] if door == "public" else [("X-Robots-Tag", "noindex")]))


def _hash(style: str) -> str:
    if not style:
        return ""
    return f" 'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'"


def add_headers(response: Response) -> Response:
    """What every page carries; a test asks each route for it."""
    hub = current_hub()
    door = hub.door or "public"
    sheet = "" if door == STAFF else _app().assets.text(f"{door}.css")
    others = tuple(hub.file.origin(d) for d in getattr(g, "doors_in_policy", ()))
    headers = response.headers
    for name, value in _constant_headers(hub.file.exit_url, door, sheet, others):
        headers.add(name, value)
    headers.setdefault("Cache-Control", "no-store")
    return compressed(response, request)


@lru_cache(maxsize=200)
def _best_encoding(accepted: str) -> str | None:
    return parse_accept_header(accepted, Accept).best_match(["br", "gzip"])


def compressed(response: Response, asked: Request) -> Response:
    """The response, smaller if the browser can take it; not one that echoes what stood in the address."""
    if (response.content_length or 0) < 500:
        return response
    if asked.query_string or response.headers.get("Content-Encoding"):
        return response
    best = _best_encoding(asked.headers.get("Accept-Encoding", ""))
    if best == "br":
        response.set_data(brotli.compress(response.get_data(), mode=brotli.MODE_TEXT, quality=5))
    elif best == "gzip":
        response.set_data(gzip.compress(response.get_data(), 6, mtime=0))
    else:
        return response
    response.headers["Content-Encoding"] = best
    return response


def _app() -> Any:
    return current_app._get_current_object()  # type: ignore[attr-defined]


def install(app: Flask) -> None:
    """Give the application its guard, headers and error pages."""
    htmx.init_app(app)
    app.before_request(guard)
    app.after_request(add_headers)
    app.register_error_handler(HTTPException, _on_http_error)
    app.register_error_handler(DBAPIError, _on_database_error)

    @app.url_value_preprocessor
    def take_door(_: str | None, values: dict[str, Any] | None) -> None:
        if values:
            values.pop("door", None)

    @app.url_defaults
    def give_door(endpoint: str, values: dict[str, Any]) -> None:
        if "door" not in values and app.url_map.is_endpoint_expecting(endpoint, "door"):
            values["door"] = current_hub().door


def _on_database_error(error: DBAPIError) -> ResponseReturnValue:
    """The database is away, full or read-only: say that nothing was saved, and name only the kind of fault."""
    _app().logger.error("database fault: %s", type(error.orig).__name__)
    db.let_go()
    current_hub().writer = False
    return error_page(503)
