"""The acts of the audit trail in words for staff; one that has none of its own is said by its parts."""

from __future__ import annotations

from types import MappingProxyType

from portal.voices.opened import OPENING

_WORDS = MappingProxyType(
    {
        "person.entered": "Was entered",
        "person.role_given": "Got a role",
        "person.role_ended": "A role ended",
        "person.put_away": "Put everything away",
        "person.reopened": "What was put away was opened again",
        "allocation.made": "A worker began to hold them",
        "allocation.ended": "A worker held them no more",
        "link.made": "An adult was linked",
        "link.ended": "The link of an adult got its end",
        "link.end_changed": "The link of an adult got another end",
        "link.refused": "An adult was not linked: a manager has to do it",
        "link.home_safe": "Contacting home was recorded as safe",
        "link.home_not_safe": "Contacting home was recorded as not safe any more",
        "no_contact.begun": "An order of no contact was put down",
        "no_contact.renewed": "An order of no contact was made again",
        "no_contact.ended": "An order of no contact ended",
        "break_glass.not_found": "Break-glass was tried, and nothing opened",
        "break_glass.reviewed": "A manager looked over what was opened by break-glass",
        "sample.named": "Was put into an auditor's sample",
        "way_in.given": "A way in was given",
        "way_in.used": "A way in was used",
        "way_in.ended": "A way in ended",
        "sign_in.begun": "Signed in",
        "sign_in.ended": "Signed out",
        "sign_in.all_ended": "Every sign-in ended",
        "task.proposed": "A return conversation was proposed",
        "task.taken": "A return conversation was taken",
        "attempt.logged": "An attempt to offer a conversation was logged",
        "alert.raised": "An alert was raised",
        "alert.held": "Somebody said “I have it” of an alert",
        "alert.closed": "An alert was closed with its outcome",
        "alert.handed_over": "An alert was handed over",
        "voice.said": "Something was said",
        "voice.answered": "An answer was written",
        "voice.told_in_person": "They were told in person",
        "voice.opened": "The answer was opened",
        "voice.closed": "It was closed",
        "custody.begun": "Custody was put down",
        "custody.ended": "The end of custody was put down",
    }
)


def in_words(act: str) -> str:
    """An act as a line of a timeline: "voice.on record" is "Voice: on record" where it has no words of its own."""
    if act in OPENING:
        return OPENING[act].replace("your", "their").replace("you ", "they ").capitalize()
    thing, _, done = act.partition(".")
    return _WORDS.get(act, f"{thing}: {done}".replace("_", " ").capitalize())
