"""A conversation, its write-up and translations with a canary in each sealed column."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from uuid import UUID

from portal.config import current_hub
from portal.db import session
from portal.returns.conversation import Conversation, Facts, PoliceStep
from portal.returns.write_up import Meant, WriteUp
from portal.trail import translations
from tests.factories import a_return

CONVERSATION = (
    "conversation.place", "conversation.present", "conversation.chose_person", "conversation.chose_place",
    "conversation.interpreter", "conversation.interpreter_name", "conversation.covered", "conversation.told",
    "agreed_action.words", "agreed_action.owner", "police_step.needs", "police_step.what", "police_step.why",
    "police_step.must", "police_step.told", "police_step.told_words", "write_up.parts", "meant.said", "meant.words",
    "meant.way", "translation.words", "translation.made_by", "translation.checked_by",
)  # fmt: skip


def fill_conversation(said: Mapping[str, str], child_id: UUID, worker_id: UUID) -> None:
    """Write each of these canaries, by its column; where a page takes only certain words, past the page."""
    facts = Facts(
        current_hub().now(), said["conversation.place"], said["conversation.present"],
        said["conversation.chose_person"], said["conversation.chose_place"], said["conversation.interpreter"],
        said["conversation.interpreter_name"], (said["conversation.covered"],), said["conversation.told"],
    )  # fmt: skip
    held = Conversation.record(a_return(child_id), facts, worker_id, "Sam")
    held.agree(said["agreed_action.words"], said["agreed_action.owner"], date(2026, 12, 1), worker_id)
    police = {
        name: said[f"police_step.{name}"] for name in ("needs", "what", "why", "must", "told", "told_words")
    }
    session.add(PoliceStep(conversation_id=held.id, child_id=child_id, by_id=worker_id, **police))
    version = WriteUp.write(held, {"before": said["write_up.parts"]}, worker_id)
    meant = {name: said[f"meant.{name}"] for name in ("said", "words", "way")}
    session.add(Meant(write_up_id=version.id, child_id=child_id, by_id=worker_id, **meant))
    beside = translations.translate(
        held.voice(), version.id, "", "ar", said["translation.words"], said["translation.made_by"], worker_id
    )
    beside.check(said["translation.checked_by"], worker_id)
    assert json.loads(held.covered)
