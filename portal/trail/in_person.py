"""What is told in person only: whatever somebody said must be, and whatever names the police.

A PIN can be forced (`product.md`, rule 11). The words are looked for by one fixed list, which only ever keeps
something off a phone; nothing is judged by it, and a worker may say that it is safe all the same.
"""

from __future__ import annotations

import re
import unicodedata

# In the families' thirteen languages, as they are written, misspelt and typed in Latin letters. What joins words to
# others is looked for without a word's edges. `_plain` has taken the marks and the look-alikes out of both.
_WORDS = (
    # English, and what Polish, Albanian and others share with it; neither "policy" nor "Polish" is one of them.
    r"\bpolic(?!y\b|ies\b)\w*",
    r"\bp[ou]l+(?:i+|ee+)[sz](?!h)\w*",
    r"\b(?:officers?|constables?|detectives?|pcsos?|cops?|feds?|po-?po|gmp|five-?o|5-0)\b",
    r"\b(?:radiow[oó]z\w*|komisaria\w*|mundurow\w*|gliniarz\w*|gliny)\b",  # Polish
    r"\bb(?:oo|o|i)l(?:ii|i|ay|ey)s\w*",  # Somali
    r"\b(?:cong\s*an|canh\s*sat)\b",  # Vietnamese, with its marks and without
    r"\bsh[uo]rt(?:a|i|y|eh)\w*",  # Arabic in Latin letters
    r"شرط(?:ة|ه|ی|ت)|بولیس",  # Arabic
    r"پولیس|پلیس|کلانتری|آگاهی|تھانہ|تھانے|تھانیدار",  # Urdu, Persian
    r"پۆلیس|پولیس|ئاسایش",  # Kurdish (Sorani)
    r"প[ুূ]ল[িী][শসষ]|থানা",  # Bengali
    r"ਪ[ੁੂ]ਲ[ਿੀ][ਸਸ਼]|ਠਾਣ[ਾੇ]|ਥਾਣ[ਾੇ]",  # Panjabi
    r"[ፖፓ]ሊስ|ፖሊሳ",  # Tigrinya
)
# Letters that look alike and are typed one for another, and what is drawn in or between letters without being one.
_ALIKE = str.maketrans({"ي": "ی", "ى": "ی", "ې": "ی", "ك": "ک", "ہ": "ه", "ۀ": "ه", "ھ": "ه", "ـ": None})
_MARKS = re.compile("[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670]")


def _plain(words: str) -> str:
    """*words* without marks, joiners and look-alikes, so that one spelling stands for all of them."""
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", words)).translate(_ALIKE)
    return "".join(letter for letter in plain if unicodedata.category(letter) != "Cf")


_POLICE = re.compile("|".join(_plain(words) for words in _WORDS), re.IGNORECASE)


def names_police(words: str | None) -> bool:
    """Whether *words* name the police, so that they stay off a phone by default."""
    return bool(words) and _POLICE.search(_plain(words or "")) is not None
