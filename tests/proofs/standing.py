"""Everybody who can stand to a young person in some way, with one of each thing that an address can name."""

from __future__ import annotations

import base64
import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule as Url
from werkzeug.test import TestResponse

from portal import access, i18n
from portal.access import (
    ALLOCATED,
    DOOR_OF,
    ENDED,
    FAMILY,
    OTHER,
    OWN,
    POLICY,
    PUBLIC,
    SAME_TEAM,
    STAFF,
    Rule,
)
from portal.accounts import private_phone
from portal.accounts.actions import break_glass
from portal.accounts.models import Allocation, Organisation, Person, allocate
from portal.admin.samples import AuditSample, Sampled
from portal.alerts.flags import ABOUT_A_WORKER
from portal.config import Hub, current_hub
from portal.db import new_id, session
from portal.episodes.living import OTHER_AUTHORITY
from portal.episodes.proposing import propose
from tests.factories import (
    a_draft,
    a_list,
    a_parents_voice,
    a_way_in,
    an_alert,
    everything_about,
    safe_home,
)
from tests.proofs.ground import TOKEN, Ground, a_sign_in

NOBODY = "nobody"
# The token of a form as a page would carry it, under a mask of noughts.
FORM_TOKEN = base64.urlsafe_b64encode(bytes(16) + bytes.fromhex(TOKEN)).decode().rstrip("=")
# The kinds of things that a rule may speak of. A new kind needs a factory in `everything_about` and a line here.
KINDS = {
    "young person": "child_id",
    "voice": "voice_id",
    "alert": "alert_id",
    "return": "task_id",
    "link": "link_id",
    "family voice": "family_voice_id",
    "write-up": "write_up_id",
    "break-glass": "glass_id",
    "staff member": "staff_id",
    "sample": "sampled_id",
    "organisation": "organisation_id",
}
# Where a view is only of some things of a kind, what stands in its address instead.
_HELD = {"task_id": "held_task_id"}
RATHER = {
    **dict.fromkeys(
        (
            "returns.write_up",
            "returns.heard_back",
            "returns.send_write_up",
            "returns.next_steps",
            "returns.police",
        ),
        _HELD,
    ),
    "episodes.tell_authority": {"task_id": "other_authoritys_task_id"},
    "alerts.tell_officer": {"alert_id": "alert_about_a_worker"},
    "alerts.end_pause": {"alert_id": "alert_about_a_worker"},
}
# What stands in an address and is no id, by its name there.
PLAIN = {"need": "cope", "way": "later"}
_ARGUMENT = re.compile(r"<(?:[^<>]*:)?(\w+)>")


@dataclass
class Everyone:
    """The people and things of one hub, by role and by relation."""

    actors: dict[str, UUID]
    things: dict[str, dict[str, UUID]]  # by relation, for staff
    own: dict[str, UUID]  # the young person's own
    of_nobody: dict[str, UUID]
    digits: dict[UUID, str]
    at_home: dict[str, dict[str, UUID]]  # what is a parent's or carer's own, by role
    cookies: dict[str, str] = field(default_factory=dict)

    def thing(self, role: str, relation: str) -> dict[str, UUID]:
        """What stands in that relation to whoever has that role. Nothing is a staff person's own: another's it is."""
        if relation == OWN:
            return self.own if role == "young person" else self.things[OTHER] | self.at_home.get(role, {})
        return self.things.get(relation, self.things[ALLOCATED])


def enter_everyone() -> Everyone:
    """Enter an actor of every role, and young people in every relation to all of them, with all their things."""
    council, far = Organisation(name="The council", kind="council"), Organisation(name="Far", kind="provider")
    session.add_all([council, far])
    session.flush()
    actors = {role: _actor(role, council) for role in POLICY}
    colleague = Person.enter("staff", "Col League", roles=("worker",), organisation_id=council.id).id
    stranger = Person.enter("staff", "Dan Far", roles=("worker",), organisation_id=far.id).id
    children = {ALLOCATED: stranger, SAME_TEAM: colleague, ENDED: stranger, OTHER: stranger}
    things: dict[str, dict[str, UUID]] = {}
    digits: dict[UUID, str] = {}
    for relation, holder in children.items():
        child = Person.enter("child", f"{relation.title()} Child", roles=("young person",),
                             born_on=date(2012, 1, 1), living="home").id  # fmt: skip
        allocate(child, holder)
        things[relation] = _everything(child, holder, digits)
    _stand(actors, things)
    allocate(actors["young person"], colleague)
    own = _everything(actors["young person"], colleague, digits)
    _sample(actors, things | {OWN: own}, stranger)
    brought, row = a_list(actors["coordinator"])
    for role in ("young person", "parent or carer", "residential carer"):
        private_phone.say_private(actors[role], colleague)  # so that there is more to look at
    at_home = {
        role: _at_home(actor, things[OTHER]["child_id"], stranger)
        for role, actor in actors.items()
        if DOOR_OF[role] == FAMILY
    }
    of_nobody = {"import_id": brought.id, "row_id": row.id, "staff_id": colleague}
    return Everyone(actors, things, own, of_nobody, digits, at_home)


def _actor(role: str, at: Organisation) -> UUID:
    kind = {"young": "child", "family": "adult"}.get(DOOR_OF[role], "staff")
    more: dict[str, Any] = {"organisation_id": at.id, "email": f"{role.split()[0]}@hub.example"}
    return Person.enter(kind, f"{role.title()} Actor", roles=(role,), **more if kind == "staff" else {}).id


def _at_home(adult: UUID, child: UUID, worker: UUID) -> dict[str, UUID]:
    """A parent's or carer's own link, whose form stands at their door, and what they said and was answered."""
    link = safe_home(adult, child, worker)
    voice = a_parents_voice(adult, child)
    voice.answer("We read it. We ring you on Thursday.", worker)
    return {"link_id": link.id, "family_voice_id": voice.id}


def _everything(child: UUID, holder: UUID, digits: dict[UUID, str]) -> dict[str, UUID]:
    made = everything_about(child, holder)
    adult = Person.enter("adult", "Adult Linked", roles=("parent or carer",)).id
    at_home = _at_home(adult, child, holder)
    a_draft(child)
    digits[child] = a_way_in(child, holder).digits
    about_a_worker = an_alert(
        child, ABOUT_A_WORKER, anybody_here=False
    ).id  # nobody's reading is paused by it
    told_elsewhere = propose(child, OTHER_AUTHORITY, current_hub().now()).id
    return (
        made
        | at_home
        | {
            "adult_id": adult,
            "alert_about_a_worker": about_a_worker,
            "other_authoritys_task_id": told_elsewhere,
            "staff_id": holder,
            "organisation_id": a_home().id,
            "glass_id": break_glass(holder, child, "Somebody rang").id,
        }
    )


def _sample(actors: Mapping[str, UUID], things: Mapping[str, dict[str, UUID]], holder: UUID) -> None:
    """Let the auditor have a sample today and have had one until yesterday; the others stand in somebody else's."""
    now, auditor = current_hub().now(), actors["auditor"]
    other = Person.enter("staff", "Other Auditor", roles=("auditor",)).id
    for relation, thing in things.items():
        theirs = auditor if relation in (ALLOCATED, ENDED) else other
        ends = now - timedelta(days=1) if relation == ENDED else now + timedelta(days=9)
        sample = AuditSample.name_for(theirs, [thing["child_id"]], "An audit", ends, holder)
        session.flush()
        thing["sampled_id"] = session.scalars(select(Sampled.id).where(Sampled.sample_id == sample.id)).one()


def a_home() -> Organisation:
    """A children's home of its own."""
    home = Organisation(name=f"The home {new_id()}", kind="home")
    session.add(home)
    session.flush()
    return home


def _stand(actors: Mapping[str, UUID], things: Mapping[str, dict[str, UUID]]) -> None:
    """Let every actor of the staff hold the one young person today and have held the other until yesterday."""
    now = current_hub().now()
    for role, actor in actors.items():
        if DOOR_OF[role] == STAFF:
            for relation, until in ((ALLOCATED, None), (ENDED, now - timedelta(days=1))):
                child = things[relation]["child_id"]
                session.add(
                    Allocation(
                        worker_id=actor, child_id=child, starts_at=now - timedelta(days=9), ends_at=until
                    )
                )


def sign_everyone_in(ground: Ground, who: Everyone) -> None:
    """Give everybody a sign-in at their own door, and keep its cookie."""
    for role, person in who.actors.items():
        who.cookies[role] = a_sign_in(ground, person, DOOR_OF[role])
    with Hub(ground.file, clock=ground.clock).entered(), i18n.speaking("en_GB"):
        serializer = ground.app.session_interface.get_signing_serializer(ground.app)
        assert serializer is not None
        who.cookies[NOBODY] = serializer.dumps({"t": TOKEN})


# --- asking ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class View:
    """One view at one door: its address, its methods, its rule."""

    endpoint: str
    address: str
    door: str
    methods: tuple[str, ...]
    rule: Rule

    @property
    def arguments(self) -> list[str]:
        """The names of what stands in the address."""
        return [found[1] for found in _ARGUMENT.finditer(self.address)]

    def __str__(self) -> str:
        return f"{self.door} {self.endpoint} {self.address}"

    def path(self, values: Mapping[str, object]) -> str:
        """The address with *values* in it; a KeyError for an argument that nobody has listed."""
        return _ARGUMENT.sub(lambda found: str(values[found[1]]), self.address)


def views(app: Flask) -> list[View]:
    """Every view of the application, once for each door that it stands at."""
    found = []
    for url in app.url_map.iter_rules():
        rule = access.rule_of(app, url.endpoint)
        methods = tuple(sorted((url.methods or set()) - {"HEAD", "OPTIONS"}))
        found += [
            View(url.endpoint, url.rule, door, methods, rule) for door in rule.doors if door in _doors_of(url)
        ]
    return sorted(found, key=str)


def fitting(view: View) -> str:
    """Whoever a page is for; at a family's door somebody who is signed in, if that opens more."""
    if view.door == PUBLIC:
        return NOBODY
    roles = [role for role in POLICY if DOOR_OF[role] == view.door]
    relation = "none" if not view.rule.of else OWN if view.door != STAFF else ALLOCATED
    able = [role for role in roles if view.rule.allows(role, relation)]
    return "manager" if "manager" in able else able[0]


def _doors_of(url: Url) -> tuple[str, ...]:
    host = url.host or ""
    return tuple(host.removeprefix("<any(").removesuffix("):door>").split(","))


class Asker:
    """Sends requests with any cookie to any door, and knows whether the database changed meanwhile."""

    def __init__(self, ground: Ground, who: Everyone) -> None:
        self.ground, self.who = ground, who
        self.client = ground.app.test_client(use_cookies=False)
        self.forms: dict[str, Callable[[dict[str, UUID]], dict[str, str]]] = {
            "accounts.give_way_in": lambda _: {"act": "give"},
            "accounts.give_way_in_to_adult": lambda _: {"act": "give"},
            "accounts.your_sign_in": lambda _: {"act": "others"},
            "accounts.end_sign_ins": lambda _: {"act": "all"},
            "accounts.in_room": lambda _: {"token": "ab" * 16},
            "accounts.people": lambda _: {
                "act": "place",
                "place-words": "the park",
                "place-feels": "safe",
                "place-said_by": "themselves",
            },
            "accounts.custody": lambda _: {"establishment": "far away", "from_on": "2026-11-01"},
            "accounts.card": lambda about: {"digits": who.digits.get(about["child_id"], "")},
            "returns.heard_back": lambda about: {"version": str(about.get("write_up_id", ""))},
            "returns.send_write_up": lambda about: {"version": str(about.get("write_up_id", ""))},
            "accounts.language": lambda _: {"l": "eo"},
            "alerts.act": lambda _: {"do": "hold"},
            "admin.change_person": lambda _: {"act": "give"},
        }
        self._look = sqlite3.connect(ground.folder / "data" / "hub.db", check_same_thread=False)
        self._before = sqlite3.connect(":memory:", check_same_thread=False)
        self._look.backup(self._before)

    def values(self, about: Mapping[str, UUID]) -> dict[str, object]:
        """What stands in an address about these things."""
        return {**PLAIN, **self.who.of_nobody, **about}

    def path(self, view: View, about: Mapping[str, UUID]) -> str:
        """The address of a view about these things."""
        rather = {name: about[other] for name, other in RATHER.get(view.endpoint, {}).items()}
        return view.path(self.values({**about, **rather}))

    def ask(
        self, view: View, method: str, role: str, about: Mapping[str, UUID], **options: Any
    ) -> TestResponse:
        """One request by whoever has *role*, with the cookie of their own door, about these things."""
        headers = {"Cookie": f"s={self.who.cookies[role]}"} | options.pop("headers", {})
        if method != "GET":
            form = self.forms.get(view.endpoint, lambda _: {})(dict(about))
            options.setdefault("data", form | {"csrf_token": FORM_TOKEN})
        base = self.ground.file.origin(view.door)
        return self.client.open(
            self.path(view, about), method=method, base_url=base, headers=headers, **options
        )

    def version(self) -> int:
        """A number that is another one as soon as anything was committed to the database."""
        number: int = self._look.execute("PRAGMA data_version").fetchone()[0]
        return number

    def put_back(self) -> None:
        """Make the database what it was at first."""
        self._before.backup(self._look)

    def close(self) -> None:
        """Let go of the database."""
        self._look.close()
        self._before.close()


def a_random(about: Mapping[str, UUID]) -> dict[str, UUID]:
    """Ids of the same names that belong to nothing."""
    return {name: uuid4() for name in about}


def everyone_in(ground: Ground) -> Iterator[Asker]:
    """An asker in a hub where everybody stands and is signed in."""
    with ground.at_work():
        who = enter_everyone()
    sign_everyone_in(ground, who)
    asker = Asker(ground, who)
    try:
        yield asker
    finally:
        asker.close()
