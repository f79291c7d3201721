"""What is new today: the only thing that a phone shows by itself, because a PIN can be forced."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Select, select, true
from sqlalchemy.orm import InstrumentedAttribute

from portal.access import FAMILY, Can, SignedIn
from portal.accounts.models import may_reach
from portal.accounts.no_contact import ordered
from portal.config import current_hub, midnight
from portal.trail.beside import VoiceReply
from portal.trail.models import HERE, Voice


def new_today(opened_at: InstrumentedAttribute[datetime | None]) -> ColumnElement[bool]:
    """Not opened yet, or first opened today (Europe/London); after that day it is read with the worker."""
    return opened_at.is_(None) | (opened_at >= midnight(current_hub().today()))


def answers_new_for(who: SignedIn) -> Select[VoiceReply]:
    """What a phone may show *who* by itself: answers not opened yet, or first opened today.

    A PIN can be forced. After the day (Europe/London) on which it was first opened an answer is put away
    and read with the worker; what was told in person, or belongs to something that is, is never shown at all.
    """
    return (
        select(VoiceReply)
        .join(Voice, Voice.id == VoiceReply.voice_id)
        .where(
            may_reach(who, Can.READ_ANSWERS_TO_ME, VoiceReply.person_id),
            true() if who.door != FAMILY else ~ordered(Voice.person_id, Voice.about_id),
            Voice.in_person_only.is_(False),
            VoiceReply.in_person_only.is_(False),
            VoiceReply.way == HERE,
            VoiceReply.taken_back_at.is_(None),
            VoiceReply.waits_for.is_(None),
            new_today(VoiceReply.opened_at),
        )
        .order_by(VoiceReply.created_at, VoiceReply.id)
    )
