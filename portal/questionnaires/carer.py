"""A foster or residential carer's form after a return. Version 1 is published: never edit it, add version 2."""

from __future__ import annotations

from portal.i18n import N_
from portal.questionnaires.parent import AS_THEY_CAME_BACK, HARM, REACH, SAY_MORE, WORRIES
from portal.questionnaires.questions import CHIPS, MOMENT, TEXT, Choice, Question, Questionnaire

HOME_TIME = "home-time"

VERSION_1 = Questionnaire(
    "carer", 1,
    (
        Question(
            HOME_TIME, N_("When did they come back?"), MOMENT,
            hint=N_("As you saw it. It is kept beside the time that the police wrote down."),
        ),
        Question(
            "came-back", N_("How were they when they came back?"), CHIPS,
            (
                *AS_THEY_CAME_BACK,
                Choice("hurt", N_("Hurt or unwell"), "adult worry"),
                Choice("unsure", N_("I don't know")),
            ),
            hint=N_("Pick as many as you like. If you pick “Hurt or unwell”, we ask the team to look at it the same working day."),
            more=SAY_MORE,
        ),
        Question(
            "clothes", N_("Clothes, phone, money: was anything different?"), CHIPS,
            (
                Choice("clothes", N_("Other clothes")),
                Choice("dirty", N_("Clothes wet, dirty or torn")),
                Choice("phone", N_("Another phone, or a new one")),
                Choice("no-phone", N_("No phone")),
                Choice("money", N_("Money they did not have before")),
                Choice("things", N_("Other new things")),
                Choice("none", N_("None of these")),
            ),
            hint=N_("Pick as many as you like."),
            more=SAY_MORE,
        ),
        WORRIES,
        HARM,
        Question("helped", N_("What helped?"), TEXT, hint=N_("Before, while they were away, or when they came back.")),
        Question(
            "plan", N_("What would you change in the plan?"), TEXT,
            hint=N_("The plan for what everybody does when they are away, and when they come back."),
        ),
        REACH,
    ),
)  # fmt: skip
