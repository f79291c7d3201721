"""What parents and carers say of a return, by the form that stands at their door."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from portal.access import FAMILY, SignedIn
from portal.db import session
from portal.questionnaires import adults_deal
from portal.questionnaires.models import Submission
from portal.questionnaires.questions import PERSON
from portal.returns import family_acts, journey
from portal.returns.actions import key_of
from portal.returns.family import Offer, offers
from portal.world.acts import Act, Making
from portal.world.told import World
from portal.world.told_voices import FamilyAnswerTold, SaidTold
from portal.world.voices import followed


def what_families_say(world: World) -> Iterator[Act]:
    """Every form of a parent or carer, and what staff did with it."""
    roles = {person.key: frozenset(person.roles) for person in world.people}
    for told in world.family_answers:
        name = f"family answer {told.key}"
        begin = partial(_begin, told, roles[told.adult])
        yield Act(name, told.began_at, begin, told.adult, FAMILY)
        for said in told.said:
            say = partial(_say, told, said)
            yield Act(f"{name}, {said.question}", told.began_at, say, told.adult, FAMILY)
        if told.sent_at:
            yield Act(f"{name}, sent", told.sent_at, partial(_send, told), told.adult, FAMILY)
        yield from followed(told, name, told.adult, FAMILY)


def _offer(told: FamilyAnswerTold, who: SignedIn, making: Making) -> Offer:
    child = making.people[told.child]
    found = next((offer for offer in offers(who) if offer.child_id == child), None)
    if found is None:
        raise LookupError("nothing is offered to them")
    return found


def _begin(told: FamilyAnswerTold, roles: frozenset[str], making: Making) -> None:
    adult, sitting = making.people[told.adult], making.id_of(f"sitting of {told.key}")
    who = SignedIn(id=adult, sign_in_id=sitting, door=FAMILY, known_as="", roles=roles)
    offer = _offer(told, who, making)
    family_acts.begin(who, offer, key_of(who, f"{making.at.isoformat()} {told.key}"))
    draft = _draft(told, who, offer)
    family_acts.agree(draft, str(adults_deal.NEWEST.version))
    making.answers[told.key], making.sittings[told.key] = draft.id, who


def _draft(told: FamilyAnswerTold, who: SignedIn, offer: Offer) -> Submission:
    draft = family_acts.draft_here(who, offer)
    if draft is None:
        raise LookupError("this form was sent already")
    return draft


def _say(told: FamilyAnswerTold, said: SaidTold, making: Making) -> None:
    who = making.sittings[told.key]
    draft = _draft(told, who, _offer(told, who, making))
    go = PERSON if said.rather_tell_a_person else journey.ON if said.choices or said.words else journey.SKIP
    ticked = list(said.choices) or [said.words]
    if family_acts.answer(who, draft, said.question, go, ticked, said.words) is None:
        raise LookupError("this question is not open")


def _send(told: FamilyAnswerTold, making: Making) -> None:
    draft = session.get_one(Submission, making.answers[told.key])
    offer = _offer(told, making.sittings[told.key], making)
    making.voices[told.key] = family_acts.send(draft, offer).id
