"""`/sign-ins/<id>`: where a colleague is signed in, ended at once by an administrator."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.accounts.test_your_sign_in import ids_on


@pytest.fixture
def ade(doors, cast):
    return doors.staff.sign_in_as(cast.ade)


@pytest.fixture
def sam(at_door, cast):
    return at_door("staff").sign_in_as(cast.sam)


def test_an_administrator_ends_one_of_a_colleagues(ade, sam, at_door, cast):
    other = at_door("staff").sign_in_as(cast.sam)
    page = ade.get(f"/sign-ins/{cast.sam}")
    ade.post(f"/sign-ins/{cast.sam}", {"sitting": ids_on(page)[0]})
    assert sorted([sam.get("/").status, other.get("/").status]) == [200, 303]


def test_an_administrator_ends_all_of_them(ade, sam, at_door, cast):
    other = at_door("staff").sign_in_as(cast.sam)
    ade.post(f"/sign-ins/{cast.sam}", {"act": "all"})
    assert [sam.get("/").status, other.get("/").status] == [303, 303]


def test_anothers_is_not_ended_by_that_page(ade, sam, at_door, cast):
    lee = at_door("staff").sign_in_as(cast.lee)
    ade.post(f"/sign-ins/{cast.sam}", {"sitting": ids_on(ade.get(f"/sign-ins/{cast.lee}"))[0]})
    assert lee.get("/").status == 200


def test_young_people_and_parents_have_no_such_page(ade, cast):
    pages = [ade.get(f"/sign-ins/{one}") for one in (cast.amara, cast.ruth, uuid4())]
    assert [page.status for page in pages] == [404, 404, 404]
    assert len({page.main for page in pages}) == 1


def test_a_worker_ends_nobodys(sam, at_door, cast):
    lee = at_door("staff").sign_in_as(cast.lee)
    assert sam.post(f"/sign-ins/{cast.lee}", {"act": "all"}).status == 404
    assert lee.get("/").status == 200
