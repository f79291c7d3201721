"""The manager's pages of handing over: with whom young people are open, and giving each to somebody else."""

from __future__ import annotations

from uuid import UUID

from flask import Response, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms import SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired

from portal.access import STAFF, Can, allow, me
from portal.accounts.colleagues import colleagues
from portal.accounts.models import Person, may_hold
from portal.accounts.staff_names import names_of
from portal.admin import handovers as acts
from portal.admin.room import bp
from portal.db import session
from portal.web import Form, not_found, render, see_other


class GiveForm(Form):
    """Which young people, and to whom."""

    children = SelectMultipleField("Young people", [InputRequired("Choose at least one young person")])
    to = SelectField("Give them to", [InputRequired("Choose to whom")], validate_choice=False)


@bp.get("/handover")
@allow(STAFF, Can.HAND_OVER)
def handovers() -> ResponseReturnValue:
    """Everybody with whom young people are open, who has left first."""
    return render("admin/handovers.html", holders=acts.holders(me()))


@bp.get("/handover/<uuid:staff_id>")
@allow(STAFF, Can.HAND_OVER, of="staff member")
def handover(staff_id: UUID) -> ResponseReturnValue:
    """What is open with one person: every young person, all chosen where that person has left or lost their role."""
    whose = _get_holder(staff_id)
    lines = acts.open_with(whose.id, me())
    chosen = [str(line.child_id) for line in lines] if whose.ended_at or not _may_hold(whose) else []
    return _page(whose, lines, GiveForm(None, data={"children": chosen}))


@bp.post("/handover/<uuid:staff_id>")
@allow(STAFF, Can.HAND_OVER, of="staff member")
def give_over(staff_id: UUID) -> ResponseReturnValue:
    """Give the chosen young people to somebody, with what is open of theirs."""
    whose = _get_holder(staff_id)
    lines, form = acts.open_with(whose.id, me()), GiveForm()
    _offer(form, whose, lines)
    if not form.validate():
        return _page(whose, lines, form, status=422)
    to = next((one for one in _others(whose) if str(one.id) == form.to.data), None)
    if to is None:
        form.to.errors = ["Choose to whom"]
        return _page(whose, lines, form, status=422)
    stayed = acts.give(whose.id, [UUID(one) for one in form.children.data or ()], to.id, me().id)
    if stayed.returns or stayed.children:
        session.flush()
        return _page(
            whose,
            acts.open_with(whose.id, me()),
            GiveForm(None),
            stayed=_named(stayed.returns),
            not_given=_named(stayed.children),
        )
    session.flush()
    if acts.open_with(whose.id, me()):
        return see_other("admin.handover", staff_id=staff_id)
    return see_other("admin.handovers")


def _get_holder(staff_id: UUID) -> Person:
    wanted = select(Person).where(Person.id == staff_id, Person.kind == "staff")
    found = session.scalar(wanted.with_for_update(key_share=True) if request.method == "POST" else wanted)
    if found is None:
        raise not_found()
    return found


def _may_hold(whose: Person) -> bool:
    return bool(session.scalar(select(may_hold(whose.id))))


def _named(children: list[UUID]) -> list[str]:
    return list(names_of(children, plain=True).values())


def _others(whose: Person) -> list[acts.Holder]:
    found = [one for one in colleagues() if one.id != whose.id]
    return [acts.Holder(one.id, one.words, one.organisation, 0, left=False) for one in found]


def _offer(form: GiveForm, whose: Person, lines: list[acts.OpenLine]) -> None:
    form.children.choices = [SelectChoice(str(line.child_id), f"{line.name}: {line.words}") for line in lines]
    form.to.choices = [
        SelectChoice("", "Choose"),
        *(SelectChoice(str(one.id), one.name) for one in _others(whose)),
    ]


def _page(
    whose: Person,
    lines: list[acts.OpenLine],
    form: GiveForm,
    *,
    status: int = 200,
    stayed: list[str] | None = None,
    not_given: list[str] | None = None,
) -> Response:
    _offer(form, whose, lines)
    return render(
        "admin/handover.html", status=status, whose=whose, lines=lines, form=form, stayed=stayed or [],
        not_given=not_given or [], at_once=acts.AT_ONCE,
    )  # fmt: skip
