"""The ledger of OWASP ASVS 5.0: what it asks at levels 1 and 2, and which test or reason answers it, as a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask.typing import ResponseReturnValue

from portal.access import STAFF, Can, allow
from portal.admin.ledger_lines import BEFORE_SESSIONS
from portal.admin.ledger_lines_after import FROM_SESSIONS
from portal.admin.room import bp
from portal.web import render

CHAPTERS = {
    1: "Encoding", 2: "Checking what comes in", 3: "In the browser", 4: "Requests", 5: "Files", 6: "Signing in",
    7: "Sessions", 8: "Who may what", 9: "Tokens", 10: "Single sign-on", 11: "Keys and hashes", 12: "On the way",
    13: "Settings", 14: "What is sensitive", 15: "How it is built", 16: "Logs and faults",
}  # fmt: skip
# Whole sections that ask about what Rowan has not.
NOT_HERE = (
    ("1.2.6 to 1.2.8, 1.3.4, 1.3.8, 1.3.9, 1.5.1", "no LDAP, XPath, LaTeX, drawings that people bring, JNDI, memcache or XML"),
    ("4.3, 4.4, 17", "no GraphQL, WebSocket or WebRTC"),
    ("5.2.3", "no archive is taken"),
    ("3.5.5", "no page listens to another's messages"),
    ("6.6.1, 6.8.3", "no code goes by telephone, and no SAML"),
    ("9.2.4, 10.3, 10.4, 10.5.5, 10.6, 10.7", "Rowan gives out no tokens and is no provider"),
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One requirement: its number, what it asks, and the test or the reason that answers it."""

    number: str
    asks: str
    test: str  # its file and name; "" where a reason stands instead
    reason: str

    @property
    def chapter(self) -> str:
        """What its chapter is about."""
        return CHAPTERS[int(self.number.split(".")[0])]


def lines() -> Iterator[Line]:
    """Every line, in the order of their numbers."""
    for text in (BEFORE_SESSIONS + FROM_SESSIONS).split("\n"):
        if text:
            number, asks, shown = text.split(" | ")
            if shown.startswith("why: "):
                yield Line(number, asks, "", shown.removeprefix("why: "))
            else:
                place, name = shown.split(" ")
                folder, _, file = place.rpartition("/")
                path = "/".join(part for part in ("tests", folder, f"test_{file}.py") if part)
                yield Line(number, asks, f"{path}::test_{name}", "")


@bp.get("/kept/ledger")
@allow(STAFF, Can.SEE_TIMETABLE)
def ledger() -> ResponseReturnValue:
    """The ledger, line by line."""
    found = list(lines())
    by_test = sum(bool(line.test) for line in found)
    return render("admin/ledger.html", lines=found, by_test=by_test, not_here=NOT_HERE)
