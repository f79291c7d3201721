"""After a restore: whatever came back with the backup that would let somebody in goes before anybody is served.

A sign-in that was ended since, a tablet that was given back, an invitation that was used or taken back: the backup
holds each as it was.
"""

from __future__ import annotations

from sqlalchemy import delete

from portal import outbox
from portal.accounts.in_room import HandOver
from portal.accounts.invitations import Invitation, Recovery
from portal.accounts.sign_in import SignIn
from portal.db import session


def let_nobody_in() -> int:
    """End every sign-in, hand-over, unused invitation and recovery that waits, in the step under way; how many."""
    waits = Recovery.approved_at.is_(None) & Recovery.ended_at.is_(None)
    gone = (
        delete(SignIn).returning(SignIn.id),
        delete(HandOver).returning(HandOver.id),
        delete(Invitation).where(Invitation.used_at.is_(None)).returning(Invitation.id),
    )
    asked = session.scalars(delete(Recovery).where(waits).returning(Recovery.id)).all()
    for one in asked:
        outbox.withdraw(one)  # nobody is to be asked to approve what is over
    return len(asked) + sum(len(session.scalars(one).all()) for one in gone)
