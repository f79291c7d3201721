"""A message says that something waits, and nothing else: it lies where anybody may read it."""

import re

import pytest

from portal.alerts.flags import FLAGS
from portal.config import TELLING
from portal.notify.wording import PLAIN, WORDINGS, wording_of

# Nothing that says who, where, what about, or that a child is in it.
NEVER = (*TELLING, "alert", "safe", "hurt", "worker", "duty", "team", "return", "home", "school", "family", "parent",
         "manchester", "abuse", "exploit", "risk", "urgent", "emergency", "help")  # fmt: skip


@pytest.mark.parametrize("wording", [*WORDINGS.values(), PLAIN])
def test_no_message_says_what_it_is_about(wording):
    words = f"{wording.subject} {wording.text}".lower()
    assert not [word for word in NEVER if re.search(rf"\b{word}", words)]


@pytest.mark.parametrize("wording", [*WORDINGS.values(), PLAIN])
def test_no_message_holds_an_address_a_number_or_a_name(wording):
    words = f"{wording.subject} {wording.text}"
    assert not re.search(r"[@/:%{}]|\d", words)
    # Capitals begin a sentence; anywhere else they would be somebody's.
    assert all(before.endswith(".") for before in re.findall(r"(\S+) [A-Z]", wording.text))


@pytest.mark.parametrize("flag", FLAGS.values(), ids=FLAGS)
def test_every_rule_has_words_that_say_how_soon(flag):
    assert wording_of(f"alert {flag.within}") is not PLAIN


def test_a_kind_without_words_still_says_that_something_waits():
    assert wording_of("of another version") is PLAIN
