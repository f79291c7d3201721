"""Which answers need a person, who is told and how soon: one table that a manager can read.

Fixed rules (`product.md`, Flags), no scores and no reading of words by a machine. A hub may add to them and
take none away. A gift alone is no flag.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from portal.config import HubFile, OwnFlag, current_hub

WORKER_AND_DUTY, WORKER, MANAGER = "worker and duty", "worker", "manager"
AT_ONCE, WITHIN_THE_HOUR, SAME_DAY = "5 minutes", "1 hour", "same day"


@dataclass(frozen=True)
class Flag:
    """One rule: what was said, who is told, how soon in office hours, and what the speaker sees next."""

    rule: str
    title: str  # in a list of alerts
    said: str
    tells: str
    within: str
    sees_next: str
    said_by: str = "young person"

    @property
    def tells_whom(self) -> str:
        """Who is told, as a sentence for the page of rules."""
        return {
            WORKER_AND_DUTY: "Their worker and every duty worker",
            WORKER: "Their worker; the duty workers if nobody holds them",
            MANAGER: "The managers only, never the person it may be about",
        }[self.tells]


NOT_SAFE, HURT, SCARED, RING_ME = "not safe", "hurt", "scared", "ring me"
TELL_A_PERSON, NOT_SURE, ABOUT_A_WORKER, ADULT_WORRY = (
    "rather tell a person",
    "not sure",
    "about a worker",
    "adult worry",
)

_THANKS, _SAID_THEN = "Help numbers; thanks; go on or stop", "A rule that this hub had when it was said"

_TABLE = (
    Flag(NOT_SAFE, "Not safe now", "“No, tell my worker and the duty team now”",
         WORKER_AND_DUTY, AT_ONCE, "Help numbers; what is true about who has it"),
    Flag(HURT, "Hurt, made to, touched, photos, or unwell",
         "Somebody hurt me · made me do something · touched me or did something I didn't want · photos I didn't "
         "want; or “yes” to being hurt or unwell",
         WORKER_AND_DUTY, WITHIN_THE_HOUR, "Help numbers; thanks; go on or stop"),
    Flag(SCARED, "Scared, owing, or something wanted back",
         "Somebody scared me · gave me things and then wanted something back · says I owe them",
         WORKER, SAME_DAY, "When a person reads it"),
    Flag(TELL_A_PERSON, "Would rather tell a person", "“I'd rather tell a person”, at any question",
         WORKER, SAME_DAY, "When somebody gets in touch"),
    Flag(RING_ME, "Asks to be rung", "“Ring me”", WORKER, SAME_DAY, "When somebody rings"),
    Flag(NOT_SURE, "Would rather not say, or not sure",
         "“I'd rather not say” to being safe; “not sure” to being hurt", WORKER, SAME_DAY, "Help numbers"),
    Flag(ABOUT_A_WORKER, "About somebody who looks after or works with them",
         "“Yes” to “Is it about someone who looks after you or works with you?”",
         MANAGER, WITHIN_THE_HOUR, "An advocate, how to complain, and who reads this"),
    Flag(ADULT_WORRY, "A parent or carer worries about harm", "A parent's or carer's worry about harm",
         WORKER_AND_DUTY, SAME_DAY, "Help numbers for adults", said_by="parent or carer"),
)  # fmt: skip

FLAGS: Mapping[str, Flag] = MappingProxyType({flag.rule: flag for flag in _TABLE})


def every_flag(file: HubFile) -> tuple[Flag, ...]:
    """Rowan's own rules, which every hub has, and those that this hub adds."""
    return (*FLAGS.values(), *(_added(one) for one in file.flags))


def flag_of(rule: str) -> Flag:
    """The flag of a rule at this hub; of one that the hub has taken out of its file since, what still has to be known.

    An alert of such a rule goes on as any other: it is told to the most there are for it, and due the same day.
    """
    found = FLAGS.get(rule) or next(
        (_added(one) for one in current_hub().file.flags if one.rule == rule), None
    )
    return found or Flag(rule, rule.capitalize(), _SAID_THEN, WORKER_AND_DUTY, SAME_DAY, _THANKS)


def own_rules(question: str, choices: Iterable[str]) -> tuple[str, ...]:
    """Which of the rules that this hub added are met by these ticks of a question to a young person."""
    ticked = frozenset(choices)
    return tuple(
        one.rule for one in current_hub().file.flags if one.question == question and ticked & {*one.choices}
    )


def _added(one: OwnFlag) -> Flag:
    return Flag(one.rule, one.title, one.said, one.tells, one.within, _THANKS)
