"""The quick form: six questions, about two minutes. Version 1 is published: never edit it, add version 2."""

from __future__ import annotations

from portal.i18n import N_
from portal.questionnaires.questions import CHIPS, CHOICE, FACES, TEXT, Choice, Question, Questionnaire

_SAY_MORE = N_("Say more, if you like")

VERSION_1 = Questionnaire(
    "quick", 1,
    (
        Question(
            "now", N_("How are you right now?"), FACES,
            (
                Choice("good", N_("Good")),
                Choice("ok", N_("OK")),
                Choice("between", N_("In between")),
                Choice("not-great", N_("Not great")),
                Choice("bad", N_("Bad")),
                Choice("unsure", N_("I don't know")),
            ),
            more=_SAY_MORE,
        ),
        Question(
            "as-you-see-it", N_("Was it missing, as you see it?"), CHOICE,
            (
                Choice("yes", N_("Yes")),
                Choice("just-out", N_("I was just out")),
                Choice("someone-knew", N_("Someone knew where I was")),
                Choice("not-away", N_("I was not away")),
                Choice("else", N_("Something else")),
            ),
            hint=N_("Other people may have called it that. What do you call it?"),
            more=_SAY_MORE,
        ),
        # What pushes and what pulls stand mixed and are never labelled so.
        Question(
            "going-on", N_("What was going on?"), CHIPS,
            (
                Choice("home", N_("Home")),
                Choice("friends", N_("Friends")),
                Choice("where-i-live", N_("Where I live")),
                Choice("space", N_("I needed space")),
                Choice("school", N_("School")),
                Choice("see-someone", N_("I wanted to see someone")),
                Choice("relationship", N_("A relationship")),
                Choice("pushed-out", N_("I felt pushed out")),
                Choice("online", N_("Something online")),
                Choice("money", N_("Money, or owing someone")),
                Choice("asked-to-go", N_("Someone asked me to go")),
                Choice("else", N_("Something else")),
            ),
            hint=N_("That day, or that week. Pick as many as you like."),
            more=_SAY_MORE,
        ),
        # No own words here: nobody is asked for detail by a form.
        Question(
            "anything-bad", N_("Did anything bad happen?"), CHIPS,
            (
                Choice("hurt", N_("Someone hurt me"), "hurt"),
                Choice("scared", N_("Someone scared me"), "scared"),
                Choice("made-me", N_("Someone made me do something"), "hurt"),
                Choice("touched", N_("Someone touched me, or did something I didn't want"), "hurt"),
                Choice("gifts", N_("Someone gave me things")),
                Choice("wanted-back", N_("Someone wanted something back for what they gave me"), "scared"),
                Choice("owe", N_("Someone says I owe them"), "scared"),
                Choice("photos", N_("Photos or videos I didn't want"), "hurt"),
                Choice("none", N_("None of these")),
            ),
            hint=N_("You don't have to say more than this. Some of these we have to act on. We tell you next what happens."),
            sensitive=True,
        ),
        Question(
            "would-help", N_("What would help?"), TEXT,
            hint=N_("Big or small. A lift, a charger, somebody to talk to, something to change."),
            sensitive=True,
        ),
        Question(
            "tell-how", N_("How shall we tell you what happens?"), CHOICE,
            (
                Choice("here", N_("Here on these pages")),
                Choice("in person", N_("Face to face")),
                Choice("call", N_("Ring me. A call still shows on the phone")),
                Choice("trusted", N_("Through somebody I trust")),
                Choice("ask", N_("Ask me first")),
            ),
            hint=N_("Pick what is safe for you."),
            more=N_("Say who, when or how, if you like"),
        ),
    ),
)  # fmt: skip
