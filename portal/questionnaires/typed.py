"""What somebody typed, as text that can be kept and shown."""

from __future__ import annotations

import re

from portal.i18n import N_

TOO_LONG = N_("This is longer than one answer can hold. Make it shorter, or tell us the rest another time.")
_NO_CHARACTERS = "".join(chr(plane << 16 | end) for plane in range(17) for end in (0xFFFE, 0xFFFF))
_NOT_WORDS = re.compile(f"[\0-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef{_NO_CHARACTERS}]")


def clean(typed: str) -> str:
    """What was typed, as text that can be kept and shown: no half characters, no control codes, one kind of line end."""
    text = typed.encode("utf-8", "replace").decode().replace("\r\n", "\n").replace("\r", "\n")
    return _NOT_WORDS.sub("", text).strip()
