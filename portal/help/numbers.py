"""The numbers that answer, and which of them stand on which page: never more than three at once.

The fixed ones were compared with their owners' pages on the day that `checked` says; one that nobody has
checked is not shown. The hub's own come from its file. Words here are marked for the families' catalogue.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from portal.access import FAMILY, PUBLIC, STAFF, YOUNG
from portal.config import HelpNumber, HubFile, current_hub
from portal.i18n import N_, _, language, on_day, speaking

MOST_ON_A_SCREEN = 3
_CHECKED = date(2026, 11, 23)
_FREE, _NOT_ON_THE_BILL, _ALWAYS = N_("Free."), N_("Not on the bill."), N_("Day and night.")


@dataclass(frozen=True)
class Number:
    """A telephone number, who answers it, and what a caller should know first."""

    name: str
    digits: str  # as people read them
    cost: str
    hours: str
    bill: str = ""
    languages: str = ""
    word: str = ""  # what to text; then it is a number for texts, not calls
    also: str = ""
    checked: date | None = _CHECKED
    own: bool = False  # the hub's: its words are shown as its file has them


@dataclass(frozen=True)
class NumberOnScreen:
    """A number as `ui.numbers_list` shows it, in the reader's language."""

    name: str
    href: str
    shown: str
    about: str
    english: NumberOnScreen | None = None  # the same in English, while nobody has checked the language


EMERGENCY = Number(N_("Emergency"), "999", _FREE, _ALWAYS, also=N_("Police, ambulance or fire."))
POLICE = Number(N_("Police, when it can wait a little"), "101", _FREE, _ALWAYS)
CHILDLINE = Number(N_("Childline, if you are under 19"), "0800 1111", _FREE, _ALWAYS, _NOT_ON_THE_BILL)
RUNAWAY = Number(
    N_("Missing People and Runaway Helpline"), "116 000", _FREE, _ALWAYS,
    languages=N_("Other languages if you call."), also=N_("Call or text."),
)  # fmt: skip
SAMARITANS = Number(N_("Samaritans, at any age"), "116 123", _FREE, _ALWAYS, _NOT_ON_THE_BILL)
SHOUT = Number(N_("Shout, by text"), "85258", _FREE, _ALWAYS, word="SHOUT")
NHS = Number(
    N_("NHS, when your mind needs help today"), "111", _FREE, _ALWAYS, also=N_("When it answers, choose 2."),
)  # fmt: skip
FEARLESS = Number(N_("Fearless"), "0800 555 111", _FREE, _ALWAYS, also=N_("You do not give your name."))
NSPCC = Number(N_("NSPCC, for adults"), "0808 800 5000", _FREE, N_("Not at night."))
# Waits for an administrator to confirm it (product.md, Numbers that answer).
FAMILY_LIVES = Number(N_("Family Lives, for parents"), "0808 800 2222", _FREE, "", checked=None)

# The hub's own, by their names in its file.
DUTY, NIGHT, ADVOCATE, OFFICER = "duty_team", "emergency_duty_team", "advocate", "designated_officer"


@dataclass(frozen=True)
class Need:
    """One reason for looking for a number: its place in the address, its words, and who answers."""

    slug: str
    words: str
    hint: str
    who: tuple[Number | str, ...]
    doors: tuple[str, ...] = (YOUNG, PUBLIC, STAFF)


# Which numbers come first at each door, before any choice.
FIRST: dict[str, tuple[Number | str, ...]] = {
    YOUNG: (EMERGENCY, CHILDLINE, RUNAWAY),
    FAMILY: (EMERGENCY, POLICE, DUTY),
    PUBLIC: (EMERGENCY, CHILDLINE, NSPCC),
    STAFF: (EMERGENCY, NIGHT, OFFICER),
}
# Addresses are plain on purpose: a phone's history keeps them.
NEEDS = (
    Need("talk", N_("I want to talk to somebody"), N_("They listen. You can say as little as you like."),
         (CHILDLINE, SAMARITANS, SHOUT)),
    Need("cope", N_("I can't cope, or I want to hurt myself"), N_("If somebody is badly hurt now, call 999."),
         (NHS, SAMARITANS, SHOUT), (YOUNG, FAMILY, PUBLIC, STAFF)),
    Need("away", N_("I am not where I live"), N_("They listen first. You do not have to give your name."),
         (RUNAWAY, CHILDLINE, EMERGENCY)),
    Need("know", N_("I know about something bad"), N_("If somebody is in danger now, call 999."),
         (FEARLESS, POLICE, EMERGENCY)),
    Need("side", N_("I want somebody on my side"),
         N_("An advocate speaks up for you. They do not work for the people who decide."), (ADVOCATE, CHILDLINE)),
    Need("team", N_("The team here"), N_("One number by day, one by night."),
         (DUTY, NIGHT), (YOUNG, FAMILY, PUBLIC, STAFF)),
    Need("staff", N_("It is about somebody who works with children"),
         N_("This person looks into worries about anybody who works with children. Your own worker does not answer it."),
         (OFFICER, ADVOCATE, CHILDLINE), (YOUNG,)),
    Need("worker", N_("I worry about somebody who works with children"),
         N_("This person looks into worries about anybody who works with children."),
         (OFFICER, NSPCC, EMERGENCY), (FAMILY, PUBLIC, STAFF)),
    Need("worry", N_("I worry about a child"), N_("You do not have to be sure. They help you think it through."),
         (NSPCC, DUTY, NIGHT), (FAMILY, PUBLIC, STAFF)),
    Need("parent", N_("I look after a child, and I need to talk"), N_("They listen. You can say as little as you like."),
         (FAMILY_LIVES, SAMARITANS, SHOUT), (FAMILY, PUBLIC, STAFF)),
    Need("child", N_("Numbers for a child or a teenager"), N_("You can ring first and ask how they work."),
         (CHILDLINE, RUNAWAY, SHOUT), (FAMILY,)),
)  # fmt: skip


def on_screen(who: tuple[Number | str, ...]) -> list[NumberOnScreen]:
    """These numbers, in the reader's language; without those that nobody has checked."""
    file = current_hub().file
    known = [_find(one, file) for one in who]
    return [_said(number) for number in known if number.checked][:MOST_ON_A_SCREEN]


def first_numbers(door: str) -> list[NumberOnScreen]:
    """The numbers that stand before anything is asked, at this door."""
    return on_screen(FIRST[door])


def needs_at(door: str) -> list[Need]:
    """The reasons for looking for a number that this door offers."""
    return [need for need in NEEDS if door in need.doors]


def need_at(door: str, slug: str) -> Need | None:
    """The need with this place in the address, if this door offers it."""
    return next((need for need in needs_at(door) if need.slug == slug), None)


def _find(one: Number | str, file: HubFile) -> Number:
    if isinstance(one, Number):
        return one
    own: HelpNumber = getattr(file.numbers, one)
    return Number(own.name, own.number, own.cost, own.hours, own=True)


def _said(number: Number) -> NumberOnScreen:
    if language().state != "unchecked" or number.own:
        return _shown(number)
    with speaking("en_GB"):
        english = _shown(number)
    return replace(_shown(number), english=english)


def _shown(number: Number) -> NumberOnScreen:
    digits = number.digits.replace(" ", "")
    if number.word:
        shown, href = (
            _("Text %(word)s to %(digits)s", word=number.word, digits=digits),
            f"sms:{digits}?body={number.word}",
        )
    else:
        shown, href = number.digits, f"tel:{digits}"
    facts = (number.also, number.cost, number.bill, number.hours, number.languages)
    say = str if number.own else _
    about = " ".join(_full_stop(say(fact)) for fact in facts if fact)
    return NumberOnScreen(say(number.name), href, shown, about)


def _full_stop(words: str) -> str:
    return words if words.endswith((".", "。", "।", "۔", "።")) else f"{words}."


def last_checked() -> str:
    """The day on which the fixed numbers were last compared with their owners' pages, as people say it."""
    return f"{on_day(_CHECKED)} {_CHECKED.year}"
