"""Whether two names may be one young person's, and whether two times missing may be one.

Nothing is decided here: what is alike is shown to a person, who decides.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import jellyfish

# Letters that have no accent to take off, as a British keyboard would write them.
_STROKED = str.maketrans(
    {
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ı": "i",
        "ß": "ss",
        "ŋ": "n",
        "ə": "a",
    }
)
LOST_LETTERS = re.compile("[?\ufffd]")


class Name(NamedTuple):
    """A surname and forenames as somebody wrote them."""

    surname: str
    forenames: str


@dataclass(frozen=True, slots=True)
class Away:
    """A time missing: from an instant (UTC) to another, or still going on."""

    missing_at: datetime
    returned_at: datetime | None


def plain(name: str) -> str:
    """A name in small letters without accents, single spaces between its parts; a lost letter is `?`."""
    text = unicodedata.normalize("NFKD", LOST_LETTERS.sub("?", name)).casefold().translate(_STROKED)
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[^\w? ]|_", " ", re.sub("['’`´]", "", text)).split())


def has_lost_letters(name: str) -> bool:
    """Whether letters of *name* were replaced by question marks before it reached us."""
    return bool(LOST_LETTERS.search(name))


def sound(surname: str) -> str:
    """What a surname sounds like, spelling aside; of a double name the first part."""
    parts = plain(surname).replace("?", "").split()
    return jellyfish.metaphone(parts[0]) if parts else ""


def parts_of(name: str) -> Name:
    """Surname and forenames of a whole name: "Walker, Ben", "WALKER Ben", "Ben Walker"."""
    if "," in name:
        surname, _, forenames = name.partition(",")
        return Name(surname.strip(), forenames.strip())
    words = name.split()
    capitals = [word for word in words if word.isupper() and len(word) > 1]
    if capitals and len(capitals) < len(words):
        return Name(" ".join(capitals), " ".join(word for word in words if word not in capitals))
    return Name(" ".join(words[-1:]), " ".join(words[:-1]))


def misread(name: str) -> str:
    """What a name was before some program read its UTF-8 as Windows-1252 ("ZoÃ«"); else the name itself."""
    try:
        return name.encode("cp1252").decode("utf-8") if "Ã" in name or "Å" in name or "Ä" in name else name
    except UnicodeError:
        return name


def alike(one: Name, other: Name) -> bool:
    """Whether both may be one person's name, spelt otherwise, with lost letters, or exchanged."""
    return plainly_alike(plain_name(one), plain_name(other))


def plain_name(name: Name) -> Name:
    """A name with both its parts made plain, to be compared with many others."""
    return Name(plain(name.surname), plain(name.forenames))


def plainly_alike(one: Name, other: Name) -> bool:
    """`alike`, of names that are plain already."""
    return _both(one, other) or _both(one, Name(other.forenames, other.surname))


def overlaps(one: Away, other: Away) -> bool:
    """Whether two times missing share a moment; who has not come back is missing still."""
    begins_before_other_ends = other.returned_at is None or one.missing_at < other.returned_at
    ends_after_other_begins = one.returned_at is None or other.missing_at < one.returned_at
    return one.missing_at == other.missing_at or (begins_before_other_ends and ends_after_other_begins)


def _both(one: Name, other: Name) -> bool:
    surname = _part_alike(one.surname, other.surname)
    if surname is False:
        return False
    forenames = _part_alike(one.forenames, other.forenames)
    # A name of question marks alone says nothing; then the other part has to speak for both.
    return forenames is not False and (surname is True or forenames is True)


def _part_alike(one: str, other: str) -> bool | None:
    """True or False, or None where one of them is empty or all letters are lost."""
    if not one.replace("?", "").strip() or not other.replace("?", "").strip():
        return None
    if one == other:
        return True
    if "?" in one or "?" in other:
        return _fits(one, other) or _fits(other, one)
    return _one_within_other(one.split(), other.split()) or _spelt_alike(one, other)


def _fits(pattern: str, name: str) -> bool:
    """Whether *name* fits, where a letter may have become one question mark, or one for each of its bytes."""
    if max(len(pattern), len(name)) > 100:
        return False
    reached = {0}
    for letter in pattern:
        if letter == "?":
            reached |= {at + 1 for at in reached if at < len(name)}
        else:
            reached = {at + 1 for at in reached if name[at : at + 1] in (letter, "?")}
    return len(name) in reached


def _one_within_other(one: list[str], other: list[str]) -> bool:
    """Smith within Smith-Jones, Danuta within Danuta Maria."""
    return len(one) != len(other) and (set(one) <= set(other) or set(other) <= set(one))


def _spelt_alike(one: str, other: str) -> bool:
    one, other = one.replace(" ", "")[:60], other.replace(" ", "")[:60]
    apart = jellyfish.damerau_levenshtein_distance(one, other)
    if apart <= (1 if min(len(one), len(other)) <= 5 else 2):
        return min(len(one), len(other)) > 2
    return apart <= 3 and bool(heard := jellyfish.metaphone(one)) and heard == jellyfish.metaphone(other)
