"""Who is told of an alert: by its rule at first, then by the rung of the ladder; never whom it may be about."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import UUID

from sqlalchemy import select

from portal.accounts.holders import duty_workers, holder_and_cover, ids_with, workers_around
from portal.accounts.pauses import Pause, paused_about
from portal.accounts.rota import POSTS, on_duty
from portal.alerts.flags import ABOUT_A_WORKER, MANAGER, WORKER_AND_DUTY, Flag
from portal.alerts.ladder import AS_THE_RULE, DUTY_TEAM, LADDER, LAST, MANAGERS
from portal.config import current_hub
from portal.db import session


def may_be_about(child_id: UUID, flag: Flag, *, anybody_here: bool) -> list[UUID]:
    """Whom the child may have meant: until a manager has ended that, those people hear of no alert of theirs."""
    if flag.rule != ABOUT_A_WORKER:
        return paused_about(child_id)
    if not anybody_here:
        return []
    managers, around = set(ids_with("manager")), workers_around(child_id)
    # Somebody has to read it: where every manager works with the young person, none of them is kept from it.
    besides = managers - set(around)
    return [one for one in around if besides or (managers and one not in managers)]


def by_rule(flag: Flag, holders: list[UUID], kept_from: Iterable[UUID]) -> list[UUID]:
    """Who is told by the rule, without those it may be about; the managers if nobody else is left.

    With the worker who holds the young person whoever covers for them is told.
    """
    kept = set(kept_from)

    def without(people: list[UUID]) -> list[UUID]:
        return [person for person in people if person not in kept]

    if flag.tells == MANAGER:
        return without(ids_with("manager"))
    told = without(holders)
    if flag.tells == WORKER_AND_DUTY or not told:
        told += [person for person in without(duty_workers()) if person not in told]
    return told or without(ids_with("manager"))


def kept_from(alert_id: UUID, child_id: UUID, named: UUID | None) -> set[UUID]:
    """Who neither hears of an alert nor sees it: the one *named*, those paused by it, and who may not read now."""
    by_it = session.scalars(select(Pause.staff_id).where(Pause.alert_id == alert_id))
    return {*by_it, *paused_about(child_id), *([named] if named else [])}


def who_could_take(flag: Flag, child_id: UUID, kept: set[UUID]) -> set[UUID]:
    """Who can open such an alert and may: to them it can be handed over."""
    managers = set(ids_with("manager"))
    if flag.rule == ABOUT_A_WORKER:
        return managers - kept
    return {*managers, *duty_workers(), *holder_and_cover(child_id)} - kept


def on_rung(rung: int, column: str, flag: Flag, child_id: UUID, kept: set[UUID]) -> list[UUID]:
    """Who is told on a rung; where nobody is in that post, whoever stands above it, or else below: never nobody."""
    here = min(rung, LAST)
    for tried in (*range(here, LAST + 1), *range(here - 1, -1, -1)):
        if found := _in(LADDER[tried].tells(column), flag, child_id, kept):
            return found
    return [person for person in ids_with("manager") if person not in kept]


def _in(post: str, flag: Flag, child_id: UUID, kept: set[UUID]) -> list[UUID]:
    roles: dict[str, Callable[[], list[UUID]]] = {
        AS_THE_RULE: lambda: by_rule(flag, holder_and_cover(child_id), kept),
        DUTY_TEAM: duty_workers,
        MANAGERS: lambda: ids_with("manager"),
    }
    found = on_duty(post, current_hub().now()) if post in POSTS else roles[post]()
    # What is about somebody of the staff climbs among managers alone, whoever is on duty.
    allowed = set(ids_with("manager")) if flag.rule == ABOUT_A_WORKER else None
    return [one for one in found if one not in kept and (allowed is None or one in allowed)]
