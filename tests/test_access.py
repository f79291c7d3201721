"""Every route, method, door, role and relation does what the page of access says, and nothing more.

The actor with the role stands in the relation by rows of the database, signs in at their own door, and sends the
form's own token. What is not allowed is "not found" (the way in, for nobody) and changes nothing at all. Seen red
with `may_reach` handing out `true()`, and with a view that fetched its alert by id alone.
"""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager

import pytest

from portal import access
from portal.access import DOOR_OF, OTHER, POLICY
from portal.app import rooms_alone
from portal.episodes import preview
from tests.proofs.ground import hub_in
from tests.proofs.standing import KINDS, NOBODY, Asker, View, a_random, everyone_in, views

VIEWS = views(rooms_alone())
RANDOM = "random"


@pytest.fixture(scope="module")
def asker(tmp_path_factory):
    """One hub for all of these tests, in which everybody stands; a list is not worked out by a process here."""
    patch = pytest.MonkeyPatch()
    patch.setattr(preview, "start", lambda *_, **__: None)
    with hub_in(tmp_path_factory.mktemp("access")) as ground:
        yield from everyone_in(ground)
    patch.undo()


@pytest.fixture(scope="module")
def table(asker):
    return access.table(asker.ground.app)


def _is_way_in(answer) -> bool:
    to = answer.headers.get("Location", "") or answer.headers.get("HX-Redirect", "")
    return answer.status_code in (302, 303, 200) and to.endswith(("/in", "/sign-in"))


@contextmanager
def _untouched(asker: Asker):
    before = asker.version()
    yield
    assert asker.version() == before, "it changed the database"


def _about(asker: Asker, role: str, relation: str):
    if relation == "none":
        return asker.who.thing(role, OTHER)
    if relation == RANDOM:
        return a_random(asker.who.thing(role, OTHER) | asker.who.of_nobody)
    return asker.who.thing(role, relation)


def _wrong(asker: Asker, view: View, row) -> str | None:
    """What is wrong with the answer to one row of the table, or None."""
    before = asker.version()
    role = row["role"]
    answer = asker.ask(view, row["method"], role, _about(asker, role, row["relation"]))
    changed = asker.version() != before
    if changed:
        asker.put_back()
    shut = _is_way_in(answer) and view.rule.who != "everyone"
    if answer.status_code >= 500:
        return f"answered {answer.status_code}"
    if row["allowed"]:
        return f"refused: {answer.status_code}" if shut or answer.status_code in (400, 404, 405) else None
    # Whoever's cookie is of another door is nobody at this one.
    stranger = role == NOBODY or DOOR_OF[role] != view.door
    if answer.status_code != 404 and not (stranger and shut):
        return f"let in: {answer.status_code} {answer.headers.get('Location', '')}"
    if answer.status_code == 404 and changed:
        return "not found, and yet something changed"
    return "sent away, and yet something changed" if changed else None


@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_only_who_may(asker, table, view):
    rows = [
        row
        for row in table
        if row["route"] == view.address and row["door"] == view.door and row["method"] in view.methods
    ]
    assert rows
    wrong = {
        f"{row['method']} as {row['role']}, {row['relation']}": said
        for row in rows
        if (said := _wrong(asker, view, row))
    }
    assert not wrong


def test_every_row_is_asked_and_has_an_expectation(table):
    asked = {(view.address, method, view.door) for view in VIEWS for method in view.methods}
    assert {(row["route"], row["method"], row["door"]) for row in table} == asked
    assert all(isinstance(row["allowed"], bool) for row in table)
    assert {row["role"] for row in table} == {*POLICY, NOBODY}


def test_no_row_stands_twice(table):
    rows = Counter(tuple(row.values())[:-1] for row in table)
    assert [row for row, count in rows.items() if count > 1] == []


# Who uses it, column "Never", in `product.md`: said here once more, apart from the page that the code runs on.
NEVER = {
    "parent or carer": ("young person", "voice", "alert", "return"),
    "residential carer": ("young person", "voice", "alert", "return"),
    "coordinator": ("voice", "alert"),
    "participation lead": ("young person", "voice", "alert", "return"),
    "administrator": ("young person", "voice", "alert", "return"),
    "auditor": ("young person", "voice", "alert", "return"),
}


@pytest.mark.parametrize("role", NEVER)
def test_the_page_of_access_allows_none_of_the_nevers(role):
    allowed = [
        str(view)
        for view in VIEWS
        for relation in access.RELATIONS
        if view.rule.of in NEVER[role] and view.rule.allows(role, relation)
    ]
    assert not allowed


@pytest.mark.parametrize("kind", ["voice", "young person", "return"])
@pytest.mark.parametrize("relation", ["same team", "ended", "other"])
def test_the_page_of_access_gives_a_worker_nobody_elses(kind, relation):
    views_of = [view for view in VIEWS if view.rule.of == kind and view.rule.can != access.Can.TAKE_RETURN]
    assert views_of
    assert not [str(view) for view in views_of if view.rule.allows("worker", relation)]


def test_every_kind_of_thing_can_be_made(asker):
    spoken_of = {view.rule.of for view in VIEWS if view.rule.of}
    assert spoken_of <= KINDS.keys()
    named = set().union(*(view.arguments for view in VIEWS))
    assert named <= asker.values(asker.who.own).keys()


@pytest.mark.parametrize("view", [view for view in VIEWS if view.rule.of == "alert"], ids=str)
def test_an_alert_about_a_worker_is_the_managers_alone(asker, view):
    let_in = set()
    for role in (*POLICY, NOBODY):
        for method in view.methods:
            thing = asker.who.thing(role, access.ALLOCATED)
            answer = asker.ask(view, method, role, thing | {"alert_id": thing["alert_about_a_worker"]})
            asker.put_back()
            if answer.status_code != 404 and not _is_way_in(answer):
                let_in.add(role)
    # The meeting hears of none of these, whoever looks at its list.
    assert let_in == (set() if "/morning/" in view.address else {"manager"})


@pytest.mark.parametrize("view", [view for view in VIEWS if view.rule.who != "everyone"], ids=str)
def test_a_cookie_of_one_door_means_nothing_at_another(asker, view):
    for role in POLICY:
        if DOOR_OF[role] not in view.rule.doors:
            with _untouched(asker):
                answer = asker.ask(view, view.methods[0], role, asker.who.thing(role, OTHER))
            assert _is_way_in(answer), role
