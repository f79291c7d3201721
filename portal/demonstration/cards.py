"""A card for each person of the demonstration: how to sign in as them."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from portal.config import DOORS, HubFile


@dataclass(frozen=True)
class Card:
    """How to sign in as one person: by button, and as they would themselves."""

    role: str
    name: str
    press: str
    door: str
    about: str
    email: str | None = None
    password: str | None = None
    totp: str | None = None
    link: str | None = None
    words: str | None = None
    pin: str | None = None

    def as_json(self) -> dict[str, str | None]:
        """What `demo --json` tells of it."""
        told = ("role", "name", "email", "password", "totp", "link", "words", "pin", "press")
        return {name: getattr(self, name) for name in told}

    def as_text(self) -> str:
        """The card for somebody who reads it in a terminal."""
        way = (
            f"e-mail {self.email}   password {self.password}   authenticator {self.totp}"
            if self.link is None
            else f"{self.link}\n    or the words “{self.words}”, and the PIN {self.pin}"
        )
        return f"{self.name}, {self.role}. {self.about}\n    {way}\n"


@dataclass(frozen=True)
class Demonstration:
    """A demonstration that is ready to be served."""

    file: HubFile
    cards: tuple[Card, ...]

    def as_json(self) -> dict[str, Any]:
        """The one line of `demo --json`."""
        return {
            "url": self.file.origin("public"),
            "doors": {door: self.file.origin(door) for door in DOORS},
            "cards": [card.as_json() for card in self.cards],
        }

    def as_text(self) -> str:
        """The cards for somebody who reads them in a terminal."""
        head = (
            f"Rowan's demonstration: {self.file.origin('public')}\n"
            "Everybody in it is invented. That page has a button to sign in as each of them; these are their\n"
            "own ways in. Ctrl-C stops it.\n"
        )
        return "\n".join([head, *(card.as_text() for card in self.cards)])


def write(cards: tuple[Card, ...], folder: Path) -> None:
    """Keep *cards* for the front page, readable by nobody else."""
    path = folder / "cards.json"
    path.touch(0o600)
    path.write_text(json.dumps([asdict(card) for card in cards]), "utf-8")


def cards_in(folder: Path) -> list[Card]:
    """The cards of the demonstration in *folder*, as its last start wrote them."""
    return [Card(**card) for card in json.loads((folder / "cards.json").read_text("utf-8"))]
