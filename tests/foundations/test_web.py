"""What every answer carries, and what is committed when."""

import base64
import gzip
import hashlib
import re

import pytest
from flask import Response, request
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from portal import web
from portal.access import YOUNG, Room, everyone, signed_in
from portal.accounts.models import Organisation
from portal.app import create_app
from portal.db import kept, session


@pytest.fixture
def room(app):
    """Three views that write, and then answer well, refuse, or refuse and keep."""
    bp = Room("written", __name__)

    def writes(status, keep=False):
        session.add(Organisation(name=f"made by a {status}", kind="council"))
        if keep:
            kept()
        return Response("done", status)

    @bp.post("/well")
    @everyone(YOUNG)
    def well():
        return writes(200)

    @bp.post("/refused")
    @everyone(YOUNG)
    def refused():
        return writes(422)

    @bp.post("/kept")
    @everyone(YOUNG)
    def kept_refusal():
        return writes(422, keep=True)

    @bp.post("/broken")
    @everyone(YOUNG)
    def broken():
        writes(200)
        raise OperationalError("INSERT", {}, Exception("disk I/O error: Amara"))

    @bp.get("/reads")
    @everyone(YOUNG)
    def reads():
        return writes(200)

    @bp.get("/inside")
    @signed_in(YOUNG)
    def inside():
        return "inside"

    app.register_blueprint(bp)
    return bp


@pytest.fixture
def young(doors, room):
    doors.young.get("/in")
    return doors.young


def _made(at_work):
    with at_work():
        return set(session.scalars(select(Organisation.name)))


def test_a_good_answer_is_committed(young, at_work):
    assert young.post("/well").status == 200
    assert _made(at_work) == {"made by a 200"}


def test_a_refusal_is_undone(young, at_work):
    assert young.post("/refused").status == 422
    assert _made(at_work) == set()


def test_a_refusal_that_is_kept_is_committed(young, at_work):
    assert young.post("/kept").status == 422
    assert _made(at_work) == {"made by a 422"}


def test_a_fault_of_the_database_is_never_a_false_saved(young, at_work):
    page = young.post("/broken")
    assert page.status == 503
    assert page.headers["Retry-After"]
    assert _made(at_work) == set()


def test_a_fault_puts_nobodys_name_in_the_log(young, caplog):
    young.post("/broken")
    assert "database fault" in caplog.text
    assert "Amara" not in caplog.text


def test_a_commit_that_fails_is_told(young, at_work, monkeypatch):
    def fails(*_):
        raise OperationalError("COMMIT", {}, Exception("disk full"))

    monkeypatch.setattr("portal.db.HubSession.commit", fails)
    assert young.post("/well").status == 503


def test_a_get_leaves_nothing_written(young, at_work):
    young.get("/reads")
    assert _made(at_work) == set()


def test_a_form_without_its_token_is_refused(young, at_work):
    assert young.post("/well", token=False).status == 400
    assert _made(at_work) == set()


@pytest.mark.parametrize("token", ["", "x", "é", "A" * 43, "A" * 5000])
def test_a_form_with_another_token_is_refused(young, token):
    assert young.post("/well", {"csrf_token": token}).status == 400


def test_a_form_from_another_site_is_refused(young):
    assert young.post("/well", headers={"Origin": "https://elsewhere.example"}).status == 400
    assert young.post("/well", headers={"Sec-Fetch-Site": "cross-site"}).status == 400


def test_a_form_from_another_door_is_refused(young, hub_file):
    assert young.post("/well", headers={"Origin": hub_file.origin("family")}).status == 400


def test_a_form_from_our_own_page_is_taken(young, hub_file):
    headers = {"Origin": hub_file.origin("young"), "Sec-Fetch-Site": "same-origin"}
    assert young.post("/well", headers=headers).status == 200


def test_a_token_looks_different_each_time(doors):
    assert doors.young.get("/in").token() != doors.young.get("/in").token()


def test_who_is_not_signed_in_is_sent_to_the_way_in(young):
    assert young.get("/inside").location.endswith("/in")


def test_htmx_is_sent_there_with_its_whole_page(doors):
    answer = doors.staff.get("/", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"].endswith("/sign-in")


def test_an_unknown_page_is_a_plain_not_found_page(doors):
    page = doors.young.get("/nothing-here")
    assert page.status == 404
    assert "no-store" in page.headers["Cache-Control"]


def test_an_unknown_host_is_told_nothing(app):
    answer = app.test_client().get("/", base_url="http://elsewhere.example")
    assert (answer.status_code, answer.text) == (404, "There is nothing here.\n")


@pytest.mark.parametrize("host", ["127.0.0.1:9", "elsewhere.example", "young.localhost"])
def test_health_answers_at_any_host(app, host):
    assert app.test_client().get("/healthz", base_url=f"http://{host}").status_code == 200


@pytest.mark.parametrize("door", ["young", "family", "staff", "public"])
def test_every_door_sends_the_guarding_headers(doors, door):
    headers = getattr(doors, door).get("/elsewhere").headers
    policy = headers["Content-Security-Policy"]
    for part in ("default-src 'none'", "script-src 'self';", "form-action 'self' https://www.bbc.co.uk",
                 "base-uri 'none'", "frame-ancestors 'none'", "object-src 'none'"):  # fmt: skip
        assert part in policy
    assert "unsafe" not in policy
    expected = {
        "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store",
        "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp",
        "Cross-Origin-Resource-Policy": "same-origin",
    }  # fmt: skip
    assert {name: headers[name] for name in expected} == expected
    assert "Server" not in headers


@pytest.mark.parametrize("door", ["young", "family"])
def test_the_policy_lets_through_the_one_style_that_stands_in_the_page_and_no_other(doors, door):
    page = getattr(doors, door).get("/in")
    [style] = re.findall(r"<style>(.*?)</style>", page.html, re.DOTALL)
    named = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    [allowed] = re.findall(r"style-src ([^;]*)", page.headers["Content-Security-Policy"])
    assert allowed == f"'self' 'sha256-{named}'"
    assert "<" not in style  # nothing in it can end it


def test_only_the_public_door_may_be_found(doors):
    assert doors.young.get("/elsewhere").headers["X-Robots-Tag"] == "noindex"
    assert "X-Robots-Tag" not in doors.public.get("/elsewhere").headers


@pytest.mark.parametrize("door", ["young", "family"])
def test_a_familys_page_is_titled_with_the_doors_word_alone(doors, hub_file, door):
    page = getattr(doors, door).get("/in")
    assert page.tree.findtext(".//title") == hub_file.word(door)


def test_the_cookie_is_neutral_gone_with_the_browser_and_read_by_no_script(doors):
    cookie = doors.young.get("/in").headers["Set-Cookie"]
    assert cookie.startswith("s=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    for telling in ("Expires", "Max-Age", "Domain"):
        assert telling not in cookie


def test_a_page_is_smaller_for_who_can_unpack_it(doors):
    page = doors.young.client.get(
        "/in", base_url="http://young.localhost", headers={"Accept-Encoding": "gzip"}
    )
    assert page.headers["Content-Encoding"] == "gzip"
    assert b"<html" in gzip.decompress(page.data)


def test_a_page_asked_with_a_query_is_not_packed(doors):
    page = doors.young.client.get(
        "/in?x=1", base_url="http://young.localhost", headers={"Accept-Encoding": "gzip"}
    )
    assert "Content-Encoding" not in page.headers


def test_two_applications_with_one_seed_and_clock_give_the_same_page(settings, clock, app):
    other = create_app(**settings, now=clock, rng=1)
    pages = [a.test_client().get("/in", base_url="http://young.localhost") for a in (app, other)]
    assert pages[0].data == pages[1].data
    assert list(pages[0].headers) == list(pages[1].headers)


def test_a_large_form_is_refused(young):
    assert young.post("/well", {"x": "a" * (web.NOTHING_LARGER + 1)}).status == 413


def test_a_form_of_more_fields_than_any_page_has_is_refused(young):
    assert young.post("/well", {f"f{n}": "1" for n in range(web.MOST_FIELDS + 1)}).status == 413


def test_a_staff_page_is_english_whatever_the_browser_asks(doors):
    page = doors.staff.get("/elsewhere", headers={"Accept-Language": "eo"})
    assert page.tree.getroot().get("lang") == "en"


def test_a_familys_page_speaks_the_language_the_browser_asks(doors):
    page = doors.young.get("/elsewhere", headers={"Accept-Language": "dv"})
    assert page.tree.getroot().get("dir") == "rtl"


def test_the_staffs_door_is_not_the_young_peoples(doors):
    assert doors.young.get("/sign-in").status == 404
    assert doors.staff.get("/sign-in").status == 200


def test_an_address_is_believed_only_from_so_many_proxies_as_are_ours(settings):
    seen = []

    def asked(proxies):
        app = create_app(**settings | {"proxies": proxies})
        app.before_request(lambda: seen.append(request.remote_addr))
        client = app.test_client()
        client.get("/in", base_url="http://young.localhost", headers={"X-Forwarded-For": "6.6.6.6, 1.2.3.4"})

    asked(0)
    asked(1)
    assert seen == ["127.0.0.1", "1.2.3.4"]


@pytest.mark.parametrize("address", ["/help//limits", "/help//for//talk", "/in//"])
def test_no_redirect_of_the_routers_own_names_a_door_as_the_code_does(doors, address):
    """It said "Location: http://young/help/limits": a telling word, and another machine's name."""
    for door in ("young", "family"):
        page = getattr(doors, door).get(address)
        assert (page.status, page.location) == (404, "")
