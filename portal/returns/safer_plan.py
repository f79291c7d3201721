"""The safer plan: a card that the young person owns. Each time they change it, it becomes a new version."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ForeignKey, Integer, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from portal import audit
from portal.accounts.ways_in import lock_person
from portal.crypto import EncryptedText
from portal.db import Row, session
from portal.i18n import N_
from portal.questionnaires.models import Submission

# The lines of the card, by the column that holds each.
LINES = {
    "ring": N_("Somebody I would ring"),
    "place": N_("A safe place to go"),
    "signal": N_("A word I would text"),
    "numbers": N_("Numbers I want with me"),
}
HINTS = {
    "ring": N_("Somebody who picks up. You can write more than one."),
    "place": N_("Somewhere that feels safe, and how to get in."),
    "signal": N_("One word that means: come and get me. Tell somebody you trust what it means."),
    "numbers": N_("In case the phone is gone. Write them here and have them printed."),
}
# The card's lines that the form asks for too, by the name of the question.
_ASKED = {"plan-ring": "ring", "plan-place": "place", "plan-word": "signal"}
LONGEST = 1_000  # characters of one line: it has to fit on a card


class SaferPlan(Row):
    """One version of a young person's card; the last one counts, the earlier ones stay."""

    __tablename__ = "safer_plan"
    __subject__ = "child_id"

    child_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(Integer)
    ring: Mapped[str] = mapped_column(EncryptedText)
    place: Mapped[str] = mapped_column(EncryptedText)
    signal: Mapped[str] = mapped_column(EncryptedText)
    numbers: Mapped[str] = mapped_column(EncryptedText)
    form_key: Mapped[UUID] = mapped_column(unique=True)
    sitting: Mapped[UUID]

    __table_args__ = (UniqueConstraint("child_id", "version"),)

    @property
    def lines(self) -> dict[str, str]:
        """What stands on the card, by the name of the line."""
        return {name: getattr(self, name) for name in LINES}

    @classmethod
    def write(
        cls, child_id: UUID, lines: dict[str, str], form_key: UUID, sitting: UUID, *, afresh: bool
    ) -> SaferPlan:
        """Write the card: a line left empty keeps what stood there, unless they start *afresh*.

        What stands on the card is not shown on the phone, so an empty line there cannot mean "take it out".
        """
        lock_person(child_id)  # of two at once the second finds the first's version
        if (sent := session.scalar(select(cls).where(cls.form_key == form_key))) is not None:
            return sent
        versions = cls.versions_of(child_id)
        before = versions[0] if versions else None
        kept = before.lines if before and not afresh else {}
        plan = cls(
            child_id=child_id, version=(before.version if before else 0) + 1, form_key=form_key, sitting=sitting,
            **{name: lines.get(name) or kept.get(name, "") for name in LINES},
        )  # fmt: skip
        session.add(plan)
        session.flush()
        audit.record(
            "plan.written",
            object_kind="safer plan",
            object_id=plan.id,
            subject=child_id,
            version=plan.version,
        )
        return plan

    @classmethod
    def take_from(cls, submission: Submission) -> None:
        """What a form that was sent says of the plan goes onto the card; what it leaves out stays."""
        said = {name: given.given.words for name, given in submission.answers().items() if name in _ASKED}
        lines = {_ASKED[name]: words[:LONGEST] for name, words in said.items() if words}
        if lines:
            cls.write(submission.person_id, lines, submission.id, submission.sitting, afresh=False)

    @classmethod
    def versions_of(cls, child_id: UUID) -> list[SaferPlan]:
        """Every version, the last first. The caller has looked whether the reader may see it."""
        found = select(cls).where(cls.child_id == child_id).order_by(cls.version.desc())
        return list(session.scalars(found))
