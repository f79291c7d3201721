"""Help pages. They are made once and then answered ready-made (see `ready_made`), so a view here knows no person."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from portal.access import FAMILY, PUBLIC, STAFF, YOUNG, Room, everyone
from portal.config import current_hub
from portal.help import numbers
from portal.web import not_found, render, see_other

bp = Room("help", __name__)


def _door() -> str:
    return current_hub().door or PUBLIC


@bp.get("/")
@everyone(PUBLIC)
def front() -> ResponseReturnValue:
    """The public door opens on help."""
    return see_other("help.index")


@bp.get("/help")
@everyone(YOUNG, FAMILY, PUBLIC, STAFF)
def index() -> ResponseReturnValue:
    """The first numbers, and by need the way to the others."""
    door = _door()
    return render(
        "help/index.html",
        numbers=numbers.first_numbers(door), needs=numbers.needs_at(door), checked=numbers.last_checked(),
    )  # fmt: skip


@bp.get("/help/for/<need>")
@everyone(YOUNG, FAMILY, PUBLIC, STAFF)
def need(need: str) -> ResponseReturnValue:
    """The numbers for one need."""
    found = numbers.need_at(_door(), need)
    if found is None:
        raise not_found()
    return render(
        "help/need.html", need=found, numbers=numbers.on_screen(found.who), checked=numbers.last_checked()
    )


@bp.get("/help/who-reads")
@everyone(YOUNG, FAMILY)
def who_reads() -> ResponseReturnValue:
    """Who reads what is written here."""
    return render("help/who_reads.html")


@bp.get("/help/no-account")
@everyone(YOUNG, FAMILY, PUBLIC, STAFF)
def no_account() -> ResponseReturnValue:
    """The police have no account here, and what that does not mean."""
    return render("help/no_account.html")


@bp.get("/help/limits")
@everyone(YOUNG, FAMILY, PUBLIC)
def limits() -> ResponseReturnValue:
    """What this cannot do for you."""
    return render("help/limits.html")


@bp.get("/help/how-long")
@everyone(YOUNG, FAMILY, PUBLIC)
def how_long() -> ResponseReturnValue:
    """How long what somebody says here stays."""
    return render("help/how_long.html", keeping=current_hub().file.keeping)


@bp.get("/help/in-charge")
@everyone(YOUNG, FAMILY, PUBLIC)
def in_charge() -> ResponseReturnValue:
    """Who is in charge of what somebody says here, and what they can be asked."""
    return render("help/in_charge.html", controllers=current_hub().file.in_charge)


@bp.get("/help/accessibility")
@everyone(PUBLIC)
def accessibility() -> ResponseReturnValue:
    """The statement of accessibility: only what is true."""
    return render("help/accessibility.html", numbers=numbers.on_screen((numbers.DUTY,)))
