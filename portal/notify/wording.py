"""What a message says: that something waits, and how soon. No person, no place, nothing of what was said.

A message lies on a lock screen and in a mailbox, where anybody may see it.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Wording:
    """The subject line (e-mail only) and the text of one kind of message."""

    subject: str
    text: str


_SUBJECT = "Something new"
_WAITING = "Something new is waiting for you."

# By the kind of the outbox's row. Staff only: what goes to a family is worded by their card (`families`).
WORDINGS = MappingProxyType(
    {
        "alert 5 minutes": Wording(_SUBJECT, f"{_WAITING} Please sign in and look now."),
        "alert 1 hour": Wording(_SUBJECT, f"{_WAITING} Please sign in and look within the hour."),
        "alert same day": Wording(_SUBJECT, f"{_WAITING} Please sign in and look today."),
        "sign_in.changed": Wording(
            "Your sign-in",
            "What you sign in with was changed. If that was not you, ring your administrator now.",
        ),
        "voice.new": Wording(_SUBJECT, f"{_WAITING} Please sign in and look."),
    }
)
PLAIN = Wording(_SUBJECT, f"{_WAITING} Please sign in and look.")
# To whoever is named in the settings: it is about a program, and says that much.
STOPPED = Wording("Something has stopped", "Something that ought to run has stopped. Please look at it now.")
RUNS_AGAIN = Wording("Something runs again", "What had stopped runs again.")


def wording_of(kind: str) -> Wording:
    """The words for a *kind* of message; a kind that has none of its own still says that something waits."""
    return WORDINGS.get(kind, PLAIN)
