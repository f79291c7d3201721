"""What is told in person only: whatever somebody said must be, and whatever names the police.

A PIN can be forced (`product.md`, rule 11). The words are looked for by one fixed list, which only ever keeps
something off a phone; nothing is judged by it, and a worker may say that it is safe all the same.
"""

from __future__ import annotations

import re

_POLICE = re.compile(r"\bpolice\w*\b|\bofficers?\b|\bcops?\b|\bfeds?\b|\bGMP\b", re.IGNORECASE)


def names_police(words: str | None) -> bool:
    """Whether *words* name the police, so that they stay off a phone by default."""
    return bool(words) and _POLICE.search(words or "") is not None
