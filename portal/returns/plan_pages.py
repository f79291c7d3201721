"""The safer plan for whoever works with the young person: to read with them, and to print for handing over."""

from __future__ import annotations

from uuid import UUID

from flask.typing import ResponseReturnValue

from portal import audit, i18n
from portal.access import STAFF, YOUNG, Can, allow
from portal.accounts.staff import get_child
from portal.config import current_hub
from portal.i18n import _
from portal.returns.safer_plan import LINES, SaferPlan
from portal.returns.views import bp
from portal.web import render


@bp.get("/young-people/<uuid:child_id>/plan")
@allow(STAFF, Can.READ_VOICE, of="young person")
def their_plan(child_id: UUID) -> ResponseReturnValue:
    """The card as it stands and every version before it. It is theirs: nobody else writes on it."""
    person = get_child(child_id, Can.READ_VOICE)
    audit.read("plan.opened_by_staff", object_kind="person", object_id=person.id, subject=person.id)
    return render(
        "returns/their_plan.html", person=person, versions=SaferPlan.versions_of(person.id), lines=LINES
    )


@bp.get("/young-people/<uuid:child_id>/plan/paper")
@allow(STAFF, Can.READ_VOICE, of="young person")
def plan_paper(child_id: UUID) -> ResponseReturnValue:
    """The card on paper, in their language: no name, nothing of us. What is empty is left to write by hand."""
    person = get_child(child_id, Can.READ_VOICE)
    versions = SaferPlan.versions_of(person.id)
    audit.read("plan.printed", object_kind="person", object_id=person.id, subject=person.id)
    with i18n.speaking(i18n.spoken_here(person.language)):
        written = versions[0].lines if versions else {}
        lines = [(_(words), written.get(name, "")) for name, words in LINES.items()]
        return render("returns/plan_paper.html", word=current_hub().file.word(YOUNG), lines=lines)
