"""Acts about people that touch several tables at once."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from portal.accounts.custody import Custody
from portal.accounts.ways_in import end_way_in


def into_custody(
    child_id: UUID, from_on: date, establishment: str, youth_worker_id: UUID | None, by: UUID
) -> Custody:
    """A young person is in custody: their way in ends, since whoever has their phone now is not them."""
    made = Custody.begin(child_id, from_on, establishment, youth_worker_id, by)
    end_way_in(child_id, "custody")
    return made
