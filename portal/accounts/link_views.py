"""The page of who looks after a young person: link, end, the end of a placement, and orders of no contact."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Response, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms import RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import AnyOf, InputRequired, Length

from portal import audit
from portal.access import STAFF, Can, allow, me
from portal.accounts import links
from portal.accounts.eighteen import born, eighteenth, is_told
from portal.accounts.last_day import FARTHEST, WithLastDay
from portal.accounts.models import RESIDENTIAL, Link, Person, runs_at
from portal.accounts.no_contact import NoContact
from portal.accounts.staff import get_child
from portal.accounts.staff_names import names_of
from portal.accounts.views import bp
from portal.accounts.ways_in import lock_person
from portal.config import current_hub
from portal.db import kept, session
from portal.web import DayField, Form, render, see_other

_LAST = "Enter the last day of the placement"
_SHORT = Length(max=120, message="Make it shorter: at most 120 characters")
_LONG = Length(max=2000, message="Make it shorter: at most 2000 characters")


class LinkForm(WithLastDay):
    """An adult who looks after the young person."""

    kind = RadioField("What they are to the young person", [AnyOf(list(links.KINDS), message="Choose what they are")],
                      choices=[SelectChoice(*pair) for pair in links.KINDS.items()], validate_choice=False)  # fmt: skip
    name = StringField("Their name", [_SHORT], description="For a parent or foster carer.")
    phone = StringField(
        "Their telephone number", [_SHORT], description="If it is known. It finds who is entered already."
    )
    staff = SelectField("Or who of the home’s staff", validate_choice=False)

    def validate_name(self, field: StringField) -> None:
        """A parent or foster carer has a name."""
        if self.kind.data != RESIDENTIAL and not (field.data or "").strip():
            raise ValidationError("Enter their name")

    def validate_staff(self, field: SelectField) -> None:
        """Staff of a home are chosen: an administrator enters them."""
        if self.kind.data == RESIDENTIAL and field.data not in {str(one) for one, _ in links.homes_staff()}:
            raise ValidationError("Choose who of the home's staff; an administrator enters them")


class PlacementForm(Form):
    """The last day of a placement."""

    on = DayField("Last day of the placement", [InputRequired(_LAST)], _LAST)

    def validate_on(self, field: Any) -> None:
        """A placement ends within thirty years, and before the calendar does."""
        if field.data and field.data > current_hub().today() + FARTHEST:
            raise ValidationError("Enter a day within thirty years")


class OrderForm(WithLastDay):
    """An order of no contact."""

    adult = SelectField("Who", [InputRequired("Choose who")], validate_choice=False)
    reason = TextAreaField(
        "Which order, and what it says", [InputRequired("Enter which order, and what it says"), _LONG]
    )


class LiftForm(Form):
    """Why an order of no contact is over."""

    order_id: UUID
    reason = TextAreaField(
        "Why it is over, and who decided that", [InputRequired("Enter why it is over, and who decided that"), _LONG],
        description="The managers are told, and it stays written here.",
    )  # fmt: skip


@bp.get("/young-people/<uuid:child_id>/adults")
@allow(STAFF, Can.KEEP_LINKS, of="young person")
def adults(child_id: UUID) -> ResponseReturnValue:
    """Who looks after a young person and until when; and with whom there is to be no contact."""
    return _page(get_child(child_id, Can.KEEP_LINKS))


@bp.post("/young-people/<uuid:child_id>/adults")
@allow(STAFF, Can.KEEP_LINKS, of="young person", step_up=True)
def change_adults(child_id: UUID) -> ResponseReturnValue:
    """Link an adult, end a link or a placement; put down an order of no contact, or lift one."""
    child = get_child(child_id, Can.KEEP_LINKS)
    act = request.form.get("act", "")
    lock_person(child.id)  # the same form twice at once: the second finds what the first one did
    take = _ACTS.get(act)
    form = take(child) if take else None
    if form is None:
        return see_other("accounts.adults", child_id=child.id)
    return _page(child, status=422, **{act: form})


def _link(child: Person) -> Form | None:
    form: LinkForm = _offer(LinkForm(prefix="link"))
    if not form.validate():
        return form
    try:
        if form.kind.data == RESIDENTIAL:
            adult_id = UUID(form.staff.data)
        else:
            name, phone = (form.name.data or "").strip(), (form.phone.data or "").strip()
            adult_id = links.somebody(name, phone, me()).id
        links.link_as(me(), child, adult_id, form.kind.data, form.until)
    except links.IsAdult:
        form.kind.errors = ["They are 18: nobody is linked to them any more"]
        return form
    except links.NeedsManager:
        place = form.staff if form.kind.data == RESIDENTIAL else form.phone
        place.errors = ["Only a manager can link this person. Ask one"]
        return form
    except links.AnotherName:
        form.phone.errors = ["This number belongs to somebody entered under another name. Check both"]
        return form
    return None


def _end(child: Person) -> Form | None:
    now = current_hub().now()
    running = select(Link).where(Link.child_id == child.id, runs_at(Link, now))
    for one in session.scalars(running):
        if str(one.id) == request.form.get("which"):
            one.end(now, "said")
    return None


def _placement(child: Person) -> Form | None:
    form = PlacementForm(prefix="placement")
    if not form.validate() or form.on.data is None:
        return form
    links.placement_ended(child.id, form.on.data)
    return None


def _order(child: Person) -> Form | None:
    form: OrderForm = _offer_adults(OrderForm(prefix="order"), child)
    adult = next((one for one in links.links_of(child.id) if str(one.adult_id) == form.adult.data), None)
    if not form.validate():
        return form
    if adult is None:
        form.adult.errors = ["Choose who"]
        return form
    NoContact.begin(child.id, adult.adult_id, (form.reason.data or "").strip(), me().id, form.until)
    return None


def _lift(child: Person) -> Form | None:
    for one in NoContact.running_of(child.id):
        if str(one.id) == request.form.get("which"):
            form = _lift_form(one)
            if not form.validate():
                return form
            links.lift(one, me().id, (form.reason.data or "").strip())
    return None


def _lift_form(order: NoContact, *, sent: bool = True) -> LiftForm:
    prefix = f"lift-{order.id}"
    form = LiftForm(prefix=prefix) if sent else LiftForm(None, prefix=prefix)
    form.order_id = order.id
    return form


_ACTS: dict[str, Callable[[Person], Form | None]] = {
    "link": _link, "end": _end, "placement": _placement, "order": _order, "lift": _lift,
}  # fmt: skip


def _offer(form: Any) -> Any:
    form.staff.choices = [
        SelectChoice("", "Nobody of a home"),
        *(SelectChoice(str(one), name) for one, name in links.homes_staff()),
    ]
    return form


def _offer_adults(form: Any, child: Person) -> Any:
    named = {str(one.adult_id): one.name for one in links.links_of(child.id)}
    form.adult.choices = [SelectChoice("", "Choose"), *(SelectChoice(*pair) for pair in named.items())]
    return form


def _page(child: Person, status: int = 200, **sent: Form) -> Response:
    if status == 200:
        audit.read("links.read", object_kind="person", object_id=child.id, subject=child.id)
    else:  # it shows everything again: that is a reading too, and is kept although it is 422
        audit.record("links.read", object_kind="person", object_id=child.id, subject=child.id)
        kept()
    lines = links.links_of(child.id)
    names = {line.adult_id: line.name for line in lines}
    orders, lifted = NoContact.running_of(child.id), NoContact.lifted_of(child.id)
    lift = sent.get("lift")
    lifts = {
        one.id: lift
        if isinstance(lift, LiftForm) and lift.order_id == one.id
        else _lift_form(one, sent=False)
        for one in orders
    }
    born_on = born(child)
    return render(
        "accounts/adults.html", status=status, child=child, lines=lines, kinds=links.KINDS, names=names,
        orders=orders, lifts=lifts, lifted=lifted,
        by=names_of(one.ended_by_id for one in lifted if one.ended_by_id), placed=any(one.runs and one.kind != links.PARENT for one in lines),
        link=sent.get("link") or _offer(LinkForm(None, prefix="link")),
        placement=sent.get("placement") or PlacementForm(None, prefix="placement", data={"on": current_hub().today()}),
        order=sent.get("order") or _offer_adults(OrderForm(None, prefix="order"), child),
        turns=eighteenth(born_on) if born_on and is_told(born_on) else None,
    )  # fmt: skip
