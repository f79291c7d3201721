"""A form about something that may have a last day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from wtforms import ValidationError
from wtforms.validators import Optional

from portal.config import current_hub, midnight
from portal.web import DayField, Form

FARTHEST = timedelta(days=365 * 30)


class WithLastDay(Form):
    """Something that ends after a day, or is open."""

    ends = DayField(
        "Last day", [Optional()], "Enter the last day", description="Leave it empty if there is none yet."
    )

    def validate_ends(self, field: Any) -> None:
        """A last day is today or later."""
        if field.data and field.data < current_hub().today():
            raise ValidationError("Enter today or a later day")
        if field.data and field.data > current_hub().today() + FARTHEST:
            raise ValidationError("Enter a day within thirty years, or leave it empty")

    @property
    def until(self) -> datetime | None:
        """Midnight after the last day; None where none was named."""
        day: date | None = self.ends.data
        return midnight(day + timedelta(days=1)) if day else None
