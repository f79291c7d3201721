"""The form for a young person who has been through it: what was different, and then only what they want to open.

Version 1 is published: never edit it, add version 2. What it opens is the whole form's, in the version it says.
"""

from __future__ import annotations

from dataclasses import replace

from portal.i18n import N_
from portal.questionnaires import whole
from portal.questionnaires.questions import CHIPS, CHOICE, TEXT, Choice, Question, Questionnaire, When

_PARTS = (
    ("now", N_("How I am now"), whole.NOW),
    ("bad", N_("Something bad"), whole.BAD),
    ("before", N_("What was going on"), whole.BEFORE),
    ("seen", N_("Was it missing, as I see it"), whole.SEEN),
    ("away", N_("While I was away"), whole.AWAY),
    ("good", N_("Good bits"), whole.GOOD),
    ("back", N_("Getting back"), whole.BACK),
    ("help", N_("What would help"), whole.HELP),
    ("ask", N_("Asking for something"), whole.ASK),
    ("plan", N_("If it happens again"), whole.PLAN),
    ("sharing", N_("Who may have my words"), whole.SHARED),
    ("how", N_("How this was for me"), whole.HOW),
)

_OPENED = tuple(
    replace(one, when=(When("open", (part,)), *one.when))
    for part, _, questions in _PARTS
    for one in questions
)

VERSION_1 = Questionnaire(
    "again", 1,
    (
        Question("different", N_("What was different this time?"), TEXT, sensitive=True),
        Question(
            "kept-word", N_("Did we do what we said?"), CHOICE,
            (
                Choice("yes", N_("Yes")),
                Choice("some", N_("Some of it")),
                Choice("no", N_("No")),
                Choice("unsure", N_("I don't know")),
            ),
            more=N_("Say more, if you like"),
        ),
        Question(
            "not-done", N_("What did not happen?"), TEXT,
            hint=N_("We look at it and tell you why."),
            when=(When("kept-word", ("some", "no")),),
        ),
        Question(
            "open", N_("What do you want to say more about?"), CHIPS,
            tuple(Choice(part, words) for part, words, _ in _PARTS),
            hint=N_("Pick as many as you like, or none. We ask about those and nothing else."),
        ),
        *_OPENED,
        *whole.TELL,
    ),
)  # fmt: skip
