"""What staff fill in about who may have somebody's words: a wish, a share, what must be shared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import ValidationError

from portal.trail.shares import MUST_TO_STAFF, POLICE, WHOM, WISHES
from portal.voices.forms import WordsField
from portal.web import Form

TOLD, NOT_TOLD = "told", "not told"


class OneOf(RadioField):
    """One of a few; *missing* says what to choose."""

    def __init__(self, label: str, missing: str, pairs: Mapping[str, str], **more: Any) -> None:
        super().__init__(label, validate_choice=False, **more)
        self._missing, self._pairs = missing, pairs
        self.offer(pairs)

    def pre_validate(self, form: Any) -> None:
        """Refuse nothing, and what is not offered."""
        if self.data not in self.offered:
            raise ValidationError(self._missing)

    def offer(self, values: Iterable[str]) -> None:
        """Offer only these."""
        self.offered = [value for value in self._pairs if value in set(values)]
        self.choices = [SelectChoice(value, self._pairs[value]) for value in self.offered]


def _whom(label: str = "With whom") -> OneOf:
    return OneOf(label, "Choose who it is", {key: key.capitalize() for key in WHOM})


class WishForm(Form):
    """What the young person said, asked in person."""

    whom = _whom("About whom")
    wish = OneOf("What did they say?", "Choose what they said", WISHES)


class AskForm(Form):
    """A question that waits on their phone."""

    whom = OneOf("About whom", "Choose who it is", {key: key.capitalize() for key in WHOM if key != POLICE})


class ShareForm(Form):
    """What was shared as they wish."""

    whom = _whom()
    reason = WordsField(
        "What you shared, and what for", "Write what you shared, and what for",
        description="They can read this. Write it so that they understand it.",
    )  # fmt: skip


class MustShareForm(Form):
    """What has to be shared whatever they wish."""

    whom = _whom()
    must = OneOf("Which of the three things is it?", "Choose which of the three things it is", MUST_TO_STAFF)
    reason = WordsField(
        "What you shared, and why it was needed", "Write what you shared, and why it was needed",
        description="They can read this once they have been told.",
    )  # fmt: skip
    told = OneOf(
        "Do they know?", "Choose whether they know",
        {TOLD: "I told them first: who, what and why", NOT_TOLD: "They do not know yet"},
    )  # fmt: skip
    because = WordsField("If not, why not yet", "Write why they do not know yet")

    def validate(self, **more: Any) -> bool:
        """Why they do not know is asked only where they do not."""
        if self.told.data != NOT_TOLD:
            self.because.validators = ()
        return bool(super().validate(**more))
