"""A parent's form after a return. Version 1 is published: never edit it, add version 2."""

from __future__ import annotations

from portal.i18n import N_
from portal.questionnaires.questions import CHIPS, CHOICE, TEXT, Choice, Question, Questionnaire

SAY_MORE = N_("Say more, if you like")
_WORRY = "adult worry"  # the rule of `alerts.flags`

# A parent's and a carer's form ask these alike, and offer the same choices first. Each is of version 1 of both: what
# should change is a new question, or a new list.
WORRIES = Question(
    "worries", N_("Does anything worry you?"), CHIPS,
    (
        Choice("people", N_("People they spend time with")),
        Choice("phone", N_("Their phone, or something online")),
        Choice("money", N_("Money, or owing someone")),
        Choice("gifts", N_("Gifts, or new things")),
        Choice("cars", N_("Cars, or being picked up")),
        Choice("drugs", N_("Drink or drugs")),
        Choice("self", N_("How they feel about themselves")),
        Choice("else", N_("Something else")),
        Choice("none", N_("None of these")),
    ),
    hint=N_("Pick as many as you like. Small things count, too."),
    more=N_("Say more, if you like. Who, what, where"),
    sensitive=True,
)  # fmt: skip
HARM = Question(
    "harm", N_("Do you worry that somebody hurts them, or could?"), CHOICE,
    (
        Choice("yes", N_("Yes"), _WORRY),
        Choice("unsure", N_("I am not sure"), _WORRY),
        Choice("no", N_("No")),
    ),
    hint=N_("If you say yes, or that you are not sure, we ask the team to look at it the same working day. If it can't wait, ring 999."),
    sensitive=True,
)  # fmt: skip
REACH = Question(
    "reach", N_("What is a safe way to reach you?"), CHIPS,
    (
        Choice("here", N_("Here on these pages")),
        Choice("call", N_("Ring me. A call still shows on the phone")),
        Choice("text", N_("Text me")),
        Choice("letter", N_("A letter")),
        Choice("in person", N_("Face to face")),
        Choice("ask", N_("Ask me first")),
    ),
    hint=N_("Pick what is safe for you. We use it to tell you what happens."),
    more=N_("When is a good time, and in which language?"),
)  # fmt: skip

AS_THEY_CAME_BACK = (
    Choice("as-always", N_("As always")),
    Choice("tired", N_("Tired or hungry")),
    Choice("quiet", N_("Quiet, or on their own")),
    Choice("upset", N_("Upset or scared")),
    Choice("angry", N_("Angry")),
    Choice("relieved", N_("Glad to be back")),
    Choice("drunk", N_("Drunk, or it looked like drugs")),
)

VERSION_1 = Questionnaire(
    "parent", 1,
    (
        Question(
            "noticed", N_("What did you notice before they went?"), TEXT,
            hint=N_("That day, or in the weeks before. At home, at school, with friends, on the phone."),
        ),
        Question(
            "came-back", N_("How were they when they came back?"), CHIPS,
            (
                *AS_THEY_CAME_BACK,
                Choice("new-things", N_("With things I did not know")),
                Choice("unsure", N_("I don't know")),
            ),
            hint=N_("Pick as many as you like."),
            more=SAY_MORE,
        ),
        WORRIES,
        HARM,
        Question("helped", N_("What has helped before?"), TEXT, hint=N_("Big or small. Also what did not help.")),
        Question(
            "need", N_("What do you need?"), TEXT,
            hint=N_("For you, or for your family. Somebody to talk to, a break, help with school, help at home."),
        ),
        Question(
            "confident", N_("How sure do you feel about what to do if it happens again?"), CHOICE,
            (
                Choice("very", N_("Very sure")),
                Choice("quite", N_("Quite sure")),
                Choice("little", N_("A little sure")),
                Choice("not", N_("Not sure at all")),
                Choice("unsure", N_("I don't know")),
            ),
            more=SAY_MORE,
        ),
        REACH,
        Question(
            "not-to-speak-to", N_("Is there anyone at home we should not speak to?"), CHOICE,
            (
                Choice("yes", N_("Yes")),
                Choice("unsure", N_("I am not sure")),
                Choice("no", N_("No")),
            ),
            hint=N_("We put this at the very top for the worker, to read before anybody rings or visits."),
            more=N_("Say who, if it is safe to write it here"),
        ),
        Question(
            "reading", N_("Is somebody helping you read this?"), CHOICE,
            (
                Choice("no", N_("No, I read it myself")),
                Choice("family", N_("Somebody in my family")),
                Choice("friend", N_("A friend or a neighbour")),
                Choice("interpreter", N_("An interpreter")),
                Choice("worker", N_("Somebody who works with us")),
            ),
            hint=N_("If you want, we ring you in your language."),
            more=SAY_MORE,
        ),
    ),
)  # fmt: skip
