"""Languages, declared once: name, direction, state; and the pseudo-locales that make a missed word stand out.

Families read Rowan in their language; staff work in English. A literal in a template is translated when the
template is compiled, one environment per language: a lookup per literal and request cost more than the rest
of the page together.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from gettext import NullTranslations
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_datetime, format_time
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from jinja2 import Environment, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from portal.config import LONDON, SettingsError, current_hub

FOLDER = Path(__file__).resolve().parent.parent / "translations"
DOMAIN = "families"


@dataclass(frozen=True)
class Language:
    """One language: its code as Babel has it, its own name, which way it runs, who has checked it."""

    code: str
    name: str
    tag: str
    right_to_left: bool = False
    state: str = "unchecked"  # "source", "checked" by a speaker, "unchecked", "pseudo" for tests

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`."""
        return "rtl" if self.right_to_left else "ltr"


LANGUAGES = {
    language.code: language
    for language in (
        Language("en_GB", "English", "en-GB", state="source"),
        Language("ar", "العربية", "ar", right_to_left=True),
        Language("eo", "Ŝajnlingvo", "eo", state="pseudo"),
        Language("dv", "ދިވެހި", "dv", right_to_left=True, state="pseudo"),
    )
}
_language: ContextVar[str] = ContextVar("language", default="en_GB")


class Pseudo(NullTranslations):
    """Every word a third longer and accented, so that what was never marked for translation stays plain."""

    _letters = str.maketrans("aceghijlnosuwyzACEGHIJLNOSUWYZ", "áĉéĝĥíĵłñóśúŵýžÁĈÉĜĤÍĴŁÑÓŚÚŴÝŽ")

    def gettext(self, message: str) -> str:
        """The message, accented outside its placeholders and lengthened."""
        if not message:
            return message
        parts = message.split("%(")
        said = parts[0].translate(self._letters)
        for part in parts[1:]:
            name, _, rest = part.partition(")s")
            said += f"%({name})s{rest.translate(self._letters)}"
        return f"[{said}{'·' * (len(message) // 3)}]"

    def ngettext(self, one: str, many: str, n: int) -> str:
        """The fitting one of the two, made strange."""
        return self.gettext(one if n == 1 else many)


@lru_cache
def catalogue(code: str) -> NullTranslations:
    """The families' catalogue of a language; raises `SettingsError` if it is not there."""
    if LANGUAGES[code].state == "pseudo":
        return Pseudo()
    if code == "en_GB":
        return NullTranslations()
    path = FOLDER / code / "LC_MESSAGES" / f"{DOMAIN}.po"
    try:
        with path.open("rb") as file:
            catalog = read_po(file, locale=code, domain=DOMAIN)
    except (OSError, ValueError) as error:
        raise SettingsError(
            f"languages: {code} has no readable catalogue; take it out of the hub file."
        ) from error

    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Translations(compiled, domain=DOMAIN)


def check(codes: tuple[str, ...]) -> None:
    """Refuse, at the start, a language that is unknown or has no catalogue; silence would be English."""
    for code in codes:
        if code not in LANGUAGES:
            raise SettingsError(f"languages: {code!r} is not one of {', '.join(LANGUAGES)}.")
        catalogue(code)


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Say everything in the language *code* while the block runs."""
    token = _language.set(code)
    try:
        yield
    finally:
        _language.reset(token)


def language() -> Language:
    """The language being spoken now."""
    return LANGUAGES[_language.get()]


def spoken_here(code: str) -> str:
    """*code* where this hub speaks it; else English."""
    return code if code in current_hub().file.languages else "en_GB"


def speak(code: str) -> None:
    """From here on in this request, say everything in *code*."""
    _language.set(code)


def _(text: str, **values: object) -> str:
    """*text* in the language being spoken, its placeholders filled."""
    said = catalogue(_language.get()).gettext(text)
    return said % values if values else said


def ngettext(one: str, many: str, n: int, **values: object) -> str:
    """The form of a counted text that fits *n*, in the language being spoken."""
    return catalogue(_language.get()).ngettext(one, many, n) % {"n": n, **values}


@dataclass(frozen=True)
class Lazy:
    """A text that is said when it is written out, in the language being spoken then."""

    say: Callable[[], str]

    def __str__(self) -> str:
        """The text, now."""
        return self.say()


def both(text: str, **values: object) -> Markup:
    """A text that safety hangs on: while nobody has checked its translation, the English stands beside it."""
    said = Markup.escape(_(text, **values))
    if language().state != "unchecked":
        return said
    with speaking("en_GB"):
        return said + Markup('<small lang="en" dir="ltr">{}</small>').format(_(text, **values))


def N_(text: str) -> str:  # noqa: N802 - the name that Babel looks for
    """Mark *text* for the catalogue; it is translated where it is used."""
    return text


def on_day(day: date | datetime) -> str:
    """A day as people say it, in their language: "Thursday 26 November"."""
    local = day.astimezone(LONDON).date() if isinstance(day, datetime) else day
    return _said_date(local)


def _said_date(day: date) -> str:
    if language().code in ("en_GB", "eo", "dv"):
        return format_date(day, "EEEE d MMMM", locale="en_GB")
    return format_date(day, "EEEE d MMMM", locale=language().code)


def at_time(instant: datetime) -> str:
    """The time of an instant in Europe/London, as the language writes it."""
    locale = language().code if language().state != "pseudo" else "en_GB"
    return format_time(instant.astimezone(LONDON), "HH:mm", locale=locale, tzinfo=LONDON)


def staff_datetime(instant: datetime) -> str:
    """Day and time in Europe/London for staff: "Thu 26 Nov 2026, 14:05"."""
    return format_datetime(instant.astimezone(LONDON), "EEE d MMM y, HH:mm", locale="en_GB", tzinfo=LONDON)


def due_words(due: datetime, now: datetime) -> str:
    """What staff are told of a time: "due in 5 hours", "due tomorrow 11:00", "late since Tuesday"."""
    return _late_words(due, now) if now >= due else _due_words(due, now)


def _due_words(due: datetime, now: datetime) -> str:
    left = due - now
    if left < timedelta(hours=1):
        return f"due in {_counted(max(1, left // timedelta(minutes=1)), 'minute')}"
    if left < timedelta(hours=12):
        return f"due in {_counted(left // timedelta(hours=1), 'hour')}"
    local = due.astimezone(LONDON)
    days = (local.date() - now.astimezone(LONDON).date()).days
    if days == 0:
        return f"due today {local:%H:%M}"
    if days == 1:
        return f"due tomorrow {local:%H:%M}"
    if days < 7:
        return f"due {local:%A %H:%M}"
    return f"due {local.day} {local:%B %H:%M}"


def _late_words(due: datetime, now: datetime) -> str:
    by = now - due
    if by < timedelta(hours=1):
        return f"late by {_counted(max(1, by // timedelta(minutes=1)), 'minute')}"
    local, today = due.astimezone(LONDON), now.astimezone(LONDON).date()
    days = (today - local.date()).days
    if days == 0:
        return f"late since {local:%H:%M}"
    if days == 1:
        return f"late since yesterday {local:%H:%M}"
    if days < 7:
        return f"late since {local:%A}"
    year = "" if local.year == today.year else f" {local.year}"
    return f"late since {local.day} {local:%B}{year}"


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


class FoldLiterals(NodeTransformer):
    """Puts the translation of each `_("literal")` into the template itself while it is compiled.

    So too each part of a page, `ui.button(_("Back"), "go", "back")`, that is the same at every request.
    """

    # Parts that ask for nothing but what they are given.
    constant_parts = frozenset({"button", "skip_button", "back_link"})

    def __init__(self, code: str, parts: Any = None) -> None:
        self.catalogue = catalogue(code)
        self.parts = parts

    def visit_Call(self, node: nodes.Call, *args: Any, **kwargs: Any) -> nodes.Node:  # noqa: N802 - Jinja's name
        """Fold a call of `_` on a literal; with placeholders, only the literal part."""
        self.generic_visit(node, *args, **kwargs)
        name = node.node
        if (part := self._constant_part(node)) is not None:
            given = {one.key: one.value.as_const() for one in node.kwargs}
            return nodes.Const(part(*(one.as_const() for one in node.args), **given), lineno=node.lineno)
        if not (
            isinstance(name, nodes.Name)
            and name.name == "_"
            and node.args
            and isinstance(node.args[0], nodes.Const)
        ):
            return node
        said = self.catalogue.gettext(node.args[0].value)
        if not node.kwargs:
            return nodes.Const(said, lineno=node.lineno)
        node.node = nodes.Name("fill", "load", lineno=node.lineno)
        node.args = [nodes.Const(said, lineno=node.lineno)]
        return node

    def _constant_part(self, call: nodes.Call) -> Any:
        """The macro that *call* calls, if what it makes can be known already."""
        part = call.node
        if self.parts is None or not isinstance(part, nodes.Getattr) or part.attr not in self.constant_parts:
            return None
        given = (*call.args, *(one.value for one in call.kwargs))
        known = (
            isinstance(part.node, nodes.Name)
            and part.node.name == "ui"
            and not (call.dyn_args or call.dyn_kwargs)
            and all(isinstance(one, nodes.Const) for one in given)
        )
        return getattr(self.parts, part.attr) if known else None


class Templates(Environment):
    """A Jinja environment of one language."""

    language_code = "en_GB"

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        return FoldLiterals(self.language_code, self.globals.get("ui")).visit(tree)  # type: ignore[no-any-return]


def fill(text: str, **values: object) -> str:
    """A translated text with its placeholders filled."""
    return text % values
