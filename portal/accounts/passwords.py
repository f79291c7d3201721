"""Which passwords are too easy to guess: too short, or nothing but what everybody writes (OWASP ASVS 5.0, 6.2)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

SHORTEST, LONGEST = 12, 200  # characters that somebody chooses; nothing is cut off
FEWEST_LETTERS = 5  # that have to be left once everything is taken out that everybody writes
FEWEST_DIFFERENT = 6
_LOOKS_LIKE = str.maketrans("01345$@!|", "oieassaii")
# What the lists of stolen passwords are made of, and what is near at hand here.
_COMMON = [
    "password",
    "passwort",
    "passwd",
    "passphrase",
    "letmein",
    "welcome",
    "login",
    "logon",
    "signin",
    "administrator",
    "admin",
    "master",
    "secret",
    "changeme",
    "default",
    "guest",
    "test",
    "testing",
    "hello",
    "whatever",
    "nothing",
    "access",
    "trustno",
    "please",
    "iloveyou",
    "lovely",
    "love",
    "princess",
    "sunshine",
    "monkey",
    "dragon",
    "shadow",
    "superman",
    "batman",
    "pokemon",
    "football",
    "baseball",
    "basketball",
    "hockey",
    "soccer",
    "cricket",
    "rugby",
    "ninja",
    "mustang",
    "ferrari",
    "porsche",
    "mercedes",
    "computer",
    "internet",
    "samsung",
    "iphone",
    "google",
    "facebook",
    "freedom",
    "charlie",
    "michael",
    "jordan",
    "jennifer",
    "jessica",
    "thomas",
    "daniel",
    "george",
    "ashley",
    "matthew",
    "andrew",
    "joshua",
    "william",
    "robert",
    "hunter",
    "ginger",
    "pepper",
    "cookie",
    "cheese",
    "chocolate",
    "flower",
    "summer",
    "winter",
    "spring",
    "autumn",
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "manchester",
    "salford",
    "bolton",
    "bury",
    "oldham",
    "rochdale",
    "stockport",
    "tameside",
    "trafford",
    "wigan",
    "liverpool",
    "london",
    "england",
    "arsenal",
    "chelsea",
    "everton",
    "united",
    "city",
    "council",
    "rowan",
    "safeguarding",
    "safeguard",
    "social",
    "worker",
    "police",
    "missing",
    "children",
    "child",
    "family",
    "hub",
    "notes",
    "planner",
    "qwerty",
    "qwertz",
    "azerty",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "asdf",
    "zxcv",
    "qazwsx",
    "abc",
    "abcd",
    "correcthorsebatterystaple",
]
_ROWS = ("abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm")


def weakness(password: str, known: Iterable[str] = ()) -> str | None:
    """What to do about a password that is too easy to guess, or None; *known* are words anybody has of its owner."""
    said = unicodedata.normalize("NFC", password)
    if len(said) < SHORTEST:
        return f"Choose a password of at least {SHORTEST} characters. Three or four words do well"
    if len(said) > LONGEST:
        return f"Choose a password of at most {LONGEST} characters"
    if len(set(said)) < FEWEST_DIFFERENT or _left_of(said, known) < FEWEST_LETTERS:
        return "Choose a password that is not a common one, your name or your e-mail. Three or four words do well"
    return None


def _left_of(password: str, known: Iterable[str]) -> int:
    """How many letters are left without common words, rows of a keyboard, and what is known of its owner."""
    plain = password.casefold()
    words = {part for word in known for part in re.split(r"\W+", word.casefold()) if len(part) > 2}
    # An owner's own e-mail may hold digits; the rest is looked for as it reads.
    for word in sorted(words, key=len, reverse=True):
        plain = plain.replace(word, "")
    # A digit may stand for the letter that it looks like, or for nothing: whichever leaves less.
    return min(len(_without_common(read, words)) for read in (plain, plain.translate(_LOOKS_LIKE)))


def _without_common(plain: str, words: set[str]) -> str:
    left = "".join(letter for letter in plain if letter.isalpha())
    for word in sorted((*_COMMON, *words), key=len, reverse=True):
        left = left.replace(word, "")
    return _without_runs(left)


def _without_runs(left: str) -> str:
    for row in (*_ROWS, *(row[::-1] for row in _ROWS)):
        for length in range(len(row), 3, -1):
            for begins in range(len(row) - length + 1):
                left = left.replace(row[begins : begins + length], "")
    return left
