"""The process's settings and a folder of hub files, checked at the start; and `Hub`, one per request,
command and job step.

Whoever mistypes a setting reads one sentence that says which one and what to write instead.
"""

from __future__ import annotations

import os
import random
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, Self
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator
from sqlalchemy import Connection

from portal.gateway_settings import GatewaySettings

LONDON = ZoneInfo("Europe/London")
DOORS = ("young", "family", "staff", "public")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# What a family's page, tab or shortcut may be called. None of them says who is behind it.
DOOR_WORDS = ("Notes", "Planner", "Diary", "Lists", "Days")
# Words that would give away, from outside the page, what Rowan is (product rule 12, safety.md).
TELLING = (
    "council",
    "safeguard",
    "missing",
    "police",
    "interview",
    "social",
    "rowan",
    "child",
    "hub",
    "young",
)
# What the record of a return is made of; a hub's own form says which of its headings holds which (`record_order`).
RECORD_PARTS = (
    "young person", "missing", "offers", "conversation",
    "now", "seen", "before", "away", "harm", "good", "back", "help", "asks", "plan", "sharing", "how",
    "meant", "actions", "police", "told", "notes",
)  # fmt: skip


class SettingsError(Exception):
    """A setting that cannot be used; its text is one sentence for whoever runs Rowan."""


def _origin(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be a full address such as https://notes.example.org")
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError("must be an address without a path")
    return f"{parts.scheme}://{parts.netloc}"


def _issuer(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(
            "must be the full address of the provider, such as https://login.example.org/tenant/v2.0"
        )
    return value.rstrip("/")


def _phone(value: str) -> str:
    if not 3 <= sum(c.isdigit() for c in value) <= 15 or not set(value) <= set("0123456789 +"):
        raise ValueError("must be a telephone number in digits, such as 0161 496 0000")
    return value


def _door_word(value: str) -> str:
    if value not in DOOR_WORDS:
        raise ValueError(f"must be one of {', '.join(DOOR_WORDS)}")
    return value


def _database(value: str) -> str:
    if value.startswith("sqlite:///") and len(value) > len("sqlite:///"):
        return value
    if value.startswith("postgresql+psycopg://"):
        return value
    raise ValueError("must begin with sqlite:/// or postgresql+psycopg://")


def _weburl(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme != "https" or not parts.hostname:
        raise ValueError("must be a full https address of an ordinary page, such as a weather forecast")
    return value


Origin = Annotated[str, AfterValidator(_origin)]
Database = Annotated[str, AfterValidator(_database)]
Some = Annotated[str, Field(min_length=1, max_length=200)]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Doors(_File):
    """The four addresses of a hub; no two may be the same."""

    young: Origin
    family: Origin
    staff: Origin
    public: Origin

    @model_validator(mode="after")
    def _four_of_them(self) -> Self:
        if len({self.young, self.family, self.staff, self.public}) < 4:
            raise ValueError("must be four different addresses: cookies of one door may not exist at another")
        for origin in (self.young, self.family):
            if word := next(
                (w for w in TELLING if w in (urlsplit(origin).hostname or "") and w != "young"), None
            ):
                raise ValueError(f"must not have {word!r} in the address of a family's door")
        return self


class DoorWords(_File):
    """The plain word that titles every page at the young people's and at the families' door."""

    young: Annotated[str, AfterValidator(_door_word)]
    family: Annotated[str, AfterValidator(_door_word)]

    @model_validator(mode="after")
    def _two_of_them(self) -> Self:
        if self.young == self.family:
            raise ValueError("must be two different words: who sees one door may not guess the other")
        return self


class HelpNumber(_File):
    """One telephone number of the hub's own, as it is shown to families."""

    name: Some
    number: Annotated[str, AfterValidator(_phone)]
    hours: Some
    cost: Some


class Numbers(_File):
    """The numbers without which a hub does not start."""

    duty_team: HelpNumber
    emergency_duty_team: HelpNumber
    advocate: HelpNumber
    designated_officer: HelpNumber


class SingleSignOn(_File):
    """The council's own sign-in for its staff (OpenID Connect), as whoever runs it has set Rowan up there."""

    name: Some  # on the button: "Manchester's sign-on"
    issuer: Annotated[str, AfterValidator(_issuer)]
    client_id: Some
    client_secret: Annotated[str, Field(min_length=8, repr=False)]


class RecordHeading(_File):
    """One heading of the hub's own return interview form, and which parts of the record stand under it."""

    heading: Some
    holds: Annotated[tuple[str, ...], Field(min_length=1)]

    @model_validator(mode="before")
    @classmethod
    def _list_as_toml_has_it(cls, data: Any) -> Any:
        if isinstance(data, dict) and isinstance(data.get("holds"), list):
            return data | {"holds": tuple(data["holds"])}
        return data


class OwnFlag(_File):
    """A rule that the hub adds to those that every hub has: which ticks of which question a person must open."""

    rule: Annotated[str, Field(pattern=r"^[a-z][a-z ]{2,29}$")]
    title: Some  # in a list of alerts
    said: Some  # for the page of rules: the ticks in the words that a manager reads
    question: Some
    choices: Annotated[tuple[Some, ...], Field(min_length=1)]
    tells: Literal["worker and duty", "worker"]
    within: Literal["1 hour", "same day"]

    @model_validator(mode="before")
    @classmethod
    def _list_as_toml_has_it(cls, data: Any) -> Any:
        if isinstance(data, dict) and isinstance(data.get("choices"), list):
            return data | {"choices": tuple(data["choices"])}
        return data


class Keeping(_File):
    """How long things stay at this hub; the defaults are those of Rowan's own timetable."""

    draft_days: Annotated[int, Field(ge=1, le=90)] = 30
    after_record_days: Annotated[int, Field(ge=1, le=365)] = 90
    # So long after it was said, what is still not on the record raises an alarm: it is not removed.
    record_alarm_days: Annotated[int, Field(ge=1, le=365)] = 90
    message_months: Annotated[int, Field(ge=1, le=84)] = 12
    plan_months: Annotated[int, Field(ge=1, le=84)] = 6
    alert_months: Annotated[int, Field(ge=1, le=84)] = 12
    account_months: Annotated[int, Field(ge=1, le=84)] = 6
    list_months: Annotated[int, Field(ge=1, le=84)] = 12
    # By what was sent this week it is known who has been told this week.
    sent_days: Annotated[int, Field(ge=7, le=365)] = 30
    audit_years: Annotated[int, Field(ge=7, le=25)] = 7


class Controller(_File):
    """One organisation that is in charge of what was said here, with others or alone, and how to reach it."""

    name: Some
    decides: Some  # what it decides, as a sentence that begins "what" or "how"
    officer: Some  # the data protection officer, or who answers for one
    contact: Some


class OfficeDay(NamedTuple):
    """One day's office hours, both in UTC."""

    opens: datetime
    closes: datetime


class HubFile(_File):
    """One hub: its addresses, words, numbers, hours and where its data and its keys are kept."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,30}$")]
    title: Some
    authority: Some
    doors: Doors
    words: DoorWords
    exit_url: Annotated[str, AfterValidator(_weburl)]
    numbers: Numbers
    office_hours: dict[str, tuple[str, str]]
    bank_holidays: tuple[date, ...] = ()
    home_team: Some = "Missing from Home Team"
    care_provider: Some = "the independent provider"
    # So many hours after each return the form of a parent or carer stands at their door, whatever the child does.
    home_form_hours: Annotated[int, Field(ge=1, le=168)] = 24
    ask_days: Annotated[int, Field(ge=1, le=20)] = 3  # working days in which what is asked for is answered
    things_to_try: tuple[Some, ...] = ("Gym", "Radio", "Music", "Football")
    languages: tuple[str, ...] = ("en_GB",)
    record_order: tuple[RecordHeading, ...] = ()  # empty: Rowan's own order
    flags: tuple[OwnFlag, ...] = ()  # beside Rowan's own, none of which a hub can take away
    keeping: Keeping = Keeping()
    controllers: tuple[Controller, ...] = ()  # empty: the authority alone
    single_sign_on: SingleSignOn | None = None
    database: Database
    owner_database: Database | None = None
    key_store: Database
    demonstration: bool = False

    @model_validator(mode="before")
    @classmethod
    def _lists_as_toml_has_them(cls, data: Any) -> Any:
        if isinstance(data, dict):
            data = dict(data)
            for name in (
                "languages",
                "bank_holidays",
                "things_to_try",
                "record_order",
                "controllers",
                "flags",
            ):
                if isinstance(data.get(name), list):
                    data[name] = tuple(data[name])
            if isinstance(hours := data.get("office_hours"), dict):
                data["office_hours"] = {d: tuple(h) if isinstance(h, list) else h for d, h in hours.items()}
        return data

    @model_validator(mode="after")
    def _whole(self) -> Self:
        for day, (opens, closes) in self.office_hours.items():
            if day not in WEEKDAYS:
                raise ValueError(f"office_hours has {day!r}, which is not a day of the week")
            try:
                backwards = time.fromisoformat(opens) >= time.fromisoformat(closes)
            except ValueError:
                raise ValueError(f"office_hours on {day} must be two times such as 09:00 and 17:00") from None
            if backwards:
                raise ValueError(f"office_hours on {day} must open before they close")
        if not self.office_hours:
            raise ValueError("office_hours must name at least one day")
        if self.database.startswith("postgresql") and not self.owner_database:
            raise ValueError(
                "owner_database must name the role that owns the tables: the login role of database owns nothing"
            )
        if self.key_store == self.database:
            raise ValueError("key_store must not be the database: keys live in a store of their own")
        if not self.languages or self.languages[0] != "en_GB":
            raise ValueError("languages must begin with en_GB")
        return self

    @model_validator(mode="after")
    def _each_rule_once(self) -> Self:
        rules = [flag.rule for flag in self.flags]
        if len(rules) != len(set(rules)):
            raise ValueError("flags must give each rule once")
        return self

    @model_validator(mode="after")
    def _each_part_once(self) -> Self:
        held = [part for heading in self.record_order for part in heading.holds]
        if strange := next((part for part in held if part not in RECORD_PARTS), None):
            raise ValueError(f"record_order holds {strange!r}; write some of {', '.join(RECORD_PARTS)}")
        if len(held) != len(set(held)):
            raise ValueError("record_order must hold each part under one heading")
        return self

    def origin(self, door: str) -> str:
        """The full address of *door*, without a path."""
        return str(getattr(self.doors, door))

    def host(self, door: str) -> str:
        """The host name (and port) of *door*, as a browser sends it."""
        return urlsplit(self.origin(door)).netloc

    def word(self, door: str) -> str:
        """The whole title of every page at a family's door; "Help" at the public one."""
        return {"young": self.words.young, "family": self.words.family}.get(door, "Help")

    @property
    def in_charge(self) -> tuple[Controller, ...]:
        """The organisations in charge of what is said here; the authority alone where the hub names none."""
        duty = self.numbers.duty_team
        alone = Controller(
            name=self.authority, decides="what is asked, who reads it and how long it stays",
            officer="The data protection officer", contact=f"{duty.name}, {duty.number}",
        )  # fmt: skip
        return self.controllers or (alone,)

    def office_day(self, day: date) -> OfficeDay | None:
        """From when until when somebody of the hub is at work on *day* (a day in London); None if nobody is."""
        hours = self.office_hours.get(WEEKDAYS[day.weekday()])
        if hours is None or day in self.bank_holidays:
            return None
        opens, closes = (
            datetime.combine(day, time.fromisoformat(at), LONDON).astimezone(UTC) for at in hours
        )
        return OfficeDay(opens, closes)


class Settings(GatewaySettings):
    """What one process needs to know: which hubs, which keys, where messages leave."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    mode: Literal["production", "demonstration", "test"] = "production"
    hubs: Path
    secret_key: Annotated[str, Field(min_length=32)]
    keys: Path
    messages: Path  # the folder of the folder gateway
    # How many proxies of ours stand in front: so many entries of X-Forwarded-For are believed, and no more.
    proxies: Annotated[int, Field(ge=0, le=3)] = 0

    @classmethod
    def from_environment(cls, environ: dict[str, str] | None = None) -> Settings:
        """Read `ROWAN_HUBS`, `ROWAN_KEYS`, `ROWAN_SECRET_KEY`, `ROWAN_MESSAGES`, and if need be `ROWAN_MODE`,
        `ROWAN_PROXIES` and the settings of the gateways, each by its name."""
        env = os.environ if environ is None else environ
        given = {
            name: env[f"ROWAN_{name.upper()}"] for name in cls.model_fields if f"ROWAN_{name.upper()}" in env
        }
        return checked(given)

    def as_environment(self) -> dict[str, str]:
        """These settings as `from_environment` reads them, for a process started from this one."""
        given = self.model_dump(exclude_none=True)
        return {f"ROWAN_{name.upper()}": str(value) for name, value in given.items()}


def _sentence(where: str, error: ValidationError) -> str:
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"] if not str(part).startswith("function-"))
    said = str(first["msg"]).removeprefix("Value error, ")
    if first["type"] == "missing":
        said = "is missing; write it"
    elif first["type"] == "extra_forbidden":
        said = "is not a setting of Rowan; take it out or mend its name"
    else:
        said = said[:1].lower() + said[1:]
        said = said.replace("input should be", "must be").replace("string should", "must")
    return f"{where}: {name} {said}." if name and not said.startswith(name) else f"{where}: {said}."


def checked(given: dict[str, Any]) -> Settings:
    """The process's settings, or a `SettingsError` that says in a sentence what is wrong."""
    try:
        settings = Settings(**given)
    except ValidationError as error:
        raise SettingsError(_sentence("settings", error)) from None
    if not settings.hubs.is_dir():
        raise SettingsError(
            "settings: hubs must be a folder with one file per hub; there is none at that path."
        )
    if not settings.keys.is_file():
        raise SettingsError(
            "settings: keys must be the file with the wrapping keys; there is none at that path."
        )
    return settings


def _check_leaving(settings: Settings) -> None:
    sender = (settings.smtp_from or "").partition("@")[0].lower()
    if word := next((word for word in TELLING if word in sender), None):
        raise SettingsError(f"settings: smtp_from must not have {word!r} in it; it shows in a mailbox.")
    if settings.mode != "production":
        return
    for route in ("email", "text"):
        if getattr(settings, f"{route}_gateway") == "folder":
            other = "smtp" if route == "email" else "none"
            raise SettingsError(
                f"settings: {route}_gateway is a folder, from which nothing leaves; write notify or {other}."
            )
    if not (settings.watcher_email or settings.watcher_phone):
        raise SettingsError(
            "settings: watcher_email or watcher_phone must say who is told when messages do not leave."
        )


def read_hub(path: Path) -> HubFile:
    """One hub file, or a `SettingsError` that names the file and the setting."""
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path.name}: cannot be read as TOML ({error}).") from None
    try:
        return HubFile(**data)
    except (ValidationError, TypeError) as error:
        if isinstance(error, ValidationError):
            raise SettingsError(_sentence(path.name, error)) from None
        raise SettingsError(f"{path.name}: {error}.") from None


def load_hubs(settings: Settings) -> tuple[HubFile, ...]:
    """Every hub of the folder, checked against the others and against the mode of the process."""
    hubs = tuple(read_hub(path) for path in sorted(settings.hubs.glob("*.toml")))
    if not hubs:
        raise SettingsError("settings: the folder hubs holds no file that ends in .toml.")
    seen: dict[str, str] = {}
    for hub in hubs:
        for what in (hub.name, hub.database, hub.key_store, *(hub.origin(door) for door in DOORS)):
            if what in seen:
                raise SettingsError(
                    f"{hub.name}: shares {what.split('@')[-1]} with {seen[what]}; each hub needs its own."
                )
        seen |= dict.fromkeys(
            (hub.name, hub.database, hub.key_store, *(hub.origin(d) for d in DOORS)), hub.name
        )
        _check_mode(settings, hub)
    _check_leaving(settings)
    return hubs


def _check_mode(settings: Settings, hub: HubFile) -> None:
    if settings.mode == "demonstration":
        hosts = {urlsplit(hub.origin(door)).hostname or "" for door in DOORS}
        if not hub.demonstration or not all(h == "localhost" or h.endswith(".localhost") for h in hosts):
            raise SettingsError(f"{hub.name}: a demonstration runs only on localhost, with its own database.")
    elif hub.demonstration:
        raise SettingsError(f"{hub.name}: is a demonstration; run it with `portal demo`.")
    if settings.mode == "production":
        if any(hub.origin(door).startswith("http://") for door in DOORS):
            raise SettingsError(f"{hub.name}: every door must begin with https:// in production.")
        if hub.single_sign_on is not None and hub.single_sign_on.issuer.startswith("http://"):
            raise SettingsError(f"{hub.name}: single_sign_on.issuer must begin with https:// in production.")
        data = {folder_of(url) for url in (hub.database, hub.key_store)} - {None}
        if settings.keys.resolve().parent in data:
            raise SettingsError(
                f"{hub.name}: keys must not lie beside the data they lock; keep them elsewhere."
            )
        if (here := folder_of(hub.database)) is not None and here == folder_of(hub.key_store):
            raise SettingsError(
                f"{hub.name}: key_store must not lie beside the database, or one copy takes both."
            )


def folder_of(url: str) -> Path | None:
    """The folder an SQLite database lies in; None for a server."""
    return Path(url.removeprefix("sqlite:///")).resolve().parent if url.startswith("sqlite:///") else None


def midnight(day: date) -> datetime:
    """The instant in London at which *day* begins."""
    return datetime.combine(day, time(0), LONDON)


def utc_now() -> datetime:
    """The present instant, aware, in UTC: the only clock, unless a test hands in its own."""
    return datetime.now(UTC)


@dataclass(eq=False)
class Hub:
    """One hub for the length of one request, command or job step: its file, its clock, who acts."""

    file: HubFile
    clock: Callable[[], datetime] = utc_now
    rng: random.Random = field(default_factory=random.SystemRandom)
    actor: UUID | None = None
    sitting: UUID | None = None  # the sign-in in which somebody acts
    door: str | None = None
    writer: bool = False
    keeps: bool = False
    beyond: bool = False  # for a moment the act reaches what is not the actor's own (`db.beyond_the_wall`)
    on: Connection | None = None  # what prebuilt statements run on, once one has run
    # For the audit trail, in the last step before the commit.
    noted: list[dict[str, Any]] = field(default_factory=list)

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return self.clock()

    def today(self) -> date:
        """The day it is now in London."""
        return self.now().astimezone(LONDON).date()

    @contextmanager
    def entered(self) -> Iterator[Self]:
        """Make this the current hub while the block runs."""
        token = _current.set(self)
        try:
            yield self
        finally:
            _current.reset(token)


_current: ContextVar[Hub] = ContextVar("hub")


def current_hub() -> Hub:
    """The hub of this request, command or job step; a LookupError outside of one."""
    return _current.get()


def hub_or_none() -> Hub | None:
    """The current hub, or None outside of one."""
    return _current.get(None)
