"""Acts about people that touch several tables at once."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from portal.accounts.break_glass import LEAST_TOLD, BreakGlass
from portal.accounts.custody import Custody
from portal.accounts.holders import duty_workers, holder_and_cover, ids_with
from portal.accounts.pauses import paused_about
from portal.accounts.ways_in import end_way_in


def into_custody(
    child_id: UUID, from_on: date, establishment: str, youth_worker_id: UUID | None, by: UUID
) -> Custody:
    """A young person is in custody: their way in ends, since whoever has their phone now is not them."""
    made = Custody.begin(child_id, from_on, establishment, youth_worker_id, by)
    end_way_in(child_id, "custody")
    return made


def break_glass(worker_id: UUID, child_id: UUID, reason: str, key: UUID | None = None) -> BreakGlass:
    """*worker_id* opens somebody else's young person: who holds them and the managers are told, at least two people.

    Nobody is told who may not read what this young person says: the reason may be about them. Raises `TooFewToTell`.
    """
    nobody = {worker_id, *paused_about(child_id)}
    managers = [one for one in ids_with("manager") if one not in nobody]
    told = [one for one in dict.fromkeys([*holder_and_cover(child_id), *managers]) if one not in nobody]
    if len(told) < LEAST_TOLD:
        told += [one for one in duty_workers() if one not in nobody and one not in told]
    return BreakGlass.begin(worker_id, child_id, reason, told=told, managers=managers, key=key)
