"""Every page there is, as whoever it is for, in three languages: what must hold of all of them.

The browser of the tests inspects each (valid HTML, one h1, one main, unique ids, a language and a direction, no
style or script in the text). Here is what it cannot know: the door's word is the whole title, nothing outside a
family's page tells what it is, every control has a name, and every word for families went through the catalogue.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest

from portal.access import PUBLIC, STAFF
from portal.app import rooms_alone
from portal.config import TELLING
from portal.i18n import LANGUAGES
from tests.browsing import Page
from tests.proofs.ground import hub_in
from tests.proofs.standing import View, everyone_in, fitting, views

VIEWS = [view for view in views(rooms_alone()) if "GET" in view.methods]
CODES = ("en_GB", "eo", "dv")
# Names and numbers of people and services stay as they are, in every language.
AS_IT_IS = re.compile(
    r"[\d\s.,:;()·?!+/–-]*|.*\b(Childline|Samaritans|Shout|Fearless|NSPCC|NHS|Runaway Helpline|Family Lives|"
    r"Missing People|duty team|advocate|designated officer|Manchester|SHOUT)\b.*|English|ދިވެހި|Ŝajnlingvo|.*\d{3}.*"
    r"|.*(Monday|Every night|A local call|Free).*|Col|Col League|League"
)


@pytest.fixture(scope="module")
def asker(tmp_path_factory):
    with hub_in(tmp_path_factory.mktemp("pages")) as ground:
        yield from everyone_in(ground)


@pytest.fixture
def page_of(asker):
    """`page_of(view, code)`: the page, inspected; where the view sends onward, the page that it sends to."""

    def fetch(view: View, code: str = "en_GB") -> Page | None:
        role = fitting(view)
        about = asker.who.thing(role, "own" if view.door != STAFF else "allocated")
        cookie = f"s={asker.who.cookies[role]}; l={code}"
        answer = asker.ask(view, "GET", role, about, headers={"Cookie": cookie})
        # The answer to a young person shows when it was opened; until then the page sends to the first one.
        if answer.status_code in (302, 303):
            return None
        assert answer.status_code == 200, f"{view} as {role}: {answer.status_code}"
        # A file for the case system is no page; what it must hold is tried where it is made.
        if answer.mimetype != "text/html":
            return None
        return Page(answer, str(view))

    return fetch


FAMILIES = [view for view in VIEWS if view.door != STAFF]
EVERY_PAGE = [(view, code) for view in VIEWS for code in (CODES if view.door != STAFF else CODES[:1])]


def _id(value: object) -> str:
    return str(value)


@pytest.mark.parametrize(("view", "code"), EVERY_PAGE, ids=_id)
def test_a_page_holds_what_all_must(page_of, asker, view, code):
    page = page_of(view, code)
    if page is None:
        return
    root = page.tree.getroot()
    if view.door != STAFF:
        assert page.tree.findtext(".//title") == asker.ground.file.word(view.door)
        assert root.get("dir") == LANGUAGES[code].direction
    _every_control_is_named(page)
    _every_form_works_alone(page)


def _every_control_is_named(page: Page) -> None:
    labelled = {label.get("for") for label in page.tree.iter("label")}
    nameless = [
        control.get("name")
        for control in page.tree.iter("input", "textarea", "select")
        if control.get("type") not in ("hidden", "submit")
        and control.get("id") not in labelled
        and not control.get("aria-label")
        and not any(parent.tag == "label" for parent in control.iterancestors())
    ]
    assert not nameless, "a control has no label"
    silent = [
        source.get("href") or source.get("name") or source.get("action")
        for source in page.tree.iter("a", "button")
        if not "".join(source.itertext()).strip() and not source.get("aria-label")
    ]
    assert not silent, "a link or a button says nothing"


def _every_form_works_alone(page: Page) -> None:
    """Without script: a form has a way to be sent, by a button of its own, and sends to this door."""
    for form in page.tree.iter("form"):
        assert form.findall(".//button") or form.findall(".//input[@type='submit']"), (
            "a form without a button"
        )
        assert form.get("method", "get") in ("get", "post")
        assert not urlsplit(form.get("action") or "").netloc, "a form leads elsewhere"


@pytest.mark.parametrize("view", FAMILIES, ids=_id)
def test_nothing_outside_a_familys_page_tells_what_it_is(page_of, view):
    page = page_of(view)
    if page is None or view.door == PUBLIC:
        return
    # A cookie's value is sealed and may hold any three letters in a row; its name and its path are for reading.
    outside = [
        f"{name}: {re.sub('=[^;]*', '', value, count=1) if name == 'Set-Cookie' else value}"
        for name, value in page.headers.items()
        if name != "Content-Security-Policy"
    ]
    outside += [page.tree.findtext(".//title"), view.address.replace("<uuid:child_id>", "")]
    outside += [e.get("content") or "" for e in page.tree.iter("meta")]
    outside += [e.get("href") or "" for e in page.tree.iter("link")] + [
        e.get("src") or "" for e in page.tree.iter("script")
    ]
    told = [(word, text) for text in outside for word in (*TELLING, "actor") if word in text.lower()]
    assert not told


@pytest.mark.parametrize("view", FAMILIES, ids=_id)
def test_no_word_for_families_is_left_untranslated(page_of, view):
    page = page_of(view, "eo")
    if page is None:
        return
    main = page.tree.find(".//main")
    plain = [
        words
        for node in main.iter()
        if node.tag not in ("script", "style", "bdi", "blockquote", "svg", "textarea")
        for words in (*_words(node.text), *[w for child in node for w in _words(child.tail)])
        if words.isascii() and not AS_IT_IS.fullmatch(words)
    ]
    assert not plain


def _words(text: str | None) -> list[str]:
    return [folded] if text and (folded := " ".join(text.split())) else []


@pytest.mark.parametrize("view", FAMILIES, ids=_id)
def test_no_family_page_needs_script(page_of, view):
    page = page_of(view)
    if page is None:
        return
    # Attributes, not letters: a form's token is random and may hold these three.
    assert not [name for node in page.tree.iter() for name in node.attrib if str(name).startswith("hx-")]
    scripts = [script for script in page.tree.iter("script") if script.get("src") is None]
    assert not scripts
