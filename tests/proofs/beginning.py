"""What both worlds of the proof of two worlds begin with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from portal.accounts import private_phone
from portal.accounts.ways_in import NewWayIn
from portal.trail import shares
from tests.cast import Cast, enter_the_cast
from tests.conftest import START
from tests.factories import a_card, a_list, a_return, a_way_in, an_answer_to, everything_about
from tests.proofs.ground import Ground
from tests.proofs.homes import HOURS_AGO, Homes, enter_homes

LATER = START + timedelta(hours=5)  # when everybody looks


@dataclass(frozen=True)
class Base:
    """What both worlds begin with: the cast, their ways in, and things of Amara and of Jo."""

    cast: Cast
    ways_in: dict[str, NewWayIn]
    amaras: dict[str, UUID]
    jos: dict[str, UUID]
    of_nobody: dict[str, UUID]
    homes: Homes

    def person(self, name: str) -> UUID:
        """Somebody of the cast or of those at home."""
        return self.homes.people.get(name) or getattr(self.cast, name)


def begin(ground: Ground) -> Base:
    """Set up what both worlds have in common."""
    with ground.at_work():
        cast = enter_the_cast()
    with ground.at_work():
        jos = everything_about(cast.jo, cast.lee) | {"adult_id": cast.carol}
        a_return(cast.amara, hours_ago=HOURS_AGO).take(cast.sam)
        voice = an_answer_to(cast.amara, cast.sam)
        shares.ask(voice, "parent or carer", cast.sam)
        private_phone.let_them_say(cast.amara, cast.sam)
        for person in (cast.amara, cast.ruth):
            a_card(person, cast.sam)
        brought, row = a_list(cast.cory)
        homes = enter_homes(cast)
        people = {"amara": cast.amara, "jo": cast.jo} | homes.people
        ways_in = {name: a_way_in(person, cast.sam) for name, person in people.items()}
        amaras = {"child_id": cast.amara, "voice_id": voice.id}
        return Base(cast, ways_in, amaras, jos, {"import_id": brought.id, "row_id": row.id}, homes)
