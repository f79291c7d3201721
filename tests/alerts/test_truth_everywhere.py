"""What a young person is told, in 10,000 states of things and every language there is: never a false promise.

What each sentence *means* is looked at once, by the English that it was made from; what it *says* in each language,
letter by letter. Seen red with "on duty now" said whenever the office was closed, with "has it" said of who closed
it, and with the numbers left out where somebody had it.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from portal import i18n
from portal.alerts import truth
from portal.alerts.truth import Told, true_words
from portal.config import LONDON, HubFile
from portal.i18n import LANGUAGES
from portal.notify.models import Waiting
from tests.conftest import HUB, write_hub

STATES = 10_000
BEGINS = datetime(2026, 10, 1, tzinfo=UTC)
MINUTES = 500 * 24 * 60  # over both clock changes, twice, and two Christmases
NAMES = (None, None, "Sam", "Dee", "100%(name)s", "سام")
SHORT_HOURS = HUB.replace('tuesday = ["09:00", "17:00"]\nwednesday = ["09:00", "17:00"]\n', "")
HUBS = (
    HUB,
    HUB.replace("[doors]", "bank_holidays = [2026-12-25, 2026-12-28, 2027-03-26, 2027-03-29]\n[doors]"),
    SHORT_HOURS.replace('["09:00", "17:00"]', '["00:00", "23:59"]'),
)
# Words that promise, hurry or calm, in the languages that people read.
NEVER = {
    "en_GB": ("watch", "soon", "will", "promise", "straight away", "immediately", "worry", "everyone", "always", "!"),
    "ar": ("يراقب", "نراقب", "قريب", "سوف", "نعد", "وعد", "فور", "دائم", "لا تقلق", "الجميع", "!"),
}  # fmt: skip
ON_DUTY = "Somebody is on duty now, while it is closed. That does not mean that they have seen this."
COUNT_ON_NOBODY = "Until it opens, do not count on anybody here to see this."
NOT_LEFT = "The message about it has not left yet."


class State:
    """One state of things, drawn by its number."""

    def __init__(self, number: int, files: list[HubFile]) -> None:
        draw = random.Random(f"truth {number}")
        self.now = BEGINS + timedelta(minutes=draw.randrange(MINUTES), seconds=draw.choice((0, 0, 59)))
        self.file = draw.choice(files)
        self.told = [_a_thing(draw) for _ in range(draw.choice((0, 1, 1, 1, 2, 3, 4)))]
        ages = (None, 0, 59, 60, 61, 119, 120, 121, draw.randrange(100_000))
        oldest, beat = (_before(self.now, draw.choice(ages)) for _ in range(2))
        self.stands = Waiting(oldest, beat)
        self.covered = draw.random() < 0.5
        self.waiting = [one for one in self.told if one.held_by is None]

    def words(self) -> list[str]:
        """What is said in it, in the language being spoken."""
        return true_words(self.told, self.stands, self.now, self.file, covered=self.covered)

    @property
    def open(self) -> bool:
        """Whether the office is open, worked out apart from the code that says so."""
        day = self.file.office_day(self.now.astimezone(LONDON).date())
        return day is not None and day.opens <= self.now < day.closes


def _a_thing(draw: random.Random) -> Told:
    name = draw.choice(NAMES)
    over = name is not None and draw.random() < 0.4
    return Told(name, over, draw.randrange(3), draw.randrange(3), wakes=draw.random() < 0.7)


def _before(now: datetime, age: int | None) -> datetime | None:
    return None if age is None else now - timedelta(seconds=age)


@pytest.fixture(scope="module")
def states(tmp_path_factory):
    files = []
    for number, text in enumerate(HUBS):
        folder = tmp_path_factory.mktemp(f"hub{number}")
        (folder / "hubs").mkdir()
        files.append(write_hub(folder, text))
    return [State(number, files) for number in range(STATES)]


@pytest.fixture
def meant(monkeypatch):
    """`meant(state)`: the English from which each sentence is made, with what is filled in."""
    made: list[tuple[str, dict[str, Any]]] = []

    def note(text: str, **values: Any) -> str:
        made.append((text, values))
        return i18n._(text, **values)

    def look(state: State) -> dict[str, list[dict[str, Any]]]:
        made.clear()
        state.words()
        found: dict[str, list[dict[str, Any]]] = {}
        for text, values in made:
            found.setdefault(text, []).append(values)
        return found

    monkeypatch.setattr(truth, "_", note)
    return look


def _false(state: State, said: dict[str, list[dict[str, Any]]]) -> list[str]:
    """Which of what must hold does not."""
    waiting, told = state.waiting, state.told
    has = {one["name"] for one in said.get("%(name)s has it.", []) + said.get("%(name)s has part of it.", [])}
    had = {
        one["name"]
        for text in ("", " part of")
        for one in said.get(f"%(name)s had{text} it, and wrote down what happened.", [])
    }
    nobody = ("Nobody has said yet that they have it." in said) + (
        "Nobody has said yet that they have the rest." in said
    )
    left = "A message about it has left. That does not mean that somebody has read it." in said
    up, down = ON_DUTY in said, COUNT_ON_NOBODY in said
    late = state.stands.stuck(state.now) or state.stands.silent(state.now)
    none_left = any(not one.left for one in waiting)
    holds = {
        "saved": ("What you said is saved." in said) == bool(told),
        "has it": has == {one.held_by for one in told if one.held_by and not one.over},
        "had it": had == {one.held_by for one in told if one.held_by and one.over} - has,
        "nobody yet": nobody == bool(waiting),
        "all of it is nobody's": not ("%(name)s has it." in said and waiting),
        "left": left == (bool(waiting) and all(one.left and not one.not_left for one in waiting)),
        "one of two left": ("One message about it has left. Another has not left yet." not in said)
        or all(one.left for one in waiting),
        "not left": (NOT_LEFT in said) == none_left,
        "do not wait": ("Do not wait for it. Please ring somebody." in said) == (none_left and late),
        "open": ("The office is open now, until %(time)s." in said) == state.open,
        "closed": ("The office is closed now." in said) == (not state.open),
        "on duty is true": not up or (state.covered and not state.open),
        "on duty is for what wakes": not up or (bool(waiting) and all(one.wakes for one in waiting)),
        "no promise of the night": state.open or not (waiting or not told) or up or down,
        "not both": not (up and down),
        "numbers": "Day and night you can ring %(emergency)s, or Childline on %(childline)s." in said,
    }
    return [name for name, true in holds.items() if not true]


def test_no_state_makes_a_false_promise(states, meant):
    wrong = {number: found for number, state in enumerate(states) if (found := _false(state, meant(state)))}
    assert not wrong


def test_the_states_reach_every_sentence_there_is(states, meant):
    seen = Counter(text for state in states for text in meant(state))
    assert len(seen) == 17
    assert min(seen.values()) > 50


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_says_exactly_that(states, meant, code):
    """In each state, each sentence is the translation of what was meant: nothing left out, nothing left in English."""
    with i18n.speaking(code):
        catalogue = i18n.catalogue(code)
        for state in states:
            words, said = state.words(), meant(state)
            expected = [catalogue.gettext(text) % one for text, filled in said.items() for one in filled]
            night = [words[-2]] if not state.open else []
            assert Counter(words) == Counter(expected + night)
            assert words[-1].count("999") == 1
            assert words[-1].count("0800 1111") == 1


@pytest.mark.parametrize("code", NEVER)
def test_no_sentence_promises_hurries_or_calms(states, meant, code):
    catalogue = i18n.catalogue(code)
    texts = {catalogue.gettext(text) for state in states for text in meant(state)}
    assert not [(word, text) for text in texts for word in NEVER[code] if word in text.lower()]


@pytest.mark.parametrize("code", [code for code in LANGUAGES if code != "en_GB"])
def test_no_sentence_is_left_in_english(states, meant, code):
    catalogue = i18n.catalogue(code)
    texts = {text for state in states for text in meant(state)}
    assert not [text for text in texts if catalogue.gettext(text) == text]


def test_a_language_without_a_list_of_words_is_not_forgotten():
    real = {code for code, language in LANGUAGES.items() if language.state != "pseudo"}
    assert real <= NEVER.keys()
