"""When something happens in a described world: an instant, or how long before or after it is told."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from typing import Annotated

from pydantic import AfterValidator

from portal.config import LONDON

_TOLD = re.compile(r"(?P<sign>[+-])(?P<number>\d{1,4})(?P<unit>[mhd])(?: (?P<clock>\d\d:\d\d))?")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def instant(told: str, at: datetime) -> datetime:
    """The instant (UTC) that *told* means in a world told from *at*."""
    if told == "now":
        return at
    if (found := _TOLD.fullmatch(told)) is None:
        then = datetime.fromisoformat(told)
        if then.tzinfo is None:
            raise ValueError("an instant needs its zone")
        return then.astimezone(UTC)
    away = timedelta(**{_UNITS[found["unit"]]: int(found["number"])}) * (1 if found["sign"] == "+" else -1)
    if found["clock"] is None:
        return at + away
    # Days are counted in London, or the days at which the clocks change would be missed by one.
    return datetime.combine(
        at.astimezone(LONDON) + away, time.fromisoformat(found["clock"]), LONDON
    ).astimezone(UTC)


def _when(told: str) -> str:
    try:
        instant(told, datetime(2026, 1, 1, tzinfo=UTC))  # any will do: only whether it can be read is asked
    except ValueError:
        raise ValueError('must be an instant with its zone, or told like "-3h" or "-1d 15:30"') from None
    return told


When = Annotated[str, AfterValidator(_when)]
