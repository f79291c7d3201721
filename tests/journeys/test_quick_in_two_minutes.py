"""The quick form takes two minutes: what it costs is counted in presses, in words to read, and in the browser's seconds.

A press costs 1.1 s to point and 0.2 s to press (the keystroke-level model of Card, Moran and Newell, 1980; what it
takes to make up one's mind is the reading). Words are read at 240 a minute (Brysbaert 2019) and typed by thumb at 38
(Palin and others, 2019). From the first screen to "sent" somebody reads the whole deal, each question and what they
press; the hints below the questions, which say what is known to whoever comes again, are counted apart.
"""

from __future__ import annotations

import time

import pytest

from tests.journeys.people import SENT, YoungPerson

A_PRESS = 1.1 + 0.2
A_WORD = 60 / 240
A_LETTER = 60 / (38 * 5)
TWO_MINUTES, THE_SIX = 120, 75


class Counting(YoungPerson):
    """Amara with somebody beside her who counts."""

    def __init__(self, *given, **more):
        super().__init__(*given, **more)
        self.made, self.words_read, self.hints = 0, 0, 0
        self.began = time.monotonic()

    def sees(self, heading):
        super().sees(heading)
        self.words_read += len(heading.split())
        self.hints += sum(
            len(words.split()) for words in self.page.locator("main .hint, main > p").all_inner_texts()
        )

    def presses(self, name, role="button"):
        self.made += 1
        self.words_read += len(name.split())
        super().presses(name, role)

    def ticks(self, name):
        self.made += 1
        self.words_read += len(name.split())
        super().ticks(name)

    def writes(self, question, text, then="Go on"):
        super().writes(question, text, then)
        self.began -= len(text) * A_LETTER

    @property
    def seconds(self):
        """What it has cost so far, hints apart."""
        return time.monotonic() - self.began + self.made * A_PRESS + self.words_read * A_WORD


def reads_the_deal(amara):
    """The deal is no hint: all of it is read."""
    before = amara.hints
    amara.sees("Before you start: the deal")
    amara.words_read += amara.hints - before
    amara.hints = before
    amara.presses("I know the deal. Go to the questions")


def answers_everything(amara):
    """The six questions, the check page, and send."""
    amara.answers("How are you right now?", "Not great")
    amara.answers("Was it missing, as you see it?", "I was just out")
    amara.answers("What was going on?", "Home", "I needed space")
    amara.answers("Did anything bad happen?", "None of these")
    amara.writes("What would help?", "a lift on fridays")
    amara.answers("How shall we tell you what happens?", "Here on these pages")
    amara.sees("Look at it before it goes")
    amara.presses("Send to Sam")


@pytest.fixture
def amara(at_phone, waiting):
    counting = at_phone(Counting)
    counting.opens("/now")
    counting.began = time.monotonic()
    return counting


def test_from_the_first_screen_to_sent_in_two_minutes_and_nineteen_presses(amara, record_property):
    amara.answers("Are you safe right now?", "Yes")
    amara.answers("Is it OK to do this now?", "Yes")
    reads_the_deal(amara)
    amara.answers("May %(worker)s read what is here so far, if your phone dies?", "No")
    amara.answers("How much do you want to say?", "The short one. Six questions, about two minutes")
    six_began, hints_before = amara.seconds, amara.hints
    answers_everything(amara)
    six = amara.seconds - six_began + (amara.hints - hints_before) * A_WORD
    all_of_it = amara.seconds
    told = f"{amara.made} presses; {all_of_it:.0f} s, {amara.hints * A_WORD:.0f} s of hints apart; the six with theirs {six:.0f} s"
    record_property("told", told)
    YoungPerson.sees(amara, SENT % {"worker": "Sam"})
    assert amara.made <= 19, told
    assert all_of_it <= TWO_MINUTES, told
    assert six <= THE_SIX, told
