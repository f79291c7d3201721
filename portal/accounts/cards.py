"""Neutral cards: ways in that nobody's name is joined to yet, printed eight to a sheet.

A home, a school, a nurse or an officer hands one over and tells the worker its number; the worker joins it to the
young person and says a PIN aloud. Until then it opens nothing, and looks at the door like any other that does not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, func, select
from sqlalchemy.orm import Mapped, mapped_column

from portal import audit
from portal.access import YOUNG
from portal.accounts import words
from portal.accounts.draw import AGAIN, Draw
from portal.accounts.ways_in import NewPin, add_way_in
from portal.config import current_hub
from portal.crypto import LookupHash, lookup_hash
from portal.db import Row, session

ON_A_SHEET = 8
UNBOUND = timedelta(days=90)  # after which a card that was joined to nobody is over


class NotThisCard(Exception):
    """The card is joined to somebody already, was ended, or is over; the text says which."""


@dataclass(frozen=True)
class PrintedCard:
    """What stands on one card: shown while its sheet is printed, and kept nowhere but for its number."""

    number: str
    link: str
    words: str
    digits: str


class NeutralCard(Row):
    """One card of a sheet; of its secrets only hashes are kept."""

    __tablename__ = "neutral_card"

    sheet_id: Mapped[UUID] = mapped_column(index=True)
    number: Mapped[int] = mapped_column(Integer, unique=True)  # no secret: it opens nothing
    token_hash: Mapped[str] = mapped_column(LookupHash, unique=True)
    number_hash: Mapped[str] = mapped_column(LookupHash, unique=True)
    printed_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    bound_at: Mapped[datetime | None]
    bound_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    way_in_id: Mapped[UUID | None] = mapped_column(ForeignKey("way_in.id"))
    ended_at: Mapped[datetime | None]

    @property
    def lasts_until(self) -> datetime:
        """When it is over, if nobody is joined to it before."""
        return self.created_at + UNBOUND

    @property
    def state(self) -> str:
        """What became of it: "given", "ended", "over", or "waiting" for somebody to be joined to."""
        if self.bound_at is not None:
            return "given"
        if self.ended_at is not None:
            return "ended"
        return "over" if self.lasts_until <= current_hub().now() else "waiting"

    def bind(self, child_id: UUID, by: UUID, pin: NewPin) -> None:
        """Make it the young person's way in, with a PIN; the earlier one ends. Raises `NotThisCard`."""
        if self.state != "waiting":
            raise NotThisCard(_WHY_NOT[self.state])
        way_in = add_way_in(child_id, by, pin, token_hash=self.token_hash, number_hash=self.number_hash)
        session.flush()
        self.bound_at, self.bound_by, self.way_in_id = current_hub().now(), by, way_in.id
        audit.record("card.bound", object_kind="card", object_id=self.id, subject=child_id)


_WHY_NOT = {
    "given": "This card is somebody's already. Take another one.",
    "ended": "This card was taken out of use. Take another one.",
    "over": "This card is over: nobody was joined to it for 90 days. Take another one.",
}


@dataclass(frozen=True)
class Sheet:
    """A sheet of cards as the list shows it: who printed it, when, and what became of its cards."""

    id: UUID
    printed_at: datetime
    printed_by: UUID
    cards: tuple[NeutralCard, ...]

    def count(self, state: str) -> int:
        """How many of its cards are in this state."""
        return sum(card.state == state for card in self.cards)

    @property
    def waiting(self) -> list[str]:
        """The numbers of the cards that somebody can still be joined to."""
        return [shown(card.number) for card in self.cards if card.state == "waiting"]


def print_sheet(by: UUID, draw: Draw) -> list[PrintedCard]:
    """A new sheet; the same form shows the same one again while none of its cards is anybody's.

    Raises `NotThisCard` when the sheet of this form may not be shown again.
    """
    made = _cards_of([draw.key])
    if not made:
        made = _enter_sheet(by, draw)
    elif any(card.state != "waiting" or card.created_at <= current_hub().now() - AGAIN for card in made):
        raise NotThisCard("A sheet is shown once.")
    numbers = {card.token_hash: card.number for card in made}
    return [_printed(draw, index, numbers) for index in range(ON_A_SHEET)]


def _enter_sheet(by: UUID, draw: Draw) -> list[NeutralCard]:
    drawn = [draw.card_number(index) for index in range(ON_A_SHEET * 4)]
    taken = set(session.scalars(select(NeutralCard.number).where(NeutralCard.number.in_(drawn))))
    free = [number for number in dict.fromkeys(drawn) if number not in taken]
    made = [
        NeutralCard(
            sheet_id=draw.key, number=number, printed_by=by, token_hash=lookup_hash("token", draw.token(index)),
            number_hash=lookup_hash("digits", f"{draw.digits(index):012}"),
        )
        for index, number in enumerate(free[:ON_A_SHEET])
    ]  # fmt: skip
    session.add_all(made)
    audit.record("cards.printed", object_kind="sheet", object_id=draw.key, cards=len(made))
    return made


def _printed(draw: Draw, index: int, numbers: dict[str, int]) -> PrintedCard:
    token, digits = draw.token(index), draw.digits(index)
    return PrintedCard(
        shown(numbers[lookup_hash("token", token)]),
        f"{current_hub().file.origin(YOUNG)}/in#{token}",
        words.in_words(digits),
        " ".join(words.groups(digits)),
    )


def end_sheet(sheet_id: UUID) -> None:
    """Take every card of a sheet out of use that is nobody's yet."""
    left = [card for card in _cards_of([sheet_id]) if card.state == "waiting"]
    for card in left:
        card.ended_at = current_hub().now()
    if left:
        audit.record("cards.ended", object_kind="sheet", object_id=sheet_id, cards=len(left))


def sheets(most: int = 50) -> list[Sheet]:
    """The last sheets, the newest first."""
    found = session.execute(
        select(NeutralCard.sheet_id)
        .group_by(NeutralCard.sheet_id)
        .order_by(func.max(NeutralCard.created_at).desc(), NeutralCard.sheet_id)
        .limit(most)
    ).scalars()
    by_sheet: dict[UUID, list[NeutralCard]] = {sheet_id: [] for sheet_id in found}
    for card in _cards_of(by_sheet):
        by_sheet[card.sheet_id].append(card)
    return [
        Sheet(sheet_id, cards[0].created_at, cards[0].printed_by, tuple(cards))
        for sheet_id, cards in by_sheet.items()
    ]


def _cards_of(sheet_ids: Iterable[UUID]) -> list[NeutralCard]:
    found = select(NeutralCard).where(NeutralCard.sheet_id.in_(list(sheet_ids)))
    return list(session.scalars(found.order_by(NeutralCard.number)))


def find(typed: str) -> NeutralCard:
    """The card with this number, or with these words or digits, locked; raises `NotThisCard` if there is none."""
    number = _number_of(typed)
    if number is not None:
        wanted = NeutralCard.number == number
    else:
        wanted = NeutralCard.number_hash == lookup_hash("digits", words.digits_of(typed) or f"? {typed}")
    found = session.scalar(select(NeutralCard).where(wanted).with_for_update())
    if found is None:
        raise NotThisCard("No card has this number. Look at it again, digit by digit.")
    return found


def shown(number: int) -> str:
    """A card's number with its last digit, which tells a mistyped one: "417 052 3"."""
    text = f"{number:06}"
    return f"{text[:3]} {text[3:]} {_check(text)}"


def _number_of(typed: str) -> int | None:
    """The number of a card as somebody typed it; None if it is none, or has a digit wrong."""
    digits = words.only_digits(typed)
    if len(digits) != 7 or any(char.isalpha() for char in typed):
        return None
    return int(digits[:6]) if _check(digits[:6]) == digits[6] else None


def _check(digits: str) -> str:
    """The check digit of Luhn's formula: it finds every single wrong digit and most that changed places."""
    doubled = [int(d) * (2 if place % 2 == 0 else 1) for place, d in enumerate(reversed(digits))]
    return str(-sum(value // 10 + value % 10 for value in doubled) % 10)
