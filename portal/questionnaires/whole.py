"""The whole form: every part, about ten minutes. Version 1 is published: never edit it, add version 2.

What the quick form asks too is the same question here, so that who goes from one to the other is asked nothing twice.
"""

from __future__ import annotations

from portal.i18n import N_
from portal.questionnaires import quick
from portal.questionnaires.questions import (
    CHIPS,
    CHOICE,
    FACES,
    NONE,
    SHARING,
    TEXT,
    Choice,
    Question,
    Questionnaire,
    When,
)

_SAY_MORE = N_("Say more, if you like")
_QUICK = quick.VERSION_1.by_name
_NOT_SURE = N_("I'm not sure")
_YES, _NO = Choice("yes", N_("Yes")), Choice("no", N_("No"))

NOW = (
    _QUICK["now"],
    # "Yes" and "not sure" are told to somebody; what it is, nobody is asked by a form.
    Question(
        "hurt-or-unwell", N_("Are you hurt or unwell?"), CHOICE,
        (Choice("yes", N_("Yes"), "hurt"), _NO, Choice("not-sure", _NOT_SURE, "not sure")),
        hint=N_("If you say yes, or that you are not sure, we tell someone here, so that you can get help."),
        sensitive=True,
    ),
)  # fmt: skip

SEEN = (
    _QUICK["as-you-see-it"],
    Question("your-words", N_("What would you call it?"), TEXT, when=(When("as-you-see-it", ("else",)),)),
)

BEFORE = (_QUICK["going-on"],)

AWAY = (
    Question(
        "where", N_("Anything about where you were that you want us to know?"), TEXT,
        hint=N_("You don't have to say where it was."),
        sensitive=True,
    ),
    Question(
        "safe-places", N_("Which places feel safe to you?"), TEXT,
        hint=N_("A house, a park, a room. Anywhere."),
    ),
    Question(
        "unsafe-places", N_("Which places don't feel safe?"), TEXT,
        hint=N_("You don't have to say why."),
        sensitive=True,
    ),
    Question(
        "with-whom", N_("Who were you with?"), CHIPS,
        (
            Choice("alone", N_("Just me")),
            Choice("friends", N_("Friends")),
            Choice("family", N_("Family")),
            Choice("partner", N_("A boyfriend, girlfriend or partner")),
            Choice("know", N_("Someone I know")),
            Choice("online", N_("Someone I know from online")),
            Choice("new", N_("Someone I had just met")),
        ),
        hint=N_("You don't have to say names."),
        more=_SAY_MORE,
        sensitive=True,
    ),
    Question(
        "food-sleep-charge", N_("Food, sleep, charge: how was that?"), CHIPS,
        (
            Choice("ate", N_("I had enough to eat")),
            Choice("hungry", N_("I was hungry")),
            Choice("slept", N_("I had somewhere to sleep")),
            Choice("no-bed", N_("I had nowhere to sleep")),
            Choice("charged", N_("My phone had charge")),
            Choice("dead", N_("My phone was dead")),
        ),
        more=_SAY_MORE,
    ),
)  # fmt: skip

BAD = (_QUICK["anything-bad"],)

GOOD = (
    Question(
        "good", N_("What was good about it?"), TEXT,
        hint=N_("There can be good bits. You are not in trouble for them."),
    ),
    Question(
        "needed", N_("What did you need that you got?"), CHIPS,
        (
            Choice("space", N_("Space")),
            Choice("friends", N_("Being with friends")),
            Choice("fun", N_("Fun")),
            Choice("listened", N_("Somebody who listened")),
            Choice("wanted", N_("Feeling wanted")),
            Choice("safe", N_("Feeling safe")),
            Choice("rest", N_("Food or sleep")),
            Choice("money", N_("Money or things")),
            Choice("else", N_("Something else")),
        ),
        more=_SAY_MORE,
    ),
)  # fmt: skip


def _back(who: str, words: str) -> Question:
    faces = _QUICK["now"].choices
    return Question(f"back-{who}", words, FACES, faces, more=_SAY_MORE, when=(When("back-who", (who,)),))


BACK = (
    Question(
        "back-who", N_("Who did you meet when you got back?"), CHIPS,
        (
            Choice("family", N_("Family")),
            Choice("carers", N_("Carers")),
            Choice("police", N_("The police")),
            Choice("school", N_("School")),
            Choice(NONE, N_("None of these")),
        ),
        hint=N_("Next you can say how each of them was with you."),
    ),
    _back("family", N_("How was your family with you?")),
    _back("carers", N_("How were your carers with you?")),
    _back("police", N_("How were the police with you?")),
    _back("school", N_("How was school with you?")),
)  # fmt: skip

HELP = (
    Question(
        "easier", N_("What one thing would make it easier to stay, or safer if you go?"), TEXT,
        sensitive=True,
    ),
    Question("adults", N_("What should adults do differently?"), TEXT, sensitive=True),
    Question(
        "trust", N_("Who do you trust?"), TEXT,
        hint=N_("Anybody. A name, or “someone like my aunt”: a mentor, a teacher, an advocate."),
        sensitive=True,
    ),
)  # fmt: skip

ASK = (
    Question(
        "ask", N_("Do you want to ask for something?"), CHIPS,
        (
            Choice("lift", N_("A lift")),
            Choice("bus-pass", N_("A bus pass")),
            Choice("food", N_("Food")),
            Choice("clothes", N_("Clothes")),
            Choice("charger", N_("A charger")),
            Choice("see-someone", N_("To see someone")),
            Choice("school-call", N_("A call to school")),
            Choice("try", N_("Something to try: gym, music, football")),
            Choice("nurse", N_("A nurse")),
            Choice("advocate", N_("An advocate: someone on your side")),
            Choice("interpreter", N_("Someone who speaks my language")),
            Choice("different-worker", N_("A different worker")),
        ),
        hint=N_("Pick as many as you like. You may not get all of it, but you get an answer."),
        more=N_("Say what or when, if you like"),
        sensitive=True,
    ),
    # Kept from whoever reads the form: it goes to the manager with the ask.
    Question(
        "other-worker", N_("Do you want to say why you want a different worker?"), TEXT,
        hint=N_("Only the manager reads this, and that you asked. Your worker does not see it."),
        when=(When("ask", ("different-worker",)),),
    ),
)  # fmt: skip

PLAN = (
    Question(
        "plan-ring", N_("If it happens again: who would you ring?"), TEXT,
        hint=N_("This is for your own plan. You can change it."),
    ),
    Question("plan-place", N_("If it happens again: where is a safe place?"), TEXT),
    Question(
        "plan-word", N_("Is there a word you could text that means “come and get me”?"), TEXT,
        hint=N_("Pick it with someone you trust, so that they know it."),
    ),
)  # fmt: skip

SHARED = (
    Question(
        "sharing", N_("Who may have your words?"), SHARING,
        (
            Choice("panel", N_("The meeting of people who plan how to help (the panel)")),
            Choice("social worker", N_("A social worker")),
            Choice("school", N_("School")),
            Choice("health", N_("A nurse or a doctor")),
            Choice("home", N_("The people who run the home where you live")),
            Choice("parent or carer", N_("A parent or carer")),
            Choice("placing authority", N_("The council that looks after you, if it is another one")),
            Choice("police", N_("The police")),
        ),
        hint=N_("We ask you first, each time. If that is fine, you have nothing to do here."),
    ),
)  # fmt: skip

HOW = (
    Question(
        "listened", N_("Did you feel listened to?"), CHOICE,
        (
            _YES,
            Choice("bit", N_("A bit")),
            _NO,
            Choice("nobody-yet", N_("Nobody has talked with me yet")),
        ),
        more=_SAY_MORE,
    ),
    Question(
        "right", N_("Was it the right time, place and person?"), CHOICE,
        (_YES, _NO, Choice("not-sure", _NOT_SURE)),
    ),
    Question(
        "better", N_("What would be better next time?"), CHIPS,
        (
            Choice("time", N_("Another time")),
            Choice("place", N_("Another place")),
            Choice("person", N_("Another person")),
            Choice("talk", N_("Talking, not writing")),
            Choice("else", N_("Something else")),
        ),
        more=_SAY_MORE,
        when=(When("right", ("no", "not-sure")),),
    ),
    Question(
        "once-more", N_("Would you do it again?"), CHOICE,
        (_YES, Choice("maybe", N_("Maybe")), _NO),
    ),
)  # fmt: skip
TELL = (_QUICK["tell-how"],)

VERSION_1 = Questionnaire(
    "whole",
    1,
    NOW + SEEN + BEFORE + AWAY + BAD + GOOD + BACK + HELP + ASK + PLAN + SHARED + HOW + TELL,
)
