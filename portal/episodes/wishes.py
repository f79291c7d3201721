"""How a young person would rather talk: another time, another place, another person, another way.

"Not now" and "I'd rather talk" are answers, not refusals: whoever offers the conversation reads exactly what was said,
beside the return, and offers it again so.
"""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, select, update
from sqlalchemy.orm import Mapped, mapped_column

from portal import audit, crypto
from portal.config import current_hub
from portal.crypto import EncryptedText
from portal.db import Row, insert_into, new_id, session
from portal.episodes.models import waiting_for

# After which choice it was said.
NOT_NOW, TALK, RING, BETTER = "not now", "talk", "ring", "better"
CHOICES = {
    NOT_NOW: "They said “not now” on their own pages. It is not a no.",
    TALK: "They would rather talk than write.",
    RING: "They asked to be rung.",
    BETTER: "They said what way to talk is better for them.",
}


class TalkWish(Row):
    """When, where, how and with whom a young person would rather talk, in their words; only added to."""

    __tablename__ = "talk_wish"
    __subject__ = "child_id"

    child_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("interview_task.id"), index=True)
    choice: Mapped[str] = mapped_column(String(10))
    said: Mapped[str] = mapped_column(
        EncryptedText
    )  # JSON: pairs of what was asked and what they said, in English
    form_key: Mapped[UUID] = mapped_column(unique=True)
    sitting: Mapped[UUID] = mapped_column(index=True)
    taken_up_at: Mapped[datetime | None]  # they went on themselves, or somebody of the staff saw to it
    taken_up_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))

    @property
    def lines(self) -> list[tuple[str, str]]:
        """What was asked, and what they said to it."""
        return [(asked, words) for asked, words in json.loads(self.said)]

    @classmethod
    def say(
        cls, child_id: UUID, choice: str, lines: list[tuple[str, str]], form_key: UUID, sitting: UUID
    ) -> None:
        """Keep how they would rather talk, beside the return that waits; pressed twice, it is said once."""
        task, row_id = waiting_for(child_id), new_id()
        row = {
            "id": row_id, "created_at": current_hub().now(), "child_id": child_id, "task_id": task and task.id,
            "choice": choice, "form_key": form_key, "sitting": sitting,
            "said": crypto.seal(json.dumps(lines), cls.__tablename__, "said", row_id, child_id),
        }  # fmt: skip
        made = session.scalar(insert_into(cls).values(row).on_conflict_do_nothing().returning(cls.id))
        if made is not None:
            audit.record(
                "talk_wish.said", object_kind="talk wish", object_id=row_id, subject=child_id, choice=choice
            )

    @classmethod
    def said_in(cls, sitting: UUID) -> TalkWish | None:
        """The last one of this sitting."""
        found = select(cls).where(cls.sitting == sitting).order_by(cls.created_at.desc())
        return session.scalar(found.limit(1))

    @classmethod
    def of_child(cls, child_id: UUID, most: int = 5) -> list[TalkWish]:
        """What a young person said of this, the last first. The caller has looked whether the reader may see it."""
        found = select(cls).where(cls.child_id == child_id).order_by(cls.created_at.desc())
        return list(session.scalars(found.limit(most)))

    def take_up(self, by: UUID) -> None:
        """*by* has seen to it; the first one counts."""
        if self.taken_up_at is None:
            self.taken_up_at, self.taken_up_by_id = current_hub().now(), by
            audit.record(
                "talk_wish.taken_up", object_kind="talk wish", object_id=self.id, subject=self.child_id
            )


def go_on(child_id: UUID) -> None:
    """The young person goes on by themselves: what they wished for instead is taken up."""
    now = current_hub().now()
    waiting = (TalkWish.child_id == child_id) & TalkWish.taken_up_at.is_(None) & (TalkWish.choice == NOT_NOW)
    done = update(TalkWish).where(waiting).values(taken_up_at=now, taken_up_by_id=child_id)
    for wish_id in session.scalars(done.returning(TalkWish.id)):
        audit.record("talk_wish.taken_up", object_kind="talk wish", object_id=wish_id, subject=child_id)
