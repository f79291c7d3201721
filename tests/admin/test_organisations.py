"""Organisations for which people work here."""

from sqlalchemy import select

from portal.accounts.models import Organisation
from portal.db import session


def test_one_is_entered_once(staff, cast, at_work):
    ade = staff(cast.ade)
    ade.get("/organisations")
    for name in ("Oak House", "oak house"):
        assert ade.post("/organisations", {"name": name, "kind": "home"}).location == "/organisations"
    with at_work():
        names = session.scalars(select(Organisation.name).where(Organisation.kind == "home")).all()
        assert names == ["Oak House"]


def test_without_a_kind_it_comes_back(staff, cast):
    page = staff(cast.ade).post("/organisations", {"name": "Oak House"})
    assert (page.status, page.field("name")) == (422, "Oak House")
    assert "Choose what it is" in page.main
