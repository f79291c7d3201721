"""What the worker does for the lists: it lets old ones go, and has somebody go on with those that were left."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.config import Hub, Settings
from portal.db import session, step
from portal.episodes import preview
from portal.episodes.imports import KEPT, ListImport, stopped
from portal.episodes.words import COLUMNS, READY, WORKING

UNTAKEN = (WORKING, COLUMNS, READY)
AT_MOST = 3  # processes started at one look: whoever answers pages needs the machine, too


def drop_old_previews(hub: Hub) -> int:
    """Let go of every list that nobody took within a day, each in a commit of its own; how many."""
    with step(hub):
        old = session.scalars(
            select(ListImport.id).where(
                ListImport.state.in_(UNTAKEN), ListImport.created_at < hub.now() - KEPT
            )
        ).all()
    return sum(_drop(hub, import_id) for import_id in old)


def _drop(hub: Hub, import_id: UUID) -> bool:
    with step(hub):
        brought = ListImport.locked(import_id)
        if brought.state not in UNTAKEN:  # somebody took it at this moment
            return False
        brought.drop()
    return True


def go_on(hub: Hub, settings: Settings) -> list[UUID]:
    """Start a process for each list whose own was killed, or that was dropped with rows left; which lists they are.

    The work is not done here: the worker has "not safe" to send.
    """
    with step(hub):
        left = [brought.id for brought in session.scalars(stopped()) if brought.may_be_helped][:AT_MOST]
    for import_id in left:
        preview.start(hub.file, settings, import_id, hub.now())
    return left
