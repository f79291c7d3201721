"""The headers of every door earn what the MDN HTTP Observatory gives at most without its preload list: 135 points.

Computed here from the answers themselves, by the Observatory's published rules
(https://developer.mozilla.org/en-US/observatory/docs/tests_and_scoring, and the weights of its grader as of 2026): a
hundred to begin with, what is lacking taken off, and from 90 on what is better than asked for added. The points for a
cookie are given only where one is set: the public door sets none, which is better still and counts 5 less. Redirecting
from http is the proxy's. Seen red with `default-src 'self'`, without `Cross-Origin-Resource-Policy`, with a referrer
policy of `origin`, and with a cookie that may be read by scripts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from portal.access import FAMILY, STAFF, YOUNG
from portal.config import DOORS
from tests.conftest import HUB
from tests.proofs.ground import a_hub

MOST, WITHOUT_COOKIE = 135, 130
FOR_MORE = 90  # points from which what is better than asked for is added
HALF_A_YEAR = 15_768_000  # seconds
FIRST_PAGES = {YOUNG: "/in", FAMILY: "/in", STAFF: "/sign-in", "public": "/help"}

_BROAD = {"*", "http:", "https:", "ftp:"}
_PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}


@dataclass(frozen=True)
class Answer:
    """What of an answer the rules look at; the names of headers in small letters."""

    headers: Mapping[str, str]
    cookies: tuple[str, ...]
    text: str


def sources_of(policy: str) -> dict[str, set[str]]:
    """A content security policy by directive."""
    parts = (part.split() for part in policy.split(";") if part.strip())
    return {name.lower(): set(values) for name, *values in parts}


def of_policy(answer: Answer) -> int:
    """Content Security Policy."""
    found = sources_of(answer.headers.get("content-security-policy", ""))
    if not found:
        return -25
    default = found.get("default-src", {"*"})
    script, style = found.get("script-src", default), found.get("style-src", default)
    objects = found.get("object-src", default)
    if script & (_BROAD | {"'unsafe-inline'", "data:"}) or objects & _BROAD:
        return -20
    if any(source.startswith(("http:", "ftp:")) for sources in found.values() for source in sources):
        return -20
    if "'unsafe-eval'" in script | style:
        return -10
    if style & (_BROAD | {"'unsafe-inline'", "data:"}):
        return 0
    return 10 if default == {"'none'"} else 5


def of_cookies(answer: Answer) -> int:
    """Cookies: each of ours is a session's."""
    if not answer.cookies:
        return 0
    said = [{part.strip().lower() for part in cookie.split(";")[1:]} for cookie in answer.cookies]
    if not all("secure" in one for one in said):
        return -40
    if not all("httponly" in one for one in said):
        return -30
    return 5 if all({"samesite=lax", "samesite=strict"} & one for one in said) else 0


def of_transport(answer: Answer) -> int:
    """Strict Transport Security; being on the preload list is nothing a header can say."""
    age = re.search(r"max-age=(\d+)", answer.headers.get("strict-transport-security", ""))
    return -20 if age is None else 0 if int(age[1]) >= HALF_A_YEAR else -10


def of_referrer(answer: Answer) -> int:
    """Referrer Policy."""
    policy = answer.headers.get("referrer-policy", "")
    return 0 if not policy else 5 if policy in _PRIVATE else -5


def of_framing(answer: Answer) -> int:
    """X-Frame-Options, or what stands for it in the policy."""
    ancestors = sources_of(answer.headers.get("content-security-policy", "")).get("frame-ancestors", {"*"})
    if not ancestors & _BROAD:
        return 5
    return 0 if answer.headers.get("x-frame-options") in ("DENY", "SAMEORIGIN") else -20


def of_sniffing(answer: Answer) -> int:
    """X-Content-Type-Options."""
    return 0 if answer.headers.get("x-content-type-options") == "nosniff" else -5


def of_resources(answer: Answer) -> int:
    """Cross-Origin Resource Policy."""
    policy = answer.headers.get("cross-origin-resource-policy", "cross-origin")
    return {"same-origin": 10, "same-site": 10, "cross-origin": 0}.get(policy, -5)


def of_sharing(answer: Answer) -> int:
    """Cross-Origin Resource Sharing: ours answers no other origin at all."""
    return 0 if "access-control-allow-origin" not in answer.headers else -50


def of_scripts(answer: Answer) -> int:
    """Subresource Integrity: scripts come from the page's own origin, or there are none."""
    elsewhere = re.findall(r"<script[^>]+src=[\"']?(?:https?:)?//", answer.text)
    return -50 if elsewhere else 0


RULES = (of_policy, of_cookies, of_transport, of_referrer, of_framing, of_sniffing, of_resources, of_sharing, of_scripts)  # fmt: skip


def points(answer: Answer) -> int:
    """The score of one answer."""
    given = [rule(answer) for rule in RULES]
    base = 100 + sum(one for one in given if one < 0)
    return base + sum(one for one in given if one > 0) if base >= FOR_MORE else max(0, base)


def answers() -> dict[str, Answer]:
    """The first page of each door of a hub that is served over https, as a browser that knows nothing gets it."""
    found = {}
    with a_hub(text=HUB.replace('"http://', '"https://')) as ground:
        for door in DOORS:
            page = ground.at_door(door).get(FIRST_PAGES[door])
            assert page.status == 200, (door, page.status)
            headers = {name.lower(): value for name, value in page.headers.items()}
            cookies = tuple(page.headers.getlist("Set-Cookie"))
            found[door] = Answer(headers, cookies, page.html)
    return found


def prove() -> Iterator[str]:
    """The points of each door."""
    short = []
    for door, answer in answers().items():
        score, due = points(answer), MOST if answer.cookies else WITHOUT_COOKIE
        cookies = "a cookie is set" if answer.cookies else "no cookie is set"
        yield f"{door:8} {score} points; {cookies}"
        short += [door] if score < due else []
    assert not short, f"fewer at {', '.join(short)}"
