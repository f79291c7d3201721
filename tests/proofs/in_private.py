"""What Amara does in private, while nobody else may notice."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from portal.access import YOUNG
from tests.browsing import Browser, Page
from tests.proofs.beginning import LATER, Base
from tests.proofs.ground import Ground

TRIES = 70  # more than one address may make at one door within five minutes


class InPrivate:
    """Amara on her phone: she does what the pages in front of her let her do, as *rng* has it."""

    def __init__(self, ground: Ground, base: Base, rng: random.Random) -> None:
        self.ground, self.base, self.rng = ground, base, rng
        self.phone: Browser = ground.at_door(YOUNG)

    def comes_in(self) -> None:
        """Type the words and the PIN."""
        way_in = self.base.ways_in["amara"]
        self.phone.get("/in")
        self.phone.post("/in", {"words": way_in.words, "pin": way_in.pin})

    def tries_wrongly(self) -> None:
        """Guess at the door, far more often than it lets anybody."""
        self.ground.clock.at = LATER - timedelta(minutes=1)  # while the others look, her tries still count
        self.phone.get("/in")
        for n in range(TRIES):
            self.phone.post("/in", {"words": f"not these words {n}", "pin": "000000"})

    def says(self, how_safe: str) -> None:
        """Answer "Are you safe right now?"."""
        self.comes_in()
        self.phone.get("/now")
        self.phone.post("/now", {"safe": how_safe, "form_key": str(self.rng.random())})

    def wanders(self, steps: int, prefer: tuple[str, ...] = ()) -> None:
        """Press whatever the pages offer, for a while; what is in *prefer* before anything else."""
        self.comes_in()
        page = self.phone.get("/side")
        for _ in range(steps):
            self.ground.clock.forward(seconds=self.rng.randrange(5, 300))
            page = self._press(page, prefer)

    def _press(self, page: Page, prefer: tuple[str, ...]) -> Page:
        if page.location.endswith("/in"):
            self.comes_in()
        while page.status in (302, 303) and page.location.startswith("/"):
            page = self.phone.get(page.location)
        forms = [] if page.tree is None else page.tree.findall(".//main//form")
        if not forms or (not prefer and self.rng.random() < 0.2):
            return self.phone.get(self.rng.choice(["/", "/side", "/now"]))
        form, pressed = self._chosen(forms, prefer)
        fields = self._filled(form)
        if pressed is not None:
            fields[pressed.get("name")] = pressed.get("value") or ""
        return self.phone.post(form.get("action") or page.url.split("young", 1)[1], fields)

    def _chosen(self, forms: list[Any], prefer: tuple[str, ...]) -> tuple[Any, Any]:
        """A form and the button of it to press: the first that is preferred, else any."""
        named = [(form, b) for form in forms for b in form.findall(".//button") if b.get("name")]
        for value in prefer:
            for form, button in named:
                if button.get("value") == value:
                    return form, button
        form = self.rng.choice(forms)
        return form, self.rng.choice([b for f, b in named if f is form] or [None])

    def _filled(self, form: Any) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        for one in form.iter("input", "textarea", "select"):
            name, kind = one.get("name"), one.get("type", "text")
            if kind == "hidden":
                fields[name] = one.get("value", "")
            elif kind in ("radio", "checkbox"):
                if self.rng.random() < 0.4:
                    fields[name] = one.get("value", "")
            elif one.tag == "select":
                fields[name] = self.rng.choice([o.get("value", "") for o in one.iter("option")])
            elif name:
                fields[name] = f"In private {self.rng.random()}"
        return fields

    def says_who_may_have_it(self) -> None:
        """Call her phone private, let her mother have her words, and read where they went."""
        self.comes_in()
        voice_id = self.base.amaras["voice_id"]
        self.phone.get("/")
        self.phone.post("/private", {"private": "yes"})
        self.phone.get(f"/asked/{voice_id}")
        self.phone.post(f"/asked/{voice_id}", {"whom": "parent or carer", "wish": "ok"})
        for path in ("/went", f"/went/{voice_id}", "/went/opened"):
            assert self.phone.get(path).status == 200

    def tells_about_her_worker(self) -> None:
        """Say that it is about Sam: his reading is paused, and a manager hears of it."""
        self.comes_in()
        page = self.phone.get("/tell")
        fields = self._filled(page.tree.find(".//main//form[@method='post']"))
        self.phone.post("/tell", fields | {"whom": str(self.base.cast.sam)})

    def asks_at(self, path: str, **said: Any) -> None:
        """Fill in one of the pages beside the form: an ask, the plan, another way to talk, about a worker."""
        self.comes_in()
        page = self.phone.get(path)
        self.phone.post(path, said | {"form_key": page.field("form_key")})

    def puts_all_away(self) -> None:
        """Press "put it all away"."""
        self.comes_in()
        self.phone.get("/")
        self.phone.post("/away")


Act = Callable[[InPrivate], object]


SCRIPTS: dict[str, tuple[Act, ...]] = {
    "not safe, and rung": (lambda a: a.says("no"), lambda a: a.says("ring"), lambda a: a.says("no")),
    "sends, and puts it all away": (
        lambda a: a.wanders(24, ("send", "on", "quick", "yes", "now")),
        lambda a: a.puts_all_away(),
    ),
    "says all of it, and who may have it": (
        lambda a: a.wanders(44, ("send", "on", "whole", "no", "with someone")),
    ),
    "says on a private phone who may have it": (lambda a: a.says_who_may_have_it(),),
    "it is about her worker": (lambda a: a.tells_about_her_worker(),),
    "asks, plans and says another way": (
        lambda a: a.asks_at("/ask", what=["lift", "different-worker"], words="In private", tell="here"),
        lambda a: a.asks_at("/plan", ring="In private", place="In private"),
        lambda a: a.asks_at("/when/later", when="weekend", words="In private"),
    ),
    "stops texts and calls, and names her tab": (
        lambda a: a.asks_at("/reach", do="stop"),
        lambda a: a.asks_at("/reach", do="word", word="Lists"),
    ),
    "guesses at the door": (lambda a: a.tries_wrongly(),),
    "declines": (lambda a: a.wanders(3, ("not now",)), lambda a: a.says("rather-not")),
    "begins and skips": (lambda a: a.wanders(8, ("skip", "on", "again", "no", "now")),),
}


def acts_of(name: str) -> tuple[Act, ...]:
    """What Amara does in the world of this name: a script of ours, or a walk of its own."""
    return SCRIPTS.get(name, (lambda a: a.wanders(a.rng.randrange(4, 30)),))
