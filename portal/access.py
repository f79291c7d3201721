"""Who may do what, and at which door: everything on this one page, in words a manager can review.

Silence means no. A view that does not say who may use it stops the start; lacking an ability or an object is
"not found"; not being signed in is the sign-in page. Which young person's things somebody may reach is said
by a *relation*, and is asked again at each request by the model's `visible_to`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID

from flask import Blueprint, Flask, g
from flask_login import LoginManager, UserMixin

from portal import crypto

YOUNG, FAMILY, STAFF, PUBLIC = "young", "family", "staff", "public"

# How a person stands to the young person whom a thing is about.
OWN = "own"  # it is theirs
ALLOCATED = "allocated"  # they hold this young person today
SAME_TEAM = "same team"  # somebody of their organisation does
ENDED = "ended"  # they did once
OTHER = "other"  # nothing joins them
RELATIONS = (OWN, ALLOCATED, SAME_TEAM, ENDED, OTHER)
NOBODYS = "nobody's"  # no worker holds this young person today
BROKEN_GLASS = "by break-glass"  # they said why, for a day, and only to read
EVERYBODY = frozenset({OWN, ALLOCATED, SAME_TEAM, ENDED, OTHER})
MINE = frozenset({OWN})
HELD = frozenset({ALLOCATED})
ANY = frozenset({"none"})  # an ability that concerns nobody in particular
# How old the last proof of who it is (a sign-in, a code, a passkey) may be where a rule asks for it once more.
FRESH = timedelta(minutes=5)


class Can(StrEnum):
    """What somebody may do, as a sentence that begins "can"."""

    SAY_HOW_SAFE = "say whether they are safe, and be rung"
    TELL_THEIR_SIDE = "tell their side, skip, stop and send"
    READ_ANSWERS_TO_ME = "read what came back to what they said"
    ASK_FOR_SOMETHING = "ask for something, and be answered by a day"
    KEEP_A_PLAN = "keep a safer plan of their own"
    PUT_ALL_AWAY = "put everything away at one press"
    SAY_SAFE_CONTACT = "say on their own phone how they may be contacted, and what its tab says"
    USE_FAMILY_PAGES = "see the front page of the families' door"
    TELL_MY_SIDE = "tell their own side, as a parent or carer, after a return of a young person in their care"
    USE_STAFF_PAGES = "see the front page of the staff's door"
    SEE_YOUNG_PERSON = "see who a young person is and who works with them"
    GIVE_WAY_IN = "give a young person or their parent a way in, and end it"
    SIT_IN_ROOM = "hand their tablet to a young person in the room"
    PRINT_CARDS = "print sheets of cards that are nobody's yet, and take them out of use"
    KEEP_SAFE_CONTACT = "fill the safe-contact card with a young person, or with their parent or carer, and ask if it is still so"
    NAME_TRUSTED = "see and keep the people and places that a young person names"
    KEEP_CUSTODY = "put down that a young person is in custody, and until when"
    READ_VOICE = "read the exact words of a young person"
    SEE_TRAIL = "see where what somebody said went, and who opened a young person's record"
    SHARE_WORDS = "share their words as they wish, or where they must be shared, and keep them off a phone"
    READ_TO_MANAGER = "read what a young person said to a manager alone"
    SEE_TEXTS = "read texts that came from a number nobody knows, and see to them"
    ANSWER_VOICE = "note beside them, answer them, and say what was told in person"
    PUT_ON_RECORD = "copy what was said into the case record and say on which day"
    WRITE_UP = "record a return conversation, write it up, and hear what the young person says of it"
    SEE_ALERTS = "see alerts, press “I have it”, and say how it ended"
    SEE_ALERTS_ABOUT_STAFF = "see alerts about somebody who looks after or works with a young person"
    SEE_MORNING_LIST = (
        "go through the alerts at the daily meeting, and share there what was said, with a reason"
    )
    SEE_RETURNS = "see returns and when their conversation is due"
    OFFER_CONVERSATION = "offer a return conversation and log each attempt"
    SAY_HOME_IS_SAFE = "record that contacting a parent or carer is safe, and take it back"
    TAKE_RETURN = "take a proposed return"
    HEAR_CHOICE = "write down with whom a young person wants to talk"
    SEE_TEAM_RETURNS = "see how the returns of one's own organisation stand, others' young people by initials"
    SEE_CLOCKS = "see the clocks of every team, what is late and who has nobody"
    GIVE_COVER = "say who covers for oneself while away"
    GIVE_ANY_COVER = "say who covers for anybody while they are away"
    KEEP_ROTA = "enter who is on duty out of office hours, and end a turn"
    KEEP_SIGN_INS = "see where colleagues are signed in, end it, and ask that they get a sign-in or a lost one be made anew"
    SECOND_SIGN_INS = "see which roles were given lately, and let a colleague have a sign-in as the second of two who ask for it"
    IMPORT_LIST = "bring in the day's list and settle its doubtful rows"
    BREAK_GLASS = (
        "open somebody else's young person for a day, to read only, and say why; two people are told"
    )
    NAME_SAMPLE = "name a sample for an auditor, and until when"
    READ_SAMPLE = "read what was done, and who opened what, of the young people in a sample named for them"
    KEEP_PEOPLE = (
        "enter staff, homes' staff and organisations, give and end their roles, and see them out at once"
    )
    HAND_OVER = "give what is open with somebody who leaves or moves to somebody else"
    KEEP_LINKS = (
        "link a parent or carer to a young person, end the link, and put down that there is to be no contact"
    )
    LOOK_OVER_ACCESS = "look over what was opened by break-glass, and what no allocation explains"
    SEE_TIMETABLE = (
        "see how long things are kept, who is in charge of them, what is generated from that, "
        "and how the security standard is met"
    )
    KEEP_HOLDS = "stop the removal of what is kept about a young person, with a reason, and let it run on"
    SEE_NOT_ON_RECORD = "see what was said long ago and is still not on the record"
    KEEP_CORRECTIONS = (
        "write down what somebody says is wrong in a young person's record, and what was decided"
    )
    ANSWER_FILE_REQUEST = "take a parent's or carer's request for the file through its steps"


_TO_READ = frozenset({BROKEN_GLASS})  # beside those they hold, whom they have opened by break-glass
_HOLDER = {
    Can.SEE_YOUNG_PERSON: HELD | ANY | _TO_READ,
    Can.GIVE_WAY_IN: HELD,
    Can.SIT_IN_ROOM: HELD,
    Can.PRINT_CARDS: ANY,
    Can.KEEP_SAFE_CONTACT: HELD,
    Can.NAME_TRUSTED: HELD,
    Can.KEEP_CUSTODY: HELD,
    Can.READ_VOICE: HELD | ANY | _TO_READ,
    Can.SEE_TRAIL: HELD,
    Can.SHARE_WORDS: HELD,
    Can.ANSWER_VOICE: HELD,
    Can.PUT_ON_RECORD: HELD,
    Can.WRITE_UP: HELD | ANY,
    Can.SEE_ALERTS: HELD | ANY | _TO_READ,
    Can.SEE_RETURNS: HELD | ANY | _TO_READ,
    Can.BREAK_GLASS: ANY,
    Can.KEEP_LINKS: HELD,
    Can.OFFER_CONVERSATION: HELD,
    Can.SAY_HOME_IS_SAFE: HELD,
    Can.TAKE_RETURN: EVERYBODY | ANY,
    Can.HEAR_CHOICE: HELD,
    Can.SEE_TEAM_RETURNS: ANY,
    Can.KEEP_CORRECTIONS: HELD,
    Can.SEE_NOT_ON_RECORD: HELD | ANY,
    Can.GIVE_COVER: ANY,
    Can.USE_STAFF_PAGES: ANY,
}

# Only what is their own: a link to a young person, what they said, what came back to them. Nothing of the child's.
_AT_HOME = {
    Can.USE_FAMILY_PAGES: ANY,
    Can.TELL_MY_SIDE: MINE | ANY,
    Can.READ_ANSWERS_TO_ME: MINE | ANY,
    Can.SEE_TRAIL: MINE | ANY,
    Can.SAY_SAFE_CONTACT: MINE | ANY,
}

# Every ability of every role. `product.md`, Who uses it. The police have no account.
POLICY: dict[str, dict[Can, frozenset[str]]] = {
    "young person": {
        Can.SAY_HOW_SAFE: MINE | ANY,
        Can.TELL_THEIR_SIDE: MINE | ANY,
        Can.READ_ANSWERS_TO_ME: MINE | ANY,
        Can.ASK_FOR_SOMETHING: MINE | ANY,
        Can.KEEP_A_PLAN: MINE | ANY,
        Can.PUT_ALL_AWAY: MINE | ANY,
        Can.SAY_SAFE_CONTACT: MINE | ANY,
        Can.SEE_TRAIL: MINE | ANY,
    },
    "parent or carer": _AT_HOME,
    "residential carer": _AT_HOME,
    "worker": _HOLDER,
    # As a worker for whoever they hold, and for whoever has nobody yet; every alert but those about staff.
    "duty worker": {can: reach | {NOBODYS} if ALLOCATED in reach else reach for can, reach in _HOLDER.items()}
    | {
        Can.SEE_MORNING_LIST: EVERYBODY | ANY,
        Can.SEE_ALERTS: EVERYBODY | ANY,
        Can.IMPORT_LIST: ANY,
        Can.SEE_TEXTS: ANY,
    },
    "coordinator": {
        Can.USE_STAFF_PAGES: ANY,
        Can.SEE_YOUNG_PERSON: EVERYBODY | ANY,
        Can.SEE_RETURNS: EVERYBODY | ANY,
        Can.TAKE_RETURN: EVERYBODY | ANY,
        Can.HEAR_CHOICE: EVERYBODY,
        Can.SEE_TEAM_RETURNS: ANY,
        Can.SEE_CLOCKS: ANY,
        Can.IMPORT_LIST: ANY,
    },
    "manager": {
        can: EVERYBODY | ANY
        for can in (
            *_HOLDER,
            Can.IMPORT_LIST,
            Can.SEE_ALERTS_ABOUT_STAFF,
            Can.SEE_MORNING_LIST,
            Can.READ_TO_MANAGER,
            Can.SEE_CLOCKS,
            Can.GIVE_ANY_COVER,
            Can.KEEP_ROTA,
            Can.LOOK_OVER_ACCESS,
            Can.NAME_SAMPLE,
            Can.HAND_OVER,
            Can.SEE_TIMETABLE,
            Can.KEEP_HOLDS,
            Can.ANSWER_FILE_REQUEST,
        )
        if can not in (Can.OFFER_CONVERSATION, Can.USE_STAFF_PAGES, Can.BREAK_GLASS)
    }
    | {
        Can.OFFER_CONVERSATION: EVERYBODY,
        Can.USE_STAFF_PAGES: ANY,
        Can.SEE_TEXTS: ANY,
        Can.SECOND_SIGN_INS: ANY,
    },
    "participation lead": {Can.USE_STAFF_PAGES: ANY},
    "administrator": {
        Can.USE_STAFF_PAGES: ANY,
        Can.KEEP_SIGN_INS: ANY,
        Can.SECOND_SIGN_INS: ANY,
        Can.KEEP_PEOPLE: EVERYBODY | ANY,
        Can.SEE_TIMETABLE: ANY,
    },
    # "Allocated" is here: in a sample that was named for them and runs today.
    "auditor": {Can.USE_STAFF_PAGES: ANY, Can.READ_SAMPLE: HELD | ANY},
}
DOOR_OF = dict.fromkeys(POLICY, STAFF) | {
    "young person": YOUNG,
    "parent or carer": FAMILY,
    "residential carer": FAMILY,
}


@dataclass(frozen=True)
class Rule:
    """Who may use a view, and at which doors."""

    doors: tuple[str, ...]
    who: str  # "everyone", "signed in", or the ability's name
    can: Can | None = None
    of: str | None = None  # what the URL names: "young person", "voice", …; None if nothing
    while_put_away: bool = False
    own_proof: bool = False  # the request proves itself, so it carries no token of a form
    largest: int | None = None  # bytes of the largest request, where it may be larger than a form
    step_up: bool = (
        False  # whoever is signed in proves once more that it is they, if they have not just done so
    )

    def allows(self, role: str, relation: str) -> bool:
        """Whether *role*, standing in *relation* to the object, may use the view."""
        if relation == "random":
            return False
        if self.who == "everyone":
            return True
        if role == "nobody" or DOOR_OF[role] not in self.doors:
            return False
        return self.can is None or relation in POLICY[role].get(self.can, frozenset())

    def lets_in(self, roles: frozenset[str]) -> bool:
        """Whether these roles may use the view at all: in some relation to its object, or where it has none."""
        relations = RELATIONS if self.of else ("none",)
        return any(self.allows(role, relation) for role in roles for relation in relations)


View = TypeVar("View", bound=Callable[..., Any])


def _mark(rule: Rule) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.__rule__ = rule  # type: ignore[attr-defined]
        return view

    return mark


def allow(
    door: str,
    can: Can,
    *,
    of: str | None = None,
    while_put_away: bool = False,
    largest: int | None = None,
    step_up: bool = False,
) -> Callable[[View], View]:
    """Let those who *can* use the view at *door*; *of* names the kind of thing that stands in its address.

    With *step_up* it asks for a passkey or a code unless one was given in the last five minutes, and then goes on
    with what was typed: for exports, break-glass, roles, addresses and erasure (`safety.md`).
    """
    return _mark(Rule((door,), can.name, can, of, while_put_away, largest=largest, step_up=step_up))


def everyone(*doors: str, own_proof: bool = False) -> Callable[[View], View]:
    """Let everybody at these doors use the view, signed in or not."""
    return _mark(Rule(doors, "everyone", while_put_away=True, own_proof=own_proof))


def signed_in(*doors: str) -> Callable[[View], View]:
    """Let everybody who is signed in at these doors use the view, whatever their role."""
    return _mark(Rule(doors, "signed in", while_put_away=True))


class NoRule(Exception):
    """A view that does not say who may use it; the application does not start."""


class Room(Blueprint):
    """A feature's blueprint: it takes no view without a rule and puts each at the doors of its rule."""

    def add_url_rule(
        self,
        rule: str,
        endpoint: str | None = None,
        view_func: Callable[..., Any] | None = None,
        provide_automatic_options: bool | None = None,
        **options: Any,
    ) -> None:
        """Add a view at the doors its rule names."""
        allowed: Rule | None = getattr(view_func, "__rule__", None)
        if allowed is None:
            raise NoRule(f"{self.name}: the view at {rule} does not say who may use it.")
        doors = allowed.doors
        options["host"] = doors[0] if len(doors) == 1 else f"<any({','.join(doors)}):door>"
        super().add_url_rule(rule, endpoint, view_func, provide_automatic_options=False, **options)


def rule_of(app: Flask, endpoint: str) -> Rule:
    """The rule of an endpoint; raises `NoRule` if it has none."""
    rule: Rule | None = getattr(app.view_functions[endpoint], "__rule__", None)
    if rule is None:
        raise NoRule(f"The view {endpoint} does not say who may use it.")
    return rule


def check_every_view(app: Flask) -> None:
    """Refuse to start with a view that has no rule, or one that stands outside every door."""
    for url in app.url_map.iter_rules():
        rule_of(app, url.endpoint)
        if not url.host:
            raise NoRule(f"The view {url.endpoint} stands at no door.")


def table(app: Flask) -> list[dict[str, object]]:
    """The whole policy: every route, method, door, role and relation, and whether it is allowed."""
    rows: list[dict[str, object]] = []
    for url in sorted(app.url_map.iter_rules(), key=lambda u: (u.rule, u.endpoint, str(u.host))):
        rule = rule_of(app, url.endpoint)
        relations = (*RELATIONS, "random") if rule.of else ("none",)
        for method in sorted((url.methods or set()) - {"HEAD", "OPTIONS"}):
            rows += [
                {"route": url.rule.split("|")[-1], "method": method, "door": door, "role": role,
                 "relation": relation, "allowed": rule.allows(role, relation)}
                for door in rule.doors
                for role in (*POLICY, "nobody")
                for relation in relations
            ]  # fmt: skip
    return rows


@dataclass
class SignedIn(UserMixin):
    """Whoever is signed in, as one statement found them at the start of the request."""

    id: UUID
    sign_in_id: UUID
    door: str
    known_as: crypto.Sealed | str = field(repr=False)
    roles: frozenset[str]
    organisation_id: UUID | None = None
    language: str = "en_GB"
    door_word: str | None = None  # in their tab, where they chose one; None: the hub's
    put_away: bool = False
    in_room: bool = False  # on their worker's tablet, face to face; no PIN was asked for
    proved_at: datetime | None = None  # when they last proved that it is they

    @cached_property
    def name(self) -> str:
        """What they are called; opened only where a page says it."""
        if isinstance(self.known_as, str):
            return self.known_as
        return crypto.open_sealed(self.known_as, "person", "known_as", self.id, self.id)

    def get_id(self) -> str:
        """The id of the sign-in, not of the person: ending the sign-in is deleting its row."""
        return str(self.sign_in_id)

    def fresh(self, now: datetime, within: timedelta = FRESH) -> bool:
        """Whether they have proved only just that it is they."""
        return self.proved_at is not None and now - self.proved_at < within

    def can(self, can: Can) -> bool:
        """Whether any of their roles has this ability at all."""
        return any(can in POLICY[role] for role in self.roles)

    def reach(self, can: Can) -> frozenset[str]:
        """For which relations their roles, together, have this ability."""
        return frozenset().union(*(POLICY[role].get(can, frozenset()) for role in self.roles))

    def reaches_few(self, can: Can) -> bool:
        """Whether the ability ends at a caseload: neither the whole hub nor all whom nobody holds."""
        return not self.reach(can) & (EVERYBODY - {OWN, ALLOCATED} | {NOBODYS})


login = LoginManager()
login.session_protection = None  # "strong" logs a phone out when it changes network
# Nor is the browser's fingerprint taken, which nobody would compare.
login._session_identifier_generator = str


def person_now() -> SignedIn | None:
    """Whoever is signed in at this door, or None."""
    if "_login_user" not in g:  # where Flask-Login keeps whom it has loaded
        login._load_user()
    person = g.get("_login_user")
    return person if isinstance(person, SignedIn) else None


def me() -> SignedIn:
    """Whoever is signed in; only for views whose rule lets nobody else in."""
    person = person_now()
    if person is None:
        raise NoRule("A view that asks who is signed in must not be open to everyone.")
    return person
