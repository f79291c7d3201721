"""A browser for request tests: it follows doors, carries the form's token, and inspects every page it fetches."""

from __future__ import annotations

import base64
import re
from typing import Any
from uuid import UUID

import html5lib
from lxml import etree
from werkzeug.test import TestResponse

from portal import i18n
from portal.access import DOOR_OF, login  # noqa: F401
from portal.accounts import sign_in
from portal.accounts.models import Person
from portal.app import Portal
from portal.config import Hub, HubFile
from portal.db import session, step


def _is_text(kind: str | None) -> bool:
    return not (kind or "").startswith(("application/pdf", "image/"))


class Page:
    """One answer, its text and its tree; asserts of every HTML page what must hold of all."""

    def __init__(self, response: TestResponse, url: str) -> None:
        self.response, self.url = response, url
        self.status: int = response.status_code
        self.headers = response.headers
        # A file, such as a PDF, has no words of its own here.
        self.html = response.get_data(as_text=True) if _is_text(response.mimetype) else ""
        self.tree: Any = None
        if response.mimetype == "text/html" and "<html" in self.html and not 300 <= self.status < 400:
            parser = html5lib.HTMLParser(html5lib.getTreeBuilder("lxml"), namespaceHTMLElements=False)
            self.tree = parser.parse(self.html)
            self._inspect(parser)

    def _inspect(self, parser: Any) -> None:
        where = f"{self.url}: "
        errors = [e for e in parser.errors if e[1] != "unexpected-char-in-comment"]
        assert not errors, where + f"not valid HTML: {errors[:3]}"
        assert len(self.tree.findall(".//h1")) == 1, where + "a page has one h1"
        assert len(self.tree.findall(".//main")) == 1, where + "a page has one main"
        root = self.tree.getroot()
        assert root.get("lang"), where + "a page says its language"
        assert root.get("dir") in ("ltr", "rtl"), where + "a page says its direction"
        ids = [e.get("id") for e in self.tree.iter() if isinstance(e.tag, str) and e.get("id")]
        assert len(ids) == len(set(ids)), (
            where + f"ids are unique: {sorted(i for i in ids if ids.count(i) > 1)}"
        )
        for e in self.tree.iter():
            if isinstance(e.tag, str):
                assert e.get("style") is None, where + "no style attribute"
                assert not [a for a in e.attrib if a.startswith("on")], where + "no script in an attribute"

    @property
    def text(self) -> str:
        """The words of the page, white space folded."""
        if self.tree is None:
            return self.html
        body = self.tree.find(".//body")
        return re.sub(r"\s+", " ", "".join(body.itertext())).strip()

    @property
    def main(self) -> str:
        """The words of the page's main part."""
        return re.sub(r"\s+", " ", "".join(self.tree.find(".//main").itertext())).strip()

    @property
    def location(self) -> str:
        """Where the answer sends the browser."""
        return self.headers.get("Location", "")

    def token(self) -> str:
        """The token of the page's forms."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.html)
        return found.group(1) if found else ""

    def field(self, name: str) -> str:
        """What stands in a field of the page."""
        for e in self.tree.iter("input", "textarea"):
            if e.get("name") == name:
                return e.text or "" if e.tag == "textarea" else e.get("value", "")
        raise AssertionError(f"{self.url}: no field {name}")

    def source(self) -> str:
        """The page as XML, for a message."""
        return str(etree.tostring(self.tree, encoding="unicode"))


class Browser:
    """A browser at one door."""

    def __init__(self, app: Portal, file: HubFile, door: str) -> None:
        self.app, self.file, self.door = app, file, door
        self.client = app.test_client()
        self.page: Page | None = None

    def _send(self, method: str, path: str, **options: Any) -> Page:
        response = self.client.open(path, method=method, base_url=self.file.origin(self.door), **options)
        self.page = Page(response, f"{method} {self.door}{path}")
        return self.page

    def get(self, path: str, **options: Any) -> Page:
        """Fetch a page."""
        return self._send("GET", path, **options)

    def post(self, path: str, data: dict[str, Any] | None = None, token: bool = True, **options: Any) -> Page:
        """Send a form, with this browser's token unless told otherwise."""
        data = dict(data or {})
        if token and "csrf_token" not in data:
            data["csrf_token"] = self._token()
        return self._send("POST", path, data=data, **options)

    def follow(self, page: Page | None = None) -> Page:
        """Go where the last answer sent the browser."""
        page = page or self.page
        assert page is not None
        assert page.status in (302, 303), (
            f"{page.url} answered {page.status}, not a redirect: {page.text[:300]}"
        )
        return self.get(page.location)

    def _token(self) -> str:
        """The page's token; or, where no page was fetched first, the one that this browser's session stands for."""
        if self.page is not None and (found := self.page.token()):
            return found
        domain = self.file.host(self.door)
        with Hub(self.file, clock=self.app.clock, door=self.door).entered():
            serializer = self.app.session_interface.get_signing_serializer(self.app)
            assert serializer is not None
            kept = self.client.get_cookie("s", domain=domain)
            inside = serializer.loads(kept.value) if kept else {}
            inside.setdefault("t", bytes(16).hex())
            self.client.set_cookie("s", serializer.dumps(inside), domain=domain)
        unmasked = bytes(16) + bytes.fromhex(inside["t"])
        return base64.urlsafe_b64encode(unmasked).decode().rstrip("=")

    def sign_in_as(self, person_id: UUID) -> Browser:
        """Sign somebody in at this door without going through the form."""
        hub = Hub(self.file, clock=self.app.clock, door=self.door)
        with step(hub):
            row = sign_in.SignIn(person_id=person_id, door=self.door, touched_at=hub.now())
            session.add(row)
            assert session.get(Person, person_id) is not None
            key = str(row.id)
        with hub.entered(), i18n.speaking("en_GB"):
            serializer = self.app.session_interface.get_signing_serializer(self.app)
            assert serializer is not None
            value = serializer.dumps({"_user_id": key, "_fresh": True})
        domain = self.file.host(self.door)
        self.client.set_cookie("s", value, domain=domain)
        return self
