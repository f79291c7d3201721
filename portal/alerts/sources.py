"""Where the words behind an alert lie: the room in which something was said hands them out, and only those.

The rooms stand above this one, so `app.py` introduces them.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from portal.db import beyond_the_wall

# From the id of what was said, and the rule that it met, to pairs (what was asked, the exact words).
WordsOf = Callable[[UUID, str], list[tuple[str, str]]]
_rooms: dict[str, WordsOf] = {}


def introduce(source_kind: str, words_of: WordsOf) -> None:
    """From now on, *words_of* hands out the words behind an alert of *source_kind*."""
    _rooms[source_kind] = words_of


def flagged_words(source_kind: str, source_id: UUID, rule: str) -> list[tuple[str, str]]:
    """What was asked, and the answer that met the rule in its exact words; nothing if it is not kept any more."""
    words_of = _rooms.get(source_kind)
    if words_of is None:
        return []
    # Whoever is on duty opens alerts about young people whom they do not hold: these words, and no others.
    with beyond_the_wall():
        return words_of(source_id, rule)
