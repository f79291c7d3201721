"""When, with whom, where and how a young person would rather talk: the chips of one optional screen."""

from __future__ import annotations

from portal.episodes.wishes import BETTER, NOT_NOW, RING, TALK
from portal.i18n import N_
from portal.questionnaires.questions import CHIPS, Choice, Question

# What stands in the address, neutral as all that a phone's history keeps, and after which choice it is said.
WAYS = {"later": NOT_NOW, "talk": TALK, "ring": RING, "better": BETTER}
HEADINGS = {
    NOT_NOW: N_("What would be better?"),
    TALK: N_("How would you like to talk?"),
    BETTER: N_("How would you like to talk?"),
    RING: N_("When is it OK to ring you?"),
}
QUESTIONS = (
    Question(
        "when", N_("When is better?"), CHIPS,
        (
            Choice("after-school", N_("After school")),
            Choice("evening", N_("In the evening")),
            Choice("weekend", N_("At the weekend")),
            Choice("few-days", N_("In a few days")),
            Choice("next-week", N_("Next week")),
            Choice("not-sure", N_("I don't know yet")),
        ),
    ),
    Question(
        "who", N_("Who with?"), CHIPS,
        (
            Choice("same", N_("The worker I know")),
            Choice("other", N_("Another worker")),
            Choice("trusted", N_("With somebody I trust there")),
            Choice("alone", N_("With nobody else there")),
        ),
    ),
    Question(
        "where", N_("Where?"), CHIPS,
        (
            Choice("home", N_("Where I live")),
            Choice("school", N_("At school")),
            Choice("out", N_("Out, on a walk")),
            Choice("phone", N_("On the phone")),
            Choice("else", N_("Somewhere else")),
        ),
    ),
    Question(
        "how", N_("How shall we get in touch?"), CHIPS,
        (
            Choice("ring", N_("Ring me. A call still shows on the phone")),
            Choice("text-first", N_("Text me first, then ring")),
            Choice("write", N_("Write to me here")),
            Choice("language", N_("Someone who speaks my language")),
        ),
    ),
)  # fmt: skip
MORE = N_("Anything else, like a number or a time that is safe")


def lines_of(ticked: dict[str, list[str]], words: str) -> list[tuple[str, str]]:
    """What was ticked and written, in English for whoever reads it: pairs of what was asked and what they said."""
    found = []
    for question in QUESTIONS:
        known = [one for one in dict.fromkeys(ticked.get(question.name, [])) if one in question.by_value]
        if known:
            found.append((question.words, " · ".join(question.by_value[one].words for one in known)))
    return [*found, (MORE, words)] if words else found
