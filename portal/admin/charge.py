"""What is generated from the code itself: who is in charge, and the factual half of impact assessment and notices.

Nothing here is typed twice: abilities come from the policy that the code runs on, what is kept and how long from the
timetable that removes it, what lies sealed from the columns, to whom it may go from the list of wishes.
"""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from portal.access import DOOR_OF, POLICY, STAFF, Can, allow
from portal.admin.room import bp
from portal.admin.timetable import TIMETABLE, rule_words
from portal.config import current_hub
from portal.crypto import EncryptedText
from portal.db import Base
from portal.trail.shares import WHOM
from portal.web import render

_DOORS = {"young": "The young people's door", "family": "The families' door", "staff": "The staff's door"}


def sealed_in(table: str) -> int:
    """How many columns of a table lie sealed."""
    return sum(isinstance(column.type, EncryptedText) for column in Base.metadata.tables[table].columns)


def abilities() -> list[tuple[str, str, list[str]]]:
    """Every role, its door, and what it can do; "their own" and "whom they hold" as the policy has it."""
    return [(role, _DOORS[DOOR_OF[role]], [_said(can, reach) for can, reach in given.items()])
            for role, given in POLICY.items()]  # fmt: skip


def _said(can: Can, reach: frozenset[str]) -> str:
    of = reach - {"none"}
    if not of:
        return str(can)
    whose = "their own" if of == {"own"} else "everybody" if len(of) > 2 else "whom they hold"
    if of == {"allocated", "nobody's"}:
        whose = "whom they hold, and who has nobody"
    return f"{can} ({whose})"


@bp.get("/kept/in-charge")
@allow(STAFF, Can.SEE_TIMETABLE)
def in_charge() -> ResponseReturnValue:
    """Who is in charge of what was said here."""
    return render("admin/in_charge.html", controllers=current_hub().file.in_charge)


@bp.get("/kept/assessment")
@allow(STAFF, Can.SEE_TIMETABLE)
def assessment() -> ResponseReturnValue:
    """The factual half of the data protection impact assessment, as the code has it today."""
    return render(
        "admin/assessment.html", controllers=current_hub().file.in_charge, abilities=abilities(), whom=_recipients(),
        lines=[(line, sealed_in(line.table)) for line in TIMETABLE.values()],
        rules=rule_words(current_hub().file.keeping), hub=current_hub().file,
    )  # fmt: skip


@bp.get("/kept/notices")
@allow(STAFF, Can.SEE_TIMETABLE)
def notices() -> ResponseReturnValue:
    """The factual half of the privacy notices, for each whom they are for."""
    file = current_hub().file
    return render(
        "admin/notices.html",
        controllers=current_hub().file.in_charge,
        whom=_recipients(),
        keeping=file.keeping,
        hub=file,
    )


def _recipients() -> list[str]:
    return list(WHOM.values())
