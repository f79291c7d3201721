"""How the columns of a list were matched by hand, once, and remembered for every list with these headings."""

from __future__ import annotations

import json
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column

from portal import audit
from portal.crypto import EncryptedText
from portal.db import Row, session


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
        found = session.scalar(select(cls).where(cls.signature == signature))
        if found is None:
            found = cls(signature=signature, matches=json.dumps(dict(matches)), by_id=by)
            session.add(found)
        else:
            found.matches, found.by_id = json.dumps(dict(matches)), by
        audit.record("columns.matched", object_kind="columns", object_id=found.id)
