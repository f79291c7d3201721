"""The bar on every staff page while messages do not leave."""

from __future__ import annotations

from flask import url_for

from portal.access import Can, me
from portal.config import current_hub
from portal.notify.models import Waiting

Bar = tuple[str, str, str]  # words, address, words of the link


def bar_of(stands: Waiting) -> list[Bar]:
    """What the frame of a staff page is to show: a bar once the oldest unsent message is over 60 seconds old."""
    now = current_hub().now()
    if stands.oldest is None or not stands.stuck(now):
        return []
    words = (
        f"Messages are not leaving: the oldest has waited {waited((now - stands.oldest).total_seconds())}."
    )
    if not me().can(Can.SEE_ALERTS):
        return [(f"{words} Tell the duty team in person.", "", "")]
    return [
        (f"{words} The people they are for do not know.", url_for("alerts.waiting"), "Look at the alerts")
    ]


def waited(seconds: float) -> str:
    """A time that has passed, in the words of a staff page: "3 minutes", "2 hours", "4 days"."""
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= 2 * length or (seconds >= length and unit == "minute"):
            count = int(seconds // length)
            return f"{count} {unit}{'s' if count > 1 else ''}"
    return "less than a minute"
