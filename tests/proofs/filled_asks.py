"""What a young person asks for, with a canary in each sealed column."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID, uuid5

from sqlalchemy import select

from portal.accounts.pauses import Pause
from portal.alerts.flags import ABOUT_A_WORKER
from portal.config import current_hub
from portal.contact.incoming import IncomingText
from portal.contact.models import Ask
from portal.contact.words import Thing
from portal.db import new_id, session
from portal.episodes.wishes import TALK, TalkWish
from portal.returns.about_worker import AboutWorker, Known
from portal.returns.safer_plan import LINES, SaferPlan
from tests.factories import an_alert

ASKS = (
    "ask.what", "ask.words", "talk_wish.said", "about_worker.whom", "about_worker.words", "alert.officer_words",
    "pause.reason", "incoming_text.number", "incoming_text.words", "incoming_text.done", *(f"safer_plan.{line}" for line in LINES),
)  # fmt: skip


def fill_asks(said: Mapping[str, str], child_id: UUID, worker_id: UUID) -> None:
    """Write each of these canaries, by its column; what pauses the worker's reading is ended again."""
    thing = Thing("canary", said["ask.what"])
    Ask.ask(child_id, thing, said["ask.words"], tell_how="", form_key=new_id(), sitting=new_id())
    TalkWish.say(child_id, TALK, [("Where?", said["talk_wish.said"])], new_id(), new_id())
    lines = {line: said[f"safer_plan.{line}"] for line in LINES}
    SaferPlan.write(child_id, lines, new_id(), new_id(), afresh=True)
    named = Known(worker_id, said["about_worker.whom"], "", "")
    AboutWorker.say(child_id, "", named, said["about_worker.words"], uuid5(child_id, "about"), new_id())
    session.scalars(select(Pause).where(Pause.child_id == child_id)).one().end(
        said["pause.reason"], worker_id
    )
    alert = an_alert(child_id, ABOUT_A_WORKER, anybody_here=False)
    alert.tell_officer(said["alert.officer_words"], worker_id)
    came = IncomingText(
        person_id=child_id, number=said["incoming_text.number"], words=said["incoming_text.words"],
        reference=new_id(), came_at=current_hub().now(),
    )  # fmt: skip
    session.add(came)
    came.see_to(said["incoming_text.done"], worker_id)
