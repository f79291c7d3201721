"""The menu of a staff page: what this person's roles can do, and nothing that is not there yet."""

from __future__ import annotations

from typing import NamedTuple

from flask import request, url_for

from portal.access import Can, me

# Each entry: its words, its endpoint, the ability it takes, and where the addresses behind it begin.
_Entry = tuple[str, str, Can, str]
_EVERY_DAY: tuple[_Entry, ...] = (
    ("Today", "voices.staff_front", Can.USE_STAFF_PAGES, "/"),
    ("Alerts", "alerts.waiting", Can.SEE_ALERTS, "/alerts"),
    ("Morning list", "alerts.morning", Can.SEE_MORNING_LIST, "/morning"),
    ("Voices", "voices.queue", Can.READ_VOICE, "/voices"),
    ("Asked for", "contact.asks", Can.READ_VOICE, "/asks"),
    ("Texts", "contact.texts", Can.SEE_TEXTS, "/texts"),
    ("Returns", "episodes.caseload", Can.SEE_RETURNS, "/returns"),
    ("Actions", "returns.actions_due", Can.WRITE_UP, "/actions"),
    ("Young people", "voices.young_people", Can.SEE_YOUNG_PERSON, "/young-people"),
    ("Your sample", "admin.my_sample", Can.READ_SAMPLE, "/sample"),
    ("People", "admin.people", Can.KEEP_PEOPLE, "/people"),
    ("Help", "help.index", Can.USE_STAFF_PAGES, "/help"),
)
_NOW_AND_THEN: tuple[_Entry, ...] = (
    ("Cards", "accounts.cards", Can.PRINT_CARDS, "/cards"),
    ("The day's list", "episodes.upload", Can.IMPORT_LIST, "/list"),
    ("Cover", "accounts.cover", Can.GIVE_COVER, "/cover"),
    ("Out of hours", "accounts.rota", Can.KEEP_ROTA, "/rota"),
    ("Handing over", "admin.handovers", Can.HAND_OVER, "/handover"),
    ("Break-glass", "accounts.break_glass", Can.BREAK_GLASS, "/break-glass"),
    ("Who opened what", "admin.accesses", Can.LOOK_OVER_ACCESS, "/accesses"),
    ("Samples", "admin.samples", Can.NAME_SAMPLE, "/samples"),
    ("Organisations", "admin.organisations", Can.KEEP_PEOPLE, "/organisations"),
    ("Sign-ins", "accounts.sign_ins", Can.KEEP_SIGN_INS, "/sign-ins"),
    ("New roles", "accounts.new_roles", Can.SECOND_SIGN_INS, "/new-roles"),
    ("Not on the record", "admin.not_on_record", Can.SEE_NOT_ON_RECORD, "/not-on-record"),
    ("Kept, and let go", "admin.timetable", Can.SEE_TIMETABLE, "/kept"),
    ("How we reach you", "notify.reach", Can.USE_STAFF_PAGES, "/how-we-reach-you"),
)
_WORTH_A_PRESS = 3  # fewer of the rest stand with the others


class Place(NamedTuple):
    """One entry of the menu, and whether the page shown belongs there."""

    words: str
    url: str
    here: bool


def menu() -> dict[str, list[Place]]:
    """What the frame of a staff page is to show: what is opened every day, and behind one press the rest."""
    every_day, now_and_then = _places(_EVERY_DAY), _places(_NOW_AND_THEN)
    if len(now_and_then) < _WORTH_A_PRESS:
        return {"nav": every_day + now_and_then, "nav_more": []}
    return {"nav": every_day, "nav_more": now_and_then}


def _places(entries: tuple[_Entry, ...]) -> list[Place]:
    who = me()
    return [Place(words, url_for(to), _here(begins)) for words, to, can, begins in entries if who.can(can)]


def _here(begins: str) -> bool:
    return request.path == begins or (begins != "/" and request.path.startswith(f"{begins}/"))
