"""Whoever leaves leaves nothing: some of the ways and pages here, all of them by `./run prove leaving`; and its breaks."""

from __future__ import annotations

import re

import pytest

from portal.accounts import sign_in, views
from portal.app import ROOT
from tests.cast import enter_the_cast
from tests.proofs.leaving import in_the_profile, leave_each
from tests.serving import a_live_hub

pytestmark = pytest.mark.usefixtures("keeps_pages")
SOME = (
    ("button", "would-help"), ("button", "answer"), ("shift", "going-on"), ("offline", "check"),
    ("server down", "would-help"), ("no script", "would-help"), ("back", "would-help"), ("reload", "safety"),
    ("button", "front"),
)  # fmt: skip


@pytest.fixture(scope="module")
def live():
    with a_live_hub() as made:
        yield made


@pytest.fixture(scope="module")
def people(live):
    with live.ground.at_work():
        return enter_the_cast()


@pytest.mark.parametrize(("way", "name"), SOME)
def test_nothing_is_left(way, name, live, people, chromium):
    assert leave_each(live, people, chromium, [way], [name]) == {(way, name): 0}


def test_no_word_that_was_typed_is_in_the_profile(live, people, chromium):
    files, words = in_the_profile(live, people, chromium.browser_type)
    assert files > 10
    assert words == 0


# --- red on purpose -----------------------------------------------------------------------------------------------


def without(pattern):
    """Serve the script of leaving without what *pattern* finds in it."""
    broken, found = re.subn(pattern, "", (ROOT / "static/js/leave.js").read_text(), flags=re.DOTALL)
    assert found == 1

    def break_it(live, context):
        headers = {"Content-Type": "text/javascript", "Cross-Origin-Resource-Policy": "same-origin"}
        address = "**" + live.ground.app.assets.url("js/leave.js")
        context.route(address, lambda route: route.fulfill(body=broken, headers=headers))

    return break_it


def left_on_the_break(live, people, chromium, way, name, broken=None):
    return sum(leave_each(live, people, chromium, [way], [name], broken).values())


def test_it_is_seen_when_the_page_is_not_emptied(live, people, chromium):
    kept = without(r'addEventListener\("pagehide".*?\n  }\);\n')
    assert left_on_the_break(live, people, chromium, "back", "would-help", kept) > 0


def test_it_is_seen_when_leaving_does_not_end_the_sitting(live, people, chromium, monkeypatch):
    monkeypatch.setattr(sign_in, "leave", lambda: None)
    monkeypatch.setattr(views, "gone_to", views._to)
    assert left_on_the_break(live, people, chromium, "no script", "would-help") > 0


def test_it_is_seen_when_pages_may_be_kept(live, people, chromium, monkeypatch):
    real = live.server.app

    def keeps(environ, start_response):
        def start(status, headers, exc_info=None):
            kept = [
                (name, value) for name, value in headers if name not in ("Cache-Control", "Clear-Site-Data")
            ]
            return start_response(status, [*kept, ("Cache-Control", "private, max-age=3600")])

        return real(environ, start)

    monkeypatch.setattr(live.server, "app", keeps)
    assert left_on_the_break(live, people, chromium, "no script", "would-help") > 0


def test_it_is_seen_when_leaving_is_not_made_up_for(live, people, chromium):
    forgets = without(r"document\.cookie = [^;]+; [^;]+; [^;]+;")
    assert left_on_the_break(live, people, chromium, "server down", "would-help", forgets) > 0
