"""What a parent said of home, with a canary in each sealed column."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from portal.accounts.models import Person, join_adult
from portal.db import new_id
from portal.episodes.episode import episodes_of
from portal.questionnaires.models import Submission
from portal.returns.family import PARENT, FamilyForm
from tests.factories import a_return

HOME = ("family_form.not_to_speak_to",)


def fill_home(said: Mapping[str, str], child_id: UUID) -> None:
    """Write each of these canaries: a parent of this young person has sent their form."""
    parent = Person.enter("adult", "Parent of Somebody", roles=("parent or carer",))
    join_adult(parent.id, child_id, "parent")
    returned = episodes_of(a_return(child_id))[0]
    sent = Submission.begin(parent.id, PARENT, new_id(), new_id(), "check", about=child_id)
    FamilyForm.begin(sent, returned.id)
    FamilyForm.of(sent.id).mark_sent(returned.id, said["family_form.not_to_speak_to"])
    sent.send()
