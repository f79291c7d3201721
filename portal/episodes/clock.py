"""The 72-hour clock: when a return interview is due, and how staff say so.

An independent return interview is due within 72 hours of the return (DfE statutory guidance on children
who run away or go missing from home or care, January 2014). The hours are elapsed ones, counted in UTC,
so that a change of the clocks in between neither gives nor takes one.
"""

from datetime import datetime, timedelta

from portal.config import LONDON

WITHIN = timedelta(hours=72)


def due_at(returned_at: datetime) -> datetime:
    """When the interview for a return at *returned_at* (aware, UTC) is due: 72 elapsed hours later, UTC."""
    if returned_at.utcoffset() != timedelta(0):
        raise ValueError("a return is counted in UTC: convert the local time first")
    return returned_at + WITHIN


def late_when_it_reached_us(returned_at: datetime, reached_us_at: datetime) -> bool:
    """Whether the 72 hours had passed before the hub heard of the return at all."""
    return reached_us_at > due_at(returned_at)


def in_words(due: datetime, now: datetime) -> str:
    """What staff say of a time: "due in 5 hours", "due tomorrow 11:00", "late since Tuesday"."""
    return _late(due, now) if now >= due else _due(due, now)


def _due(due: datetime, now: datetime) -> str:
    left = due - now
    if left < timedelta(hours=1):
        return f"due in {_counted(max(1, left // timedelta(minutes=1)), 'minute')}"
    if left < timedelta(hours=12):
        return f"due in {_counted(left // timedelta(hours=1), 'hour')}"
    local = due.astimezone(LONDON)
    days = (local.date() - now.astimezone(LONDON).date()).days
    if days == 0:
        return f"due today {local:%H:%M}"
    if days == 1:
        return f"due tomorrow {local:%H:%M}"
    if days < 7:
        return f"due {local:%A %H:%M}"
    return f"due {local.day} {local:%B %H:%M}"


def _late(due: datetime, now: datetime) -> str:
    by = now - due
    if by < timedelta(hours=1):
        return f"late by {_counted(max(1, by // timedelta(minutes=1)), 'minute')}"
    local, today = due.astimezone(LONDON), now.astimezone(LONDON).date()
    days = (today - local.date()).days
    if days == 0:
        return f"late since {local:%H:%M}"
    if days == 1:
        return f"late since yesterday {local:%H:%M}"
    if days < 7:
        return f"late since {local:%A}"
    year = "" if local.year == today.year else f" {local.year}"
    return f"late since {local.day} {local:%B}{year}"


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
