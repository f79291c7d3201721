"""How the columns of a list were matched by hand, once, and remembered for every list with these headings."""

from __future__ import annotations

import json
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column

from portal import audit
from portal.config import current_hub
from portal.crypto import EncryptedText, seal
from portal.db import Row, insert_into, new_id, session


class ColumnMatch(Row):
    """What a person said once about the columns of a list with these headings."""

    __tablename__ = "column_match"

    signature: Mapped[str] = mapped_column(String(32), unique=True)
    matches: Mapped[str] = mapped_column(EncryptedText)  # JSON: heading → field
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))

    @classmethod
    def remembered(cls, signature: str) -> dict[str, str] | None:
        """The match for a list with these headings, or None if nobody made one."""
        found = session.scalar(select(cls).where(cls.signature == signature))
        return json.loads(found.matches) if found else None

    @classmethod
    def remember(cls, signature: str, matches: Mapping[str, str], by: UUID) -> None:
        """Use this match for every list with these headings from now on."""
        said = json.dumps(dict(matches))
        row_id = new_id()
        row = {
            "id": row_id, "created_at": current_hub().now(), "signature": signature, "by_id": by,
            "matches": seal(said, cls.__tablename__, "matches", row_id, None),
        }  # fmt: skip
        made = insert_into(cls).values(row).on_conflict_do_nothing().returning(cls.id)
        if session.scalar(made) is None:
            # Of two at the same instant the later one counts, as it does on two days.
            before = session.scalars(select(cls).where(cls.signature == signature).with_for_update()).one()
            before.matches, before.by_id, row_id = said, by, before.id
        audit.record("columns.matched", object_kind="columns", object_id=row_id)
