"""What is told in person only: whatever somebody said must be, and whatever names the police.

A PIN can be forced (`product.md`, rule 11). The words are looked for by one fixed list, which only ever keeps
something off a phone; nothing is judged by it, and a worker may say that it is safe all the same.
"""

from __future__ import annotations

import re

# In the families' thirteen languages; those that join words are looked for without a word's edges.
_POLICE = re.compile(
    r"\bpolic(?!y\b|ies\b)\w*|\bofficers?\b|\bcops?\b|\bfeds?\b|\bGMP\b|\bbooliis\w*|\bbooliska\b"
    r"|شرطة|بوليس|پولیس|پولیس|پۆلیس|پلیس|পুলিশ|ਪੁਲਿਸ|ፖሊስ|công an|cảnh sát",
    re.IGNORECASE,
)


def names_police(words: str | None) -> bool:
    """Whether *words* name the police, so that they stay off a phone by default."""
    return bool(words) and _POLICE.search(words or "") is not None
