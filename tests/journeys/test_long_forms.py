"""All of it, and what quick opens into, in a real browser on a small phone: axe on each screen, no sideways scrolling."""

from __future__ import annotations

import pytest

from tests.journeys.people import SENT

SMALL = {"viewport": {"width": 320, "height": 560}}


def comes_to_the_choice(amara, form):
    amara.opens("/now")
    amara.answers("Are you safe right now?", "Yes")
    amara.answers("Is it OK to do this now?", "Yes")
    amara.answers("Before you start: the deal", "I know the deal. Go to the questions")
    amara.answers("May %(worker)s read what is here so far, if your phone dies?", "Skip this")
    amara.answers("How much do you want to say?", form)


@pytest.mark.parametrize("language", ["en_GB", "ar"])
def test_all_of_it_on_a_small_phone_left_to_right_and_right_to_left(at_phone, waiting, language):
    amara = at_phone(inspects=True, language=language, **SMALL)
    comes_to_the_choice(amara, "All of it. More questions, about ten minutes")
    amara.answers("How are you right now?", "Not great")
    amara.answers("Are you hurt or unwell?", "No")
    amara.answers("Was it missing, as you see it?", "Something else")
    amara.writes("What would you call it?", "a walk")
    amara.answers("What was going on?", "Home")
    amara.writes("Anything about where you were that you want us to know?", "by the canal")
    amara.writes("Which places feel safe to you?", "nan's", then="Go on")
    amara.answers("Which places don't feel safe?", "Skip this")
    amara.answers("Who were you with?", "Friends", "Just me")
    amara.answers("Food, sleep, charge: how was that?", "I was hungry")
    amara.answers("Did anything bad happen?", "Someone gave me things", "None of these")
    amara.reads(
        amara.words("You ticked “None of these” and something else. Take away the one that is not right.")
    )
    amara.page.get_by_label(amara.words("None of these"), exact=True).uncheck()
    amara.looks()
    amara.presses(amara.words("Go on"))
    amara.writes("What was good about it?", "quiet")
    amara.answers("What did you need that you got?", "Space")
    amara.answers("Who did you meet when you got back?", "Carers")
    amara.answers("How were your carers with you?", "In between")
    amara.answers("What one thing would make it easier to stay, or safer if you go?", "Skip this")
    amara.answers("What should adults do differently?", "Skip this")
    amara.writes("Who do you trust?", "someone like my aunt")
    amara.answers("Do you want to ask for something?", "A charger")
    amara.answers("If it happens again: who would you ring?", "Skip this")
    amara.answers("If it happens again: where is a safe place?", "Skip this")
    amara.answers("Is there a word you could text that means “come and get me”?", "Skip this")
    amara.sees(amara.words("Who may have your words?"))
    amara.page.locator("summary").click()
    amara.page.get_by_label(amara.words("School"), exact=True).select_option("school:ok")
    amara.inspected.clear()
    amara.looks()
    amara.presses(amara.words("Go on"))
    amara.answers("Did you feel listened to?", "Nobody has talked with me yet")
    amara.answers("Was it the right time, place and person?", "No")
    amara.answers("What would be better next time?", "Another time")
    amara.answers("Would you do it again?", "Maybe")
    amara.answers("How shall we tell you what happens?", "Face to face")
    amara.sees(amara.words("Look at it before it goes"))
    amara.reads("someone like my aunt")
    amara.presses(amara.words("Send to %(worker)s", worker="Sam"))
    amara.sees(amara.words(SENT, worker="Sam"))
    amara.does_not_read("someone like my aunt")


def test_a_quick_question_opened_into_more_and_out_again(at_phone, waiting):
    amara = at_phone(inspects=True, **SMALL)
    comes_to_the_choice(amara, "The short one. Six questions, about two minutes")
    amara.answers("How are you right now?", "OK", then="More questions about this")
    amara.answers("Are you hurt or unwell?", "No")
    amara.answers("Was it missing, as you see it?", "Skip this")
    amara.answers("What was going on?", "Home", then="More questions about this")
    amara.writes(
        "Anything about where you were that you want us to know?",
        "by the canal",
        then="That's enough about this",
    )
    amara.sees("Did anything bad happen?")


def test_again_asks_only_what_is_opened(at_phone, waiting):
    amara = at_phone(inspects=True, **SMALL)
    comes_to_the_choice(amara, "I have done this before. Only what was different")
    amara.writes("What was different this time?", "i rang nan")
    amara.answers("Did we do what we said?", "Some of it")
    amara.writes("What did not happen?", "nobody rang school")
    amara.answers("What do you want to say more about?", "Good bits")
    amara.writes("What was good about it?", "slept")
    amara.answers("What did you need that you got?", "Skip this")
    amara.sees("How shall we tell you what happens?")
