"""Step-up: what leaves, opens or changes most asks once more who it is, and goes on with what was typed."""

from __future__ import annotations

import pytest
from flask import request
from sqlalchemy import select, update

from portal.access import STAFF, Can, Room, allow
from portal.accounts.sign_in import SignIn
from portal.audit import AuditEvent
from portal.config import Hub
from portal.db import session, step


@pytest.fixture
def app(app):
    """With two pages more, of which one asks; they say what they were sent."""
    room = Room("asking", __name__)

    @room.route("/asking/<word>", methods=["GET", "POST"])
    @allow(STAFF, Can.USE_STAFF_PAGES, step_up=True)
    def asking(word: str):
        return f"{request.method} {word} {request.args.get('q')} {request.form.getlist('said')}"

    @room.post("/not-asking")
    @allow(STAFF, Can.USE_STAFF_PAGES)
    def not_asking():
        return "done"

    app.register_blueprint(room)
    return app


@pytest.fixture
def sam(doors, cast, sams, clock):
    """Sam's browser, ten minutes after he signed in."""
    browser = doors.staff.sign_in_as(cast.sam)
    clock.forward(minutes=10)
    return browser


def hidden(page):
    """The page's form as a browser would send it, without the code."""
    form = page.tree.find(".//main//form")
    fields = [e for e in form.iter("input") if e.get("type") == "hidden"]
    return [(e.get("name"), e.get("value").replace("\n", "\r\n")) for e in fields]


def has_proved_for(browser, page):
    """Whoever is signed in has just given a proof for this page, a view by its name."""
    with step(Hub(browser.file, clock=browser.app.clock)):
        session.execute(update(SignIn).values(proved_for=page))


def proves(browser, page, code):
    """Send the page's form with a code; fields of one name stay as many as they are."""
    data: dict[str, list[str]] = {}
    for name, value in hidden(page):
        data.setdefault(name, []).append(value)
    return browser.post("/step-up", data | {"step-up-code": code}, token=False)


def goes_on(browser, page, answer):
    """What a browser does with a 307: the same form once more, where the answer says."""
    assert answer.status == 307
    data: dict[str, list[str]] = {}
    for name, value in hidden(page):
        data.setdefault(name, []).append(value)
    return browser.post(answer.location, data, token=False)


def test_just_signed_in_nothing_is_asked(doors, cast):
    assert doors.staff.sign_in_as(cast.sam).get("/asking/x").html == "GET x None []"


def test_five_minutes_later_the_page_asks_who_it_is(doors, cast, clock):
    """Seen red with the rule's `step_up` not looked at in `web`."""
    browser = doors.staff.sign_in_as(cast.sam)
    clock.forward(minutes=5)
    page = browser.get("/asking/x")
    assert (page.status, page.tree.findtext(".//h1")) == (403, "Is it you?")


def test_a_code_leads_on_to_the_page_with_its_question(sam, sams):
    page = sam.get("/asking/x?q=late")
    answer = proves(sam, page, sams.code())
    assert (answer.status, answer.location) == (303, "/asking/x?q=late")
    assert sam.follow(answer).html == "GET x late []"


def test_what_was_typed_arrives_as_it_was(sam, sams):
    said = ["one\r\ntwo", '<b>"three"']
    page = sam.post("/asking/x", {"said": said})
    answer = proves(sam, page, sams.code())
    assert goes_on(sam, page, answer).html == f"POST x None {said}"


def test_nothing_was_done_before(sam):
    page = sam.post("/asking/x", {"said": "one"})
    assert (page.status, "POST x" in page.html) == (403, False)


def test_a_wrong_code_keeps_what_was_typed_and_says_so(sam, sams):
    page = proves(sam, sam.post("/asking/x", {"said": "one"}), "000000")
    assert page.status == 422
    assert "This code is not right" in page.main
    assert ("said", "one") in hidden(page)


def test_a_code_works_once(sam, sams, clock):
    page = sam.get("/asking/x")
    proves(sam, page, sams.code())
    clock.forward(minutes=5)
    first = sams.code()
    assert proves(sam, sam.get("/asking/x"), first).status == 303
    clock.forward(seconds=1)
    assert proves(sam, page, first).status == 422


def test_the_fifth_wrong_code_ends_the_sign_in(sam, sams):
    """Seen red without `kept()`: a refusal that is undone counts nothing."""
    page = sam.get("/asking/x")
    for _ in range(5):
        proves(sam, page, "000000")
    assert sam.get("/asking/x").location == "/sign-in"


def test_a_right_code_counts_anew(sam, sams, clock):
    for _ in range(2):
        page = sam.get("/asking/x")
        for _ in range(4):
            proves(sam, page, "000000")
        assert proves(sam, page, sams.code()).status == 303
        clock.forward(minutes=6)


def test_a_colleagues_code_is_worth_nothing(doors, cast, sams, clock):
    lee = doors.staff.sign_in_as(cast.lee)
    clock.forward(minutes=10)
    assert proves(lee, lee.get("/asking/x"), sams.code()).status == 422


def test_the_proof_is_of_this_sign_in_alone(sam, at_door, cast, sams, clock):
    other = at_door("staff").sign_in_as(cast.sam)
    clock.forward(minutes=10)
    proves(sam, sam.get("/asking/x"), sams.code())
    assert other.get("/asking/x").status == 403


@pytest.mark.parametrize(
    "onward",
    ["https://elsewhere.example/asking/x", "//elsewhere.example/asking/x", "/not-asking", "/", "asking/x", "/\\x", ""],
)  # fmt: skip
def test_it_leads_nowhere_else(sam, sams, onward):
    """Seen red with the address taken as it came."""
    answer = sam.post(
        "/step-up", {"step-up-onward": onward, "step-up-method": "POST", "step-up-code": sams.code()}
    )
    assert answer.location == "/"


def test_htmx_gets_it_as_a_whole_page(sam):
    page = sam.get("/asking/x", headers={"HX-Request": "true"})
    assert (page.status, page.headers["HX-Retarget"]) == (422, "body")


def test_whoever_may_not_is_not_even_asked(doors, cast, clock):
    ruth = doors.family.sign_in_as(cast.ruth)
    clock.forward(minutes=10)
    assert ruth.get("/asking/x").status == 404


def test_it_stands_on_the_record(sam, sams, at_work):
    page = sam.get("/asking/x")
    proves(sam, page, "000000")
    proves(sam, page, sams.code())
    with at_work():
        acts = select(AuditEvent.act).where(AuditEvent.act.contains("step")).order_by(AuditEvent.number)
        assert session.scalars(acts).all() == ["sign_in.step_up_refused", "sign_in.stepped_up"]
        assert session.scalars(select(SignIn)).one().wrong_codes == 0
