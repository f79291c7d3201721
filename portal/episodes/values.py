"""What a row of a list says, once read, and what somebody should know about it.

How a row is judged, so that a tired coordinator is stopped only where a person is needed:

*ready* may be taken as it stands; a note may stand beside it. *Doubtful* can be read, and somebody should
look before it is taken. *Unreadable* cannot be taken until a value is mended.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from portal.episodes.likeness import Away, Name


class State(StrEnum):
    """How far a row can be trusted; the worst of what was found in it."""

    READY = "ready"
    DOUBTFUL = "doubtful"
    UNREADABLE = "unreadable"


class Problem(NamedTuple):
    """What somebody should know about a value, in a sentence, and how much it weighs (*ready*: a note)."""

    field: str
    sentence: str
    weight: State


@dataclass(frozen=True, slots=True)
class Values:
    """What a row says, once read; None where it does not say, or cannot be read. Instants are in UTC."""

    number: str = ""
    surname: str = ""
    forenames: str = ""
    born_on: date | None = None
    missing_at: datetime | None = None
    returned_at: datetime | None = None
    still_missing: bool = False
    living: str = ""
    placed_by: str = ""

    @property
    def name(self) -> Name:
        """Surname and forenames, to be compared."""
        return Name(self.surname, self.forenames)

    @property
    def away(self) -> Away | None:
        """The time missing, to be compared; None where its beginning is not known."""
        return Away(self.missing_at, self.returned_at) if self.missing_at else None
