"""The menu of a staff page: what this person's roles can do, and nothing that is not there yet."""

from __future__ import annotations

from flask import request, url_for

from portal.access import Can, me

# Each entry: its words, its endpoint, the ability it takes, and where the addresses behind it begin.
_ENTRIES = (
    ("Today", "voices.staff_front", Can.USE_STAFF_PAGES, "/"),
    ("Alerts", "alerts.waiting", Can.SEE_ALERTS, "/alerts"),
    ("Morning list", "alerts.morning", Can.SEE_MORNING_LIST, "/morning"),
    ("Voices", "voices.queue", Can.READ_VOICE, "/voices"),
    ("Asked for", "contact.asks", Can.READ_VOICE, "/asks"),
    ("Texts", "contact.texts", Can.SEE_TEXTS, "/texts"),
    ("Returns", "episodes.caseload", Can.SEE_RETURNS, "/returns"),
    ("Actions", "returns.actions_due", Can.WRITE_UP, "/actions"),
    ("Young people", "voices.young_people", Can.SEE_YOUNG_PERSON, "/young-people"),
    ("Break-glass", "accounts.break_glass", Can.BREAK_GLASS, "/break-glass"),
    ("Who opened what", "admin.accesses", Can.LOOK_OVER_ACCESS, "/accesses"),
    ("Your sample", "admin.my_sample", Can.READ_SAMPLE, "/sample"),
    ("Samples", "admin.samples", Can.NAME_SAMPLE, "/samples"),
    ("Handing over", "admin.handovers", Can.HAND_OVER, "/handover"),
    ("People", "admin.people", Can.KEEP_PEOPLE, "/people"),
    ("Organisations", "admin.organisations", Can.KEEP_PEOPLE, "/organisations"),
    ("Cover", "accounts.cover", Can.GIVE_COVER, "/cover"),
    ("Out of hours", "accounts.rota", Can.KEEP_ROTA, "/rota"),
    ("Cards", "accounts.cards", Can.PRINT_CARDS, "/cards"),
    ("The day's list", "episodes.upload", Can.IMPORT_LIST, "/list"),
    ("Sign-ins", "accounts.sign_ins", Can.KEEP_SIGN_INS, "/sign-ins"),
    ("Not on the record", "admin.not_on_record", Can.SEE_NOT_ON_RECORD, "/not-on-record"),
    ("Kept, and let go", "admin.timetable", Can.SEE_TIMETABLE, "/kept"),
    ("How we reach you", "notify.reach", Can.USE_STAFF_PAGES, "/how-we-reach-you"),
    ("Help", "help.index", Can.USE_STAFF_PAGES, "/help"),
)


def menu() -> dict[str, list[tuple[str, str, bool]]]:
    """What the frame of a staff page is to show: words, address, and whether it is where this page belongs."""
    who = me()
    return {
        "nav": [
            (words, url_for(endpoint), _here(begins))
            for words, endpoint, can, begins in _ENTRIES
            if who.can(can)
        ]
    }


def _here(begins: str) -> bool:
    return request.path == begins or (begins != "/" and request.path.startswith(f"{begins}/"))
