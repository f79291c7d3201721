"""The removal of what is over by the timetable (`over`): a rule at a time, a thing at a time, at most fifty rows a commit.

Whatever is asked again in the commit that takes it away: whether it is still over, whether a hold stands. So it may be
stopped anywhere and run again, and two at once do no harm.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from portal import audit, crypto
from portal.admin import staff_left
from portal.admin.erased import finish, key_goes
from portal.admin.letting_go import AT_MOST, Hanging, hanging_on, let_go_some, locked, named_elsewhere
from portal.admin.over import RULES, Rule, ago, keeping
from portal.admin.timetable import ACCOUNT
from portal.config import Hub
from portal.db import looking, session, step


@dataclass
class LetGo:
    """What one rule let go, or would: how many things, how many rows, how many a hold kept or that still have to wait."""

    rule: str
    things: int = 0
    rows: int = 0
    held: int = 0


def retain(hub: Hub, *, dry_run: bool = False, most_commits: int | None = None) -> list[LetGo]:
    """Let go of what is over at *hub*; what each rule let go. With *dry_run* nothing goes, and the same is counted.

    At most *most_commits*, where the process has something more urgent to do: the rest goes at the next run. What has
    to wait takes none of them.
    """
    told: list[LetGo] = []
    finish(hub)
    cap = _Cap(most_commits)
    for rule in RULES:
        done = LetGo(rule.name)
        for row_id in [] if cap.reached else _over(hub, rule):
            _one(hub, rule, row_id, done, cap, dry_run=dry_run)
            if cap.reached:
                break
        told = _added(told, done)
    return _added(told, _strip_who_left(hub, most_commits, dry_run=dry_run))


@dataclass
class _Cap:
    """How many commits one run may still make; None: as many as it takes."""

    left: int | None

    @property
    def reached(self) -> bool:
        return self.left == 0

    def count(self) -> None:
        if self.left is not None:
            self.left -= 1


def _over(hub: Hub, rule: Rule) -> list[UUID]:
    with looking(hub):
        return list(session.scalars(rule.over()))


def _strip_who_left(hub: Hub, most_commits: int | None, *, dry_run: bool) -> LetGo:
    """Strip the staff who left long ago: all of them, or those of one commit where the commits are counted.

    Their own row stays, with their name: they count as things, and as no rows.
    """
    done = LetGo(ACCOUNT)
    with looking(hub):
        until = ago(months=keeping().account_months)
        left = staff_left.how_many_left(until)
    if dry_run:
        done.things = left
        return done
    while left > 0:
        with step(hub):
            stripped = staff_left.strip(until)
        done.things += stripped
        left = 0 if most_commits is not None else left - stripped
        if not stripped:
            break  # another process was faster
    return done


def _added(told: list[LetGo], done: LetGo) -> list[LetGo]:
    for one in told:
        if one.rule == done.rule:
            one.things, one.rows, one.held = (
                one.things + done.things,
                one.rows + done.rows,
                one.held + done.held,
            )
            return told
    return [*told, done]


def _one(hub: Hub, rule: Rule, row_id: UUID, done: LetGo, cap: _Cap, *, dry_run: bool) -> None:
    """Let one thing go, commit after commit until it has gone whole or the cap is reached.

    What hangs on it, and whether it has to wait, is looked up before a commit begins: that takes the longest.
    """
    while not cap.reached:
        with looking(hub):
            if not _is_over(rule, row_id):
                return
            found = _what_goes(rule, row_id)
        if found is None:
            done.held += 1
            return
        whole = found.rows
        if dry_run:
            gone = whole
        else:
            with step(hub):
                gone = _some_of(rule, row_id, found)
            cap.count()
        done.rows += gone
        if gone == whole:
            done.things += 1
            if rule.table == "person" and not dry_run:
                key_goes(hub, row_id)
        if gone in (0, whole):
            return


def _is_over(rule: Rule, row_id: UUID) -> bool:
    over = rule.over().subquery()
    return session.scalar(select(over.c.id).where(over.c.id == row_id)) is not None


def _what_goes(rule: Rule, row_id: UUID) -> Hanging | None:
    """What goes with a thing; None while it has to wait."""
    roots = rule.roots(row_id)
    if not roots or (found := hanging_on(roots)).held:
        return None
    # Whose name stands under what belongs to somebody else cannot go before that has gone.
    return None if rule.table == "person" and named_elsewhere(row_id, found) else found


def _some_of(rule: Rule, row_id: UUID, found: Hanging) -> int:
    """Take some of what was *found* away in the commit under way, if it still may go; how many rows."""
    if not locked(rule.table, row_id) or not _is_over(rule, row_id) or found.held:
        return 0  # meanwhile somebody else let it go, or it is not over any more, or a hold was placed
    if rule.table == "person":
        crypto.ring().note_erased(str(row_id))
    rows = let_go_some(found, AT_MOST)
    audit.record("kept.let_go", object_kind=rule.table, object_id=row_id, rule=rule.name, rows=rows)
    return rows
