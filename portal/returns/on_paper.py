"""The form on paper, for a room where no screen of ours may go (custody), or for whoever would rather have paper."""

from __future__ import annotations

from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from portal import audit, i18n
from portal.access import STAFF, YOUNG, Can, allow
from portal.accounts.holders import worker_of
from portal.accounts.staff import get_child
from portal.config import current_hub
from portal.help.numbers import first_numbers
from portal.questionnaires import bank
from portal.questionnaires.deal import NEWEST
from portal.questionnaires.questions import SHARING, TEXT
from portal.returns.views import bp
from portal.web import render


@bp.get("/young-people/<uuid:child_id>/paper")
@allow(STAFF, Can.SIT_IN_ROOM, of="young person")
def on_paper(child_id: UUID) -> ResponseReturnValue:
    """The deal and the questions to print, in their language: no name of theirs. `?form=whole` is all of it."""
    person = get_child(child_id, Can.SIT_IN_ROOM)
    audit.read("form.printed", object_kind="person", object_id=person.id, subject=person.id)
    form = bank.get(bank.WHOLE if request.args.get("form") == bank.WHOLE else bank.QUICK)
    worker = worker_of(person.id)
    with i18n.speaking(i18n.spoken_here(person.language)):
        name = worker.known_as if worker else i18n._("your worker")
        return render(
            "returns/on_paper.html",
            word=current_hub().file.word(YOUNG), numbers=first_numbers(YOUNG), TEXT=TEXT,
            deal=[i18n._(text, worker=name) for text in NEWEST.paragraphs],
            # Who may have which words is asked in person: each wish is put down where it is kept.
            questions=[one for one in form.questions if one.kind != SHARING],
        )  # fmt: skip
