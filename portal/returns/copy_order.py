"""In which order a return goes into the case system: the hub's own form, heading by heading.

A heading holds one or more parts of the record. What a hub's own order forgets stands under a last heading of ours:
nothing that was said or entered is left out.
"""

from __future__ import annotations

from portal.config import RECORD_PARTS, RecordHeading, current_hub
from portal.i18n import N_

ELSE = "Anything else"

# The parts that a conversation can be about, and what families' pages call them.
TALKED = {
    "now": N_("How you are now"),
    "seen": N_("Was it missing, as you see it"),
    "before": N_("What was going on before"),
    "away": N_("While you were away"),
    "harm": N_("Anything bad that happened"),
    "good": N_("What was good about it"),
    "back": N_("When you came back"),
    "help": N_("What would help, and who you trust"),
    "asks": N_("What you asked for"),
    "plan": N_("If it happens again"),
    "sharing": N_("Who may have your words"),
    "how": N_("How this was for you"),
}

_DEFAULT = tuple(
    RecordHeading(heading=heading, holds=holds)
    for heading, holds in (
        ("The young person", ("young person",)),
        ("The time missing", ("missing",)),
        ("Offers and attempts", ("offers",)),
        ("The return interview: when, where, who was there", ("conversation",)),
        ("How they are now", ("now",)),
        ("Was it missing, as they see it", ("seen",)),
        ("Before: what was going on", ("before",)),
        ("While away: where, with whom, places", ("away",)),
        ("Harm, or risk of harm", ("harm",)),
        ("What was good about it, and what they needed", ("good",)),
        ("Coming back: how they were treated", ("back",)),
        ("What would help, and who they trust", ("help",)),
        ("What they asked for", ("asks",)),
        ("If it happens again: the safer plan", ("plan",)),
        ("Their wishes about sharing", ("sharing",)),
        ("How this was for them", ("how",)),
        ("“Is this what you meant?”: agreed, added, corrected", ("meant",)),
        ("Actions: who does what by when", ("actions",)),
        ("The police", ("police",)),
        ("What they were told, and what came back to them", ("told",)),
        ("Notes by staff", ("notes",)),
    )
)

# Under which part the answer to each question of our forms stands, by the question's name.
_PART_OF = {
    name: part
    for part, names in {
        "now": ("now", "hurt-or-unwell"),
        "seen": ("as-you-see-it", "your-words"),
        "before": ("going-on", "different", "kept-word", "not-done"),
        "away": ("where", "safe-places", "unsafe-places", "with-whom", "food-sleep-charge"),
        "harm": ("anything-bad",),
        "good": ("good", "needed"),
        "back": ("back-who", "back-family", "back-carers", "back-police", "back-school"),
        "help": ("would-help", "easier", "adults", "trust"),
        "asks": ("ask", "other-worker"),
        "plan": ("plan-ring", "plan-place", "plan-word"),
        "sharing": ("sharing",),
        "how": ("listened", "right", "better", "once-more", "tell-how", "open"),
    }.items()
    for name in names
}


def headings() -> tuple[RecordHeading, ...]:
    """The headings of the hub's form, in its order, the last one for whatever its own order forgot."""
    own = current_hub().file.record_order
    if not own:
        return _DEFAULT
    held = {part for one in own for part in one.holds}
    rest = tuple(part for part in RECORD_PARTS if part not in held)
    return (*own, RecordHeading(heading=ELSE, holds=rest)) if rest else own


def talked_headings() -> list[tuple[str, tuple[str, ...]]]:
    """The headings that a conversation can be about, each with the parts that it is about."""
    found = ((one.heading, tuple(part for part in one.holds if part in TALKED)) for one in headings())
    return [(heading, parts) for heading, parts in found if parts]


def part_of(question: str) -> str:
    """The part of the record under which the answer to *question* (its name) stands."""
    return _PART_OF.get(question, "how")
