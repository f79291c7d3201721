"""What the hub knows about the young people of a list's rows, fetched once for many rows."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select

from portal.accounts.models import Person
from portal.crypto import fetch_keys, lookup_hash, open_sealed
from portal.db import session
from portal.episodes.episode import Episode, number_hash
from portal.episodes.imports import ListImport
from portal.episodes.likeness import Away, Name, parts_of, plain_name, sound
from portal.episodes.list_row import ListRow, hash_of
from portal.episodes.rows import ReadRow
from portal.episodes.values import Values
from portal.episodes.words import TAKEN, TAKING


@dataclass(frozen=True, slots=True)
class KnownChild:
    """A young person of the hub, as far as a list can tell about them."""

    id: UUID
    name: Name
    plain: Name
    born_on: date | None


@dataclass(frozen=True, slots=True)
class KnownEpisode:
    """A time missing that the hub knows."""

    id: UUID
    child_id: UUID
    number_hash: str | None
    missing_at: datetime
    returned_at: datetime | None
    living: str
    texts: dict[str, str]

    @property
    def away(self) -> Away:
        """The time itself, to be compared."""
        return Away(self.missing_at, self.returned_at)


@dataclass
class Known:
    """What the hub knows about the young people of some rows, fetched once for all of them."""

    children: dict[UUID, KnownChild] = field(default_factory=dict)
    episodes: dict[UUID, list[KnownEpisode]] = field(default_factory=lambda: defaultdict(list))
    taken: set[str] = field(default_factory=set)
    _hashes: dict[str, str] = field(default_factory=dict)

    @classmethod
    def about(cls, rows: Iterable[ReadRow], *, beside: UUID) -> Known:
        """Fetch what may concern *rows* (at most a hundred) of the list *beside* which everything else is looked at."""
        rows, known = list(rows), cls()
        hashes = [known.hash_of(row) for row in rows]
        known.taken = set(
            session.scalars(
                select(ListRow.row_hash)
                .join(ListImport, ListImport.id == ListRow.import_id)
                .where(
                    ListRow.row_hash.in_(hashes),
                    ListRow.import_id != beside,
                    or_(ListRow.settled.is_not(None), ListImport.state.in_((TAKING, TAKEN))),
                )
            )
        )
        numbers = {number_hash(row.values.number) for row in rows if row.values.number}
        for episode in session.scalars(select(Episode).where(Episode.number_hash.in_(numbers))):
            known.learn_episode(episode)
        known._fetch_children([row.values for row in rows])
        return known

    def _fetch_children(self, rows: list[Values]) -> None:
        born = {lookup_hash("day", values.born_on.isoformat()) for values in rows if values.born_on}
        heard = {
            (lookup_hash("sound", tone), values.born_on) for values in rows if (tone := sound(values.surname))
        }
        with_day = [tone for tone, day in heard if day]
        without_day = [tone for tone, day in heard if not day]
        found = session.execute(
            select(Person.id, Person.name, Person.born_on, Person.details).where(
                Person.kind == "child",
                or_(
                    Person.id.in_(list(self.episodes)),
                    Person.birthday_hash.in_(born),
                    Person.surname_sound_hash.in_(without_day),
                    Person.surname_sound_hash.in_(with_day) & Person.birthday_hash.is_(None),
                ),
            )
        ).all()
        fetch_keys(row.id for row in found)
        for row in found:
            opened = {
                name: open_sealed(value, "person", name, row.id, row.id)
                for name in ("name", "born_on", "details")
                if (value := getattr(row, name)) is not None
            }
            self._learn(row.id, opened["name"], opened.get("born_on"), opened.get("details"))
        seen = {episode.id for episodes in self.episodes.values() for episode in episodes}
        for episode in session.scalars(select(Episode).where(Episode.child_id.in_(list(self.children)))):
            if episode.id not in seen:
                self.learn_episode(episode)

    def hash_of(self, row: ReadRow) -> str:
        """What *row* is known by, worked out once."""
        if (found := self._hashes.get(row.plain)) is None:
            found = self._hashes[row.plain] = hash_of(row)
        return found

    def learn_child(self, person: Person) -> None:
        """Know a young person who was entered meanwhile."""
        self._learn(person.id, person.name, person.born_on, person.details)

    def learn_episode(self, episode: Episode) -> None:
        """Know a time missing that was entered or changed meanwhile."""
        others = [known for known in self.episodes[episode.child_id] if known.id != episode.id]
        self.episodes[episode.child_id] = [
            *others,
            KnownEpisode(
                episode.id, episode.child_id, episode.number_hash, episode.missing_at, episode.returned_at,
                episode.living or "", episode.texts,
            ),
        ]  # fmt: skip

    def _learn(self, child_id: UUID, name: str, born_on: str | None, details: str | None) -> None:
        said = json.loads(details or "{}")
        parts = Name(said["surname"], said.get("forenames", "")) if "surname" in said else parts_of(name)
        day = date.fromisoformat(born_on) if born_on else None
        self.children[child_id] = KnownChild(child_id, parts, plain_name(parts), day)
